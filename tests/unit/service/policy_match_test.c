#include "../../../src/service/auth/policy_match.h"
#include "../../../src/service/auth/policy_rows.h"
#include "policy_ground.h"

/* The signs as they are written in these tests: '*' and '?', and '%' and '_' for those that
 * stay within a segment. */
static char
sign_of(char c)
{
	static const char written[] = "*?%_";
	static const char meant[] = { MATCH_RUN, MATCH_ONE, MATCH_RUN_IN, MATCH_ONE_IN };
	const char *at = strchr(written, c);

	return c && at ? meant[at - written] : c;
}

static bool
matches(const char *written, const char *text, size_t *steps)
{
	char pattern[8192];
	struct match match = { .pattern = pattern };
	size_t i;
	bool holds;

	for (i = 0; written[i]; i++)
		pattern[i] = sign_of(written[i]);
	pattern[i] = '\0';
	holds = match_holds(&match, text);
	if (steps)
		*steps = match.steps;
	return holds;
}

/* What a pattern means, said the slow way: by trying every way to split. */
static bool
matches_slowly(const char *pattern, const char *text)
{
	bool in = *pattern == '%' || *pattern == '_';

	if (*pattern == '\0')
		return *text == '\0';
	if (*pattern == '*' || *pattern == '%')
		return matches_slowly(pattern + 1, text) ||
		       (*text && !(in && *text == ':') &&
			       matches_slowly(pattern, text + 1));
	if (*pattern == '?' || *pattern == '_')
		return *text && !(in && *text == ':') &&
		       matches_slowly(pattern + 1, text + 1);
	return *pattern == *text && matches_slowly(pattern + 1, text + 1);
}

static void
the_matcher_agrees_with_the_definition_on_all_short_words(void **state)
{
	static const char letters[] = "a*?b";
	char pattern[6], text[6];

	(void)state;
	for (unsigned p = 0; p < 4 * 4 * 4 * 4 * 4; p++)
		for (unsigned t = 0; t < 3 * 3 * 3 * 3 * 3; t++) {
			unsigned rest = p;
			for (int i = 0; i < 5; i++, rest /= 4)
				pattern[i] = letters[rest % 4];
			pattern[5] = '\0';
			rest = t;
			for (int i = 0; i < 5; i++, rest /= 3)
				text[i] = "ab"[rest % 3 % 2];
			text[rest = 5 - t % 3] = '\0';
			if (matches(pattern, text, NULL) != matches_slowly(pattern, text))
				fail_msg("%s against %s", pattern, text);
		}
}

static uint64_t seed = 20180504;

static unsigned
draw(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % below;
}

/* Six segments as policy_word_read writes them: a free star ends one, or stands in the
 * last. */
static void
draw_pattern(char *out)
{
	for (int segment = 0; segment < 6; segment++) {
		for (unsigned n = draw(3); n > 0; n--)
			*out++ = segment == 5 ? "ab*?:*"[draw(6)] : "ab%_%"[draw(5)];
		if (segment < 5 && draw(3) == 0)
			*out++ = '*';
		if (segment < 5)
			*out++ = ':';
	}
	*out = '\0';
}

static void
draw_text(char *out)
{
	for (int segment = 0; segment < 6; segment++) {
		for (unsigned n = draw(3); n > 0; n--)
			*out++ = "aaab"[draw(4)];
		if (segment < 5 + (int)draw(2))
			*out++ = ':';
	}
	*out = '\0';
}

static void
stars_of_both_kinds_agree_with_the_definition(void **state)
{
	int held = 0;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		char pattern[64], text[64];
		bool slowly;

		draw_pattern(pattern);
		draw_text(text);
		slowly = matches_slowly(pattern, text);
		held += slowly;
		if (matches(pattern, text, NULL) != slowly)
			fail_msg("%s against %s", pattern, text);
	}
	assert_true(held > 1000);
}

static void
a_question_mark_takes_a_whole_character(void **state)
{
	(void)state;
	assert_true(matches("a?c", "a\303\251c", NULL));
	assert_false(matches("a??c", "a\303\251c", NULL));
}

