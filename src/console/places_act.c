/* What is done to projects and placements, from whichever pane. */
#include <string.h>

#include "app_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/console/export.h"
#include "oneclick/console/forms.h"
#include "oneclick/console/job.h"

/* Which project and placement an action is about; texts borrowed until the next change of
 * the words. */
struct spot {
	const char *project, *placement, *template_name, *device;
};

static void
spot_of_device(const struct state *state, uint32_t row, struct spot *spot)
{
	const struct device_row *device = &state->devices.row[row];

	spot->device = words_text(state->words, device->id);
	spot->project = words_text(state->words, device->project);
	spot->placement = words_text(state->words, device->placement);
	spot->template_name = words_text(state->words, device->template_name);
}

static void
spot_of_row(const struct app *app, uint32_t row, struct spot *spot)
{
	const struct state *state = app->state;

	if (app->pane->class->id == PANE_PROJECTS)
		spot->project = words_text(state->words, state->projects.row[row].name);
	if (app->pane->class->id == PANE_DEVICES)
		spot_of_device(state, row, spot);
	if (app->pane->class->id == PANE_PLACEMENTS) {
		spot->project =
			words_text(state->words, state->placements.row[row].project);
		spot->placement =
			words_text(state->words, state->placements.row[row].name);
	}
}

static struct spot
find_spot(const struct app *app, const struct args *args)
{
	struct spot spot = { app->pane->project, "", "", "" };
	uint32_t row = app->pane->table ? table_row(app->pane->table) : NO_ROW;
	const char **part[] = { &spot.project, &spot.placement, &spot.template_name,
		&spot.device };

	if (app->pane->class->id == PANE_PLACEMENT)
		spot.placement = app->pane->name;
	if (app->pane->class->id == PANE_DEVICE) {
		row = devices_find(app->state, app->pane->name);
		if (row != NO_ROW)
			spot_of_device(app->state, row, &spot);
	} else if (row != NO_ROW) {
		spot_of_row(app, row, &spot);
	}
	for (size_t i = 0; i < args->count && i < 4; i++)
		*part[i] = args->word[i];
	return spot;
}

/* ---- deleting ---- */

struct removal {
	enum action_id action;
	char *project, *placement, *template_name, *device;
};

static void
take_removed(struct job *job, size_t item, const struct answer *answer)
{
	struct state *state = job->app->state;
	const struct ask *ask = &job->item[item].ask;
	uint32_t row;

	if (answer->code)
		return;
	facts_stale(job->app, ask->project_name);
	if (ask->template_name) {
		row = devices_find(state, job->item[item].subject);
		if (row != NO_ROW)
			devices_place(state, row, NULL, NULL, NULL);
	} else if (ask->placement_name) {
		row = placements_find(state, ask->project_name, ask->placement_name);
		if (row != NO_ROW)
			placements_drop(state, row);
	} else {
		row = projects_find(state, ask->project_name);
		if (row != NO_ROW)
			projects_drop(state, row);
	}
	if (!ask->template_name && !job->app->pane->table)
		app_step(job->app, -1);
}

static void
send_removal(struct app *app, void *arg, const char *text, size_t chosen)
{
	struct removal *removal = arg;
	bool out = removal->action == ACTION_DISSOCIATE;
	bool placement = removal->action == ACTION_PLACEMENT_DELETE;
	struct job *job = job_new(app, action_row(removal->action)->words,
		out ? "taken out" : "deleted", "things");
	struct ask *ask = job_add(job,
		out         ? OP_DISASSOCIATE_DEVICE_FROM_PLACEMENT
		: placement ? OP_DELETE_PLACEMENT
			    : OP_DELETE_PROJECT,
		out         ? removal->device
		: placement ? removal->placement
			    : removal->project);

	(void)text;
	(void)chosen;
	ask->project_name = mem_text(job, removal->project);
	ask->placement_name = out || placement ? mem_text(job, removal->placement) : NULL;
	ask->template_name = out ? mem_text(job, removal->template_name) : NULL;
	job->each = take_removed;
	mem_free(removal);
	job_start(job);
}

