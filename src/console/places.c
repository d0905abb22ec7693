/* The history: places, each with the filter, order and cursor it was left with. */
#include <string.h>

#include "app_parts.h"
#include "oneclick/base/mem.h"

static const struct pane_class *const classes[PANE_COUNT] = {
	[PANE_ONBOARD] = &onboard_pane,
	[PANE_PROJECTS] = &projects_pane,
	[PANE_PLACEMENTS] = &placements_pane,
	[PANE_DEVICES] = &devices_pane,
	[PANE_EVENTS] = &events_pane,
	[PANE_PROJECT] = &project_pane,
	[PANE_PLACEMENT] = &placement_pane,
	[PANE_DEVICE] = &device_pane,
	[PANE_FORM] = &form_pane,
	[PANE_HELP] = &help_pane,
	[PANE_TEXT] = &text_pane,
	[PANE_DELIVERIES] = &deliveries_pane,
};

/* Writes the pane's filter, order and cursor down. */
static void
note_place(struct app *app)
{
	struct place *place = &app->place[app->at];
	const struct table *table = app->pane ? app->pane->table : NULL;

	if (!table)
		return;
	mem_free(place->filter);
	place->filter = mem_text(app, table->filter_text);
	place->sort = table->sort;
	place->descending = table->descending;
	place->has_cursor = table->has_cursor;
	place->cursor = table->cursor;
}

/* The table of a list's place as it was left. */
static struct table *
restore_table(const void *ctx, struct app *app, const struct place *place)
{
	struct table *table = table_new(ctx, classes[place->id]->table, app->state,
		words_put(app->state->words, place->project));

	if (place->sort != TABLE_BY_CLASS)
		table->sort = place->sort;
	table->descending = place->descending;
	if (place->filter)
		table_filter(table, place->filter, NULL);
	table_refresh(table);
	if (place->has_cursor)
		table_go_key(table, place->cursor);
	return table;
}

static void
close_pane(struct app *app)
{
	struct pane *pane = app->pane;

	if (!pane)
		return;
	app_cancel_of(app, pane);
	app->pane = NULL;
	mem_free(pane);
}

static void
open_place(struct app *app, struct place *place)
{
	struct pane *pane = mem_new(app, struct pane);

	close_pane(app);
	app->pane = pane;
	app->dirty = true;
	pane->class = classes[place->id];
	pane->title = pane->class->title;
	pane->app = app;
	pane->project = mem_text(pane, place->project);
	pane->name = mem_text(pane, place->name);
	detail_init(&pane->detail, pane);
	if (pane->class->table)
		pane->table = restore_table(pane, app, place);
	if (pane->class->open)
		pane->class->open(pane);
}

static void
release_place(struct place *place)
{
	mem_free(place->project);
	mem_free(place->name);
	mem_free(place->filter);
}

/* What lay ahead is forgotten, and when the history is full its oldest place. */
static struct place *
add_place(struct app *app)
{
	while (app->pane && app->places > app->at + 1)
		release_place(&app->place[--app->places]);
	if (app->places == HISTORY_PLACES) {
		release_place(&app->place[0]);
		app->places--;
		memmove(app->place, app->place + 1, app->places * sizeof(*app->place));
	}
	app->at = app->places++;
	app->place[app->at] = (struct place){ .sort = TABLE_BY_CLASS };
	return &app->place[app->at];
}

void
app_go(struct app *app, enum pane_id id, const char *project, const char *name)
{
	struct place *place;

	note_place(app);
	place = add_place(app);
	place->id = id;
	place->project = mem_text(app, project ? project : "");
	place->name = mem_text(app, name ? name : "");
	open_place(app, place);
}

bool
app_step(struct app *app, int by)
{
	size_t to = app->at + (size_t)by;

	if (to >= app->places)
		return false;
	note_place(app);
	app->at = to;
	open_place(app, &app->place[to]);
	return true;
}

/* The list a detail belongs to, as it was last left before the detail; NULL if it was
 * come to another way. */
static struct place *
find_list(struct app *app)
{
	static const enum pane_id lists[PANE_COUNT] = {
		[PANE_PROJECT] = PANE_PROJECTS,
		[PANE_PLACEMENT] = PANE_PLACEMENTS,
		[PANE_DEVICE] = PANE_DEVICES,
	};
	enum pane_id list = lists[app->place[app->at].id];

	for (size_t i = app->at; list && i-- > 0;)
		if (app->place[i].id == list)
			return &app->place[i];
	return NULL;
}

static void
change_text(struct app *app, char **text, const char *to)
{
	char *old = *text;

	*text = mem_text(app, to);
	mem_free(old);
}

/* Shows the row under the table's cursor in the place of the detail shown now. */
static void
show_row(struct app *app, const struct table *table)
{
	struct place *place = &app->place[app->at];
	const struct state *state = app->state;
	uint32_t row = table_row(table);
	const char *name = table->class->text(table, row, table->class->name);
	const char *project = place->project;

	if (place->id == PANE_PROJECT) {
		project = name;
		name = "";
	} else if (place->id == PANE_PLACEMENT) {
		project = words_text(state->words, state->placements.row[row].project);
	}
	change_text(app, &place->project, project);
	change_text(app, &place->name, name);
	open_place(app, place);
}

bool
app_walk(struct app *app, int by)
{
	struct place *list = find_list(app);
	struct table *table = list ? restore_table(app, app, list) : NULL;
	bool moved = table && (by < 0 ? table->list.cursor > 0
				      : table->list.cursor + 1 < table->count);

	if (moved) {
		table->list.cursor += (size_t)by;
		table_note_cursor(table);
		list->cursor = table->cursor;
		list->has_cursor = true;
		show_row(app, table);
	}
	mem_free(table);
	return moved;
}

void
app_go_tab(struct app *app, enum pane_id id)
{
	const struct place *last = NULL;
	struct place *place;

	note_place(app);
	if (app->place[app->at].id == id)
		return;
	for (size_t i = app->places; i-- > 0 && !last;)
		if (app->place[i].id == id)
			last = &app->place[i];
	if (last) {
		struct place copy = *last;

		copy.project = mem_text(app, last->project);
		copy.name = mem_text(app, last->name);
		copy.filter = mem_text(app, last->filter);
		place = add_place(app);
		*place = copy;
		open_place(app, place);
	} else {
		app_go(app, id, NULL, NULL);
	}
}
