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
	};

	return RUN_BOTH(tests);
}
