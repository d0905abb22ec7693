/*
 * MQTT out: messages published to a broker, QoS 1, each told to be over when the broker
 * has acknowledged it.  Version 3.1.1, a session of its own, connected when there is
 * something to say and kept; a lost connection fails what was under way, and is made again
 * for the next message only: whoever publishes decides when to try again.
 *
 * A broker of this version acknowledges also what its rules do not let us publish.
 */
#ifndef ONECLICK_NET_MQTT_OUT_H
#define ONECLICK_NET_MQTT_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/base/loop.h"
#include "oneclick/net/reach.h"

struct mqtt_out_options {
	const char *url;             /* "mqtt://HOST[:PORT]", "mqtts://…" for TLS */
	const char *user, *password; /* NULL: the broker asks for none */
	const char *ca_file;       /* the only authorities believed; NULL: the system's */
	const struct reach *reach; /* where it may go; outlives it; NULL: anywhere */
};

struct mqtt_out;
struct mqtt_publish;

/* ERR_INVALID when the URL is none, or carries a user: those stand in the options. */
enum err mqtt_out_check(const char *url, struct fault *why);
/* Connects to nothing yet. */
enum err mqtt_out_open(struct loop *loop, const struct mqtt_out_options *options,
	struct mqtt_out **out, struct fault *why);
/* Drops what is under way, unheard. */
void mqtt_out_close(struct mqtt_out *out);

/* Whether a topic can be published to: no wildcards, and neither control characters nor
 * what is no UTF-8 (MQTT 3.1.1, 1.5.3), for which brokers drop the connection. */
bool mqtt_topic_is_sound(const char *topic);

/* `problem` NULL: the broker has it. `forbidden`: its address is out of reach. */
typedef void (*mqtt_publish_fn)(void *arg, const char *problem, bool forbidden);

/* `fn` is called once, later, at the latest after `total` ms, unless it is cancelled. The
 * topic must be sound: another ends the connection, and what is under way with it. */
struct mqtt_publish *mqtt_out_publish(struct mqtt_out *out, const char *topic,
	const char *payload, size_t n, int64_t total, mqtt_publish_fn fn, void *arg);
void mqtt_out_cancel(struct mqtt_publish *publish);

#endif
