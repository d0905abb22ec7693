#include "oneclick/net/mqtt_out.h"

#include <mosquitto.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lookup.h"
#include "mqtt_link.h"
#include "mqtt_tls.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/net/mqtt.h"

enum {
	KEEPALIVE = 30,        /* s */
	TICK = 250,            /* ms between looks at deadlines and the keepalive */
	NEXT_AFTER = 2 * 1000, /* ms one address may take when there are others */
	PROBLEM_MAX = 200,
};

struct mqtt_publish {
	struct mqtt_out *out;
	struct mqtt_publish *next;
	char *topic, *payload;
	size_t n;
	int mid;      /* libmosquitto's number of it; 0: not with it yet */
	int64_t due;  /* ticks */
	bool is_over; /* acknowledged */
	mqtt_publish_fn fn;
	void *arg;
};

struct mqtt_out {
	struct loop *loop;
	struct mqtt_address address;
	const char *user, *password, *ca_file;
	const struct reach *reach;
	char client_id[32];
	struct mqtt_publish *first; /* all that is under way, oldest first */
	struct lookup *lookup;      /* NULL unless the name is being looked up */
	struct addresses found;     /* what it leads to, tried one after another */
	int64_t next_due;           /* ticks: when the next is */
	struct mosquitto *client;   /* NULL: not connected, nor about to be */
	bool reached;               /* somebody listens at the address */
	int fd;                     /* our own descriptor of its socket */
	struct loop_watch *watch;
	struct loop_timer *tick;
	bool answered; /* and speaks MQTT */
	bool up;       /* the broker has taken us */
	bool forbidden;
	char problem[PROBLEM_MAX]; /* why the connection must end, "" if it need not */
	bool *gone; /* of the news being told: set when a callback closes us */
};

bool
mqtt_topic_is_sound(const char *topic)
{
	size_t n = strlen(topic);

	return mosquitto_pub_topic_check2(topic, n) == MOSQ_ERR_SUCCESS &&
	       mosquitto_validate_utf8(topic, (int)n) == MOSQ_ERR_SUCCESS;
}

static void
note(struct mqtt_out *out, const char *problem)
{
	if (!*out->problem)
		snprintf(out->problem, sizeof out->problem, "%s", problem);
}

static void
check(struct mqtt_out *out, int rc)
{
	if (rc != MOSQ_ERR_SUCCESS)
		note(out, mosquitto_strerror(rc));
}

/* ---- what is under way ---- */

static void
take_out(struct mqtt_publish *publish)
{
	struct mqtt_publish **at = &publish->out->first;

	while (*at != publish)
		at = &(*at)->next;
	*at = publish->next;
}

void
mqtt_out_cancel(struct mqtt_publish *publish)
{
	take_out(publish);
	mem_free(publish);
}

static void
tell(struct mqtt_publish *publish, const char *problem, bool forbidden)
{
	mqtt_publish_fn fn = publish->fn;
	void *arg = publish->arg;

	mqtt_out_cancel(publish);
	fn(arg, problem, forbidden);
}

/* The first whose end is known: `all` of them are when the connection is lost. */
static struct mqtt_publish *
find_news(const struct mqtt_out *out, bool all)
{
	struct mqtt_publish *publish = out->first;

	while (publish && !all && !publish->is_over && moment_ticks() < publish->due)
		publish = publish->next;
	return publish;
}

/* False if a callback has closed us. */
static bool
tell_news(struct mqtt_out *out, bool all, const char *problem, bool forbidden)
{
	struct mqtt_publish *publish;
	bool gone = false, *outer = out->gone;

	out->gone = &gone;
	while (!gone && (publish = find_news(out, all)))
		if (publish->is_over)
			tell(publish, NULL, false);
		else
			tell(publish,
				all ? problem
				    : "The broker has not acknowledged it in time.",
				all && forbidden);
	if (!gone)
		out->gone = outer;
	else if (outer)
		*outer = true;
	return !gone;
}

static void
hand_over(struct mqtt_out *out)
{
	for (struct mqtt_publish *at = out->first; at; at = at->next)
		if (at->mid == 0)
			check(out, mosquitto_publish(out->client, &at->mid, at->topic,
					   (int)at->n, at->payload, 1, false));
}

/* ---- what libmosquitto calls ---- */

