#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/data/record.h"
#include "oneclick/data/yaml.h"

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

struct thing {
	const char *name, *any;
	int flag;
	int64_t whole, at;
	double number;
	struct pairs *pairs;
	struct texts texts;
	const struct value *tree;
};

#define AT(member) .at = offsetof(struct thing, member)

enum { NAME, ANY, FLAG, WHOLE, NUMBER, TIME, PAIRS, TEXTS, TREE, ROWS };

static const struct field rows[] = {
	[NAME] = { "name", FIELD_TEXT, AT(name), 1, 8, LETTERS_NAME, 0 },
	[ANY] = { "description", FIELD_TEXT, AT(any), .max = 5 },
	[FLAG] = { "enabled", FIELD_FLAG, AT(flag) },
	[WHOLE] = { "maxResults", FIELD_INT, AT(whole), .min = 1, .max = 250 },
	[NUMBER] = { "remainingLife", FIELD_NUMBER, AT(number), .max = 100 },
	[TIME] = { "fromTimeStamp", FIELD_TIME, AT(at) },
	[PAIRS] = { "tags", FIELD_PAIRS, AT(pairs), 1, 2, LETTERS_TAG_KEY, 4 },
	[TEXTS] = { "tagKeys", FIELD_TEXTS, AT(texts), .min = 1, .max = 2 },
	[TREE] = { "template", FIELD_TREE, AT(tree), .max = 1 },
};

static const struct value *
parse(void *life, const char *json)
{
	const struct value *value;

	assert_int_equal(json_parse(life, json, strlen(json), &value, NULL), ERR_NONE);
	return value;
}

/* The sentence a value is refused with, or "" if it is taken. */
static const char *
read(void *life, int row, const char *json, struct thing *thing)
{
	struct fault *why = mem_new(life, struct fault);
	enum err err = field_read(life, &rows[row], parse(life, json), thing, why);

	assert_int_equal(err, why->sentence[0] ? ERR_INVALID : ERR_NONE);
	return why->sentence;
}

static const char *
read_text(void *life, int row, const char *text, struct thing *thing)
{
	struct fault *why = mem_new(life, struct fault);
	enum err err = field_read_text(life, &rows[row], text, thing, why);

	assert_int_equal(err, why->sentence[0] ? ERR_INVALID : ERR_NONE);
	return why->sentence;
}

static void
every_member_is_read_by_its_row(void **state)
{
	const char *json = "{\"name\":\"a-Z_09\",\"description\":"
			   "\"\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\","
			   "\"enabled\":false,\"maxResults\":250,\"remainingLife\":99.5,"
			   "\"fromTimeStamp\":\"2018-05-04T23:26:33.747Z\",\"tags\":{\"a:"
			   "b/c\":\"1234\"},"
			   "\"tagKeys\":[\"x\",\"y\"],\"template\":{\"k\":[1]}}";
	struct thing thing;
	struct fault why;

	assert_int_equal(
		record_read(*state, rows, ROWS, parse(*state, json), &thing, &why),
		ERR_NONE);
	assert_string_equal(thing.name, "a-Z_09");
	assert_int_equal(strlen(thing.any), 10); /* five letters */
	assert_int_equal(thing.flag, 0);
	assert_int_equal(thing.whole, 250);
	assert_true(thing.number == 99.5);
	assert_true(thing.at == INT64_C(1525476393747));
	assert_string_equal(pairs_get(thing.pairs, "a:b/c"), "1234");
	assert_int_equal(thing.texts.count, 2);
	assert_string_equal(thing.texts.item[1], "y");
	assert_non_null(value_get(thing.tree, "k"));
	for (int i = 0; i < ROWS; i++)
		assert_true(field_is_given(&rows[i], &thing));
}

static void
what_is_not_given_is_absent(void **state)
{
	struct thing thing;

	memset(&thing, 0x5A, sizeof(thing));
	assert_int_equal(record_read(*state, rows, ROWS, parse(*state, "{\"name\":null}"),
				 &thing, NULL),
		ERR_NONE);
	for (int i = 0; i < ROWS; i++) {
		assert_false(field_is_given(&rows[i], &thing));
		assert_int_equal(field_check(&rows[i], &thing, NULL), ERR_NONE);
	}
	assert_null(thing.name);
	assert_int_equal(thing.flag, -1);
	assert_true(thing.whole == FIELD_ABSENT_INT && isnan(thing.number));
	assert_int_equal(record_read(*state, rows, ROWS, NULL, &thing, NULL), ERR_NONE);
}

