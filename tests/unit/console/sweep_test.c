/*
 * Every action, in every pane, answered in every way: nothing that takes something away is
 * sent before its question was answered, nothing is written in a session that may only
 * read, and Esc always leads out again.
 */
#include "rig.h"

#include <unistd.h>

enum { ESCAPES = 8, ROUNDS = 6 };

#define NEW "G030PM0457510001"

static void
claim_new(struct rig *rig)
{
	rig_command(rig, "claim " NEW);
}

static void
wait_for_press(struct rig *rig)
{
	claim_new(rig);
	rig_answer(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM),
		"{\"state\":\"CLAIM_INITIATED\"}");
}

static void
finish_claim(struct rig *rig)
{
	wait_for_press(rig);
	rig_live(rig, "click", RIG_CLICK(NEW, "SINGLE", "10:41:51.000", "100", "", ""));
}

static void
own_it(struct rig *rig)
{
	finish_claim(rig);
	rig_answer(
		rig, rig_find(rig, OP_FINALIZE_DEVICE_CLAIM), "{\"state\":\"CLAIMED\"}");
}

static void
press_too_early(struct rig *rig)
{
	finish_claim(rig);
	rig_refuse(rig, rig_find(rig, OP_FINALIZE_DEVICE_CLAIM), ERR_PRECONDITION,
		"No press has come in yet.");
}

static void
be_refused(struct rig *rig)
{
	claim_new(rig);
	rig_refuse(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM), ERR_CONFLICT,
		"It is another's.");
}

static void
be_unknown(struct rig *rig)
{
	claim_new(rig);
	rig_refuse(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM), ERR_NOT_FOUND,
		"There is no such device.");
}

static void
claim_by_code(struct rig *rig)
{
	rig_command(rig, "claim C-8K2M44QX77");
}

/* Where an action is tried, and how that is reached from a fleet just loaded. */
static const struct scene {
	enum pane_id pane;
	const char *name;
	const char *command, *keys;
	void (*before)(struct rig *rig); /* then only the pane's own actions are tried */
} scenes[] = {
	{ PANE_ONBOARD, "a claim begun", "onboard", "g", claim_new },
	{ PANE_ONBOARD, "a claim that waits", "onboard", "g", wait_for_press },
	{ PANE_ONBOARD, "a claim being finished", "onboard", "g", finish_claim },
	{ PANE_ONBOARD, "a claim that is done", "onboard", "g", own_it },
	{ PANE_ONBOARD, "a press too early", "onboard", "g", press_too_early },
	{ PANE_ONBOARD, "a claim refused", "onboard", "g", be_refused },
	{ PANE_ONBOARD, "a device unknown", "onboard", "g", be_unknown },
	{ PANE_ONBOARD, "a claim code", "onboard", "g", claim_by_code },
	{ PANE_DEVICES, "devices", "devices", "g", NULL },
	{ PANE_DEVICES, "two devices marked", "devices", "g Space j Space", NULL },
	{ PANE_DEVICES, "a device that is in no placement", "devices", "G", NULL },
	{ PANE_PROJECTS, "projects", "projects", "g", NULL },
	{ PANE_PLACEMENTS, "placements", "placements acme-hq", "g j", NULL },
	{ PANE_PLACEMENTS, "placements of all projects", "placements", "G", NULL },
	{ PANE_EVENTS, "events", "events", "g", NULL },
	{ PANE_DELIVERIES, "deliveries", "deliveries", "g", NULL },
	{ PANE_ONBOARD, "onboard", "onboard", NULL, NULL },
	{ PANE_DEVICE, "a device", "device show G030PM0457511071", NULL, NULL },
	{ PANE_PROJECT, "a project", "project show acme-hq", NULL, NULL },
	{ PANE_PLACEMENT, "a placement", "placement show acme-hq lobby-2f", NULL, NULL },
	{ PANE_HELP, "help", "help", NULL, NULL },
	{ PANE_TEXT, "a text", "conn", NULL, NULL },
	{ PANE_FORM, "a form", "project create", NULL, NULL },
	{ PANE_DEVICES, "nothing that matches", "filter zzz", NULL, NULL },
};
enum { SCENES = sizeof scenes / sizeof *scenes };

/* What is done about a question, and how the calls are answered then. */
enum reaction { REFUSE_IT, ACCEPT_IT, CHOOSE_IT, ESCAPE_IT, REACTIONS };
enum fate { SERVED, REFUSED, LOST, FATES };

