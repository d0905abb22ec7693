/*
 * The log: append only, one gapless position for all (a rowid of the one writer, so that
 * order of position is order of commit). It is also the outbox: whoever follows it keeps
 * the position it has come to.
 */
#ifndef ONECLICK_STORE_EVENTS_H
#define ONECLICK_STORE_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/model/event.h"
#include "oneclick/store/store.h"

/* Appends, filling event->pos. */
enum err events_append(struct tx *tx, struct event *event, struct fault *why);

/* True if the device's event with this key was taken before; otherwise notes it. Keys are
 * kept 7 days. */
enum err events_seen(struct tx *tx, const char *device_id, const char *key, int64_t now,
	bool *seen, struct fault *why);
/* Forgets keys older than the 7 days, at most `limit` of them. */
enum err events_forget_keys(struct tx *tx, int64_t now, int limit, struct fault *why);

/* The number of this context (the JSON of event_write_live's legend); equal texts share
 * one number. */
enum err events_context(struct tx *tx, const char *json, int64_t *out, struct fault *why);

/* Clicks of one device reported in [from, to], oldest first, after position `after`. */
typedef bool (*events_fn)(void *arg, const struct event *event);
enum err events_list_device(struct tx *tx, const char *account, const char *device_id,
	int64_t from, int64_t to, int64_t after, int limit, events_fn fn, void *arg,
	struct fault *why);

/* All events of an account after a position, with their contexts: the live stream. */
enum err events_after(struct tx *tx, const char *account, int64_t after, int limit,
	events_fn fn, void *arg, struct fault *why);
/* The last position given out, 0 when the log is empty; and the oldest still kept. */
enum err events_bounds(struct tx *tx, int64_t *first, int64_t *last, struct fault *why);
/* Removes at most `limit` events older than `before`. */
enum err events_trim(struct tx *tx, int64_t before, int limit, int *removed,
	struct fault *why);

#endif
