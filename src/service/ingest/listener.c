/* The part of the service that listens: who is let in, how many, and who is too slow. */
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

#include "listener.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/net/tls.h"
#include "oneclick/service/accept.h"
#include "oneclick/service/listen.h"
#include "oneclick/service/trail.h"

enum {
	CONNECTIONS_MAX = 2048,
	TICK = 1000,           /* ms */
	LOG_EVERY = 10 * 1000, /* ms between lines about refusals */
};

static const char *const names[LISTENER_FATES] = {
	[LISTENER_ACCEPTED] = "accepted",
	[LISTENER_CROWDED] = "crowded",
	[LISTENER_NO_TLS] = "no_tls",
	[LISTENER_UNAUTHORIZED] = "unauthorized",
	[LISTENER_UNAVAILABLE] = "unavailable",
	[LISTENER_MALFORMED] = "malformed",
	[LISTENER_NOT_TAKEN] = "not_taken",
	[LISTENER_FOREIGN] = "foreign_topic",
	[LISTENER_UNREADABLE] = "unreadable",
	[LISTENER_SILENT] = "silent",
};

const char *
listener_fate_name(enum listener_fate fate)
{
	return names[fate];
}

uint64_t
listener_count(const struct service *service, enum listener_fate fate)
{
	return service->listener ? service->listener->fates[fate] : 0;
}

size_t
listener_connections(const struct service *service)
{
	return service->listener ? crowd_count(service->listener->crowd) : 0;
}

/* ---- what the log hears ---- */

static void
tell_log(struct listener *listener, const char *peer, const char *device_id,
	const char *sentence)
{
	listener->untold++;
	if (moment_ticks() < listener->quiet_until)
		return;
	log_line(LOG_WARN, "mqtt-listen: %" PRIu64 " refused; the last, %s%s%.40s: %s",
		listener->untold, peer, device_id ? " as " : "",
		device_id ? device_id : "", sentence);
	listener->untold = 0;
	listener->quiet_until = moment_ticks() + LOG_EVERY;
}

static void
record_refusal(struct listener *listener, const char *peer, enum listener_fate fate,
	const char *sentence)
{
	trail_refused(listener->service, peer, "ConnectDevice", names[fate], sentence);
}

void
listener_note(struct session *session, const char *sentence)
{
	tell_log(session->listener, session->peer, session->device_id, sentence);
	trail_refused(session->listener->service, session->peer, "IngestEvent",
		"unreadable", sentence);
}

void
listener_tell(struct session *session, enum listener_fate fate, const char *sentence)
{
	session->listener->fates[fate]++;
	tell_log(session->listener, session->peer, session->device_id, sentence);
	record_refusal(session->listener, session->peer, fate, sentence);
}

/* ---- letting in ---- */

static void
let_in(void *arg, int fd, const struct sockaddr_storage *from)
{
	struct listener *listener = arg;

	if (!listener->sessions)
		loop_timer_set(listener->tick, TICK, TICK);
	session_start(listener, fd, from);
}

/* ---- and out ---- */

void
listener_forget(struct session *session)
{
	struct listener *listener = session->listener;

	DL_DELETE(listener->sessions, session);
	crowd_leave(listener->crowd, &session->guest);
}

static void
on_tick(void *arg)
{
	struct listener *listener = arg;
	int64_t now = moment_ticks();
	struct session *at, *next;

	DL_FOREACH_SAFE (listener->sessions, at, next)
		session_tick(at, now);
	if (!listener->sessions)
		loop_timer_clear(listener->tick);
}

static void
end_guest(struct guest *guest)
{
	struct session *session = session_of(guest);

	listener_tell(session, LISTENER_CROWDED,
		"It had not signed in when others needed the room.");
	session_end(session);
}

static enum err
listen_for(struct listener *listener, const char *where, int *fd, struct fault *why)
{
	const struct listen_ask ask = {
		.where = where,
		.scheme = tls_is_open() ? "mqtts" : "mqtt",
		.option = "--mqtt-listen",
	};
	char *path;

	if (strncmp(where, "unix:", 5) == 0)
		return fault(why, ERR_INVALID,
			"MQTT is not spoken at a path; give --mqtt-listen an "
			"ADDRESS:PORT.");
	return listen_on(listener, &ask, fd, &listener->address, &path, why);
}

enum err
ingest_listener_open(struct service *service, struct fault *why)
{
	struct listener *listener;
	int fd;
	enum err err;

	if (!service->settings.mqtt_listen)
		return ERR_NONE;
	listener = mem_new(NULL, struct listener);
	err = listen_for(listener, service->settings.mqtt_listen, &fd, why);
	if (err) {
		mem_free(listener);
		return err;
	}
	listener->service = service;
	listener->crowd = crowd_new(listener, CONNECTIONS_MAX, end_guest);
	listener->tick = loop_timer_new(service->loop, on_tick, listener);
	listener->acceptor =
		acceptor_open(service->loop, fd, LISTENER_PATIENCE, let_in, listener);
	service->listener = listener;
	log_line(LOG_INFO, "mqtt-listen: ready on %s", listener->address);
	return ERR_NONE;
}

void
ingest_listener_close(struct service *service)
{
	struct listener *listener = service->listener;

	if (!listener)
		return;
	while (listener->sessions)
		session_end(listener->sessions);
	crowd_free(listener->crowd);
	acceptor_close(listener->acceptor);
	loop_timer_stop(listener->tick);
	mem_free(listener);
	service->listener = NULL;
}
