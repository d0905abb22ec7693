/* Messages a broker sends again, told from new ones that look the same. */
#include "../../../src/service/ingest/resent.h"
#include "fleet.h"

static struct mqtt_message
message(int id, const char *payload)
{
	return (struct mqtt_message){ .topic = "flic/1/action",
		.payload = payload,
		.size = strlen(payload),
		.id = id };
}

static uint64_t
mark(int id)
{
	const struct mqtt_message click = message(id, "click");

	return resent_mark(&click);
}

static struct resent *
open_resent(void)
{
	struct resent *resent = NULL;

	must(resent_open(fleet.life, fleet.store, &resent, &fleet.why));
	return resent;
}

static enum err
note(struct tx *tx, void *arg, struct fault *why)
{
	return marks_note(tx, arg, why);
}

/* Takes messages of these IDs as a batch. */
static void
take(struct resent *resent, int first, int last, int64_t at)
{
	uint64_t all[16];
	struct marks marks = { .batch = resent_next(resent), .at = at, .mark = all };

	for (int id = first; id <= last; id++)
		all[marks.count++] = mark(id);
	must(store_write(fleet.store, note, &marks, &fleet.why));
	resent_keep(resent, &marks);
}

static void
marks_tell_messages_apart(void **state)
{
	const struct mqtt_message a = message(1, "click"), b = message(1, "hold"),
				  none = message(0, "click");

	(void)state;
	assert_true(resent_mark(&a) == mark(1));
	assert_true(resent_mark(&b) != mark(1));
	assert_true(mark(2) != mark(1));
	assert_true(resent_mark(&none) == 0);
}

static void
what_was_taken_comes_first_and_is_known(void **state)
{
	struct resent *resent = open_resent();

	(void)state;
	take(resent, 1, 3, 1000);
	assert_false(resent_was_taken(resent, mark(3), 1000));
	resent_note_end(resent, 1500);
	resent_note_begin(resent, true);
	assert_true(resent_was_taken(resent, mark(2), 2000));
	assert_true(resent_was_taken(resent, mark(3), 2000));
	assert_false(resent_was_taken(resent, mark(4), 2000));
	assert_false(resent_was_taken(resent, mark(3), 2000));
}

static void
it_is_known_again_when_the_next_connection_does_not_last(void **state)
{
	struct resent *resent = open_resent();

	(void)state;
	take(resent, 1, 2, 1000);
	resent_note_end(resent, 1500);
	resent_note_begin(resent, true);
	assert_true(resent_was_taken(resent, mark(1), 600 * 1000));
	resent_note_end(resent, 600 * 1000 + 1);
	resent_note_begin(resent, true);
	assert_true(resent_was_taken(resent, mark(1), 600 * 1000 + 2));
}

static void
it_is_known_after_a_restart(void **state)
{
	struct resent *resent = open_resent();

	(void)state;
	take(resent, 1, 2, 1000);
	take(resent, 3, 3, 2000);
	resent = open_resent();
	assert_int_equal(resent_next(resent), 3);
	resent_note_begin(resent, true);
	for (int id = 1; id <= 3; id++)
		assert_true(resent_was_taken(resent, mark(id), 5000));
}

static void
what_was_taken_long_before_the_end_cannot_come_again(void **state)
{
	struct resent *resent = open_resent();

	(void)state;
	take(resent, 1, 1, 1000);
	resent_note_end(resent, 31 * 1000 + 1);
	resent_note_begin(resent, true);
	assert_false(resent_was_taken(resent, mark(1), 40 * 1000));
}

static void
a_broker_that_forgot_us_repeats_nothing(void **state)
{
	struct resent *resent = open_resent();

	(void)state;
	take(resent, 1, 1, 1000);
	resent_note_end(resent, 1500);
	resent_note_begin(resent, false);
	assert_false(resent_was_taken(resent, mark(1), 2000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(marks_tell_messages_apart),
		TEST(what_was_taken_comes_first_and_is_known),
		TEST(it_is_known_again_when_the_next_connection_does_not_last),
		TEST(it_is_known_after_a_restart),
		TEST(what_was_taken_long_before_the_end_cannot_come_again),
		TEST(a_broker_that_forgot_us_repeats_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
