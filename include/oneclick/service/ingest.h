/*
 * Ingest: what a device said becomes a row of the log, in one transaction with the
 * device's life, sequence and claim.  Whoever brought it is answered after the commit.
 */
#ifndef ONECLICK_SERVICE_INGEST_H
#define ONECLICK_SERVICE_INGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/model/device.h"
#include "oneclick/model/event.h"
#include "oneclick/model/profile.h"
#include "oneclick/service/counts.h"
#include "oneclick/store/store.h"

enum {
	REPORT_MAX = 4096, /* bytes of one report's JSON */
	READY_MAX = 10000, /* devices registered at first sight that wait for a claim */
	INGEST_WAITING_MAX = 8192, /* jobs waiting beyond which events are turned away;
	                            * more than calls of the API are let wait, because a
	                            * press cannot be repeated by whoever made it */
};

/* One event as it was reported, before anything is known of its device. */
struct report {
	const char *device_id;
	enum event_kind kind; /* a click */
	double life;          /* percent; negative when it reported none */
	int64_t reported_at;  /* a moment; 0 when it gave none */
	const char *event_id; /* the sender's own; NULL when it gave none */
	const char *left_out; /* a sentence: which member made no sense; NULL: none */
};

/* {"deviceId","clickType","remainingLife"?,"reportedTime"?,"eventId"?}; the texts live as
 * long as ctx. `expected_id`, if not NULL, is the device it must be of (the MQTT topic's),
 * and deviceId may then be left out.  ERR_INVALID if the JSON, the device or the kind of
 * click is not sound.  Another member that makes no sense is as good as absent, and
 * left_out says so; what is not known here is passed over. */
enum err report_read(const void *ctx, const char *expected_id, const char *json, size_t n,
	struct report *out, struct fault *why);
/* The same as a sighting, told apart from others by its eventId, or else by reportedTime
 * and clickType; one that gave neither is always new. */
struct sighting report_sighting(const void *ctx, const struct report *report);

/* The device that has this token: ERR_FORBIDDEN for another's, and in the same words for a
 * device that is not known. What comes as its own is known by this before it comes
 * (listener.h). */
enum err ingest_admit(struct tx *tx, const void *ctx, const char *device_id,
	const char *token, struct device *out, struct fault *why);

/* On which terms a sighting comes. */
struct ingest_terms {
	const char *token;    /* NULL: the way it came stands for the device */
	bool retained;        /* kept by a broker: nothing was heard just now */
	int64_t claim_window; /* ms a pending claim stays open */
	int64_t now;
};

/*
 * Takes what was seen, and says in *result what came of it (taken, heard, duplicate).
 *
 * A click is an event of its device.  With a token, ERR_FORBIDDEN for a wrong one and for
 * an unknown device alike; without, ERR_NOT_FOUND for an unknown device, unless its profile
 * registers those.  Of a duplicate nothing
 * changes, and of `out` only event_id, device_id and kind are filled; its texts live as
 * long as ctx.  A reported time before 2015 or more than a day ahead is a clock never set:
 * the time of arrival stands in for it.
 *
 * What is no click (battery, link) is heard of the device and of all its buttons
 * (ID.1, ID.2, ...), and registers nothing.  The link's changes are events, too.
 */
enum err ingest_see(struct tx *tx, const void *ctx, const struct sighting *sighting,
	const struct ingest_terms *terms, struct event *out, enum ingest_result *result,
	struct fault *why);

/* The same of a report, *again telling a duplicate. */
enum err ingest_take(struct tx *tx, const void *ctx, const struct report *report,
	const char *token, int64_t window, int64_t now, struct event *out, bool *again,
	struct fault *why);

/* Whose event it is: the device's owner's, or that of whoever is claiming it; or "". */
const char *ingest_account(const struct device *device, int64_t window, int64_t now);

/* A health event of the device, whose health callback it is due to; the device is to be
 * saved then (devices_save_click). */
enum err health_tell(struct tx *tx, const void *ctx, struct device *device,
	enum event_kind kind, int64_t now, struct fault *why);

#endif
