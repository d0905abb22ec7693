#include "oneclick/service/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "oneclick/base/mem.h"

enum {
	BACKLOG = 1024,
	FIRST_INHERITED = 3, /* descriptor, after the standard ones */
};

static enum err
refuse_socket(int fd, const struct listen_ask *ask, const char *where, struct fault *why)
{
	int reason = errno;

	if (fd >= 0)
		close(fd);
	if (reason == EADDRINUSE)
		return fault(why, ERR_CONFLICT,
			"Cannot listen on %s: another program listens there; stop it or "
			"choose another address with %s.",
			where, ask->option);
	return fault(
		why, ERR_INVALID, "Cannot listen on %s: %s.", where, strerror(reason));
}

static int
open_socket(int family)
{
	return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* ---- TCP ---- */

static enum err
resolve(const void *ctx, const char *listen, struct addrinfo **out, struct fault *why)
{
	struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
	};
	const char *colon = strrchr(listen, ':');
	char *host = colon ? mem_textn(ctx, listen, (size_t)(colon - listen)) : NULL;
	size_t n = host ? strlen(host) : 0;

	if (n > 2 && host[0] == '[' && host[n - 1] == ']') {
		host[n - 1] = '\0';
		host++;
	}
	if (n == 0 || getaddrinfo(host, colon + 1, &hints, out) != 0)
		return fault(why, ERR_INVALID,
			"Cannot listen on '%s': it takes an address and a port, as in "
			"127.0.0.1:8080 or [::1]:8080.",
			listen);
	return ERR_NONE;
}

static char *
word_address(const void *ctx, const char *scheme, int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} name = { 0 };
	socklen_t size = sizeof name;
	char text[INET6_ADDRSTRLEN] = "";

	getsockname(fd, &name.any, &size);
	if (name.any.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &name.six.sin6_addr, text, sizeof text);
		return mem_format(
			ctx, "%s://[%s]:%d", scheme, text, ntohs(name.six.sin6_port));
	}
	inet_ntop(AF_INET, &name.four.sin_addr, text, sizeof text);
	return mem_format(ctx, "%s://%s:%d", scheme, text, ntohs(name.four.sin_port));
}

static enum err
listen_tcp(const void *ctx, const struct listen_ask *ask, int *out, struct fault *why)
{
	struct addrinfo *found;
	int fd, yes = 1;
	enum err err = resolve(ctx, ask->where, &found, why);

	if (err)
		return err;
	fd = open_socket(found->ai_family);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 ||
		listen(fd, BACKLOG) != 0)
		err = refuse_socket(fd, ask, ask->where, why);
	freeaddrinfo(found);
	*out = fd;
	return err;
}

/* ---- handed over ---- */

/* The place of the name in "NAME:NAME:...", or -1. */
static int
find_name(const char *names, const char *name)
{
	size_t n = strlen(name);

	for (int i = 0; *names; i++) {
		size_t length = strcspn(names, ":");

		if (length == n && strncmp(names, name, n) == 0)
			return i;
		names += length + (names[length] == ':');
	}
	return -1;
}

int
listen_inherited(const char *name)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS"),
		   *names = getenv("LISTEN_FDNAMES");
	int at;

	if (!pid || !count || !names || atoll(pid) != getpid())
		return -1;
	at = find_name(names, name);
	return at >= 0 && at < atoi(count) ? FIRST_INHERITED + at : -1;
}

static bool
is_listening_tcp(int fd)
{
	struct sockaddr_storage name = { 0 };
	socklen_t name_size = sizeof name, size = sizeof(int);
	int listens = 0;

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 &&
	       listens && getsockname(fd, (struct sockaddr *)&name, &name_size) == 0 &&
	       (name.ss_family == AF_INET || name.ss_family == AF_INET6);
}

static enum err
take_inherited(const char *name, const char *option, int *out, struct fault *why)
{
	int fd = listen_inherited(name);

	if (fd < 0)
		return fault(why, ERR_INVALID,
			"No socket named %s was handed over; start oneclickd by a socket "
			"unit with FileDescriptorName=%s, or give %s an address.",
			name, name, option);
	if (!is_listening_tcp(fd))
		return fault(why, ERR_INVALID,
			"The socket %s that was handed over does not listen over TCP; "
			"its unit needs ListenStream=ADDRESS:PORT and Accept=no.",
			name);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	*out = fd;
	return ERR_NONE;
}

/* ---- Unix ---- */

/* A socket file that nobody answers on is what a killed service left. */
static enum err
remove_stale(const struct sockaddr_un *name, struct fault *why)
{
	struct stat found;
	int fd, connected;

	if (lstat(name->sun_path, &found) != 0)
		return ERR_NONE;
	if (!S_ISSOCK(found.st_mode) || found.st_uid != geteuid())
		return fault(why, ERR_CONFLICT,
			"Cannot listen on %s: something that is no socket of ours is "
			"there; move it away or choose another path.",
			name->sun_path);
	fd = open_socket(AF_UNIX);
	connected = connect(fd, (const struct sockaddr *)name, sizeof *name);
	if (connected == 0 || errno != ECONNREFUSED) {
		close(fd);
		return fault(why, ERR_CONFLICT,
			"Cannot listen on %s: another program listens there; stop it or "
			"choose another path.",
			name->sun_path);
	}
	close(fd);
	unlink(name->sun_path);
	return ERR_NONE;
}

/* Nobody can connect before listen(), and then the mode is right. */
static enum err
listen_unix(const struct listen_ask *ask, const char *path, int *out, struct fault *why)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	enum err err;
	int fd;

	if (*path == '\0' || strlen(path) >= sizeof name.sun_path)
		return fault(why, ERR_INVALID,
			"A socket's path takes 1 to %zu bytes; this one has %zu.",
			sizeof name.sun_path - 1, strlen(path));
	strcpy(name.sun_path, path);
	err = remove_stale(&name, why);
	if (err)
		return err;
	fd = open_socket(AF_UNIX);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&name, sizeof name) != 0 ||
		chmod(path, S_IRUSR | S_IWUSR) != 0 || listen(fd, BACKLOG) != 0)
		return refuse_socket(fd, ask, path, why);
	*out = fd;
	return ERR_NONE;
}

/* What follows the prefix, or NULL. */
static const char *
after(const char *prefix, const char *where)
{
	size_t n = strlen(prefix);

	return strncmp(where, prefix, n) == 0 ? where + n : NULL;
}

enum err
listen_on(const void *ctx, const struct listen_ask *ask, int *fd, char **address,
	char **path, struct fault *why)
{
	const char *unix_path = after("unix:", ask->where),
		   *name = after("fd:", ask->where);
	enum err err;

	*path = NULL;
	if (unix_path)
		err = listen_unix(ask, unix_path, fd, why);
	else if (name)
		err = take_inherited(name, ask->option, fd, why);
	else
		err = listen_tcp(ctx, ask, fd, why);
	if (err)
		return err;
	*address = unix_path ? mem_text(ctx, ask->where)
			     : word_address(ctx, ask->scheme, *fd);
	*path = unix_path ? mem_text(ctx, unix_path) : NULL;
	return ERR_NONE;
}
