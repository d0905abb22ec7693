/* Heads and chunks by themselves: the same bytes in any pieces are read the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/service/http/chunk.h"
#include "../../../src/service/http/head.h"
#include "oneclick/base/mem.h"

#define HEAD "POST /a?b=c HTTP/1.1\r\nHost: h\r\nX-A: \t 1 2 \t\r\nEmpty:\r\n\r\n"

static void
a_head_is_found_in_any_pieces(void **state)
{
	static const char text[] = HEAD "behind";

	(void)state;
	for (size_t piece = 1; piece < sizeof text; piece++) {
		enum head_found found = HEAD_PART;
		size_t seen = 0;

		for (size_t n = piece; found == HEAD_PART; n += piece)
			found = head_find(
				text, n < sizeof text - 1 ? n : sizeof text - 1, &seen);
		assert_int_equal(found, HEAD_WHOLE);
		assert_int_equal(seen, strlen(HEAD));
	}
}

static void
what_ends_no_line_properly_is_bad_at_once(void **state)
{
	static const char *const bad[] = { "GET / HTTP/1.1\n", "\n", "a\r\nb\n", "\r\n",
		"\r\n\r\n" };
	size_t seen;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		seen = 0;
		assert_int_equal(head_find(bad[i], strlen(bad[i]), &seen), HEAD_BAD);
	}
	seen = 0;
	assert_int_equal(head_find("GET\0", 4, &seen), HEAD_BAD);
	seen = 0;
	assert_int_equal(head_find("GET /\r", 6, &seen), HEAD_PART);
}

static void
a_head_is_read_into_its_words(void **state)
{
	void *life = mem_life(NULL);
	struct request request = { 0 };
	const char *version;
	struct fault why = { .sentence = "" };

	(void)state;
	if (head_read(life, mem_text(life, HEAD), strlen(HEAD), &request, &version, &why))
		fail_msg("%s", why.sentence);
	assert_string_equal(request.method, "POST");
	assert_string_equal(request.target, "/a?b=c");
	assert_string_equal(version, "HTTP/1.1");
	assert_int_equal(request.header_count, 3);
	assert_string_equal(request.header[1].name, "X-A");
	assert_string_equal(request.header[1].value, "1 2");
	assert_string_equal(request.header[2].value, "");
	mem_free(life);
}

static void
what_is_no_head_is_named(void **state)
{
	static const struct {
		const char *head, *says;
	} rows[] = {
		{ "GET\r\n\r\n", "first line" },
		{ "GET /\r\n\r\n", "first line" },
		{ "\r\n\r\n", "first line" },
		{ "GET / HTTP/1.1\r\nno colon\r\n\r\n", "line 1 has no colon" },
		{ "GET / HTTP/1.1\r\nA: 1\r\n B: 2\r\n\r\n", "line 2 is folded" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		void *life = mem_life(NULL);
		struct request request = { 0 };
		const char *version;
		struct fault why = { .sentence = "" };

		assert_int_equal(head_read(life, mem_text(life, rows[i].head),
					 strlen(rows[i].head), &request, &version, &why),
			ERR_INVALID);
		if (!strstr(why.sentence, rows[i].says))
			fail_msg("%s: %s", rows[i].head, why.sentence);
		mem_free(life);
	}
}

/* ---- chunks ---- */

static enum chunk_state
read_chunks(const char *text, size_t piece, struct buf *body, size_t *used)
{
	struct chunks chunks = { 0 };
	size_t n = strlen(text);

	buf_init(body, NULL, BUF_NO_CAP);
	*used = 0;
	while (*used < n && chunks.state != CHUNK_DONE && chunks.state != CHUNK_BAD)
		*used += chunks_take(&chunks, text + *used,
			piece < n - *used ? piece : n - *used, body);
	return chunks.state;
}

static void
a_body_is_the_same_in_any_pieces(void **state)
{
	static const char text[] = "3\r\nabc\r\n0A ;x=\"y\"\r\n"
				   "bad";
	static const char good[] = "3\r\nabc\r\n0A;x=\"y\"\r\n0123456789\r\n"
				   "0\r\nTrailer: 1\r\n\r\nGET";
	struct buf body;
	size_t used;

	(void)state;
	for (size_t piece = 1; piece < sizeof good; piece++) {
		assert_int_equal(read_chunks(good, piece, &body, &used), CHUNK_DONE);
		assert_string_equal(body.data, "abc0123456789");
		assert_int_equal(used, strlen(good) - strlen("GET"));
		buf_release(&body);
		assert_int_equal(read_chunks(text, piece, &body, &used), CHUNK_BAD);
		buf_release(&body);
	}
}

static void
what_is_around_the_chunks_is_bounded(void **state)
{
	struct chunks chunks = { 0 };
	struct buf body;
	size_t taken = 0;

	(void)state;
	buf_init(&body, NULL, BUF_NO_CAP);
	chunks_take(&chunks, "0\r\n", 3, &body);
	while (chunks.state == CHUNK_TRAILER)
		taken += chunks_take(&chunks, "x", 1, &body);
	assert_int_equal(chunks.state, CHUNK_BAD);
	assert_in_range(taken, 8 * 1024, 9 * 1024);
	buf_release(&body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_is_found_in_any_pieces),
		cmocka_unit_test(what_ends_no_line_properly_is_bad_at_once),
		cmocka_unit_test(a_head_is_read_into_its_words),
		cmocka_unit_test(what_is_no_head_is_named),
		cmocka_unit_test(a_body_is_the_same_in_any_pieces),
		cmocka_unit_test(what_is_around_the_chunks_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
