/*
 * Ingest: an event from a device becomes a row of the log, in one transaction with the
 * device's life, sequence and claim.  Whoever brought it is answered after the commit.
 */
#ifndef ONECLICK_SERVICE_INGEST_H
#define ONECLICK_SERVICE_INGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/model/event.h"
#include "oneclick/store/store.h"

enum { REPORT_MAX = 4096 }; /* bytes of one report's JSON */

/* One event as it was reported, before anything is known of its device. */
struct report {
	const char *device_id;
	enum event_kind kind; /* a click */
	double life;          /* percent; negative when it reported none */
	int64_t reported_at;  /* a moment; 0 when it gave none */
	const char *event_id; /* the sender's own; NULL when it gave none */
};

/* {"deviceId","clickType","remainingLife"?,"reportedTime"?,"eventId"?}, strictly; the
 * texts live as long as ctx. `expected_id`, if not NULL, is the device it must be of (the
 * MQTT topic's), and deviceId may then be left out. */
enum err report_read(const void *ctx, const char *expected_id, const char *json, size_t n,
	struct report *out, struct fault *why);

/* The device, which must be known (ERR_NOT_FOUND) and, unless `token` is NULL, have it for
 * its token (ERR_FORBIDDEN). */
struct device;
enum err ingest_admit(struct tx *tx, const void *ctx, const char *device_id,
	const char *token, struct device *out, struct fault *why);

/*
 * Takes it: ERR_NOT_FOUND for an unknown device. *again is true when it was taken before
 * (same eventId, or else same reportedTime and clickType; one that gave neither is always
 * new), and then nothing changes and of `out` only event_id, device_id and kind are filled.
 * `token` is the bearer token it came with, checked when not NULL (ERR_FORBIDDEN); NULL when
 * the way it came stands for the device. `window` is how long a pending claim stays open,
 * ms. A reported time before 2015 or more than a day ahead is a clock never set: the time
 * of arrival stands in for it. The texts of `out` live as long as ctx.
 */
enum err ingest_take(struct tx *tx, const void *ctx, const struct report *report,
	const char *token, int64_t window, int64_t now, struct event *out, bool *again,
	struct fault *why);

#endif
