#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
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

/* The tree written as JSON, or the sentence it was refused with. */
static const char *
reread(void *life, const char *text, size_t n)
{
	const struct value *value = NULL;
	struct fault *why = mem_new(life, struct fault);
	struct buf out;
	struct json j = json_to(&out);

	if (yaml_parse(life, "f.yaml", text, n, &value, why) != ERR_NONE) {
		assert_int_equal(why->code, ERR_INVALID);
		assert_null(value);
		return why->sentence;
	}
	buf_init(&out, life, BUF_NO_CAP);
	json_value(&j, value);
	return out.data;
}

struct row {
	const char *text, *result;
};

static void
expect(void *life, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_string_equal(
			reread(life, rows[i].text, strlen(rows[i].text)), rows[i].result);
}
#define EXPECT(rows) expect(*state, rows, sizeof(rows) / sizeof *(rows))

static void
maps_and_lists_are_read(void **state)
{
	static const struct row rows[] = {
		{ "a: 1\nb:\n  - x\n  - c: y\nd: {e: [1, 2], f: {}}\n",
			"{\"a\":1,\"b\":[\"x\",{\"c\":\"y\"}],\"d\":{\"e\":[1,2],\"f\":{}"
			"}}" },
		{ "- 1\n-\n- []\n", "[1,null,[]]" },
		{ "a: |\n  two\n  lines\n", "{\"a\":\"two\\nlines\\n\"}" },
		{ "1: x\ntrue: y\n", "{\"1\":\"x\",\"true\":\"y\"}" },
		{ "[1,2,3,4,5,6,7,8,9]", "[1,2,3,4,5,6,7,8,9]" },
		{ "{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9}",
			"{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":"
			"8,\"i\":9}" },
		{ "\xEF\xBB\xBF"
		  "a: 1",
			"{\"a\":1}" },
	};

	EXPECT(rows);
}

static void
an_empty_document_is_an_empty_map(void **state)
{
	static const struct row rows[] = {
		{ "", "{}" },
		{ "\n# nothing\n", "{}" },
		{ "---\n", "{}" },
		{ "--- ~\n...\n", "{}" },
	};

	EXPECT(rows);
}

static void
plain_scalars_are_of_the_core_schema(void **state)
{
	static const struct row rows[] = {
		{ "[~, null, Null, NULL, ]", "[null,null,null,null]" },
		{ "[true, True, TRUE, false, False, FALSE]",
			"[true,true,true,false,false,false]" },
		{ "[yes, no, on, off, nULL, tRUE]",
			"[\"yes\",\"no\",\"on\",\"off\",\"nULL\",\"tRUE\"]" },
		{ "[0, -1, +2, 007, 0o17, 0xfF, -0]", "[0,-1,2,7,15,255,0]" },
		{ "[0o8, 0x, 0xg, -0x1, 1_000, 12:30, 0b1]",
			"[\"0o8\",\"0x\",\"0xg\",\"-0x1\",\"1_000\",\"12:30\",\"0b1\"]" },
		{ "[1.5, -.5, +1., 1e3, 1.5E-1, 00.5]", "[1.5,-0.5,1,1000,0.15,0.5]" },
		{ "[., -, +, e3, 1e, 1.2.3, .e1]",
			"[\".\",\"-\",\"+\",\"e3\",\"1e\",\"1.2.3\",\".e1\"]" },
		{ "[9223372036854775807, -9223372036854775808]",
			"[9223372036854775807,-9223372036854775808]" },
		{ "[9223372036854775808]",
			"f.yaml:1:2: the number 9223372036854775808 does not fit into 64 "
			"bits; a text needs quotes" },
		{ "[0x8000000000000000]",
			"f.yaml:1:2: the number 0x8000000000000000 does not fit into 64 "
			"bits; a text needs quotes" },
	};

	EXPECT(rows);
}

static void
infinities_are_numbers(void **state)
{
	const struct value *list;

	assert_int_equal(yaml_parse(*state, "f", "[.inf, -.inf, .NaN]", 19, &list, NULL),
		ERR_NONE);
	assert_true(list->item[0].kind == VALUE_NUMBER && isinf(list->item[0].number));
	assert_true(isinf(list->item[1].number) && list->item[1].number < 0);
	assert_true(list->item[2].kind == VALUE_NUMBER && isnan(list->item[2].number));
}

