/* Sums: the first of a kind has its record, the rest are counted exactly, and what a
 * stranger can make is bounded. */
#include "../../../src/service/tally.h"

#include "oneclick/data/json.h"
#include "oneclick/store/audit.h"
#include "rig.h"

enum { HOUR = 60 * 60 * 1000 };

static struct tally *tally;

static int
open_tally(void **state)
{
	int bad = open_rig(state);

	tally = tally_new(NULL, &rig.service, HOUR);
	return bad;
}

#define SUM_TEST(name) cmocka_unit_test_setup_teardown(name, open_tally, close_rig)

static void
refuse(const char *peer, const char *name, const char *error, int times)
{
	const struct request request = { .peer = peer, .at = moment_now() };
	const struct tally_note note = {
		.name = name,
		.error = error,
		.sentence = "Because.",
		.request = &request,
	};

	for (int i = 0; i < times; i++)
		tally_add(tally, &note);
}

/* What the trail's records come to. */
struct summed {
	int records;
	int64_t occurrences;
	int64_t elsewhere;
	size_t bytes;
	char last[2048];
};

static bool
add_record(void *arg, int64_t pos, int64_t at, const char *record)
{
	struct summed *summed = arg;
	const struct value *tree, *more;
	int64_t count;

	(void)pos, (void)at;
	if (json_parse(rig.life, record, strlen(record), &tree, NULL))
		fail_msg("not JSON: %s", record);
	more = value_get(tree, "additionalEventData");
	count = more ? value_int(more, "count", 0) : 1;
	summed->records++;
	summed->occurrences += count;
	if (strcmp(value_text(tree, "sourceIPAddress"), "other addresses") == 0)
		summed->elsewhere += count;
	summed->bytes += strlen(record);
	snprintf(summed->last, sizeof summed->last, "%s", record);
	return true;
}

static enum err
follow(struct tx *tx, void *arg, struct fault *why)
{
	return audit_follow(tx, 0, 100000, add_record, arg, why);
}

static struct summed
end_and_sum(void)
{
	struct summed summed = { 0 };

	tally_close(tally);
	while (trail_waiting(rig.service.trail) > 0)
		loop_turn(rig.service.loop);
	rig_do(LANE_READ, follow, &summed);
	return summed;
}

static void
one_alone_has_a_record_and_no_sum(void **state)
{
	struct summed summed;

	(void)state;
	refuse("10.0.0.1", "ListDevices", "MissingAuthenticationTokenException", 1);
	summed = end_and_sum();
	assert_int_equal(summed.records, 1);
	assert_null(strstr(summed.last, "additionalEventData"));
	assert_non_null(strstr(summed.last, "\"userIdentity\":{\"type\":\"Unknown\"}"));
}

static void
a_flood_is_two_records_that_count_it_exactly(void **state)
{
	struct summed summed;

	(void)state;
	refuse("10.0.0.1", "ListDevices", "MissingAuthenticationTokenException", 10000);
	summed = end_and_sum();
	assert_int_equal(summed.records, 2);
	assert_int_equal(summed.occurrences, 10000);
	assert_non_null(strstr(summed.last, "\"additionalEventData\":{\"count\":9999,"));
	assert_non_null(strstr(summed.last, "\"sourceIPAddress\":\"10.0.0.1\""));
}

static void
each_kind_and_each_address_is_counted_by_itself(void **state)
{
	struct summed summed;

	(void)state;
	refuse("10.0.0.1", "ListDevices", "A", 3);
	refuse("10.0.0.1", "ListDevices", "B", 3);
	refuse("10.0.0.2", "ListDevices", "A", 3);
	refuse("10.0.0.2", "ListProjects", "A", 3);
	summed = end_and_sum();
	assert_int_equal(summed.records, 8);
	assert_int_equal(summed.occurrences, 12);
}

static void
beyond_a_number_of_addresses_they_are_counted_by_kind(void **state)
{
	struct summed summed;
	char peer[24];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		snprintf(peer, sizeof peer, "10.0.%d.%d", i / 250, i % 250);
		refuse(peer, i % 2 ? "ListDevices" : "ListProjects", "A", 1);
	}
	summed = end_and_sum();
	assert_int_equal(summed.occurrences, 20000);
	assert_int_equal(summed.elsewhere, 20000 - 256);
	assert_int_equal(summed.records, 256 + 2);
	assert_true(summed.bytes < 256 * 1024);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SUM_TEST(one_alone_has_a_record_and_no_sum),
		SUM_TEST(a_flood_is_two_records_that_count_it_exactly),
		SUM_TEST(each_kind_and_each_address_is_counted_by_itself),
		SUM_TEST(beyond_a_number_of_addresses_they_are_counted_by_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
