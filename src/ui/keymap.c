#include "oneclick/ui/keymap.h"

#include <string.h>

#include "oneclick/base/mem.h"

static const struct {
	struct chord chord;
	const char *whose;
} reserved[] = {
	{ { .key = 'z', .mods = CHORD_CTRL }, "job control (it suspends)" },
	{ { .key = '\\', .mods = CHORD_CTRL }, "job control (it quits)" },
	{ { .key = 's', .mods = CHORD_CTRL }, "flow control (it stops output)" },
	{ { .key = 'q', .mods = CHORD_CTRL }, "flow control (it goes on)" },
};

struct keymap *
keymap_new(const void *ctx, const char *const *context_names)
{
	struct keymap *map = mem_new(ctx, struct keymap);

	map->ctx = map;
	map->context_name = context_names;
	return map;
}

static enum err
check_reserved(const struct binding *binding, struct fault *why)
{
	char name[CHORD_NAME_MAX];

	for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
		if (!chord_is_same(&reserved[i].chord, &binding->chord))
			continue;
		chord_name(&binding->chord, name);
		return fault(why, ERR_FORBIDDEN,
			"%s: %s belongs to %s and cannot be bound; choose another key",
			binding->where, name, reserved[i].whose);
	}
	return ERR_NONE;
}

static struct binding *
find_row(const struct keymap *map, int context, const struct chord *chord)
{
	for (size_t i = 0; i < map->count; i++)
		if (map->row[i].context == context &&
			chord_is_same(&map->row[i].chord, chord))
			return &map->row[i];
	return NULL;
}

static enum err
refuse_double(const struct keymap *map, const struct binding *held,
	const struct binding *binding, struct fault *why)
{
	char name[CHORD_NAME_MAX];

	chord_name(&binding->chord, name);
	return fault(why, ERR_CONFLICT,
		"%s: %s in %s is bound already at %s; the second binding is ignored",
		binding->where, name, map->context_name[binding->context], held->where);
}

static void
append_row(struct keymap *map, const struct binding *binding)
{
	map->row = mem_resize(map->ctx, map->row, struct binding, map->count + 1);
	map->row[map->count] = *binding;
	map->row[map->count].where = mem_text(map->ctx, binding->where);
	map->count++;
}

enum err
keymap_bind(struct keymap *map, const struct binding *binding, struct fault *why)
{
	struct binding *held = find_row(map, binding->context, &binding->chord);
	enum err err = check_reserved(binding, why);

	if (err)
		return err;
	if (!held) {
		append_row(map, binding);
	} else if (held->layer < binding->layer) {
		*held = *binding;
		held->where = mem_text(map->ctx, binding->where);
	} else if (held->layer == binding->layer && held->action != binding->action) {
		return refuse_double(map, held, binding, why);
	}
	return ERR_NONE;
}

void
keymap_unbind(struct keymap *map, int context, int action, int layer)
{
	size_t kept = 0;

	for (size_t i = 0; i < map->count; i++) {
		const struct binding *row = &map->row[i];

		if (row->context != context || row->action != action ||
			row->layer >= layer)
			map->row[kept++] = *row;
	}
	map->count = kept;
}

int
keymap_find(const struct keymap *map, int context, const struct chord *chord)
{
	const struct binding *row = find_row(map, context, chord);

	if (!row)
		row = find_row(map, KEYMAP_EVERYWHERE, chord);
	return row ? row->action : KEYMAP_NONE;
}

const struct binding *
keymap_key_of(const struct keymap *map, int context, int action, size_t i)
{
	for (size_t at = 0; at < map->count; at++) {
		const struct binding *row = &map->row[at];

		/* a binding everywhere may be hidden by one of this context */
		if (row->action == action &&
			(row->context == context || row->context == KEYMAP_EVERYWHERE) &&
			keymap_find(map, context, &row->chord) == action && i-- == 0)
			return row;
	}
	return NULL;
}
