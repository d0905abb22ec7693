#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/pattern.h"

static int
begin(void **state)
{
	*state = mem_life(NULL);
	return 0;
}

static int
end(void **state)
{
	mem_free(*state);
	return 0;
}

/* What the first group holds; "-" when the pattern is not in the text; or the sentence. */
static const char *
find(void *life, const char *pattern, const char *text)
{
	struct fault *why = mem_new(life, struct fault);
	struct pattern_found found;
	struct pattern_span span;
	struct pattern *compiled;

	if (pattern_compile(life, pattern, &compiled, why) ||
		pattern_find(compiled, text, strlen(text), &found, why)) {
		assert_int_equal(why->code, ERR_INVALID);
		return why->sentence;
	}
	if (found.count == 0)
		return "-";
	span = pattern_first(&found);
	assert_true(span.text >= text && span.text + span.n <= text + strlen(text));
	return mem_textn(life, span.text, span.n);
}

struct row {
	const char *pattern, *text, *result;
};

static void
expect(void *life, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_string_equal(
			find(life, rows[i].pattern, rows[i].text), rows[i].result);
}
#define EXPECT(life, rows) expect(life, rows, sizeof(rows) / sizeof(*(rows)))

static void
the_first_group_that_took_part_counts(void **state)
{
	static const struct row rows[] = {
		{ "^(\\d+)mV$", "1547mV", "1547" },
		{ "^a(x)?|b(y)$", "by", "y" },
		{ "(a)(b)", "ab", "a" },
		{ "^(?:input):\\d+$", "input:0", "input:0" },
		{ "(x)?b", "b", "b" },
		{ "()b", "b", "" },
	};

	EXPECT(*state, rows);
}

static void
what_is_not_there_is_no_failure(void **state)
{
	static const struct row rows[] = {
		{ "^a$", "b", "-" }, { "^a$", "", "-" }, { ".", "", "-" },
		{ "^$", "", "" }, { "^a$", "a\n", "-" }, /* $ is the very end */
	};

	EXPECT(*state, rows);
}

static void
letters_are_those_of_utf8(void **state)
{
	static const struct row rows[] = {
		{ "^(.)$", "é", "é" },
		{ "^(.)$", "\xff", "-" }, /* no UTF-8: nothing matches */
	};

	EXPECT(*state, rows);
}

static void
a_pattern_in_error_is_refused_with_its_letter(void **state)
{
	static const struct row rows[] = {
		{ "a(b", "",
			"the pattern fails at its letter 4: missing closing "
			"parenthesis" },
		{ "é)", "",
			"the pattern fails at its letter 2: unmatched closing "
			"parenthesis" },
		{ "[z-a]", "",
			"the pattern fails at its letter 4: range out of order in "
			"character class" },
		{ "\\C", "",
			"the pattern fails at its letter 3: using \\C is disabled by "
			"the application" },
	};

	EXPECT(*state, rows);
}

static void
a_pattern_too_large_is_refused(void **state)
{
	char text[PATTERN_LENGTH_MAX + 2];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_string_equal(
		find(*state, text, "a"), "the pattern is longer than 512 bytes");
	text[PATTERN_LENGTH_MAX] = '\0';
	assert_string_equal(find(*state, text, "a"), "-");
	assert_string_equal(find(*state, "(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)", "a"),
		"the pattern has 10 groups; at most 9 are taken (write (?:...) where "
		"nothing is to be kept)");
	assert_non_null(strstr(find(*state,
				       "((((((((((((((((((((((((((((((((("
				       "a)))))))))))))))))))))))))))))))))",
				       "a"),
		"parentheses are too deeply nested"));
	assert_non_null(strstr(
		find(*state, "((((a{1000}){1000}){1000}){1000})", "a"), "too large"));
}

static void
a_search_that_takes_too_many_steps_gives_up(void **state)
{
	static const char *const patterns[] = { "^(a+)+$", "^(a|aa)+$", "^(a|a?)+$",
		"(.*)*(.*)*(.*)*x$", "^(?=(a+))*b*\\1+$", "^((?:a?){30})+b" };
	char text[4000];

	memset(text, 'a', sizeof(text) - 1);
	strcpy(text + sizeof(text) - 2, "!");
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		const char *said = find(*state, patterns[i], text);

		assert_true(!strcmp(said, "-") || strstr(said, "too many steps"));
	}
	assert_non_null(strstr(find(*state, patterns[0], text), "too many steps"));
}

static void
no_pattern_lifts_the_limits(void **state)
{
	char text[64];

	memset(text, 'a', sizeof(text) - 1);
	strcpy(text + sizeof(text) - 2, "!");
	assert_non_null(
		strstr(find(*state,
			       "(*LIMIT_MATCH=4000000000)(*LIMIT_DEPTH=4000000000)"
			       "(*LIMIT_HEAP=4000000000)^(a+)+$",
			       text),
			"too many steps"));
	assert_non_null(strstr(find(*state, "^(a(?1)?)+$|^(?R)b", text), "steps"));
}

static void
a_long_text_is_not_searched(void **state)
{
	char *text = mem_array(*state, char, PATTERN_TEXT_MAX + 2);

	memset(text, 'a', PATTERN_TEXT_MAX + 1);
	assert_string_equal(find(*state, "^a", text),
		"a text of 4097 bytes is not searched; at most 4096 are");
	text[PATTERN_TEXT_MAX] = '\0';
	assert_string_equal(find(*state, "^(a)", text), "a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_first_group_that_took_part_counts, begin, end),
		cmocka_unit_test_setup_teardown(
			what_is_not_there_is_no_failure, begin, end),
		cmocka_unit_test_setup_teardown(letters_are_those_of_utf8, begin, end),
		cmocka_unit_test_setup_teardown(
			a_pattern_in_error_is_refused_with_its_letter, begin, end),
		cmocka_unit_test_setup_teardown(
			a_pattern_too_large_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(
			a_search_that_takes_too_many_steps_gives_up, begin, end),
		cmocka_unit_test_setup_teardown(no_pattern_lifts_the_limits, begin, end),
		cmocka_unit_test_setup_teardown(a_long_text_is_not_searched, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
