/* Runs of several changes: told how far they are, stopped whole, and never left without a
 * word. */
#include "rig.h"

#include "oneclick/console/job.h"

enum { MANY = 20 };

static const char *
last_message(const struct rig *rig)
{
	return rig->app->message[(rig->app->messages - 1) % MESSAGES_KEPT].text;
}

static size_t
count_waiting(const struct rig *rig, enum op op)
{
	size_t count = 0;

	for (size_t i = 0; i < rig->calls; i++)
		count += rig->call[i].request && rig->call[i].op == op;
	return count;
}

/* A run of MANY, of which JOB_AT_ONCE are under way. */
static struct rig *
begin_run(void)
{
	struct rig *rig = rig_fleet(NULL);
	struct buf line;

	buf_init(&line, rig, BUF_NO_CAP);
	buf_text(&line, "device disable");
	for (int i = 0; i < MANY; i++)
		buf_format(&line, " G030PM04575%05d", i);
	rig_command(rig, line.data);
	rig_keys(rig, "Tab Enter");
	assert_int_equal(count_waiting(rig, OP_UPDATE_DEVICE_STATE), JOB_AT_ONCE);
	rig_answer(rig, rig_find(rig, OP_UPDATE_DEVICE_STATE), "{}");
	rig_refuse(rig, rig_find(rig, OP_UPDATE_DEVICE_STATE), ERR_NOT_FOUND, "no such");
	return rig;
}

static void
ctrl_c_stops_all_of_it_and_says_how_far_it_came(void **state)
{
	struct rig *rig = begin_run();

	(void)state;
	rig_keys(rig, "Ctrl-c");
	assert_non_null(strstr(last_message(rig), "what is under way (8) is waited for"));
	while (count_waiting(rig, OP_UPDATE_DEVICE_STATE))
		rig_answer(rig, rig_find(rig, OP_UPDATE_DEVICE_STATE), "{}");
	assert_non_null(strstr(last_message(rig),
		"device disable: 9 of 20 devices disabled, 1 not, 10 not begun"));
	assert_non_null(strstr(last_message(rig), "no such"));
	assert_null(rig->app->jobs);
	assert_false(rig->app->quit);
	rig_free(rig);
}

static void
ctrl_c_again_gives_the_calls_under_way_up(void **state)
{
	struct rig *rig = begin_run();

	(void)state;
	for (int i = 0; i < 1 + JOB_AT_ONCE; i++)
		rig_keys(rig, "Ctrl-c");
	assert_null(rig->app->jobs);
	assert_non_null(
		strstr(last_message(rig), "1 of 20 devices disabled, 9 not, 10 not begun"));
	rig_free(rig);
}

static void
quitting_asks_and_says_what_is_not_done(void **state)
{
	struct rig *rig = begin_run();

	(void)state;
	rig_keys(rig, "q");
	assert_false(rig->app->quit);
	assert_true(rig_shows(rig, "Leave the console"));
	assert_true(rig_shows(rig, "1 of 20 devices disabled, 1 not, 8 under"));
	rig_keys(rig, "Enter");
	assert_false(rig->app->quit);
	rig_keys(rig, "q Tab Enter");
	assert_true(rig->app->quit);
	assert_string_equal(app_under_way(rig->app, rig),
		"device disable: 1 of 20 devices disabled, 1 not, 8 under way, 10 not begun");
	rig_free(rig);
}

static void
nothing_under_way_is_nothing_to_ask(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	assert_null(app_under_way(rig->app, rig));
	rig_keys(rig, "q");
	assert_true(rig->app->quit);
	rig_free(rig);
}

/* More than sixty words were left out without a word. */
static void
a_command_takes_as_many_words_as_it_is_given(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	struct buf line;

	(void)state;
	buf_init(&line, rig, BUF_NO_CAP);
	buf_text(&line, "device disable");
	for (int i = 0; i < 1000; i++)
		buf_format(&line, " G030PM04575%05d", i);
	rig_command(rig, line.data);
	assert_true(rig_shows(rig, "Disable 1000 devices"));
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ctrl_c_stops_all_of_it_and_says_how_far_it_came),
		cmocka_unit_test(ctrl_c_again_gives_the_calls_under_way_up),
		cmocka_unit_test(quitting_asks_and_says_what_is_not_done),
		cmocka_unit_test(nothing_under_way_is_nothing_to_ask),
		cmocka_unit_test(a_command_takes_as_many_words_as_it_is_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
