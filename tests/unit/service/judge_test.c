/* What several policies say together, and what is said when one of them cannot be used. */
#include "../../../src/service/auth/judge.h"
#include "../../../src/service/auth/policy_shelf.h"
#include "fleet.h"

#define ANN "arn:aws:iam::" ACCOUNT ":user/ann"
#define STATEMENT(effect, action) \
	"{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"" effect "\", " \
	"\"Action\": \"iot1click:" action "\", \"Resource\": \"*\"}]}"
#define ON_TAG \
	"{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", " \
	"\"Action\": \"*\", \"Resource\": \"*\", \"Condition\": {\"StringEquals\": " \
	"{\"aws:ResourceTag/room\": \"7\"}}}]}"

struct plea {
	struct pairs *policies;
	const char *action;
	enum err err; /* of the store, already */
	enum problem problem;
};

static enum err
plead(struct tx *tx, void *arg, struct fault *why)
{
	struct plea *plea = arg;
	const struct principal ann = {
		.account = ACCOUNT, .user = "ann", .arn = ANN, .policies = plea->policies
	};
	struct facts facts = {
		.ctx = fleet.life,
		.tx = tx,
		.settings = &fleet.settings,
		.now = fleet.now,
		.principal = &ann,
		.account = ACCOUNT,
		.resource = "*",
		.err = plea->err,
		.why = { .code = plea->err, .sentence = "The disk is gone." },
	};

	return authorize(plea->action, &facts, &plea->problem, why);
}

static struct plea
make_plea(const char *action)
{
	return (struct plea){ .policies = pairs_new(fleet.life),
		.action = action,
		.problem = PROBLEM_COUNT };
}

static void
expect_refusal(struct plea *plea, const char *word)
{
	assert_refused(
		ERR_FORBIDDEN, word, store_read(fleet.store, plead, plea, &fleet.why));
	assert_int_equal(plea->problem, PROBLEM_ACCESS_DENIED);
}

static int
close_judge(void **state)
{
	policy_shelf_clear();
	return close_fleet(state);
}

static void
the_refusal_says_which_statement_of_which_policy(void **state)
{
	struct plea plea = make_plea("iot1click:ListDevices");

	(void)state;
	expect_refusal(&plea, "its user has no policy");
	pairs_set(plea.policies, "one", STATEMENT("Allow", "DescribeDevice"));
	expect_refusal(&plea, "no statement of its policy allows it");
	pairs_set(plea.policies, "two", STATEMENT("Allow", "UnclaimDevice"));
	expect_refusal(&plea, "no statement of its policies allows it");
	pairs_set(plea.policies, "two", STATEMENT("Deny", "ListDevices"));
	expect_refusal(&plea, "statement 1 of its policy two denies it");
	pairs_remove(plea.policies, "one");
	expect_refusal(&plea, "statement 1 of its policy denies it");
	pairs_set(plea.policies, "two", STATEMENT("Allow", "ListDevices"));
	must(store_read(fleet.store, plead, &plea, &fleet.why));
}

static void
a_policy_that_cannot_be_read_allows_nothing(void **state)
{
	struct plea plea = make_plea("iot1click:ListDevices");

	(void)state;
	pairs_set(plea.policies, "bad", "{");
	expect_refusal(&plea, "The policy of " ANN " cannot be used");
	pairs_set(plea.policies, "good", STATEMENT("Allow", "*"));
	expect_refusal(&plea, "Policy bad");
	pairs_remove(plea.policies, "bad");
	must(store_read(fleet.store, plead, &plea, &fleet.why));
}

/* Which is not the same as to be refused. */
static void
a_store_that_fails_is_told_as_that(void **state)
{
	struct plea plea = make_plea("iot1click:ListDevices");

	(void)state;
	pairs_set(plea.policies, "tag", ON_TAG);
	plea.err = ERR_BROKEN;
	assert_refused(ERR_BROKEN, "The disk is gone.",
		store_read(fleet.store, plead, &plea, &fleet.why));
	assert_int_equal(plea.problem, problem_of(ERR_BROKEN));
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fleet, close_judge)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_refusal_says_which_statement_of_which_policy),
		TEST(a_policy_that_cannot_be_read_allows_nothing),
		TEST(a_store_that_fails_is_told_as_that),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
