#include "../../../src/service/observe/gather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/service/metrics.h"
#include "oneclick/store/cursors.h"
#include "oneclick/store/devices.h"
#include "oneclick/store/events.h"

#define OURS "123456789012"
#define ENTERPRISE "G030PM0123456789"
#define OWN "SHLY.0123"
#define WHO "metrics"

static void
must(enum err err, const struct fault *why)
{
	if (err)
		fail_msg("%d: %s", (int)err, why->sentence);
}

typedef void (*body_fn)(struct tx *tx, void *life);

static enum err
run_body(struct tx *tx, void *arg, struct fault *why)
{
	void *life = mem_life(NULL);

	(void)why;
	(*(body_fn *)arg)(tx, life);
	mem_free(life);
	return ERR_NONE;
}

static void
in_store(body_fn body)
{
	struct store *store;
	struct fault why;

	must(store_open(NULL, &store, &why), &why);
	must(store_write(store, run_body, &body, &why), &why);
	store_close(store);
}

static void
add_device(struct tx *tx, const char *id)
{
	struct device device = { .id = id, .type = "button", .tags = "{}", .life = 100 };
	struct fault why;

	must(devices_add(tx, &device, &why), &why);
}

static int64_t
in_project(struct tx *tx, const char *project)
{
	char json[128];
	int64_t num;
	struct fault why;

	snprintf(
		json, sizeof json, "{\"projectName\":\"%s\",\"attributes\":{}}", project);
	must(events_context(tx, json, &num, &why), &why);
	return num;
}

static void
happen(struct tx *tx, struct event event)
{
	struct fault why;

	event.account = event.account ? event.account : OURS;
	event.event_id = "e";
	event.reported_at = event.at;
	must(events_append(tx, &event, &why), &why);
}

/* One reading and storing of the log from where the last one ended. */
static struct gather *
count(struct tx *tx, void *life)
{
	struct gather *gather = gather_new(life);
	struct fault why;

	must(gather_read(gather, tx, WHO, &why), &why);
	must(gather_store(gather, tx, WHO, &why), &why);
	return gather;
}

struct sum {
	char text[512];
};

static bool
add_text(void *arg, const struct metric_point *point)
{
	struct sum *sum = arg;
	size_t n = strlen(sum->text);

	snprintf(sum->text + n, sizeof sum->text - n, "%s%lld:%lld/%g/%g/%g",
		n ? " " : "", (long long)(point->at / METRIC_MINUTE),
		(long long)point->count, point->sum, point->least, point->most);
	return true;
}

static struct sum
points(struct tx *tx, const char *name, const char *dimensions)
{
	struct sum sum = { "" };
	struct fault why;

	must(metrics_read(tx, OURS, name, dimensions, 0, INT64_C(1) << 40, add_text, &sum,
		     &why),
		&why);
	return sum;
}

static void
events_become_a_point_a_minute_under_each_dimension_in(struct tx *tx, void *life)
{
	int64_t rating = in_project(tx, "Rating");

	add_device(tx, ENTERPRISE);
	add_device(tx, OWN);
	happen(tx, (struct event){ .device_id = ENTERPRISE,
			   .at = 60000,
			   .life = 80,
			   .context = rating });
	happen(tx, (struct event){ .device_id = ENTERPRISE,
			   .at = 61000,
			   .life = 60,
			   .kind = EVENT_DOUBLE,
			   .context = rating });
	happen(tx, (struct event){ .device_id = OWN, .at = 120000, .life = 10 });
	assert_int_equal(count(tx, life)->read, 3);

	assert_string_equal(points(tx, METRIC_EVENTS, "DeviceType=button").text,
		"1:2/2/1/1 2:1/1/1/1");
	assert_string_equal(
		points(tx, METRIC_EVENTS, "Project=Rating").text, "1:2/2/1/1");
	assert_string_equal(points(tx, METRIC_EVENTS, "DeviceEvent=SINGLE").text,
		"1:1/1/1/1 2:1/1/1/1");
	assert_string_equal(
		points(tx, METRIC_EVENTS, "ProductType=SHLY").text, "2:1/1/1/1");
	assert_string_equal(
		points(tx, METRIC_LIFE, "Project=Rating").text, "1:2/140/60/80");
	assert_string_equal(points(tx, METRIC_LIFE, "DeviceEvent=SINGLE").text, "");
}