static void
quoted_scalars_are_texts(void **state)
{
	static const struct row rows[] = {
		{ "['1', \"true\", \"\", '~', !!str 1, ! 2, !!str ]",
			"[\"1\",\"true\",\"\",\"~\",\"1\",\"2\",\"\"]" },
		{ "a: >\n  12\n", "{\"a\":\"12\\n\"}" },
		{ "[\"\\u00fc\\n\"]", "[\"\xC3\xBC\\n\"]" },
	};

	EXPECT(rows);
}

static void
every_value_knows_its_place(void **state)
{
	const char *text = "top: 1\nlist:\n  - x\n  - {k: 2}\n";
	const struct value *map, *list;

	assert_int_equal(
		yaml_parse(*state, "f", text, strlen(text), &map, NULL), ERR_NONE);
	assert_true(map->line == 1 && map->column == 1);
	list = value_get(map, "list");
	assert_true(
		list->line == 2 && list->column == 1); /* a member: where its key is */
	assert_true(list->item[0].line == 3 && list->item[0].column == 5);
	assert_true(list->item[1].line == 4 && list->item[1].column == 5);
	assert_true(list->item[1].item[0].line == 4 && list->item[1].item[0].column == 6);
}

static void
a_member_knows_whether_its_key_had_quotes(void **state)
{
	static const char text[] =
		"on: 1\n'off': 2\n\"yes\": {no: 3}\nlist: [x]\n&a x: 4";
	static const bool bare[] = { true, false, false, true };
	const struct value *map;

	assert_int_equal(
		ERR_INVALID, yaml_parse(*state, "f", text, strlen(text), &map, NULL));
	assert_int_equal(
		ERR_NONE, yaml_parse(*state, "f", text,
				  strlen(text) - strlen("\n&a x: 4"), &map, NULL));
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(map->item[i].bare_key, bare[i]);
	assert_true(map->item[2].item[0].bare_key);
	assert_false(map->item[3].item[0].bare_key);
}

static void
a_duplicate_key_is_refused(void **state)
{
	static const struct row rows[] = {
		{ "a: 1\nb: 2\na: 3\n", "f.yaml:3:1: the key \"a\" stands twice" },
		{ "x: {a: 1, 'a': 2}", "f.yaml:1:11: the key \"a\" stands twice" },
		{ "a: {a: 1}\nb: {a: 1}\n", "{\"a\":{\"a\":1},\"b\":{\"a\":1}}" },
	};

	EXPECT(rows);
}

static void
an_alias_stands_for_its_anchor(void **state)
{
	static const struct row rows[] = {
		{ "a: &x {k: [1]}\nb: *x\nc: *x\n",
			"{\"a\":{\"k\":[1]},\"b\":{\"k\":[1]},\"c\":{\"k\":[1]}}" },
		{ "[&x 1, *x, &x 2, *x]", "[1,1,2,2]" },
		{ "[*x, &x 1]", "f.yaml:1:2: the alias *x has no anchor before it" },
		{ "&x [1, *x]", "f.yaml:1:8: the alias *x stands inside its own anchor" },
		{ "&x {a: {b: *x}}",
			"f.yaml:1:12: the alias *x stands inside its own anchor" },
		{ "? *x\n: 1", "f.yaml:1:3: a key must be a plain text" },
	};
	const struct value *list;

	EXPECT(rows);
	assert_int_equal(
		yaml_parse(*state, "f", "[&x 1, *x]", 10, &list, NULL), ERR_NONE);
	assert_int_equal(list->item[1].column, 8);
}

