/* The same bytes again: told again, refused, or asked for anew. */
#include "../../../src/service/auth/replay.h"
#include "../../../src/store/sqlite/db.h"
#include "fleet.h"
#include "oneclick/base/log.h"

#define SIGNED "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ANEW "fedcba98765432100123456789abcdef0123456789abcdef0123456789abcdef"
#define BUTTON "arn:aws:iot1click:us-west-2:" ACCOUNT ":devices/" ENTERPRISE

/* A change, and what came of its check. */
struct change {
	const char *signature, *resource;
	int64_t now;
	const char *body;     /* to be noted; NULL: it is checked */
	const char *sentence; /* of the refusal that is noted; NULL: it was carried out */
	bool again;
	struct replay recorded;
	enum problem problem;
};

static enum err
run(struct tx *tx, void *arg, struct fault *why)
{
	struct change *change = arg;
	const struct principal who = { .account = ACCOUNT,
		.signature = change->signature,
		.until = fleet.now + 15 * MINUTE };
	const struct replay_case c = {
		.tx = tx,
		.ctx = fleet.life,
		.settings = &fleet.settings,
		.principal = &who,
		.resource = change->resource,
		.now = change->now,
	};

	if (change->sentence)
		replay_note_refusal(&c, PROBLEM_NOT_FOUND, change->sentence);
	else if (change->body)
		replay_note(&c, 200, change->body);
	else
		return replay_check(
			&c, &change->again, &change->recorded, &change->problem, why);
	return ERR_NONE;
}

static void
note(const char *signature, const char *resource, const char *body, const char *sentence)
{
	struct change change = { .signature = signature,
		.resource = resource,
		.now = fleet.now,
		.body = body,
		.sentence = sentence };

	must(store_write(fleet.store, run, &change, &fleet.why));
}

static enum err
check(const char *signature, const char *resource, int64_t later, struct change *out)
{
	*out = (struct change){
		.signature = signature, .resource = resource, .now = fleet.now + later
	};
	return store_write(fleet.store, run, out, &fleet.why);
}

static void
what_never_came_is_carried_out(void **state)
{
	struct change change;

	(void)state;
	must(check(SIGNED, BUTTON, 0, &change));
	assert_false(change.again);
	note(SIGNED, NULL, "{}", NULL);
	must(check(SIGNED, BUTTON, 0, &change));
	assert_true(change.again);
}

static void
the_reply_is_told_again_for_five_seconds(void **state)
{
	struct change change;

	(void)state;
	note(SIGNED, BUTTON, "{\"a\":1}", NULL);
	must(check(SIGNED, BUTTON, REPLAY_AGAIN, &change));
	assert_true(change.again);
	assert_int_equal(change.recorded.status, 200);
	assert_string_equal(change.recorded.body, "{\"a\":1}");
	assert_null(change.recorded.problem);
	assert_refused(ERR_FORBIDDEN, "answered at 2019-07-18T20:51:40.000Z",
		check(SIGNED, BUTTON, REPLAY_AGAIN + 1, &change));
	assert_int_equal(change.problem, PROBLEM_BAD_SIGNATURE);
}

static void
what_has_changed_since_is_asked_for_anew(void **state)
{
	struct change change;

	(void)state;
	note(SIGNED, BUTTON, "{}", NULL);
	note(ANEW, BUTTON, "{}", NULL);
	assert_refused(ERR_THROTTLED, "changed since", check(SIGNED, BUTTON, 1, &change));
	assert_int_equal(change.problem, PROBLEM_THROTTLED);
	must(check(ANEW, BUTTON, 1, &change));
	assert_true(change.again);
	/* Of what no resource is known, nothing is known to have changed. */
	must(check(SIGNED, NULL, 1, &change));
	assert_true(change.again);
}

static void
a_refusal_is_told_again_whatever_has_changed(void **state)
{
	struct change change;

	(void)state;
	note(SIGNED, BUTTON, NULL, "There is no such device.");
	note(ANEW, BUTTON, "{}", NULL);
	must(check(SIGNED, BUTTON, 1, &change));
	assert_true(change.again);
	assert_int_equal(change.recorded.status, 404);
	assert_string_equal(change.recorded.problem, problem_name(PROBLEM_NOT_FOUND));
	assert_non_null(strstr(change.recorded.body, "There is no such device."));
}

static enum err
fail_to(struct tx *tx, void *arg, struct fault *why)
{
	struct change *change = arg;

	assert_int_equal(db_exec(tx, "DROP TABLE replay", why), ERR_NONE);
	return run(tx, change, why);
}

/* Nobody is told that it was remembered: with the store, the change fails as well. */
static void
a_store_that_fails_is_told_as_that(void **state)
{
	struct change check = {
		.signature = SIGNED, .resource = BUTTON, .now = fleet.now
	};
	struct change noted = check;

	(void)state;
	log_to(NULL);
	assert_int_not_equal(
		store_write(fleet.store, fail_to, &check, &fleet.why), ERR_NONE);
	assert_int_equal(check.problem, problem_of(fleet.why.code));
	noted.body = "{}";
	assert_int_not_equal(
		store_write(fleet.store, fail_to, &noted, &fleet.why), ERR_NONE);
}

static void
without_a_signature_or_when_it_is_off_nothing_is_remembered(void **state)
{
	struct change change;

	(void)state;
	note(NULL, BUTTON, "{}", NULL);
	must(check(NULL, BUTTON, 0, &change));
	assert_false(change.again);
	fleet.settings.no_replay_check = true;
	note(SIGNED, BUTTON, "{}", NULL);
	note(SIGNED, NULL, "{}", NULL);
	must(check(SIGNED, BUTTON, 0, &change));
	assert_false(change.again);
	fleet.settings.no_replay_check = false;
	must(check(SIGNED, BUTTON, 0, &change));
	assert_false(change.again);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_never_came_is_carried_out),
		TEST(the_reply_is_told_again_for_five_seconds),
		TEST(what_has_changed_since_is_asked_for_anew),
		TEST(a_refusal_is_told_again_whatever_has_changed),
		TEST(a_store_that_fails_is_told_as_that),
		TEST(without_a_signature_or_when_it_is_off_nothing_is_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
