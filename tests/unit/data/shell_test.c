/* Words as a shell splits them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/shell.h"

/* The words with a | behind each; NULL if it is refused. */
static const char *
split(const void *ctx, const char *text)
{
	const char **words, *joined = "";
	size_t count;

	if (shell_split(ctx, text, &words, &count, NULL))
		return NULL;
	assert_null(words[count]);
	for (size_t i = 0; i < count; i++)
		joined = mem_format(ctx, "%s%s|", joined, words[i]);
	return joined;
}

static void
blanks_quotes_and_backslashes_are_a_shells(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "  \t\n", "" },
		{ "a", "a|" },
		{ "a b", "a|b|" },
		{ "  a\t b\nc  ", "a|b|c|" },
		{ "profile \"with space\"", "profile|with space|" },
		{ "'a b' \"c d\"", "a b|c d|" },
		{ "a'b 'c", "ab c|" },
		{ "'' \"\"", "||" },
		{ "a\\ b", "a b|" },
		{ "\\'a\\'", "'a'|" },
		{ "'a\\b'", "a\\b|" },
		{ "\"a\\\"b\\\\c\\d\"", "a\"b\\c\\d|" },
		{ "a#b # c", "a#b|#|c|" },
		{ "$HOME `id` *;x", "$HOME|`id`|*;x|" },
	};
	void *life = mem_life(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(split(life, rows[i][0]), rows[i][1]);
	mem_free(life);
}

static void
what_has_no_end_is_refused(void **state)
{
	static const char *const rows[] = { "'a", "\"a", "a\\", "a \"b\\\"" };
	void *life = mem_life(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_null(split(life, rows[i]));
	mem_free(life);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_quotes_and_backslashes_are_a_shells),
		cmocka_unit_test(what_has_no_end_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
