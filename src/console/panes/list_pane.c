/* What all list panes share: moving, marking, filtering, sorting, copying, exporting; the
 * list itself, the detail beside it and the live strip below it. */
#include <string.h>

#include "../app_parts.h"
#include "../states.h"
#include "oneclick/base/mem.h"
#include "oneclick/console/export.h"

enum { SIDE_FROM = 110, SIDE_COLS = 44, STRIP_FROM = 34, STRIP_ROWS = 9 };

uint32_t *
pane_rows(const struct pane *pane, const void *ctx, size_t *count)
{
	return table_chosen(pane->table, ctx, count);
}

/* ---- doing ---- */

static enum list_move
move_of(enum action_id action)
{
	static const enum list_move moves[] = {
		[ACTION_DOWN - ACTION_DOWN] = LIST_DOWN,
		[ACTION_UP - ACTION_DOWN] = LIST_UP,
		[ACTION_FIRST - ACTION_DOWN] = LIST_FIRST,
		[ACTION_LAST - ACTION_DOWN] = LIST_LAST,
		[ACTION_HALF_DOWN - ACTION_DOWN] = LIST_HALF_DOWN,
		[ACTION_HALF_UP - ACTION_DOWN] = LIST_HALF_UP,
		[ACTION_PAGE_DOWN - ACTION_DOWN] = LIST_PAGE_DOWN,
		[ACTION_PAGE_UP - ACTION_DOWN] = LIST_PAGE_UP,
		[ACTION_SCROLL_RIGHT - ACTION_DOWN] = LIST_SCROLL_RIGHT,
		[ACTION_SCROLL_LEFT - ACTION_DOWN] = LIST_SCROLL_LEFT,
	};

	return moves[action - ACTION_DOWN];
}

static bool
is_move(enum action_id action)
{
	return action >= ACTION_DOWN && action <= ACTION_SCROLL_LEFT;
}

static void
move(struct pane *pane, enum action_id action)
{
	if (pane->in_side && !area_is_empty(pane->side)) {
		detail_pane_act(pane, action, NULL);
		return;
	}
	list_move(&pane->table->list, move_of(action));
	table_note_cursor(pane->table);
}

static void
sort_by(struct app *app, void *arg, const char *text, size_t chosen)
{
	struct table *table = app->pane->table;

	(void)arg;
	(void)text;
	if (table)
		table_sort(table, (int)chosen - 1, false);
}

static void
ask_sort(struct pane *pane)
{
	const struct table_class *class = pane->table->class;
	struct safe_text item[TABLE_COLUMNS_MAX + 1];

	item[0] = SAFE("as the service lists them");
	for (size_t i = 0; i < class->columns; i++)
		item[i + 1] = (struct safe_text){ class->column[i].name };
	app_choose(pane->app, SAFE("Sort by"), item, class->columns + 1, sort_by, NULL);
	pane->app->modal.menu.cursor = (size_t)(pane->table->sort + 1);
}

static void
sort_named(struct pane *pane, const char *name)
{
	int column = table_column_find(pane->table, name);

	if (column == TABLE_BY_NATURE)
		app_say(pane->app, NOTICE_WARN, "There is no column \"%s\" here", name);
	else
		table_sort(pane->table, column, false);
}

static void
filter_with(struct pane *pane, const struct args *args)
{
	struct buf text;
	struct fault why;

	buf_init(&text, pane, BUF_NO_CAP);
	for (size_t i = 0; i < args->count; i++)
		buf_format(&text, "%s%s", i ? " " : "", args->word[i]);
	if (table_filter(pane->table, text.data, &why))
		app_say(pane->app, NOTICE_WARN, "%s", why.sentence);
	buf_release(&text);
}

static void
toggle_alerts(struct pane *pane)
{
	static const char alerts[] = "battery<20";
	bool on = strcmp(pane->table->filter_text, alerts) == 0;

	if (table_column_find(pane->table, "battery") == TABLE_BY_NATURE)
		app_say(pane->app, NOTICE_INFO,
			"Rows here have no battery; see 4 Devices");
	else
		table_filter(pane->table, on ? "" : alerts, NULL);
}

