/* What holds of all policies, shown on random ones. */
#include "policy_ground.h"

#include "oneclick/api/grant.h"

enum { ROUNDS = 4000, STATEMENT_ROOM = 700, STATEMENTS_MAX = 4 };

static uint64_t seed = 20180504;

static unsigned
draw(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % below;
}

#define ONE_OF(list) ((list)[draw(sizeof(list) / sizeof *(list))])

static const char *const actions[] = { "*", "iot1click:*", "iot1click:Describe*",
	"iot1click:*Project", "iot1click:ListDevices", "cloudtrail:*" };
static const char *const resources[] = { "*", DEVICE, PROJECT "red",
	"arn:aws:iot1click:*:*:projects/*", "arn:aws:iot1click:*:*:*/${aws:username}*",
	"arn:aws:iot1click:us-west-2" };
static const char *const conditions[] = { "",
	",\"Condition\":{\"StringEquals\":{\"aws:username\":\"red\"}}",
	",\"Condition\":{\"StringNotLike\":{\"aws:username\":[\"r*\",\"b*\"]}}",
	",\"Condition\":{\"ForAnyValue:StringLike\":{\"aws:TagKeys\":\"r*\"}}",
	(",\"Condition\":{\"IpAddressIfExists\":{\"aws:SourceIp\":\"10.0.0.0/8\"},"
	 "\"Null\":{\"aws:userid\":\"true\"}}") };
static const char *const requests[] = { "", "aws:username=red aws:SourceIp=10.0.0.1",
	"aws:username=blue aws:TagKeys=x|r", "aws:username=* aws:userid=1" };
static const char *const asked_actions[] = { "iot1click:ListDevices",
	"iot1click:DescribeProject", "cloudtrail:LookupEvents" };
static const char *const asked_resources[] = { "*", DEVICE, PROJECT "red",
	PROJECT "blue" };

static void
draw_statement(char out[STATEMENT_ROOM], const char *effect)
{
	snprintf(out, STATEMENT_ROOM,
		"{\"Effect\":\"%s\",\"%sAction\":[\"%s\",\"%s\"],\"%sResource\":\"%s\"%"
		"s}",
		effect, draw(4) ? "" : "Not", ONE_OF(actions), ONE_OF(actions),
		draw(4) ? "" : "Not", ONE_OF(resources), ONE_OF(conditions));
}

struct drawn {
	char statement[STATEMENTS_MAX + 1][STATEMENT_ROOM];
	size_t count;
	const char *action, *resource, *known;
};

static struct drawn
draw_question(void)
{
	struct drawn d = { .count = 1 + draw(STATEMENTS_MAX - 1) };

	for (size_t i = 0; i < d.count; i++)
		draw_statement(d.statement[i], draw(3) ? "Allow" : "Deny");
	d.action = ONE_OF(asked_actions);
	d.resource = ONE_OF(asked_resources);
	d.known = ONE_OF(requests);
	return d;
}

/* The statements from the `first` one on and round. */
static enum policy_decision
decide_drawn(const struct drawn *d, size_t first)
{
	char document[STATEMENTS_MAX * STATEMENT_ROOM + 100] =
		"{\"Version\":\"2012-10-17\",\"Statement\":[";

	for (size_t i = 0; i < d->count; i++) {
		if (i)
			strcat(document, ",");
		strcat(document, d->statement[(first + i) % d->count]);
	}
	strcat(document, "]}");
	return decide(document, d->action, d->resource, d->known);
}

static void
one_more_deny_never_widens_and_one_more_allow_never_narrows(void **state)
{
	int denied = 0, allowed = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct drawn d = draw_question(), more = d;
		enum policy_decision before = decide_drawn(&d, 0), after;

		more.count++;
		draw_statement(more.statement[d.count], "Deny");
		after = decide_drawn(&more, 0);
		if (before != after)
			assert_int_equal(after, POLICY_EXPLICIT_DENY);
		denied += before != after;
		draw_statement(more.statement[d.count], "Allow");
		after = decide_drawn(&more, 0);
		if (before != after) {
			assert_int_equal(before, POLICY_IMPLICIT_DENY);
			assert_int_equal(after, POLICY_ALLOWED);
		}
		allowed += before != after;
	}
	assert_true(denied > ROUNDS / 20 && allowed > ROUNDS / 20);
}