static struct removal *
removal_of(struct app *app, enum action_id action, const struct spot *spot)
{
	struct removal *removal = mem_new(app, struct removal);

	removal->action = action;
	removal->project = mem_text(removal, spot->project);
	removal->placement = mem_text(removal, spot->placement);
	removal->template_name = mem_text(removal, spot->template_name);
	removal->device = mem_text(removal, spot->device);
	return removal;
}

static void
confirm_delete(struct app *app, enum action_id action, const struct spot *spot)
{
	struct removal *removal = removal_of(app, action, spot);
	bool placement = action == ACTION_PLACEMENT_DELETE;
	const char *name = placement ? removal->placement : removal->project;
	struct safe_text line[3];

	line[0] = placement ? text_safe_format(removal,
				      "The placement %s of the project %s goes, with its "
				      "attributes.",
				      name, removal->project)
			    : text_safe_format(removal,
				      "The project %s goes, with its templates and "
				      "default attributes.",
				      name);
	line[1] = placement
			  ? SAFE("The service refuses it while devices stand in it: take "
				 "them out first (x).")
			  : SAFE("The service refuses it while it has placements: delete "
				 "them first.");
	line[2] = text_safe_format(removal, "Context %s: 1 request. Cannot be undone.",
		app->options.context);
	app_confirm(app, text_safe_format(removal, "Delete %s", name), line, 3,
		SAFE("Delete"), name, send_removal, removal);
	app_give_modal(app, removal);
}

/* ---- taking devices out ---- */

static void
confirm_take_out(struct app *app, const struct spot *spot)
{
	struct removal *removal = removal_of(app, ACTION_DISSOCIATE, spot);
	struct safe_text line[2];

	line[0] = text_safe_format(removal, "%s leaves %s/%s (%s). It stays claimed.",
		removal->device, removal->project, removal->placement,
		removal->template_name);
	line[1] =
		text_safe_format(removal, "Context %s: 1 request.", app->options.context);
	app_confirm(app, SAFE("Take the device out of its placement"), line, 2,
		SAFE("Take out"), NULL, send_removal, removal);
	app_give_modal(app, removal);
}

/* The devices of a placement, as far as the shelf knows them. */
static size_t
devices_in(const struct state *state, const struct spot *spot, uint32_t row[8])
{
	uint32_t project = words_find(state->words, spot->project);
	uint32_t placement = words_find(state->words, spot->placement);
	size_t count = 0;

	for (size_t i = 0; i < state->devices.shelf.count && count < 8; i++)
		if (placement && state->devices.row[i].project == project &&
			state->devices.row[i].placement == placement)
			row[count++] = (uint32_t)i;
	return count;
}

static void
take_chosen_out(struct app *app, void *arg, const char *text, size_t chosen)
{
	char id[64];
	uint32_t row;
	struct spot spot = { "", "", "", "" };

	(void)arg;
	(void)chosen;
	snprintf(id, sizeof(id), "%.*s", (int)strcspn(text, " "), text);
	row = devices_find(app->state, id);
	if (row == NO_ROW)
		return;
	spot_of_device(app->state, row, &spot);
	confirm_take_out(app, &spot);
}

static bool
take_out(struct app *app, struct spot spot)
{
	struct safe_text item[8];
	uint32_t row[8];
	size_t count = *spot.placement ? devices_in(app->state, &spot, row) : 0;
	void *life;

	if (!count || (*spot.device && !*spot.placement)) {
		app_say(app, NOTICE_INFO, "There is no device in a placement here");
		return true;
	}
	if (*spot.template_name && *spot.device) {
		confirm_take_out(app, &spot);
		return true;
	}
	if (count == 1) {
		spot_of_device(app->state, row[0], &spot);
		confirm_take_out(app, &spot);
		return true;
	}
	life = mem_life(app);
	for (size_t i = 0; i < count; i++) {
		spot_of_device(app->state, row[i], &spot);
		item[i] = text_safe_format(
			life, "%s (%s)", spot.device, spot.template_name);
	}
	app_choose(
		app, SAFE("Take out which device?"), item, count, take_chosen_out, NULL);
	mem_free(life);
	return true;
}

/* ---- looking ---- */