static void
a_value_of_another_kind_is_refused(void **state)
{
	static const struct {
		int row;
		const char *json, *said;
	} cases[] = {
		{ NAME, "7",
			"name takes a text of 1 to 8 characters, of the letters a-z A-Z "
			"0-9 _ -, "
			"not 7: put it in quotes." },
		{ ANY, "[]",
			"description takes a text of up to 5 characters, not a list." },
		{ FLAG, "1", "enabled takes true or false, not 1." },
		{ FLAG, "\"true\"", "enabled takes true or false, not \"true\"." },
		{ WHOLE, "\"7\"",
			"maxResults takes a whole number from 1 to 250, not \"7\"." },
		{ WHOLE, "1.5",
			"maxResults takes a whole number from 1 to 250, not 1.5." },
		{ WHOLE, "1e300",
			"maxResults takes a whole number from 1 to 250, not 1e+300." },
		{ NUMBER, "true",
			"remainingLife takes a number from 0 to 100, not true." },
		{ TIME, "1525476393",
			"fromTimeStamp takes a time such as 2018-05-04T23:26:33.747Z, "
			"not "
			"1525476393." },
		{ TIME, "\"today\"",
			"fromTimeStamp takes a time such as 2018-05-04T23:26:33.747Z, "
			"not "
			"\"today\"." },
		{ TEXTS, "[1]",
			"tagKeys takes a list of texts; 1 is none: put it in quotes." },
		{ TREE, "\"x\"", "template takes a map of up to 1 members, not \"x\"." },
	};
	struct thing thing;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_string_equal(
			read(*state, cases[i].row, cases[i].json, &thing), cases[i].said);
		assert_false(field_is_given(&rows[cases[i].row], &thing));
	}
	assert_non_null(strstr(read(*state, PAIRS, "{\"a\":1}", &thing),
		": a takes a text, not 1: put it in quotes."));
}

static void
limits_are_kept(void **state)
{
	struct thing thing;

	assert_string_equal(read(*state, NAME, "\"12345678\"", &thing), "");
	assert_non_null(
		strstr(read(*state, NAME, "\"123456789\"", &thing), "not 9 characters."));
	assert_non_null(strstr(read(*state, NAME, "\"\"", &thing), "not 0 characters."));
	assert_string_equal(read(*state, ANY, "\"\"", &thing), "");
	assert_non_null(strstr(
		read(*state, ANY, "\"\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\"",
			&thing),
		"not 6 characters."));
	assert_string_equal(read(*state, WHOLE, "1", &thing), "");
	assert_string_equal(read(*state, WHOLE, "250.0", &thing), "");
	assert_int_equal(thing.whole, 250);
	assert_non_null(strstr(read(*state, WHOLE, "0", &thing), "not 0."));
	assert_non_null(strstr(read(*state, WHOLE, "251", &thing), "not 251."));
	assert_string_equal(read(*state, NUMBER, "0", &thing), "");
	assert_non_null(strstr(read(*state, NUMBER, "-0.5", &thing), "not -0.5."));
	assert_non_null(strstr(read(*state, NUMBER, "100.5", &thing), "not 100.5."));
	assert_non_null(strstr(read(*state, TEXTS, "[]", &thing), "not 0 members."));
	assert_non_null(strstr(
		read(*state, TEXTS, "[\"\",\"\",\"\"]", &thing), "not 3 members."));
	assert_non_null(strstr(
		read(*state, TREE, "{\"a\":1,\"b\":2}", &thing), "not 2 members."));
}