static char directory[64];

static const char *
sample_of(struct rig *rig, const char *word)
{
	static const char *const rows[][2] = { { "DEVICE", "G030PM0457511071" },
		{ "PROJECT", "acme-hq" }, { "PLACEMENT", "lobby-2f" },
		{ "TEMPLATE", "front-desk" }, { "METHOD", "getOnClickCallback" },
		{ "CODE", "C-1234567890" }, { "CLICK", "DOUBLE" }, { "TEXT", "lobby" },
		{ "NAME", "battery" }, { "EVENT", "all" }, { "KEY=VALUE", "Room=7" } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strncmp(word, rows[i][0], strlen(rows[i][0])) == 0)
			return rows[i][1];
	return strncmp(word, "FILE", 4) == 0 ? mem_format(rig, "%s/out.csv", directory)
					     : "none";
}

/* The action as its command, with its arguments filled in. */
static const char *
command_of(struct rig *rig, const struct action *action)
{
	struct buf line;
	char *usage = mem_text(rig, action->usage), *rest = NULL;

	buf_init(&line, rig, BUF_NO_CAP);
	buf_text(&line, action->words);
	for (char *word = strtok_r(usage, " ", &rest); word;
		word = strtok_r(NULL, " ", &rest))
		buf_format(&line, " %s", sample_of(rig, word + (*word == '[')));
	return line.data;
}

static bool
takes_away(enum op op)
{
	return op == OP_DELETE_PROJECT || op == OP_DELETE_PLACEMENT ||
	       op == OP_UNCLAIM_DEVICE || op == OP_DISASSOCIATE_DEVICE_FROM_PLACEMENT;
}

static void
check_calls(struct rig *rig, const char *where, const struct action *action, bool asked)
{
	for (size_t i = 0; i < rig->calls; i++) {
		const struct rig_call *call = &rig->call[i];
		bool contract = call->op >= 0 && call->op < OP_COUNT;

		if (!asked && contract && takes_away(call->op))
			fail_msg("%s in %s: %s was sent without a question",
				action->words, where, call->body);
		if (rig->app->options.read_only_by && contract && op_is_write(call->op))
			fail_msg("%s in %s: %s was sent, read-only", action->words, where,
				call->body);
	}
}

static void
accept_dialog(struct rig *rig)
{
	const struct dialog *dialog = &rig->app->modal.dialog;

	if (dialog->word && dialog->focus != DIALOG_WORD)
		rig_keys(rig, "Shift-Tab Tab Tab");
	for (int i = 0; i < ESCAPES && dialog->word && dialog->focus != DIALOG_WORD; i++)
		rig_keys(rig, "Tab");
	if (dialog->word)
		rig_type(rig, dialog->word);
	for (int i = 0; i < ESCAPES && rig->app->modal.kind == MODAL_DIALOG &&
			dialog->focus != DIALOG_ACCEPT;
		i++)
		rig_keys(rig, "Tab");
	rig_keys(rig, "Enter");
}

/* Whether the question was answered with yes. */
static bool
react(struct rig *rig, enum reaction reaction)
{
	switch (rig->app->modal.kind) {
	case MODAL_NONE:
		return false;
	case MODAL_DIALOG:
		if (reaction == ACCEPT_IT || reaction == CHOOSE_IT)
			accept_dialog(rig);
		else
			rig_keys(rig, reaction == REFUSE_IT ? "Enter" : "Esc");
		return reaction == ACCEPT_IT || reaction == CHOOSE_IT;
	case MODAL_MENU:
		rig_keys(rig, reaction == ESCAPE_IT   ? "Esc"
			      : reaction == CHOOSE_IT ? "Down Enter"
						      : "Enter");
		return false;
	case MODAL_COMMAND:
	case MODAL_FILTER:
	case MODAL_PROMPT:
		if (reaction == ACCEPT_IT)
			rig_type(rig, "lobby");
		rig_keys(rig, reaction == ESCAPE_IT ? "Esc" : "Enter");
		return false;
	}
	return false;
}

static void
meet_fate(struct rig *rig, enum fate fate)
{
	if (fate == SERVED)
		rig_serve(rig);
	for (size_t i = 0; i < rig->calls; i++) {
		struct rig_call *call = &rig->call[i];

		if (call->request && fate == REFUSED)
			rig_refuse(rig, call, ERR_CONFLICT, "It is in use.");
		else if (call->request && fate == LOST)
			rig_refuse(rig, call, ERR_LINK, "connection refused");
		else if (call->request)
			rig_answer(rig, call, "{}");
	}
}

