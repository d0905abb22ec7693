/* Devices: all of them, with battery, state and place; the flags tell in one letter what
 * wants care. */
#include "../app_parts.h"
#include "../states.h"
#include "columns.h"
#include "describe.h"

enum column {
	ID,
	FLAGS,
	BATTERY,
	SEEN,
	STATE,
	PLACE,
	PROJECT,
	PLACEMENT,
	TEMPLATE,
	CLICK
};

static const struct table_column columns[] = {
	[ID] = { "id", COLUMN_WORD(device_row, id),
		.look = { { "DEVICE ID" }, 8, 20, 0, LIST_LEFT, true } },
	[FLAGS] = { "flags", .look = { { "FL" }, 3, 3, 2, LIST_LEFT, false } },
	[BATTERY] = { "battery", COLUMN_LIFE(device_row, life),
		.look = { { "BATTERY" }, 8, 9, 1, LIST_LEFT, false } },
	[SEEN] = { "seen", COLUMN_MOMENT(device_row, seen),
		.look = { { "SEEN" }, 5, 11, 5, LIST_RIGHT, false } },
	[STATE] = { "state", .look = { { "STATE" }, 8, 8, 3, LIST_LEFT, false } },
	[PLACE] = { "place", COLUMN_WORD(device_row, placement),
		.look = { { "PROJECT/PLACEMENT" }, 12, 48, 4, LIST_LEFT, true } },
	[PROJECT] = { "project", COLUMN_WORD(device_row, project) },
	[PLACEMENT] = { "placement", COLUMN_WORD(device_row, placement) },
	[TEMPLATE] = { "template", COLUMN_WORD(device_row, template_name) },
	[CLICK] = { .name = "click" },
};

static bool
in_scope(const struct table *table, size_t row)
{
	return !table->project ||
	       table->state->devices.row[row].project == table->project;
}

static const char *
text(const struct table *table, size_t row, size_t column)
{
	const struct device_row *device = &table->state->devices.row[row];

	if (column == FLAGS)
		return states_flags_name(device);
	if (column == STATE)
		return states_enabled_name(device);
	if (column == CLICK && device->last_click)
		return event_kind_name((enum event_kind)(device->last_click - 1));
	return columns_text(table, row, column);
}

static void
cell(const struct table *table, const void *ctx, size_t row, size_t column,
	struct list_cell *out)
{
	const struct state *state = table->state;
	const struct device_row *device = &state->devices.row[row];

	if (column == FLAGS)
		out->text = states_flags(state, ctx, device, &out->role);
	else if (column == STATE)
		out->text = states_enabled(state, device, &out->role);
	else if (column == PLACE)
		out->text = states_place(state, ctx, device, &out->role);
	else
		columns_cell(table, ctx, row, column, out);
}

static const struct table_class devices_table = {
	.column = columns,
	.columns = sizeof(columns) / sizeof(*columns),
	.shown = PROJECT,
	TABLE_OF(devices),
	.in_scope = in_scope,
	.text = text,
	.number = columns_number,
	.cell = cell,
	.key = columns_key,
	TABLE_MARKS(device_row),
};

static void
open(struct pane *pane)
{
	if (pane->app->state->devices.shelf.phase == SHELF_NEW)
		load_devices(pane->app);
}

static bool
act(struct pane *pane, enum action_id action, const struct args *args)
{
	uint32_t row = table_row(pane->table);
	const char *id;

	if ((action != ACTION_OPEN && action != ACTION_DEVICE_SHOW) || args->count)
		return false;
	if (row == NO_ROW)
		return true;
	id = words_text(pane->app->state->words, pane->app->state->devices.row[row].id);
	app_go(pane->app, PANE_DEVICE, NULL, id);
	return true;
}

static void
empty(const struct pane *pane, struct canvas *canvas, struct area body)
{
	static const char how[] =
		"No devices yet. Here is how to begin:\n"
		"\n"
		"1 a  Onboard: claim devices by ID or claim code, then press each once\n"
		"2 a  Create a project: what a press does, and where the devices stand\n"
		"\n"
		":demo opens a demo fleet to look around in; it is thrown away at the "
		"end.";

	draw_lines(canvas, body,
		*pane->project ? "No device stands in this project.\n\n"
				 "4  all devices: m places one"
			       : how);
}

static void
detail(struct pane *pane, struct detail *detail)
{
	describe_device_row(pane->app, detail, table_row(pane->table));
}

const struct pane_class devices_pane = {
	.id = PANE_DEVICES,
	.title = "Devices",
	.table = &devices_table,
	.open = open,
	.act = act,
	.layout = list_pane_layout,
	.draw = list_pane_draw,
	.empty = empty,
	.detail = detail,
};