static void
pairs_have_limits_of_their_own(void **state)
{
	struct thing thing;

	assert_string_equal(
		read(*state, PAIRS, "{\"a\":\"\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\"}",
			&thing),
		"");
	assert_non_null(strstr(read(*state, PAIRS, "{\"a\":\"12345\"}", &thing),
		"each value up to 4 characters, not the longer value of the key \"a\"."));
	assert_non_null(strstr(
		read(*state, PAIRS, "{\"a b\":\"\"}", &thing), "not the key \"a b\"."));
	assert_non_null(strstr(read(*state, PAIRS, "{}", &thing), "not 0 members."));
	assert_non_null(
		strstr(read(*state, PAIRS, "{\"a\":\"\",\"b\":\"\",\"c\":\"\"}", &thing),
			"not 3 members."));
}

static bool
takes(enum field_letters letters, const char *text)
{
	struct field field = { .name = "x", .letters = letters };

	return field_check(&field, &text, NULL) == ERR_NONE;
}

/* The contract's own patterns, letter by letter. */
static void
the_letters_are_the_contracts(void **state)
{
	(void)state;
	for (int c = 1; c < 128; c++) {
		char text[] = { (char)c, '\0' };
		bool in_name =
			strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "0123456789_-",
				c) != NULL;
		bool in_tag =
			strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "+,-./0123456789:;<=_",
				c) != NULL;

		assert_int_equal(takes(LETTERS_NAME, text), in_name);
		assert_int_equal(takes(LETTERS_TAG_KEY, text), in_tag);
		assert_true(takes(LETTERS_ANY, text));
	}
	assert_false(takes(LETTERS_NAME, ""));
	assert_false(takes(LETTERS_TAG_KEY, ""));
	assert_false(takes(LETTERS_NAME, "\xC3\xBC"));
	assert_false(takes(LETTERS_TAG_KEY, "aws:x"));
	assert_true(takes(LETTERS_TAG_KEY, "AWS:x"));
	assert_true(takes(LETTERS_TAG_KEY, "aws"));
	assert_true(takes(LETTERS_TAG_KEY, "xaws:"));
}

static void
a_text_is_read_strictly(void **state)
{
	static const char *const no_whole[] = { "", " 7", "7 ", "+7", "07", "7.0", "7e0",
		"0x7", "7a", "99999999999999999999" };
	struct thing thing;

	assert_string_equal(read_text(*state, WHOLE, "25", &thing), "");
	assert_int_equal(thing.whole, 25);
	for (size_t i = 0; i < sizeof(no_whole) / sizeof(*no_whole); i++)
		assert_string_equal(read_text(*state, WHOLE, no_whole[i], &thing),
			mem_format(*state,
				"maxResults takes a whole number from 1 to 250, not "
				"\"%s\".",
				no_whole[i]));
	assert_non_null(strstr(read_text(*state, WHOLE, "251", &thing), "not 251."));
	assert_string_equal(read_text(*state, FLAG, "true", &thing), "");
	assert_int_equal(thing.flag, 1);
	assert_string_equal(read_text(*state, FLAG, "false", &thing), "");
	assert_int_equal(thing.flag, 0);
	assert_string_not_equal(read_text(*state, FLAG, "True", &thing), "");
	assert_string_not_equal(read_text(*state, FLAG, "1", &thing), "");
	assert_string_equal(read_text(*state, NUMBER, "1.5", &thing), "");
	assert_string_not_equal(read_text(*state, NUMBER, "1,5", &thing), "");
	assert_string_not_equal(read_text(*state, NUMBER, "nan", &thing), "");
	assert_string_equal(read_text(*state, TIME, "2018-05-04", &thing), "");
	assert_string_not_equal(read_text(*state, TIME, "2018-05-44", &thing), "");
	assert_string_not_equal(read_text(*state, TREE, "{}", &thing), "");
	assert_string_equal(read_text(*state, NAME, NULL, &thing), "");
	assert_null(thing.name);
}

static void
what_is_not_utf8_is_refused(void **state)
{
	static const char *items[] = { "good", "b\xFF" };
	struct thing thing = { .texts = { items, 2 } };

	assert_non_null(strstr(read_text(*state, ANY, "a\xFF", &thing),
		"not bytes that are no UTF-8: \"a\\xff\"."));
	assert_int_equal(field_check(&rows[TEXTS], &thing, NULL), ERR_INVALID);
	thing.pairs = pairs_new(*state);
	pairs_set(thing.pairs, "a", "\xFF");
	assert_int_equal(field_check(&rows[PAIRS], &thing, NULL), ERR_INVALID);
}

