#include "ground.h"

#include "oneclick/store/audit.h"

enum { SECOND = 1000 };

static void
append(struct tx *tx, const char *account, int64_t at, const char *record)
{
	struct fault why;

	must(audit_append(tx, at, account, "ListDevices", record, &why), &why);
}

static bool
see_record(void *arg, int64_t pos, int64_t at, const char *record)
{
	(void)pos, (void)at;
	return see(arg, record);
}

TX_TEST(a_list_is_of_one_account_newest_first)
{
	struct seen seen = { 0 };

	append(tx, OURS, 1, "a");
	append(tx, THEIRS, 2, "b");
	append(tx, OURS, 3, "c");
	must(audit_list(tx, OURS, 0, 10, see_record, &seen, why), why);
	assert_string_equal(seen.text, "c a");
	seen = (struct seen){ 0 };
	must(audit_list(tx, OURS, 3, 10, see_record, &seen, why), why);
	assert_string_equal(seen.text, "a");
	return ERR_NONE;
}

TX_TEST(following_gives_all_accounts_oldest_first)
{
	struct seen seen = { 0 };

	append(tx, OURS, 1, "a");
	append(tx, THEIRS, 2, "b");
	append(tx, OURS, 3, "c");
	must(audit_follow(tx, 1, 10, see_record, &seen, why), why);
	assert_string_equal(seen.text, "b c");
	return ERR_NONE;
}

static int64_t
seek(struct tx *tx, int64_t at)
{
	struct fault why;
	int64_t pos;

	must(audit_seek(tx, at, &pos, &why), &why);
	return pos;
}

TX_TEST(a_time_is_found_by_its_first_record)
{
	assert_int_equal(seek(tx, 0), 0);
	for (int i = 1; i <= 100; i++)
		append(tx, OURS, (int64_t)i * SECOND, "r");
	assert_int_equal(seek(tx, 0), 1);
	assert_int_equal(seek(tx, 37 * SECOND), 37);
	assert_int_equal(seek(tx, 37 * SECOND + 1), 38);
	assert_int_equal(seek(tx, 100 * SECOND), 100);
	assert_int_equal(seek(tx, 101 * SECOND), 0);
	return ERR_NONE;
}

TX_TEST(a_time_is_found_after_the_oldest_were_removed)
{
	int removed;

	for (int i = 1; i <= 20; i++)
		append(tx, OURS, (int64_t)i * SECOND, "r");
	must(audit_trim(tx, 11 * SECOND, 100, &removed, why), why);
	assert_int_equal(removed, 10);
	assert_int_equal(seek(tx, 0), 11);
	assert_int_equal(seek(tx, 15 * SECOND), 15);
	return ERR_NONE;
}

static struct audit_chain
verify_all(struct tx *tx, enum err *err, struct fault *why)
{
	struct audit_chain chain = { 0 };

	do
		*err = audit_verify(tx, &chain, 3, why);
	while (!*err && !chain.ended);
	return chain;
}

TX_TEST(records_are_a_chain_from_the_first_to_the_last)
{
	struct audit_chain chain;
	enum err err;

	chain = verify_all(tx, &err, why);
	must(err, why);
	assert_int_equal(chain.records, 0);
	for (int i = 0; i < 10; i++)
		append(tx, i % 2 ? OURS : THEIRS, i, "r");
	chain = verify_all(tx, &err, why);
	must(err, why);
	assert_int_equal(chain.records, 10);
	assert_int_equal(chain.pos, 10);
	return ERR_NONE;
}

TX_TEST(the_chain_holds_when_the_oldest_were_removed)
{
	struct audit_chain chain;
	int removed;
	enum err err;

	for (int i = 1; i <= 10; i++)
		append(tx, OURS, (int64_t)i * SECOND, "r");
	must(audit_trim(tx, 5 * SECOND, 100, &removed, why), why);
	chain = verify_all(tx, &err, why);
	must(err, why);
	assert_int_equal(chain.records, 6);
	return ERR_NONE;
}

/* ---- signed ---- */

static struct audit_key
key_of(unsigned char byte)
{
	unsigned char bytes[DIGEST_SIZE];

	memset(bytes, byte, sizeof bytes);
	return audit_key_of(bytes);
}

