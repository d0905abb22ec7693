#include "oneclick/service/server.h"

#include <unistd.h>
#include <utlist.h>

#include "http.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/net/tls.h"
#include "oneclick/service/listen.h"

enum {
	CONNECTION_MEMORY = 32 * 1024, /* a whole head, and the reply's */
	RUNS_A_TURN = 8,
};

/* The timer is set anew only when it would fire too late; too early does no harm. */
static void
run_in(struct server *server, int64_t wait)
{
	int64_t due = moment_ticks() + wait;

	if (due >= server->run_due)
		return;
	server->run_due = due;
	loop_timer_set(server->run_timer, wait, 0);
}

void
server_run_soon(struct server *server)
{
	run_in(server, 0);
}

static void
plan_run(struct server *server)
{
	MHD_UNSIGNED_LONG_LONG wait;

	if (MHD_get_timeout(server->daemon, &wait) == MHD_YES)
		run_in(server, (int64_t)wait);
}

static bool
wants_to_run_again(struct server *server)
{
	MHD_UNSIGNED_LONG_LONG wait;

	return MHD_get_timeout(server->daemon, &wait) == MHD_YES && wait == 0;
}

static void
run(struct server *server)
{
	for (int i = 0; i < RUNS_A_TURN; i++) {
		MHD_run(server->daemon);
		if (!wants_to_run_again(server))
			break;
	}
	plan_run(server);
}

static void
run_when_ready(void *arg, int fd, int ready)
{
	(void)fd, (void)ready;
	run(arg);
}

static void
run_when_due(void *arg)
{
	struct server *server = arg;

	server->run_due = INT64_MAX;
	run(server);
}

/* With TLS it has no listening socket, and is given connections one by one. */
static struct MHD_Daemon *
start_daemon(struct server *server, int fd, bool secure, unsigned per_address)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME |
					(secure ? MHD_USE_NO_LISTEN_SOCKET : 0),
		0, NULL, NULL, request_part, server, MHD_OPTION_URI_LOG_CALLBACK,
		request_begin, server, MHD_OPTION_NOTIFY_COMPLETED, request_end, server,
		MHD_OPTION_NOTIFY_CONNECTION, peer_notice, server,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_address,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)REQUEST_SECONDS_MAX,
		MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
		secure ? MHD_OPTION_END : MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_END);
}

static void
remove_socket(struct server *server)
{
	if (server->socket_path)
		unlink(server->socket_path);
}

/* The socket is libmicrohttpd's then, or the tunnels'. */
static bool
start(struct server *server, int fd)
{
	bool secure = tls_is_open() && !server->socket_path;
	unsigned per_address = listen_is_loopback(fd) ? 0 : CONNECTIONS_PER_ADDRESS;
	int epoll;

	server->daemon = start_daemon(server, fd, secure, per_address);
	if (!server->daemon)
		return false;
	server->run_timer = loop_timer_new(server->loop, run_when_due, server);
	server->peer_timer = loop_timer_new(server->loop, peer_check_due, server);
	epoll = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	server->watch =
		loop_watch_new(server->loop, epoll, LOOP_READ, run_when_ready, server);
	if (secure)
		server->tunnels = tunnels_open(server, fd, per_address);
	return true;
}

enum err
server_open(struct loop *loop, const char *listen, server_fn fn, void *arg,
	struct server **out, struct fault *why)
{
	struct server *server = mem_new(NULL, struct server);
	const struct listen_ask ask = {
		.where = listen,
		.scheme = tls_is_open() ? "https" : "http",
		.option = "--listen",
	};
	int fd;
	enum err err =
		listen_on(server, &ask, &fd, &server->address, &server->socket_path, why);

	if (err) {
		mem_free(server);
		return err;
	}
	server->loop = loop;
	server->fn = fn;
	server->arg = arg;
	server->run_due = INT64_MAX;
	if (!start(server, fd)) {
		close(fd);
		remove_socket(server);
		mem_free(server);
		return fault(why, ERR_INTERNAL, "The HTTP server on %s did not start.",
			listen);
	}
	*out = server;
	return ERR_NONE;
}

void
server_watch(struct server *server, server_seen_fn fn)
{
	server->seen = fn;
}

const char *
server_address(const struct server *server)
{
	return server->address;
}

/* libmicrohttpd must not be stopped with suspended connections. */
void
server_close(struct server *server)
{
	loop_watch_stop(server->watch);
	server->closing = true;
	while (server->suspended)
		http_resume(server->suspended);
	run(server);
	MHD_stop_daemon(server->daemon);
	if (server->tunnels)
		tunnels_close(server->tunnels);
	remove_socket(server);
	loop_timer_stop(server->run_timer);
	loop_timer_stop(server->peer_timer);
	mem_free(server);
}
