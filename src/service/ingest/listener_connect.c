/* How a session signs in: CONNECT, a lane's look at its credentials, CONNACK. */
#include <string.h>
#include <utlist.h>

#include "listener.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/model/device.h"

#define TOPIC_FORMAT "oneclick/%s/event"

enum {
	CONNECTIONS_PER_DEVICE = 8,
	WAITING_MAX = 8192, /* jobs, beyond which nobody is let in */
	TEXT_MAX = 128, /* bytes of a client ID, user name or password that are kept */
};

struct admission {
	struct job job;
	struct session *session; /* NULL once it is gone */
	char *device_id, *token;
};

static void
refuse(struct session *session, enum mqtt_connack code, enum listener_fate fate,
	const char *sentence)
{
	listener_tell(session, fate, sentence);
	mqtt_write_connack(&session->link.out, MQTT_LEVEL, code);
	session_leave(session);
}

static void
refuse_level(struct session *session, uint8_t level)
{
	listener_tell(session, LISTENER_NOT_TAKEN,
		"It speaks another version of MQTT; only 3.1.1 is taken.");
	mqtt_write_connack(&session->link.out, level, MQTT_BAD_LEVEL);
	session_leave(session);
}

/* As a text without a NUL in it, or NULL. */
static char *
keep_text(const void *ctx, struct mqtt_text text)
{
	if (!text.at || text.n == 0 || text.n > TEXT_MAX || memchr(text.at, '\0', text.n))
		return NULL;
	return mem_textn(ctx, text.at, text.n);
}

static bool
is_open_for(const struct session *session, const char *device_id)
{
	return (session->state == SESSION_OPEN || session->state == SESSION_BUSY) &&
	       strcmp(session->device_id, device_id) == 0;
}

static bool
is_same_client(const struct session *a, const struct session *b)
{
	return a->client_id && b->client_id && strcmp(a->client_id, b->client_id) == 0;
}

/* Section 3.1.4: a client that connects again takes the place of its older connection,
 * whose end it may not have noticed either. A device's client IDs are its own; and one
 * that goes on connecting under new ones loses its oldest connection. */
static void
end_older(const struct session *session)
{
	struct session *at, *next, *oldest = NULL;
	int others = 0;

	DL_FOREACH_SAFE (session->listener->sessions, at, next) {
		if (!is_open_for(at, session->device_id))
			continue;
		if (is_same_client(at, session)) {
			session_end(at);
			continue;
		}
		oldest = oldest ? oldest : at;
		others++;
	}
	if (others >= CONNECTIONS_PER_DEVICE)
		session_end(oldest);
}

static void
open_session(struct session *session)
{
	end_older(session);
	session->topic = mem_format(session, TOPIC_FORMAT, session->device_id);
	session->state = SESSION_OPEN;
	guest_prove(session->listener->crowd, &session->guest);
	guest_work(&session->guest);
	session->listener->fates[LISTENER_ACCEPTED]++;
	mqtt_write_connack(&session->link.out, MQTT_LEVEL, MQTT_ACCEPTED);
	session_be_patient(session);
}

/* An unknown device and a wrong token are answered alike. */
static void
refuse_credentials(struct session *session)
{
	int64_t wait = guest_fail(&session->guest);

	listener_tell(session, LISTENER_UNAUTHORIZED,
		"There is no such device, or this is not its token.");
	session->state = SESSION_REFUSING;
	buf_clear(&session->link.in);
	session->due = moment_ticks() + wait;
	if (wait == 0)
		session_tick(session, session->due);
}

static void
admit(struct session *session, enum err result, const struct fault *why)
{
	if (result == ERR_FORBIDDEN) {
		refuse_credentials(session);
		return;
	}
	if (result == ERR_NONE)
		open_session(session);
	else
		refuse(session, MQTT_UNAVAILABLE, LISTENER_UNAVAILABLE, why->sentence);
	session_go_on(session);
}

static enum err
run_admission(struct job *job, struct tx *tx)
{
	struct admission *a = (struct admission *)job;
	struct device device;

	return ingest_admit(tx, a, a->device_id, a->token, &device, &job->why);
}

static void
end_admission(struct job *job)
{
	struct admission *a = (struct admission *)job;
	struct session *session = a->session;
	enum err result = job->result;
	struct fault why = job->why;

	mem_free(a);
	if (!session)
		return;
	session->admission = NULL;
	admit(session, result, &why);
}

static void
ask(struct session *session)
{
	struct admission *a = mem_new(NULL, struct admission);

	a->job = (struct job){
		.lane = LANE_READ,
		.run = run_admission,
		.done = end_admission,
	};
	a->session = session;
	a->device_id = mem_text(a, session->device_id);
	a->token = mem_text(a, session->token);
	session->admission = a;
	lanes_submit(session->listener->service->lanes, &a->job);
}

void
session_forget_admission(struct session *session)
{
	if (session->admission)
		session->admission->session = NULL;
}

void
session_connect(struct session *session, const struct mqtt_connect *connect)
{
	const struct service *service = session->listener->service;

	session->keepalive = connect->keepalive;
	session->client_id = keep_text(session, connect->client_id);
	session->device_id = keep_text(session, connect->user);
	session->token = keep_text(session, connect->password);
	if (connect->level != MQTT_LEVEL) {
		refuse_level(session, connect->level);
	} else if (connect->client_id.n == 0 && !connect->clean) {
		refuse(session, MQTT_BAD_CLIENT_ID, LISTENER_MALFORMED,
			"It asks to keep a session but has no client ID.");
	} else if (!session->device_id || !session->token) {
		refuse(session, MQTT_BAD_CREDENTIALS, LISTENER_UNAUTHORIZED,
			"It has no device ID as user name and token as password.");
	} else if (lanes_waiting(service->lanes) >= WAITING_MAX) {
		refuse(session, MQTT_UNAVAILABLE, LISTENER_UNAVAILABLE,
			"The service has more to do than it can.");
	} else {
		session->state = SESSION_ASKING;
		ask(session);
	}
}