static void
on_connect(struct mosquitto *client, void *arg, int rc)
{
	struct mqtt_out *out = arg;

	(void)client;
	out->answered = true;
	if (rc == 0)
		out->up = true;
	else
		note(out, mosquitto_connack_string(rc));
}

static void
on_publish(struct mosquitto *client, void *arg, int mid)
{
	struct mqtt_out *out = arg;

	(void)client;
	for (struct mqtt_publish *at = out->first; at; at = at->next)
		if (at->mid == mid)
			at->is_over = true;
}

/* ---- the connection ---- */

static void
drop(struct mqtt_out *out)
{
	if (out->lookup)
		lookup_cancel(out->lookup);
	loop_watch_stop(out->watch);
	if (out->fd >= 0)
		close(out->fd);
	if (out->client)
		mosquitto_destroy(out->client);
	loop_timer_clear(out->tick);
	out->lookup = NULL;
	out->watch = NULL;
	out->client = NULL;
	out->fd = -1;
	out->up = out->answered = out->reached = false;
}

static void connect_on(struct mqtt_out *out);

static void
lose(struct mqtt_out *out)
{
	bool forbidden = out->forbidden;
	char problem[PROBLEM_MAX];

	if (out->reached && !out->answered)
		mqtt_explain(out->address.tls, out->problem, sizeof out->problem);
	note(out, "The connection to the broker was lost.");
	memcpy(problem, out->problem, sizeof problem);
	*out->problem = '\0';
	out->forbidden = false;
	drop(out);
	tell_news(out, true, problem, forbidden);
}

/* Nobody listened at this address: perhaps at the next. */
static void
give_up(struct mqtt_out *out)
{
	if (out->reached || !out->first || !addresses_are_left(&out->found)) {
		lose(out);
		return;
	}
	drop(out);
	connect_on(out);
}

/* After each call into libmosquitto: ends a connection that is over, or else waits for
 * what comes next. */
static void
look(struct mqtt_out *out)
{
	if (out->client && out->up && !*out->problem)
		hand_over(out);
	if (!tell_news(out, false, NULL, false) || !out->client)
		return;
	if (*out->problem || mosquitto_socket(out->client) < 0)
		give_up(out);
	else if (out->watch)
		loop_watch_set(out->watch,
			LOOP_READ | (mosquitto_want_write(out->client) ? LOOP_WRITE : 0));
}

static void
see_who_is_there(struct mqtt_out *out, int fd)
{
	int reason = 0;

	out->reached = out->reached || mqtt_is_accepted(fd, &reason);
	if (!out->reached)
		note(out, strerror(reason));
}

static void
on_ready(void *arg, int fd, int ready)
{
	struct mqtt_out *out = arg;

	see_who_is_there(out, fd);
	if (!*out->problem && ready & LOOP_READ)
		check(out, mosquitto_loop_read(out->client, 1));
	if (!*out->problem && ready & LOOP_WRITE)
		check(out, mosquitto_loop_write(out->client, 1));
	look(out);
}

/* Whoever has waited in vain for a connection would only make the next one wait. */
static void
give_up_connecting(struct mqtt_out *out)
{
	const struct mqtt_publish *late = find_news(out, false);

	if (!out->up && late && !late->is_over)
		note(out, "The broker does not answer.");
	if (!out->reached && addresses_are_left(&out->found) &&
		moment_ticks() > out->next_due)
		note(out, "The broker does not answer.");
}

static void
on_tick(void *arg)
{
	struct mqtt_out *out = arg;

	if (out->client) {
		check(out, mosquitto_loop_misc(out->client));
		give_up_connecting(out);
	}
	look(out);
}

static const char *
refuses(const struct mqtt_out *out, const char *address)
{
	const struct mqtt_address *to = &out->address;

	if (!out->reach)
		return NULL;
	return reach_refuses_text(out->reach, to->host, address, to->port);
}

static bool
make_client(struct mqtt_out *out)
{
	out->client = mosquitto_new(out->client_id, true, out);
	if (!out->client)
		return false;
	mosquitto_connect_callback_set(out->client, on_connect);
	mosquitto_publish_callback_set(out->client, on_publish);
	mosquitto_max_inflight_messages_set(out->client, 0);
	if (out->user &&
		mosquitto_username_pw_set(out->client, out->user, out->password) != 0)
		return false;
	return !out->address.tls ||
	       mqtt_tls_set(out->client, out->address.host, out->ca_file);
}

