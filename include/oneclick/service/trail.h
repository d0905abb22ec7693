/*
 * The trail: audit records that are not written in the transaction of a change.  Those of
 * reads follow their replies, many in one transaction; what has no record of its own (what
 * strangers send, what the gate refuses, what is asked too often) is summed, see tally.h.
 */
#ifndef ONECLICK_SERVICE_TRAIL_H
#define ONECLICK_SERVICE_TRAIL_H

#include <stdint.h>

#include "oneclick/service/service.h"

struct trail;

struct trail *trail_new(const void *ctx, struct service *service);
/* Records are signed from the first on; before it is written. */
struct audit_key;
void trail_sign(struct trail *trail, const struct audit_key *key);
/* Copies its texts. On the loop. What cannot be written is held and tried again; what is too
 * much to hold is counted, said in the log, and told in a record once writing works. */
void trail_add(struct trail *trail, int64_t at, const char *account, const char *name,
	const char *record);
/* Of a read. `fn` is called with NULL when it may be answered: at once, or, if the settings
 * are strict, when the record is on disk; with a fault, that it cannot be written. */
typedef void (*trail_fn)(void *arg, const struct fault *why);
void trail_add_read(struct trail *trail, int64_t at, const char *account,
	const char *name, const char *record, trail_fn fn, void *arg);
/* How such a read is refused: fills `out` and returns its code. */
enum err trail_refuse(const struct fault *why, struct fault *out);
/* Records dropped since the start, because they could not be written. */
uint64_t trail_lost(const struct trail *trail);
/* Records taken and not yet on disk. */
int trail_waiting(const struct trail *trail);
/* Gives what waits to the writer now, so that lanes_stop finishes it. */
void trail_flush(struct trail *trail);
/* The same with what was summed, and the record of the service's end; nothing more is. */
void trail_close(struct trail *trail);

/* A reply leaves: if it has no record of its own, it is summed under this event's name. */
void trail_reply(
	struct service *service, const struct exchange *exchange, const char *name);
/* Something was refused that is no request of HTTP, or was none yet: `name` of the event and
 * `kind` of the refusal are words of ours, of which there are few ("ConnectDevice",
 * "unauthorized"). On the loop. */
void trail_refused(struct service *service, const char *peer, const char *name,
	const char *kind, const char *sentence);

#endif
