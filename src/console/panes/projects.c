/* Projects: with what stands in them; Enter goes to their placements. */
#include <math.h>

#include "../app_parts.h"
#include "columns.h"
#include "describe.h"

enum column { NAME, DEVICES, LOW, PLACEMENTS, CREATED, UPDATED, DESCRIPTION };

static const struct table_column columns[] = {
	[NAME] = { "project", COLUMN_WORD(project_row, name),
		.look = { { "PROJECT" }, 12, 40, 0, LIST_LEFT, false } },
	[DEVICES] = { "devices", COLUMN_COUNT(project_row, devices),
		.look = { { "DEVICES" }, 7, 7, 1, LIST_RIGHT, false } },
	[LOW] = { "low", COLUMN_COUNT(project_row, low),
		.look = { { "LOW" }, 5, 5, 2, LIST_RIGHT, false } },
	[PLACEMENTS] = { "placements", COLUMN_COUNT(project_row, placements),
		.look = { { "PLACEM." }, 7, 7, 3, LIST_RIGHT, false } },
	[CREATED] = { "created", COLUMN_MOMENT(project_row, created),
		.look = { { "CREATED" }, 5, 11, 5, LIST_RIGHT, false } },
	[UPDATED] = { "updated", COLUMN_MOMENT(project_row, updated),
		.look = { { "UPDATED" }, 5, 11, 6, LIST_RIGHT, false } },
	[DESCRIPTION] = { "description", COLUMN_WORD(project_row, description),
		.look = { { "DESCRIPTION" }, 10, 60, 4, LIST_LEFT, false } },
};

/* How many placements is known once they have been loaded. */
static bool
is_known(const struct table *table, size_t column)
{
	return column != PLACEMENTS ||
	       table->state->placements.shelf.phase == SHELF_WHOLE;
}

static double
number(const struct table *table, size_t row, size_t column)
{
	return is_known(table, column) ? columns_number(table, row, column) : NAN;
}

static void
cell(const struct table *table, const void *ctx, size_t row, size_t column,
	struct list_cell *out)
{
	uint32_t low = table->state->projects.row[row].low;

	if (!is_known(table, column)) {
		out->text = SAFE("-");
		return;
	}
	columns_cell(table, ctx, row, column, out);
	if (column != LOW || !low)
		return;
	out->role = ROLE_BATTERY_LOW;
	out->text = text_safe_format(
		ctx, "%s %u", theme_symbol(table->state->theme, out->role).text, low);
}

static const struct table_class projects_table = {
	.column = columns,
	.columns = sizeof(columns) / sizeof(*columns),
	.shown = sizeof(columns) / sizeof(*columns),
	TABLE_OF(projects),
	.text = columns_text,
	.number = number,
	.cell = cell,
	.key = columns_key,
	TABLE_MARKS(project_row),
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
