/* Loading: a shelf's pages, one after the other, each shown as it comes.  A load that was
 * overtaken by a newer one stops at its next answer. */
#include <string.h>

#include "app_parts.h"
#include "oneclick/api/page.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/console/claims.h"

enum { PAGE_SIZE = 250, DELIVERIES_AGE = 5000 /* ms */ };

static void
begin(struct ask *ask, const char *token)
{
	ask_init(ask);
	ask->max_results = PAGE_SIZE;
	ask->next_token = token;
}

static void
stop(struct app *app, struct shelf *shelf, const struct fault *why)
{
	shelf_stop(shelf, why);
	if (why->code != ERR_LINK)
		app_say(app, NOTICE_ERROR, "%s", why->sentence);
}

/* Rows and their names are kept; how many is not for the service to decide. False if the
 * load ends here. */
static bool
has_room(struct app *app, struct shelf *shelf)
{
	struct fault why;

	if (shelf->count <= SHELF_ROWS_MAX && !words_are_full(app->state->words))
		return true;
	fault(&why, ERR_INTERNAL,
		"The console has room for no more of this list than its first %zu rows; "
		"the command line lists them all.",
		shelf->count);
	stop(app, shelf, &why);
	return false;
}

/* False if the load ends here: it failed, or another began. */
static bool
take_page(struct app *app, struct shelf *shelf, const struct request *request,
	const struct answer *answer, const char *items, const char **token)
{
	struct fault why = answer->why;
	enum err err = answer->code;

	if (request->generation != shelf->generation)
		return false;
	if (!err)
		err = pages_take(&shelf->pages, answer->body, items, token, &why);
	if (err)
		stop(app, shelf, &why);
	return !err;
}

static void take_devices(struct app *, struct request *, const struct answer *);
static void take_projects(struct app *, struct request *, const struct answer *);
static void take_placements(struct app *, struct request *, const struct answer *);

static void
ask_devices(struct app *app, const char *token)
{
	struct ask ask;

	begin(&ask, token);
	app_call(app, OP_LIST_DEVICES, &ask, "devices", take_devices, NULL)->generation =
		app->state->devices.shelf.generation;
}

static void
take_devices(struct app *app, struct request *request, const struct answer *answer)
{
	const char *token;

	if (!take_page(app, &app->state->devices.shelf, request, answer, "devices",
		    &token))
		return;
	devices_page(app->state, answer->body);
	if (!has_room(app, &app->state->devices.shelf))
		return;
	if (token)
		ask_devices(app, token);
	else
		devices_end(app->state);
}

void
load_devices(struct app *app)
{
	if (!app->ready)
		return;
	shelf_begin(&app->state->devices.shelf);
	ask_devices(app, NULL);
}

static void
ask_projects(struct app *app, const char *token)
{
	struct ask ask;

	begin(&ask, token);
	app_call(app, OP_LIST_PROJECTS, &ask, "projects", take_projects, NULL)
		->generation = app->state->projects.shelf.generation;
}

static void
take_projects(struct app *app, struct request *request, const struct answer *answer)
{
	const char *token;

	if (!take_page(app, &app->state->projects.shelf, request, answer, "projects",
		    &token))
		return;
	projects_page(app->state, answer->body);
	if (!has_room(app, &app->state->projects.shelf))
		return;
	if (token) {
		ask_projects(app, token);
		return;
	}
	projects_end(app->state);
	if (app->awaits_placements)
		load_placements(app, NULL);
}

void
load_projects(struct app *app)
{
	if (!app->ready)
		return;
	shelf_begin(&app->state->projects.shelf);
	ask_projects(app, NULL);
}

/* `all`: when this project is done, on to the next by name. */
static void
ask_placements(struct app *app, const char *project, bool all, const char *token)
{
	struct request *request;
	struct ask ask;

	if (!token)
		app->state->placements.shelf.pages = (struct pages){ 0 };
	begin(&ask, token);
	ask.project_name = project;
	request = app_call(app, OP_LIST_PLACEMENTS, &ask, project, take_placements, NULL);
	request->generation = app->state->placements.shelf.generation;
	request->project = all ? "" : NULL;
}

