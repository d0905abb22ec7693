#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/keymap.h"

static int
begin(void **state)
{
	*state = mem_life(NULL);
	return 0;
}

static int
end(void **state)
{
	mem_free(*state);
	return 0;
}

enum { EVERYWHERE, DEVICES, EVENTS };
enum { QUIT, ENABLE, FOLLOW };

static const char *const contexts[] = { "everywhere", "devices", "events" };

static enum err
bind(struct keymap *map, int context, const char *key, int action, int layer,
	struct fault *why)
{
	struct binding row = { .context = context,
		.action = action,
		.layer = layer,
		.where = layer ? "keys.yaml:3:5" : "defaults" };

	assert_int_equal(chord_parse(key, &row.chord, NULL), ERR_NONE);
	return keymap_bind(map, &row, why);
}

static int
find(const struct keymap *map, int context, const char *key)
{
	struct chord chord;

	assert_int_equal(chord_parse(key, &chord, NULL), ERR_NONE);
	return keymap_find(map, context, &chord);
}

static struct keymap *
filled(void **state)
{
	struct keymap *map = keymap_new(*state, contexts);

	assert_int_equal(bind(map, EVERYWHERE, "q", QUIT, 0, NULL), ERR_NONE);
	assert_int_equal(bind(map, DEVICES, "+", ENABLE, 0, NULL), ERR_NONE);
	assert_int_equal(bind(map, EVENTS, "f", FOLLOW, 0, NULL), ERR_NONE);
	return map;
}

static void
a_key_means_what_its_context_says_then_what_everywhere_says(void **state)
{
	struct keymap *map = filled(state);

	assert_int_equal(find(map, DEVICES, "+"), ENABLE);
	assert_int_equal(find(map, EVENTS, "+"), KEYMAP_NONE);
	assert_int_equal(find(map, EVENTS, "q"), QUIT);
	assert_int_equal(bind(map, EVENTS, "q", FOLLOW, 0, NULL), ERR_NONE);
	assert_int_equal(find(map, EVENTS, "q"), FOLLOW);
	assert_int_equal(find(map, DEVICES, "q"), QUIT);
}

static void
a_users_key_wins_over_a_default(void **state)
{
	struct keymap *map = filled(state);

	assert_int_equal(bind(map, DEVICES, "+", FOLLOW, 2, NULL), ERR_NONE);
	assert_int_equal(bind(map, DEVICES, "+", ENABLE, 1, NULL), ERR_NONE);
	assert_int_equal(find(map, DEVICES, "+"), FOLLOW);
}

static void
two_bindings_that_fight_are_both_named(void **state)
{
	struct keymap *map = filled(state);
	struct fault why;

	assert_int_equal(bind(map, EVENTS, "x", FOLLOW, 2, NULL), ERR_NONE);
	assert_int_equal(bind(map, EVENTS, "x", QUIT, 2, &why), ERR_CONFLICT);
	assert_non_null(strstr(why.sentence, "keys.yaml:3:5: x in events"));
	assert_int_equal(find(map, EVENTS, "x"), FOLLOW);
}

static void
keys_of_job_and_flow_control_are_refused(void **state)
{
	static const char *const keys[] = { "Ctrl-z", "Ctrl-\\", "Ctrl-s", "Ctrl-q" };
	struct keymap *map = filled(state);
	struct fault why;

	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(
			bind(map, EVENTS, keys[i], QUIT, 2, &why), ERR_FORBIDDEN);
		assert_non_null(strstr(why.sentence, keys[i]));
	}
}

static void
an_action_rebound_loses_its_defaults(void **state)
{
	struct keymap *map = filled(state);

	keymap_unbind(map, DEVICES, ENABLE, 2);
	assert_int_equal(bind(map, DEVICES, "e", ENABLE, 2, NULL), ERR_NONE);
	assert_int_equal(find(map, DEVICES, "+"), KEYMAP_NONE);
	assert_int_equal(find(map, DEVICES, "e"), ENABLE);
}

static void
the_keys_of_an_action_are_those_that_reach_it(void **state)
{
	struct keymap *map = filled(state);
	char name[CHORD_NAME_MAX];

	assert_int_equal(bind(map, EVERYWHERE, "Ctrl-x", QUIT, 0, NULL), ERR_NONE);
	assert_int_equal(bind(map, EVENTS, "q", FOLLOW, 0, NULL), ERR_NONE);
	chord_name(&keymap_key_of(map, EVENTS, QUIT, 0)->chord, name);
	assert_string_equal(name, "Ctrl-x");
	assert_null(keymap_key_of(map, EVENTS, QUIT, 1));
	assert_non_null(keymap_key_of(map, DEVICES, QUIT, 1));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(a_key_means_what_its_context_says_then_what_everywhere_says),
		T(a_users_key_wins_over_a_default),
		T(two_bindings_that_fight_are_both_named),
		T(keys_of_job_and_flow_control_are_refused),
		T(an_action_rebound_loses_its_defaults),
		T(the_keys_of_an_action_are_those_that_reach_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
