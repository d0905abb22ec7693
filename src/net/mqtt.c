#include "oneclick/net/mqtt.h"

#include <errno.h>
#include <mosquitto.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lookup.h"
#include "mqtt_link.h"
#include "mqtt_tls.h"
#include "oneclick/base/backoff.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

enum {
	KEEPALIVE = 30,        /* s */
	TICK = 1000,           /* ms between looks at the keepalive */
	PATIENCE = 20 * 1000,  /* ms from connecting to subscribed */
	NEXT_AFTER = 4 * 1000, /* ms one address may take when there are others */
	FIRST_WAIT = 500,      /* ms */
	LONGEST_WAIT = 30 * 1000,
	REFUSED = 128,       /* a SUBACK's "no" */
	SESSION_PRESENT = 1, /* of a CONNACK's flags */
};

struct mqtt {
	struct loop *loop;
	struct mqtt_options options;
	struct mqtt_address address;
	struct lookup *lookup;    /* NULL unless the name is being looked up */
	struct addresses found;   /* what it leads to, tried one after another */
	struct mosquitto *client; /* one a connection; NULL between them */
	bool reached;             /* somebody listens at the address */
	bool answered;            /* and speaks MQTT */
	int fd;                   /* our own descriptor of its socket */
	struct loop_watch *watch;
	struct loop_timer *tick, *retry;
	struct backoff backoff;
	int64_t due;      /* ticks: when it must be subscribed */
	int64_t next_due; /* and when the next address is tried */
	bool up;
	bool holding;      /* a batch is with the caller: neither read nor write */
	char problem[200]; /* why the connection must end, "" if it need not */
	void *batch;       /* the life of its messages */
	struct mqtt_message *messages;
	size_t count, room, bytes;
};

static void
note(struct mqtt *m, const char *problem)
{
	if (!*m->problem)
		snprintf(m->problem, sizeof m->problem, "%s", problem);
}

static void
clear_batch(struct mqtt *m)
{
	mem_free(m->batch);
	m->batch = NULL;
	m->messages = NULL;
	m->count = m->room = m->bytes = 0;
}

/* ---- what libmosquitto calls, inside mosquitto_loop_read ---- */

static void
on_connect(struct mosquitto *client, void *arg, int rc, int flags)
{
	struct mqtt *m = arg;

	m->answered = true;
	if (rc == 0 && m->options.joined)
		m->options.joined(m->options.arg, flags & SESSION_PRESENT);
	if (rc == 0)
		rc = mosquitto_subscribe_multiple(client, NULL,
			(int)m->options.filter_count,
			(char *const *)(uintptr_t)m->options.filter, 1, 0, NULL);
	else
		note(m, mosquitto_connack_string(rc));
	if (rc != 0)
		note(m, mosquitto_strerror(rc));
}

static void
tell_subscribed(struct mqtt *m, int granted_count, const int *granted)
{
	const char *refused = NULL;
	char sentence[300];
	int least = 1;

	for (int i = 0; i < granted_count && i < (int)m->options.filter_count; i++) {
		if (granted[i] == REFUSED)
			refused = m->options.filter[i];
		else if (granted[i] < least)
			least = granted[i];
	}
	snprintf(sentence, sizeof sentence, "Subscribed%s%.200s%s.",
		refused ? ", but the broker refuses " : "", refused ? refused : "",
		least > 0 ? ""
			  : ", but the broker grants QoS 0 only: events may get lost");
	m->options.linked(m->options.arg, true, sentence);
}

static void
on_subscribe(struct mosquitto *client, void *arg, int mid, int granted_count,
	const int *granted)
{
	struct mqtt *m = arg;

	(void)client;
	(void)mid;
	if (granted_count < 1 || granted[0] == REFUSED) {
		note(m, "The broker does not let us subscribe.");
		return;
	}
	m->up = true;
	backoff_reset(&m->backoff);
	tell_subscribed(m, granted_count, granted);
}

static void
on_message(struct mosquitto *client, void *arg, const struct mosquitto_message *message)
{
	struct mqtt *m = arg;

	(void)client;
	if (!m->batch)
		m->batch = mem_life(NULL);
	if (m->count == m->room) {
		m->room = m->room ? m->room * 2 : 16;
		m->messages =
			mem_resize(m->batch, m->messages, struct mqtt_message, m->room);
	}
	m->bytes += (size_t)message->payloadlen;
	m->messages[m->count++] = (struct mqtt_message){
		.topic = mem_text(m->batch, message->topic),
		.payload = mem_textn(m->batch, message->payload ? message->payload : "",
			(size_t)message->payloadlen),
		.size = (size_t)message->payloadlen,
		.id = message->qos > 0 ? message->mid : 0,
		.retained = message->retain,
	};
}

