/* What the files of the MQTT listener share.  All of it runs on the loop, but for the jobs'
 * run functions. */
#ifndef ONECLICK_SERVICE_INGEST_LISTENER_H
#define ONECLICK_SERVICE_INGEST_LISTENER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "../crowd.h"
#include "../link.h"
#include "oneclick/net/mqtt_wire.h"
#include "oneclick/service/accept.h"
#include "oneclick/service/ingest.h"
#include "oneclick/service/listener.h"

enum {
	LISTENER_PATIENCE = 10 * 1000, /* ms: to sign in; to take what we send */
	LISTENER_BATCH_MAX = 64,       /* messages in flight on a connection */
};

/* An MQTT connection, in the order of its life. */
enum session_state {
	SESSION_SHAKING,  /* hands, for TLS */
	SESSION_NEW,      /* CONNECT is awaited */
	SESSION_ASKING,   /* a lane looks at its credentials */
	SESSION_REFUSING, /* they are wrong, and it will hear so when it is due */
	SESSION_OPEN,
	SESSION_BUSY,    /* its batch is on a lane; nothing is read meanwhile */
	SESSION_LEAVING, /* it is told the last, and then closed */
};

struct admission;
struct batch;

enum batch_end {
	BATCH_STORED,
	BATCH_SPOILT, /* all but messages that are no events, and that get no PUBACK */
	BATCH_FAILED, /* nothing was stored */
};

/* What tells a repeated packet from a new one, on one connection. */
struct seen {
	uint16_t id;
	uint64_t digest; /* of its payload */
};

struct session {
	struct listener *listener;
	struct guest guest; /* works once it has signed in */
	struct link link;
	bool hailed; /* its first byte has come */
	enum session_state state;
	bool ended;         /* no more packets are taken; it ends with its batch */
	int64_t due;        /* ticks: when its patience ends; INT64_MAX: never */
	int64_t write_due;  /* the same, while something is to be sent */
	uint16_t keepalive; /* s; 0: none */
	char *client_id, *device_id, *token, *topic; /* once it has sent CONNECT */
	struct admission *admission;                 /* on its lane, or NULL */
	struct batch *batch;                         /* being gathered, or on its lane */
	struct seen *seen; /* a ring of the last; NULL: none yet */
	size_t seen_count;
	char peer[ACCEPT_NAME_SIZE];
	struct session *prev, *next;
};

struct listener {
	struct service *service;
	char *address;
	struct acceptor *acceptor;
	struct loop_timer *tick; /* runs while there are sessions */
	struct session *sessions;
	struct crowd *crowd;
	uint64_t fates[LISTENER_FATES];
	uint64_t untold; /* refusals since the log last had one */
	int64_t quiet_until;
};

/* listener.c */
void listener_forget(struct session *session);
/* Counts it; the log hears of it, unless it has just heard of another. */
void listener_tell(
	struct session *session, enum listener_fate fate, const char *sentence);
/* Of a message that was passed over. */
void listener_note(struct session *session, const char *sentence);

/* listener_session.c */
struct session *session_of(struct guest *guest);
void session_start(
	struct listener *listener, int fd, const struct sockaddr_storage *from);
/* Does all that can be done now; the session may be gone after it. */
void session_go_on(struct session *session);
void session_end(struct session *session);   /* now, without a word */
void session_leave(struct session *session); /* when what is in link.out is sent */
/* From now on its keepalive counts. */
void session_be_patient(struct session *session);
void session_tick(struct session *session, int64_t now);
/* Its batch is done, and what is to be acknowledged is in link.out.  A code with BATCH_STORED
 * is of something that was passed over. */
void session_settle(struct session *session, enum batch_end end, const struct fault *why);

/* listener_connect.c */
void session_connect(struct session *session, const struct mqtt_connect *connect);
void session_forget_admission(struct session *session);

/* listener_batch.c */
bool batch_is_full(const struct session *session);
void batch_add(struct session *session, const struct mqtt_publish *publish);
/* Sends what was gathered on its way; false when there is nothing. */
bool batch_submit(struct session *session);
/* The session ends; what is on a lane ends without it. */
void batch_abandon(struct session *session);

#endif
