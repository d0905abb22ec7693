#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "http.h"
#include "oneclick/base/mem.h"

enum { BACKLOG = 1024 };

static enum err
refuse_socket(int fd, const char *where, struct fault *why)
{
	int reason = errno;

	if (fd >= 0)
		close(fd);
	if (reason == EADDRINUSE)
		return fault(why, ERR_CONFLICT,
			"Cannot listen on %s: another program listens there; stop it or "
			"choose another address with --listen.",
			where);
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
word_address(const void *ctx, int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} name = { 0 };
	socklen_t size = sizeof name;
	char text[PEER_NAME_SIZE] = "";

	getsockname(fd, &name.any, &size);
	if (name.any.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &name.six.sin6_addr, text, sizeof text);
		return mem_format(ctx, "http://[%s]:%d", text, ntohs(name.six.sin6_port));
	}
	inet_ntop(AF_INET, &name.four.sin_addr, text, sizeof text);
	return mem_format(ctx, "http://%s:%d", text, ntohs(name.four.sin_port));
}

static enum err
listen_tcp(
	const void *ctx, const char *where, int *out, char **address, struct fault *why)
{
	struct addrinfo *found;
	int fd, yes = 1;
	enum err err = resolve(ctx, where, &found, why);

	if (err)
		return err;
	fd = open_socket(found->ai_family);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 ||
		listen(fd, BACKLOG) != 0)
		err = refuse_socket(fd, where, why);
	freeaddrinfo(found);
	if (err)
		return err;
	*address = word_address(ctx, fd);
	*out = fd;
	return ERR_NONE;
}

bool
listen_is_loopback(int fd)
{
	struct sockaddr_storage name = { 0 };
	socklen_t size = sizeof name;
	const struct sockaddr_in *four = (const struct sockaddr_in *)&name;
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&name;

	if (getsockname(fd, (struct sockaddr *)&name, &size) != 0)
		return false;
	switch (name.ss_family) {
	case AF_UNIX:
		return true;
	case AF_INET:
		return ntohl(four->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	case AF_INET6:
		return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
	}
	return false;
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
listen_unix(
	const void *ctx, const char *path, int *out, char **address, struct fault *why)
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
		return refuse_socket(fd, path, why);
	*address = mem_format(ctx, "unix:%s", path);
	*out = fd;
	return ERR_NONE;
}

enum err
listen_on(const void *ctx, const char *listen, int *fd, char **address, char **path,
	struct fault *why)
{
	static const char unix_prefix[] = "unix:";
	size_t n = strlen(unix_prefix);
	enum err err;

	*path = NULL;
	if (strncmp(listen, unix_prefix, n) != 0)
		return listen_tcp(ctx, listen, fd, address, why);
	err = listen_unix(ctx, listen + n, fd, address, why);
	if (!err)
		*path = mem_text(ctx, listen + n);
	return err;
}
