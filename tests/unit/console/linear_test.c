#include "rig.h"

#include <unistd.h>

#include "../../../src/console/linear.h"

/* A console line by line: lines go in through a pipe, what it says comes back as text. */
struct talk {
	struct rig *rig;
	struct linear *linear;
	int in[2];
	int kept; /* the real standard output */
	FILE *file;
};

static struct talk
begin(const struct app_options *options)
{
	struct talk talk = { .rig = rig_fleet(options) };

	assert_int_equal(pipe(talk.in), 0);
	fflush(stdout);
	talk.kept = dup(STDOUT_FILENO);
	talk.file = tmpfile();
	assert_non_null(talk.file);
	dup2(fileno(talk.file), STDOUT_FILENO);
	talk.linear = linear_new(talk.rig);
	linear_use(talk.linear, talk.rig->app);
	linear_tell(talk.linear);
	return talk;
}

static void
say(struct talk *talk, const char *line)
{
	assert_true(write(talk->in[1], line, strlen(line)) > 0);
	assert_true(linear_read(talk->linear, talk->in[0]));
	rig_serve(talk->rig);
	linear_tell(talk->linear);
	rig_serve(talk->rig);
	linear_tell(talk->linear);
}

/* All it said; ends the talk. */
static char *
end(struct talk *talk)
{
	static char text[65536];

	fflush(stdout);
	dup2(talk->kept, STDOUT_FILENO);
	close(talk->kept);
	close(talk->in[0]);
	close(talk->in[1]);
	rewind(talk->file);
	text[fread(text, 1, sizeof(text) - 1, talk->file)] = '\0';
	fclose(talk->file);
	rig_free(talk->rig);
	return text;
}

static void
rows_are_numbered_sentences_without_escapes(void **state)
{
	struct talk talk = begin(NULL);
	char *text = end(&talk);

	(void)state;
	assert_null(strchr(text, '\033'));
	assert_non_null(strstr(text, "prod-eu. Devices. 7 of 7"));
	assert_non_null(strstr(text,
		"1. G030PM0457511071, flags !, battery 4% LOW, state enabled, place "
		"acme-hq/lobby-2f"));
}

static void
a_number_opens_and_back_returns(void **state)
{
	struct talk talk = begin(NULL);
	char *text;

	(void)state;
	say(&talk, "filter lobby\n");
	say(&talk, "1\n");
	say(&talk, "back\n");
	text = end(&talk);
	assert_non_null(strstr(text, "1 of 7, filter lobby"));
	assert_non_null(strstr(text, "Why flagged"));
}

/* The list moves on while one thinks. */
static void
a_number_means_the_row_it_was_told_with(void **state)
{
	struct talk talk = begin(NULL);
	char *text;

	(void)state;
	rig_live(talk.rig, "state",
		RIG_CLICK("G030PM0457511071", "UNCLAIMED", "10:41:51.000", "4", "", ""));
	say(&talk, "1\n"); /* gone: the list is told anew */
	assert_int_equal(talk.rig->app->pane->class->id, PANE_DEVICES);
	say(&talk, "2\n");
	assert_string_equal(talk.rig->app->pane->name, "G030PM0457514501");
	text = end(&talk);
	assert_non_null(strstr(text, "Row 1 is gone"));
}

static void
a_dialog_takes_its_word_and_nothing_else(void **state)
{
	struct talk talk = begin(NULL);

	(void)state;
	say(&talk, "unclaim P5SJVQ2007V8296A\n");
	say(&talk, "yes\n");
	assert_false(rig_waits(talk.rig, OP_UNCLAIM_DEVICE));
	say(&talk, "unclaim P5SJVQ2007V8296A\n");
	say(&talk, "1\n");
	assert_true(rig_waits(talk.rig, OP_UNCLAIM_DEVICE));
	end(&talk);
}

static void
a_form_is_asked_field_by_field(void **state)
{
	static const char *const lines[] = { "project create\n", "clinic\n", "\n", "1\n",
		"1\n", "1\n", "bedside\n", "3\n", "Nurse\n", "\n", "\n", "Room=TBD\n",
		"\n", "2\n", "2\n" };
	struct talk talk = begin(NULL);
	const char *body;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		say(&talk, lines[i]);
	assert_true(rig_waits(talk.rig, OP_CREATE_PROJECT));
	body = rig_find(talk.rig, OP_CREATE_PROJECT)->body;
	assert_non_null(strstr(body, "bedside"));
	assert_non_null(strstr(body, "function:Nurse"));
	assert_non_null(strstr(body, "TBD"));
	end(&talk);
}

/* As `say`, of many bytes: the pipe is emptied as it fills. */
static void
say_long(struct talk *talk, size_t n)
{
	char piece[1000];

	memset(piece, 'x', sizeof(piece));
	for (; n > 0; n -= sizeof(piece)) {
		assert_int_equal(write(talk->in[1], piece, sizeof(piece)), sizeof(piece));
		assert_true(linear_read(talk->linear, talk->in[0]));
	}
	say(talk, "\n");
}

