/*
 * The key map: (context, chord) -> action.  Contexts and actions are the caller's
 * numbers; context 0 is "everywhere" and is asked last.  A binding says where it was
 * written, so that two that fight can both be named.
 */
#ifndef ONECLICK_UI_KEYMAP_H
#define ONECLICK_UI_KEYMAP_H

#include <stddef.h>

#include "oneclick/base/fault.h"
#include "oneclick/ui/chord.h"

enum { KEYMAP_EVERYWHERE = 0, KEYMAP_NONE = -1 };

struct binding {
	int context;
	struct chord chord;
	int action;
	int layer;         /* 0 the defaults, 1 a preset, 2 the user's: higher wins */
	const char *where; /* "keys.yaml:3:5"; lives as long as the map */
};

struct keymap {
	const void *ctx;
	const char *const *context_name; /* for sentences */
	struct binding *row;
	size_t count;
};

struct keymap *keymap_new(const void *ctx, const char *const *context_names);

/* Adds a binding.  It takes the chord from a lower layer; against one of its own layer it
 * is refused (ERR_CONFLICT, naming both).  Ctrl-z, Ctrl-\, Ctrl-s and Ctrl-q belong to
 * job and flow control and are refused (ERR_FORBIDDEN); under a higher layer nothing
 * happens. */
enum err keymap_bind(
	struct keymap *map, const struct binding *binding, struct fault *why);
/* Forgets the action's keys in a context from layers below `layer`: done before a user's
 * keys for it are bound, so that they replace the defaults. */
void keymap_unbind(struct keymap *map, int context, int action, int layer);

/* The action of a chord in a context (or everywhere), or KEYMAP_NONE. */
int keymap_find(const struct keymap *map, int context, const struct chord *chord);
/* The action's i-th binding as seen in a context, or NULL: for hints and help. */
const struct binding *keymap_key_of(
	const struct keymap *map, int context, int action, size_t i);

#endif
