/*
 * Attempts: what all sinks do with one parcel: begin, wait, and tell one outcome, later
 * and once.  A sink's handle is its attempt; what the sink needs for it besides lives as
 * long.
 */
#ifndef ONECLICK_SRC_SERVICE_DISPATCH_ATTEMPT_H
#define ONECLICK_SRC_SERVICE_DISPATCH_ATTEMPT_H

#include "endpoint.h"
#include "oneclick/service/sink.h"

struct attempt {
	struct loop *loop;
	outcome_fn fn;
	void *arg;
	int64_t began;             /* ticks */
	struct transfer *transfer; /* under way; NULL: none */
	/* What an answer means; fills outcome and sentence. */
	void (*judge)(const struct transfer_reply *reply, struct outcome_report *report);
	struct loop_timer *soon; /* an outcome that is clear already; NULL: none */
	struct outcome_report report;
};

struct attempt *attempt_new(struct loop *loop, outcome_fn fn, void *arg);
/* Tells the outcome; the attempt is gone. Only from the loop. */
void attempt_end(struct attempt *attempt, const struct outcome_report *report);
/* The same, a turn later: from inside send. Returns the attempt. */
struct attempt *attempt_refuse(struct attempt *attempt, enum outcome outcome,
	const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Forgets it, unheard. */
void attempt_cancel(void *attempt);

/* One request; its answer, judged, ends the attempt. */
struct attempt_post {
	const struct endpoint *endpoint;
	const char *target; /* NULL: the endpoint's */
	const char *const *headers;
	size_t header_count;
	const char *body;
	int64_t timeout;
};
struct attempt *attempt_post(struct attempt *attempt, const struct sink_world *world,
	const struct attempt_post *post);

/* The transfer's answer, judged, ends the attempt: what it tells when it is done. */
void attempt_answer(void *attempt, const struct transfer_reply *reply);

/* 2xx is delivered; 410 gone; 408, 425, 429 and 5xx may go well another time, as may no
 * answer at all; everything else will not. */
void attempt_judge(const struct transfer_reply *reply, struct outcome_report *report);

/* Fills report->outcome and its sentence, made safe and cut. */
void outcome_set(struct outcome_report *report, enum outcome outcome, const char *format,
	...) __attribute__((format(printf, 3, 4)));
/* "HTTP 503" and what the body says, in a sentence's length. */
void outcome_set_answer(struct outcome_report *report, enum outcome outcome,
	const struct transfer_reply *reply);

#endif
