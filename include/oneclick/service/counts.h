/*
 * What came of the messages that came in, counted by profile and result since the service
 * started.  Plain numbers of the loop's thread; a batch on a lane counts into one of its
 * own, which is added when it is done.
 */
#ifndef ONECLICK_SERVICE_COUNTS_H
#define ONECLICK_SERVICE_COUNTS_H

#include <stddef.h>
#include <stdint.h>

/* All but the last three are of a sighting, those of a whole message. */
enum ingest_result {
	INGEST_TAKEN,      /* a click, stored */
	INGEST_HEARD,      /* no click: life, or online */
	INGEST_DUPLICATE,  /* came before */
	INGEST_UNKNOWN,    /* of a device that is not registered */
	INGEST_UNMAPPED,   /* no profile makes anything of it */
	INGEST_RETAINED,   /* the broker kept it, and nothing is made of that */
	INGEST_UNREADABLE, /* malformed, or refused */
	INGEST_RESULTS
};
const char *ingest_result_name(enum ingest_result result); /* "taken", "unmapped" */

/* Of messages in our own format, and of those no profile was found for. */
#define COUNTS_OWN "oneclick"
#define COUNTS_NONE "none"

struct counts_row {
	const char *profile;
	uint64_t of[INGEST_RESULTS];
};
struct counts {
	struct counts_row *row;
	size_t count;
};

struct counts *counts_new(const void *ctx);
/* Profiles' names come from our own files, so their number is theirs. */
void counts_add(struct counts *counts, const char *profile, enum ingest_result result);
void counts_merge(struct counts *into, const struct counts *from);

#endif