/* The address that was looked at is the one connected to. */
static void
connect_to(struct mqtt_out *out, const char *address)
{
	const char *refused = refuses(out, address);

	*out->problem = '\0';
	out->forbidden = refused != NULL;
	if (refused)
		snprintf(out->problem, sizeof out->problem,
			"The broker is out of reach: %s.", refused);
	else if (!make_client(out))
		note(out, "The broker's user or its certificates cannot be used.");
	else
		check(out, mosquitto_connect_async(
				   out->client, address, out->address.port, KEEPALIVE));
	if (!*out->problem)
		out->fd = dup(mosquitto_socket(out->client));
}

/* To the next address that does not refuse us at once. */
static void
connect_on(struct mqtt_out *out)
{
	const char *address;

	while (out->fd < 0 && (address = addresses_next(&out->found))) {
		drop(out);
		connect_to(out, address);
	}
	if (out->fd < 0) {
		lose(out);
		return;
	}
	out->next_due = moment_ticks() + NEXT_AFTER;
	loop_timer_set(out->tick, TICK, TICK);
	out->watch =
		loop_watch_new(out->loop, out->fd, LOOP_READ | LOOP_WRITE, on_ready, out);
}

static void
begin(void *arg, const struct addresses *found, const char *problem)
{
	struct mqtt_out *out = arg;

	out->lookup = NULL;
	out->found = (struct addresses){ 0 };
	if (problem)
		note(out, problem);
	else
		out->found = *found;
	connect_on(out);
}

static void
connect_soon(struct mqtt_out *out)
{
	if (out->lookup || out->client)
		return;
	out->lookup = lookup_start(out->loop, out->address.host, begin, out);
	loop_timer_set(out->tick, TICK, TICK);
}

/* ---- the door ---- */

enum err
mqtt_out_check(const char *url, struct fault *why)
{
	void *life = mem_life(NULL);
	struct mqtt_address address;
	enum err err = mqtt_address_read(life, url, &address, why);

	if (err == ERR_NONE && address.user)
		err = fault(why, ERR_INVALID,
			"The broker's user and password stand beside its URL, the "
			"password in a file of its own.");
	mem_free(life);
	return err;
}

enum err
mqtt_out_open(struct loop *loop, const struct mqtt_out_options *options,
	struct mqtt_out **opened, struct fault *why)
{
	struct mqtt_out *out;
	enum err err = mqtt_out_check(options->url, why);

	if (err != ERR_NONE)
		return err;
	out = mem_new(NULL, struct mqtt_out);
	mqtt_address_read(out, options->url, &out->address, NULL);
	mosquitto_lib_init();
	out->loop = loop;
	out->user = mem_text(out, options->user);
	out->password = mem_text(out, options->password);
	out->ca_file = mem_text(out, options->ca_file);
	out->reach = options->reach;
	out->fd = -1;
	out->tick = loop_timer_new(loop, on_tick, out);
	strcpy(out->client_id, "oneclick-");
	digest_random_text("abcdefghijklmnopqrstuvwxyz0123456789",
		out->client_id + strlen(out->client_id), 12);
	*opened = out;
	return ERR_NONE;
}

void
mqtt_out_close(struct mqtt_out *out)
{
	if (!out)
		return;
	if (out->up && mosquitto_disconnect(out->client) == 0)
		mosquitto_loop_write(out->client, 1);
	drop(out);
	while (out->first)
		mqtt_out_cancel(out->first);
	if (out->gone)
		*out->gone = true;
	loop_timer_stop(out->tick);
	mem_free(out);
	mosquitto_lib_cleanup();
}

struct mqtt_publish *
mqtt_out_publish(struct mqtt_out *out, const char *topic, const char *payload, size_t n,
	int64_t total, mqtt_publish_fn fn, void *arg)
{
	struct mqtt_publish *publish = mem_new(out, struct mqtt_publish), **last;

	*publish = (struct mqtt_publish){
		.out = out,
		.topic = mem_text(publish, topic),
		.payload = mem_textn(publish, payload, n),
		.n = n,
		.due = moment_ticks() + total,
		.fn = fn,
		.arg = arg,
	};
	for (last = &out->first; *last; last = &(*last)->next)
		continue;
	*last = publish;
	connect_soon(out);
	loop_timer_set(out->tick, 0, TICK); /* hands it over, or finds it late */
	return publish;
}