static void
go_to(struct pane *pane, const char *text)
{
	struct table *table = pane->table;

	for (size_t i = 0; i < table->count; i++)
		if (strcasecmp(
			    table->class->text(table, table->row[i], table->class->name),
			    text) == 0) {
			list_go(&table->list, i);
			table_note_cursor(table);
			return;
		}
	app_say(pane->app, NOTICE_WARN, "No row shown here is called %s", text);
}

static void
copy(struct pane *pane)
{
	uint32_t row = table_row(pane->table);
	const char *text;

	if (row == NO_ROW)
		return;
	text = pane->table->class->text(pane->table, row, pane->table->class->name);
	pane->app->port.copy(pane->app->port.arg, text);
	app_say(pane->app, NOTICE_INFO,
		"Sent %s to the clipboard; it cannot be confirmed", text);
}

static bool
mark(struct pane *pane, enum action_id action)
{
	struct table *table = pane->table;

	if (!table->class->has_marks)
		return false;
	if (action == ACTION_MARK)
		table_mark(table, true);
	else if (action == ACTION_MARK_RANGE)
		table_mark_range(table);
	else if (action == ACTION_MARK_ALL)
		table_mark_all(table);
	else
		table_unmark(table);
	return true;
}

bool
list_pane_act(struct pane *pane, enum action_id action, const struct args *args)
{
	struct table *table = pane->table;

	if (is_move(action))
		move(pane, action);
	else if (action >= ACTION_MARK && action <= ACTION_UNMARK)
		return mark(pane, action);
	else if (action == ACTION_REGION)
		pane->in_side = !pane->in_side && !area_is_empty(pane->side);
	else if (action == ACTION_FILTER && args->count)
		filter_with(pane, args);
	else if (action == ACTION_FILTER)
		modal_open_filter(pane->app);
	else if (action == ACTION_FILTER_DROP)
		table_filter(table, "", NULL);
	else if (action == ACTION_ALERTS)
		toggle_alerts(pane);
	else if (action == ACTION_SORT && args->count)
		sort_named(pane, args->word[0]);
	else if (action == ACTION_SORT)
		ask_sort(pane);
	else if (action == ACTION_SORT_REVERSE)
		table_sort(table, table->sort < 0 ? 0 : table->sort, !table->descending);
	else if (action == ACTION_GOTO && args->count)
		go_to(pane, args->word[0]);
	else if (action == ACTION_COPY)
		copy(pane);
	else if (action == ACTION_EXPORT)
		export_ask(pane, args);
	else
		return false;
	return true;
}

/* ---- drawing ---- */

static void
fill_side(struct pane *pane)
{
	size_t top = pane->in_side ? pane->detail.top : 0;

	detail_clear(&pane->detail);
	if (table_row(pane->table) != NO_ROW)
		pane->class->detail(pane, &pane->detail);
	detail_fit(&pane->detail, pane->side);
	pane->detail.top = top < pane->detail.count ? top : 0;
	pane->detail.focused = pane->in_side;
}

/* While the cursor runs, the detail beside it stays as it was: it is not read then, and
 * over a thin link its bytes would hold the next row up. */
static bool
shows_side(const struct pane *pane)
{
	return !area_is_empty(pane->side) &&
	       (pane->app->resting || pane->in_side || !pane->detail.count);
}

/* Rows that came since may be more than its pattern can search. */
static void
drop_slow_filter(struct pane *pane)
{
	struct fault why;

	if (!filter_gave_up(pane->table->filter, &why))
		return;
	table_filter(pane->table, "", NULL);
	table_refresh(pane->table);
	app_say(pane->app, NOTICE_WARN, "The filter is dropped: %s", why.sentence);
}

