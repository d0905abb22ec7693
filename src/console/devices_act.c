/* What is done to devices, from whichever pane: to those named, those marked, or the one
 * the pane is about. */
#include <string.h>

#include "app_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/console/claims.h"
#include "oneclick/console/export.h"
#include "oneclick/console/forms.h"
#include "oneclick/console/job.h"
#include "states.h"

/* A change that waits for its confirmation; the devices are those it was asked about,
 * whatever the list shows by then. */
struct change {
	enum action_id action;
	const char **id;
	size_t count;
};

static void
add_id(struct change *change, const char *id)
{
	change->id[change->count++] = mem_text(change, id);
}

/* NULL, with a notice, if there is none. */
static struct change *
gather(struct app *app, enum action_id action, const struct args *args)
{
	struct change *change = mem_new(app, struct change);
	const struct state *state = app->state;
	size_t rows = 0;

	change->action = action;
	if (args->count) {
		change->id = mem_array(change, const char *, args->count);
		for (size_t i = 0; i < args->count; i++)
			add_id(change, args->word[i]);
	} else if (app->pane->class->id == PANE_DEVICE) {
		change->id = mem_array(change, const char *, 1);
		add_id(change, app->pane->name);
	} else if (app->pane->class->id == PANE_DEVICES) {
		const uint32_t *row = pane_rows(app->pane, change, &rows);

		change->id = mem_array(change, const char *, rows + 1);
		for (size_t i = 0; i < rows; i++)
			add_id(change,
				words_text(state->words, state->devices.row[row[i]].id));
	}
	if (change->count)
		return change;
	app_say(app, NOTICE_WARN,
		"`%s` needs a device: put the cursor on one, or name it",
		action_row(action)->words);
	mem_free(change);
	return NULL;
}

/* ---- enable, disable, unclaim ---- */

static void
flag_row(struct app *app, const char *id, unsigned flag, bool on)
{
	uint32_t row = devices_find(app->state, id);

	if (row != NO_ROW)
		devices_flag(app->state, row, flag, on);
}

/* What failed stays marked, what went well does not. */
static void
take_change(struct job *job, size_t item, const struct answer *answer)
{
	struct app *app = job->app;
	const char *id = job->item[item].subject;
	uint32_t row = devices_find(app->state, id);

	flag_row(app, id, ROW_PENDING, false);
	facts_stale(app, id);
	if (answer->code)
		return;
	flag_row(app, id, ROW_MARKED, false);
	if (job->item[item].op == OP_UPDATE_DEVICE_STATE)
		flag_row(app, id, ROW_ENABLED, job->item[item].ask.enabled == 1);
	else if (row != NO_ROW)
		devices_drop(app->state, row);
}

static void
send_change(struct app *app, void *arg, const char *text, size_t chosen)
{
	static const char *const past[] = { "enabled", "disabled", "unclaimed" };
	struct change *change = arg;
	bool unclaim = change->action == ACTION_DEVICE_UNCLAIM;
	int which = unclaim ? 2 : change->action == ACTION_DEVICE_DISABLE;
	struct job *job =
		job_new(app, action_row(change->action)->words, past[which], "devices");

	(void)text;
	(void)chosen;
	job->each = take_change;
	for (size_t i = 0; i < change->count; i++) {
		struct ask *ask =
			job_add(job, unclaim ? OP_UNCLAIM_DEVICE : OP_UPDATE_DEVICE_STATE,
				change->id[i]);

		ask->device_id = mem_text(job, change->id[i]);
		if (!unclaim)
			ask->enabled = change->action == ACTION_DEVICE_ENABLE;
		flag_row(app, change->id[i], ROW_PENDING, true);
	}
	mem_free(change);
	job_start(job);
}

static struct safe_text
describe_target(struct app *app, const void *ctx, const char *id)
{
	uint32_t row = devices_find(app->state, id);
	const struct device_row *device = &app->state->devices.row[row];
	enum role role;

	if (row == NO_ROW)
		return text_safe_z(ctx, id);
	return text_safe_format(ctx, "%-18s %s  %s", id,
		states_battery(app->state, ctx, device->life, &role).text,
		states_place(app->state, ctx, device, &role).text);
}

static void
confirm_change(struct app *app, struct change *change, struct safe_text verb,
	struct safe_text outcome, bool type_count)
{
	struct safe_text *line = mem_array(change, struct safe_text, change->count + 4);
	char word[24];
	size_t lines = 0;

	line[lines++] = outcome;
	line[lines++] = text_safe_format(change, "Context %s: %zu request%s",
		app->options.context, change->count, change->count == 1 ? "" : "s");
	line[lines++] = SAFE("");
	for (size_t i = 0; i < change->count; i++)
		line[lines++] = describe_target(app, change, change->id[i]);
	snprintf(word, sizeof(word), "%zu", change->count);
	app_confirm(app,
		text_safe_format(change, "%s %zu device%s", verb.text, change->count,
			change->count == 1 ? "" : "s"),
		line, lines, text_safe_format(change, "%s %zu", verb.text, change->count),
		type_count ? word : NULL, send_change, change);
	app_give_modal(app, change);
}

