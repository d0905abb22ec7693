#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/theme.h"

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

static const struct theme *
parse(void **state, const char *text)
{
	const struct theme *theme = NULL;
	struct fault why = { .sentence = "" };

	if (theme_parse(*state, "field.yaml", text, strlen(text), &theme, &why))
		fail_msg("%s", why.sentence);
	return theme;
}

static void
refused(void **state, const char *text, const char *where, const char *what)
{
	const struct theme *theme = NULL;
	struct fault why = { .sentence = "" };

	assert_int_equal(
		theme_parse(*state, "field.yaml", text, strlen(text), &theme, &why),
		ERR_INVALID);
	assert_null(theme);
	if (strncmp(why.sentence, where, strlen(where)) != 0 ||
		!strstr(why.sentence, what))
		fail_msg("%s", why.sentence);
}

static void
every_shipped_theme_is_read_and_tells_states_apart(void **state)
{
	size_t count;
	const char *const *names = theme_names(&count);

	assert_true(count >= 2);
	for (size_t i = 0; i < count; i++) {
		const struct theme *theme = NULL;
		struct fault why;

		if (theme_load(*state, names[i], &theme, &why))
			fail_msg("%s", why.sentence);
		assert_string_equal(theme->name, names[i]);
		for (unsigned r = 0; r < ROLE_COUNT; r++)
			if (role_is_state((enum role)r))
				assert_true(*theme->role[r].symbol.text ||
					    *theme->role[r].word.text);
	}
}

static void
the_default_theme_leaves_the_background_alone(void **state)
{
	const struct theme *theme = NULL;

	assert_int_equal(theme_load(*state, "terminal", &theme, NULL), ERR_NONE);
	for (unsigned r = 0; r < ROLE_COUNT; r++)
		assert_int_equal(theme->role[r].bg.c16, COLOUR_DEFAULT);
}

static void
the_mono_theme_has_no_colour(void **state)
{
	const struct theme *theme = NULL;

	assert_int_equal(theme_load(*state, "mono", &theme, NULL), ERR_NONE);
	for (unsigned r = 0; r < ROLE_COUNT; r++)
		assert_int_equal(theme->role[r].fg.c16, COLOUR_DEFAULT);
}

static void
a_theme_changes_what_it_says_of_the_one_it_extends(void **state)
{
	const struct theme *theme =
		parse(state, "name: field\nextends: terminal\nroles:\n"
			     "  battery.low: {fg: {rgb: \"#ff6b5e\", c256: 203, c16: "
			     "red}, attr: [bold, "
			     "reverse], symbol: \"*\", word: WEAK}\n");
	const struct style *low = &theme->role[ROLE_BATTERY_LOW];

	assert_string_equal(theme->name, "field");
	assert_int_equal(low->fg.rgb, 0xff6b5e);
	assert_int_equal(low->fg.c256, 203);
	assert_int_equal(low->fg.c16, 1);
	assert_int_equal(low->attrs, ATTR_BOLD | ATTR_REVERSE);
	assert_string_equal(low->symbol.text, "*");
	assert_string_equal(low->word.text, "WEAK");
	assert_int_equal(theme->role[ROLE_SELECTION].attrs, ATTR_REVERSE);
}

static void
depths_not_given_are_worked_out(void **state)
{
	const struct theme *theme = parse(state,
		"roles:\n  text: {fg: \"#ff0000\"}\n  dim: {fg: bright-green}\n"
		"  label: {fg: {c256: 21}}\n");

	assert_int_equal(theme->role[ROLE_TEXT].fg.c256, 196);
	assert_int_equal(theme->role[ROLE_TEXT].fg.c16, 9);
	assert_int_equal(theme->role[ROLE_DIM].fg.c16, 10);
	assert_int_equal(theme->role[ROLE_DIM].fg.c256, 10);
	assert_int_equal(theme->role[ROLE_LABEL].fg.rgb, 0x0000ff);
}

static void
an_unknown_role_is_named_with_the_nearest(void **state)
{
	refused(state, "roles:\n  batery.low: {fg: red}\n",
		"field.yaml:2:", "battery.low");
}

static void
an_unknown_colour_is_named_with_the_nearest(void **state)
{
	refused(state, "roles:\n  text: {fg: yelow}\n", "field.yaml:2:", "yellow");
}

static void
an_unknown_attribute_is_named_with_the_nearest(void **state)
{
	refused(state, "roles:\n  text: {attr: [reverze]}\n", "field.yaml:2:", "reverse");
}

static void
unknown_keys_are_named_with_the_nearest(void **state)
{
	refused(state, "extend: mono\n", "field.yaml:1:", "extends");
	refused(state, "roles:\n  text: {fgg: red}\n", "field.yaml:2:", "fgg");
	refused(state, "roles:\n  text: {fg: {c257: 3}}\n", "field.yaml:2:", "c256");
}

