/* Golden screens: each pane empty, loading, full, at fault, narrow, wide, read-only. */
#include "rig.h"

#define ROWS_COLS(rows, cols) rows, cols

static const struct app_options reader_options = { .context = "prod-eu",
	.endpoint = "https://1click.example",
	.region = "eu-central-1",
	.read_only_by = "--read-only" };

static const struct {
	const char *keys, *name;
} panes[] = {
	{ "1", "onboard" },
	{ "2", "projects" },
	{ "3", "placements" },
	{ "4", "devices" },
	{ "5", "events" },
	{ "2 v", "project" },
	{ "3 j Enter", "placement" },
	{ "4 Enter", "device" },
	{ "?", "help" },
};
enum { PANES = sizeof(panes) / sizeof(*panes) };

static void
add_events(struct rig *rig)
{
	rig_live(rig, "click",
		RIG_CLICK("G030PM0457514501", "SINGLE", "10:40:02.000", "22", "acme-hq",
			"kitchen-1f"));
	rig_live(rig, "state",
		RIG_CLICK("P5SJVQ2007V8296A", "ENABLED", "10:40:09.331", "100", "", ""));
	rig_live(rig, "gap", "{}");
	rig_live(rig, "click",
		RIG_CLICK("G030PM0457511071", "LONG", "10:41:51.300", "4", "acme-hq",
			"lobby-2f"));
}

static struct rig *
rig_full(const struct app_options *options)
{
	struct rig *rig = rig_fleet(options);

	rig_keys(rig, "3");
	rig_serve(rig);
	rig_keys(rig, "4");
	add_events(rig);
	return rig;
}

static void
draw_all(const struct app_options *options, const char *suffix, int rows, int cols)
{
	for (size_t i = 0; i < PANES; i++) {
		struct rig *rig = rig_full(options);

		app_layout(rig->app, rows, cols);
		for (int k = 0; k < 3; k++) {
			if (!k)
				rig_keys(rig, panes[i].keys);
			rig_serve(rig);
			app_layout(rig->app, rows, cols);
		}
		rig_screen(
			rig, mem_format(rig, "%s-%s", panes[i].name, suffix), rows, cols);
		rig_free(rig);
	}
}

static void
every_pane_full_at_80x24(void **state)
{
	(void)state;
	draw_all(NULL, "80x24", ROWS_COLS(24, 80));
}

static void
every_pane_full_at_120x40(void **state)
{
	(void)state;
	draw_all(NULL, "120x40", ROWS_COLS(40, 120));
}

static void
every_pane_full_at_40x8(void **state)
{
	(void)state;
	draw_all(NULL, "40x8", ROWS_COLS(8, 40));
}

static void
every_pane_full_at_20x5(void **state)
{
	(void)state;
	draw_all(NULL, "20x5", ROWS_COLS(5, 20));
}

static void
every_pane_read_only(void **state)
{
	(void)state;
	draw_all(&reader_options, "read-only", ROWS_COLS(24, 80));
}

static void
every_pane_before_the_service_is_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct rig *rig = rig_new(NULL);

		rig_keys(rig, panes[i].keys);
		rig_screen(rig, mem_format(rig, "%s-starting", panes[i].name), 24, 80);
		rig_free(rig);
	}
}

static void
every_pane_while_loading(void **state)
{
	(void)state;
	for (size_t i = 1; i < 4; i++) {
		struct rig *rig = rig_new(NULL);
		struct canvas *canvas = canvas_new(rig, 24, 80);

		rig_ready(rig);
		rig_keys(rig, panes[i].keys);
		app_draw(rig->app, canvas);
		assert_true(rig_waits(rig, OP_LIST_DEVICES));
		rig->calls = 0; /* the answers never come */
		rig_screen(rig, mem_format(rig, "%s-loading", panes[i].name), 24, 80);
		rig_free(rig);
	}
}

static void
every_pane_of_an_empty_account(void **state)
{
	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct rig *rig = rig_new(NULL);

		rig_ready(rig);
		rig_answer(rig, rig_find(rig, OP_LIST_DEVICES), "{\"devices\":[]}");
		rig_answer(rig, rig_find(rig, OP_LIST_PROJECTS), "{\"projects\":[]}");
		rig_keys(rig, panes[i].keys);
		rig_screen(rig, mem_format(rig, "%s-empty", panes[i].name), 24, 80);
		rig_free(rig);
	}
}

