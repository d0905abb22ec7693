/* Create a placement, and change one: its attributes, and a device for each of the
 * project's device templates. */
#include <string.h>

#include "../app_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/console/forms.h"
#include "oneclick/console/job.h"
#include "oneclick/model/project.h"

enum { NAME_FIELD = 1 };

struct slot {
	const char *name;   /* of the device template */
	const char *before; /* device that stands there; "" */
	size_t field;
};

#define LOADING SAFE("Loading the project's templates.")

/* The fields below the name are added once the project (and the placement) is known. */
struct filling {
	bool filled, created; /* created: on a second try only what failed is sent */
	size_t waiting;       /* the note shown meanwhile */
	struct slot slot[DEVICE_TEMPLATES_MAX];
	size_t slots, attributes;
	struct pairs *before; /* attributes as they are */
};

static bool
is_edit(const struct draft *draft)
{
	return draft->class == &placement_edit_form;
}

static const char *
placement_name(const struct draft *draft)
{
	return is_edit(draft) ? draft->name : forms_text(draft, 0, NAME_FIELD);
}

static void
build(struct draft *draft)
{
	struct form *form = &draft->form[0];
	struct filling *filling = mem_new(draft, struct filling);

	draft->data = filling;
	form_add_note(form, text_safe_format(draft, "%s %s%sin project %s",
				    is_edit(draft) ? "Placement" : "New placement",
				    is_edit(draft) ? draft->name : "",
				    is_edit(draft) ? " " : "", draft->project));
	if (!is_edit(draft)) {
		form_add_text(form, SAFE("Placement name"), draft->name, NAME_MAX_LENGTH);
		form->field[NAME_FIELD].hint = SAFE("letters, digits, - and _");
		form_go(form, NAME_FIELD);
	}
	filling->waiting = form_add_note(form, LOADING);
	filling->before = pairs_new(draft);
	if (is_edit(draft))
		facts_stale(draft->app, draft->name);
}

/* ---- filling in ---- */

static void
add_slot(struct draft *draft, const char *name, const char *device)
{
	struct form *form = &draft->form[0];
	struct filling *filling = draft->data;
	struct slot *slot = &filling->slot[filling->slots++];

	slot->name = mem_text(draft, name);
	slot->before = mem_text(draft, device ? device : "");
	form_add_note(form, text_safe_format(draft, "Device template %s", name));
	slot->field = form_add_text(form, SAFE("Select device"), slot->before, 32);
	form->field[slot->field].hint = SAFE("Tab completes; empty = none");
	form->field[slot->field].complete = forms_complete_device;
	form->field[slot->field].complete_arg = draft;
}

static void
add_rows(struct draft *draft, const struct value *map)
{
	const struct filling *filling = draft->data;

	for (size_t i = 0; map && map->kind == VALUE_MAP && i < map->count; i++) {
		const char *value = value_text(map, map->key[i]);

		form_rows_add(&draft->form[0], filling->attributes,
			(const char *const[]){ map->key[i], value ? value : "" });
	}
}

static void
fill(struct draft *draft, const struct value *template, const struct value *own,
	const struct value *devices)
{
	static const struct safe_text create[] = { { "Create placement" } };
	static const struct safe_text update[] = { { "Update placement" } };
	const struct value *slots = value_get(template, "deviceTemplates");
	struct filling *filling = draft->data;
	struct form *form = &draft->form[0];

	for (size_t i = 0; slots && slots->kind == VALUE_MAP && i < slots->count &&
			   i < DEVICE_TEMPLATES_MAX;
		i++)
		add_slot(draft, slots->key[i], value_text(devices, slots->key[i]));
	filling->attributes = forms_add_attributes(draft, 0, SAFE("Value"));
	add_rows(draft, is_edit(draft) ? own : value_get(template, "defaultAttributes"));
	if (own && value_pairs(draft, own))
		filling->before = value_pairs(draft, own);
	form_add_buttons(form, is_edit(draft) ? update : create, 1);
	filling->filled = true;
	if (is_edit(draft))
		form_go(form, 0);
}

static void
fill_when_known(struct draft *draft)
{
	static const enum op ops[] = { OP_DESCRIBE_PROJECT, OP_DESCRIBE_PLACEMENT,
		OP_GET_DEVICES_IN_PLACEMENT };
	struct filling *filling = draft->data;
	const struct value *tree[3] = { NULL };
	const struct fact *fact[3];
	size_t count = is_edit(draft) ? 3 : 1;

	/* To ask for one may let another go, so all are asked for first. */
	for (size_t i = 0; i < count; i++)
		facts_want(draft->app, ops[i], draft->project, i ? draft->name : "");
	for (size_t i = 0; i < count; i++)
		fact[i] = facts_have(
			draft->app, ops[i], draft->project, i ? draft->name : "");
	if (!forms_have(draft, filling->waiting, LOADING, fact, count))
		return;
	for (size_t i = 0; i < count; i++)
		tree[i] = fact[i]->tree;
	fill(draft, value_get(value_get(tree[0], "project"), "placementTemplate"),
		value_get(value_get(tree[1], "placement"), "attributes"),
		value_get(tree[2], "devices"));
}

/* ---- checks ---- */

static void
check_slot(struct draft *draft, const struct slot *slot)
{
	const char *id = forms_text(draft, 0, slot->field);
	const struct state *state = draft->app->state;
	uint32_t row = devices_find(state, id);

	forms_check(draft, 0, slot->field, OP_API_DEVICES, "deviceId", false);
	if (!*id || strcmp(id, slot->before) == 0)
		return;
	if (row == NO_ROW)
		forms_bad(draft, 0, slot->field, "%s is not among this account's devices",
			id);
	else if (state->devices.row[row].placement)
		forms_bad(draft, 0, slot->field,
			"%s stands in %s; take it out there first", id,
			words_text(state->words, state->devices.row[row].placement));
}

