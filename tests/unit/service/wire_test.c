/* The bytes of a reply to each of the 29 operations. */
#include "story.h"

static void
each_operation_answers_with_its_golden_bytes(void **state)
{
	(void)state;
	begin_story();
	for (size_t i = 0; i < LINES; i++) {
		must(tell(&story[i]));
		check_golden(story[i].name);
	}
}

static void
the_story_leaves_no_operation_out(void **state)
{
	(void)state;
	for (int op = 0; op < OP_COUNT; op++) {
		bool told = false;

		for (size_t i = 0; i < LINES; i++)
			told = told || (int)story[i].op == op;
		if (!told)
			fail_msg("%s has no golden reply", op_info((enum op)op)->name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_operation_answers_with_its_golden_bytes),
		TEST(the_story_leaves_no_operation_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