static void
what_was_counted_is_not_counted_again_in(struct tx *tx, void *life)
{
	int64_t pos;
	struct fault why;

	add_device(tx, OWN);
	happen(tx, (struct event){ .device_id = OWN, .at = 1, .life = 10 });
	count(tx, life);
	assert_int_equal(count(tx, life)->read, 0);
	happen(tx, (struct event){ .device_id = OWN, .at = 2, .life = 20 });
	count(tx, life);
	assert_string_equal(
		points(tx, METRIC_LIFE, "DeviceType=button").text, "0:2/30/10/20");
	must(cursors_read(tx, WHO, &pos, &why), &why);
	assert_int_equal(pos, 2);
}

static void
changes_of_state_and_what_is_nobodys_are_read_and_not_counted_in(
	struct tx *tx, void *life)
{
	struct gather *gather;

	add_device(tx, OWN);
	happen(tx, (struct event){ .device_id = OWN, .at = 1, .kind = EVENT_ENABLED });
	happen(tx, (struct event){ .device_id = OWN, .at = 2, .account = "" });
	happen(tx, (struct event){ .device_id = OWN, .at = 3, .kind = EVENT_NOT_HEARD });
	gather = count(tx, life);
	assert_int_equal(gather->read, 3);
	assert_int_equal(gather->to, 3);
	assert_string_equal(gather->groups->event, "NOT_HEARD");
	assert_null(gather->groups->next);
	assert_string_equal(
		points(tx, METRIC_EVENTS, "DeviceEvent=NOT_HEARD").text, "0:1/1/1/1");
	assert_string_equal(points(tx, METRIC_LIFE, "DeviceType=button").text, "");
}

static void
a_long_log_is_read_in_pieces_in(struct tx *tx, void *life)
{
	add_device(tx, OWN);
	for (int i = 0; i < GATHER_EVENTS + 1; i++)
		happen(tx, (struct event){ .device_id = OWN, .at = 1, .life = 50 });
	assert_int_equal(count(tx, life)->read, GATHER_EVENTS);
	assert_int_equal(count(tx, life)->read, 1);
	assert_string_equal(
		points(tx, METRIC_EVENTS, "ProductType=SHLY").text, "0:2001/2001/1/1");
}

static void
lives_fall_into_the_edges_of_the_histogram_in(struct tx *tx, void *life)
{
	const struct group *group;

	add_device(tx, OWN);
	happen(tx, (struct event){ .device_id = OWN, .at = 1, .life = 10 });
	happen(tx, (struct event){ .device_id = OWN, .at = 1, .life = 10.1 });
	happen(tx, (struct event){ .device_id = OWN, .at = 1, .life = 100 });
	group = count(tx, life)->groups;
	assert_int_equal(group->under[2], 1); /* up to 10 */
	assert_int_equal(group->under[3], 1); /* up to 20 */
	assert_int_equal(group->life.count, 3);
}

static void
a_failed_callback_counts_under_itself_and_its_project_in(struct tx *tx, void *life)
{
	struct fault why;

	(void)life;
	must(metrics_callback_failed(tx, OURS, "arn:a", "Rating", 1, &why), &why);
	must(metrics_callback_failed(tx, OURS, "arn:a", "", 2, &why), &why);
	must(metrics_callback_failed(tx, OURS, "arn:b", NULL, 3, &why), &why);
	assert_string_equal(
		points(tx, METRIC_ERRORS, "Callback=arn%3Aa").text, "0:2/2/1/1");
	assert_string_equal(
		points(tx, METRIC_ERRORS, "Project=Rating").text, "0:1/1/1/1");
}

#define TEST(name) \
	static void name(void **state) \
	{ \
		(void)state; \
		in_store(name##_in); \
	}
TEST(events_become_a_point_a_minute_under_each_dimension)
TEST(what_was_counted_is_not_counted_again)
TEST(changes_of_state_and_what_is_nobodys_are_read_and_not_counted)
TEST(a_long_log_is_read_in_pieces)
TEST(lives_fall_into_the_edges_of_the_histogram)
TEST(a_failed_callback_counts_under_itself_and_its_project)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_become_a_point_a_minute_under_each_dimension),
		cmocka_unit_test(what_was_counted_is_not_counted_again),
		cmocka_unit_test(
			changes_of_state_and_what_is_nobodys_are_read_and_not_counted),
		cmocka_unit_test(a_long_log_is_read_in_pieces),
		cmocka_unit_test(lives_fall_into_the_edges_of_the_histogram),
		cmocka_unit_test(a_failed_callback_counts_under_itself_and_its_project),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
