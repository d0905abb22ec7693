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

static void
restore_table(struct pane *pane, const struct place *place)
{
	struct app *app = pane->app;

	pane->table = table_new(pane, pane->class->table, app->state,
		words_put(app->state->words, pane->project));
	if (place->sort != TABLE_BY_CLASS)
		pane->table->sort = place->sort;
	pane->table->descending = place->descending;
	if (place->filter)
		table_filter(pane->table, place->filter, NULL);
	table_refresh(pane->table);
	if (place->has_cursor)
		table_go_key(pane->table, place->cursor);
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
		restore_table(pane, place);
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
