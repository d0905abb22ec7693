#include "../../../src/console/errand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/console/demo_fleet.h"
#include "oneclick/base/mem.h"
#include "oneclick/model/product.h"

#define ARN "arn:aws:iot1click:us-west-2:000000000000:"

struct scene {
	void *life;
	struct errand *errand;
	size_t count;
	struct fault why;
};

static enum err
read_line(struct scene *scene, const char *const *word, size_t count)
{
	size_t used;
	const struct action *action =
		action_find(word, count, ACTION_ON_COMMAND_LINE, &used);

	assert_non_null(action);
	return errands_read(scene->life, action, word + used, count - used,
		&scene->errand, &scene->count, &scene->why);
}
#define READ(scene, ...) \
	read_line((scene), (const char *const[]){ __VA_ARGS__ }, \
		sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void
several_devices_are_an_errand_each(void **state)
{
	struct scene scene = { .life = mem_life(NULL) };

	(void)state;
	assert_int_equal(READ(&scene, "disable", "G030PM1", "G030PM2"), ERR_NONE);
	assert_int_equal(scene.count, 2);
	assert_int_equal(scene.errand[1].op, OP_UPDATE_DEVICE_STATE);
	assert_string_equal(scene.errand[1].ask.device_id, "G030PM2");
	assert_int_equal(scene.errand[1].ask.enabled, 0);
	mem_free(scene.life);
}

static void
a_claim_takes_ids_and_codes_alike(void **state)
{
	struct scene scene = { .life = mem_life(NULL) };

	(void)state;
	assert_int_equal(
		READ(&scene, "claim", "G030PM0000000001", "C-1234567890AB"), ERR_NONE);
	assert_int_equal(scene.errand[0].op, OP_INITIATE_DEVICE_CLAIM);
	assert_int_equal(scene.errand[1].op, OP_CLAIM_DEVICES_BY_CLAIM_CODE);
	assert_string_equal(scene.errand[1].ask.claim_code, "C-1234567890AB");
	mem_free(scene.life);
}

static void
words_go_where_the_usage_says(void **state)
{
	struct scene scene = { .life = mem_life(NULL) };
	struct ask *ask;

	(void)state;
	assert_int_equal(
		READ(&scene, "associate", "P", "room", "Door", "G030PM1"), ERR_NONE);
	ask = &scene.errand[0].ask;
	assert_string_equal(ask->project_name, "P");
	assert_string_equal(ask->placement_name, "room");
	assert_string_equal(ask->template_name, "Door");
	assert_string_equal(ask->device_id, "G030PM1");
	assert_int_equal(READ(&scene, "placement", "create", "P", "room", "a=1", "b=x=y"),
		ERR_NONE);
	ask = &scene.errand[0].ask;
	assert_string_equal(pairs_get(ask->attributes, "b"), "x=y");
	assert_int_equal(ask->attributes->count, 2);
	mem_free(scene.life);
}

static void
the_arn_chooses_the_api(void **state)
{
	struct scene scene = { .life = mem_life(NULL) };

	(void)state;
	assert_int_equal(READ(&scene, "tags", "set", ARN "projects/P", "k=v"), ERR_NONE);
	assert_int_equal(scene.errand[0].op, OP_TAG_PROJECT);
	assert_string_equal(pairs_get(scene.errand[0].ask.tags, "k"), "v");
	assert_int_equal(READ(&scene, "tags", "remove", ARN "devices/G030PM1", "k", "l"),
		ERR_NONE);
	assert_int_equal(scene.errand[0].op, OP_UNTAG_DEVICE);
	assert_int_equal(scene.errand[0].ask.tag_keys.count, 2);
	assert_int_equal(READ(&scene, "tags", "list", "nonsense"), ERR_INVALID);
	mem_free(scene.life);
}

static void
too_few_and_malformed_words_are_refused(void **state)
{
	struct scene scene = { .life = mem_life(NULL) };

	(void)state;
	assert_int_equal(READ(&scene, "associate", "P"), ERR_INVALID);
	assert_int_equal(
		READ(&scene, "placement", "create", "P", "r", "novalue"), ERR_INVALID);
	assert_non_null(strstr(scene.why.sentence, "KEY=VALUE"));
	assert_int_equal(
		READ(&scene, "device", "events", "G030PM1", "soon"), ERR_INVALID);
	mem_free(scene.life);
}

static void
the_demo_fleet_is_the_same_for_the_same_seed(void **state)
{
	static struct demo_fleet a, b, c;

	(void)state;
	demo_fleet_draw(&a, 7);
	demo_fleet_draw(&b, 7);
	demo_fleet_draw(&c, 8);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_memory_not_equal(&a, &c, sizeof(a));
}

static void
the_demo_fleet_has_well_formed_ids_that_differ(void **state)
{
	static struct demo_fleet fleet;

	(void)state;
	demo_fleet_draw(&fleet, 0);
	for (int i = 0; i < DEMO_BUTTONS; i++) {
		assert_int_equal(device_id_check(fleet.button[i].id, NULL), ERR_NONE);
		assert_int_equal(strlen(fleet.button[i].id), 16);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(fleet.button[i].id, fleet.button[k].id);
	}
}

static void
the_demos_steps_go_phase_by_phase_and_can_be_written(void **state)
{
	static struct demo_fleet fleet;
	void *life = mem_life(NULL);
	struct demo_step step;
	struct ask_wire wire;
	size_t steps = 0;
	int phase = 0;

	(void)state;
	demo_fleet_draw(&fleet, 1);
	for (; demo_fleet_step(&fleet, life, steps, &step); steps++) {
		assert_true(step.phase >= phase);
		phase = step.phase;
		if (step.op != OP_NONE)
			assert_int_equal(ask_write(life, step.op, &step.ask, &wire, NULL),
				ERR_NONE);
	}
	assert_int_equal(steps, demo_fleet_steps(&fleet));
	mem_free(life);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_devices_are_an_errand_each),
		cmocka_unit_test(a_claim_takes_ids_and_codes_alike),
		cmocka_unit_test(words_go_where_the_usage_says),
		cmocka_unit_test(the_arn_chooses_the_api),
		cmocka_unit_test(too_few_and_malformed_words_are_refused),
		cmocka_unit_test(the_demo_fleet_is_the_same_for_the_same_seed),
		cmocka_unit_test(the_demo_fleet_has_well_formed_ids_that_differ),
		cmocka_unit_test(the_demos_steps_go_phase_by_phase_and_can_be_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
