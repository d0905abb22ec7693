/* How the states of devices are said: in the symbols and words of the theme, which stand
 * once in the role table. */
#ifndef ONECLICK_SRC_CONSOLE_STATES_H
#define ONECLICK_SRC_CONSOLE_STATES_H

#include "oneclick/console/state.h"

/* "  4% LOW"; as wide without the word, so that what follows stands in line. */
struct safe_text states_battery(
	const struct state *state, const void *ctx, float life, enum role *role);
/* "!x-": a symbol for each state that wants care. */
struct safe_text states_flags(const struct state *state, const void *ctx,
	const struct device_row *device, enum role *role);
struct safe_text states_enabled(
	const struct state *state, const struct device_row *device, enum role *role);
/* "PROJECT/PLACEMENT", or "(not placed)". */
struct safe_text states_place(const struct state *state, const void *ctx,
	const struct device_row *device, enum role *role);
/* "(not placed)" alone. */
struct safe_text states_unplaced(const struct state *state, const void *ctx);

/* The same for filters and exports: no theme changes them. */
const char *states_flags_name(const struct device_row *device);
const char *states_enabled_name(const struct device_row *device);

#endif
