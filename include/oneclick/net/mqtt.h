/*
 * MQTT: following topic filters of a broker, on the loop, and the only door to
 * libmosquitto.  Version 3.1.1, QoS 1, a session that outlives the connection.  With it
 * outlives what it was subscribed to before, under other filters: 3.1.1 cannot ask for
 * that, so messages nobody asked for may come, and whoever takes them must pass them over.
 *
 * The promise is that the broker hears "taken" only when the caller says so: messages are
 * handed over a batch at a time, nothing is read or written meanwhile, and mqtt_settle
 * lets the acknowledgements go, or drops the connection with them so that the broker
 * sends the batch again.  QoS 0 messages come without any promise.  What is in front of the broker is only as safe as its own
 * persistence.
 *
 * A lost connection is made again, for ever, waiting longer each time up to 30 s.
 */
#ifndef ONECLICK_NET_MQTT_H
#define ONECLICK_NET_MQTT_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/fault.h"
#include "oneclick/base/loop.h"

enum {
	MQTT_PORT = 1883,
	MQTT_TLS_PORT = 8883,
	MQTT_BATCH_MAX = 256,               /* messages after which a batch ends ... */
	MQTT_BATCH_BYTES = 4 * 1024 * 1024, /* or bytes; one record of TLS may be over */
	MQTT_FILTERS_MAX = 256,
};

struct mqtt_message {
	const char *topic;
	const char *payload; /* followed by a NUL that size does not count */
	size_t size;
	int id;        /* of the packet, the same when it is sent again; 0 of QoS 0 */
	bool retained; /* the broker kept it from before: old news */
};

struct mqtt_options {
	const char *url; /* "mqtt[s]://[user:password@]host[:port]", percent-encoded */
	const char *password;  /* NULL: the URL's, if it has one */
	const char *ca_file;   /* PEM, of mqtts; NULL: the system's authorities */
	const char *client_id; /* the session's name: the same at each start, one user */
	/* "oneclick/+/event", ...; the link is down as long as the first is refused */
	const char *const *filter;
	size_t filter_count;
	/* A batch, alive until mqtt_settle, which must follow, here or later. */
	void (*took)(void *arg, const struct mqtt_message *messages, size_t count);
	/* Optional: the broker has let us in. What it had under way for us comes again first,
	 * unless it has forgotten us. */
	void (*joined)(void *arg, bool remembered);
	/* The link is up (subscribed), or was lost or refused and why. */
	void (*linked)(void *arg, bool up, const char *sentence);
	void *arg;
};

struct mqtt;
/* Begins connecting; ERR_INVALID when the URL is none, or does not go with the rest. */
enum err mqtt_open(struct loop *loop, const struct mqtt_options *options,
	struct mqtt **out, struct fault *why);
void mqtt_settle(struct mqtt *mqtt, bool taken);
/* Leaves; a batch not settled comes again at the next start. */
void mqtt_close(struct mqtt *mqtt);

struct mqtt_address {
	const char *host, *user, *password; /* the latter two NULL when not given */
	int port;
	bool tls;
};
enum err mqtt_address_read(
	const void *ctx, const char *url, struct mqtt_address *out, struct fault *why);
/* Whether a filter takes a topic. */
bool mqtt_filter_takes(const char *filter, const char *topic);

#endif