static void
values_of_the_wrong_kind_are_refused(void **state)
{
	refused(state, "roles: [text]\n", "field.yaml:1:", "a map");
	refused(state, "roles:\n  text: red\n", "field.yaml:2:", "a map");
	refused(state, "roles:\n  text: {attr: bold}\n", "field.yaml:2:", "a list");
	refused(state, "roles:\n  text: {fg: {c256: 256}}\n",
		"field.yaml:2:", "0 to 255");
	refused(state, "roles:\n  text: {fg: {rgb: red}}\n", "field.yaml:2:", "#rrggbb");
	refused(state, "assumes: grey\n", "field.yaml:1:", "dark");
}

static void
a_state_without_symbol_and_word_is_refused(void **state)
{
	refused(state, "roles:\n  silent: {symbol: \"\", word: \"\"}\n",
		"field.yaml:2:", "symbol or a word");
}

static void
a_symbol_wider_than_its_column_is_refused(void **state)
{
	refused(state, "roles:\n  silent: {symbol: \"~~\"}\n",
		"field.yaml:2:", "1 visible");
	refused(state, "roles:\n  silent: {symbol: \"\\x1b\"}\n",
		"field.yaml:2:", "visible");
}

static void
text_too_close_to_its_ground_is_refused(void **state)
{
	refused(state, "assumes: dark\nroles:\n  text: {fg: \"#0000aa\"}\n",
		"field.yaml:3:", "contrast");
	refused(state, "roles:\n  text: {fg: \"#777777\", bg: \"#888888\"}\n",
		"field.yaml:2:", "contrast");
	parse(state, "assumes: dark\nroles:\n  text: {fg: \"#dddddd\"}\n");
}

/* Writes DIR/NAME.yaml and returns its path. */
static const char *
write_file(void **state, const char *dir, const char *name, const char *text)
{
	const char *path = mem_format(*state, "%s/%s.yaml", dir, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	return path;
}

static void
a_theme_may_extend_the_file_beside_it(void **state)
{
	char dir[] = "/tmp/oneclick-theme-XXXXXX";
	const struct theme *theme = NULL;
	const char *base, *path;
	struct fault why = { .sentence = "" };

	assert_non_null(mkdtemp(dir));
	base = write_file(state, dir, "base", "roles:\n  text: {attr: [underline]}\n");
	path = write_file(state, dir, "mine", "extends: base\n");
	if (theme_load(*state, path, &theme, &why))
		fail_msg("%s", why.sentence);
	assert_int_equal(theme->role[ROLE_TEXT].attrs, ATTR_UNDERLINE);
	write_file(state, dir, "base", "roles:\n  txet: {}\n");
	assert_int_equal(theme_load(*state, path, &theme, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "mine.yaml:1:"));
	assert_non_null(strstr(why.sentence, "base.yaml:2:"));
	unlink(base);
	unlink(path);
	rmdir(dir);
}

static void
themes_that_extend_in_a_circle_are_refused(void **state)
{
	char dir[] = "/tmp/oneclick-theme-XXXXXX";
	const struct theme *theme = NULL;
	const char *one, *two;
	struct fault why = { .sentence = "" };

	assert_non_null(mkdtemp(dir));
	one = write_file(state, dir, "one", "extends: two\n");
	two = write_file(state, dir, "two", "extends: one\n");
	assert_int_equal(theme_load(*state, one, &theme, &why), ERR_INVALID);
	if (!strstr(why.sentence, "circle"))
		fail_msg("%s", why.sentence);
	unlink(one);
	unlink(two);
	rmdir(dir);
}

static void
an_unknown_theme_is_not_found(void **state)
{
	const struct theme *theme;
	struct fault why;

	assert_int_equal(theme_load(*state, "termina", &theme, &why), ERR_NOT_FOUND);
	assert_non_null(strstr(why.sentence, "terminal"));
	assert_int_equal(
		theme_load(*state, "/nowhere/x.yaml", &theme, &why), ERR_NOT_FOUND);
}

static void
contrast_is_that_of_wcag(void **state)
{
	(void)state;
	assert_float_equal(colour_contrast(0x000000, 0xffffff), 21.0, 0.001);
	assert_float_equal(colour_contrast(0x777777, 0xffffff), 4.48, 0.01);
	assert_float_equal(colour_contrast(0x123456, 0x123456), 1.0, 0.001);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(every_shipped_theme_is_read_and_tells_states_apart),
		T(the_default_theme_leaves_the_background_alone),
		T(the_mono_theme_has_no_colour),
		T(a_theme_changes_what_it_says_of_the_one_it_extends),
		T(depths_not_given_are_worked_out),
		T(an_unknown_role_is_named_with_the_nearest),
		T(an_unknown_colour_is_named_with_the_nearest),
		T(an_unknown_attribute_is_named_with_the_nearest),
		T(unknown_keys_are_named_with_the_nearest),
		T(values_of_the_wrong_kind_are_refused),
		T(a_state_without_symbol_and_word_is_refused),
		T(a_symbol_wider_than_its_column_is_refused),
		T(text_too_close_to_its_ground_is_refused),
		T(a_theme_may_extend_the_file_beside_it),
		T(themes_that_extend_in_a_circle_are_refused),
		T(an_unknown_theme_is_not_found),
		T(contrast_is_that_of_wcag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
