#include "fleet.h"

#include "oneclick/base/digest.h"

static enum err
read_report(const char *expected_id, const char *json, struct report *out)
{
	*fleet.why.sentence = '\0';
	return report_read(fleet.life, expected_id, json, strlen(json), out, &fleet.why);
}

static enum err
take(struct press *p)
{
	*fleet.why.sentence = '\0';
	return store_write(fleet.store, take_press, p, &fleet.why);
}

/* ---- reading ---- */

static void
a_report_is_read_whole(void **state)
{
	struct report report;

	(void)state;
	must(read_report(NULL,
		"{\"deviceId\": \"" ENTERPRISE "\", \"clickType\": \"LONG\", "
		"\"remainingLife\": 42.5, \"reportedTime\": "
		"\"2019-07-18T20:51:40.250Z\", "
		"\"eventId\": \"e-1\"}",
		&report));
	assert_string_equal(report.device_id, ENTERPRISE);
	assert_int_equal(report.kind, EVENT_LONG);
	assert_true(report.life == 42.5);
	assert_int_equal(report.reported_at, INT64_C(1563483100250));
	assert_string_equal(report.event_id, "e-1");
}

static void
what_a_report_leaves_out_is_absent(void **state)
{
	struct report report;

	(void)state;
	must(read_report(ENTERPRISE, "{\"clickType\": \"SINGLE\"}", &report));
	assert_string_equal(report.device_id, ENTERPRISE);
	assert_true(report.life < 0);
	assert_int_equal(report.reported_at, 0);
	assert_null(report.event_id);
}

static void
odd_reports_are_refused(void **state)
{
	static const struct {
		const char *json, *word;
	} odd[] = {
		{ "", "" },
		{ "[]", "object" },
		{ "{\"clickType\": \"SINGLE\"", "" },
		{ "{}", "clickType" },
		{ "{\"clickType\": \"TRIPLE\"}", "TRIPLE" },
		{ "{\"clickType\": \"CLAIMED\"}", "CLAIMED" },
		{ "{\"clickType\": 1}", "clickType" },
		{ "{\"clickTyp\": \"SINGLE\"}", "clickType" },
		{ "{\"clickType\": null}", "clickType" },
		{ "{\"clickType\": \"single\"}", "single" },
		{ "{\"clickType\": \"SINGLE\", \"clickType\": \"LONG\"}", "clickType" },
		{ "{\"clickType\": \"SINGLE\", \"deviceId\": \"OTHER\"}", "OTHER" },
	};
	struct report report;

	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		assert_refused(ERR_INVALID, odd[i].word,
			read_report(ENTERPRISE, odd[i].json, &report));
	assert_refused(ERR_INVALID, "deviceId",
		read_report(NULL, "{\"clickType\": \"SINGLE\"}", &report));
}

