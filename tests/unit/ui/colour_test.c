/* Colours as themes write them, and what each depth makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/yaml.h"
#include "oneclick/ui/colour.h"

static enum err
read_one(void *life, const char *text, struct colour *out, struct fault *why)
{
	const char *line = mem_format(life, "c: %s\n", text);
	const struct value *tree;

	if (yaml_parse(life, "t", line, strlen(line), &tree, why))
		fail_msg("%s", why->sentence);
	return colour_read(value_get(tree, "c"), out, why);
}

static void
each_way_of_writing_fills_the_other_depths(void **state)
{
	static const struct {
		const char *text;
		struct {
			int32_t rgb;
			int c256, c16;
		} wanted;
	} rows[] = {
		{ "default", { COLOUR_DEFAULT, COLOUR_DEFAULT, COLOUR_DEFAULT } },
		{ "red", { 0xcd0000, 1, 1 } },
		{ "bright-white", { 0xffffff, 15, 15 } },
		{ "3", { 0xcdcd00, 3, 3 } },
		{ "'#ff0000'", { 0xff0000, 196, 9 } },
		{ "{rgb: '#ff0000', c256: 9}", { 0xff0000, 9, 9 } },
		{ "{c256: 196}", { 0xff0000, 196, 9 } },
		{ "{c256: 7}", { 0xe5e5e5, 7, 7 } },
		{ "{c16: default}", { COLOUR_DEFAULT, COLOUR_DEFAULT, COLOUR_DEFAULT } },
		{ "{rgb: '#000000', c256: 16, c16: 0}", { 0x000000, 16, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		void *life = mem_life(NULL);
		struct colour got;
		struct fault why = { .sentence = "" };

		if (read_one(life, rows[i].text, &got, &why))
			fail_msg("%s: %s", rows[i].text, why.sentence);
		if (got.rgb != rows[i].wanted.rgb || got.c256 != rows[i].wanted.c256 ||
			got.c16 != rows[i].wanted.c16)
			fail_msg("%s: #%06x %d %d", rows[i].text, (unsigned)got.rgb,
				got.c256, got.c16);
		mem_free(life);
	}
}

static void
what_is_no_colour_is_refused_with_its_place(void **state)
{
	static const char *const bad[][2] = { { "16", "unknown colour" },
		{ "-1", "unknown colour" }, { "reddish", "unknown colour" },
		{ "1.5", "a name or 0 to 15" }, { "[red]", "a name or 0 to 15" },
		{ "true", "a name or 0 to 15" }, { "'#ff00'", "#rrggbb" },
		{ "'#ff00gg'", "#rrggbb" }, { "{rgb: red}", "#rrggbb" },
		{ "{rgb: 7}", "#rrggbb" }, { "{c256: 256}", "0 to 255" },
		{ "{c256: -1}", "0 to 255" }, { "{c256: red}", "0 to 255" },
		{ "{c16: 16}", "" }, { "{c17: 1}", "unknown depth" },
		{ "{}", "needs rgb, c256 or c16" } };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		void *life = mem_life(NULL);
		struct colour got;
		struct fault why = { .sentence = "" };

		if (read_one(life, bad[i][0], &got, &why) != ERR_INVALID ||
			(!strstr(why.sentence, bad[i][1]) &&
				!strstr(why.sentence, "0 to 15")) ||
			strncmp(why.sentence, "1:", 2) != 0)
			fail_msg("%s: \"%s\"", bad[i][0], why.sentence);
		mem_free(life);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_way_of_writing_fills_the_other_depths),
		cmocka_unit_test(what_is_no_colour_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
