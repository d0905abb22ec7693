/* Publishing to a broker, a real one: what is told when. */
#include "oneclick/net/mqtt_out.h"

#include "broker.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/net/mqtt.h"

enum { LONG = 20 * 1000 }; /* ms */

static struct broker broker;

/* One publisher, and what it was told. */
struct publisher {
	struct loop *loop;
	struct mqtt_out *out;
	int good, bad, wanted;
	bool forbidden;
	char problem[160];
};

static void
told(void *arg, const char *problem, bool forbidden)
{
	struct publisher *p = arg;

	p->good += !problem;
	p->bad += problem != NULL;
	p->forbidden = forbidden;
	if (problem)
		snprintf(p->problem, sizeof p->problem, "%s", problem);
	if (p->good + p->bad == p->wanted)
		loop_stop(p->loop);
}

static struct publisher
begin(const struct mqtt_out_options *more)
{
	struct publisher p = { .loop = loop_new(), .wanted = 1 };
	struct mqtt_out_options options = *more;
	char url[64];

	snprintf(url, sizeof url, "mqtt://127.0.0.1:%d", broker.port);
	options.url = url;
	assert_int_equal(mqtt_out_open(p.loop, &options, &p.out, NULL), ERR_NONE);
	return p;
}

static void
end(struct publisher *p)
{
	mqtt_out_close(p->out);
	loop_free(p->loop);
}

static struct mqtt_publish *
publish(struct publisher *p, const char *payload)
{
	return mqtt_out_publish(
		p->out, "clicks/a", payload, strlen(payload), LONG, told, p);
}

/* ---- somebody who listens ---- */

struct listener {
	struct loop *loop;
	struct mqtt *mqtt;
	bool up;
	size_t messages;
	char last[64];
};

static void
took(void *arg, const struct mqtt_message *messages, size_t count)
{
	struct listener *l = arg;

	l->messages += count;
	snprintf(l->last, sizeof l->last, "%s", messages[count - 1].payload);
	mqtt_settle(l->mqtt, true);
}

static void
linked(void *arg, bool up, const char *sentence)
{
	struct listener *l = arg;

	assert_true(*sentence != '\0');
	l->up = up;
}

static void
listen_to(struct listener *l, struct loop *loop)
{
	static const char *const filter[] = { "clicks/#" };
	char url[64];
	struct mqtt_options options = {
		.url = url,
		.client_id = "listener",
		.filter = filter,
		.filter_count = 1,
		.took = took,
		.linked = linked,
		.arg = l,
	};

	*l = (struct listener){ .loop = loop };
	snprintf(url, sizeof url, "mqtt://127.0.0.1:%d", broker.port);
	assert_int_equal(mqtt_open(loop, &options, &l->mqtt, NULL), ERR_NONE);
	while (!l->up)
		loop_turn(loop);
}

/* ---- the tests ---- */

static int
start_broker(void **state)
{
	(void)state;
	broker_start(&broker, "allow_anonymous true\n");
	return 0;
}

static int
stop_broker(void **state)
{
	(void)state;
	broker_stop(&broker);
	return 0;
}

static void
what_is_published_is_acknowledged_and_arrives(void **state)
{
	struct publisher p = begin(&(struct mqtt_out_options){ 0 });
	struct listener l;

	(void)state;
	listen_to(&l, p.loop);
	p.wanted = 300;
	for (int i = 0; i < 300; i++)
		publish(&p, "{\"n\":1}");
	loop_run(p.loop);
	assert_int_equal(p.good, 300);
	while (l.messages < 300)
		loop_turn(p.loop);
	assert_string_equal(l.last, "{\"n\":1}");
	mqtt_close(l.mqtt);
	end(&p);
}

static void
the_connection_is_kept_for_the_next(void **state)
{
	struct publisher p = begin(&(struct mqtt_out_options){ 0 });

	(void)state;
	for (int i = 1; i <= 3; i++) {
		p.wanted = i;
		publish(&p, "x");
		loop_run(p.loop);
		assert_int_equal(p.good, i);
	}
	end(&p);
}

static void
a_broker_that_is_away_fails_at_once_and_is_found_when_it_is_back(void **state)
{
	struct publisher p = begin(&(struct mqtt_out_options){ 0 });

	(void)state;
	broker_stop(&broker);
	publish(&p, "x");
	loop_run(p.loop);
	assert_int_equal(p.bad, 1);
	assert_false(p.forbidden);
	broker_start(&broker, "allow_anonymous true\n");
	p.wanted = 2;
	publish(&p, "x");
	loop_run(p.loop);
	assert_int_equal(p.good, 1);
	broker_stop(&broker);
	broker_start(&broker, "allow_anonymous true\n");
	while (p.good < 2) {
		p.wanted = p.good + p.bad + 1;
		publish(&p, "x");
		loop_run(p.loop);
	}
	end(&p);
}

/* A broker that takes the connection and then says nothing. */
static void
silence_is_not_waited_for_beyond_the_time_given(void **state)
{
	struct publisher p = { .loop = loop_new(), .wanted = 1 };
	struct sockaddr_in at = loopback(0);
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char url[64];

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(listen(fd, 4), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	snprintf(url, sizeof url, "mqtt://127.0.0.1:%d", ntohs(at.sin_port));
	assert_int_equal(mqtt_out_open(p.loop, &(struct mqtt_out_options){ .url = url },
				 &p.out, NULL),
		ERR_NONE);
	mqtt_out_publish(p.out, "clicks/a", "x", 1, 100, told, &p);
	loop_run(p.loop);
	assert_int_equal(p.bad, 1);
	assert_non_null(strstr(p.problem, "acknowledged"));
	end(&p);
	close(fd);
}

static void
what_is_cancelled_is_not_heard_of(void **state)
{
	struct publisher p = begin(&(struct mqtt_out_options){ 0 });

	(void)state;
	mqtt_out_cancel(publish(&p, "x"));
	publish(&p, "y");
	loop_run(p.loop);
	assert_int_equal(p.good, 1);
	publish(&p, "z");
	end(&p);
}

static void
a_broker_out_of_reach_is_not_connected_to(void **state)
{
	struct reach *reach = reach_new(NULL);
	struct publisher p;

	(void)state;
	assert_int_equal(reach_allow(reach, "10.0.0.0/8", NULL), ERR_NONE);
	p = begin(&(struct mqtt_out_options){ .reach = reach });
	publish(&p, "x");
	loop_run(p.loop);
	assert_int_equal(p.bad, 1);
	assert_true(p.forbidden);
	assert_non_null(strstr(p.problem, "out of reach"));
	end(&p);
	mem_free(reach);
}

static void
urls_with_a_user_in_them_are_refused(void **state)
{
	static const char *const bad[] = { "mqtt://me:secret@b", "http://b", "mqtt://" };
	struct fault why = { 0 };

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(mqtt_out_check(bad[i], &why), ERR_INVALID);
	assert_int_equal(mqtt_out_check("mqtts://b:1", &why), ERR_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_published_is_acknowledged_and_arrives),
		cmocka_unit_test(the_connection_is_kept_for_the_next),
		cmocka_unit_test(
			a_broker_that_is_away_fails_at_once_and_is_found_when_it_is_back),
		cmocka_unit_test(silence_is_not_waited_for_beyond_the_time_given),
		cmocka_unit_test(what_is_cancelled_is_not_heard_of),
		cmocka_unit_test(a_broker_out_of_reach_is_not_connected_to),
		cmocka_unit_test(urls_with_a_user_in_them_are_refused),
	};

	return cmocka_run_group_tests(tests, start_broker, stop_broker);
}