static const char *
find_next_project(const struct app *app, const char *after)
{
	const char *best = NULL;

	for (size_t i = 0; i < app->state->projects.shelf.count; i++) {
		const char *name =
			words_text(app->state->words, app->state->projects.row[i].name);

		if (strcmp(name, after) > 0 && (!best || strcmp(name, best) < 0))
			best = name;
	}
	return best;
}

static void
take_placements(struct app *app, struct request *request, const struct answer *answer)
{
	bool all = request->project != NULL;
	bool gone = all && answer->code == ERR_NOT_FOUND;
	const char *next, *token = NULL;

	if (!gone && !take_page(app, &app->state->placements.shelf, request, answer,
			     "placements", &token))
		return;
	if (!gone)
		placements_page(app->state, answer->body);
	if (!has_room(app, &app->state->placements.shelf))
		return;
	if (token) {
		ask_placements(app, request->subject, all, token);
		return;
	}
	next = all ? find_next_project(app, request->subject) : NULL;
	if (next)
		ask_placements(app, next, true, NULL);
	else
		placements_end(app->state, all ? NULL : request->subject);
}

void
load_placements(struct app *app, const char *project)
{
	const char *first = project ? project : find_next_project(app, "");

	if (!app->ready)
		return;
	mem_free(app->placements_of);
	app->placements_of = mem_text(app, project ? project : "");
	app->awaits_placements =
		!project && app->state->projects.shelf.phase != SHELF_WHOLE;
	if (app->awaits_placements)
		return;
	shelf_begin(&app->state->placements.shelf);
	if (first)
		ask_placements(app, first, !project, NULL);
	else
		placements_end(app->state, NULL);
}

void
load_placements_of(struct app *app, const char *project)
{
	if (!app->ready)
		return;
	shelf_begin(&app->state->placements.shelf);
	ask_placements(app, project, false, NULL);
}

static void take_deliveries(struct app *, struct request *, const struct answer *);

static void
ask_deliveries(struct app *app, const char *token)
{
	struct buf query;

	buf_init(&query, NULL, BUF_NO_CAP);
	page_query(&query, token);
	app_extra(app, EXTRA_LIST_DELIVERIES, query.data, NULL, "deliveries",
		take_deliveries, NULL)
		->generation = app->state->deliveries.shelf.generation;
	buf_release(&query);
}

static void
take_deliveries(struct app *app, struct request *request, const struct answer *answer)
{
	const char *token;

	if (!take_page(app, &app->state->deliveries.shelf, request, answer, "deliveries",
		    &token))
		return;
	if (deliveries_page(app->state, answer->body) && token)
		ask_deliveries(app, token);
	else
		deliveries_end(app->state, token != NULL);
}

void
load_deliveries(struct app *app)
{
	if (!app->ready)
		return;
	shelf_begin(&app->state->deliveries.shelf);
	app->state->deliveries.fresh_count = 0;
	ask_deliveries(app, NULL);
}

void
load_deliveries_again(struct app *app)
{
	const struct shelf *shelf = &app->state->deliveries.shelf;

	if (app->pane->class->id == PANE_DELIVERIES && shelf->phase == SHELF_WHOLE &&
		moment_now() - shelf->loaded_at >= DELIVERIES_AGE)
		load_deliveries(app);
}

void
app_reload(struct app *app)
{
	char *of = app->placements_of;

	facts_stale(app, NULL);
	load_devices(app);
	load_projects(app);
	if (app->state->deliveries.shelf.phase != SHELF_NEW)
		load_deliveries(app);
	if (app->pane->class->id == PANE_ONBOARD)
		claims_look(app);
	if (!of)
		return;
	app->placements_of = NULL;
	load_placements(app, *of ? of : NULL);
	mem_free(of);
}