/* A press is a press: what makes no sense beside it is left out, and told. */
static void
a_press_is_not_lost_for_a_member_that_makes_no_sense(void **state)
{
	static const struct {
		const char *more, *left_out;
	} row[] = {
		{ "\"remainingLife\": 101", "remainingLife was left out: " },
		{ "\"remainingLife\": -1", "remainingLife" },
		{ "\"remainingLife\": \"full\"", "\"full\"" },
		{ "\"remainingLife\": true", "remainingLife" },
		{ "\"remainingLife\": {\"percent\": 3}", "remainingLife" },
		{ "\"remainingLife\": \"\"", "remainingLife" },
		{ "\"reportedTime\": \"now\"", "reportedTime" },
		{ "\"reportedTime\": 1778751000", "reportedTime" },
		{ "\"reportedTime\": []", "reportedTime" },
		{ "\"eventId\": \"\"", "eventId" },
		{ "\"eventId\": 1.5", "eventId" },
		{ "\"eventId\": [1]", "eventId" },
		{ "\"deviceId\": 7", "deviceId" },
		{ "\"remainingLife\": 500, \"eventId\": {}", "remainingLife" },
		{ "\"rssi\": -70, \"clickTyp\": 1", NULL },
		{ "\"remainingLife\": null, \"eventId\": null, \"deviceId\": null",
			NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct report report;

		must(read_report(ENTERPRISE,
			mem_format(
				fleet.life, "{\"clickType\": \"LONG\", %s}", row[i].more),
			&report));
		assert_int_equal(report.kind, EVENT_LONG);
		assert_true(report.life < 0);
		assert_int_equal(report.reported_at, 0);
		assert_null(report.event_id);
		if (!row[i].left_out != !report.left_out ||
			(report.left_out && !strstr(report.left_out, row[i].left_out)))
			fail_msg("%s: %s", row[i].more,
				report.left_out ? report.left_out : "nothing");
	}
}

static void
numbers_and_texts_may_stand_for_one_another(void **state)
{
	char json[400];
	struct report report;

	(void)state;
	must(read_report(ENTERPRISE,
		"{\"clickType\": \"SINGLE\", \"remainingLife\": \"88\", \"eventId\": 42}",
		&report));
	assert_null(report.left_out);
	assert_true(report.life == 88);
	assert_string_equal(report.event_id, "42");
	snprintf(json, sizeof json,
		"{\"clickType\": \"SINGLE\", \"eventId\": \"%0200d\"}", 7);
	must(read_report(ENTERPRISE, json, &report));
	assert_null(report.left_out);
	assert_int_equal(strlen(report.event_id), 64);
}

static void
a_report_too_long_is_refused(void **state)
{
	char json[REPORT_MAX + 2];
	struct report report;

	(void)state;
	memset(json, ' ', sizeof json - 1);
	json[sizeof json - 1] = '\0';
	assert_refused(ERR_INVALID, "4096", read_report(ENTERPRISE, json, &report));
}

/* ---- taking ---- */

static void
a_press_of_an_unknown_device_is_not_found(void **state)
{
	struct press p = { .report = { .device_id = ENTERPRISE, .life = -1 } };

	(void)state;
	assert_refused(ERR_NOT_FOUND, ENTERPRISE, take(&p));
}

static void
the_same_event_is_taken_once(void **state)
{
	struct press p = {
		.report = { .device_id = ENTERPRISE, .life = -1, .event_id = "e-1" }
	};
	const char *first;

	(void)state;
	claim(ENTERPRISE);
	must(take(&p));
	assert_false(p.again);
	first = p.event.event_id;
	fleet.now += MINUTE;
	must(take(&p));
	assert_true(p.again);
	assert_string_equal(p.event.event_id, first);
	p.report.event_id = "e-2";
	must(take(&p));
	assert_false(p.again);
	assert_string_not_equal(p.event.event_id, first);
	must(call(OP_DESCRIBE_DEVICE, "deviceId=" ENTERPRISE, NULL, NULL));
	assert_reply_has("\"remainingLife\":99.85");
}

static void
the_same_time_and_kind_are_the_same_event(void **state)
{
	struct press p = { .report = { .device_id = ENTERPRISE, .life = -1 } };

	(void)state;
	claim(ENTERPRISE);
	p.report.reported_at = fleet.now - 1000;
	must(take(&p));
	must(take(&p));
	assert_true(p.again);
	p.report.kind = EVENT_DOUBLE;
	must(take(&p));
	assert_false(p.again);
	p.report.reported_at = 0;
	must(take(&p));
	must(take(&p));
	assert_false(p.again);
}

static void
one_devices_event_is_not_anothers(void **state)
{
	struct press p = {
		.report = { .device_id = ENTERPRISE, .life = -1, .event_id = "e-1" }
	};

	(void)state;
	claim(ENTERPRISE);
	claim(SECOND);
	must(take(&p));
	p.report.device_id = SECOND;
	must(take(&p));
	assert_false(p.again);
}

static void
a_clock_never_set_is_not_believed(void **state)
{
	struct press p = { .report = { .device_id = ENTERPRISE, .life = -1 } };
	int64_t day = 24 * 60 * MINUTE;

	(void)state;
	claim(ENTERPRISE);
	p.report.reported_at = 1000;
	must(take(&p));
	assert_int_equal(p.event.reported_at, fleet.now);
	p.report.reported_at = fleet.now + day + 1;
	must(take(&p));
	assert_int_equal(p.event.reported_at, fleet.now);
	p.report.reported_at = fleet.now - 30 * day;
	must(take(&p));
	assert_int_equal(p.event.reported_at, fleet.now - 30 * day);
}

static void
the_token_must_be_the_devices(void **state)
{
	char hash[DIGEST_HEX_SIZE];
	struct device device = { .id = ENTERPRISE,
		.token_hash = hash,
		.type = "button",
		.tags = "{}",
		.life = 100 };
	struct press p = { .report = { .device_id = ENTERPRISE, .life = -1 } };

	(void)state;
	digest_sha256_hex("secret", 6, hash);
	must(store_write(fleet.store, add_known, &device, &fleet.why));
	p.token = "secret";
	must(take(&p));
	p.token = "Secret";
	assert_refused(ERR_FORBIDDEN, "not its token", take(&p));
}

struct admission {
	const char *id, *token;
};

static enum err
admit(struct tx *tx, void *arg, struct fault *why)
{
	const struct admission *a = arg;
	struct device device;

	return ingest_admit(tx, fleet.life, a->id, a->token, &device, why);
}

/* Which devices there are is told to no one who has no token. */
static void
a_wrong_token_is_answered_as_an_unknown_device_is(void **state)
{
	char hash[DIGEST_HEX_SIZE], sentence[FAULT_SENTENCE_MAX] = "";
	struct device device = { .id = ENTERPRISE,
		.token_hash = hash,
		.type = "button",
		.tags = "{}",
		.life = 100 };
	static const char *const ids[] = { ENTERPRISE, SECOND, "G030PM9999999999", "" };
	static const char *const tokens[] = { "Secret", "secre", "secrets", "",
		"0000000000000000000000000000000000000000000000000000000000000000" };

	(void)state;
	digest_sha256_hex("secret", 6, hash);
	must(store_write(fleet.store, add_known, &device, &fleet.why));
	know(SECOND, NULL); /* without a token */
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		for (size_t t = 0; t < sizeof tokens / sizeof *tokens; t++) {
			struct press p = {
				.report = { .device_id = ids[i], .life = -1 },
				.token = tokens[t],
			};
			struct admission a = { ids[i], tokens[t] };

			assert_refused(ERR_FORBIDDEN, sentence, take(&p));
			strcpy(sentence, fleet.why.sentence);
			assert_refused(ERR_FORBIDDEN, sentence,
				store_read(fleet.store, admit, &a, &fleet.why));
		}
}

static void
an_event_belongs_to_whoever_has_the_device(void **state)
{
	struct press p = { .report = { .device_id = ENTERPRISE, .life = -1 } };

	(void)state;
	know(ENTERPRISE, NULL);
	must(take(&p));
	assert_string_equal(p.event.account, "");
	must(call(OP_INITIATE_DEVICE_CLAIM, "deviceId=" ENTERPRISE, NULL, NULL));
	must(take(&p));
	assert_string_equal(p.event.account, ACCOUNT);
	fleet.now += 15 * MINUTE;
	must(take(&p));
	assert_string_equal(p.event.account, "");
}

static void
a_disabled_device_is_heard_too(void **state)
{
	struct press p = {
		.report = { .device_id = ENTERPRISE, .kind = EVENT_LONG, .life = 7.5 }
	};

	(void)state;
	claim(ENTERPRISE);
	must(take(&p));
	assert_string_equal(p.event.account, ACCOUNT);
	must(call(OP_DESCRIBE_DEVICE, "deviceId=" ENTERPRISE, NULL, NULL));
	assert_reply_has("\"enabled\":false,\"remainingLife\":7.5");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_report_is_read_whole),
		TEST(what_a_report_leaves_out_is_absent),
		TEST(odd_reports_are_refused),
		TEST(a_press_is_not_lost_for_a_member_that_makes_no_sense),
		TEST(numbers_and_texts_may_stand_for_one_another),
		TEST(a_report_too_long_is_refused),
		TEST(a_press_of_an_unknown_device_is_not_found),
		TEST(the_same_event_is_taken_once),
		TEST(the_same_time_and_kind_are_the_same_event),
		TEST(one_devices_event_is_not_anothers),
		TEST(a_clock_never_set_is_not_believed),
		TEST(the_token_must_be_the_devices),
		TEST(a_wrong_token_is_answered_as_an_unknown_device_is),
		TEST(an_event_belongs_to_whoever_has_the_device),
		TEST(a_disabled_device_is_heard_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
