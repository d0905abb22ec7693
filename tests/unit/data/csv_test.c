#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/csv.h"

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

/* Every row as "line:[field][field]", or the sentence it was refused with at the end. */
static const char *
reread(void *life, const char *text, size_t n)
{
	struct csv csv = csv_over(text, n);
	const char *const *fields;
	struct fault why;
	struct buf out;
	size_t count;

	buf_init(&out, life, BUF_NO_CAP);
	for (;;) {
		if (csv_next(&csv, life, &fields, &count, &why) != ERR_NONE) {
			assert_int_equal(why.code, ERR_INVALID);
			buf_text(&out, why.sentence);
			return out.data;
		}
		if (!fields)
			return out.data;
		buf_format(&out, "%d:", csv.line);
		for (size_t i = 0; i < count; i++)
			buf_format(&out, "[%s]", fields[i]);
		buf_char(&out, ' ');
	}
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
rows_and_fields_are_read(void **state)
{
	static const struct row rows[] = {
		{ "", "" },
		{ "a,b\nc,d\n", "1:[a][b] 2:[c][d] " },
		{ "a,b\r\nc,d", "1:[a][b] 2:[c][d] " },
		{ ",\n,,x", "1:[][] 2:[][][x] " },
		{ " a , b ", "1:[ a ][ b ] " },
		{ "\xEF\xBB\xBF"
		  "id,code\n",
			"1:[id][code] " },
		{ "a\rb,c", "1:[a\rb][c] " },
	};

	EXPECT(rows);
}

static void
quotes_hold_commas_quotes_and_line_ends(void **state)
{
	static const struct row rows[] = {
		{ "\"a,b\",\"c\"\"d\"", "1:[a,b][c\"d] " },
		{ "\"\",\"\"\"\"\n", "1:[][\"] " },
		{ "\"two\r\nlines\",x\ny", "1:[two\r\nlines][x] 3:[y] " },
	};

	EXPECT(rows);
}

static void
empty_lines_are_passed_over_and_counted(void **state)
{
	static const struct row rows[] = {
		{ "\n\r\na\n\n\nb\n\n", "3:[a] 6:[b] " },
		{ "\"\"\n", "1:[] " },
	};

	EXPECT(rows);
}

static void
a_misplaced_quote_is_refused(void **state)
{
	static const struct row rows[] = {
		{ "a\n\"b", "1:[a] line 2: a quote is never closed" },
		{ "\"a\n\nb,", "line 1: a quote is never closed" },
		{ "\"a\"\"", "line 1: a quote is never closed" },
		{ "\"a\"b", "line 1: text stands after a closing quote" },
		{ "\"a\nb\" ,c", "line 2: text stands after a closing quote" },
		{ "5\" pipe", "line 1: a quote stands inside a field that does not begin "
			      "with one" },
	};

	EXPECT(rows);
}

static void
a_nul_is_refused(void **state)
{
	assert_string_equal(reread(*state, "a,b\0c", 5), "line 1: a NUL is no text");
	assert_string_equal(reread(*state, "\"a\0\"", 4), "line 1: a NUL is no text");
}

static void
fields_are_capped(void **state)
{
	char commas[257];
	struct csv csv;
	const char *const *fields;
	struct fault why;
	size_t count;

	memset(commas, ',', sizeof(commas));
	csv = csv_over(commas, 255);
	assert_int_equal(csv_next(&csv, *state, &fields, &count, &why), ERR_NONE);
	assert_int_equal(count, 256);
	csv = csv_over(commas, 256);
	assert_int_equal(csv_next(&csv, *state, &fields, &count, &why), ERR_INVALID);
	assert_string_equal(why.sentence, "line 1: more than 256 fields");
	assert_null(fields);
}

static void
a_field_is_quoted_when_it_must_be(void **state)
{
	static const struct row rows[] = {
		{ "plain text", "plain text" },
		{ "", "" },
		{ "a,b", "\"a,b\"" },
		{ "say \"x\"", "\"say \"\"x\"\"\"" },
		{ "two\nlines", "\"two\nlines\"" },
		{ "a\rb", "\"a\rb\"" },
		{ " a", "\" a\"" },
		{ "a ", "\"a \"" },
	};
	struct buf out;

	buf_init(&out, *state, BUF_NO_CAP);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		buf_clear(&out);
		csv_write(&out, rows[i].text);
		assert_string_equal(out.data, rows[i].result);
		if (*rows[i].text)
			assert_string_equal(reread(*state, out.data, out.len),
				mem_format(*state, "1:[%s] ", rows[i].text));
	}
	buf_clear(&out);
	csv_write(&out, NULL);
	assert_string_equal(out.data, "");
}

static void
a_spreadsheet_runs_nothing(void **state)
{
	static const struct row rows[] = {
		{ "=1+1", "'=1+1" },
		{ "+1", "'+1" },
		{ "-1", "'-1" },
		{ "@x", "'@x" },
		{ "\t=x", "'\t=x" },
		{ "=a(\"b\",c)", "\"'=a(\"\"b\"\",c)\"" },
		{ "a=1", "a=1" },
		{ "\uFF1D1+1", "'\uFF1D1+1" },
		{ "'=1", "''=1" },
		{ "''+1", "'''+1" },
		{ "'tis", "'tis" },
		{ "'", "'" },
	};
	const char *const *fields;
	struct buf out;
	struct csv csv;
	size_t count;

	buf_init(&out, *state, BUF_NO_CAP);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		buf_clear(&out);
		csv_write(&out, rows[i].text);
		assert_string_equal(out.data, rows[i].result);
		csv = csv_over(out.data, out.len);
		assert_int_equal(csv_next(&csv, *state, &fields, &count, NULL), 0);
		assert_string_equal(csv_plain(fields[0]), rows[i].text);
	}
}

#define WITH_LIFE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LIFE(rows_and_fields_are_read),
		WITH_LIFE(quotes_hold_commas_quotes_and_line_ends),
		WITH_LIFE(empty_lines_are_passed_over_and_counted),
		WITH_LIFE(a_misplaced_quote_is_refused),
		WITH_LIFE(a_nul_is_refused),
		WITH_LIFE(fields_are_capped),
		WITH_LIFE(a_field_is_quoted_when_it_must_be),
		WITH_LIFE(a_spreadsheet_runs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
