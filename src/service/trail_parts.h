/* What the files of the trail share. */
#ifndef ONECLICK_SERVICE_TRAIL_PARTS_H
#define ONECLICK_SERVICE_TRAIL_PARTS_H

#include "oneclick/service/audit.h"
#include "oneclick/service/trail.h"
#include "oneclick/store/audit.h"

struct tally;

struct trail {
	struct service *service;
	struct audit_key key; /* if it is known: begun with the first record */
	bool begun;
	struct batch *open; /* still taking entries; NULL: none */
	struct batch *held; /* could not be written, and is tried again; NULL: none */
	struct loop_timer *again;
	int writing; /* batches with the writer */
	int waiting;
	struct audit_sum lost; /* what could not even be held, and no record says so yet */
	uint64_t lost_ever;
	struct tally *refusals, *answers; /* NULL once it is closed */
};

/* trail_sum.c */
void trail_open_sums(struct trail *trail, struct service *service);
void trail_close_sums(struct trail *trail);
/* Writing works again: a record of what was lost meanwhile. */
void trail_tell_lost(struct trail *trail);

#endif
