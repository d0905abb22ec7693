/*
 * A tally: what comes in floods, and from strangers.  The first of a kind from an address
 * has a record of its own; those like it that follow within the period are counted, and
 * told in one record at its end.  So each is in the trail, one by one or in a count, and a
 * flood costs two records a kind and address.  Beyond SOURCES_MAX of them, what comes is
 * counted by its kind alone, from "other addresses".
 */
#ifndef ONECLICK_SERVICE_TALLY_H
#define ONECLICK_SERVICE_TALLY_H

#include "oneclick/service/principal.h"
#include "oneclick/service/service.h"

/* Borrows all of it; names and errors are words of ours, of which there are not many. */
struct tally_note {
	const char *name;                  /* of the event */
	const char *error;                 /* NULL: it was answered */
	const char *sentence;              /* NULL likewise */
	const struct request *request;     /* its peer, moment, ID, User-Agent */
	const struct principal *principal; /* NULL: nobody known */
	bool is_write;
	bool repeated; /* see struct audit_sum */
};

struct tally;

/* `period` in ms. */
struct tally *tally_new(const void *ctx, struct service *service, int64_t period);
void tally_add(struct tally *tally, const struct tally_note *note);
/* The period ends now: its counts go to the trail. */
void tally_end(struct tally *tally);
/* The same, and for good. */
void tally_close(struct tally *tally);

#endif
