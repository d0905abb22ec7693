/* GET /stream: what comes, from where, and what is left out. */
#include "rig.h"

#include "oneclick/service/changes.h"

#define HEAD "Host: localhost\r\n"
#define OTHER "G030PM9876543210"

/* A stream that has been let in. */
static struct client
follow(const char *target, const char *headers)
{
	struct client client = client_open();

	client_send(&client, mem_format(rig.life, "GET %s HTTP/1.1\r\n" HEAD "%s\r\n",
				     target, headers));
	client_until(&client, client_has(&client, ":\n\n"));
	assert_true(client_has(&client, "text/event-stream"));
	return client;
}

#define clicks(client) count_of(client_body(client), "event: click\n")

static void
it_starts_at_the_end_of_the_log(void **state)
{
	struct client client;

	(void)state;
	own_device(DEVICE);
	press(DEVICE, 3);
	client = follow("/stream", "");
	press(DEVICE, 1);
	client_until(&client, clicks(&client) == 1);
	assert_non_null(strstr(client_body(&client), "id: 4\nevent: click\ndata: {"));
	assert_non_null(strstr(client_body(&client), "\"deviceId\":\"" DEVICE "\""));
	close(client.fd);
}

static void
it_resumes_without_loss(void **state)
{
	struct client client;

	(void)state;
	own_device(DEVICE);
	press(DEVICE, 700);
	client = follow("/stream", "Last-Event-ID: 10\r\n");
	client_until(&client, clicks(&client) == 690);
	assert_non_null(strstr(client_body(&client), "id: 11\n"));
	assert_null(strstr(client_body(&client), "id: 10\n"));
	press(DEVICE, 1);
	client_until(&client, clicks(&client) == 691);
	assert_null(strstr(client_body(&client), "event: gap"));
	close(client.fd);
}

static void
the_query_can_say_where_to_begin(void **state)
{
	struct client client;

	(void)state;
	own_device(DEVICE);
	press(DEVICE, 5);
	client = follow("/stream?after=0", "");
	client_until(&client, clicks(&client) == 5);
	close(client.fd);
	client = follow("/stream?after=0", "Last-Event-ID: 4\r\n");
	client_until(&client, clicks(&client) == 1);
	close(client.fd);
}

static void
changes_that_are_in_no_log_are_told(void **state)
{
	struct client client, other;
	struct ask ask;

	(void)state;
	own_device(DEVICE);
	client = follow("/stream", "");
	other = follow("/stream?project=other", "");
	ask_init(&ask);
	ask.project_name = "p";
	ask.placement_name = "x";
	changes_tell(rig.service.hub, OP_CREATE_PLACEMENT, &ask, "000000000000");
	changes_tell(rig.service.hub, OP_CREATE_PLACEMENT, &ask, "999999999999");
	ask.project_name = "other";
	changes_tell(rig.service.hub, OP_DELETE_PLACEMENT, &ask, "000000000000");
	client_until(&client, count_of(client_body(&client), "event: change\n") == 2);
	assert_non_null(strstr(client_body(&client),
		"data: {\"operation\":\"CreatePlacement\",\"projectName\":\"p\","
		"\"placementName\":\"x\"}\n"));
	client_until(&other, count_of(client_body(&other), "event: change\n") == 1);
	assert_null(strstr(client_body(&other), "\"p\""));
	close(client.fd);
	close(other.fd);
}

/* A reader that does not read costs no more memory than one chunk. */
static void
more_changes_than_there_is_room_for_are_one(void **state)
{
	struct client client;
	struct ask ask;

	(void)state;
	client = follow("/stream", "");
	ask_init(&ask);
	ask.project_name = "p";
	for (int i = 0; i < 5000; i++)
		changes_tell(rig.service.hub, OP_UPDATE_PROJECT, &ask, "000000000000");
	client_until(&client,
		strstr(client_body(&client), "event: change\ndata: {}\n") != NULL);
	assert_true(count_of(client_body(&client), "event: change\n") < 2000);
	close(client.fd);
}

static void
it_can_be_of_one_device(void **state)
{
	struct client client;

	(void)state;
	own_device(DEVICE);
	own_device(OTHER);
	client = follow("/stream?deviceId=" DEVICE, "");
	press(OTHER, 2);
	press(DEVICE, 1);
	client_until(&client, clicks(&client) == 1);
	assert_null(strstr(client_body(&client), OTHER));
	close(client.fd);
}

static enum err
append_placed(struct tx *tx, void *arg, struct fault *why)
{
	struct event event = { .at = 1,
		.reported_at = 1,
		.account = ACCOUNT_DEFAULT,
		.device_id = DEVICE,
		.event_id = "e",
		.kind = EVENT_PLACED };
	enum err err = events_context(tx,
		mem_format(rig.life, "{\"projectName\":\"%s\"}", (const char *)arg),
		&event.context, why);

	return err ? err : events_append(tx, &event, why);
}

