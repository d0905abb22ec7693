/* The key map of the actions table: its default keys, and the user's over them. */
#ifndef ONECLICK_CONSOLE_KEYS_H
#define ONECLICK_CONSOLE_KEYS_H

#include "oneclick/console/action.h"
#include "oneclick/data/value.h"
#include "oneclick/ui/keymap.h"

/* What is wrong with a user's key is told to `warn`, a sentence each, and passed over. */
typedef void (*keys_warn_fn)(void *arg, const struct fault *why);

/* `user`: the configuration's keys section, a map of panes ("anywhere" for all) to maps
 * of commands to a key or a list of keys; NULL: none. */
struct keymap *keys_new(
	const void *ctx, const struct value *user, keys_warn_fn warn, void *arg);

/* The name of the action's first key in a pane; "" if it has none. */
const char *keys_name(const struct keymap *map, enum pane_id pane, enum action_id action,
	char out[CHORD_NAME_MAX]);

#endif
