/*
 * What is found out when somebody asks for the metrics: what the store knows, read on a
 * lane, beside the series and what other parts count, read on the loop.
 */
#ifndef ONECLICK_SERVICE_OBSERVE_SCRAPE_H
#define ONECLICK_SERVICE_OBSERVE_SCRAPE_H

#include <stdint.h>

#include "oneclick/service/dispatch.h"
#include "oneclick/service/service.h"

struct scrape {
	const struct service *service;
	const char *state; /* directory of the store */
	int64_t now;
	int64_t log_last; /* position */
	/* Events the metrics have not counted, and since how many ms the first is there. */
	int64_t behind, lag;
	struct dispatch_counts dispatch; /* as it was when the scrape began */
	int64_t disk_free, disk_used;    /* bytes, of the state directory */
	int64_t open_files;
};

/* Fills what the store and its disk know. */
enum err scrape_read(struct tx *tx, struct scrape *scrape, struct fault *why);

#endif
