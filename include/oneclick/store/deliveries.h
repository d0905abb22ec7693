/*
 * Deliveries that did not go well at the first attempt, or had to stand aside: what waits
 * for another attempt, and dead letters, which live as long as their event.  What is
 * delivered leaves nothing here; the log is the outbox.
 *
 * A target is the rule of the configuration that a delivery waits for; "" is none, for the
 * dispatcher to find one.
 */
#ifndef ONECLICK_STORE_DELIVERIES_H
#define ONECLICK_STORE_DELIVERIES_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/model/event.h"
#include "oneclick/store/store.h"

enum delivery_state { DELIVERY_WAITING, DELIVERY_DEAD };

#define DELIVERY_NONE_DUE INT64_MAX

struct delivery {
	struct event event; /* pos, account and device_id name it; the rest when read */
	const char *callback, *target;
	enum delivery_state state;
	int attempts;
	int64_t due;       /* moment of the next attempt */
	int64_t tried_at;  /* moment of the last; 0: none yet */
	const char *error; /* what the last one met with; NULL: nothing */
};

/* Writes a new one, or what became of one. */
enum err deliveries_put(
	struct tx *tx, const struct delivery *delivery, struct fault *why);
/* It went well after all; one that is not there is no fault. */
enum err deliveries_remove(struct tx *tx, int64_t pos, struct fault *why);
/* Whether there is one of the event at that position, in whatever state. */
enum err deliveries_has(struct tx *tx, int64_t pos, bool *has, struct fault *why);

/* Those of a target due at `now`, the longest due first, at most `limit`; when `ordered`,
 * only the first of each device.  The delivery is borrowed for the call, in which fn must
 * not ask the store; fn returning false stops. */
typedef bool (*deliveries_fn)(void *arg, const struct delivery *delivery);
enum err deliveries_due(struct tx *tx, const char *target, int64_t now, bool ordered,
	int limit, deliveries_fn fn, void *arg, struct fault *why);
/* When the next after `after` is due, DELIVERY_NONE_DUE when none waits. */
enum err deliveries_next(struct tx *tx, const char *target, int64_t after, int64_t *due,
	struct fault *why);
/* Each target that something waits for, and when its first is due. */
typedef bool (*deliveries_target_fn)(void *arg, const char *target, int64_t due);
enum err deliveries_targets(
	struct tx *tx, deliveries_target_fn fn, void *arg, struct fault *why);
/* What waits for the target until after `until` is due at `now`; at most `limit` of it,
 * *hastened of them. */
enum err deliveries_hasten(struct tx *tx, const char *target, int64_t now, int64_t until,
	int limit, int *hastened, struct fault *why);

/* An account's, newest event first, before the position `before`, at most `limit`; of the
 * states whose bit (1 << state) is in `states`. */
enum err deliveries_list(struct tx *tx, const char *account, int states, int64_t before,
	int limit, deliveries_fn fn, void *arg, struct fault *why);

/* Which dead letters: all members must agree. */
struct delivery_choice {
	const char *account;
	const char *callback;  /* NULL: any */
	const char *event_ids; /* each between newlines, "\nID\nID\n"; NULL: any */
	int64_t from, to;      /* when they were reported, both included */
};
/* Has them wait again, due at `now`, as if never tried; at most `limit`, oldest first. */
enum err deliveries_replay(struct tx *tx, const struct delivery_choice *choice,
	int64_t now, int limit, int *replayed, struct fault *why);

/* How many there are of each state, of all accounts. */
enum err deliveries_count(
	struct tx *tx, int64_t *waiting, int64_t *dead, struct fault *why);

#endif