static const struct {
	enum action_id action;
	struct safe_text verb, outcome;
} changes[] = {
	{ ACTION_DEVICE_ENABLE, { "Enable" }, { "Their presses count from then on." } },
	{ ACTION_DEVICE_DISABLE, { "Disable" },
		{ "Their presses are noted, but nothing follows." } },
	{ ACTION_DEVICE_UNCLAIM, { "Unclaim" },
		{ "They leave this account. To get one back: claim it again, with a "
		  "press on "
		  "site. A device in a placement is refused: take it out first (x)." } },
};

/* As the action's row asks for it. */
static bool
change_act(struct app *app, enum action_id action, const struct args *args)
{
	enum action_confirm confirm = action_row(action)->confirm;
	struct change *change = gather(app, action, args);

	if (!change)
		return true;
	if (confirm == CONFIRM_NONE ||
		(confirm == CONFIRM_ASK_MANY && change->count == 1)) {
		send_change(app, change, NULL, 0);
		return true;
	}
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++)
		if (changes[i].action == action)
			confirm_change(app, change, changes[i].verb, changes[i].outcome,
				confirm == CONFIRM_TYPE_COUNT);
	return true;
}

/* ---- methods ---- */

struct invocation {
	char *id, *method;
	const char *type;
};

static void
take_invoked(struct job *job, size_t item, const struct answer *answer)
{
	const char *text = value_text(answer->body, "deviceMethodResponse");

	facts_stale(job->app, job->item[item].subject);
	if (!answer->code)
		app_show_text(job->app, job->item[item].ask.method_name,
			text && *text ? text : "(done; the device returned nothing)");
}

static void
send_invocation(struct app *app, void *arg, const char *text, size_t chosen)
{
	struct invocation *invocation = arg;
	struct job *job = job_new(app, "invoke", "called", "devices");
	struct ask *ask = job_add(job, OP_INVOKE_DEVICE_METHOD, invocation->id);

	(void)chosen;
	ask->device_id = mem_text(job, invocation->id);
	ask->method_name = mem_text(job, invocation->method);
	ask->method_type = strstr(invocation->method, "OnClick") ? "button" : "device";
	ask->method_parameters = text && *text ? mem_text(job, text) : NULL;
	job->each = take_invoked;
	job->quiet = true;
	mem_free(invocation);
	job_start(job);
}

/* Those that set something take parameters; the ask begins with what they need. */
static void
ask_parameters(struct app *app, struct invocation *invocation)
{
	const char *method = invocation->method;
	char *text;

	if (strncmp(method, "set", 3) != 0) {
		send_invocation(app, invocation, NULL, 0);
		return;
	}
	text = mem_format(invocation,
		strstr(method, "Health")
			? "{\"deviceId\":\"%s\",\"callback\":{\"awsLambdaArn\":\"\"},"
			  "\"condition\":{\"remainingLifeLowerThan\":20}}"
			: "{\"deviceId\":\"%s\",\"callback\":{\"awsLambdaArn\":\"\"}}",
		invocation->id);
	app_ask(app, SAFE("Parameters: "), text, send_invocation, invocation);
	app_give_modal(app, invocation);
}

static void
choose_method(struct app *app, void *arg, const char *text, size_t chosen)
{
	struct invocation *invocation = arg;

	(void)chosen;
	invocation->method = mem_text(invocation, text);
	ask_parameters(app, invocation);
}

static void
offer_methods(struct app *app, struct request *request, const struct answer *answer)
{
	const struct value *list = value_get(answer->body, "deviceMethods");
	struct invocation *invocation;
	struct safe_text *item;
	size_t count = 0;

	if (answer->code) {
		app_say(app, NOTICE_ERROR, "%s", answer->why.sentence);
		return;
	}
	invocation = mem_new(app, struct invocation);
	invocation->id = mem_text(invocation, request->subject);
	item = mem_array(invocation, struct safe_text,
		list && list->kind == VALUE_LIST ? list->count + 1 : 1);
	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++)
		if (value_text(&list->item[i], "methodName"))
			item[count++] = text_safe_z(
				invocation, value_text(&list->item[i], "methodName"));
	if (!count) {
		app_say(app, NOTICE_INFO, "%s has no methods", request->subject);
		mem_free(invocation);
		return;
	}
	app_choose(
		app, SAFE("Call which method?"), item, count, choose_method, invocation);
	app_give_modal(app, invocation);
}

