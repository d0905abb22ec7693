/*
 * Our own MQTT listener (--mqtt-listen): devices without a broker in front speak MQTT 3.1.1
 * to us, and are told PUBACK after the commit and never before.  It takes events and does
 * nothing else: no subscriptions, no wills, no retained messages, no sessions to resume.
 *
 * A device signs in with its ID as user name and its token as password, and publishes to
 * oneclick/ID/event, QoS 0 or 1, what it would POST to /ingest/oneclick.  What is no event
 * gets no PUBACK: the connection is closed, after what came with it was stored.  A packet
 * sent again on the same connection (DUP) is one event; over connections it takes an eventId or
 * a reportedTime to know it again.
 */
#ifndef ONECLICK_SERVICE_LISTENER_H
#define ONECLICK_SERVICE_LISTENER_H

#include <stddef.h>
#include <stdint.h>

#include "oneclick/service/service.h"

/* What becomes of connections; the messages on them are counted in counts.h. */
enum listener_fate {
	LISTENER_ACCEPTED,     /* CONNACK 0 */
	LISTENER_CROWDED,      /* too many connections, of all or of one address */
	LISTENER_NO_TLS,       /* the handshake failed */
	LISTENER_UNAUTHORIZED, /* CONNACK 4 or 5 */
	LISTENER_UNAVAILABLE,  /* CONNACK 3, or closed: storing failed */
	LISTENER_MALFORMED,    /* bytes that are no MQTT */
	LISTENER_NOT_TAKEN,    /* other versions, QoS 2, SUBSCRIBE, wills */
	LISTENER_FOREIGN,      /* published to another's topic */
	LISTENER_UNREADABLE,   /* published with QoS 1 what is no event */
	LISTENER_SILENT,       /* too slow to sign in, to speak, or to read */
	LISTENER_FATES
};

const char *listener_fate_name(enum listener_fate fate); /* "accepted" */
/* Since the service started; 0 without a listener. */
uint64_t listener_count(const struct service *service, enum listener_fate fate);
size_t listener_connections(const struct service *service); /* now */

#endif