static void
sign_with(struct tx *tx, unsigned char byte, bool is_new)
{
	struct audit_key key = key_of(byte);
	struct fault why;
	bool was_new;

	audit_use_key(tx, &key);
	must(audit_begin_key(tx, &was_new, &why), &why);
	assert_int_equal(was_new, is_new);
}

static struct audit_chain
verify_with(struct tx *tx, unsigned char byte, enum err *err, struct fault *why)
{
	struct audit_chain chain = { .key = key_of(byte) };

	do
		*err = audit_verify(tx, &chain, 3, why);
	while (!*err && !chain.ended);
	return chain;
}

TX_TEST(records_are_signed_from_the_first_with_a_key_on)
{
	struct audit_chain chain;
	enum err err;

	append(tx, OURS, 1, "a");
	append(tx, OURS, 2, "b");
	sign_with(tx, 7, true);
	append(tx, OURS, 3, "c");
	sign_with(tx, 7, false);
	append(tx, OURS, 4, "d");
	chain = verify_with(tx, 7, &err, why);
	must(err, why);
	assert_int_equal(chain.records, 4);
	assert_int_equal(chain.signed_from, 3);
	return ERR_NONE;
}

TX_TEST(another_key_does_not_pass_for_it)
{
	enum err err;

	sign_with(tx, 7, true);
	append(tx, OURS, 1, "a");
	append(tx, OURS, 2, "b");
	verify_with(tx, 8, &err, why);
	assert_int_equal(err, ERR_CONFLICT);
	assert_non_null(strstr(why->sentence, "not signed with this key"));
	return ERR_NONE;
}

TX_TEST(a_new_key_vouches_for_what_an_older_one_signed)
{
	struct audit_chain chain;
	enum err err;

	sign_with(tx, 7, true);
	append(tx, OURS, 1, "a");
	sign_with(tx, 8, true);
	append(tx, OURS, 2, "b");
	chain = verify_with(tx, 8, &err, why);
	must(err, why);
	assert_int_equal(chain.signed_from, 2);
	return ERR_NONE;
}

TX_TEST(what_was_removed_for_its_age_is_said_and_signed)
{
	struct audit_chain chain;
	int removed;
	enum err err;

	sign_with(tx, 7, true);
	for (int i = 1; i <= 20; i++)
		append(tx, OURS, (int64_t)i * SECOND, "r");
	for (int i = 0; i < 2; i++)
		must(audit_trim(tx, 11 * SECOND, 5, &removed, why), why);
	chain = verify_with(tx, 7, &err, why);
	must(err, why);
	assert_int_equal(chain.first, 11);
	assert_int_equal(chain.records, 10);
	assert_int_equal(chain.trimmed, 10);
	assert_int_equal(chain.trimmed_until, 11 * SECOND);
	return ERR_NONE;
}

TX_TEST(a_head_is_the_newest_record)
{
	struct audit_head head, there = { .pos = 1 };

	must(audit_head_read(tx, &head, why), why);
	assert_int_equal(head.pos, 0);
	append(tx, OURS, 5, "a");
	append(tx, OURS, 6, "b");
	must(audit_head_read(tx, &head, why), why);
	assert_int_equal(head.pos, 2);
	assert_int_equal(head.at, 6);
	must(audit_link(tx, &there, why), why);
	assert_int_equal(there.at, 5);
	there.pos = 3;
	assert_int_equal(audit_link(tx, &there, why), ERR_NOT_FOUND);
	return ERR_NONE;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_of_one_account_newest_first),
		cmocka_unit_test(following_gives_all_accounts_oldest_first),
		cmocka_unit_test(a_time_is_found_by_its_first_record),
		cmocka_unit_test(a_time_is_found_after_the_oldest_were_removed),
		cmocka_unit_test(records_are_a_chain_from_the_first_to_the_last),
		cmocka_unit_test(the_chain_holds_when_the_oldest_were_removed),
		cmocka_unit_test(records_are_signed_from_the_first_with_a_key_on),
		cmocka_unit_test(another_key_does_not_pass_for_it),
		cmocka_unit_test(a_new_key_vouches_for_what_an_older_one_signed),
		cmocka_unit_test(what_was_removed_for_its_age_is_said_and_signed),
		cmocka_unit_test(a_head_is_the_newest_record),
	};

	return RUN_BOTH(tests);
}
