/* Keys and answers at random, for long: the console goes on, whatever is drawn fits, and in
 * a session that may only read nothing is written. */
#include "rig.h"

enum { SESSIONS = 60, STEPS = 500, CALLS_MOST = RIG_CALLS - 60 };

static uint32_t seed;

static uint32_t
draw(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

/* Keys that lead somewhere stand more often. */
static const char *const keys[] = { "Enter", "Enter", "Tab", "Tab", "Shift-Tab", "Esc",
	"Down", "Up", "Left", "Right", "j", "k", "g", "G", "Space", "Backspace", "Del",
	"Home", "End", "PgDn", "PgUp", "1", "2", "3", "4", "5", "6", "a", "e", "D", "m",
	"x", "i", "v", "L", "J", "p", "r", "R", "c", "d", "f", "s", "S", "y", "t", "M",
	"*", "\\", "V", "+", "-", "!", "0", "[", "]", "{", "}", "?", "/", ":", "Ctrl-d",
	"Ctrl-u", "Ctrl-r", "Ctrl-w", "Ctrl-k", "Ctrl-a", "Ctrl-e", "Alt-b", "F1", "F5",
	"WheelDown", "WheelUp" };

static const char *const texts[] = { "lobby", "acme-hq", "G030PM0457533771",
	"C-8K2M44QX77", "7", "1", "a=b", "battery<20", "!x", "/[/", "~lob",
	"arn:aws:lambda:us:1:function:f", "devices", "placement create acme-hq x",
	"project show acme-hq", "\"", "\xc3\xa9", "unclaim P5SJVQ2007V8296A",
	"sort battery", "goto lobby-2f", "help sort", "times" };

static void
act(struct rig *rig)
{
	struct app *app = rig->app;

	if (draw(8) == 0)
		rig_type(rig, texts[draw(sizeof texts / sizeof *texts)]);
	else
		rig_keys(rig, keys[draw(sizeof keys / sizeof *keys)]);
	/* A dialog that wants a word seldom gets it by chance. */
	if (app->modal.kind == MODAL_DIALOG && app->modal.dialog.word && draw(3) == 0)
		rig_type(rig, app->modal.dialog.word);
}

static void
hear(struct rig *rig)
{
	static const char *const kinds[] = { "click", "state", "SINGLE", "device",
		"placed" };

	switch (draw(6)) {
	case 0:
		rig_lose(rig);
		break;
	case 1:
		rig_ready(rig);
		break;
	case 2:
		rig_live(rig, kinds[draw(5)],
			RIG_CLICK("G030PM0457511071", "SINGLE", "10:41:52.1", "3",
				"acme-hq", "lobby-2f"));
		break;
	case 3:
		rig_live(rig, kinds[draw(5)],
			RIG_CLICK("G030PM0457533771", "UNCLAIMED", "10:41:52.2", "100",
				"", ""));
		break;
	default:
		app_update(rig->app, &(struct msg){ .kind = MSG_TICK });
	}
}

static void
answer(struct rig *rig)
{
	uint32_t how = draw(8);

	if (how < 5)
		rig_serve(rig);
	for (size_t i = 0; i < rig->calls; i++) {
		struct rig_call *call = &rig->call[i];

		if (call->request && how < 5)
			rig_answer(rig, call, "{}");
		else if (call->request && how == 5)
			rig_refuse(rig, call, ERR_CONFLICT, "It is in use.");
		else if (call->request && how == 6)
			rig_refuse(rig, call, ERR_LINK, "connection refused");
	}
}

static void
play(uint32_t number, const char *read_only_by)
{
	const struct app_options options = { .context = "prod-eu",
		.endpoint = "https://1click.example",
		.region = "eu-central-1",
		.read_only_by = read_only_by,
		.local = number % 2 == 0 };
	struct rig *rig = rig_fleet(&options);

	seed = number;
	for (int i = 0; i < STEPS && !rig->app->quit && rig->calls < CALLS_MOST; i++) {
		act(rig);
		if (draw(4) == 0)
			answer(rig);
		if (draw(10) == 0)
			hear(rig);
		if (draw(20) == 0)
			rig_draw(rig, 1 + (int)draw(50), 1 + (int)draw(160));
	}
	for (size_t i = 0; i < rig->calls; i++)
		if (read_only_by && rig->call[i].op >= 0 && rig->call[i].op < OP_COUNT)
			assert_false(op_is_write(rig->call[i].op));
	rig_free(rig);
}

static void
any_keys_and_answers_are_survived(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= SESSIONS; i++)
		play(i, NULL);
}

static void
any_keys_of_a_reader_write_nothing(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= SESSIONS / 3; i++)
		play(1000 + i, "--read-only");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_keys_and_answers_are_survived),
		cmocka_unit_test(any_keys_of_a_reader_write_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
