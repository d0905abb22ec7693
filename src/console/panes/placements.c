/* Placements: of one project or of all, with the devices that stand in them. */
#include <math.h>
#include <string.h>

#include "../app_parts.h"
#include "columns.h"
#include "describe.h"

enum column { NAME, PROJECT, DEVICE, BATTERY, DEVICES, CREATED, UPDATED };

static const struct table_column columns[] = {
	[NAME] = { "placement", COLUMN_WORD(placement_row, name),
		.look = { { "PLACEMENT" }, 14, 32, 0, LIST_LEFT, false } },
	[PROJECT] = { "project", COLUMN_WORD(placement_row, project),
		.look = { { "PROJECT" }, 16, 32, 3, LIST_LEFT, false } },
	[DEVICE] = { "device", .look = { { "DEVICE" }, 16, 22, 1, LIST_LEFT, true } },
	[BATTERY] = { "battery", COLUMN_LIFE(placement_row, life),
		.look = { { "BATTERY" }, 8, 9, 2, LIST_LEFT, false } },
	[DEVICES] = { "devices", COLUMN_COUNT(placement_row, devices),
		.look = { { "DEVS" }, 4, 4, 4, LIST_RIGHT, false } },
	[CREATED] = { "created", COLUMN_MOMENT(placement_row, created),
		.look = { { "CREATED" }, 7, 11, 6, LIST_RIGHT, false } },
	[UPDATED] = { "updated", COLUMN_MOMENT(placement_row, updated),
		.look = { { "UPDATED" }, 7, 11, 5, LIST_RIGHT, false } },
};

static const struct placement_row *
row_of(const struct table *table, size_t row)
{
	return &table->state->placements.row[row];
}

static bool
in_scope(const struct table *table, size_t row)
{
	return !table->project || row_of(table, row)->project == table->project;
}

static const char *
text(const struct table *table, size_t row, size_t column)
{
	const struct placement_row *placement = row_of(table, row);
	const struct state *state = table->state;

	if (column != DEVICE)
		return columns_text(table, row, column);
	if (!placement->devices)
		return "(none)";
	return words_text(state->words, state->devices.row[placement->device].id);
}

static double
number(const struct table *table, size_t row, size_t column)
{
	if (column == BATTERY && !row_of(table, row)->devices)
		return NAN;
	return columns_number(table, row, column);
}

static void
cell(const struct table *table, const void *ctx, size_t row, size_t column,
	struct list_cell *out)
{
	uint32_t devices = row_of(table, row)->devices;

	if (column == BATTERY && !devices)
		out->text = SAFE("   -");
	else
		columns_cell(table, ctx, row, column, out);
	if (column == DEVICE && !devices)
		out->role = ROLE_UNPLACED;
	if (column == DEVICE && devices > 1)
		out->text = text_safe_format(
			ctx, "%s +%u", text(table, row, column), devices - 1);
}

static uint64_t
key(const struct table *table, size_t row)
{
	return (uint64_t)row_of(table, row)->project << 32 | row_of(table, row)->name;
}

static const struct table_class placements_table = {
	.column = columns,
	.columns = sizeof(columns) / sizeof(*columns),
	.shown = sizeof(columns) / sizeof(*columns),
	TABLE_OF(placements),
	.in_scope = in_scope,
	.text = text,
	.number = number,
	.cell = cell,
	.key = key,
	TABLE_MARKS(placement_row),
};

static void
open(struct pane *pane)
{
	struct app *app = pane->app;
	const char *have = app->placements_of;

	if (!have || (*have && strcmp(have, pane->project) != 0))
		load_placements(app, *pane->project ? pane->project : NULL);
}

static bool
act(struct pane *pane, enum action_id action, const struct args *args)
{
	const struct state *state = pane->app->state;
	uint32_t row = table_row(pane->table);
	const struct placement_row *placement;

	if ((action != ACTION_OPEN && action != ACTION_PLACEMENT_SHOW) || args->count)
		return false;
	if (row == NO_ROW)
		return true;
	placement = &state->placements.row[row];
	app_go(pane->app, PANE_PLACEMENT, words_text(state->words, placement->project),
		words_text(state->words, placement->name));
	return true;
}

static void
empty(const struct pane *pane, struct canvas *canvas, struct area body)
{
	draw_lines(canvas, body,
		*pane->project ? "No placements yet.\n\na  creates one in this project"
			       : "No placements yet.\n\n"
				 "2  Projects: Enter on a project, then a creates a "
				 "placement in it");
}

static void
detail(struct pane *pane, struct detail *detail)
{
	const struct state *state = pane->app->state;
	const struct placement_row *row = &state->placements.row[table_row(pane->table)];

	describe_placement(pane->app, detail, words_text(state->words, row->project),
		words_text(state->words, row->name));
}

const struct pane_class placements_pane = {
	.id = PANE_PLACEMENTS,
	.title = "Placements",
	.table = &placements_table,
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
	describe_placement(pane->app, detail, pane->project, pane->name);
}

const struct pane_class placement_pane = {
	.id = PANE_PLACEMENT,
	.title = "Placement",
	.act = detail_pane_act,
	.layout = detail_pane_layout,
	.draw = detail_pane_draw,
	.detail = describe,
};
