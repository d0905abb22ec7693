/*
 * An MQTT session, from its first packet to its end.  One batch of its messages is on a
 * lane at a time and nothing is read meanwhile, so that PUBACKs leave in order and what a
 * peer can have us hold is bounded; what it sends then waits in its own socket.
 */
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

#include "listener.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/net/tls.h"

enum {
	ROOM_NEW = 2 * 1024, /* for the CONNECT of a stranger */
	ROOM_IN = LINK_PIECE + MQTT_PACKET_MAX + MQTT_HEADER_MAX,
	ROOM_OUT = 32 * 1024, /* more than all answers to what is read at once */
	GOODBYE = 2 * 1000,   /* ms for a peer to read why, and go */
};

void
session_end(struct session *session)
{
	session_forget_admission(session);
	batch_abandon(session);
	link_close(&session->link);
	listener_forget(session);
	mem_free(session);
}

/* ---- refusing ---- */

static void
refuse(struct session *session, enum listener_fate fate, const char *sentence)
{
	session->ended = true;
	listener_tell(session, fate, sentence);
}

/* Closed at once, a connection with bytes unread would lose what was last written to it;
 * so it is told, and then read from until it goes. */
void
session_leave(struct session *session)
{
	if (session->state == SESSION_LEAVING)
		return;
	session->state = SESSION_LEAVING;
	guest_wait(&session->guest);
	session->due = moment_ticks() + GOODBYE;
}

void
session_be_patient(struct session *session)
{
	session->due = session->keepalive == 0
			       ? INT64_MAX
			       : moment_ticks() + session->keepalive * INT64_C(1500);
}

/* ---- the other packets ---- */

static void
take_publish(struct session *session, const struct mqtt_publish *publish)
{
	struct mqtt_text topic = publish->topic;

	if (topic.n == strlen(session->topic) &&
		memcmp(topic.at, session->topic, topic.n) == 0)
		batch_add(session, publish);
	else
		refuse(session, LISTENER_FOREIGN,
			"It published to a topic that is not oneclick/ID/event with its "
			"own ID.");
}

static void
take_packet(struct session *session, const struct mqtt_packet *packet)
{
	bool is_first = session->state == SESSION_NEW;

	if (is_first != (packet->type == MQTT_CONNECT)) {
		refuse(session, LISTENER_MALFORMED,
			is_first ? "Its first packet is not CONNECT."
				 : "It sent CONNECT twice.");
		return;
	}
	if (!is_first)
		session_be_patient(session);
	switch (packet->type) {
	case MQTT_CONNECT:
		session_connect(session, &packet->connect);
		break;
	case MQTT_PUBLISH:
		take_publish(session, &packet->publish);
		break;
	case MQTT_PINGREQ:
		mqtt_write_pingresp(&session->link.out);
		break;
	case MQTT_DISCONNECT:
		session->ended = true;
		break;
	}
}

static bool
takes_packets(const struct session *session)
{
	return !session->ended && !batch_is_full(session) &&
	       (session->state == SESSION_NEW || session->state == SESSION_OPEN);
}

static void
refuse_packet(struct session *session, const struct fault *why)
{
	refuse(session,
		why->code == ERR_FORBIDDEN ? LISTENER_NOT_TAKEN : LISTENER_MALFORMED,
		why->sentence);
}

/* A stranger's CONNECT needs few bytes. */
static void
check_room(struct session *session, size_t left)
{
	if (session->state == SESSION_NEW && !session->ended && left >= ROOM_NEW)
		refuse(session, LISTENER_MALFORMED, "Its CONNECT is too long.");
}

static void
take_packets(struct session *session)
{
	struct buf *in = &session->link.in;
	struct mqtt_packet packet;
	struct fault why;
	size_t at = 0, used = 1;

	while (takes_packets(session) && used > 0) {
		if (mqtt_packet_read(in->data + at, in->len - at, &packet, &used, &why))
			refuse_packet(session, &why);
		else if (used > 0)
			take_packet(session, &packet);
		at += used;
	}
	check_room(session, in->len - at);
	buf_drop(in, at);
	link_rest(&session->link);
}

/* ---- turning ---- */

static int
find_wanted(const struct session *session)
{
	bool reads = session->state == SESSION_LEAVING ||
		     ((session->state == SESSION_NEW || session->state == SESSION_OPEN) &&
			     link_left(&session->link) == 0);

	if (session->state == SESSION_SHAKING)
		return session->link.shake_writes ? LOOP_WRITE : LOOP_READ;
	return (reads ? LOOP_READ : 0) | (link_left(&session->link) > 0 ? LOOP_WRITE : 0);
}