static void
place(const char *project)
{
	rig_do(LANE_WRITE, append_placed, project);
	hub_tell(rig.service.hub);
}

static void
it_can_be_of_one_project(void **state)
{
	struct client client;

	(void)state;
	own_device(DEVICE);
	client = follow("/stream?project=Rooms%20A", "");
	press(DEVICE, 1);
	place("Elsewhere");
	place("Rooms A");
	client_until(&client, strstr(client_body(&client), "event: state") != NULL);
	assert_non_null(strstr(client_body(&client), "id: 3\nevent: state"));
	assert_null(strstr(client_body(&client), "Elsewhere"));
	assert_int_equal(clicks(&client), 0);
	close(client.fd);
}

static void
others_events_are_not_shown(void **state)
{
	struct device theirs = { .id = OTHER,
		.account = "999999999999",
		.type = "button",
		.tags = "{}",
		.state = DEVICE_CLAIMED,
		.life = 100 };
	struct client client;

	(void)state;
	keep_device(&theirs);
	own_device(DEVICE);
	client = follow("/stream", "");
	press(OTHER, 3);
	press(DEVICE, 1);
	client_until(&client, clicks(&client) == 1);
	assert_null(strstr(client_body(&client), OTHER));
	close(client.fd);
}

static enum err
trim(struct tx *tx, void *arg, struct fault *why)
{
	return events_trim(tx, INT64_MAX, 1000, arg, why);
}

static void
what_was_trimmed_is_told_as_a_gap(void **state)
{
	struct client client;
	int removed = 0;

	(void)state;
	own_device(DEVICE);
	press(DEVICE, 5);
	rig_do(LANE_WRITE, trim, &removed);
	assert_int_equal(removed, 4);
	client = follow("/stream", "Last-Event-ID: 2\r\n");
	client_until(&client, clicks(&client) == 1);
	assert_non_null(strstr(client_body(&client),
		"id: 4\nevent: gap\ndata: {\"from\":3,\"to\":4}\n\nid: 5\n"));
	close(client.fd);
}

static void
a_position_of_another_log_is_told_as_a_gap(void **state)
{
	struct client client;

	(void)state;
	own_device(DEVICE);
	press(DEVICE, 2);
	client = follow("/stream", "Last-Event-ID: 900\r\n");
	press(DEVICE, 1);
	client_until(&client, clicks(&client) == 1);
	assert_non_null(strstr(
		client_body(&client), "id: 2\nevent: gap\ndata: {\"from\":0,\"to\":2}"));
	close(client.fd);
}

static void
odd_positions_are_refused(void **state)
{
	static const char *const odd[] = { "x", "-1", "1x", "99999999999999999999" };

	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		struct client client = client_open();

		client_send(&client, mem_format(rig.life,
					     "GET /stream HTTP/1.1\r\n" HEAD
					     "Last-Event-ID: %s\r\n\r\n",
					     odd[i]));
		client_until(&client, client_has(&client, "Last-Event-ID (or after)"));
		assert_true(client_has(&client, "400 "));
		close(client.fd);
	}
}

static void
a_reader_that_leaves_is_forgotten(void **state)
{
	(void)state;
	own_device(DEVICE);
	for (int i = 0; i < 20; i++) {
		struct client client = follow("/stream?after=0", "");

		press(DEVICE, 1);
		close(client.fd);
	}
	for (int i = 0; i < 100; i++)
		loop_turn(rig.service.loop);
	press(DEVICE, 1);
}

/* Both ends' buffers fill; what was not sent waits in the log. */
static void
a_slow_reader_misses_nothing(void **state)
{
	struct client client;

	(void)state;
	own_device(DEVICE);
	client = follow("/stream", "");
	for (int i = 0; i < 20; i++) {
		press(DEVICE, 100);
		loop_turn(rig.service.loop);
	}
	for (int i = 0; i < 200; i++)
		loop_turn(rig.service.loop);
	client_until(&client, clicks(&client) == 2000);
	close(client.fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_starts_at_the_end_of_the_log),
		TEST(it_resumes_without_loss),
		TEST(the_query_can_say_where_to_begin),
		TEST(changes_that_are_in_no_log_are_told),
		TEST(more_changes_than_there_is_room_for_are_one),
		TEST(it_can_be_of_one_device),
		TEST(it_can_be_of_one_project),
		TEST(others_events_are_not_shown),
		TEST(what_was_trimmed_is_told_as_a_gap),
		TEST(a_position_of_another_log_is_told_as_a_gap),
		TEST(odd_positions_are_refused),
		TEST(a_reader_that_leaves_is_forgotten),
		TEST(a_slow_reader_misses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