/* With backtracking into every star this would take 2 to the 3,000. */
static void
many_stars_cost_no_more_steps_than_length_times_length(void **state)
{
	char pattern[POLICY_MAX + 1], text[POLICY_MAX + 1];
	size_t steps;

	(void)state;
	for (int i = 0; i < POLICY_MAX - 2; i += 2)
		memcpy(pattern + i, "a*", 2);
	strcpy(pattern + POLICY_MAX - 2, "b");
	memset(text, 'a', POLICY_MAX);
	text[POLICY_MAX] = '\0';
	assert_false(matches(pattern, text, &steps));
	assert_true(steps <= 3 * POLICY_MAX);
	text[POLICY_MAX - 1] = 'b';
	assert_true(matches(pattern, text, &steps));
	assert_true(steps <= 3 * POLICY_MAX);
	for (int i = 0; i < POLICY_MAX; i++)
		text[i] = i % 2 ? ':' : 'a';
	assert_false(matches("%a*:%a*:%a*:%a%a%ab*:%a%ab%b*:*c", text, &steps));
	assert_true(steps <= 40 * (size_t)POLICY_MAX);
}

/* ---- resources ---- */

static bool
names(const char *resource, const char *text)
{
	char document[512];

	snprintf(document, sizeof document, STATEMENTS(ALLOW("\"*\"", "\"%s\"")),
		resource);
	return allows(document, "iot1click:DescribeProject", text);
}

static void
a_star_stays_within_its_segment_unless_it_ends_it(void **state)
{
	static const struct {
		const char *resource;
		bool device, project;
	} rows[] = {
		{ "*", true, true },
		{ "arn:aws:iot1click:us-west-2:000000000000:*", true, true },
		{ "arn:aws:iot1click:us-west-2:000000000000:devices/*", true, false },
		{ "arn:aws:iot1click:*:*:projects/*", false, true },
		{ "arn:aws:iot1click:*:projects/Lobby", false, true },
		{ "arn:aws:iot1click:us-*:projects/Lobby", false, true },
		{ "arn:aws:iot1click:us-*-2:000000000000:projects/Lobby", false, true },
		{ "arn:aws:iot1click:us-*projects/Lobby", false, false },
		{ "arn:aws:iot1click:us?west?2:0000000000??:projects/L?bby", false,
			true },
		{ "arn:aws:iot1click:us-west-2?000000000000:projects/Lobby", false,
			false },
		{ "arn:aws:iot1click:us-west-2:000000000000:projects/lobby", false,
			false },
		{ "arn:aws:iot1click:us-west-2:000000000000:*o*y", false, true },
		{ "arn:*:iot1click:*:*:*/G030PM*", true, false },
		{ "arn:aws:s3:::projects/Lobby", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (names(rows[i].resource, DEVICE) != rows[i].device ||
			names(rows[i].resource, PROJECT "Lobby") != rows[i].project)
			fail_msg("%s", rows[i].resource);
		assert_int_equal(names(rows[i].resource, "*"), i == 0);
	}
}

static void
an_arn_with_segments_missing_means_any_there(void **state)
{
	(void)state;
	assert_true(names("arn:aws:iot1click", DEVICE));
	assert_true(names("arn:aws:iot1click:us-west-2", DEVICE));
	assert_true(names("arn:aws:iot1click:us-west-2:000000000000", PROJECT "p"));
	assert_false(names("arn:aws:iot1click:eu-west-1", DEVICE));
	assert_false(names("arn:aws:iot1click:us-west-2:111111111111", DEVICE));
	assert_false(names("arn:aws:iot1click:us-west-2", "*"));
}

static void
an_id_with_colons_is_one_segment_of_its_own(void **state)
{
	static const char ble[] =
		"arn:aws:iot1click:us-west-2:000000000000:devices/AA:BB:CC";

	(void)state;
	assert_true(names("arn:aws:iot1click:*:*:devices/A*C", ble));
	assert_true(names("arn:aws:iot1click:*:*:devices/AA?BB*", ble));
	assert_false(names("arn:aws:iot1click:*:*:devices/AA", ble));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_matcher_agrees_with_the_definition_on_all_short_words),
		cmocka_unit_test(stars_of_both_kinds_agree_with_the_definition),
		cmocka_unit_test(a_question_mark_takes_a_whole_character),
		cmocka_unit_test(many_stars_cost_no_more_steps_than_length_times_length),
		cmocka_unit_test(a_star_stays_within_its_segment_unless_it_ends_it),
		cmocka_unit_test(an_arn_with_segments_missing_means_any_there),
		cmocka_unit_test(an_id_with_colons_is_one_segment_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
