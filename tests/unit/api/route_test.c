/* Routes: every operation is found, and no hostile path is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "oneclick/api/ask.h"
#include "oneclick/api/route.h"
#include "oneclick/base/mem.h"

#define TAGS "/tags/arn%3Aaws%3Aiot1click%3Aus-west-2%3A123456789012%3A"

static enum err
find(void *life, const char *method, const char *path, struct route *route)
{
	struct fault why = { 0 };
	enum err err = route_find(life, method, path, route, &why);
	assert_int_equal(err != ERR_NONE, why.sentence[0] != '\0');
	return err;
}

static void
labels_are_decoded_after_splitting(void **state)
{
	(void)state;
	void *life = mem_life(NULL);
	struct route route;
	assert_int_equal(
		find(life, "PUT",
			"/projects/a%2Fb/placements/caf%C3%A9%20%2B+/devices/%252e",
			&route),
		ERR_NONE);
	assert_int_equal(route.op, OP_ASSOCIATE_DEVICE_WITH_PLACEMENT);
	assert_int_equal(route.labels->count, 3);
	assert_string_equal(pairs_get(route.labels, "projectName"), "a/b");
	assert_string_equal(pairs_get(route.labels, "placementName"), "caf\xc3\xa9 ++");
	assert_string_equal(pairs_get(route.labels, "deviceTemplateName"), "%2e");
	mem_free(life);
}

static void
the_kind_of_the_arn_chooses_the_api(void **state)
{
	(void)state;
	static const struct {
		const char *method, *path;
		enum op op;
	} rows[] = {
		{ "GET", TAGS "devices%2FG030PM039134U3AT", OP_LIST_TAGS_FOR_DEVICE },
		{ "POST", TAGS "devices%2FG030PM039134U3AT", OP_TAG_DEVICE },
		{ "DELETE", TAGS "devices%2FG030PM039134U3AT", OP_UNTAG_DEVICE },
		{ "GET", TAGS "projects%2fRooms", OP_LIST_TAGS_FOR_PROJECT },
		{ "POST", TAGS "projects%2fRooms", OP_TAG_PROJECT },
		{ "DELETE", TAGS "projects%2fRooms", OP_UNTAG_PROJECT },
	};
	void *life = mem_life(NULL);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct route route;
		assert_int_equal(
			find(life, rows[i].method, rows[i].path, &route), ERR_NONE);
		assert_int_equal(route.op, rows[i].op);
	}
	mem_free(life);
}

/* What it is is said when the members are read, after the signature. */
static void
what_is_no_arn_is_still_an_operation(void **state)
{
	static const char *const paths[] = { "/tags/nonsense", "/tags/arn%3Aaws%3Ax..",
		TAGS "placements%2FRooms", TAGS "devices%2F" };
	void *life = mem_life(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct route route;
		struct ask ask;
		struct fault why;

		assert_int_equal(find(life, "GET", paths[i], &route), ERR_NONE);
		assert_int_not_equal(route.op, OP_NONE);
		assert_int_equal(
			ask_read(life, route.op,
				&(struct ask_source){ .labels = route.labels }, &ask, &why),
			ERR_INVALID);
		assert_non_null(strstr(why.sentence, "ARN"));
	}
	mem_free(life);
}

static void
a_path_with_another_method_is_known_but_no_operation(void **state)
{
	(void)state;
	void *life = mem_life(NULL);
	struct route route;
	assert_int_equal(find(life, "PATCH", "/devices/X", &route), ERR_NONE);
	assert_int_equal(route.op, OP_NONE);
	assert_true(route.path_known);
	assert_int_equal(find(life, "get", "/devices", &route), ERR_NONE);
	assert_int_equal(route.op, OP_NONE);
	assert_int_equal(find(life, "PUT", "/tags/nonsense", &route), ERR_NONE);
	assert_int_equal(route.op, OP_NONE);
	assert_true(route.path_known);
	mem_free(life);
}

static void
paths_of_nothing_are_not_found(void **state)
{
	(void)state;
	static const char *const paths[] = { "/", "/device", "/devicesX", "/Devices",
		"/%64evices", "/devices/a/b", "/devices/a/events/b",
		"/projects/a/placement", "/projects/a/placements/b/devices/c/d", "/tags",
		"/claims", "/tags/a/b", "/metrics" };
	void *life = mem_life(NULL);
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct route route;
		assert_int_equal(find(life, "GET", paths[i], &route), ERR_NONE);
		assert_int_equal(route.op, OP_NONE);
		assert_false(route.path_known);
	}
	mem_free(life);
}

static void
hostile_paths_are_refused(void **state)
{
	(void)state;
	static const char *const paths[] = { "", "devices", "*", "http://host/devices",
		"//devices", "/devices/", "/devices//events", "/projects/a//b",
		"/projects/./b", "/projects/../devices", "/projects/a/..",
		"/projects/%2e%2e", "/projects/%2E", "/projects/.%2e/b",
		"/projects/a%2F..%2Fb", "/projects/..%2fb", "/devices/a%2F.",
		"/devices/%00", "/devices/a%00b", "/devices/%zz", "/devices/%",
		"/devices/%4", "/devices/%e9", "/devices/%ff%fe", "/devices/%c0%ae%c0%ae",
		"/devices/%ed%a0%80", "/devices/a\\b", "/devices/a%5Cb",
		"/devices/a%5c..%5cb", "/devices/a b", "/devices/a\tb",
		"/devices/a\r\nX: y", "/devices/caf\xc3\xa9", "/devices/a\x7f",
		"/devices?x=1", "/devices#x", TAGS "devices%2F..", TAGS "projects%2F..%2Fdevices%2Fx", "/{deviceId}" };
	void *life = mem_life(NULL);
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct route route;
		if (find(life, "GET", paths[i], &route) != ERR_INVALID)
			fail_msg("\"%s\" was taken", paths[i]);
		assert_int_equal(
			route.op == OP_NONE || strncmp(paths[i], "/tags", 5) == 0, 1);
	}
	mem_free(life);
}

static void
a_path_has_at_most_4096_bytes(void **state)
{
	(void)state;
	char path[4200] = "/devices/";
	memset(path + 9, 'a', 4096 - 9);
	assert_int_equal(route_check_path(path, NULL), ERR_NONE);
	path[4096] = 'a';
	assert_int_equal(route_check_path(path, NULL), ERR_INVALID);
}

static void
the_guard_lets_the_other_paths_of_the_service_through(void **state)
{
	(void)state;
	static const char *const paths[] = { "/", "/stream", "/metrics", "/healthz",
		"/ingest/http/a-b_c.d~e", "/a/...", "/a/.hidden", "/a/%252e%252e" };
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		assert_int_equal(route_check_path(paths[i], NULL), ERR_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_decoded_after_splitting),
		cmocka_unit_test(the_kind_of_the_arn_chooses_the_api),
		cmocka_unit_test(what_is_no_arn_is_still_an_operation),
		cmocka_unit_test(a_path_with_another_method_is_known_but_no_operation),
		cmocka_unit_test(paths_of_nothing_are_not_found),
		cmocka_unit_test(hostile_paths_are_refused),
		cmocka_unit_test(a_path_has_at_most_4096_bytes),
		cmocka_unit_test(the_guard_lets_the_other_paths_of_the_service_through),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
