/*
 * Contexts: what an event of a placed device says of its placement, as it was when the
 * event came.  Made once, numbered by the store, and kept with the device until something
 * in its project, placement or callbacks changes.
 *
 * The JSON has projectName, placementName, deviceTemplateName, attributes (the template's
 * defaults under the placement's own), devices (template name to device ID, all of the
 * placement) and callback (the template's onClickCallback, else the device's own, else
 * "").
 */
#ifndef ONECLICK_SERVICE_CONTEXT_H
#define ONECLICK_SERVICE_CONTEXT_H

#include "oneclick/base/fault.h"
#include "oneclick/model/device.h"
#include "oneclick/store/store.h"

/* Gives a placed device whose context is 0 its number; others stay as they are.  Whoever
 * calls saves the device. */
enum err context_settle(
	struct tx *tx, const void *ctx, struct device *device, struct fault *why);

#endif