/* ---- the socket ---- */

/* Destroying the client forgets the acknowledgements it still held. */
static void
drop(struct mqtt *m)
{
	if (m->watch)
		loop_watch_stop(m->watch);
	if (m->fd >= 0)
		close(m->fd);
	if (m->client)
		mosquitto_destroy(m->client);
	m->watch = NULL;
	m->client = NULL;
	m->fd = -1;
	m->up = m->holding = m->reached = m->answered = false;
	clear_batch(m);
}

static void connect_on(struct mqtt *m);

static void
lose(struct mqtt *m)
{
	char problem[sizeof m->problem];

	if (m->reached && !m->answered)
		mqtt_explain(m->address.tls, m->problem, sizeof m->problem);
	note(m, "The connection was lost.");
	memcpy(problem, m->problem, sizeof problem);
	*m->problem = '\0';
	drop(m);
	loop_timer_set(m->retry, backoff_next(&m->backoff), 0);
	m->options.linked(m->options.arg, false, problem);
}

/* Nobody listened at this address: perhaps at the next. */
static void
give_up(struct mqtt *m)
{
	if (m->reached || !addresses_are_left(&m->found)) {
		lose(m);
		return;
	}
	drop(m);
	connect_on(m);
}

/* After each call into libmosquitto: ends a connection that is over, or else waits for
 * what comes next. */
static void
look(struct mqtt *m)
{
	if (!m->client)
		return;
	if (*m->problem || mosquitto_socket(m->client) < 0)
		give_up(m);
	else if (m->holding)
		loop_watch_set(m->watch, 0);
	else
		loop_watch_set(m->watch,
			LOOP_READ | (mosquitto_want_write(m->client) ? LOOP_WRITE : 0));
}

static void
check(struct mqtt *m, int rc)
{
	if (rc != MOSQ_ERR_SUCCESS)
		note(m, mosquitto_strerror(rc));
}

static bool
has_input(const struct mqtt *m)
{
	struct pollfd fd = { .fd = m->fd, .events = POLLIN };

	return poll(&fd, 1, 0) > 0 && fd.revents & POLLIN;
}

/* A batch cut short by the end of its connection is dropped: the broker keeps it. */
static void
read_batch(struct mqtt *m)
{
	do
		check(m, mosquitto_loop_read(m->client, 1));
	while (!*m->problem && m->count < MQTT_BATCH_MAX && m->bytes < MQTT_BATCH_BYTES &&
		has_input(m));
	if (*m->problem || m->count == 0)
		return;
	m->holding = true;
	m->options.took(m->options.arg, m->messages, m->count);
}

static void
see_who_is_there(struct mqtt *m, int fd)
{
	int reason = 0;

	m->reached = m->reached || mqtt_is_accepted(fd, &reason);
	if (!m->reached)
		note(m, strerror(reason));
}

static void
on_ready(void *arg, int fd, int ready)
{
	struct mqtt *m = arg;

	see_who_is_there(m, fd);
	if (!*m->problem && ready & LOOP_READ)
		read_batch(m);
	if (m->client && !m->holding && !*m->problem && ready & LOOP_WRITE)
		check(m, mosquitto_loop_write(m->client, 1));
	look(m);
}

static void
on_tick(void *arg)
{
	struct mqtt *m = arg;

	if (!m->client || m->holding)
		return;
	check(m, mosquitto_loop_misc(m->client));
	if (!m->up && moment_ticks() > m->due)
		note(m, "The broker does not answer.");
	if (!m->reached && addresses_are_left(&m->found) && moment_ticks() > m->next_due)
		note(m, "The broker does not answer.");
	look(m);
}

/* ---- connecting ---- */

static bool
make_client(struct mqtt *m)
{
	const struct mqtt_address *to = &m->address;

	m->client = mosquitto_new(m->options.client_id, false, m);
	if (!m->client)
		return false;
	/* So that an acknowledgement only queues, and leaves in mosquitto_loop_write. */
	mosquitto_threaded_set(m->client, true);
	mosquitto_connect_with_flags_callback_set(m->client, on_connect);
	mosquitto_subscribe_callback_set(m->client, on_subscribe);
	mosquitto_message_callback_set(m->client, on_message);
	if (to->user && mosquitto_username_pw_set(m->client, to->user, to->password) != 0)
		return false;
	return !to->tls || mqtt_tls_set(m->client, to->host, m->options.ca_file);
}

/* The watch gets a descriptor of its own, because libmosquitto closes its without a
 * word. */
