#include "mqtt_link.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

bool
mqtt_is_accepted(int fd, int *reason)
{
	struct sockaddr_storage peer;
	socklen_t n = sizeof peer, size = sizeof *reason;

	if (getpeername(fd, (struct sockaddr *)&peer, &n) == 0)
		return true;
	*reason = ENOTCONN;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, reason, &size);
	return *reason == 0 || *reason == ECONNRESET || *reason == EPIPE;
}

void
mqtt_explain(bool tls, char *problem, size_t size)
{
	static const char *const likely[] = {
		[false] = "if TLS is spoken there, write mqtts://",
		[true] = "check its certificate, the authority in the CA file, and that "
			 "TLS is spoken there",
	};
	size_t n = strlen(problem);

	if (n == 0)
		n = (size_t)snprintf(problem, size, "The connection was lost.");
	n -= problem[n - 1] == '.';
	snprintf(problem + n, size - n, "; %s.", likely[tls]);
}
