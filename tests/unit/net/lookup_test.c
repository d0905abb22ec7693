/* Names that lead to several addresses, or that no server answers for. */
#include "../../../src/net/lookup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "broker.h"
#include "names.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/net/mail.h"
#include "oneclick/net/mqtt.h"
#include "oneclick/net/mqtt_out.h"
#include "oneclick/net/transfer.h"

enum { AT_ONCE = 5000 }; /* ms: less than any resolver takes, more than a slow machine */

static struct loop *loop;
static struct addresses got;
static char said[200];
static int told;

static void
on_found(void *arg, const struct addresses *addresses, const char *problem)
{
	(void)arg;
	told++;
	got = addresses ? *addresses : (struct addresses){ 0 };
	snprintf(said, sizeof said, "%s", problem ? problem : "");
}

static void
look_up(const char *name)
{
	told = 0;
	lookup_start(loop, name, on_found, NULL);
	while (told == 0)
		loop_turn(loop);
}

static int
open_loop(void **state)
{
	(void)state;
	loop = loop_new();
	return 0;
}

static int
free_loop(void **state)
{
	(void)state;
	loop_free(loop);
	return 0;
}

static void
all_addresses_are_told_in_their_order(void **state)
{
	(void)state;
	look_up("both.test");
	assert_int_equal(got.count, 2);
	assert_string_equal(addresses_next(&got), "::1");
	assert_true(addresses_are_left(&got));
	assert_string_equal(addresses_next(&got), "127.0.0.1");
	assert_false(addresses_are_left(&got));
	assert_null(addresses_next(&got));
	look_up("twice.test");
	assert_int_equal(got.count, 2);
	assert_string_equal(got.text[1], "127.0.0.2");
	look_up("192.0.2.1");
	assert_int_equal(got.count, 1);
}

static void
what_leads_nowhere_says_why(void **state)
{
	(void)state;
	look_up("no such name");
	assert_int_equal(got.count, 0);
	assert_string_not_equal(said, "");
}

/* ---- brokers ---- */

struct client {
	struct mqtt *mqtt;
	struct mqtt_out *out;
	bool up;
	int downs, published;
	bool forbidden;
	char sentence[300];
};

static void
linked(void *arg, bool up, const char *sentence)
{
	struct client *client = arg;

	client->up = up;
	client->downs += !up;
	snprintf(client->sentence, sizeof client->sentence, "%s", sentence);
}

static void
took(void *arg, const struct mqtt_message *messages, size_t count)
{
	const struct client *client = arg;

	(void)messages, (void)count;
	mqtt_settle(client->mqtt, true);
}

static void
subscribe(struct client *client, const char *scheme, const char *host, int port)
{
	static const char *const filter[] = { "clicks/#" };
	char url[64];
	const struct mqtt_options options = {
		.url = url,
		.client_id = "lookup",
		.filter = filter,
		.filter_count = 1,
		.took = took,
		.linked = linked,
		.arg = client,
	};

	*client = (struct client){ 0 };
	snprintf(url, sizeof url, "%s://%s:%d", scheme, host, port);
	assert_int_equal(mqtt_open(loop, &options, &client->mqtt, NULL), ERR_NONE);
	while (!client->up && client->downs == 0)
		loop_turn(loop);
}

static void
on_published(void *arg, const char *problem, bool forbidden)
{
	struct client *client = arg;

	client->published = problem ? -1 : 1;
	client->forbidden = forbidden;
	snprintf(client->sentence, sizeof client->sentence, "%s", problem ? problem : "");
}

static void
publish(struct client *client, const char *host, int port, const struct reach *reach)
{
	char url[64];
	const struct mqtt_out_options options = { .url = url, .reach = reach };

	*client = (struct client){ 0 };
	snprintf(url, sizeof url, "mqtt://%s:%d", host, port);
	assert_int_equal(mqtt_out_open(loop, &options, &client->out, NULL), ERR_NONE);
	mqtt_out_publish(
		client->out, "clicks/a", "x", 1, 20 * 1000, on_published, client);
	while (client->published == 0)
		loop_turn(loop);
	mqtt_out_close(client->out);
}

/* The broker listens on 127.0.0.1 alone. */
static void
a_broker_is_found_at_whichever_address_it_listens(void **state)
{
	struct broker broker = { 0 };
	struct client client;

	(void)state;
	broker_start(&broker, "allow_anonymous true\n");
	subscribe(&client, "mqtt", "both.test", broker.port);
	assert_true(client.up);
	mqtt_close(client.mqtt);
	publish(&client, "both.test", broker.port, NULL);
	assert_int_equal(client.published, 1);
	broker_stop(&broker);
}

static void
a_broker_at_none_of_them_is_told_once(void **state)
{
	struct client client;

	(void)state;
	subscribe(&client, "mqtt", "closed.test", free_port());
	assert_int_equal(client.downs, 1);
	assert_non_null(strstr(client.sentence, "refused"));
	mqtt_close(client.mqtt);
	publish(&client, "closed.test", free_port(), NULL);
	assert_int_equal(client.published, -1);
}

static void
each_address_passes_the_rules_by_itself(void **state)
{
	struct reach *reach = reach_new(NULL);
	struct broker broker = { 0 };
	struct client client;

	(void)state;
	broker_start(&broker, "allow_anonymous true\n");
	publish(&client, "mixed.test", broker.port, reach);
	assert_int_equal(client.published, 1);
	assert_int_equal(reach_allow(reach, "[::1]", NULL), ERR_NONE);
	publish(&client, "both.test", broker.port, reach);
	assert_int_equal(client.published, -1);
	assert_true(client.forbidden);
	broker_stop(&broker);
	mem_free(reach);
}

