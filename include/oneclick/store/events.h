/*
 * The log: append only, one gapless position for all (a rowid of the one writer, so that
 * order of position is order of commit; not one a shard, while one writer orders all).  It
 * is also the outbox: whoever follows it keeps the position it has come to.
 */
#ifndef ONECLICK_STORE_EVENTS_H
#define ONECLICK_STORE_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/model/device.h"
#include "oneclick/model/event.h"
#include "oneclick/store/store.h"

/* Appends, filling event->pos and event->seq; ERR_NOT_FOUND if the device is not known. */
enum err events_append(struct tx *tx, struct event *event, struct fault *why);
/* The same of a device read in this transaction, whose seq it counts up; whoever calls
 * saves the device (devices_save_click). */
enum err events_append_of(
	struct tx *tx, struct device *device, struct event *event, struct fault *why);

/* True if the device's event with this key was taken in the `window` ms before now (at most
 * and, when it is 0, 7 days), *first being when; otherwise notes it, and *first is now. */
enum err events_seen(struct tx *tx, const char *device_id, const char *key,
	int64_t window, int64_t now, bool *seen, int64_t *first, struct fault *why);
/* Makes room again from keys older than that, at most `limit` of them: a week's at once,
 * when all of them are too old. */
enum err events_forget_keys(
	struct tx *tx, int64_t now, int limit, int *removed, struct fault *why);

/* The number of this context (the JSON of event_write_live's legend); equal texts share
 * one number. */
enum err events_context(struct tx *tx, const char *json, int64_t *out, struct fault *why);

/* Clicks of one device reported in [from, to] while it was the account's, oldest report
 * first, after the one at position `after` (0: from the start). fn returning false stops;
 * the event is borrowed for the call, in which fn must not ask the store. */
typedef bool (*events_fn)(void *arg, const struct event *event);
enum err events_list_device(struct tx *tx, const char *account, const char *device_id,
	int64_t from, int64_t to, int64_t after, int limit, events_fn fn, void *arg,
	struct fault *why);

/* All events of an account after a position, with their contexts: the live stream. The log
 * has no index by account: a follower whom it gives nothing goes on from events_bounds'
 * last, read in the same transaction, instead of walking the others' again. */
enum err events_after(struct tx *tx, const char *account, int64_t after, int limit,
	events_fn fn, void *arg, struct fault *why);
/* The same of all accounts: what a consumer of the log reads past its cursor. */
enum err events_follow(struct tx *tx, int64_t after, int limit, events_fn fn, void *arg,
	struct fault *why);
/* The last position given out, 0 when the log is empty; and the oldest still kept. */
enum err events_bounds(struct tx *tx, int64_t *first, int64_t *last, struct fault *why);
/* Removes at most `limit` events taken before `before`, from the front; never the last
 * event, so that no position is given out twice. */
enum err events_trim(
	struct tx *tx, int64_t before, int limit, int *removed, struct fault *why);

#endif