static void
every_list_that_was_refused(void **state)
{
	static const char refusal[] =
		"User: arn:aws:iam::123456789012:user/Bob is not authorized to perform: "
		"iot1click:ListDevices on resource: * (no statement allows it)";

	(void)state;
	for (size_t i = 1; i < 4; i += 2) {
		struct rig *rig = rig_new(NULL);

		rig_ready(rig);
		rig_refuse(rig, rig_find(rig, OP_LIST_DEVICES), ERR_FORBIDDEN, refusal);
		rig_refuse(rig, rig_find(rig, OP_LIST_PROJECTS), ERR_FORBIDDEN, refusal);
		rig_keys(rig, panes[i].keys);
		rig_screen(rig, mem_format(rig, "%s-refused", panes[i].name), 24, 80);
		rig_free(rig);
	}
}

static void
a_lost_link(void **state)
{
	struct rig *rig = rig_full(NULL);

	(void)state;
	rig_lose(rig);
	rig_keys(rig, "+");
	rig_screen(rig, "devices-offline", 24, 80);
	rig_free(rig);
}

static void
onboard_at_work(void **state)
{
	struct rig *rig = rig_fleet(&(struct app_options){ .context = "local",
		.endpoint = "unix:/run/x",
		.region = "us-west-2",
		.local = true });

	(void)state;
	rig_keys(rig, "1 a");
	rig_type(rig, "G030PM0457510001,GO3OPM0457510002,C-8K2M");
	rig_screen(rig, "onboard-malformed", 24, 80);
	rig_keys(rig, "Tab Tab Ctrl-u a");
	rig_command(rig, "claim G030PM0457510001 G030PM0457510002 C-8K2M44QX77");
	rig_answer(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM), "{}");
	rig_refuse(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM), ERR_NOT_FOUND,
		"Device G030PM0457510002 is not known here.");
	rig_answer(rig, rig_find(rig, OP_CLAIM_DEVICES_BY_CLAIM_CODE), "{\"total\":9}");
	rig_keys(rig, "Esc");
	rig_screen(rig, "onboard-batch", 24, 80);
	rig_screen(rig, "onboard-batch-120x40", 40, 120);
	rig_free(rig);
}

static void
the_wizard_step_by_step(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "2 a");
	rig_screen(rig, "wizard-1-name", 24, 80);
	rig_type(rig, "clinic nw");
	rig_keys(rig, "Enter Enter Enter");
	rig_screen(rig, "wizard-1-refused", 24, 80);
	rig_keys(rig, "Ctrl-u");
	rig_type(rig, "clinic-nw");
	rig_keys(rig, "Enter Enter Enter");
	rig_screen(rig, "wizard-2-start", 24, 80);
	rig_keys(rig, "Enter");
	rig_screen(rig, "wizard-2-type", 24, 80);
	rig_keys(rig, "Enter");
	rig_type(rig, "bedside");
	rig_keys(rig, "Enter Right");
	rig_screen(rig, "wizard-2-email", 24, 80);
	rig_keys(rig, "Right");
	rig_screen(rig, "wizard-2-lambda", 24, 80);
	rig_keys(rig, "Tab");
	rig_type(rig, "SatLambda");
	rig_screen(rig, "wizard-2-120x40", 40, 120);
	rig_keys(rig, "Tab Tab Tab");
	rig_type(rig, "Room");
	rig_keys(rig, "Enter");
	rig_type(rig, "TBD");
	rig_keys(rig, "Tab Tab Enter");
	rig_screen(rig, "wizard-3-review", 24, 80);
	rig_screen(rig, "wizard-3-review-120x40", 40, 120);
	rig_screen(rig, "wizard-3-review-20x5", 5, 20);
	rig_keys(rig, "Enter");
	rig_answer(rig, rig_find(rig, OP_CREATE_PROJECT), "{}");
	rig_screen(rig, "wizard-4-created", 24, 80);
	rig_free(rig);
}

