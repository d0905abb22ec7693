/*
 * Composing: the event a callback is called with, exactly the guide's ("Click Events",
 * "Health Events"), from an event of the log and its context.  Members come in the order
 * in which the service emitted them: deviceInfo, deviceEvent, placementInfo (a click's of a
 * placed device), devicePayload (a click's of a P5SJVQ button, whose functions read the
 * click from there).
 */
#ifndef ONECLICK_SERVICE_COMPOSE_H
#define ONECLICK_SERVICE_COMPOSE_H

#include "oneclick/base/fault.h"
#include "oneclick/model/event.h"
#include "oneclick/service/sink.h"

/* Fills the parcel but for attempt, now and timeout; all of it, the event too, is copied
 * and lives as long as ctx. ERR_INTERNAL when the context is no JSON object. */
enum err compose(const void *ctx, const char *region, const struct event *event,
	struct parcel *out, struct fault *why);

#endif