static void
the_order_of_statements_does_not_matter(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct drawn d = draw_question();

		for (size_t first = 1; first < d.count; first++)
			assert_int_equal(decide_drawn(&d, first), decide_drawn(&d, 0));
	}
}

static enum policy_decision
decide_both(const char *one, const char *other, const struct drawn *d)
{
	void *life = mem_life(NULL);
	struct known facts;
	const struct policy_context context = { .find = find_known, .arg = &facts };
	const struct policy_question question = {
		.action = d->action, .resource = d->resource, .context = &context
	};
	const char *const documents[] = { one, other };
	const struct policy *policies[2];
	struct policy_verdict verdict;

	strcpy(facts.text, d->known);
	for (int i = 0; i < 2; i++) {
		struct policy *policy;
		assert_int_equal(
			policy_parse(life, documents[i], &policy, NULL), ERR_NONE);
		policies[i] = policy;
	}
	verdict = policies_decide(policies, 2, &question);
	mem_free(life);
	return verdict.decision;
}

/* Nor does which document they stand in. */
static void
two_policies_say_what_one_of_all_their_statements_says(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct drawn d = draw_question();
		char one[STATEMENT_ROOM + 100], other[STATEMENT_ROOM + 100];

		d.count = 2;
		draw_statement(d.statement[1], draw(3) ? "Allow" : "Deny");
		snprintf(one, sizeof one, STATEMENTS("%s"), d.statement[0]);
		snprintf(other, sizeof other, STATEMENTS("%s"), d.statement[1]);
		assert_int_equal(decide_both(one, other, &d), decide_drawn(&d, 0));
		assert_int_equal(decide_both(other, one, &d), decide_drawn(&d, 0));
	}
}

static void
an_action_and_its_complement_cover_everything(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		char document[600];

		snprintf(document, sizeof document,
			STATEMENTS(ALLOW("\"%s\"", "\"*\"") ",{\"Effect\":\"Allow\","
							    "\"NotAction\":\"%s\","
							    "\"Resource\":\"*\"}"),
			actions[i], actions[i]);
		for (enum op op = 0; op < OP_COUNT; op++)
			assert_true(allows(document, grant_action(op), DEVICE));
		snprintf(document, sizeof document,
			STATEMENTS(ALLOW("\"%s\"", "\"*\"") ",{\"Effect\":\"Deny\","
							    "\"NotAction\":\"*\","
							    "\"Resource\":\"*\"}"),
			actions[i]);
		assert_int_equal(allows(document, "iot1click:ListDevices", "*"),
			i == 0 || i == 1 || i == 4);
	}
}

static void
a_resource_and_its_complement_cover_everything(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof resources / sizeof *resources; i++)
		for (size_t r = 0; r < sizeof asked_resources / sizeof *asked_resources;
			r++) {
			char document[700];

			snprintf(document, sizeof document,
				STATEMENTS(ALLOW("\"*\"", "\"%s\"") ",{\"Effect\":"
								    "\"Allow\","
								    "\"Action\":\"*\","
								    "\"NotResource\":"
								    "\"%s\"}"),
				resources[i], resources[i]);
			assert_int_equal(decide(document, "iot1click:ListDevices",
						 asked_resources[r], "aws:username=red"),
				POLICY_ALLOWED);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			one_more_deny_never_widens_and_one_more_allow_never_narrows),
		cmocka_unit_test(the_order_of_statements_does_not_matter),
		cmocka_unit_test(two_policies_say_what_one_of_all_their_statements_says),
		cmocka_unit_test(an_action_and_its_complement_cover_everything),
		cmocka_unit_test(a_resource_and_its_complement_cover_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
