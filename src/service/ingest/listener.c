/* The part of the service that listens: who is let in, how many, and who is too slow. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

#include "listener.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/net/tls.h"
#include "oneclick/service/listen.h"

enum {
	CONNECTIONS_MAX = 2048,
	CONNECTIONS_PER_ADDRESS = 256, /* when strangers can connect */
	ACCEPTS_A_TURN = 32,
	TICK = 1000,           /* ms */
	LOG_EVERY = 10 * 1000, /* ms between lines about refusals */
	IDLE_PROBE = 300,      /* s of silence before the kernel asks if a peer lives */
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
	return service->listener ? service->listener->count : 0;
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

void
listener_note(struct session *session, const char *sentence)
{
	tell_log(session->listener, session->peer, session->device_id, sentence);
}

void
listener_tell(struct session *session, enum listener_fate fate, const char *sentence)
{
	session->listener->fates[fate]++;
	listener_note(session, sentence);
}

/* ---- letting in ---- */

static void
name_peer(const struct sockaddr_storage *from, char out[INET6_ADDRSTRLEN])
{
	const void *address = &((const struct sockaddr_in *)from)->sin_addr;

	if (from->ss_family == AF_INET6)
		address = &((const struct sockaddr_in6 *)from)->sin6_addr;
	inet_ntop(from->ss_family, address, out, INET6_ADDRSTRLEN);
}

/* An acknowledgement must not wait for the next one, and a peer that promised no keepalive
 * may have gone all the same. */
static void
tune(int fd)
{
	int yes = 1, idle = IDLE_PROBE;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
}

static void
let_in(struct listener *listener, int fd, const struct sockaddr_storage *from)
{
	int max = listener->local ? 0 : CONNECTIONS_PER_ADDRESS;
	struct neighbour *neighbour = NULL;
	char peer[INET6_ADDRSTRLEN] = "";

	name_peer(from, peer);
	if (listener->count < CONNECTIONS_MAX)
		neighbour = neighbour_enter(listener, from, max);
	if (!neighbour) {
		listener->fates[LISTENER_CROWDED]++;
		tell_log(listener, peer, NULL, "There are too many connections.");
		close(fd);
		return;
	}
	tune(fd);
	if (listener->count == 0)
		loop_timer_set(listener->tick, TICK, TICK);
	session_start(listener, fd, neighbour, peer);
}

/* Out of descriptors, the one that waits would wake us again and again. */
static void
rest(struct listener *listener)
{
	listener->resting = true;
	loop_watch_set(listener->watch, 0);
	loop_timer_set(listener->tick, TICK, TICK);
	log_line(
		LOG_WARN, "mqtt-listen: cannot accept a connection: %s", strerror(errno));
}

static bool
is_gone(int reason)
{
	return reason == ECONNABORTED || reason == EINTR || reason == EPROTO;
}

static void
on_ready(void *arg, int fd, int ready)
{
	struct listener *listener = arg;

	(void)ready;
	for (int i = 0; i < ACCEPTS_A_TURN; i++) {
		struct sockaddr_storage from = { 0 };
		socklen_t size = sizeof from;
		int peer = accept4(fd, (struct sockaddr *)&from, &size,
			SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (peer >= 0) {
			let_in(listener, peer, &from);
		} else if (!is_gone(errno)) {
			if (errno != EAGAIN && errno != EWOULDBLOCK)
				rest(listener);
			return;
		}
	}
}

/* ---- and out ---- */

void
listener_forget(struct session *session)
{
	struct listener *listener = session->listener;

	DL_DELETE(listener->sessions, session);
	neighbour_leave(listener, session->neighbour);
	listener->count--;
}

static void
on_tick(void *arg)
{
	struct listener *listener = arg;
	int64_t now = moment_ticks();
	struct session *at, *next;

	if (listener->resting) {
		listener->resting = false;
		loop_watch_set(listener->watch, LOOP_READ);
	}
	DL_FOREACH_SAFE (listener->sessions, at, next)
		session_tick(at, now);
	neighbours_tick(listener, now);
	if (listener->count == 0)
		loop_timer_clear(listener->tick);
}

enum err
ingest_listener_open(struct service *service, struct fault *why)
{
	struct listener *listener;
	char *path;
	enum err err;

	if (!service->settings.mqtt_listen)
		return ERR_NONE;
	listener = mem_new(NULL, struct listener);
	err = listen_on(listener,
		&(struct listen_ask){
			.where = service->settings.mqtt_listen,
			.scheme = tls_is_open() ? "mqtts" : "mqtt",
			.option = "--mqtt-listen",
		},
		&listener->fd, &listener->address, &path, why);
	if (err) {
		mem_free(listener);
		return err;
	}
	listener->service = service;
	listener->local = listen_is_loopback(listener->fd);
	listener->tick = loop_timer_new(service->loop, on_tick, listener);
	listener->watch = loop_watch_new(
		service->loop, listener->fd, LOOP_READ, on_ready, listener);
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
	loop_watch_stop(listener->watch);
	loop_timer_stop(listener->tick);
	close(listener->fd);
	mem_free(listener);
	service->listener = NULL;
}
