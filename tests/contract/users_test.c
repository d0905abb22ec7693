#include "ground.h"
#include "oneclick/store/keys.h"
#include "oneclick/store/replays.h"
#include "oneclick/store/users.h"

static struct user
a_user(const char *account, const char *name)
{
	return (struct user){ .account = account,
		.name = name,
		.policies = "{\"a\":\"AWSIoT1ClickFullAccess\"}",
		.tags = "{\"team\":\"red\"}",
		.created_at = 5 };
}

static bool
see_user(void *arg, const struct user *user)
{
	char text[64];

	snprintf(text, sizeof(text), "%.3s/%s", user->account, user->name);
	return see(arg, text);
}

TX_TEST(a_user_comes_back_as_it_was_added_and_saved)
{
	struct user ann = a_user(OURS, "ann"), found;

	must(users_add(tx, &ann, why), why);
	assert_int_equal(users_add(tx, &ann, why), ERR_CONFLICT);
	assert_string_equal(
		why->sentence, "Account " OURS " already has a user \"ann\".");
	ann.policies = "{}";
	ann.tags = "{\"team\":\"blue\"}";
	must(users_save(tx, &ann, why), why);
	must(users_find(tx, life, OURS, "ann", &found, why), why);
	assert_string_equal(found.account, OURS);
	assert_string_equal(found.policies, "{}");
	assert_string_equal(found.tags, "{\"team\":\"blue\"}");
	assert_int_equal(found.created_at, 5);
	return ERR_NONE;
}

TX_TEST(a_user_is_of_one_account_only)
{
	struct user ours = a_user(OURS, "ann"), theirs = a_user(THEIRS, "ann"), found;
	struct seen seen = { 0 };

	must(users_add(tx, &theirs, why), why);
	assert_int_equal(users_find(tx, life, OURS, "ann", &found, why), ERR_NOT_FOUND);
	must(users_add(tx, &ours, why), why);
	must(users_list(tx, see_user, &seen, why), why);
	assert_string_equal(seen.text, "123/ann 210/ann");
	must(users_remove(tx, OURS, "ann", why), why);
	assert_int_equal(users_remove(tx, OURS, "ann", why), ERR_NOT_FOUND);
	must(users_find(tx, life, THEIRS, "ann", &found, why), why);
	return ERR_NONE;
}

TX_TEST(a_key_knows_what_its_user_has)
{
	struct user ann = a_user(OURS, "ann");
	struct key key = { .id = "A",
		.secret = "s",
		.account = OURS,
		.user = "ann",
		.policy = "",
		.created_at = 1 };
	struct key found;

	must(keys_add(tx, &key, why), why);
	must(keys_find(tx, life, "A", &found, why), why);
	assert_string_equal(found.user_policies, "{}");
	assert_string_equal(found.user_tags, "{}");
	must(users_add(tx, &ann, why), why);
	must(keys_find(tx, life, "A", &found, why), why);
	assert_string_equal(found.user_policies, ann.policies);
	assert_string_equal(found.user_tags, ann.tags);
	return ERR_NONE;
}

static bool
see_account(void *arg, const struct account *account)
{
	char text[64];

	snprintf(text, sizeof(text), "%.3s=%s@%d", account->id, account->name,
		(int)account->created_at);
	return see(arg, text);
}

TX_TEST(accounts_are_made_once_and_listed)
{
	const struct account theirs = { THEIRS, "Acme", 7 }, ours = { OURS, "", 8 };
	struct seen seen = { 0 };

	must(accounts_add(tx, &theirs, why), why);
	must(accounts_add(tx, &ours, why), why);
	assert_int_equal(accounts_add(tx, &ours, why), ERR_CONFLICT);
	must(accounts_list(tx, see_account, &seen, why), why);
	assert_string_equal(seen.text, "123=@8 210=Acme@7");
	return ERR_NONE;
}

/* ---- signatures ---- */

static struct replay
a_replay(const char *signature, int64_t until)
{
	return (struct replay){ .signature = signature,
		.until = until,
		.at = 3,
		.status = 409,
		.problem = "ResourceConflictException",
		.body = "{}" };
}

static bool
is_known(struct tx *tx, void *life, const char *signature, int64_t until)
{
	struct replay found;
	struct fault why;
	bool seen;

	must(replays_find(tx, life, signature, until, &seen, &found, &why), &why);
	return seen;
}

TX_TEST(a_signature_keeps_the_first_reply_it_got)
{
	struct replay first = a_replay("abc", 10), second = a_replay("abc", 10), found;
	bool seen;

	assert_false(is_known(tx, life, "abc", 10));
	must(replays_note(tx, &first, why), why);
	second.status = 200;
	second.problem = NULL;
	must(replays_note(tx, &second, why), why);
	must(replays_find(tx, life, "abc", 10, &seen, &found, why), why);
	assert_true(seen);
	assert_int_equal(found.status, 409);
	assert_int_equal(found.at, 3);
	assert_string_equal(found.problem, "ResourceConflictException");
	assert_string_equal(found.body, "{}");
	assert_false(is_known(tx, life, "abd", 10));
	assert_false(is_known(tx, life, "abc", 11));
	return ERR_NONE;
}

TX_TEST(signatures_go_the_oldest_first_and_some_at_a_time)
{
	const struct replay rows[] = { a_replay("x", 30), a_replay("y", 10),
		a_replay("z", 20), a_replay("w", 20) };
	int removed;

	for (size_t i = 0; i < 4; i++)
		must(replays_note(tx, &rows[i], why), why);
	must(replays_trim(tx, 25, 2, &removed, why), why);
	assert_int_equal(removed, 2);
	assert_false(is_known(tx, life, "y", 10));
	must(replays_trim(tx, 25, 2, &removed, why), why);
	assert_int_equal(removed, 1);
	assert_false(is_known(tx, life, "z", 20) || is_known(tx, life, "w", 20));
	assert_true(is_known(tx, life, "x", 30));
	return ERR_NONE;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_user_comes_back_as_it_was_added_and_saved),
		cmocka_unit_test(a_user_is_of_one_account_only),
		cmocka_unit_test(a_key_knows_what_its_user_has),
		cmocka_unit_test(accounts_are_made_once_and_listed),
		cmocka_unit_test(a_signature_keeps_the_first_reply_it_got),
		cmocka_unit_test(signatures_go_the_oldest_first_and_some_at_a_time),
	};

	return RUN_BOTH(tests);
}
