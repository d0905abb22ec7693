#include "oneclick/base/buf.h"
#include "oneclick/service/destinations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/yaml.h"
#include "oneclick/service/dispatch.h"

#define HOOK "webhook: {url: 'https://a.example/x'}"

/* The table that this text is the list of; NULL: `why` says what is wrong with it. */
static struct destinations *
read_table(const void *life, const char *text, struct fault *why)
{
	const struct value *tree;
	struct destinations *table;

	if (yaml_parse(life, "t", text, strlen(text), &tree, why))
		fail_msg("%s", why->sentence);
	return destinations_read(life, tree, NULL, &table, why) ? NULL : table;
}

static void
assert_refused(const char *text, const char *sentence)
{
	void *life = mem_life(NULL);
	struct fault why;

	if (read_table(life, text, &why))
		fail_msg("%s was taken", text);
	assert_string_equal(why.sentence, sentence);
	mem_free(life);
}

static const char *
find(const struct destinations *table, const char *arn)
{
	const struct destination *to = destinations_find(table, arn);

	return to ? to->match : "";
}

static void
the_first_that_matches_is_taken(void **state)
{
	void *life = mem_life(NULL);
	struct fault why;
	struct destinations *table = read_table(life,
		"- {match: 'arn:aws:lambda:*:function:print', " HOOK "}\n"
		"- {match: 'arn:aws:lambda:*:function:p?int', " HOOK "}\n"
		"- {match: 'arn:*:*x*', " HOOK "}\n"
		"- {match: 'arn:b[a]*', " HOOK "}\n",
		&why);

	(void)state;
	assert_non_null(table);
	assert_string_equal(
		find(table, "arn:aws:lambda:us:1:function:print"), table->row[0].match);
	assert_string_equal(
		find(table, "arn:aws:lambda:us:1:function:paint"), table->row[1].match);
	assert_string_equal(find(table, "arn:a:bxc"), table->row[2].match);
	assert_string_equal(find(table, "arn:xx:x"), table->row[2].match);
	assert_string_equal(find(table, "arn:b[a]:c"), "arn:b[a]*");
	assert_string_equal(find(table, "arn:ba:c"), "");
	assert_string_equal(find(table, "arn:aws:lambda:us:1:function:pint"), "");
	assert_string_equal(find(table, "arn:aws:lambda:us:1:function:prints"), "");
	assert_string_equal(find(table, ""), "");
	mem_free(life);
}

static void
what_is_not_said_is_as_it_says_in_the_manual(void **state)
{
	void *life = mem_life(NULL);
	struct fault why;
	struct destinations *table = read_table(life,
		"- {match: 'arn:a*', " HOOK "}\n"
		"- {match: 'arn:b*', max-in-flight: 3, max-age: 2d, timeout: 90s, "
		"ordered: "
		"device, " HOOK "}\n",
		&why);

	(void)state;
	assert_non_null(table);
	assert_int_equal(table->row[0].in_flight_max, 8);
	assert_int_equal(table->row[0].timeout, 15 * 1000);
	assert_int_equal(table->row[0].max_age, 6 * 60 * 60 * 1000);
	assert_false(table->row[0].ordered);
	assert_int_equal(table->row[1].in_flight_max, 3);
	assert_int_equal(table->row[1].timeout, 90 * 1000);
	assert_int_equal(table->row[1].max_age, 2 * 24 * 60 * 60 * 1000);
	assert_true(table->row[1].ordered);
	mem_free(life);
}

/* What no callback can have, and what one before it always takes. */
static void
a_destination_that_can_never_match_is_refused(void **state)
{
	static const char *const none[] = { "front-desk", "a", "'?'", "'b*'", "lambda:*",
		"'arn:aws:lambda'", "ARN:aws:a:b:c:d", "'arn?'", "'a?m:*'" };
	static const char *const some[] = { "'*'", "'?rn:*'", "'a*'", "'*desk'", "'arn*'",
		"arn:aws:lambda:us-west-2:1:function:f", "'????:*'" };
	static const char *const covered[][2] = {
		{ "'*'", "'arn:*'" },
		{ "'*'", "arn:aws:lambda:r:1:function:f" },
		{ "'arn:aws:lambda:*'", "'arn:aws:lambda:*:*:function:f*'" },
		{ "'arn:*:f?'", "'arn:aws:*:f?'" },
		{ "'arn:*x*'", "'arn:a:x?*'" },
	};
	static const char *const apart[][2] = {
		{ "'arn:aws:lambda:*:f?'", "'arn:aws:lambda:*:f*'" },
		{ "'arn:aws:lambda:*:f'", "'arn:aws:lambda:*'" },
		{ "'arn:aws:sns:*'", "'arn:aws:lambda:*'" },
		{ "'arn:*a'", "'arn:*a*'" },
	};
	void *life = mem_life(NULL);
	struct fault why;

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (read_table(life,
			    mem_format(life, "- {match: %s, " HOOK "}\n", none[i]),
			    &why) ||
			!strstr(why.sentence, "match takes the ARN"))
			fail_msg("%s: %s", none[i], why.sentence);
	for (size_t i = 0; i < sizeof some / sizeof *some; i++)
		if (!read_table(life,
			    mem_format(life, "- {match: %s, " HOOK "}\n", some[i]), &why))
			fail_msg("%s: %s", some[i], why.sentence);
#define BOTH(row) \
	mem_format(life, "- {match: %s, " HOOK "}\n- {match: %s, " HOOK "}\n", (row)[0], \
		(row)[1])
	for (size_t i = 0; i < sizeof covered / sizeof *covered; i++)
		if (read_table(life, BOTH(covered[i]), &why) ||
			!strstr(why.sentence, "before this one"))
			fail_msg("%s takes not all of %s", covered[i][0], covered[i][1]);
	for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
		if (!read_table(life, BOTH(apart[i]), &why))
			fail_msg("%s takes all of %s", apart[i][0], apart[i][1]);
	mem_free(life);
}