static void
the_other_forms(void **state)
{
	static const struct {
		const char *keys, *name;
	} forms[] = {
		{ "2 Enter a", "form-placement-create" },
		{ "3 j e", "form-placement-update" },
		{ "2 e", "form-project-update" },
		{ "4 m", "form-associate" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct rig *rig = rig_full(NULL);

		rig_keys(rig, forms[i].keys);
		rig_serve(rig);
		rig_screen(rig, forms[i].name, 24, 80);
		rig_free(rig);
	}
}

static void
dialogs_and_menus(void **state)
{
	static const struct {
		const char *keys, *name;
		int rows, cols;
	} asked[] = {
		{ "Space Space D", "dialog-unclaim", 24, 80 },
		{ "Space Space D", "dialog-unclaim-40x8", 8, 40 },
		{ "Space Space +", "dialog-enable", 24, 80 },
		{ "x", "dialog-take-out", 24, 80 },
		{ "2 D", "dialog-delete-project", 24, 80 },
		{ "3 D", "dialog-delete-placement", 24, 80 },
		{ "s", "menu-sort", 24, 80 },
		{ "i", "menu-methods", 24, 80 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		struct rig *rig = rig_full(NULL);

		rig_keys(rig, asked[i].keys);
		rig_serve(rig);
		rig_screen(rig, asked[i].name, asked[i].rows, asked[i].cols);
		rig_free(rig);
	}
}

static void
prompts_filters_and_texts(void **state)
{
	struct rig *rig = rig_full(NULL);

	(void)state;
	rig_keys(rig, "/");
	rig_type(rig, "battery<20 project=acme*");
	rig_screen(rig, "devices-filter", 24, 80);
	rig_keys(rig, "Enter :");
	rig_type(rig, "device ");
	rig_keys(rig, "Tab");
	rig_screen(rig, "command-completion", 24, 80);
	rig_keys(rig, "Esc Esc J");
	rig_serve(rig);
	rig_keys(rig, "J");
	rig_screen(rig, "device-json", 24, 80);
	rig_keys(rig, "Esc 5 k");
	rig_live(rig, "click",
		RIG_CLICK("G030PM0457511071", "LONG", "10:41:52.300", "4", "acme-hq",
			"lobby-2f"));
	rig_screen(rig, "events-paused", 24, 80);
	rig_command(rig, "conn");
	rig_screen(rig, "connection", 24, 80);
	rig_free(rig);
}

static void
a_theme_says_states_in_its_own_words(void **state)
{
	static const char text[] = "name: own\n"
				   "roles:\n"
				   "  battery.low: {symbol: v, word: WEAK}\n"
				   "  disabled: {symbol: o, word: resting}\n"
				   "  unplaced: {symbol: u, word: in stock}\n"
				   "  link.live: {word: OPEN}\n";
	struct rig *rig = rig_full(NULL);
	const struct theme *theme = NULL;
	struct fault why = { .sentence = "" };

	(void)state;
	if (theme_parse(rig, "own.yaml", text, strlen(text), &theme, &why))
		fail_msg("%s", why.sentence);
	rig->app->state->theme = theme;
	assert_true(
		rig_shows(rig, "G030PM0457516201    vo   18% WEAK           - resting"));
	assert_true(rig_shows(rig, "P5SJVQ2007V8296A    u   100%"));
	assert_true(rig_shows(rig, "(in stock)"));
	assert_true(rig_shows(rig, "OPEN\n"));
	assert_false(rig_shows(rig, "LOW"));
	rig_keys(rig, "2");
	assert_true(rig_shows(rig, "v 2"));
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pane_full_at_80x24),
		cmocka_unit_test(every_pane_full_at_120x40),
		cmocka_unit_test(every_pane_full_at_40x8),
		cmocka_unit_test(every_pane_full_at_20x5),
		cmocka_unit_test(every_pane_read_only),
		cmocka_unit_test(every_pane_before_the_service_is_there),
		cmocka_unit_test(every_pane_while_loading),
		cmocka_unit_test(every_pane_of_an_empty_account),
		cmocka_unit_test(every_list_that_was_refused),
		cmocka_unit_test(a_lost_link),
		cmocka_unit_test(onboard_at_work),
		cmocka_unit_test(the_wizard_step_by_step),
		cmocka_unit_test(the_other_forms),
		cmocka_unit_test(dialogs_and_menus),
		cmocka_unit_test(prompts_filters_and_texts),
		cmocka_unit_test(a_theme_says_states_in_its_own_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
