#include "rig.h"

#include "oneclick/console/action.h"
#include "oneclick/console/keys.h"

static void
every_action_has_words_and_a_sentence_of_help(void **state)
{
	(void)state;
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_row((enum action_id)id);

		assert_int_equal(action->id, id);
		assert_true(*action->words);
		assert_true(strlen(action->help) > 8);
		assert_true(action->where & (ACTION_ON_SCREEN | ACTION_ON_COMMAND_LINE));
		assert_int_equal(
			action->contexts != 0, (action->where & ACTION_ON_SCREEN) != 0);
	}
}

static void
no_two_actions_share_words(void **state)
{
	(void)state;
	for (int a = 0; a < ACTION_COUNT; a++)
		for (int b = 0; b < ACTION_COUNT; b++) {
			const struct action *one = action_row((enum action_id)a);
			const struct action *other = action_row((enum action_id)b);

			assert_false(a != b && strcmp(one->words, other->words) == 0);
			assert_string_not_equal(one->words, other->alias);
			assert_false(a != b && *one->alias &&
				     strcmp(one->alias, other->alias) == 0);
		}
}

static void
count_default(void *arg, const struct fault *why)
{
	(void)why;
	++*(int *)arg;
}

/* keys_new passes default keys that clash over, so count what it bound. */
static void
no_two_actions_share_a_key_in_one_pane(void **state)
{
	int warnings = 0;
	struct keymap *map = keys_new(NULL, NULL, count_default, &warnings);

	(void)state;
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_row((enum action_id)id);
		struct binding binding = { .action = id, .where = "test" };
		char copy[128];

		snprintf(copy, sizeof(copy), "%s", action->keys);
		for (char *save, *key = strtok_r(copy, " ", &save); key;
			key = strtok_r(NULL, " ", &save)) {
			char *colon = strlen(key) > 1 ? strchr(key, ':') : NULL;
			int found = 0;

			assert_int_equal(chord_parse(colon ? colon + 1 : key,
						 &binding.chord, NULL),
				ERR_NONE);
			for (int pane = 0; pane < PANE_COUNT; pane++)
				found += (action->contexts >> pane & 1) &&
					 keymap_find(map, pane, &binding.chord) == id;
			assert_true(found);
			for (int pane = 0; pane < PANE_COUNT && !colon; pane++)
				if (action->contexts >> pane & 1)
					assert_int_equal(
						keymap_find(map, pane, &binding.chord),
						id);
		}
	}
	assert_int_equal(warnings, 0);
	mem_free(map);
}

static void
only_capital_d_destroys(void **state)
{
	(void)state;
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_row((enum action_id)id);

		if (action->confirm == CONFIRM_TYPE_COUNT ||
			action->confirm == CONFIRM_TYPE_NAME)
			assert_string_equal(action->keys, "D");
	}
}

static void
commands_are_found_by_words_and_alias(void **state)
{
	const char *const typed[] = { "device", "enable", "G030PM1" };
	const char *const alias[] = { "unclaim", "G030PM1" };
	const char *const none[] = { "frobnicate" };
	size_t used;

	(void)state;
	assert_int_equal(
		action_find(typed, 3, ACTION_ON_SCREEN, &used)->id, ACTION_DEVICE_ENABLE);
	assert_int_equal(used, 2);
	assert_int_equal(action_find(alias, 2, ACTION_ON_COMMAND_LINE, &used)->id,
		ACTION_DEVICE_UNCLAIM);
	assert_int_equal(used, 1);
	assert_null(action_find(none, 1, ACTION_ON_SCREEN, &used));
}

static void
the_longest_command_wins(void **state)
{
	const char *const pane[] = { "devices" };
	const char *const list[] = { "devices", "list" };
	size_t used;

	(void)state;
	assert_int_equal(
		action_find(pane, 1, ACTION_ON_SCREEN, &used)->id, ACTION_PANE_DEVICES);
	assert_int_equal(action_find(list, 2, ACTION_ON_COMMAND_LINE, &used)->id,
		ACTION_DEVICES_LIST);
}

static void
too_few_or_many_arguments_are_told_the_usage(void **state)
{
	const struct action *associate = action_row(ACTION_ASSOCIATE);
	const struct action *enable = action_row(ACTION_DEVICE_ENABLE);
	struct fault why;

	(void)state;
	assert_int_equal(action_check_count(associate, 4, NULL), ERR_NONE);
	assert_int_equal(action_check_count(associate, 3, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "PROJECT PLACEMENT TEMPLATE DEVICE"));
	assert_int_equal(action_check_count(enable, 0, NULL), ERR_INVALID);
	assert_int_equal(action_check_count(enable, 70, NULL), ERR_NONE);
}

