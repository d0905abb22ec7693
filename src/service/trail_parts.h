/* What the files of the trail share. */
#ifndef ONECLICK_SERVICE_TRAIL_PARTS_H
#define ONECLICK_SERVICE_TRAIL_PARTS_H

#include "oneclick/service/trail.h"

struct tally;

struct trail {
	struct lanes *lanes;
	struct batch *open; /* still taking entries; NULL: none */
	int writing;        /* batches with the writer */
	int waiting;
	struct tally *refusals, *answers; /* NULL once it is closed */
};

/* trail_sum.c */
void trail_open_sums(struct trail *trail, struct service *service);
void trail_close_sums(struct trail *trail);

#endif
