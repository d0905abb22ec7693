/*
 * Claims: the batch Onboard works on.  What is typed is split into device IDs and claim
 * codes and checked; claimed, a few at a time, each device waits for its press, which the
 * live stream brings, and is then finished by itself.  A claim is known by its text, and
 * has one call under way at most: an answer to an earlier one changes nothing.
 */
#ifndef ONECLICK_CONSOLE_CLAIMS_H
#define ONECLICK_CONSOLE_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define uthash_fatal(reason) mem_abort(reason)
#include <uthash.h>

#include "oneclick/base/fault.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/client/pages.h"
#include "oneclick/ui/edit.h"

struct app;
struct event_row;

enum { CLAIMS_MAX = 100000 };

enum claim_step {
	CLAIM_READY,     /* heard by the service, and nobody's: claimed when asked for */
	CLAIM_QUEUED,    /* asked for; others are on their way */
	CLAIM_STARTING,  /* InitiateDeviceClaim is on its way */
	CLAIM_WAITING,   /* for the press */
	CLAIM_FINISHING, /* FinalizeDeviceClaim is on its way */
	CLAIM_CLAIMED,
	CLAIM_REFUSED, /* see why */
	CLAIM_UNKNOWN, /* the service does not know the ID */
};

struct claim {
	const char *text; /* device ID or claim code */
	bool code;
	bool pressed; /* its press came before the claim's answer */
	enum claim_step step;
	int64_t since;    /* ticks of the last step */
	int64_t total;    /* devices that came with a code */
	const char *by;   /* the profile it was heard by; NULL: typed */
	struct fault *why; /* of CLAIM_REFUSED and CLAIM_UNKNOWN; NULL: none */
	unsigned call;     /* the number of the call it waits for */
	unsigned look;     /* the last list of new devices it was in */
	struct claim *prev, *next; /* in the queue */
	UT_hash_handle hh;
};

struct claims {
	struct claim **claim;
	size_t count, room;
	struct claim *by_text; /* the same, hashed */
	struct claim *queue;   /* of CLAIM_QUEUED, the first to go first */
	size_t flying;         /* calls out */
	size_t begun, refused; /* of the run that goes on */
	size_t stopped;        /* of it, what went back into the box */
	unsigned calls, looks;
	struct pages pages; /* of the list of new devices */
	struct edit box;   /* what is being typed; outlives the pane */
	int64_t looked_at; /* moment of the list of new devices; 0: not asked again */
};

/* One value of the box. */
struct claim_entry {
	const char *text;
	bool code;
	enum err verdict;
	const char *why;    /* what is wrong with it; NULL: nothing */
	const char *mended; /* the correction offered; NULL: none */
};

struct claims *claims_new(const void *ctx);
bool claims_are_waiting(const struct claims *claims);
size_t claims_count(const struct claims *claims, enum claim_step step);

/* The values of the box, split at commas, blanks and line ends, each checked; doubles are
 * left out. */
struct claim_entry *claims_read(const void *ctx, const char *text, size_t *count);

/* NULL if no row has this text. */
struct claim *claims_find(const struct claims *claims, const char *text);
/* Adds the value to the batch and starts its claim; false if the batch is full. */
bool claims_start(struct app *app, const char *text);
void claims_retry(struct app *app, struct claim *claim);
/* Asks what the service heard of that nobody claimed, and puts it into the batch. */
void claims_look(struct app *app);
/* The same while one looks at Onboard, where a first press is to show by itself. */
void claims_look_again(struct app *app);
/* On a local service: makes the device known first, then claims it. */
void claims_register(struct app *app, const char *id);
void claims_heard(struct app *app, const struct event_row *event);
void claims_drop(struct claims *claims, struct claim *claim);
/* True while some wait for their turn. */
bool claims_are_queued(const struct claims *claims);
/* Puts what waits for its turn back into the box; returns how many that were. */
size_t claims_stop(struct claims *claims);
/* "waiting for a press": what a step is called, and what to do next. */
struct safe_text claims_step_text(enum claim_step step);
struct safe_text claims_next_text(const struct claim *claim, bool local);

#endif
