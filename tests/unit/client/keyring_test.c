/* Keys that a program prints: who waits for them, and what becomes of those who do. */
#include "../../../src/client/keyring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/base/mem.h"

#define KEYS "\"Version\":1,\"AccessKeyId\":\"AK\",\"SecretAccessKey\":\"s\""

struct scene {
	struct loop *loop;
	struct keyring *keyring;
	struct keyring_wait wait[3];
	int told, refused;
	bool frees, waits_anew;
	char sentence[512];
};

static void
hear(void *arg, const struct fault *why)
{
	struct scene *scene = arg;

	scene->told++;
	scene->refused += why != NULL;
	if (why)
		snprintf(scene->sentence, sizeof scene->sentence, "%s", why->sentence);
	if (scene->frees) {
		keyring_free(scene->keyring);
		scene->keyring = NULL;
		scene->frees = false;
	} else if (scene->waits_anew) {
		scene->waits_anew = false;
		keyring_await(scene->keyring, &scene->wait[2]);
		return;
	}
	loop_stop(scene->loop);
}

static struct scene *
open_scene(const char *script)
{
	const char *const process[] = { "sh", "-c", script, NULL };
	const struct creds creds = { .process = process, .source = "test" };
	struct scene *scene = mem_new(NULL, struct scene);

	scene->loop = loop_new();
	scene->keyring = keyring_new(NULL, scene->loop, &creds);
	for (size_t i = 0; i < 3; i++)
		scene->wait[i] = (struct keyring_wait){ .fn = hear, .arg = scene };
	assert_false(keyring_is_ready(scene->keyring));
	assert_null(keyring_creds(scene->keyring));
	return scene;
}

static void
close_scene(struct scene *scene)
{
	if (scene->keyring)
		keyring_free(scene->keyring);
	loop_free(scene->loop);
	mem_free(scene);
}

static void
all_who_wait_are_told_of_one_run(void **state)
{
	struct scene *scene = open_scene("echo '{" KEYS ",\"SessionToken\":\"t\"}'");

	(void)state;
	keyring_await(scene->keyring, &scene->wait[0]);
	keyring_await(scene->keyring, &scene->wait[1]);
	loop_run(scene->loop);
	assert_int_equal(scene->told, 2);
	assert_int_equal(scene->refused, 0);
	assert_true(keyring_is_ready(scene->keyring));
	assert_string_equal(keyring_creds(scene->keyring)->access_key, "AK");
	assert_string_equal(keyring_creds(scene->keyring)->session_token, "t");
	close_scene(scene);
}

static void
who_waits_no_more_is_not_told(void **state)
{
	struct scene *scene = open_scene("echo '{" KEYS "}'");

	(void)state;
	keyring_await(scene->keyring, &scene->wait[0]);
	keyring_await(scene->keyring, &scene->wait[1]);
	keyring_forget(scene->keyring, &scene->wait[0]);
	loop_run(scene->loop);
	assert_int_equal(scene->told, 1);
	close_scene(scene);
}

static void
who_is_told_may_wait_anew_or_free_it(void **state)
{
	struct scene *scene = open_scene("echo no luck >&2; exit 3");

	(void)state;
	scene->waits_anew = true;
	keyring_await(scene->keyring, &scene->wait[0]);
	loop_run(scene->loop);
	assert_int_equal(scene->told, 2);
	assert_int_equal(scene->refused, 2);
	assert_non_null(strstr(scene->sentence, "ended with 3: no luck"));
	scene->frees = true;
	keyring_await(scene->keyring, &scene->wait[0]);
	keyring_await(scene->keyring, &scene->wait[1]);
	loop_run(scene->loop);
	assert_int_equal(scene->told, 3);
	close_scene(scene);
}

static void
one_that_runs_is_ended_with_us(void **state)
{
	struct scene *scene = open_scene("sleep 1000");

	(void)state;
	keyring_await(scene->keyring, &scene->wait[0]);
	loop_turn(scene->loop);
	close_scene(scene);
}

static void
what_does_not_start_is_told_later(void **state)
{
	const char *const process[] = { "/nowhere/keys", NULL };
	const struct creds creds = { .process = process, .source = "test" };
	struct scene *scene = open_scene("true");

	(void)state;
	keyring_free(scene->keyring);
	scene->keyring = keyring_new(NULL, scene->loop, &creds);
	keyring_await(scene->keyring, &scene->wait[0]);
	assert_int_equal(scene->told, 0);
	loop_run(scene->loop);
	assert_non_null(strstr(scene->sentence, "cannot be started"));
	close_scene(scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_who_wait_are_told_of_one_run),
		cmocka_unit_test(who_waits_no_more_is_not_told),
		cmocka_unit_test(who_is_told_may_wait_anew_or_free_it),
		cmocka_unit_test(one_that_runs_is_ended_with_us),
		cmocka_unit_test(what_does_not_start_is_told_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