static void
a_line_too_long_is_refused_whole(void **state)
{
	struct talk talk = begin(NULL);
	char *text;

	(void)state;
	say_long(&talk, 4200 * 1000);
	say(&talk, "projects\n");
	text = end(&talk);
	assert_non_null(strstr(text, "Nothing of that line was taken"));
	assert_non_null(strstr(text, "acme-hq"));
}

/* A hundred devices, loaded anew. */
static void
load_many(struct talk *talk)
{
	struct buf json;

	buf_init(&json, talk->rig, BUF_NO_CAP);
	buf_text(&json, "{\"devices\":[");
	for (int i = 0; i < 100; i++)
		buf_format(&json,
			"%s{\"arn\":\"arn:aws:iot1click:eu-central-1:123456789012:"
			"devices/"
			"G030PM04575%05d\",\"attributes\":{},\"deviceId\":"
			"\"G030PM04575%05d\",\"enabled\":true,\"remainingLife\":90,"
			"\"type\":\"button\",\"tags\":{}}",
			i ? "," : "", i, i);
	buf_text(&json, "]}");
	app_command(talk->rig->app, "reload");
	rig_answer(talk->rig, rig_find(talk->rig, OP_LIST_DEVICES), json.data);
	rig_serve(talk->rig);
	linear_tell(talk->linear);
}

static void
a_long_list_is_told_in_parts(void **state)
{
	struct talk talk = begin(NULL);
	char *text;

	(void)state;
	load_many(&talk);
	say(&talk, "devices\n");
	say(&talk, "90\n"); /* not told yet */
	say(&talk, "\n");
	say(&talk, "200\n");
	for (int i = 0; i < 8; i++)
		say(&talk, "\n");
	text = end(&talk);
	assert_non_null(strstr(text, "more: press Enter for the next"));
	assert_non_null(strstr(text, "No row was told by the number 90"));
	assert_non_null(strstr(text, "G030PM0457500099"));
}

static void
menus_take_numbers_and_prompts_take_text(void **state)
{
	struct talk talk = begin(NULL);
	char *text;

	(void)state;
	say(&talk, "sort\n");
	say(&talk, "2\n");
	say(&talk, "sort\n");
	say(&talk, "none of these\n");
	say(&talk, "filter\n");
	say(&talk, "kitchen\n");
	say(&talk, "mark\n");
	say(&talk, "back\n");
	text = end(&talk);
	assert_non_null(strstr(text, "1 of 7, filter kitchen"));
	assert_non_null(strstr(text, ", marked"));
}

static void
what_may_only_be_read_is_said_with_every_list(void **state)
{
	const struct app_options options = { .context = "audit",
		.endpoint = "https://1click.example",
		.region = "eu-central-1",
		.read_only_by = "--read-only" };
	struct talk talk = begin(&options);
	char *text;

	(void)state;
	say(&talk, "filter zzz\n");
	say(&talk, "enable G030PM0457533771\n");
	assert_false(rig_waits(talk.rig, OP_UPDATE_DEVICE_STATE));
	text = end(&talk);
	assert_non_null(strstr(text, "READ-ONLY"));
	assert_non_null(strstr(text, "0 of 7, filter zzz"));
}

static void
events_are_told_as_they_come(void **state)
{
	struct talk talk = begin(NULL);
	char *text;

	(void)state;
	say(&talk, "events\n");
	rig_live(talk.rig, "DOUBLE",
		RIG_CLICK("G030PM0457514501", "DOUBLE", "10:41:52.000", "21", "acme-hq",
			"kitchen-1f"));
	say(&talk, "times\n");
	text = end(&talk);
	assert_non_null(strstr(text, "DOUBLE"));
}

/* Whatever is said, and whatever is answered to it. */
static void
every_command_is_said_without_escapes(void **state)
{
	static const char *const answers[] = { "1\n", "yes\n", "lobby\n", "\n", "back\n",
		"back\n" };

	(void)state;
	for (enum action_id id = 0; id < ACTION_COUNT; id++) {
		struct talk talk;
		char *text;

		if (!(action_row(id)->where & ACTION_ON_SCREEN) || id == ACTION_QUIT)
			continue;
		talk = begin(NULL);
		say(&talk, mem_format(talk.rig, "%s\n", action_row(id)->words));
		for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++)
			say(&talk, answers[i]);
		text = end(&talk);
		if (strchr(text, '\033'))
			fail_msg("%s said an escape: %s", action_row(id)->words, text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_numbered_sentences_without_escapes),
		cmocka_unit_test(a_number_opens_and_back_returns),
		cmocka_unit_test(a_number_means_the_row_it_was_told_with),
		cmocka_unit_test(a_dialog_takes_its_word_and_nothing_else),
		cmocka_unit_test(a_form_is_asked_field_by_field),
		cmocka_unit_test(a_line_too_long_is_refused_whole),
		cmocka_unit_test(a_long_list_is_told_in_parts),
		cmocka_unit_test(menus_take_numbers_and_prompts_take_text),
		cmocka_unit_test(what_may_only_be_read_is_said_with_every_list),
		cmocka_unit_test(events_are_told_as_they_come),
		cmocka_unit_test(every_command_is_said_without_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
