/*
 * Contexts: what an event says of its device's placement and callback, as they were when
 * the event came.  Numbered by the store, which keeps each text once; that of clicks is
 * kept with the device until something in its project, placement or callbacks changes.
 *
 * The JSON of a placed device has projectName, placementName, deviceTemplateName,
 * attributes (the template's defaults under the placement's own), devices (template name
 * to device ID, all of the placement) and callback (the template's onClickCallback, else
 * the device's own, else ""); that of a device which only has a callback of its own, just
 * that.
 *
 * Health events have a context made for them: where the device is placed (the names above
 * and the attributes, for who words a message by them), callback, and condition, as it was
 * asked for.
 */
#ifndef ONECLICK_SERVICE_CONTEXT_H
#define ONECLICK_SERVICE_CONTEXT_H

#include "oneclick/base/fault.h"
#include "oneclick/model/device.h"
#include "oneclick/store/store.h"

/* The members of a health callback's condition. */
#define CONDITION_LIFE "remainingLifeLowerThan" /* percent */
#define CONDITION_QUIET "notHeardForHours"

/* Gives a device whose context is 0 its number, if it is placed or has a callback, and
 * tells in `calls` whether there is one; others stay as they are.  Whoever calls saves the
 * device, which was read whole unless its context is made already. */
enum err context_settle(
	struct tx *tx, const void *ctx, struct device *device, struct fault *why);

/* The number of the context of a health event: of this condition of the device's health
 * callback, which it has. */
enum err context_of_health(struct tx *tx, const void *ctx, const struct device *device,
	const char *condition, int64_t *out, struct fault *why);

#endif