static void
what_it_got_is_cut_and_safe(void **state)
{
	char long_text[400];
	struct thing thing;

	assert_non_null(
		strstr(read(*state, NAME, "\"a\\u001b[2J\"", &thing), "not \"a^[[2J\"."));
	memset(long_text, 'x', sizeof(long_text));
	long_text[sizeof(long_text) - 1] = '\0';
	assert_non_null(strstr(read_text(*state, FLAG, long_text, &thing), "xxx...\"."));
	assert_true(strlen(read_text(*state, FLAG, long_text, &thing)) < 120);
}

static const char *
read_map(void *life, const char *yaml)
{
	struct fault *why = mem_new(life, struct fault);
	const struct value *map;
	struct thing thing;

	assert_int_equal(yaml_parse(life, "f", yaml, strlen(yaml), &map, why), ERR_NONE);
	assert_int_equal(record_read(life, rows, ROWS, map, &thing, why), ERR_INVALID);
	return why->sentence;
}

static void
an_unknown_key_is_refused_with_the_nearest(void **state)
{
	struct thing thing;
	struct fault why;

	assert_int_equal(record_read(*state, rows, ROWS,
				 parse(*state, "{\"maxResult\":1}"), &thing, &why),
		ERR_INVALID);
	assert_string_equal(why.sentence,
		"\"maxResult\" is not known here; did you mean \"maxResults\"?");
	assert_int_equal(
		record_read(*state, rows, ROWS,
			parse(*state, "{\"\\u001bquite other\":1}"), &thing, &why),
		ERR_INVALID);
	assert_string_equal(
		why.sentence, "\"^[quite other\" is not known here; leave it out.");
}

static void
a_fault_from_a_file_has_its_place(void **state)
{
	assert_string_equal(read_map(*state, "name: x\nenable:\n  - 1\n"),
		"line 2, column 1: \"enable\" is not known here; did you mean "
		"\"enabled\"?");
	assert_string_equal(read_map(*state, "name: x\nmaxResults: 0\n"),
		"line 2, column 1: maxResults takes a whole number from 1 to 250, not "
		"0.");
	assert_string_equal(read_map(*state, "- 1\n"),
		"line 1, column 1: A map is needed here, not a list.");
}

static void
the_nearest_word_is_near(void **state)
{
	static const char *const words[] = { "projects", "placements", "devices",
		"quit" };
	char endless[200];

	(void)state;
	assert_string_equal(nearest_word("device", words, 4), "devices");
	assert_string_equal(nearest_word("projetcs", words, 4), "projects");
	assert_string_equal(nearest_word("placmnts", words, 4), "placements");
	assert_string_equal(nearest_word("quit", words, 4), "quit");
	assert_string_equal(nearest_word("qit", words, 4), "quit");
	assert_null(nearest_word("qt", words, 4));
	assert_null(nearest_word("zebra", words, 4));
	assert_null(nearest_word("", words, 4));
	assert_null(nearest_word("devices", words, 0));
	memset(endless, 'd', sizeof(endless));
	endless[sizeof(endless) - 1] = '\0';
	assert_null(nearest_word(endless, words, 4));
}

#define WITH_LIFE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LIFE(every_member_is_read_by_its_row),
		WITH_LIFE(what_is_not_given_is_absent),
		WITH_LIFE(a_value_of_another_kind_is_refused),
		WITH_LIFE(limits_are_kept),
		WITH_LIFE(pairs_have_limits_of_their_own),
		WITH_LIFE(the_letters_are_the_contracts),
		WITH_LIFE(a_text_is_read_strictly),
		WITH_LIFE(what_is_not_utf8_is_refused),
		WITH_LIFE(what_it_got_is_cut_and_safe),
		WITH_LIFE(an_unknown_key_is_refused_with_the_nearest),
		WITH_LIFE(a_fault_from_a_file_has_its_place),
		WITH_LIFE(the_nearest_word_is_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
