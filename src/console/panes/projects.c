/* Projects: with what stands in them; Enter goes to their placements. */
#include <math.h>

#include "../app_parts.h"
#include "describe.h"

enum column { NAME, DEVICES, LOW, PLACEMENTS, CREATED, UPDATED, DESCRIPTION };

static const struct table_column columns[] = {
	[NAME] = { "project", FILTER_TEXT,
		{ { "PROJECT" }, 12, 40, 0, LIST_LEFT, false } },
	[DEVICES] = { "devices", FILTER_NUMBER,
		{ { "DEVICES" }, 7, 7, 1, LIST_RIGHT, false } },
	[LOW] = { "low", FILTER_NUMBER, { { "LOW" }, 5, 5, 2, LIST_RIGHT, false } },
	[PLACEMENTS] = { "placements", FILTER_NUMBER,
		{ { "PLACEM." }, 7, 7, 3, LIST_RIGHT, false } },
	[CREATED] = { "created", FILTER_AGE,
		{ { "CREATED" }, 5, 11, 5, LIST_RIGHT, false } },
	[UPDATED] = { "updated", FILTER_AGE,
		{ { "UPDATED" }, 5, 11, 6, LIST_RIGHT, false } },
	[DESCRIPTION] = { "description", FILTER_TEXT,
		{ { "DESCRIPTION" }, 10, 60, 4, LIST_LEFT, false } },
};

static const struct project_row *
at(const struct table *table, size_t row)
{
	return &table->state->projects.row[row];
}

static struct shelf *
shelf(struct state *state)
{
	return &state->projects.shelf;
}

static const char *
text(const struct table *table, size_t row, size_t column)
{
	const struct words *words = table->state->words;

	if (column == NAME)
		return words_text(words, at(table, row)->name);
	return column == DESCRIPTION ? words_text(words, at(table, row)->description)
				     : "";
}

/* How many placements is known once they have been loaded. */
static bool
knows_placements(const struct table *table)
{
	return table->state->placements.shelf.phase == SHELF_WHOLE;
}

static double
number(const struct table *table, size_t row, size_t column)
{
	const struct project_row *project = at(table, row);

	switch ((enum column)column) {
	case DEVICES:
		return project->devices;
	case LOW:
		return project->low;
	case PLACEMENTS:
		return knows_placements(table) ? project->placements : NAN;
	case CREATED:
		return (double)(table->times.now - project->created);
	case UPDATED:
		return (double)(table->times.now - project->updated);
	case NAME:
	case DESCRIPTION:
		break;
	}
	return NAN;
}

static void
cell(const struct table *table, const void *ctx, size_t row, size_t column,
	struct list_cell *out)
{
	const struct project_row *project = at(table, row);

	switch ((enum column)column) {
	case DEVICES:
		out->text = text_safe_format(ctx, "%u", project->devices);
		break;
	case LOW:
		out->text =
			text_safe_format(ctx, project->low ? "! %u" : "%u", project->low);
		out->role = project->low ? ROLE_BATTERY_LOW : ROLE_TEXT;
		break;
	case PLACEMENTS:
		out->text = knows_placements(table)
				    ? text_safe_format(ctx, "%u", project->placements)
				    : SAFE("-");
		break;
	case CREATED:
		out->text = times_short(&table->times, ctx, project->created);
		break;
	case UPDATED:
		out->text = times_short(&table->times, ctx, project->updated);
		break;
	case NAME:
	case DESCRIPTION:
		out->text = (struct safe_text){ text(table, row, column) };
		break;
	}
}

static uint64_t
key(const struct table *table, size_t row)
{
	return at(table, row)->name;
}

static unsigned char *
flags(struct state *state, size_t row)
{
	return &state->projects.row[row].flags;
}

static const struct table_class projects_table = {
	.column = columns,
	.columns = sizeof(columns) / sizeof(*columns),
	.shown = sizeof(columns) / sizeof(*columns),
	.shelf = shelf,
	.text = text,
	.number = number,
	.cell = cell,
	.key = key,
	.flags = flags,
};

static void
open(struct pane *pane)
{
	if (pane->app->state->projects.shelf.phase == SHELF_NEW)
		load_projects(pane->app);
}

static bool
act(struct pane *pane, enum action_id action, const struct args *args)
{
	uint32_t row = table_row(pane->table);
	const char *name;

	if ((action != ACTION_OPEN && action != ACTION_PROJECT_SHOW) || args->count)
		return false;
	if (row == NO_ROW)
		return true;
	name = words_text(
		pane->app->state->words, pane->app->state->projects.row[row].name);
	app_go(pane->app, action == ACTION_OPEN ? PANE_PLACEMENTS : PANE_PROJECT, name,
		NULL);
	return true;
}

static void
empty(const struct pane *pane, struct canvas *canvas, struct area body)
{
	(void)pane;
	draw_lines(canvas, body,
		"No projects yet.\n"
		"\n"
		"A project groups devices by place or purpose. Its device templates say\n"
		"what a press does, its attributes what is known of each place.\n"
		"\n"
		"a  creates one, step by step");
}

static void
detail(struct pane *pane, struct detail *detail)
{
	const struct state *state = pane->app->state;

	describe_project(pane->app, detail,
		words_text(
			state->words, state->projects.row[table_row(pane->table)].name));
}

const struct pane_class projects_pane = {
	.id = PANE_PROJECTS,
	.title = "Projects",
	.table = &projects_table,
	.open = open,
	.act = act,
	.layout = list_pane_layout,
	.draw = list_pane_draw,
	.empty = empty,
	.detail = detail,
};

static void
describe(struct pane *pane, struct detail *detail)
{
	describe_project(pane->app, detail, pane->project);
}

const struct pane_class project_pane = {
	.id = PANE_PROJECT,
	.title = "Project",
	.act = detail_pane_act,
	.layout = detail_pane_layout,
	.draw = detail_pane_draw,
	.detail = describe,
};