/* Nine levels of ten aliases each: a thousand million values if written out. */
static void
a_bomb_of_aliases_is_refused(void **state)
{
	struct buf text;

	buf_init(&text, *state, BUF_NO_CAP);
	buf_text(&text, "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n");
	for (int i = 1; i < 9; i++) {
		buf_format(&text, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			buf_format(&text, "*a%d,", i - 1);
		buf_text(&text, "]\n");
	}
	assert_non_null(
		strstr(reread(*state, text.data, text.len), "more than 100000 values"));
}

static void
aliases_do_not_get_around_the_depth(void **state)
{
	struct buf text;

	buf_init(&text, *state, BUF_NO_CAP);
	buf_text(&text, "a1: &a1 [1]\n");
	for (int i = 2; i < 40; i++)
		buf_format(&text, "a%d: &a%d [*a%d]\n", i, i, i - 1);
	assert_string_equal(reread(*state, text.data, text.len),
		"f.yaml:32:12: nested deeper than 32 levels");
}

static void
nesting_ends_at_the_cap(void **state)
{
	char *text = mem_array(*state, char, 200001);

	memset(text, '[', 32);
	memset(text + 32, ']', 32);
	assert_string_equal(reread(*state, text, 64), text);
	memset(text, '[', 33);
	memset(text + 33, ']', 33);
	assert_string_equal(
		reread(*state, text, 66), "f.yaml:1:33: nested deeper than 32 levels");
	memset(text, '[', 200000);
	assert_string_equal(reread(*state, text, 200000),
		"f.yaml:1:33: nested deeper than 32 levels");
}

static void
size_values_and_anchors_are_capped(void **state)
{
	size_t n = YAML_SIZE_MAX + 1;
	char *text = mem_array(*state, char, n);
	struct buf anchors;

	memset(text, ' ', n);
	assert_string_equal(reread(*state, text, n), "f.yaml: longer than 256 KiB");
	assert_string_equal(reread(*state, text, n - 1), "{}");
	for (size_t i = 0; i < n; i++)
		text[i] = i == 0 ? '[' : i % 2 ? '1' : ',';
	assert_string_equal(reread(*state, text, n - 1),
		"f.yaml:1:200000: more than 100000 values; make it smaller");
	buf_init(&anchors, *state, BUF_NO_CAP);
	for (int i = 0; i < 257; i++)
		buf_format(&anchors, "- &a%d 1\n", i);
	assert_string_equal(reread(*state, anchors.data, anchors.len),
		"f.yaml:257:3: more than 256 anchors");
}

static void
what_else_is_not_taken_is_refused_with_its_place(void **state)
{
	static const struct row rows[] = {
		{ "a: 1\nb: c: d\n",
			"f.yaml:2:5: mapping values are not allowed in this context" },
		{ "!!map {a: 1}", "f.yaml:1:1: the tag tag:yaml.org,2002:map is not "
				  "taken; leave it out" },
		{ "a: !run x", "f.yaml:1:4: the tag !run is not taken; leave it out" },
		{ "a: 1\n---\nb: 1\n",
			"f.yaml:2:1: a second document begins; one is taken" },
		{ "\"\\0\"", "f.yaml:1:1: no text may hold a NUL" },
		{ "\"a\\0\": 1", "f.yaml:1:1: no text may hold a NUL" },
		{ "[a]: 1", "f.yaml:1:1: a key must be a plain text" },
		{ "&a k: 1", "f.yaml:1:1: a key takes no anchor" },
		{ "\tx: 1", "f.yaml:1:1: found character that cannot start any token" },
		{ "a: \x01", "f.yaml: byte 3: control characters are not allowed" },
		{ "a: \xFF", "f.yaml: byte 3: invalid leading UTF-8 octet" },
		{ "\"\\e]\": 1\n\"\\e]\": 2\n",
			"f.yaml:2:1: the key \"^[]\" stands twice" },
	};

	EXPECT(rows);
}

/* ---- files ---- */

static char folder[] = "/tmp/oneclick-yaml-XXXXXX";
static char path[64];

static int
make_folder(void **state)
{
	snprintf(folder, sizeof(folder), "/tmp/oneclick-yaml-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/f.yaml", folder);
	return begin(state);
}

static int
remove_folder(void **state)
{
	unlink(path);
	rmdir(folder);
	return end(state);
}

static void
write_file(const char *text, size_t n)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
}

