/* Placements: of one project or of all, with the devices that stand in them. */
#include <math.h>
#include <string.h>

#include "../app_parts.h"
#include "describe.h"

enum column { NAME, PROJECT, DEVICE, BATTERY, DEVICES, CREATED, UPDATED };

static const struct table_column columns[] = {
	[NAME] = { "placement", FILTER_TEXT,
		{ { "PLACEMENT" }, 14, 32, 0, LIST_LEFT, false } },
	[PROJECT] = { "project", FILTER_TEXT,
		{ { "PROJECT" }, 16, 32, 3, LIST_LEFT, false } },
	[DEVICE] = { "device", FILTER_TEXT,
		{ { "DEVICE" }, 16, 22, 1, LIST_LEFT, true } },
	[BATTERY] = { "battery", FILTER_NUMBER,
		{ { "BATTERY" }, 8, 9, 2, LIST_LEFT, false } },
	[DEVICES] = { "devices", FILTER_NUMBER,
		{ { "DEVS" }, 4, 4, 4, LIST_RIGHT, false } },
	[CREATED] = { "created", FILTER_AGE,
		{ { "CREATED" }, 7, 11, 6, LIST_RIGHT, false } },
	[UPDATED] = { "updated", FILTER_AGE,
		{ { "UPDATED" }, 7, 11, 5, LIST_RIGHT, false } },
};

static const struct placement_row *
at(const struct table *table, size_t row)
{
	return &table->state->placements.row[row];
}

static struct shelf *
shelf(struct state *state)
{
	return &state->placements.shelf;
}

static bool
in_scope(const struct table *table, size_t row)
{
	return !table->project || at(table, row)->project == table->project;
}

static const char *
text(const struct table *table, size_t row, size_t column)
{
	const struct placement_row *placement = at(table, row);
	const struct words *words = table->state->words;

	if (column == NAME)
		return words_text(words, placement->name);
	if (column == PROJECT)
		return words_text(words, placement->project);
	if (column == DEVICE && placement->devices)
		return words_text(words, table->state->devices.row[placement->device].id);
	return column == DEVICE ? "(none)" : "";
}

static double
number(const struct table *table, size_t row, size_t column)
{
	const struct placement_row *placement = at(table, row);

	if (column == DEVICES)
		return placement->devices;
	if (column == BATTERY)
		return placement->devices ? (double)placement->life : NAN;
	return (double)(table->times.now -
			(column == CREATED ? placement->created : placement->updated));
}

static void
cell(const struct table *table, const void *ctx, size_t row, size_t column,
	struct list_cell *out)
{
	const struct placement_row *placement = at(table, row);

	switch ((enum column)column) {
	case DEVICE:
		out->text = placement->devices > 1
				    ? text_safe_format(ctx, "%s +%u",
					      text(table, row, column),
					      placement->devices - 1)
				    : (struct safe_text){ text(table, row, column) };
		out->role = placement->devices ? ROLE_TEXT : ROLE_UNPLACED;
		break;
	case BATTERY:
		out->text = SAFE("   -");
		if (placement->devices)
			out->text = pane_battery(ctx, placement->life, &out->role);
		break;
	case DEVICES:
		out->text = text_safe_format(ctx, "%u", placement->devices);
		break;
	case CREATED:
		out->text = times_short(&table->times, ctx, placement->created);
		break;
	case UPDATED:
		out->text = times_short(&table->times, ctx, placement->updated);
		break;
	case NAME:
	case PROJECT:
		out->text = (struct safe_text){ text(table, row, column) };
		break;
	}
}

static uint64_t
key(const struct table *table, size_t row)
{
	return (uint64_t)at(table, row)->project << 32 | at(table, row)->name;
}

static unsigned char *
flags(struct state *state, size_t row)
{
	return &state->placements.row[row].flags;
}

static const struct table_class placements_table = {
	.column = columns,
	.columns = sizeof(columns) / sizeof(*columns),
	.shown = sizeof(columns) / sizeof(*columns),
	.shelf = shelf,
	.in_scope = in_scope,
	.text = text,
	.number = number,
	.cell = cell,
	.key = key,
	.flags = flags,
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
