/*
 * The packets of MQTT 3.1.1 (OASIS standard, 29 October 2014) that a server which only
 * takes events needs: CONNECT, PUBLISH of QoS 0 and 1, PINGREQ and DISCONNECT in; CONNACK,
 * PUBACK and PINGRESP out.  Bytes to structs and back, with no socket and no memory of its
 * own.  Strict: what the standard forbids is malformed, what it allows and we do not take
 * is told apart from that, and both end the connection.
 */
#ifndef ONECLICK_NET_MQTT_WIRE_H
#define ONECLICK_NET_MQTT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/fault.h"

enum {
	MQTT_PACKET_MAX = 8 * 1024, /* bytes after the fixed header */
	MQTT_HEADER_MAX = 5,        /* bytes of the fixed header */
	MQTT_LEVEL = 4,             /* of the protocol: 3.1.1 */
	MQTT_LEVEL_5 = 5,
};

/* Texts of packets: borrowed from the bytes read, without a NUL at their end. */
struct mqtt_text {
	const char *at; /* NULL: the packet has none */
	size_t n;
};

enum mqtt_type {
	MQTT_CONNECT = 1,
	MQTT_PUBLISH = 3,
	MQTT_PINGREQ = 12,
	MQTT_DISCONNECT = 14,
};

struct mqtt_connect {
	uint8_t level; /* if it is not MQTT_LEVEL, nothing else was read */
	bool clean;
	uint16_t keepalive; /* s; 0: none */
	struct mqtt_text client_id, user, password;
};

struct mqtt_publish {
	uint8_t qos; /* 0 or 1 */
	bool dup, retain;
	uint16_t id; /* of QoS 1 */
	struct mqtt_text topic, payload;
};

struct mqtt_packet {
	enum mqtt_type type;
	union {
		struct mqtt_connect connect;
		struct mqtt_publish publish;
	};
};

/* Reads the packet at the front of n bytes; *used is its length, or 0 while it is not all
 * there. ERR_INVALID: malformed; ERR_FORBIDDEN: allowed by the standard, not taken here
 * (QoS 2, SUBSCRIBE, a will, ...). Both are known from as few bytes as possible. */
enum err mqtt_packet_read(const char *bytes, size_t n, struct mqtt_packet *out,
	size_t *used, struct fault *why);

/* Return codes of CONNACK, section 3.2.2.3. */
enum mqtt_connack {
	MQTT_ACCEPTED = 0,
	MQTT_BAD_LEVEL = 1,
	MQTT_BAD_CLIENT_ID = 2,
	MQTT_UNAVAILABLE = 3,
	MQTT_BAD_CREDENTIALS = 4, /* no user name and password as they must be */
	MQTT_NOT_AUTHORIZED = 5,
};

/* `level` is the client's: one of version 5 could not read our version's refusal. */
void mqtt_write_connack(struct buf *out, uint8_t level, enum mqtt_connack code);
void mqtt_write_puback(struct buf *out, uint16_t id);
void mqtt_write_pingresp(struct buf *out);

#endif
