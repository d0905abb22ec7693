/* What others change while one looks: the stream tells which project, placement or device a
 * call was about; what is shown of it is asked for again, as often as that is cheap.  What
 * devices do, and where they are put, is in the log, and comes as events. */
#include <string.h>

#include "app_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/model/arn.h"

static void
note_placements(struct app *app, const char *project)
{
	const char *scope = app->placements_of, *noted = app->stale.placements;

	if (!scope || (*scope && *project && strcmp(scope, project) != 0))
		return;
	if (noted && strcmp(noted, project) == 0)
		return;
	app->stale.placements = mem_text(app, noted ? "" : project);
	mem_free((char *)(uintptr_t)noted);
}

/* Its description is no part of a list. */
static void
note_project(struct app *app, const char *project)
{
	uint32_t row = projects_find(app->state, project);

	app->stale.projects = true;
	if (row != NO_ROW && app->state->projects.row[row].described)
		facts_want(app, OP_DESCRIBE_PROJECT, project, "");
}

static void
note_tagged(struct app *app, const char *resource)
{
	struct arn arn;

	if (!arn_parse(resource, &arn, NULL))
		facts_stale(app, arn.name);
}

static bool
is_about(const char *operation, const char *what)
{
	size_t n = strlen(operation), len = strlen(what);

	return n > len && strcmp(operation + n - len, what) == 0;
}

void
changes_take(struct app *app, const struct value *data)
{
	const char *operation = value_text(data, "operation");
	const char *project = value_text(data, "projectName");
	const char *placement = value_text(data, "placementName");

	if (!operation) {
		changes_missed(app);
		return;
	}
	if (project)
		facts_stale(app, project);
	if (placement)
		facts_stale(app, placement);
	if (value_text(data, "deviceId"))
		facts_stale(app, value_text(data, "deviceId"));
	if (value_text(data, "resourceArn"))
		note_tagged(app, value_text(data, "resourceArn"));
	if (project && !placement && is_about(operation, "Project"))
		note_project(app, project);
	if (project && placement && is_about(operation, "Placement"))
		note_placements(app, project);
}

void
changes_missed(struct app *app)
{
	const struct state *state = app->state;

	facts_stale(app, NULL);
	app->stale.devices = state->devices.shelf.phase != SHELF_NEW;
	app->stale.projects = state->projects.shelf.phase != SHELF_NEW;
	note_placements(app, "");
}

static bool
shows_placements(const struct app *app)
{
	enum pane_id pane = app->pane->class->id;

	return pane == PANE_PLACEMENTS || pane == PANE_PLACEMENT || pane == PANE_PROJECTS ||
	       pane == PANE_PROJECT;
}

bool
changes_are_due(const struct app *app)
{
	return app->stale.devices || app->stale.projects ||
	       (app->stale.placements && shows_placements(app));
}

static void
load_stale_placements(struct app *app)
{
	char *project = app->stale.placements;
	char *of = mem_text(app, app->placements_of);

	app->stale.placements = NULL;
	if (*project)
		load_placements_of(app, project);
	else
		load_placements(app, *of ? of : NULL);
	mem_free(project);
	mem_free(of);
}

void
changes_tend(struct app *app)
{
	struct state *state = app->state;

	if (!app->ready || app->link == LINK_OFFLINE)
		return;
	if (app->stale.devices && shelf_is_due(&state->devices.shelf)) {
		app->stale.devices = false;
		load_devices(app);
	}
	if (app->stale.projects && shelf_is_due(&state->projects.shelf)) {
		app->stale.projects = false;
		load_projects(app);
	}
	if (app->stale.placements && shows_placements(app) &&
		shelf_is_due(&state->placements.shelf) && !app->awaits_placements)
		load_stale_placements(app);
}
