/* Heads as lines: written, found again, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/service/signed_head.h"
#include "oneclick/base/mem.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define PLAIN \
	"audit-head position=17 time=2026-12-01T10:00:00.000Z hash=" HASH \
	" store=0011223344556677"
#define SIGNED PLAIN " key=0123456789abcdef signature=" HASH

static struct signed_head
find(const char *line)
{
	struct signed_head head;

	if (!signed_head_find(line, &head))
		fail_msg("%s is none", line);
	return head;
}

static const char *
write(const void *ctx, const struct signed_head *head)
{
	struct buf line;

	buf_init(&line, ctx, HEAD_LINE_MAX);
	signed_head_write(&line, head);
	assert_false(line.full);
	return line.data;
}

static void
a_head_is_found_in_a_line_and_written_the_same(void **state)
{
	static const char *const lines[] = { PLAIN, SIGNED };
	void *life = mem_life(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct signed_head head =
			find(mem_format(life, "2026-12-01 info %s\n", lines[i]));

		assert_int_equal(head.at.pos, 17);
		assert_int_equal(head.is_signed, i);
		assert_string_equal(head.store, "0011223344556677");
		assert_string_equal(write(life, &head), lines[i]);
	}
	mem_free(life);
}

static void
a_position_and_its_hash_are_a_head_too(void **state)
{
	struct signed_head head = find("17:" HASH), again = find("17:" HASH " and more");

	(void)state;
	assert_int_equal(head.at.pos, 17);
	assert_false(head.is_signed);
	assert_string_equal(head.store, "");
	assert_memory_equal(head.at.hash, again.at.hash, DIGEST_SIZE);
}

static void
what_is_no_head_is_not_taken(void **state)
{
	static const char *const lines[] = { "", "17", "x:" HASH, "0:" HASH, "-1:" HASH,
		"17:" HASH "0", "17:0123",
		"17:"
		"g" HASH,
		"audit-head ", "audit-head position=17",
		"audit-head position=0 time=2026-12-01T10:00:00.000Z "
		"hash=" HASH " store=0011223344556677",
		"audit-head position=17 time=today hash=" HASH " store=0011223344556677",
		"audit-head position=17 time=2026-12-01T10:00:00.000Z hash=abc store=00",
		PLAIN " key=0123456789abcdef", PLAIN " key=0123 signature=" HASH,
		PLAIN " key=0123456789abcdef signature=0123" };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct signed_head head;

		if (signed_head_find(lines[i], &head))
			fail_msg("%s was taken", lines[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_is_found_in_a_line_and_written_the_same),
		cmocka_unit_test(a_position_and_its_hash_are_a_head_too),
		cmocka_unit_test(what_is_no_head_is_not_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