static void
check(struct draft *draft)
{
	struct filling *filling = draft->data;

	if (!filling->filled)
		fill_when_known(draft);
	if (!is_edit(draft)) {
		forms_check(draft, 0, NAME_FIELD, OP_API_PROJECTS, "placementName", true);
		if (!filling->created &&
			placements_find(draft->app->state, draft->project,
				placement_name(draft)) != NO_ROW)
			forms_bad(draft, 0, NAME_FIELD,
				"the project has a placement of this name");
	}
	if (!filling->filled)
		return;
	for (size_t i = 0; i < filling->slots; i++)
		check_slot(draft, &filling->slot[i]);
	forms_check_attributes(draft, 0, filling->attributes);
}

/* ---- sending ---- */

/* What UpdatePlacement has to hear: new values, and "" for keys that went. */
static struct pairs *
changed_attributes(const void *ctx, const struct draft *draft)
{
	const struct filling *filling = draft->data;
	struct pairs *now = forms_attributes(ctx, draft, 0, filling->attributes);
	struct pairs *changed = pairs_new(ctx);

	for (size_t i = 0; i < now->count; i++) {
		const char *before = pairs_get(filling->before, now->row[i].key);

		if (!before || strcmp(before, now->row[i].value) != 0)
			pairs_set(changed, now->row[i].key, now->row[i].value);
	}
	for (size_t i = 0; i < filling->before->count; i++)
		if (!pairs_get(now, filling->before->row[i].key))
			pairs_set(changed, filling->before->row[i].key, "");
	return changed;
}

static struct ask *
add_call(struct job *job, const struct draft *draft, enum op op, const char *subject)
{
	struct ask *ask = job_add(job, op, subject);

	ask->project_name = mem_text(job, draft->project);
	ask->placement_name = mem_text(job, placement_name(draft));
	return ask;
}

static void
add_slot_calls(struct job *job, const struct draft *draft, const struct slot *slot)
{
	const char *now = forms_text(draft, 0, slot->field);
	struct ask *ask;

	if (strcmp(now, slot->before) == 0)
		return;
	if (*slot->before) {
		ask = add_call(
			job, draft, OP_DISASSOCIATE_DEVICE_FROM_PLACEMENT, slot->before);
		ask->template_name = slot->name;
	}
	if (*now) {
		ask = add_call(job, draft, OP_ASSOCIATE_DEVICE_WITH_PLACEMENT, now);
		ask->template_name = slot->name;
		ask->device_id = mem_text(job, now);
	}
}

static void
note_slot(struct draft *draft, const char *template_name, const char *device)
{
	struct filling *filling = draft->data;

	for (size_t i = 0; i < filling->slots; i++)
		if (strcmp(filling->slot[i].name, template_name) == 0)
			filling->slot[i].before = mem_text(draft, device);
}

static void
take_item(struct job *job, size_t item, const struct answer *answer)
{
	struct draft *draft = job->arg;
	struct filling *filling = draft->data;
	const struct job_item *at = &job->item[item];
	uint32_t row = devices_find(job->app->state, at->subject);

	if (answer->code)
		return;
	if (at->op == OP_CREATE_PLACEMENT) {
		filling->created = true;
		filling->before = pairs_copy(draft, at->ask.attributes);
	} else if (at->op == OP_ASSOCIATE_DEVICE_WITH_PLACEMENT) {
		note_slot(draft, at->ask.template_name, at->subject);
		if (row != NO_ROW)
			devices_place(job->app->state, row, draft->project,
				at->ask.placement_name, at->ask.template_name);
	} else if (at->op == OP_DISASSOCIATE_DEVICE_FROM_PLACEMENT) {
		note_slot(draft, at->ask.template_name, "");
		if (row != NO_ROW)
			devices_place(job->app->state, row, NULL, NULL, NULL);
	}
}

static void
take_done(struct job *job)
{
	struct draft *draft = job->arg;
	struct app *app = job->app;

	draft->sending = false;
	facts_stale(app, placement_name(draft));
	if (!job_went_well(job))
		return;
	app_say(app, NOTICE_INFO, "Placement %s %s", placement_name(draft), job->past);
	load_placements(app, app->placements_of && *app->placements_of == '\0'
				     ? NULL
				     : draft->project);
	forms_end(draft);
}

static void
press(struct draft *draft, const char *button)
{
	struct filling *filling = draft->data;
	bool create = !is_edit(draft) && !filling->created;
	struct job *job;

	(void)button;
	job = forms_job(draft, create ? "created" : "updated", "calls");
	if (!job)
		return;
	if (create)
		add_call(job, draft, OP_CREATE_PLACEMENT, placement_name(draft))
			->attributes =
			forms_attributes(job, draft, 0, filling->attributes);
	else if (changed_attributes(job, draft)->count)
		add_call(job, draft, OP_UPDATE_PLACEMENT, placement_name(draft))
			->attributes = changed_attributes(job, draft);
	for (size_t i = 0; i < filling->slots; i++)
		add_slot_calls(job, draft, &filling->slot[i]);
	job->in_order = job->quiet = true;
	job->each = take_item;
	job->done = take_done;
	job_start(job);
}

const struct form_class placement_form = {
	.name = "placement create",
	.title = "Create placement",
	.step = { "Placement" },
	.build = build,
	.check = check,
	.press = press,
};

const struct form_class placement_edit_form = {
	.name = "placement update",
	.title = "Edit placement",
	.step = { "Placement" },
	.build = build,
	.check = check,
	.press = press,
};
