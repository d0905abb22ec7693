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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_numbered_sentences_without_escapes),
		cmocka_unit_test(a_number_opens_and_back_returns),
		cmocka_unit_test(a_number_means_the_row_it_was_told_with),
		cmocka_unit_test(a_dialog_takes_its_word_and_nothing_else),
		cmocka_unit_test(a_form_is_asked_field_by_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
