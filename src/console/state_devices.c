#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "state_rows.h"

enum { SLOTS_FIRST = 64 };

static size_t
hash_word(uint32_t word)
{
	return (word * 2654435761u) >> 7;
}

static size_t
find_slot(const struct devices *devices, uint32_t id)
{
	size_t at = hash_word(id) & (devices->slots - 1);

	while (devices->slot[at] && devices->row[devices->slot[at] - 1].id != id)
		at = (at + 1) & (devices->slots - 1);
	return at;
}

static void
build_slots(struct state *state, size_t slots)
{
	struct devices *devices = &state->devices;

	mem_free(devices->slot);
	devices->slots = slots;
	devices->slot = mem_array(state, uint32_t, slots);
	for (size_t i = 0; i < devices->shelf.count; i++)
		devices->slot[find_slot(devices, devices->row[i].id)] = (uint32_t)i + 1;
}

static uint32_t
find_row(const struct devices *devices, uint32_t id)
{
	return id && devices->slots ? devices->slot[find_slot(devices, id)] - 1 : NO_ROW;
}

uint32_t
devices_find(const struct state *state, const char *id)
{
	return find_row(&state->devices, words_find(state->words, id));
}

static uint32_t
add_row(struct state *state, uint32_t id)
{
	struct devices *devices = &state->devices;
	uint32_t at = (uint32_t)devices->shelf.count;

	if (at == devices->room) {
		devices->room = at ? (size_t)at * 3 / 2 : 64;
		devices->row =
			mem_resize(state, devices->row, struct device_row, devices->room);
	}
	devices->row[at] = (struct device_row){ .id = id };
	devices->shelf.count++;
	devices->shelf.shape++;
	if (devices->shelf.count * 2 > devices->slots)
		build_slots(state, devices->slots ? devices->slots * 2 : SLOTS_FIRST);
	else
		devices->slot[find_slot(devices, id)] = at + 1;
	return at;
}

void
devices_touch(struct state *state, uint32_t row)
{
	shelf_touch(&state->devices.shelf, row);
}

void
devices_flag(struct state *state, uint32_t row, unsigned flag, bool on)
{
	struct device_row *device = &state->devices.row[row];
	unsigned char flags =
		(unsigned char)(on ? device->flags | flag : device->flags & ~flag);

	if (flags != device->flags)
		devices_touch(state, row);
	device->flags = flags;
}

void
devices_place(struct state *state, uint32_t row, const char *project,
	const char *placement, const char *template_name)
{
	uint32_t in = words_put(state->words, project);
	uint32_t at = words_put(state->words, placement);
	uint32_t as = words_put(state->words, template_name);
	struct device_row *device = &state->devices.row[row];

	if (device->project == in && device->placement == at &&
		device->template_name == as)
		return;
	device->project = in;
	device->placement = at;
	device->template_name = as;
	state->uncounted = true;
	devices_touch(state, row);
}

void
devices_put(struct state *state, const struct value *description)
{
	uint32_t id = words_put(state->words, value_text(description, "deviceId"));
	const struct value *attributes = value_get(description, "attributes");
	uint32_t at = find_row(&state->devices, id);
	float life = value_percent(description, "remainingLife");

	if (!id)
		return;
	if (at == NO_ROW)
		at = add_row(state, id);
	if (state->devices.row[at].life != life)
		devices_touch(state, at);
	state->devices.row[at].life = life;
	state->devices.row[at].generation = state->devices.shelf.generation;
	devices_flag(state, at, ROW_ENABLED, value_bool(description, "enabled", false));
	devices_place(state, at, value_text(attributes, "projectName"),
		value_text(attributes, "placementName"),
		value_text(attributes, "deviceTemplateName"));
	state_note_arn(state, value_text(description, "arn"));
}

void
devices_page(struct state *state, const struct value *body)
{
	const struct value *list = value_get(body, "devices");

	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++)
		devices_put(state, &list->item[i]);
}

void
devices_drop(struct state *state, uint32_t row)
{
	struct devices *devices = &state->devices;

	memmove(&devices->row[row], &devices->row[row + 1],
		(devices->shelf.count - row - 1) * sizeof(*devices->row));
	shelf_keep(&devices->shelf, devices->shelf.count - 1);
	build_slots(state, devices->slots);
}

void
devices_end(struct state *state)
{
	struct devices *devices = &state->devices;
	size_t kept = 0;

	for (size_t i = 0; i < devices->shelf.count; i++)
		if (devices->row[i].generation == devices->shelf.generation)
			devices->row[kept++] = devices->row[i];
	if (shelf_keep(&devices->shelf, kept))
		build_slots(state, devices->slots);
	shelf_whole(&devices->shelf);
}
