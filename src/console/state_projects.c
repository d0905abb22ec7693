#include <string.h>

#include "oneclick/base/mem.h"
#include "state_rows.h"

uint32_t
projects_row(const struct state *state, uint32_t name)
{
	for (size_t i = 0; i < state->projects.shelf.count; i++)
		if (state->projects.row[i].name == name)
			return (uint32_t)i;
	return NO_ROW;
}

uint32_t
projects_find(const struct state *state, const char *name)
{
	uint32_t word = words_find(state->words, name);

	return word ? projects_row(state, word) : NO_ROW;
}

static uint32_t
add_row(struct state *state, uint32_t name)
{
	struct projects *projects = &state->projects;
	uint32_t at = (uint32_t)projects->shelf.count;

	if (at == projects->room) {
		projects->room = at ? (size_t)at * 2 : 16;
		projects->row = mem_resize(
			state, projects->row, struct project_row, projects->room);
	}
	projects->row[at] = (struct project_row){ .name = name };
	projects->shelf.count++;
	projects->shelf.shape++;
	return at;
}

void
projects_put(struct state *state, const struct value *project)
{
	uint32_t name = words_put(state->words, value_text(project, "projectName"));
	const struct value *description = value_get(project, "description");
	uint32_t at = projects_row(state, name);
	struct project_row *row;

	if (!name)
		return;
	if (at == NO_ROW)
		at = add_row(state, name);
	row = &state->projects.row[at];
	row->generation = state->projects.shelf.generation;
	row->created = value_moment(project, "createdDate");
	row->updated = value_moment(project, "updatedDate");
	if (description || value_get(project, "placementTemplate")) {
		row->description =
			words_put(state->words, value_text(project, "description"));
		row->described = true;
	}
	shelf_touch(&state->projects.shelf, at);
	state_note_arn(state, value_text(project, "arn"));
}

void
projects_page(struct state *state, const struct value *body)
{
	const struct value *list = value_get(body, "projects");

	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++)
		projects_put(state, &list->item[i]);
}

void
projects_drop(struct state *state, uint32_t row)
{
	struct projects *projects = &state->projects;

	memmove(&projects->row[row], &projects->row[row + 1],
		(projects->shelf.count - row - 1) * sizeof(*projects->row));
	shelf_keep(&projects->shelf, projects->shelf.count - 1);
}

void
projects_end(struct state *state)
{
	struct projects *projects = &state->projects;
	size_t kept = 0;

	for (size_t i = 0; i < projects->shelf.count; i++)
		if (projects->row[i].generation == projects->shelf.generation)
			projects->row[kept++] = projects->row[i];
	shelf_keep(&projects->shelf, kept);
	shelf_whole(&projects->shelf);
}