static void
connect_to(struct mqtt *m, const char *address)
{
	*m->problem = '\0';
	if (!make_client(m))
		note(m, "The client ID, the user's name or the file of authorities "
			"cannot be used.");
	else
		check(m, mosquitto_connect_async(
				 m->client, address, m->address.port, KEEPALIVE));
	if (!*m->problem)
		m->fd = dup(mosquitto_socket(m->client));
}

/* To the next address that does not refuse us at once. */
static void
connect_on(struct mqtt *m)
{
	const char *address;

	while (m->fd < 0 && (address = addresses_next(&m->found))) {
		drop(m);
		connect_to(m, address);
	}
	if (m->fd < 0) {
		lose(m);
		return;
	}
	m->next_due = moment_ticks() + NEXT_AFTER;
	m->watch = loop_watch_new(m->loop, m->fd, LOOP_READ | LOOP_WRITE, on_ready, m);
}

static void
begin(void *arg, const struct addresses *found, const char *problem)
{
	struct mqtt *m = arg;

	m->lookup = NULL;
	m->found = (struct addresses){ 0 };
	if (problem)
		note(m, problem);
	else
		m->found = *found;
	m->due = moment_ticks() + PATIENCE;
	connect_on(m);
}

static void
start(void *arg)
{
	struct mqtt *m = arg;

	m->lookup = lookup_start(m->loop, m->address.host, begin, m);
}

static enum err
check_options(struct mqtt *m, const struct mqtt_options *options, struct fault *why)
{
	enum err err = mqtt_address_read(m, options->url, &m->address, why);

	if (err != ERR_NONE)
		return err;
	if (options->password && !m->address.user)
		return fault(
			why, ERR_INVALID, "A password needs a user: mqtt://USER@host.");
	if (options->ca_file && !m->address.tls)
		return fault(why, ERR_INVALID,
			"A file of authorities is for mqtts://, and the broker's "
			"address begins with mqtt://.");
	if (options->ca_file && access(options->ca_file, R_OK) != 0)
		return fault(
			why, ERR_INVALID, "%s: %s.", options->ca_file, strerror(errno));
	if (options->filter_count > MQTT_FILTERS_MAX)
		return fault(why, ERR_INVALID,
			"%zu topic filters are too many; %d can be followed.",
			options->filter_count, MQTT_FILTERS_MAX);
	if (options->password)
		m->address.password = mem_text(m, options->password);
	return ERR_NONE;
}

static void
keep_options(struct mqtt *m, const struct mqtt_options *options)
{
	const char **filter = mem_array(m, const char *, options->filter_count);

	for (size_t i = 0; i < options->filter_count; i++)
		filter[i] = mem_text(m, options->filter[i]);
	m->options = *options;
	m->options.client_id = mem_text(m, options->client_id);
	m->options.ca_file = mem_text(m, options->ca_file);
	m->options.filter = filter;
}

enum err
mqtt_open(struct loop *loop, const struct mqtt_options *options, struct mqtt **out,
	struct fault *why)
{
	struct mqtt *m = mem_new(NULL, struct mqtt);
	enum err err = check_options(m, options, why);

	if (err != ERR_NONE) {
		mem_free(m);
		return err;
	}
	mosquitto_lib_init();
	m->loop = loop;
	keep_options(m, options);
	m->fd = -1;
	m->backoff = (struct backoff){ .first = FIRST_WAIT, .cap = LONGEST_WAIT };
	m->retry = loop_timer_new(loop, start, m);
	m->tick = loop_timer_new(loop, on_tick, m);
	loop_timer_set(m->tick, TICK, TICK);
	start(m);
	*out = m;
	return ERR_NONE;
}

bool
mqtt_filter_takes(const char *filter, const char *topic)
{
	bool takes = false;

	return mosquitto_topic_matches_sub(filter, topic, &takes) == 0 && takes;
}

void
mqtt_settle(struct mqtt *m, bool taken)
{
	m->holding = false;
	clear_batch(m);
	if (taken)
		check(m, mosquitto_loop_write(m->client, 1));
	else
		note(m, "The events could not be stored.");
	look(m);
}

void
mqtt_close(struct mqtt *m)
{
	if (!m)
		return;
	if (m->lookup)
		lookup_cancel(m->lookup);
	if (m->up && !m->holding && mosquitto_disconnect(m->client) == 0)
		mosquitto_loop_write(m->client, 1);
	drop(m);
	loop_timer_stop(m->tick);
	loop_timer_stop(m->retry);
	mem_free(m);
	mosquitto_lib_cleanup();
}
