#include "ground.h"
#include "oneclick/store/audit.h"
#include "oneclick/store/keys.h"

static struct key
a_key(const char *id, int64_t created_at)
{
	return (struct key){ .id = id,
		.secret = "0123456789012345678901234567890123456789",
		.account = OURS,
		.user = "ann",
		.policy = "AWSIoT1ClickFullAccess",
		.created_at = created_at };
}

static bool
see_key(void *arg, const struct key *key)
{
	char text[64];

	snprintf(text, sizeof(text), "%s%s", key->id, key->revoked_at ? "!" : "");
	return see(arg, text);
}

TX_TEST(a_key_comes_back_as_it_was_added)
{
	struct key a = a_key("AKIAAAAAAAAAAAAAAAAA", 5), b;

	must(keys_add(tx, &a, why), why);
	must(keys_find(tx, life, a.id, &b, why), why);
	assert_string_equal(b.id, a.id);
	assert_string_equal(b.secret, a.secret);
	assert_string_equal(b.account, OURS);
	assert_string_equal(b.user, "ann");
	assert_string_equal(b.policy, a.policy);
	assert_int_equal(b.created_at, 5);
	assert_int_equal(b.revoked_at, 0);
	assert_int_equal(keys_add(tx, &a, why), ERR_CONFLICT);
	assert_string_equal(why->sentence,
		"There is already an access key \"AKIAAAAAAAAAAAAAAAAA\".");
	return ERR_NONE;
}

TX_TEST(a_revoked_key_is_not_found_and_stays_listed)
{
	struct key a = a_key("A", 2), b = a_key("B", 1), found;
	struct seen seen = { 0 };

	must(keys_add(tx, &a, why), why);
	must(keys_add(tx, &b, why), why);
	must(keys_revoke(tx, "A", 7, why), why);
	must(keys_revoke(tx, "A", 8, why), why);
	assert_int_equal(keys_find(tx, life, "A", &found, why), ERR_NOT_FOUND);
	assert_string_equal(why->sentence, "There is no access key \"A\" in use.");
	must(keys_find(tx, life, "B", &found, why), why);
	must(keys_list(tx, see_key, &seen, why), why);
	assert_string_equal(seen.text, "B A!");
	return ERR_NONE;
}

TX_TEST(an_unknown_key_is_neither_found_nor_revoked)
{
	struct key found;

	assert_int_equal(keys_find(tx, life, "A", &found, why), ERR_NOT_FOUND);
	assert_int_equal(keys_revoke(tx, "A", 1, why), ERR_NOT_FOUND);
	return ERR_NONE;
}

static bool
see_record(void *arg, int64_t pos, int64_t at, const char *record)
{
	char text[64];

	snprintf(text, sizeof(text), "%d:%d:%s", (int)pos, (int)at, record);
	return see(arg, text);
}

TX_TEST(audit_records_are_listed_newest_first_by_account)
{
	struct seen all = { 0 }, older = { 0 }, one = { 0 };

	must(audit_append(tx, 10, OURS, "ListDevices", "a", why), why);
	must(audit_append(tx, 11, THEIRS, "ListDevices", "b", why), why);
	must(audit_append(tx, 12, OURS, "CreateProject", "c", why), why);
	must(audit_append(tx, 13, OURS, "DeleteProject", "d", why), why);
	must(audit_list(tx, OURS, 0, 9, see_record, &all, why), why);
	assert_string_equal(all.text, "4:13:d 3:12:c 1:10:a");
	must(audit_list(tx, OURS, 4, 9, see_record, &older, why), why);
	assert_string_equal(older.text, "3:12:c 1:10:a");
	must(audit_list(tx, OURS, 0, 1, see_record, &one, why), why);
	assert_string_equal(one.text, "4:13:d");
	return ERR_NONE;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_comes_back_as_it_was_added),
		cmocka_unit_test(a_revoked_key_is_not_found_and_stays_listed),
		cmocka_unit_test(an_unknown_key_is_neither_found_nor_revoked),
		cmocka_unit_test(audit_records_are_listed_newest_first_by_account),
	};

	return RUN_BOTH(tests);
}
