/* Audit records of what is no request: what the operator does with a sub-command, and what
 * becomes of the service itself. */
#ifndef ONECLICK_SERVICE_AUDIT_EVENT_H
#define ONECLICK_SERVICE_AUDIT_EVENT_H

#include <stdint.h>

#include "oneclick/base/buf.h"
#include "oneclick/data/pairs.h"
#include "oneclick/service/service.h"
#include "oneclick/store/audit.h"

struct audit_event {
	const char *name;     /* "CreateAccessKey", "StartService" */
	bool by_operator;     /* else the service itself */
	int64_t at;           /* moment */
	const char *region, *account;
	const struct pairs *asked; /* requestParameters; NULL: none */
	const struct pairs *made;  /* responseElements; NULL: none */
	const char *error, *sentence; /* NULL: it went well */
};

void audit_event_write(struct buf *out, const struct audit_event *event);
/* The same into the table. */
enum err audit_event_append(
	struct tx *tx, const struct audit_event *event, struct fault *why);

/* The service's own, by way of the trail. `loss`: what the store has lost since it last ran,
 * NULL: nothing is known of; `changed`: names of settings; `why`: they were not read. */
void audit_service_start(struct service *service, const struct fault *loss);
void audit_service_reload(
	struct service *service, const char *changed, const struct fault *why);
void audit_service_stop(struct service *service);
/* In the writer's transaction: a record that says so when the key is new to the store. */
enum err audit_event_begin_key(struct tx *tx, const struct audit_key *key,
	const struct settings *settings, struct fault *why);

#endif
