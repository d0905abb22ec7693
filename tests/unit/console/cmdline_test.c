/* The command line: its words, and what Tab completes. */
#include "rig.h"

static const char *
line_of(const struct rig *rig)
{
	return rig->app->modal.prompt.edit.text;
}

static void
tab_completes_what_may_stand_there(void **state)
{
	static const struct {
		const char *typed, *completed;
	} rows[] = {
		{ "project sh", "project show " },
		{ "project show plan", "project show plant-7 " },
		{ "  project show ac", "  project show acme-hq " },
		{ "placements acme", "placements acme-hq " },
		{ "placement show acme-hq mail", "placement show acme-hq mail-room " },
		{ "enable P5", "enable P5SJVQ2007V8296A " },
		{ "enable P5SJVQ2007V8296A G030PM045752",
			"enable P5SJVQ2007V8296A G030PM0457520411 " },
		{ "sort batt", "sort battery " },
		{ "press G030PM0457511071 DOU", "press G030PM0457511071 DOUBLE " },
		{ "messages zz", "messages zz" },
		{ "zzz", "zzz" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct rig *rig = rig_fleet(NULL);
		size_t n;

		rig_command(rig, "placements acme-hq");
		rig_serve(rig);
		rig_command(rig, "devices");
		rig_keys(rig, ":");
		rig_type(rig, rows[i].typed);
		if (*rows[i].typed)
			rig_keys(rig, "Tab");
		n = strlen(rows[i].completed);
		while (n > 0 && rows[i].completed[n - 1] == ' ')
			n--;
		if (strncmp(line_of(rig), rows[i].completed, n) != 0)
			fail_msg("\"%s\" became \"%s\"", rows[i].typed, line_of(rig));
		rig_free(rig);
	}
}

static void
words_may_stand_in_quotes_and_blanks_anywhere(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_command(rig, "   project   show   \"acme-hq\"   ");
	assert_int_equal(rig->app->pane->class->id, PANE_PROJECT);
	rig_command(rig, "devices");
	rig_command(rig, "filter \"lobby 2f\" ");
	assert_string_equal(rig->app->pane->table->filter_text, "lobby 2f");
	rig_command(rig, "    ");
	rig_command(rig, "a b c d e f g h i j k l m n o p q r s t u v w x y z");
	assert_true(rig_shows(rig, "There is no command"));
	rig_command(rig, "devises");
	assert_true(rig_shows(rig, "did you mean \"devices\"?"));
	rig_command(rig, "placement show acme-hq");
	assert_true(rig_shows(rig, "PLACEMENT"));
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tab_completes_what_may_stand_there),
		cmocka_unit_test(words_may_stand_in_quotes_and_blanks_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