static void
all_writes_of_the_contract_are_writes(void **state)
{
	(void)state;
	assert_true(action_is_write(action_row(ACTION_DEVICE_UNCLAIM)));
	assert_true(action_is_write(action_row(ACTION_CLAIM)));
	assert_true(action_is_write(action_row(ACTION_PRESS)));
	assert_true(action_is_write(action_row(ACTION_DEVICE_REGISTER)));
	assert_false(action_is_write(action_row(ACTION_DEVICES_LIST)));
	assert_false(action_is_write(action_row(ACTION_EXPORT)));
}

struct heard {
	struct fault why;
	int count;
};

static void
hear(void *arg, const struct fault *why)
{
	struct heard *heard = arg;

	heard->why = *why;
	heard->count++;
}

static const struct value *
parse(const void *ctx, const char *json)
{
	const struct value *value = NULL;

	assert_int_equal(json_parse(ctx, json, strlen(json), &value, NULL), ERR_NONE);
	return value;
}

static void
a_user_key_replaces_the_default(void **state)
{
	void *life = mem_life(NULL);
	struct heard heard = { .count = 0 };
	struct keymap *map = keys_new(life,
		parse(life, "{\"devices\":{\"unclaim\":\"Ctrl-k\"}}"), hear, &heard);
	struct chord old = CHORD('D'), now = CHORD_WITH(CHORD_CTRL, 'k');

	(void)state;
	assert_int_equal(heard.count, 0);
	assert_int_equal(keymap_find(map, PANE_DEVICES, &now), ACTION_DEVICE_UNCLAIM);
	assert_int_equal(keymap_find(map, PANE_DEVICES, &old), KEYMAP_NONE);
	assert_int_equal(keymap_find(map, PANE_DEVICE, &old), ACTION_DEVICE_UNCLAIM);
	mem_free(life);
}

static void
a_user_key_for_no_command_is_told_the_nearest(void **state)
{
	void *life = mem_life(NULL);
	struct heard heard = { .count = 0 };

	(void)state;
	keys_new(
		life, parse(life, "{\"devices\":{\"unclam\":\"Ctrl-k\"}}"), hear, &heard);
	assert_int_equal(heard.count, 1);
	assert_non_null(strstr(heard.why.sentence, "unclaim"));
	mem_free(life);
}

static void
a_key_of_job_control_is_refused(void **state)
{
	void *life = mem_life(NULL);
	struct heard heard = { .count = 0 };

	(void)state;
	keys_new(life, parse(life, "{\"devices\":{\"unclaim\":\"Ctrl-z\"}}"), hear,
		&heard);
	assert_int_equal(heard.count, 1);
	mem_free(life);
}

static void
no_change_is_put_on_the_mouse(void **state)
{
	void *life = mem_life(NULL);
	struct heard heard = { .count = 0 };
	struct chord wheel = CHORD(CHORD_WHEEL_UP);
	struct keymap *map = keys_new(life,
		parse(life, "{\"devices\":{\"device enable\":\"WheelUp\","
			    "\"first\":\"WheelDown\"}}"),
		hear, &heard);

	(void)state;
	assert_int_equal(heard.count, 1);
	assert_non_null(strstr(heard.why.sentence, "cannot be on the mouse"));
	assert_int_equal(keymap_find(map, PANE_DEVICES, &wheel), ACTION_UP);
	wheel.key = CHORD_WHEEL_DOWN;
	assert_int_equal(keymap_find(map, PANE_DEVICES, &wheel), ACTION_FIRST);
	mem_free(life);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_has_words_and_a_sentence_of_help),
		cmocka_unit_test(no_two_actions_share_words),
		cmocka_unit_test(no_two_actions_share_a_key_in_one_pane),
		cmocka_unit_test(only_capital_d_destroys),
		cmocka_unit_test(commands_are_found_by_words_and_alias),
		cmocka_unit_test(the_longest_command_wins),
		cmocka_unit_test(too_few_or_many_arguments_are_told_the_usage),
		cmocka_unit_test(all_writes_of_the_contract_are_writes),
		cmocka_unit_test(a_user_key_replaces_the_default),
		cmocka_unit_test(a_user_key_for_no_command_is_told_the_nearest),
		cmocka_unit_test(a_key_of_job_control_is_refused),
		cmocka_unit_test(no_change_is_put_on_the_mouse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
