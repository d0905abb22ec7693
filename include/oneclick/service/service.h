/* The service: store, lanes, doors and followers put together on one loop. */
#ifndef ONECLICK_SERVICE_SERVICE_H
#define ONECLICK_SERVICE_SERVICE_H

#include "oneclick/base/loop.h"
#include "oneclick/service/hub.h"
#include "oneclick/service/request.h"
#include "oneclick/service/settings.h"
#include "oneclick/store/store.h"

struct service {
	struct loop *loop;
	struct settings settings;
	struct store *store;
	struct lanes *lanes;
	struct hub *hub;
	struct trail *trail;       /* audit records of reads, see trail.h */
	struct heads *heads;       /* of the audit records, see heads.h */
	struct intake *intake;     /* how other makers' messages are read, see intake.h */
	struct quiet *quiet;       /* looks for devices not heard, see ingest.h */
	struct ingest_mqtt *mqtt;  /* NULL: no broker */
	struct listener *listener; /* of MQTT, see listener.h; NULL: none */
	struct steady *steady;     /* which time is believed, see steady.h */
	struct tidy *tidy;         /* see tidy.h */
	struct ready *ready;       /* what /readyz answers */
	struct pulse *pulse;     /* of the watchdog, see notify.h; NULL: nobody watches */
	struct observe *observe; /* what is counted, see metrics.h */
	struct dispatch *dispatch; /* see dispatch.h */
	struct counts *counts;     /* of what came in, see counts.h */
	int exit_status;           /* 0, or 74 when storage failed */
};

/* Serves until a signal, its parent's end or a broken store; says on standard output and to
 * the supervisor when it is ready, and returns the exit status. SIGHUP reads the settings
 * anew. A failure to start is a fault. */
enum err service_run(const struct settings *settings, int *status, struct fault *why);

/* The doors: each takes the exchange and answers it, now or later. */
void api_take(struct service *service, struct exchange *exchange);    /* the 29 */
void stream_take(struct service *service, struct exchange *exchange); /* GET /stream */
void ingest_http_take(struct service *service, struct exchange *exchange); /* /ingest/ */
void health_take(struct service *service, struct exchange *exchange); /* GET /healthz */

/* The parts (service.c): each opens from the settings and keeps itself in the service. */
/* Tries the store for /readyz. */
enum err ready_open(struct service *service, struct fault *why);
void ready_close(struct service *service);
/* Tells the health callbacks of devices that were not heard for too long. */
enum err quiet_open(struct service *service, struct fault *why);
void quiet_close(struct service *service);
/* MQTT in: follows the broker of settings.mqtt, if there is one, reconnecting for ever. */
enum err ingest_mqtt_open(struct service *service, struct fault *why);
void ingest_mqtt_close(struct service *service);
bool ingest_mqtt_is_linked(const struct service *service);
/* Reads the profiles anew, and follows what they ask for now. */
void ingest_reload(struct service *service);
/* The TLS certificate of settings.tls_cert, if there is one, for all that listens over TCP
 * and opens after it; a reload reads it again, and keeps the old one if that fails. */
enum err certificate_open(struct service *service, struct fault *why);
/* What of these settings is wrong with it, changing nothing. */
enum err certificate_check(const struct settings *settings, struct fault *why);
void certificate_reload(struct service *service);
void certificate_close(struct service *service);
/* Our own MQTT listener on settings.mqtt_listen, if there is one: see listener.h. */
enum err ingest_listener_open(struct service *service, struct fault *why);
void ingest_listener_close(struct service *service);

/* More waits than it can do soon: requests are refused with 503 until less does. */
bool service_is_busy(const struct service *service);

/* Authenticates and authorizes inside a transaction for doors beside the API (the stream):
 * see api.c. */
struct principal;
enum err api_admit(struct service *service, struct tx *tx, const void *ctx,
	const struct request *request, const char *action, const char *resource,
	struct principal *out, enum problem *problem, struct fault *why);
/* Whether it would still be let in, by its key and policies of now; `access_key` "": the local
 * user, who always is. Of the request, who sent it from where is looked at. */
enum err api_admit_again(struct service *service, struct tx *tx, const void *ctx,
	const struct request *request, const char *access_key, const char *action,
	const char *resource, struct fault *why);

#endif