static void
no_section_is_an_empty_table(void **state)
{
	void *life = mem_life(NULL);
	struct destinations *table;

	(void)state;
	assert_int_equal(destinations_read(life, NULL, NULL, &table, NULL), ERR_NONE);
	assert_int_equal(table->count, 0);
	assert_null(destinations_find(table, "a"));
	mem_free(life);
}

static void
what_is_wrong_is_said_with_line_and_column(void **state)
{
	(void)state;
	assert_refused("- {match: 'arn:a*', " HOOK ", ordred: none}",
		"line 1, column 60: \"ordred\" is not known here; did you mean "
		"\"ordered\"?");
	assert_refused("- match: arn:a*\n  max-age: 0s\n  " HOOK "\n",
		"line 2, column 3: max-age takes a time like 15s, 10m or 6h, at most "
		"1209600 s, not \"0s\".");
	assert_refused("- {match: 'arn:a*', " HOOK "}\n- {match: 'arn:a*', " HOOK "}\n",
		"line 2, column 3: A destination before this one matches arn:a* "
		"already.");
	assert_refused("- {match: 'arn:*', " HOOK "}\n- {match: 'arn:a*', " HOOK "}\n",
		"line 2, column 3: A destination before this one matches arn:*, and with "
		"it all of arn:a*: put this one first, or leave it out.");
	assert_refused("- {" HOOK "}\n",
		"line 1, column 3: match is missing: say which ARNs this webhook is "
		"for.");
	assert_refused("- match: arn:a*\n", "line 1, column 3: A destination needs one "
					    "of webhook, lambda, exec, mqtt, "
					    "mail, sms or sns.");
	assert_refused("- match: arn:a*\n  webhook:\n    url: http://a.example/\n",
		"line 3, column 5: Endpoint \"http://a.example\": Plain http:// to "
		"another machine sends everything in the clear: use https://, or ask for "
		"it (--plain, in a file plain: true).");
}

static void
waits_grow_to_an_hour_and_differ_by_chance(void **state)
{
	static const int64_t seconds[] = { 1, 5, 30, 120, 600, 1800, 3600, 3600, 3600 };
	int different = 0;

	(void)state;
	for (int i = 0; i < 9; i++)
		for (int n = 0; n < 200; n++) {
			int64_t wait = dispatch_wait(i + 1, -1),
				whole = seconds[i] * 1000;

			assert_true(wait >= whole * 4 / 5 && wait <= whole * 6 / 5);
			different += wait != whole;
		}
	assert_true(different > 1000);
	assert_in_range(dispatch_wait(1000000, -1), 2880 * 1000, 4320 * 1000);
}

static void
what_the_other_side_asks_for_is_heard_up_to_an_hour(void **state)
{
	(void)state;
	assert_int_equal(dispatch_wait(1, 20 * 1000), 20 * 1000);
	assert_in_range(dispatch_wait(3, 1000), 24 * 1000, 36 * 1000);
	assert_int_equal(dispatch_wait(1, INT64_MAX), 3600 * 1000);
}

/* Each sink, whole; then with one member at a time said to be nothing. */
static void
a_member_that_is_there_without_a_value_is_not_there(void **state)
{
	static const struct {
		const char *sink, *members[6];
	} sinks[] = {
		{ "webhook", { "url: 'https://h/'", "secret-file: /x", "from: a@b" } },
		{ "mqtt", { "url: 'mqtt://h'", "topic: a" } },
		{ "mail", { "url: 'smtp://h'", "from: a@b.c", "to: d@e.f", "subject: s",
				  "body: b" } },
		{ "sms", { "url: 'https://h/'", "to: '+4930123456'", "text: t" } },
		{ "exec", { "command: [/bin/true]", "user: nobody" } },
		{ "lambda", { "endpoint: 'https://h/'", "credentials-file: /x" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof sinks / sizeof *sinks; i++)
		for (size_t k = 0; k < 6 && sinks[i].members[k]; k++) {
			void *life = mem_life(NULL);
			struct fault why = { .sentence = "" };
			struct buf text;

			buf_init(&text, life, BUF_NO_CAP);
			buf_format(&text, "- {match: 'arn:a*', %s: {", sinks[i].sink);
			for (size_t m = 0; m < 6 && sinks[i].members[m]; m++)
				buf_format(&text, "%s%.*s", m ? ", " : "",
					(int)(m == k ? strcspn(sinks[i].members[m], " ") +
								1
						     : strlen(sinks[i].members[m])),
					sinks[i].members[m]);
			buf_text(&text, "}}\n");
			if (!read_table(life, text.data, &why))
				assert_true(strlen(why.sentence) > 10);
			mem_free(life);
		}
	assert_refused("- {match: 'arn:a*', webhook: {url}}",
		"line 1, column 31: \"url\" is needed here.");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_that_matches_is_taken),
		cmocka_unit_test(what_is_not_said_is_as_it_says_in_the_manual),
		cmocka_unit_test(a_destination_that_can_never_match_is_refused),
		cmocka_unit_test(no_section_is_an_empty_table),
		cmocka_unit_test(what_is_wrong_is_said_with_line_and_column),
		cmocka_unit_test(waits_grow_to_an_hour_and_differ_by_chance),
		cmocka_unit_test(what_the_other_side_asks_for_is_heard_up_to_an_hour),
		cmocka_unit_test(a_member_that_is_there_without_a_value_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