/* The patience is with a peer that takes nothing at all; one that takes little is not read
 * from meanwhile. */
static bool
flush(struct session *session)
{
	size_t before = link_left(&session->link), left;

	if (!link_flush(&session->link))
		return false;
	left = link_left(&session->link);
	if (left == 0)
		session->write_due = INT64_MAX;
	else if (left < before || session->write_due == INT64_MAX)
		session->write_due = moment_ticks() + LISTENER_PATIENCE;
	return true;
}

/* True when all that can be done is done and it stays. */
static bool
advance(struct session *session)
{
	take_packets(session);
	if (session->state == SESSION_OPEN && batch_submit(session))
		session->state = SESSION_BUSY;
	if (session->ended && session->state != SESSION_BUSY)
		session_leave(session);
	if (!flush(session))
		return false;
	if (session->state == SESSION_LEAVING && link_left(&session->link) == 0)
		link_shut(&session->link);
	return true;
}

void
session_go_on(struct session *session)
{
	if (advance(session))
		loop_watch_set(session->link.watch, find_wanted(session));
	else
		session_end(session);
}

/* A failed handshake is told: it is how a wrong certificate shows. */
static bool
shake(struct session *session)
{
	struct fault why;
	bool sound;

	if (!session->hailed && link_speaks_clear(&session->link)) {
		listener_tell(session, LISTENER_NO_TLS,
			"It spoke without TLS; have it connect by mqtts://.");
		return false;
	}
	session->hailed = true;
	sound = link_shake(&session->link, &why);
	if (!sound)
		listener_tell(session, LISTENER_NO_TLS, why.sentence);
	else if (!session->link.shaking)
		session->state = SESSION_NEW;
	return sound;
}

static bool
fill(struct session *session)
{
	if (session->state == SESSION_LEAVING)
		buf_clear(&session->link.in);
	return link_fill(&session->link) && !session->link.ended;
}

static void
on_ready(void *arg, int fd, int ready)
{
	struct session *session = arg;
	bool sound = true;

	(void)fd;
	if (session->state == SESSION_SHAKING)
		sound = shake(session);
	else if (ready & LOOP_READ && find_wanted(session) & LOOP_READ)
		sound = fill(session);
	if (sound)
		session_go_on(session);
	else
		session_end(session);
}

void
session_settle(struct session *session, enum batch_end end, const struct fault *why)
{
	bool is_stranger = why->code == ERR_NOT_FOUND || why->code == ERR_FORBIDDEN;

	session->state = SESSION_OPEN;
	session_be_patient(session);
	if (end == BATCH_FAILED)
		refuse(session,
			is_stranger ? LISTENER_UNAUTHORIZED : LISTENER_UNAVAILABLE,
			why->sentence);
	else if (end == BATCH_SPOILT)
		refuse(session, LISTENER_UNREADABLE, why->sentence);
	else if (why->code)
		listener_note(session, why->sentence);
	session_go_on(session);
}

void
session_tick(struct session *session, int64_t now)
{
	if (session->state == SESSION_BUSY ||
		(now < session->due && now < session->write_due))
		return;
	if (session->state == SESSION_REFUSING) {
		mqtt_write_connack(&session->link.out, MQTT_LEVEL, MQTT_NOT_AUTHORIZED);
		session_leave(session);
		session_go_on(session);
		return;
	}
	if (session->state != SESSION_LEAVING)
		listener_tell(session, LISTENER_SILENT,
			session->state == SESSION_OPEN
				? "It was silent longer than its keepalive allows, or "
				  "takes nothing."
				: "It did not sign in.");
	session_end(session);
}

struct session *
session_of(struct guest *guest)
{
	return (struct session *)((char *)guest - offsetof(struct session, guest));
}

static bool
open_link(struct session *session, int fd)
{
	if (!link_open(&session->link, session, fd, tls_is_open(), ROOM_IN, ROOM_OUT))
		return false;
	session->state = session->link.shaking ? SESSION_SHAKING : SESSION_NEW;
	return link_watch(&session->link, session->listener->service->loop, on_ready,
		session);
}

void
session_start(struct listener *listener, int fd, const struct sockaddr_storage *from)
{
	struct session *session = mem_new(listener, struct session);

	session->listener = listener;
	session->due = moment_ticks() + LISTENER_PATIENCE;
	session->write_due = INT64_MAX;
	accept_name(from, session->peer);
	if (!crowd_enter(listener->crowd, &session->guest, from, false)) {
		listener_tell(session, LISTENER_CROWDED,
			"There are too many connections from its address.");
		close(fd);
		mem_free(session);
		return;
	}
	DL_APPEND(listener->sessions, session);
	if (!open_link(session, fd))
		session_end(session);
}