/* Somebody who accepts and has no more to say, as a port that speaks something else. */
static void
hang_up(void *arg, int fd, int ready)
{
	int *link = arg;

	(void)ready;
	close(*link);
	*link = accept(fd, NULL, NULL);
	assert_int_equal(shutdown(*link, SHUT_WR), 0);
}

static void
a_port_that_speaks_something_else_is_advised_on(void **state)
{
	struct sockaddr_in at = loopback(0);
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0), link = -1;
	struct loop_watch *watch;
	struct client client;

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(listen(fd, 4), 0);
	getsockname(fd, (struct sockaddr *)&at, &n);
	watch = loop_watch_new(loop, fd, LOOP_READ, hang_up, &link);
	subscribe(&client, "mqtt", "127.0.0.1", ntohs(at.sin_port));
	assert_non_null(strstr(client.sentence, "write mqtts://"));
	mqtt_close(client.mqtt);
	subscribe(&client, "mqtts", "127.0.0.1", ntohs(at.sin_port));
	assert_non_null(strstr(client.sentence, "that TLS is spoken there"));
	mqtt_close(client.mqtt);
	publish(&client, "127.0.0.1", ntohs(at.sin_port), NULL);
	assert_non_null(strstr(client.sentence, "write mqtts://"));
	loop_watch_stop(watch);
	close(link);
	close(fd);
}

/* ---- name servers that do not answer ---- */

static int64_t began;

static void
begin_clock(void)
{
	began = moment_ticks();
}

static void
expect_at_once(const char *what)
{
	if (moment_ticks() - began > AT_ONCE)
		fail_msg("%s took %lld ms", what, (long long)(moment_ticks() - began));
}

static void
turn_until_asked(int count)
{
	while (names_asked() < count)
		loop_turn(loop);
}

static void
on_tick(void *arg)
{
	(void)arg;
}

static void
on_done(void *arg, const struct transfer_reply *reply)
{
	(void)arg;
	assert_int_not_equal(reply->code, ERR_NONE);
	told++;
}

static struct transfer *
ask(struct transfers *transfers, const struct transfer_origin *origin, int64_t total)
{
	return transfer_start(transfers, &(struct transfer_request){
						 .origin = origin,
						 .method = "GET",
						 .target = "/",
						 .done = on_done,
						 .total = total,
					 });
}

static struct transfer *
send_mail(struct transfers *transfers, void *life)
{
	static struct mail_server server;
	static const struct mail mail = {
		.from = "a@example.org",
		.to = "b@example.org",
		.subject = "s",
		.body = "b",
		.id = "e-1",
	};

	assert_int_equal(mail_server_read(life, "smtp://silent.test",
				 &(struct mail_server_options){ 0 }, &server, NULL),
		ERR_NONE);
	return mail_start(transfers, &(struct mail_request){
					     .server = &server,
					     .mail = &mail,
					     .done = on_done,
					     .total = 200,
				     });
}

/* Each way out of a name no server answers for: time, change of mind, the end. */
static void
nobody_waits_for_silent_name_servers(void **state)
{
	const struct transfer_origin_options plain = { .plain = true };
	struct loop_timer *tick = loop_timer_new(loop, on_tick, NULL);
	struct transfers *transfers = transfers_new(NULL, loop);
	void *life = mem_life(NULL);
	struct transfer_origin origin;
	struct transfer *transfer;
	struct client client = { 0 };
	struct lookup *lookup;
	int asked = names_asked();

	(void)state;
	assert_int_equal(
		transfer_origin_read(life, "http://silent.test", &plain, &origin, NULL),
		ERR_NONE);
	loop_timer_set(tick, 20, 20);
	told = 0;
	ask(transfers, &origin, 200);
	send_mail(transfers, life);
	turn_until_asked(asked + 2);
	begin_clock();
	while (told < 2)
		loop_turn(loop);
	expect_at_once("a time-out");
	transfer = ask(transfers, &origin, 60 * 1000);
	turn_until_asked(asked + 3);
	begin_clock();
	transfer_cancel(transfer);
	expect_at_once("a change of mind");
	ask(transfers, &origin, 60 * 1000);
	lookup = lookup_start(loop, "silent.test", on_found, NULL);
	mqtt_out_open(loop, &(struct mqtt_out_options){ .url = "mqtts://silent.test" },
		&client.out, NULL);
	mqtt_out_publish(
		client.out, "clicks/a", "x", 1, 60 * 1000, on_published, &client);
	turn_until_asked(asked + 6);
	begin_clock();
	lookup_cancel(lookup);
	mqtt_out_close(client.out);
	transfers_free(transfers);
	expect_at_once("the end");
	loop_timer_stop(tick);
	names_answer();
	usleep(100 * 1000); /* the threads left behind, so that no leak is seen */
	mem_free(life);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_addresses_are_told_in_their_order),
		cmocka_unit_test(what_leads_nowhere_says_why),
		cmocka_unit_test(a_broker_is_found_at_whichever_address_it_listens),
		cmocka_unit_test(a_broker_at_none_of_them_is_told_once),
		cmocka_unit_test(each_address_passes_the_rules_by_itself),
		cmocka_unit_test(a_port_that_speaks_something_else_is_advised_on),
		cmocka_unit_test(nobody_waits_for_silent_name_servers),
	};

	return cmocka_run_group_tests(tests, open_loop, free_loop);
}
