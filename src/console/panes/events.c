/* Events: the live stream, newest at the bottom.  It follows; moving up pauses the view,
 * never the intake, and says how many came since. */
#include <math.h>
#include <string.h>

#include "../app_parts.h"
#include "columns.h"
#include "describe.h"
#include "oneclick/base/mem.h"

enum column { TIME, CLICK, DEVICE, PLACE, BATTERY, PROJECT, PLACEMENT, TEMPLATE };

struct follow {
	bool on;
	int64_t seen; /* events taken when it was switched off */
};

static const struct table_column columns[] = {
	[TIME] = { "time", COLUMN_MOMENT(event_row, at),
		.look = { { "TIME" }, 8, 12, 0, LIST_LEFT, false } },
	[CLICK] = { "click", .look = { { "EVENT" }, 8, 13, 1, LIST_LEFT, false } },
	[DEVICE] = { "device", COLUMN_WORD(event_row, device),
		.look = { { "DEVICE" }, 9, 20, 2, LIST_LEFT, true } },
	[PLACE] = { "place", COLUMN_WORD(event_row, placement),
		.look = { { "PROJECT/PLACEMENT" }, 10, 48, 4, LIST_LEFT, true } },
	[BATTERY] = { "battery", COLUMN_LIFE(event_row, life),
		.look = { { "BATTERY" }, 8, 9, 3, LIST_LEFT, false } },
	[PROJECT] = { "project", COLUMN_WORD(event_row, project) },
	[PLACEMENT] = { "placement", COLUMN_WORD(event_row, placement) },
	[TEMPLATE] = { "template", COLUMN_WORD(event_row, template_name) },
};

static const void *
at(const struct state *state, size_t row)
{
	return events_at(state, row);
}

static const char *
text(const struct table *table, size_t row, size_t column)
{
	if (column == CLICK)
		return event_row_name(events_at(table->state, row));
	return columns_text(table, row, column);
}

static double
number(const struct table *table, size_t row, size_t column)
{
	if (column == BATTERY && events_at(table->state, row)->kind == EVENT_KINDS)
		return NAN;
	return columns_number(table, row, column);
}

static void
cell(const struct table *table, const void *ctx, size_t row, size_t column,
	struct list_cell *out)
{
	const struct event_row *event = events_at(table->state, row);
	const struct words *words = table->state->words;

	if (event->kind == EVENT_KINDS) {
		out->span = column == TIME;
		out->text = text_safe_format(ctx,
			"---- %s  gap in the stream: events are missing",
			times_of_day(&table->times, ctx, event->at).text);
		out->role = ROLE_EVENT_FAIL;
	} else if (column == TIME) {
		out->text = times_of_day(&table->times, ctx, event->at);
	} else if (column == PLACE && event->placement) {
		out->text =
			text_safe_format(ctx, "%s/%s", words_text(words, event->project),
				words_text(words, event->placement));
	} else {
		columns_cell(table, ctx, row, column, out);
	}
}

static uint64_t
key(const struct table *table, size_t row)
{
	return (uint64_t)events_at(table->state, row)->number;
}

static const struct table_class events_table = {
	.column = columns,
	.columns = sizeof(columns) / sizeof(*columns),
	.shown = PROJECT,
	.name = DEVICE,
	.sort = TABLE_BY_NATURE,
	TABLE_OF(events),
	.row = at,
	.text = text,
	.number = number,
	.cell = cell,
	.key = key,
};

static struct follow *
follow_of(const struct pane *pane)
{
	return pane->data;
}

static void
open(struct pane *pane)
{
	if (!pane->data)
		pane->data = mem_new(pane, struct follow);
	follow_of(pane)->on = true;
}

static void
go_to_newest(struct table *table)
{
	table->has_cursor = false;
	table_refresh(table);
	if (table->count)
		list_go(&table->list, table->count - 1);
	table_note_cursor(table);
}

static void
pause(struct pane *pane)
{
	struct follow *follow = follow_of(pane);

	if (!follow->on)
		return;
	go_to_newest(pane->table);
	follow->seen = pane->app->state->events.taken;
	follow->on = false;
}

static bool
open_event(struct pane *pane, enum action_id action)
{
	const struct state *state = pane->app->state;
	uint32_t row = table_row(pane->table);
	const struct event_row *event = row == NO_ROW ? NULL : events_at(state, row);
	const struct words *words = state->words;

	if (!event || !event->device)
		return true;
	if (action == ACTION_EVENT_PLACEMENT && event->placement)
		app_go(pane->app, PANE_PLACEMENT, words_text(words, event->project),
			words_text(words, event->placement));
	else if (action == ACTION_EVENT_PLACEMENT)
		app_say(pane->app, NOTICE_INFO, "%s was in no placement then",
			words_text(words, event->device));
	else
		app_go(pane->app, PANE_DEVICE, NULL, words_text(words, event->device));
	return true;
}

static bool
act(struct pane *pane, enum action_id action, const struct args *args)
{
	(void)args;
	switch ((int)action) {
	case ACTION_EVENTS_FOLLOW:
	case ACTION_LAST:
		follow_of(pane)->on = action == ACTION_LAST || !follow_of(pane)->on;
		if (!follow_of(pane)->on)
			follow_of(pane)->seen = pane->app->state->events.taken;
		return true;
	case ACTION_UP:
	case ACTION_FIRST:
	case ACTION_HALF_UP:
	case ACTION_PAGE_UP:
		if (!pane->in_side)
			pause(pane);
		return false;
	case ACTION_EVENTS_CLEAR:
		events_clear(pane->app->state);
		return true;
	case ACTION_OPEN:
	case ACTION_EVENT_DEVICE:
	case ACTION_EVENT_PLACEMENT:
		return open_event(pane, action);
	default:
		return false;
	}
}

static void
layout(struct pane *pane, struct area body)
{
	if (follow_of(pane)->on)
		go_to_newest(pane->table);
	list_pane_layout(pane, body);
}

static void
status(const struct pane *pane, struct buf *out)
{
	const struct follow *follow = follow_of(pane);
	long long more = (long long)(pane->app->state->events.taken - follow->seen);

	if (follow->on)
		buf_text(out, "FOLLOW");
	else
		buf_format(out, "PAUSED, %lld new below", more);
}

static void
empty(const struct pane *pane, struct canvas *canvas, struct area body)
{
	if (pane->app->link != LINK_LIVE)
		draw_lines(canvas, body,
			"No event has come in, and the live stream is not open (:conn).");
	else if (pane->app->options.local)
		draw_lines(canvas, body,
			"No event has come in since this console began.\n\n"
			"Press a button, or choose a device (4) and press b.");
	else
		draw_lines(canvas, body,
			"No event has come in since this console began.\n\n"
			"Press a button to see one.");
}

static void
detail(struct pane *pane, struct detail *detail)
{
	struct app *app = pane->app;
	const struct event_row *event = events_at(app->state, table_row(pane->table));
	uint32_t row =
		devices_find(app->state, words_text(app->state->words, event->device));

	if (row == NO_ROW)
		return;
	describe_device_row(app, detail, row);
	detail_blank(detail);
	describe_events_of(app, detail, event->device);
}

const struct pane_class events_pane = {
	.id = PANE_EVENTS,
	.title = "Events",
	.table = &events_table,
	.open = open,
	.act = act,
	.layout = layout,
	.draw = list_pane_draw,
	.status = status,
	.empty = empty,
	.detail = detail,
};