static bool
show_json(struct app *app, const struct spot *spot)
{
	bool placement = *spot->placement != '\0';
	const struct fact *fact =
		facts_want(app, placement ? OP_DESCRIBE_PLACEMENT : OP_DESCRIBE_PROJECT,
			spot->project, placement ? spot->placement : "");
	struct buf text;

	if (!fact->tree) {
		app_say(app, NOTICE_INFO, "Asked for it; J again shows it");
		return true;
	}
	buf_init(&text, app, BUF_NO_CAP);
	export_tree(&text, fact->tree, 0);
	app_show_text(app, placement ? spot->placement : spot->project, text.data);
	buf_release(&text);
	return true;
}

static void
take_placed(struct job *job, size_t item, const struct answer *answer)
{
	const struct ask *ask = &job->item[item].ask;
	uint32_t row = devices_find(job->app->state, ask->device_id);

	if (answer->code)
		return;
	if (row != NO_ROW)
		devices_place(job->app->state, row, ask->project_name,
			ask->placement_name, ask->template_name);
	facts_stale(job->app, ask->placement_name);
	facts_stale(job->app, ask->device_id);
}

void
places_put(struct job *job, const char *device, const char *project,
	const char *placement, const char *template_name)
{
	struct ask *ask = job_add(job, OP_ASSOCIATE_DEVICE_WITH_PLACEMENT, device);

	ask->device_id = mem_text(job, device);
	ask->project_name = mem_text(job, project);
	ask->placement_name = mem_text(job, placement);
	ask->template_name = mem_text(job, template_name);
	job->each = take_placed;
	job_start(job);
}

/* All was said in the command: nothing is left to fill in. */
static void
put_named(struct app *app, const struct spot *spot)
{
	places_put(job_new(app, "place", "placed", "devices"), spot->device,
		spot->project, spot->placement, spot->template_name);
}

static bool
has_project(struct app *app, const struct spot *spot)
{
	if (!*spot->project)
		app_say(app, NOTICE_WARN,
			"Which project? Go to 2 Projects and press Enter on one first");
	return *spot->project;
}

bool
placements_act(struct app *app, enum action_id action, const struct args *args)
{
	struct spot spot = find_spot(app, args);
	enum pane_id pane = app->pane->class->id;

	if (action == ACTION_PLACEMENT_SHOW && args->count == 2)
		app_go(app, PANE_PLACEMENT, spot.project, spot.placement);
	else if (action == ACTION_PLACEMENT_CREATE && has_project(app, &spot))
		forms_open(app, &placement_form, spot.project,
			args->count > 1 ? args->word[1] : "");
	else if (action == ACTION_PLACEMENT_EDIT && *spot.placement)
		forms_open(app, &placement_edit_form, spot.project, spot.placement);
	else if (action == ACTION_PLACEMENT_DELETE && *spot.placement)
		confirm_delete(app, action, &spot);
	else if (action == ACTION_ASSOCIATE && args->count == 4)
		put_named(app, &spot);
	else if (action == ACTION_ASSOCIATE)
		forms_open(app, &place_form, *spot.device ? "" : spot.project,
			*spot.device ? spot.device : spot.placement);
	else if (action == ACTION_DISSOCIATE)
		return take_out(app, spot);
	else if (action == ACTION_RAW && *spot.project &&
		 (pane == PANE_PLACEMENTS || pane == PANE_PLACEMENT ||
			 pane == PANE_PROJECT || pane == PANE_PROJECTS))
		return show_json(app, &spot);
	else
		return action == ACTION_PLACEMENT_CREATE;
	return true;
}

bool
projects_act(struct app *app, enum action_id action, const struct args *args)
{
	struct spot spot = find_spot(app, args);

	if (action == ACTION_PROJECT_SHOW && args->count)
		app_go(app, PANE_PROJECT, spot.project, NULL);
	else if (action == ACTION_PROJECT_CREATE)
		forms_open(app, &project_form, "", "");
	else if (action == ACTION_PROJECT_EDIT && *spot.project)
		forms_open(app, &project_edit_form, spot.project, "");
	else if (action == ACTION_PROJECT_DELETE && *spot.project)
		confirm_delete(app, action, &spot);
	else
		return false;
	return true;
}
