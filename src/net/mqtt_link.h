/* What both clients of libmosquitto's want to know of a connection. */
#ifndef ONECLICK_SRC_NET_MQTT_LINK_H
#define ONECLICK_SRC_NET_MQTT_LINK_H

#include <stdbool.h>
#include <stddef.h>

/* Of a connection that has come about, or not: whether somebody accepted it, although he
 * may have hung up since; else *reason is why not (errno). */
bool mqtt_is_accepted(int fd, int *reason);

/* Adds to `problem`, a sentence or "", what is likely when a port was open and its owner
 * did not speak MQTT to us, over TLS if `tls`. */
void mqtt_explain(bool tls, char *problem, size_t size);

#endif
