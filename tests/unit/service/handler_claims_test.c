#include "fleet.h"

#define ID "deviceId=" ENTERPRISE

static enum err
initiate(void)
{
	return call(OP_INITIATE_DEVICE_CLAIM, ID, NULL, NULL);
}

static enum err
finalize(void)
{
	return call(OP_FINALIZE_DEVICE_CLAIM, ID, NULL, NULL);
}

static void
a_device_is_claimed_by_initiate_press_finalize(void **state)
{
	(void)state;
	know(ENTERPRISE, NULL);
	must(initiate());
	assert_reply("{\"state\":\"CLAIM_INITIATED\"}");
	press(ENTERPRISE, EVENT_SINGLE);
	must(finalize());
	assert_reply("{\"state\":\"CLAIMED\"}");
	must(call(OP_DESCRIBE_DEVICE, ID, NULL, NULL));
	assert_reply_has("\"enabled\":false,\"remainingLife\":99.95");
	assert_string_equal(log_kinds().words.data, "CLAIM_STARTED SINGLE CLAIMED");
}

static void
an_unknown_device_is_not_found(void **state)
{
	(void)state;
	assert_refused(ERR_NOT_FOUND, ENTERPRISE, initiate());
	assert_refused(ERR_NOT_FOUND, ENTERPRISE, finalize());
	assert_refused(
		ERR_NOT_FOUND, ENTERPRISE, call(OP_UNCLAIM_DEVICE, ID, NULL, NULL));
}

static void
an_excluded_product_is_refused_with_the_reason(void **state)
{
	(void)state;
	assert_refused(ERR_INVALID, "does not support",
		call(OP_INITIATE_DEVICE_CLAIM, "deviceId=G030JF0123456789", NULL, NULL));
}

static void
finalize_waits_for_a_press(void **state)
{
	(void)state;
	know(ENTERPRISE, NULL);
	press(ENTERPRISE, EVENT_SINGLE);
	must(initiate());
	assert_refused(ERR_PRECONDITION, "press its button", finalize());
	press(ENTERPRISE, EVENT_SINGLE);
	must(finalize());
}

static void
finalize_without_a_pending_claim_conflicts(void **state)
{
	(void)state;
	know(ENTERPRISE, NULL);
	assert_refused(ERR_CONFLICT, "initiate", finalize());
	must(initiate());
	press(ENTERPRISE, EVENT_SINGLE);
	must(finalize());
	assert_refused(ERR_CONFLICT, "claimed already", finalize());
	assert_refused(ERR_CONFLICT, "claimed already", initiate());
}

static void
a_pending_claim_lapses(void **state)
{
	(void)state;
	know(ENTERPRISE, NULL);
	must(initiate());
	press(ENTERPRISE, EVENT_SINGLE);
	fleet.now += 15 * MINUTE;
	assert_refused(ERR_CONFLICT, "lapsed", finalize());
	fleet.account = "999999999999";
	must(initiate());
}

static void
a_device_being_claimed_is_no_one_elses(void **state)
{
	(void)state;
	know(ENTERPRISE, NULL);
	must(initiate());
	press(ENTERPRISE, EVENT_SINGLE);
	fleet.account = "999999999999";
	assert_refused(ERR_CONFLICT, "another account", initiate());
	assert_refused(ERR_CONFLICT, "", finalize());
	assert_refused(ERR_NOT_FOUND, "", call(OP_UNCLAIM_DEVICE, ID, NULL, NULL));
}

static void
finalize_gives_the_device_its_tags(void **state)
{
	(void)state;
	know(ENTERPRISE, NULL);
	must(initiate());
	press(ENTERPRISE, EVENT_SINGLE);
	must(call(OP_FINALIZE_DEVICE_CLAIM, ID, NULL,
		"{\"tags\": {\"Driver Phone\": \"123\"}}"));
	must(call(OP_DESCRIBE_DEVICE, ID, NULL, NULL));
	assert_reply_has("\"tags\":{\"Driver Phone\":\"123\"}");
}

static void
a_pending_device_is_not_described(void **state)
{
	(void)state;
	know(ENTERPRISE, NULL);
	must(initiate());
	assert_refused(ERR_NOT_FOUND, "only being claimed",
		call(OP_DESCRIBE_DEVICE, ID, NULL, NULL));
	must(call(OP_LIST_DEVICES, "", NULL, NULL));
	assert_reply("{\"devices\":[]}");
}

static void
unclaim_frees_the_device_for_any_account(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	must(call(OP_UNCLAIM_DEVICE, ID, NULL, NULL));
	assert_reply("{\"state\":\"UNCLAIMED\"}");
	assert_refused(ERR_NOT_FOUND, "", call(OP_UNCLAIM_DEVICE, ID, NULL, NULL));
	fleet.account = "999999999999";
	must(initiate());
	press(ENTERPRISE, EVENT_SINGLE);
	must(finalize());
	assert_string_equal(log_kinds().words.data, "CLAIM_STARTED SINGLE CLAIMED");
}

static void
a_placed_device_is_not_unclaimed(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	make_project();
	make_placement();
	must(associate(SLOT, ENTERPRISE));
	assert_refused(
		ERR_INVALID, "customer217", call(OP_UNCLAIM_DEVICE, ID, NULL, NULL));
}

static enum err
claim_code(const char *code)
{
	return call(OP_CLAIM_DEVICES_BY_CLAIM_CODE, label("claimCode", code), NULL, NULL);
}

static void
a_claim_code_claims_all_its_devices_once(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++)
		know(mem_format(fleet.life, "B9GHXT1832%05d", i), "C-0123456789");
	know("B9GHXT999", "C-9999999999");
	must(claim_code("C-0123456789"));
	assert_reply("{\"claimCode\":\"C-0123456789\",\"total\":40}");
	must(call(OP_DESCRIBE_DEVICE, "deviceId=B9GHXT183200039", NULL, NULL));
	assert_refused(ERR_FORBIDDEN, "used already", claim_code("C-0123456789"));
	assert_refused(ERR_NOT_FOUND, "",
		call(OP_DESCRIBE_DEVICE, "deviceId=B9GHXT999", NULL, NULL));
}

static void
a_claim_code_that_is_none_is_refused(void **state)
{
	(void)state;
	assert_refused(ERR_INVALID, "C-", claim_code("0123456789AB"));
	assert_refused(ERR_FORBIDDEN, "unknown", claim_code("C-0000000000"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_device_is_claimed_by_initiate_press_finalize),
		TEST(an_unknown_device_is_not_found),
		TEST(an_excluded_product_is_refused_with_the_reason),
		TEST(finalize_waits_for_a_press),
		TEST(finalize_without_a_pending_claim_conflicts),
		TEST(a_pending_claim_lapses),
		TEST(a_device_being_claimed_is_no_one_elses),
		TEST(finalize_gives_the_device_its_tags),
		TEST(a_pending_device_is_not_described),
		TEST(unclaim_frees_the_device_for_any_account),
		TEST(a_placed_device_is_not_unclaimed),
		TEST(a_claim_code_claims_all_its_devices_once),
		TEST(a_claim_code_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
