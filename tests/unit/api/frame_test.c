/* Server-Sent Events, written and read in pieces of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "oneclick/api/frame.h"
#include "oneclick/base/mem.h"

struct heard {
	struct buf text;
	int frames;
};

static void
hear(void *arg, int64_t id, const char *event, const char *data)
{
	struct heard *heard = arg;
	heard->frames++;
	buf_format(&heard->text, "[%lld|%s|%s]", (long long)id, event, data);
}

static enum err
feed(struct heard *heard, const char *bytes, size_t n, size_t piece)
{
	void *life = mem_life(NULL);
	struct frame_reader reader;
	frame_reader_init(&reader, life, hear, heard);
	enum err err = ERR_NONE;
	for (size_t i = 0; err == ERR_NONE && i < n; i += piece)
		err = frame_reader_feed(
			&reader, bytes + i, n - i < piece ? n - i : piece, NULL);
	mem_free(life);
	return err;
}

static void
assert_heard(const char *bytes, const char *expected)
{
	for (size_t piece = 1; piece <= strlen(bytes); piece++) {
		struct heard heard = { 0 };
		buf_init(&heard.text, NULL, BUF_NO_CAP);
		assert_int_equal(feed(&heard, bytes, strlen(bytes), piece), ERR_NONE);
		assert_string_equal(heard.text.data, expected);
		buf_release(&heard.text);
	}
}

static void
what_is_written_is_heard_whatever_the_pieces(void **state)
{
	(void)state;
	struct buf out;
	buf_init(&out, NULL, BUF_NO_CAP);
	frame_write(&out, 41, "click", "{\"kind\":\"SINGLE\"}");
	frame_write_heartbeat(&out, 57);
	frame_write(&out, -1, "gap", "{}");
	assert_string_equal(out.data,
		"id: 41\nevent: click\ndata: {\"kind\":\"SINGLE\"}\n\n"
		"id: 57\n:\n\nevent: gap\ndata: {}\n\n");
	assert_heard(out.data, "[41|click|{\"kind\":\"SINGLE\"}][57|gap|{}]");
	buf_release(&out);
}

static void
other_ways_of_writing_a_frame_are_read_too(void **state)
{
	(void)state;
	assert_heard("data:x\r\n\r\n", "[-1|message|x]");
	assert_heard("event:a\ndata: 1\ndata:  2\ndata\n\n", "[-1|a|1\n 2\n]");
	assert_heard("retry: 100\nunknown\n: talk\ndata: y\n\n", "[-1|message|y]");
	assert_heard("data: unfinished\n", "");
	assert_heard("event: lost\n\ndata: z\n\n", "[-1|message|z]");
}

static void
an_id_that_is_no_number_leaves_the_last_one(void **state)
{
	(void)state;
	assert_heard("id: 7\ndata: a\n\nid: x8\ndata: b\n\nid:\ndata: c\n\n"
		     "id: 9999999999999999999999\ndata: d\n\n",
		"[7|message|a][7|message|b][7|message|c][7|message|d]");
}

static void
a_long_event_name_is_cut(void **state)
{
	(void)state;
	assert_heard("event: 123456789012345678901234567890123456\ndata: a\n\n",
		"[-1|1234567890123456789012345678901|a]");
}

static void
a_line_or_frame_past_the_cap_is_refused(void **state)
{
	(void)state;
	struct heard heard = { 0 };
	buf_init(&heard.text, NULL, BUF_NO_CAP);
	char *line = mem_array(NULL, char, 2 * FRAME_MAX);
	memset(line, 'x', 2 * FRAME_MAX);
	assert_int_equal(feed(&heard, line, 2 * FRAME_MAX, 1000), ERR_INVALID);
	for (size_t i = 0; i + 100 <= 2 * FRAME_MAX; i += 100)
		memcpy(line + i, "\ndata:", 6);
	assert_int_equal(feed(&heard, line, 2 * FRAME_MAX, 1000), ERR_INVALID);
	assert_int_equal(heard.frames, 0);
	mem_free(line);
	buf_release(&heard.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_heard_whatever_the_pieces),
		cmocka_unit_test(other_ways_of_writing_a_frame_are_read_too),
		cmocka_unit_test(an_id_that_is_no_number_leaves_the_last_one),
		cmocka_unit_test(a_long_event_name_is_cut),
		cmocka_unit_test(a_line_or_frame_past_the_cap_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
