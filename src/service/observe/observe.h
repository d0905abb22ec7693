/* What the files of this room share: the part, and the series it keeps. */
#ifndef ONECLICK_SERVICE_OBSERVE_OBSERVE_H
#define ONECLICK_SERVICE_OBSERVE_OBSERVE_H

#include "oneclick/base/loop.h"
#include "oneclick/service/service.h"
#include "series.h"

#define METRICS_CONSUMER "metrics"

struct observe {
	struct service *service;
	struct hub_follower *follower;
	struct loop_timer *timer;
	bool counting; /* a run of the log is on its way */
	bool behind;   /* the log has grown since that began */
	bool closed;
	int64_t started; /* moment */

	/* Names that others choose, so that no series is one a stranger can make. */
	struct roster *projects, *callbacks, *products;
	struct series *events;    /* event, project, device_type, product_type */
	struct series *lives;     /* project */
	struct series *errors;    /* callback, project */
	struct series *requests;  /* operation, class */
	struct series *latencies; /* operation */
};

#endif