static bool
is_under_way(const struct rig *rig)
{
	bool waits = rig->app->modal.kind != MODAL_NONE;

	for (size_t i = 0; i < rig->calls; i++)
		waits = waits || rig->call[i].request;
	return waits;
}

static void
leave_all(struct rig *rig, const char *where, const struct action *action)
{
	for (int i = 0; i < ESCAPES && rig->app->modal.kind != MODAL_NONE; i++)
		rig_keys(rig, "Esc");
	if (rig->app->modal.kind != MODAL_NONE)
		fail_msg("%s in %s: Esc does not lead out", action->words, where);
}

static void
try_action(const struct scene *scene, const struct action *action, bool typed,
	enum reaction reaction, enum fate fate, const char *read_only_by)
{
	const struct app_options options = { .context = "prod-eu",
		.endpoint = "https://1click.example",
		.region = "eu-central-1",
		.read_only_by = read_only_by,
		.local = reaction % 2 == 0 };
	struct rig *rig = rig_fleet(&options);
	bool asked = false;

	rig_live(rig, "SINGLE",
		RIG_CLICK("G030PM0457511071", "SINGLE", "10:41:52.1", "4", "acme-hq",
			"lobby-2f"));
	if (scene->before)
		scene->before(rig);
	rig_command(rig, scene->command);
	if (scene->keys)
		rig_keys(rig, scene->keys);
	rig_serve(rig);
	app_layout(rig->app, 24, 80);
	if (typed)
		rig_command(rig, command_of(rig, action));
	else
		app_do(rig->app, action->id, &(struct args){ 0 });
	app_layout(rig->app, 24, 80);
	for (int i = 0; i < ROUNDS && is_under_way(rig); i++) {
		check_calls(rig, scene->name, action, asked);
		asked = react(rig, reaction) || asked;
		check_calls(rig, scene->name, action, asked);
		meet_fate(rig, fate);
		app_layout(rig->app, 24, 80);
	}
	rig_draw(rig, typed ? 9 : 24, typed ? 40 : 80);
	leave_all(rig, scene->name, action);
	rig_free(rig);
}

static void
sweep(bool typed, const char *read_only_by)
{
	size_t turn = 0;

	for (size_t i = 0; i < SCENES; i++)
		for (enum action_id id = 0; id < ACTION_COUNT; id++) {
			const struct action *action = action_row(id);

			if (!(action->where & ACTION_ON_SCREEN) ||
				(read_only_by && !action_is_write(action)) ||
				(scenes[i].before &&
					(read_only_by || !action_works_in(action,
								 scenes[i].pane))))
				continue;
			try_action(&scenes[i], action, typed,
				(enum reaction)(turn % REACTIONS),
				(enum fate)(turn / REACTIONS % FATES), read_only_by);
			turn++;
		}
}

static int
make_directory(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/oneclick-sweep-XXXXXX");
	return mkdtemp(directory) ? 0 : -1;
}

static int
remove_directory(void **state)
{
	char path[96];

	(void)state;
	snprintf(path, sizeof path, "%s/out.csv", directory);
	unlink(path);
	return rmdir(directory);
}

static void
nothing_is_taken_away_without_a_question(void **state)
{
	(void)state;
	sweep(false, NULL);
	sweep(true, NULL);
}

static void
a_session_that_may_only_read_writes_nothing(void **state)
{
	(void)state;
	sweep(false, "--read-only");
	sweep(true, "--read-only");
}

/* The actions that ask, where they work, each in each way. */
static void
questions_and_answers_come_in_any_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < SCENES; i++)
		for (enum action_id id = 0; id < ACTION_COUNT; id++)
			for (int way = 0; way < REACTIONS * FATES; way++)
				if (action_row(id)->confirm != CONFIRM_NONE &&
					action_works_in(action_row(id), scenes[i].pane))
					try_action(&scenes[i], action_row(id), way % 2,
						(enum reaction)(way % REACTIONS),
						(enum fate)(way / REACTIONS), NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_taken_away_without_a_question),
		cmocka_unit_test(a_session_that_may_only_read_writes_nothing),
		cmocka_unit_test(questions_and_answers_come_in_any_order),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
