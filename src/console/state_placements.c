#include <string.h>

#include "oneclick/base/mem.h"
#include "state_rows.h"

enum { SLOTS_FIRST = 64 };

static size_t
find_slot(const struct placements *placements, uint32_t project, uint32_t name)
{
	size_t at = ((project * 31 + name) * 2654435761u >> 7) & (placements->slots - 1);

	for (; placements->slot[at]; at = (at + 1) & (placements->slots - 1)) {
		const struct placement_row *row =
			&placements->row[placements->slot[at] - 1];

		if (row->project == project && row->name == name)
			break;
	}
	return at;
}

static void
build_slots(struct state *state, size_t slots)
{
	struct placements *placements = &state->placements;

	mem_free(placements->slot);
	placements->slots = slots;
	placements->slot = mem_array(state, uint32_t, slots);
	for (size_t i = 0; i < placements->shelf.count; i++) {
		const struct placement_row *row = &placements->row[i];

		placements->slot[find_slot(placements, row->project, row->name)] =
			(uint32_t)i + 1;
	}
}

uint32_t
placements_row(const struct state *state, uint32_t project, uint32_t name)
{
	const struct placements *placements = &state->placements;

	return name && placements->slots
		       ? placements->slot[find_slot(placements, project, name)] - 1
		       : NO_ROW;
}

uint32_t
placements_find(const struct state *state, const char *project, const char *name)
{
	uint32_t in = words_find(state->words, project),
		 word = words_find(state->words, name);

	return in && word ? placements_row(state, in, word) : NO_ROW;
}

static uint32_t
add_row(struct state *state, uint32_t project, uint32_t name)
{
	struct placements *placements = &state->placements;
	uint32_t at = (uint32_t)placements->shelf.count;

	if (at == placements->room) {
		placements->room = at ? (size_t)at * 3 / 2 : 64;
		placements->row = mem_resize(
			state, placements->row, struct placement_row, placements->room);
	}
	placements->row[at] = (struct placement_row){
		.project = project, .name = name, .device = NO_ROW
	};
	placements->shelf.count++;
	placements->shelf.shape++;
	if (placements->shelf.count * 2 > placements->slots)
		build_slots(
			state, placements->slots ? placements->slots * 2 : SLOTS_FIRST);
	else
		placements->slot[find_slot(placements, project, name)] = at + 1;
	return at;
}

static void
put_placement(struct state *state, const struct value *placement)
{
	uint32_t project = words_put(state->words, value_text(placement, "projectName"));
	uint32_t name = words_put(state->words, value_text(placement, "placementName"));
	uint32_t at = placements_row(state, project, name);
	struct placement_row *row;

	if (!project || !name)
		return;
	if (at == NO_ROW)
		at = add_row(state, project, name);
	row = &state->placements.row[at];
	row->generation = state->placements.shelf.generation;
	row->created = value_moment(placement, "createdDate");
	row->updated = value_moment(placement, "updatedDate");
	shelf_touch(&state->placements.shelf, at);
}

void
placements_page(struct state *state, const struct value *body)
{
	const struct value *list = value_get(body, "placements");

	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++)
		put_placement(state, &list->item[i]);
}

void
placements_drop(struct state *state, uint32_t row)
{
	struct placements *placements = &state->placements;

	memmove(&placements->row[row], &placements->row[row + 1],
		(placements->shelf.count - row - 1) * sizeof(*placements->row));
	shelf_keep(&placements->shelf, placements->shelf.count - 1);
	build_slots(state, placements->slots);
}

void
placements_end(struct state *state, const char *project)
{
	struct placements *placements = &state->placements;
	uint32_t only = project ? words_put(state->words, project) : WORD_NONE;
	size_t kept = 0;

	for (size_t i = 0; i < placements->shelf.count; i++) {
		const struct placement_row *row = &placements->row[i];

		if (row->generation == placements->shelf.generation ||
			(only && row->project != only))
			placements->row[kept++] = *row;
	}
	if (shelf_keep(&placements->shelf, kept))
		build_slots(state, placements->slots);
	shelf_whole(&placements->shelf);
}
