/* TLS under a client of libmosquitto's, which is told an address and not a name: so the
 * name is said to the server, and checked, here. */
#ifndef ONECLICK_SRC_NET_MQTT_TLS_H
#define ONECLICK_SRC_NET_MQTT_TLS_H

#include <mosquitto.h>

#include <stdbool.h>

/* TLS 1.2 on, the certificate verified for `host`; `ca_file` NULL: the system's
 * authorities. False if the file cannot be used. */
bool mqtt_tls_set(struct mosquitto *client, const char *host, const char *ca_file);

#endif
