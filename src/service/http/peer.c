#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>
#include <utlist.h>

#include "http.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

enum { WAIT = REQUEST_SECONDS_MAX * 1000 };

/* All wait equally long, so that the list is in order of being due. */
void
peer_wait(struct peer *peer)
{
	struct server *server = peer->server;
	bool first = server->peers == NULL;

	peer_relax(peer);
	peer->due = moment_ticks() + WAIT;
	peer->waited_for = true;
	DL_APPEND(server->peers, peer);
	if (first)
		loop_timer_set(server->peer_timer, WAIT, 0);
}

void
peer_relax(struct peer *peer)
{
	if (peer->waited_for)
		DL_DELETE(peer->server->peers, peer);
	peer->waited_for = false;
}

/* libmicrohttpd counts only silence, and one byte breaks it; this counts the whole. */
void
peer_check_due(void *arg)
{
	struct server *server = arg;
	int64_t now = moment_ticks();

	while (server->peers && server->peers->due <= now) {
		struct peer *peer = server->peers;
		peer_relax(peer);
		shutdown(peer->fd, SHUT_RDWR);
	}
	if (server->peers)
		loop_timer_set(server->peer_timer, server->peers->due - now, 0);
}

static void
read_name(struct peer *peer, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info ? info->client_addr : NULL;

	strcpy(peer->name, "local");
	if (address && address->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr,
			peer->name, sizeof peer->name);
	if (address && address->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr,
			peer->name, sizeof peer->name);
}

static bool
is_our_user(int fd)
{
	struct ucred cred;
	socklen_t size = sizeof cred;

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size) == 0 &&
	       cred.uid == geteuid();
}

static struct peer *
open_peer(struct server *server, struct MHD_Connection *connection)
{
	struct peer *peer = mem_new(server, struct peer);
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	peer->server = server;
	peer->fd = info->connect_fd;
	read_name(peer, connection);
	if (!server->socket_path) {
		unsigned patience = WAIT;
		setsockopt(peer->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience,
			sizeof patience);
	} else if (is_our_user(peer->fd)) {
		peer->local = true;
	} else {
		shutdown(peer->fd, SHUT_RDWR);
	}
	peer_wait(peer);
	return peer;
}

void
peer_notice(void *server, struct MHD_Connection *connection, void **context,
	enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = open_peer(server, connection);
	} else if (*context) {
		peer_relax(*context);
		mem_free(*context);
		*context = NULL;
	}
}

struct peer *
peer_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
		->socket_context;
}
