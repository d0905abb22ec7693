/*
 * Products: what the first letters of a device ID say of it (guide, "AWS IoT 1-Click
 * Supported Devices"), and how its remaining life is reckoned when it reports none.
 */
#ifndef ONECLICK_MODEL_PRODUCT_H
#define ONECLICK_MODEL_PRODUCT_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"

struct product {
	const char *prefix;
	const char *name;   /* "AWS IoT Enterprise Button" */
	int rated_clicks;   /* 0: life moves only when the device reports it */
	int rated_days;     /* 0: no limit by age */
	bool by_claim_code; /* sold with claim codes */
	bool supported;     /* false: the guide names it as not supported */
};

/* The product of a device ID, or NULL: then it is a product of the operator's own. */
const struct product *product_of(const char *device_id);

/* Percent of life left, 0 to 100, after `clicks` clicks, the first of them at `first`. */
double product_life(
	const struct product *product, int64_t clicks, int64_t first, int64_t now);

/* Any reason why no device can have this ID: length 1 to 32, letters, digits, '-', '_',
 * '.', ':', a 4-character prefix, and not one of the products the guide excludes. */
enum err device_id_check(const char *device_id, struct fault *why);
/* The ID with O/0 and I/1 exchanged as a known prefix needs it, or NULL if that does not
 * help; what Onboard offers as the correction. */
char *device_id_mend(const void *ctx, const char *device_id);
/* A claim code: C- and 10 to 38 more letters, digits or '-'. */
bool claim_code_is_well_formed(const char *code);

#endif