static void
a_file_is_read_and_named_in_its_faults(void **state)
{
	const struct value *map;
	struct fault why;

	write_file("a: [1]\n", 7);
	assert_int_equal(yaml_read_file(*state, path, &map, &why), ERR_NONE);
	assert_int_equal(value_get(map, "a")->item[0].whole, 1);
	write_file("a: 1\na: 2\n", 10);
	assert_int_equal(yaml_read_file(*state, path, &map, &why), ERR_INVALID);
	assert_string_equal(why.sentence,
		mem_format(*state, "%s:2:1: the key \"a\" stands twice", path));
}

static void
a_file_that_is_not_there_is_not_found(void **state)
{
	const struct value *map;
	struct fault why;

	assert_int_equal(yaml_read_file(*state, path, &map, &why), ERR_NOT_FOUND);
	assert_string_equal(
		why.sentence, mem_format(*state, "%s: No such file or directory", path));
}

static void
only_a_plain_file_is_read(void **state)
{
	const struct value *map;
	struct fault why;

	assert_int_equal(yaml_read_file(*state, folder, &map, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "not a plain file"));
	assert_int_equal(mkfifo(path, 0600), 0); /* must not wait for a writer */
	assert_int_equal(yaml_read_file(*state, path, &map, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "not a plain file"));
}

static void
a_file_too_long_is_refused(void **state)
{
	size_t n = YAML_SIZE_MAX + 1;
	char *text = mem_array(*state, char, n);
	const struct value *map;
	struct fault why;

	memset(text, '#', n);
	write_file(text, n - 1);
	assert_int_equal(yaml_read_file(*state, path, &map, &why), ERR_NONE);
	write_file(text, n);
	assert_int_equal(yaml_read_file(*state, path, &map, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "longer than 256 KiB"));
}

static void
a_local_tag_is_a_map_of_one_member_where_it_may_stand(void **state)
{
	static const char text[] = "a: !Ref X\nb: !GetAtt [P, Q]\nc: !Sub {d: 1}\n";
	static const char anchored[] = "a: &x !Ref X\nb: *x\n";
	const struct value *map;
	struct fault why;

	assert_int_equal(
		yaml_parse_tagged(*state, "t", text, strlen(text), &map, &why), ERR_NONE);
	assert_string_equal(value_text(value_get(map, "a"), "!Ref"), "X");
	assert_int_equal(value_get(value_get(map, "b"), "!GetAtt")->count, 2);
	assert_int_equal(value_int(value_get(value_get(map, "c"), "!Sub"), "d", 0), 1);
	assert_int_equal(value_get(map, "b")->line, 2);
	assert_int_equal(
		yaml_parse(*state, "t", text, strlen(text), &map, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "the tag !Ref is not taken"));
	assert_int_equal(
		yaml_parse_tagged(*state, "t", anchored, strlen(anchored), &map, &why),
		ERR_INVALID);
	assert_non_null(strstr(why.sentence, "takes no anchor"));
}

#define WITH_LIFE(test) cmocka_unit_test_setup_teardown(test, begin, end)
#define WITH_FOLDER(test) \
	cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LIFE(maps_and_lists_are_read),
		WITH_LIFE(an_empty_document_is_an_empty_map),
		WITH_LIFE(plain_scalars_are_of_the_core_schema),
		WITH_LIFE(infinities_are_numbers),
		WITH_LIFE(quoted_scalars_are_texts),
		WITH_LIFE(every_value_knows_its_place),
		WITH_LIFE(a_member_knows_whether_its_key_had_quotes),
		WITH_LIFE(a_duplicate_key_is_refused),
		WITH_LIFE(a_local_tag_is_a_map_of_one_member_where_it_may_stand),
		WITH_LIFE(an_alias_stands_for_its_anchor),
		WITH_LIFE(a_bomb_of_aliases_is_refused),
		WITH_LIFE(aliases_do_not_get_around_the_depth),
		WITH_LIFE(nesting_ends_at_the_cap),
		WITH_LIFE(size_values_and_anchors_are_capped),
		WITH_LIFE(what_else_is_not_taken_is_refused_with_its_place),
		WITH_FOLDER(a_file_is_read_and_named_in_its_faults),
		WITH_FOLDER(a_file_that_is_not_there_is_not_found),
		WITH_FOLDER(only_a_plain_file_is_read),
		WITH_FOLDER(a_file_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
