/*
 * What the service counts of devices and callbacks: for CloudWatch, a row a minute in the
 * store (store/metrics.h), and for Prometheus, series in memory since the start.
 *
 * The guide names three metrics and what each "can be viewed and graphed by", not the words
 * of the dimensions; only DeviceType is known from public samples.  Ours, one dimension to
 * a metric, as the guide lists them:
 *
 *   TotalEvents               DeviceEvent (SINGLE), Project, DeviceType (button),
 *                             ProductType (AWS IoT Enterprise Button)
 *   RemainingLife             Project, DeviceType, ProductType
 *   CallbackInvocationErrors  Callback (the ARN), Project
 *
 * An event of a device that stands in no placement has no Project.
 */
#ifndef ONECLICK_SERVICE_METRICS_H
#define ONECLICK_SERVICE_METRICS_H

#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/service/service.h"
#include "oneclick/store/store.h"

#define METRICS_NAMESPACE "IoT1Click"
#define METRIC_EVENTS "TotalEvents"
#define METRIC_LIFE "RemainingLife"
#define METRIC_ERRORS "CallbackInvocationErrors"

/* A callback was tried and failed: counts it under Callback and Project ("" or NULL: the
 * device was not placed), in the transaction that keeps the failure. */
enum err metrics_callback_failed(struct tx *tx, const char *account, const char *callback,
	const char *project, int64_t at, struct fault *why);
/* The same for Prometheus; on the loop, when that transaction is done. */
void metrics_callback_note(
	struct service *service, const char *callback, const char *project);

/* The part: follows the log as the consumer "metrics", each event counted once. */
enum err metrics_open(struct service *service, struct fault *why);
void metrics_close(struct service *service);

/* The doors; POST / is where CloudWatch and CloudTrail are asked. */
void aws_take(struct service *service, struct exchange *exchange);
void metrics_take(struct service *service, struct exchange *exchange); /* /metrics */
void ready_take(struct service *service, struct exchange *exchange);   /* /readyz */

/* A reply leaves, that many microseconds after its request was whole. On the loop. */
void metrics_reply_note(struct service *service, const struct exchange *exchange,
	int status, int64_t micros);

#endif
