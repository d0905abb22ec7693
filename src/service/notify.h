/* What the supervisor is told (systemd's sd_notify, its datagrams written by hand): that we
 * are ready, read our settings anew, stop, and are alive.  Without NOTIFY_SOCKET nobody
 * asked, and nothing is done. */
#ifndef ONECLICK_SERVICE_NOTIFY_H
#define ONECLICK_SERVICE_NOTIFY_H

#include "oneclick/service/service.h"

void notify_ready(const char *status); /* "STATUS=" of one line */
void notify_reloading(void);           /* ends with notify_ready */
void notify_stopping(void);

/* A part: the watchdog's pulse (WATCHDOG_USEC), for which the loop must turn and the writer
 * lane must answer. */
enum err notify_open(struct service *service, struct fault *why);
void notify_close(struct service *service);

#endif