static bool
invoke_act(struct app *app, const struct args *args)
{
	struct args first = { args->word, args->count ? 1 : 0 };
	struct change *change = gather(app, ACTION_DEVICE_INVOKE, &first);
	struct ask ask;

	if (!change)
		return true;
	if (args->count > 1) {
		struct invocation *invocation = mem_new(app, struct invocation);

		invocation->id = mem_text(invocation, args->word[0]);
		invocation->method = mem_text(invocation, args->word[1]);
		send_invocation(
			app, invocation, args->count > 2 ? args->word[2] : NULL, 0);
	} else {
		ask_init(&ask);
		ask.device_id = change->id[0];
		app_call(app, OP_GET_DEVICE_METHODS, &ask, change->id[0], offer_methods,
			NULL);
	}
	mem_free(change);
	return true;
}

/* ---- presses ---- */

static void
send_presses(struct app *app, void *arg, const char *text, size_t chosen)
{
	struct change *change = arg;
	struct job *job = job_new(app, "press", "pressed", "buttons");

	(void)chosen;
	for (size_t i = 0; i < change->count; i++)
		job_add_press(job, change->id[i], text);
	mem_free(change);
	job_start(job);
}

static bool
press_act(struct app *app, const struct args *args)
{
	static const struct safe_text clicks[] = { { "SINGLE" }, { "DOUBLE" },
		{ "LONG" } };
	struct args first = { args->word, args->count ? 1 : 0 };
	struct change *change;

	if (!app->options.local) {
		app_say(app, NOTICE_WARN,
			"Only buttons of a local service are pressed from here; "
			"elsewhere a "
			"press needs the device's token: oneclick press");
		return true;
	}
	change = gather(app, ACTION_PRESS, &first);
	if (change && args->count > 1) {
		send_presses(app, change, args->word[1], 0);
	} else if (change) {
		app_choose(app, SAFE("Press how?"), clicks, 3, send_presses, change);
		app_give_modal(app, change);
	}
	return true;
}

/* ---- looking ---- */

static bool
show_json(struct app *app)
{
	const char *id = app->pane->name;
	uint32_t row = app->pane->table ? table_row(app->pane->table) : NO_ROW;
	const struct fact *fact;
	struct buf text;

	if (app->pane->class->id == PANE_DEVICES && row != NO_ROW)
		id = words_text(app->state->words, app->state->devices.row[row].id);
	if (!*id)
		return true;
	fact = facts_want(app, OP_DESCRIBE_DEVICE, "", id);
	if (!fact->tree) {
		app_say(app, NOTICE_INFO, "Asked for %s; J again shows it", id);
		return true;
	}
	buf_init(&text, app, BUF_NO_CAP);
	export_tree(&text, fact->tree, 0);
	app_show_text(app, id, text.data);
	buf_release(&text);
	return true;
}

static void
claim_named(struct app *app, const struct args *args)
{
	size_t count, full = 0;
	void *life = mem_life(app);

	for (size_t i = 0; i < args->count; i++) {
		const struct claim_entry *entry =
			claims_read(life, args->word[i], &count);

		for (size_t k = 0; k < count; k++)
			if (entry[k].verdict)
				app_say(app, NOTICE_WARN, "%s", entry[k].why);
			else
				full += !claims_start(app, entry[k].text);
	}
	if (full)
		app_say(app, NOTICE_WARN,
			"%zu not taken: a batch holds %d values; D drops a row", full,
			CLAIMS_MAX);
	mem_free(life);
	app_go_tab(app, PANE_ONBOARD);
}

bool
devices_act(struct app *app, enum action_id action, const struct args *args)
{
	enum pane_id pane = app->pane->class->id;

	if (action == ACTION_DEVICE_ENABLE || action == ACTION_DEVICE_DISABLE ||
		action == ACTION_DEVICE_UNCLAIM)
		return change_act(app, action, args);
	if (action == ACTION_DEVICE_INVOKE)
		return invoke_act(app, args);
	if (action == ACTION_PRESS)
		return press_act(app, args);
	if (action == ACTION_CLAIM && args->count)
		return claim_named(app, args), true;
	if (action == ACTION_DEVICE_REGISTER && args->count && app->options.local)
		return claims_register(app, args->word[0]), true;
	if (action == ACTION_RAW && (pane == PANE_DEVICES || pane == PANE_DEVICE))
		return show_json(app);
	if ((action == ACTION_DEVICE_SHOW || action == ACTION_DEVICE_EVENTS) &&
		args->count)
		return app_go(app, PANE_DEVICE, NULL, args->word[0]), true;
	if (action == ACTION_DEVICE_EVENTS && pane == PANE_DEVICES)
		return app_do(app, ACTION_OPEN, NULL), true;
	if (action == ACTION_DEVICE_EVENTS && pane == PANE_DEVICE)
		return detail_find(&app->pane->detail, "Clicks of the last", false), true;
	return false;
}