void
list_pane_layout(struct pane *pane, struct area body)
{
	struct app *app = pane->app;
	struct table *table = pane->table;
	bool strip = app->rows >= STRIP_FROM && pane->class->id != PANE_EVENTS;

	pane->strip = area_cut_bottom(&body, strip ? STRIP_ROWS : 0);
	pane->side = area_cut_right(
		&body, app->cols >= SIDE_FROM && pane->class->detail ? SIDE_COLS : 0);
	area_cut_right(&body, area_is_empty(pane->side) ? 0 : 1);
	pane->body = body;
	if (area_is_empty(pane->side))
		pane->in_side = false;
	table->times = app_times(app);
	table->list.focused = !pane->in_side;
	list_fit(&table->list, body);
	if (table_refresh(table))
		app_say(app, NOTICE_INFO,
			"The row under the cursor is gone; this is the next one");
	drop_slow_filter(pane);
	if (shows_side(pane))
		fill_side(pane);
}

static void
draw_empty(const struct pane *pane, struct canvas *canvas, struct area body)
{
	const struct shelf *shelf = table_shelf(pane->table);
	struct area at = area_sub(body, 1, 3, body.rows - 1, body.cols - 4);

	if (pane->table->scoped)
		canvas_wrap(canvas, at, 0,
			SAFE("No row matches the filter. Esc clears it."), ROLE_TEXT);
	else if (shelf->phase == SHELF_FAILED)
		canvas_wrap(canvas, at, 0, (struct safe_text){ shelf->why.sentence },
			ROLE_NOTICE_ERROR);
	else if (shelf->phase == SHELF_LOADING ||
		 (shelf->phase == SHELF_NEW && pane->class->id != PANE_EVENTS))
		canvas_put(canvas, at,
			pane->app->ready ? SAFE("Loading.")
					 : SAFE("The service is starting."),
			ROLE_DIM);
	else if (pane->class->empty)
		pane->class->empty(pane, canvas, at);
}

static void
draw_strip_row(const struct pane *pane, const void *ctx, struct canvas *canvas,
	struct area at, const struct event_row *event)
{
	const struct words *words = pane->app->state->words;
	struct times times = app_times(pane->app);
	enum role role;
	struct safe_text life = states_battery(pane->app->state, ctx, event->life, &role);

	canvas_add(canvas, &at,
		text_safe_format(ctx, "  %s  %-13s %-16s  %s%s%s ",
			times_of_day(&times, ctx, event->at).text, event_row_name(event),
			words_text(words, event->device),
			words_text(words, event->project), event->placement ? "/" : "",
			words_text(words, event->placement)),
		ROLE_TEXT);
	if (event->kind != EVENT_KINDS)
		canvas_add(canvas, &at, life, role);
}

static void
draw_strip(const struct pane *pane, struct canvas *canvas)
{
	struct area rest = pane->strip;
	size_t count = pane->app->state->events.shelf.count, rows, first;
	void *life = mem_life(NULL);

	canvas_fill(canvas, area_cut_top(&rest, 1), GLYPH_ACROSS, ROLE_RULE);
	canvas_put(canvas, area_cut_top(&rest, 1), SAFE(" LIVE (5 opens Events)"),
		ROLE_HEADING);
	rows = rest.rows > 0 ? (size_t)rest.rows : 0;
	first = count > rows ? count - rows : 0;
	for (size_t i = first; i < count; i++)
		draw_strip_row(pane, life, canvas, area_cut_top(&rest, 1),
			events_at(pane->app->state, i));
	mem_free(life);
}

void
list_pane_draw(const struct pane *pane, struct canvas *canvas, struct area body)
{
	struct area side = pane->side;

	(void)body;
	list_draw(&pane->table->list, canvas, pane->body);
	if (!pane->table->count)
		draw_empty(pane, canvas, pane->body);
	if (!area_is_empty(side)) {
		canvas_fill(canvas, area_cut_left(&side, 1), GLYPH_DOWN, ROLE_RULE);
		area_cut_left(&side, 1);
		detail_draw(&pane->detail, canvas, side);
	}
	if (!area_is_empty(pane->strip))
		draw_strip(pane, canvas);
}
