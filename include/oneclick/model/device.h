/*
 * A device: known, claimed, enabled, placed; and the rules by which it changes.  These
 * functions change the struct only; the store keeps it.
 */
#ifndef ONECLICK_MODEL_DEVICE_H
#define ONECLICK_MODEL_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/pairs.h"
#include "oneclick/model/event.h"

enum claim_state { DEVICE_UNCLAIMED, DEVICE_CLAIM_INITIATED, DEVICE_CLAIMED };
const char *claim_state_name(enum claim_state state); /* "CLAIM_INITIATED" */

/* What a gateway last said of the link to it. */
enum presence { PRESENCE_UNSAID, PRESENCE_ONLINE, PRESENCE_OFFLINE };

enum { RATED_BY_BATTERY = -1 }; /* it has reported its life itself */

struct device {
	const char *id;
	const char *account;    /* the one that claimed or is claiming it; NULL if none */
	const char *claim_code; /* the code it was sold with; NULL if none or spent */
	const char *token_hash; /* hex SHA-256 of its ingest token; NULL if it has none */
	const char *type;       /* "button" */
	const char *tags;       /* JSON object of texts, "{}" when there are none */
	const char *project;    /* these three are set together: where it is placed */
	const char *placement;
	const char *template_name;
	const char *on_click;  /* JSON of setOnClickCallback's parameters, or NULL */
	const char *on_health; /* JSON of setDeviceHealthMonitorCallback's, or NULL */
	enum claim_state state;
	bool enabled;
	double life;            /* percent left, 0 to 100 */
	int64_t clicks;         /* accepted since it was registered */
	int64_t first_click_at; /* moments; 0: never */
	int64_t seen_at;
	int64_t claim_at;       /* when the pending or finished claim began */
	int64_t claim_heard_at; /* first event since then; 0: none yet */
	int64_t enabled_at;
	int64_t context; /* store's number of its present context; 0: to be made */
	bool calls;      /* that context names a callback */

	const char *profile; /* the product profile it is heard through; NULL: none */
	int rated;           /* clicks that profile gives it; 0: not said */
	enum presence presence;
	double life_below; /* of its health callback's condition, percent; 0: none */
	bool life_told;    /* its life fell below that, and the callback was told */
	int64_t quiet_after; /* ms without a word after which the callback is told; 0: never */
	int64_t quiet_at; /* the moment that is due; 0: it is not, or was told */

	int64_t num; /* the store's own number of it; 0: never read from there */
	int64_t seq; /* events of it in the log so far */
};

enum {
	CLAIM_WINDOW_DEFAULT = 15 * 60 * 1000
}; /* a pending claim lapses after this, ms */

bool device_is_placed(const struct device *device);
/* Claimed or being claimed by this account, the claim not lapsed. */
bool device_is_of(
	const struct device *device, const char *account, int64_t now, int64_t window);

/* InitiateDeviceClaim: 409 when claimed, or being claimed by another account; repeating
 * one's own pending claim starts it anew. */
enum err device_start_claim(struct device *device, const char *account, int64_t now,
	int64_t window, struct fault *why);
/* FinalizeDeviceClaim: 409 when nothing is pending, 412 until an event came in since. */
enum err device_finish_claim(struct device *device, const char *account, int64_t now,
	int64_t window, struct fault *why);
/* ClaimDevicesByClaimCode, for one of its devices: no event is needed; spends the code. */
void device_claim_by_code(struct device *device, const char *account, int64_t now);
/* UnclaimDevice: 400 while placed, naming the placement. Forgets tags and callbacks. */
enum err device_unclaim(struct device *device, struct fault *why);
void device_enable(struct device *device, bool enabled, int64_t now);
/* A click came in: counts it, moves life, and marks a pending claim as heard.  `life` is
 * what the device reported, or negative when it reported none: then the clicks its product
 * or profile is rated for tell, unless it ever reported its life itself. */
void device_take_click(struct device *device, double life, int64_t now);
/* It said something that is no click. */
void device_hear(struct device *device, int64_t now);
void device_report_life(struct device *device, double life);

/* What its health callback is to hear of: life below that many percent (0: never), and
 * nothing heard for so many ms (0: never).  Both are armed anew. */
void device_watch(struct device *device, double life_below, int64_t quiet_after);
/* True once each time its life falls below, if it is claimed and enabled: armed again when
 * life is no longer below (guide, "Health Events", which says neither how often nor of
 * disabled devices). */
bool device_life_fell(struct device *device);
/* True once each time it was not heard for so long, under the same conditions. */
bool device_fell_quiet(struct device *device, int64_t now);

#endif
