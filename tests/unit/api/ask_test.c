/* Asks: the 29 operations on the wire, there and back, and what is refused on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oneclick/api/ask.h"
#include "oneclick/api/route.h"
#include "oneclick/base/mem.h"

#define DEVICE_ARN "arn:aws:iot1click:us-west-2:123456789012:devices/D-1"
#define PROJECT_ARN "arn:aws:iot1click:us-west-2:123456789012:projects/Rooms"
#define TAGS "/tags/arn%3Aaws%3Aiot1click%3Aus-west-2%3A123456789012%3A"
#define SLOT "/projects/Rooms/placements/Room_217/devices/bell"
#define TOKEN "nextToken=a%20b%2Fc%2Bd%3D%26%25"
#define SOME_TAGS "{\"tags\":{\"Driver.Phone\":\"1-555 555\"}}"
#define SOME_KEYS "tagKeys=Driver.Phone&tagKeys=a%2Bb%3Dc"
#define SOME_TEMPLATE \
	"\"description\":\"caf\xc3\xa9 \\\"x\\\"\",\"placementTemplate\":" \
	"{\"defaultAttributes\":{\"room\":\"237\"},\"deviceTemplates\":{\"bell\":" \
	"{\"deviceType\":\"button\",\"callbackOverrides\":" \
	"{\"onClickCallback\":\"arn:x\"}}}}"

static void *life;

static int
begin(void **state)
{
	(void)state;
	life = mem_life(NULL);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	mem_free(life);
	return 0;
}

static struct pairs *
pair(const char *key, const char *value)
{
	struct pairs *pairs = pairs_new(life);
	pairs_set(pairs, key, value);
	return pairs;
}

/* Every member there is; each operation takes those that are its own. */
static struct ask
full_ask(enum op_api api)
{
	static const char *keys[] = { "Driver.Phone", "a+b=c" };
	struct placement_template *template = mem_new(life, struct placement_template);
	template->defaults = pair("room", "237");
	template->templates = mem_array(life, struct device_template, 1);
	template->templates[0] = (struct device_template){ .name = "bell",
		.type = "button",
		.callbacks = pair("onClickCallback", "arn:x") };
	template->count = 1;
	struct ask ask;
	ask_init(&ask);
	ask.claim_code = "C-123 EXAMPLE";
	ask.device_id = "D:1";
	ask.device_type = "button";
	ask.resource_arn = api == OP_API_DEVICES ? DEVICE_ARN : PROJECT_ARN;
	ask.project_name = "Rooms";
	ask.placement_name = "Room_217";
	ask.template_name = "bell";
	ask.description = "caf\xc3\xa9 \"x\"";
	ask.method_type = "device";
	ask.method_name = "getDeviceHealthParameters";
	ask.method_parameters = "{\"a\":1}";
	ask.next_token = "a b/c+d=&%";
	ask.enabled = 0;
	ask.max_results = 250;
	ask.from = 1563378312880;
	ask.to = 1563408000000;
	ask.attributes = pair("room", "");
	ask.tags = pair("Driver.Phone", "1-555 555");
	ask.tag_keys = (struct texts){ .item = keys, .count = 2 };
	ask.placement_template = template;
	return ask;
}

static const struct {
	enum op op;
	const char *target, *body;
} wires[] = {
#define WIRE(id, target, body) \
	{ \
		OP_##id, target, body \
	}
	WIRE(CLAIM_DEVICES_BY_CLAIM_CODE, "/claims/C-123%20EXAMPLE", NULL),
	WIRE(DESCRIBE_DEVICE, "/devices/D%3A1", NULL),
	WIRE(FINALIZE_DEVICE_CLAIM, "/devices/D%3A1/finalize-claim", SOME_TAGS),
	WIRE(GET_DEVICE_METHODS, "/devices/D%3A1/methods", NULL),
	WIRE(INITIATE_DEVICE_CLAIM, "/devices/D%3A1/initiate-claim", NULL),
	WIRE(INVOKE_DEVICE_METHOD, "/devices/D%3A1/methods",
		"{\"deviceMethod\":{\"deviceType\":\"device\",\"methodName\":"
		"\"getDeviceHealthParameters\"},\"deviceMethodParameters\":"
		"\"{\\\"a\\\":1}\"}"),
	WIRE(LIST_DEVICE_EVENTS,
		"/devices/D%3A1/events?fromTimeStamp=2019-07-17T15%3A45%3A12.880Z"
		"&maxResults=250&" TOKEN "&toTimeStamp=2019-07-18T00%3A00%3A00.000Z",
		NULL),
	WIRE(LIST_DEVICES, "/devices?deviceType=button&maxResults=250&" TOKEN, NULL),
	WIRE(LIST_TAGS_FOR_DEVICE, TAGS "devices%2FD-1", NULL),
	WIRE(TAG_DEVICE, TAGS "devices%2FD-1", SOME_TAGS),
	WIRE(UNCLAIM_DEVICE, "/devices/D%3A1/unclaim", NULL),
	WIRE(UNTAG_DEVICE, TAGS "devices%2FD-1?" SOME_KEYS, NULL),
	WIRE(UPDATE_DEVICE_STATE, "/devices/D%3A1/state", "{\"enabled\":false}"),
	WIRE(ASSOCIATE_DEVICE_WITH_PLACEMENT, SLOT, "{\"deviceId\":\"D:1\"}"),
	WIRE(CREATE_PLACEMENT, "/projects/Rooms/placements",
		"{\"placementName\":\"Room_217\",\"attributes\":{\"room\":\"\"}}"),
	WIRE(CREATE_PROJECT, "/projects",
		"{\"projectName\":\"Rooms\"," SOME_TEMPLATE
		",\"tags\":{\"Driver.Phone\":\"1-555 555\"}}"),
	WIRE(DELETE_PLACEMENT, "/projects/Rooms/placements/Room_217", NULL),
	WIRE(DELETE_PROJECT, "/projects/Rooms", NULL),
	WIRE(DESCRIBE_PLACEMENT, "/projects/Rooms/placements/Room_217", NULL),
	WIRE(DESCRIBE_PROJECT, "/projects/Rooms", NULL),
	WIRE(DISASSOCIATE_DEVICE_FROM_PLACEMENT, SLOT, NULL),
	WIRE(GET_DEVICES_IN_PLACEMENT, "/projects/Rooms/placements/Room_217/devices",
		NULL),
	WIRE(LIST_PLACEMENTS, "/projects/Rooms/placements?" TOKEN "&maxResults=250",
		NULL),
	WIRE(LIST_PROJECTS, "/projects?" TOKEN "&maxResults=250", NULL),
	WIRE(LIST_TAGS_FOR_PROJECT, TAGS "projects%2FRooms", NULL),
	WIRE(TAG_PROJECT, TAGS "projects%2FRooms", SOME_TAGS),
	WIRE(UNTAG_PROJECT, TAGS "projects%2FRooms?" SOME_KEYS, NULL),
	WIRE(UPDATE_PLACEMENT, "/projects/Rooms/placements/Room_217",
		"{\"attributes\":{\"room\":\"\"}}"),
	WIRE(UPDATE_PROJECT, "/projects/Rooms", "{" SOME_TEMPLATE "}"),
#undef WIRE
};
enum { WIRES = sizeof wires / sizeof *wires };

static void
assert_text(const char *got, const char *expected)
{
	if (expected == NULL)
		assert_null(got);
	else
		assert_string_equal(got, expected);
}

/* As the service takes a request: route, then read. */
static enum err
receive(const char *method, const char *target, const char *body, struct ask *ask,
	struct fault *why)
{
	const char *mark = strchr(target, '?');
	struct route route;
	char *path = mem_textn(life, target, strcspn(target, "?"));
	assert_int_equal(route_find(life, method, path, &route, NULL), ERR_NONE);
	assert_true(route.op != OP_NONE);
	struct ask_source from = { .labels = route.labels,
		.query = mark == NULL ? NULL : mark + 1,
		.body = body,
		.body_len = body == NULL ? 0 : strlen(body) };
	return ask_read(life, route.op, &from, ask, why);
}

static void
every_operation_is_written_as_the_contract_has_it(void **state)
{
	(void)state;
	assert_int_equal(WIRES, OP_COUNT);
	for (size_t i = 0; i < WIRES; i++) {
		assert_int_equal(wires[i].op, i);
		struct ask ask = full_ask(op_info(wires[i].op)->api);
		struct ask_wire wire;
		assert_int_equal(
			ask_write(life, wires[i].op, &ask, &wire, NULL), ERR_NONE);
		assert_string_equal(wire.method, op_info(wires[i].op)->method);
		assert_string_equal(wire.target, wires[i].target);
		assert_text(wire.body, wires[i].body);
	}
}

static void
every_operation_comes_back_from_the_wire_as_it_was(void **state)
{
	(void)state;
	for (enum op op = 0; op < OP_COUNT; op++) {
		struct ask ask = full_ask(op_info(op)->api), back;
		struct ask_wire wire, again;
		struct fault why = { 0 };
		struct route route;
		ask_write(life, op, &ask, &wire, NULL);
		char *path = mem_textn(life, wire.target, strcspn(wire.target, "?"));
		route_find(life, wire.method, path, &route, NULL);
		assert_int_equal(route.op, op);
		if (receive(wire.method, wire.target, wire.body, &back, &why) != ERR_NONE)
			fail_msg("%s: %s", op_info(op)->name, why.sentence);
		assert_int_equal(ask_write(life, op, &back, &again, NULL), ERR_NONE);
		assert_string_equal(again.target, wire.target);
		assert_text(again.body, wire.body);
	}
}

static void
members_an_operation_does_not_name_stay_absent(void **state)
{
	(void)state;
	struct ask ask;
	assert_int_equal(receive("PUT", "/devices/D/state?maxResults=x&projectName=P",
				 "{\"enabled\":true,\"tags\":7,\"more\":[]}", &ask, NULL),
		ERR_NONE);
	assert_int_equal(ask.enabled, 1);
	assert_string_equal(ask.device_id, "D");
	assert_null(ask.tags);
	assert_null(ask.project_name);
	assert_true(ask.max_results == FIELD_ABSENT_INT);
	assert_true(ask.from == FIELD_ABSENT_INT);
	assert_null(ask.tag_keys.item);
}

static void
an_empty_body_will_do_when_no_member_is_needed(void **state)
{
	(void)state;
	struct ask ask;
	assert_int_equal(
		receive("PUT", "/devices/D/finalize-claim", NULL, &ask, NULL), ERR_NONE);
	assert_null(ask.tags);
	assert_int_equal(
		receive("PUT", "/devices/D/state", "{\"enabled\":null}", &ask, NULL),
		ERR_NONE);
	assert_int_equal(ask.enabled, -1);
	assert_int_equal(
		receive("PUT", "/devices/D/unclaim", "not json", &ask, NULL), ERR_NONE);
}

static void
a_finalized_claim_without_tags_sends_an_empty_object(void **state)
{
	(void)state;
	struct ask ask;
	struct ask_wire wire;
	ask_init(&ask);
	ask.device_id = "D";
	assert_int_equal(
		ask_write(life, OP_FINALIZE_DEVICE_CLAIM, &ask, &wire, NULL), ERR_NONE);
	assert_string_equal(wire.body, "{}");
	assert_int_equal(ask_write(life, OP_LIST_DEVICES, &ask, &wire, NULL), ERR_NONE);
	assert_string_equal(wire.target, "/devices");
}

static void
times_come_as_botocore_and_others_write_them(void **state)
{
	(void)state;
	struct ask ask;
	assert_int_equal(
		receive("GET",
			"/devices/D/events?fromTimeStamp=2019-07-17T15%3A45%3A12.880000Z"
			"&toTimeStamp=2019-07-18T02%3A00%3A00%2B02%3A00",
			NULL, &ask, NULL),
		ERR_NONE);
	assert_true(ask.from == 1563378312880);
	assert_true(ask.to == 1563408000000);
}

static void
what_is_missing_is_named_on_both_sides(void **state)
{
	(void)state;
	static const struct {
		const char *method, *target, *body, *name;
		enum op op;
	} rows[] = {
		{ "GET", "/devices/D/events?toTimeStamp=2019-07-18", NULL,
			"fromTimeStamp", OP_LIST_DEVICE_EVENTS },
		{ "DELETE", TAGS "devices%2FD", NULL, "tagKeys", OP_UNTAG_DEVICE },
		{ "POST", TAGS "projects%2FP", NULL, "tags", OP_TAG_PROJECT },
		{ "POST", TAGS "projects%2FP", "{\"tags\":null}", "tags",
			OP_TAG_PROJECT },
		{ "POST", "/projects", "{}", "projectName", OP_CREATE_PROJECT },
		{ "POST", "/projects/P/placements", NULL, "placementName",
			OP_CREATE_PLACEMENT },
		{ "PUT", SLOT, "{}", "deviceId", OP_ASSOCIATE_DEVICE_WITH_PLACEMENT },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ask ask;
		struct ask_wire wire;
		struct fault why = { 0 };
		assert_int_equal(
			receive(rows[i].method, rows[i].target, rows[i].body, &ask, &why),
			ERR_INVALID);
		assert_non_null(strstr(why.sentence, rows[i].name));
		ask = full_ask(op_info(rows[i].op)->api);
		ask.device_id = strcmp(rows[i].name, "deviceId") == 0 ? NULL : "D";
		ask.project_name = strcmp(rows[i].name, "projectName") == 0 ? NULL : "P";
		ask.placement_name =
			strcmp(rows[i].name, "placementName") == 0 ? NULL : "R";
		ask.from = FIELD_ABSENT_INT;
		ask.tags = NULL;
		ask.tag_keys = (struct texts){ 0 };
		assert_int_equal(
			ask_write(life, rows[i].op, &ask, &wire, &why), ERR_INVALID);
		assert_non_null(strstr(why.sentence, rows[i].name));
	}
}

static void
labels_that_cannot_stand_in_a_path_are_not_written(void **state)
{
	(void)state;
	static const char *const bad[] = { NULL, "", ".", ".." };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct ask ask = full_ask(OP_API_DEVICES);
		struct ask_wire wire;
		ask.device_id = bad[i];
		assert_int_equal(ask_write(life, OP_DESCRIBE_DEVICE, &ask, &wire, NULL),
			ERR_INVALID);
	}
}

static char *
repeat(char c, size_t n)
{
	char *text = mem_array(life, char, n + 1);
	memset(text, c, n);
	return text;
}

static void
refuse(const char *method, const char *target, const char *body, const char *name)
{
	struct ask ask;
	struct fault why = { 0 };
	if (receive(method, target, body, &ask, &why) != ERR_INVALID)
		fail_msg("taken: %s %s", target, body);
	if (strstr(why.sentence, name) == NULL)
		fail_msg("%s %s: %s", target, body, why.sentence);
}

static void
take(const char *method, const char *target, const char *body)
{
	struct ask ask;
	struct fault why = { 0 };
	if (receive(method, target, body, &ask, &why) != ERR_NONE)
		fail_msg("%s %s: %s", target, body, why.sentence);
}

static char *
filled(const char *before, char c, size_t n, const char *after)
{
	return mem_format(life, "%s%s%s", before, repeat(c, n), after);
}

#define EVENTS "/devices/D/events?fromTimeStamp=2019-07-17&toTimeStamp="

static void
a_query_is_held_to_its_limits(void **state)
{
	(void)state;
	refuse("GET", "/devices?maxResults=0", NULL, "maxResults");
	refuse("GET", "/devices?maxResults=251", NULL, "maxResults");
	refuse("GET", "/devices?maxResults=ten", NULL, "maxResults");
	refuse("GET", "/devices?maxResults=", NULL, "maxResults");
	refuse("GET", "/devices?maxResults=99999999999999999999", NULL, "maxResults");
	refuse("GET", "/devices?maxResults=1&maxResults=1", NULL, "maxResults");
	refuse("GET", "/projects?nextToken=", NULL, "nextToken");
	refuse("GET", filled("/projects?nextToken=", 't', 1025, ""), NULL, "nextToken");
	refuse("GET", "/projects?nextToken=%zz", NULL, "query");
	refuse("GET", "/projects?nextToken=a%00", NULL, "query");
	refuse("GET", "/projects?nextToken=%ff", NULL, "query");
	refuse("GET", EVENTS "yesterday", NULL, "toTimeStamp");
	refuse("GET", EVENTS, NULL, "toTimeStamp");
	take("GET", EVENTS "2019-07-17", NULL);
	take("GET", "/devices?maxResults=1&&deviceType=&X-Amz-Date=1&X-Amz-Date=2", NULL);
	take("GET", filled("/projects?maxResults=250&nextToken=", 't', 1024, ""), NULL);
}

static void
a_label_is_held_to_its_limits(void **state)
{
	(void)state;
	refuse("GET", filled("/devices/", 'x', 33, ""), NULL, "deviceId");
	refuse("GET", filled("/projects/", 'x', 129, ""), NULL, "projectName");
	refuse("GET", "/projects/a%20b", NULL, "projectName");
	refuse("GET", "/projects/P/placements/a.b", NULL, "placementName");
	refuse("DELETE", "/projects/P/placements/R/devices/a%2Fb", NULL,
		"deviceTemplateName");
	refuse("PUT", filled("/claims/", 'C', 41, ""), NULL, "claimCode");
	take("GET", filled("/devices/", 'x', 32, ""), NULL);
	take("GET", filled("/projects/", 'x', 128, ""), NULL);
	take("PUT", filled("/claims/", 'C', 40, ""), NULL);
	take("PUT", "/claims/C", NULL);
}

#define STATE "/devices/D/state"
#define METHODS "/devices/D/methods"

static void
a_body_of_a_device_is_held_to_its_kinds(void **state)
{
	(void)state;
	refuse("PUT", STATE, "{\"enabled\":\"true\"}", "enabled");
	refuse("PUT", STATE, "{\"enabled\":1}", "enabled");
	refuse("PUT", STATE, "[]", "body");
	refuse("PUT", STATE, "{\"enabled\":true,\"enabled\":false}", "body");
	refuse("PUT", STATE, "{", "body");
	refuse("POST", METHODS, "{\"deviceMethod\":\"x\"}", "deviceMethod");
	refuse("POST", METHODS, "{\"deviceMethod\":{\"methodName\":7}}", "methodName");
	refuse("POST", METHODS, "{\"deviceMethodParameters\":{}}",
		"deviceMethodParameters");
	take("POST", METHODS,
		"{\"deviceMethod\":{\"new\":1},\"deviceMethodParameters\":\"\"}");
}

#define PROJECT "{\"projectName\":\"P\","

static void
a_body_of_a_project_is_held_to_its_limits(void **state)
{
	(void)state;
	refuse("POST", "/projects", "{\"projectName\":\"P\\n\"}", "projectName");
	refuse("POST", "/projects", "{\"projectName\":7}", "projectName");
	refuse("POST", "/projects", filled(PROJECT "\"description\":\"", 'd', 501, "\"}"),
		"description");
	refuse("POST", "/projects", PROJECT "\"placementTemplate\":\"x\"}",
		"placementTemplate");
	refuse("POST", "/projects",
		PROJECT "\"placementTemplate\":{\"deviceTemplates\":"
			"{\"t\":{\"deviceType\":\"lamp\"}}}}",
		"deviceType");
	take("POST", "/projects", PROJECT "\"description\":\"\"}");
	take("POST", "/projects", filled(PROJECT "\"description\":\"", 'd', 500, "\"}"));
}

#define ROOM "/projects/P/placements/R"

static void
attributes_are_held_to_their_limits(void **state)
{
	(void)state;
	refuse("PUT", ROOM, filled("{\"attributes\":{\"a\":\"", 'v', 801, "\"}}"),
		"attributes");
	refuse("PUT", ROOM, filled("{\"attributes\":{\"", 'k', 129, "\":\"\"}}"),
		"attribute");
	refuse("PUT", ROOM, "{\"attributes\":{\"\":\"\"}}", "attribute");
	refuse("PUT", ROOM, "{\"attributes\":{\"a\":null}}", "attributes");
	take("PUT", ROOM, filled("{\"attributes\":{\"a\":\"", 'v', 800, "\"}}"));
	take("PUT", ROOM, filled("{\"attributes\":{\"", 'k', 128, "\":\"\"}}"));
}

static void
tags_are_held_to_the_limits_of_their_api(void **state)
{
	(void)state;
	refuse("POST", TAGS "projects%2FP", "{\"tags\":{}}", "tags");
	refuse("POST", TAGS "projects%2FP", "{\"tags\":{\"a b\":\"\"}}", "tags");
	take("POST", TAGS "projects%2FP",
		"{\"tags\":{\"a+-=._:/Z9\":\"\xf0\x9f\x94\x94\"}}");
	take("POST", TAGS "devices%2FD", "{\"tags\":{}}");
	take("POST", TAGS "devices%2FD", "{\"tags\":{\"Driver Phone\":\"\"}}");
	refuse("POST", TAGS "devices%2FD", "{\"tags\":{\"aws:x\":\"\"}}", "aws:");
	refuse("POST", TAGS "devices%2FD",
		filled("{\"tags\":{\"a\":\"", 'v', 257, "\"}}"), "tags");
	refuse("DELETE", TAGS "projects%2FP?tagKeys=a%20b", NULL, "tagKeys");
	take("DELETE", TAGS "devices%2FD?tagKeys=a%20b", NULL);
	refuse("DELETE", filled(TAGS "devices%2FD?tagKeys=a&tagKeys=", 'k', 129, ""),
		NULL, "tagKeys");
}

static void
an_arn_must_be_of_the_api_it_is_sent_to(void **state)
{
	(void)state;
	struct ask ask;
	struct ask_source from = { .labels = pair("resourceArn", PROJECT_ARN) };
	assert_int_equal(
		ask_read(life, OP_LIST_TAGS_FOR_PROJECT, &from, &ask, NULL), ERR_NONE);
	assert_int_equal(
		ask_read(life, OP_LIST_TAGS_FOR_DEVICE, &from, &ask, NULL), ERR_INVALID);
	from.labels = NULL;
	assert_int_equal(
		ask_read(life, OP_LIST_TAGS_FOR_DEVICE, &from, &ask, NULL), ERR_INVALID);
}

static void
a_query_of_very_many_parameters_is_refused(void **state)
{
	(void)state;
	struct ask ask;
	char *query = repeat('&', 2000);
	assert_int_equal(
		receive("GET", mem_format(life, "/devices?%s", query), NULL, &ask, NULL),
		ERR_NONE);
	for (size_t i = 0; i < 2000; i += 2)
		query[i] = 'a';
	assert_int_equal(
		receive("GET", mem_format(life, "/devices?%s", query), NULL, &ask, NULL),
		ERR_INVALID);
}

static void
what_was_read_outlives_the_bytes_it_was_read_from(void **state)
{
	(void)state;
	struct ask ask;
	char body[] = "{\"tags\":{\"key\":\"value\"}}";
	char query[] = "tagKeys=key";
	struct ask_source from = { .labels = pair("resourceArn", DEVICE_ARN),
		.query = query,
		.body = body,
		.body_len = strlen(body) };
	assert_int_equal(ask_read(life, OP_TAG_DEVICE, &from, &ask, NULL), ERR_NONE);
	memset(body, 'x', sizeof body);
	assert_string_equal(pairs_get(ask.tags, "key"), "value");
	assert_int_equal(ask_read(life, OP_UNTAG_DEVICE, &from, &ask, NULL), ERR_NONE);
	memset(query, 'x', sizeof query);
	assert_string_equal(ask.tag_keys.item[0], "key");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_operation_is_written_as_the_contract_has_it),
		TEST(every_operation_comes_back_from_the_wire_as_it_was),
		TEST(members_an_operation_does_not_name_stay_absent),
		TEST(an_empty_body_will_do_when_no_member_is_needed),
		TEST(a_finalized_claim_without_tags_sends_an_empty_object),
		TEST(times_come_as_botocore_and_others_write_them),
		TEST(what_is_missing_is_named_on_both_sides),
		TEST(labels_that_cannot_stand_in_a_path_are_not_written),
		TEST(a_query_is_held_to_its_limits),
		TEST(a_label_is_held_to_its_limits),
		TEST(a_body_of_a_device_is_held_to_its_kinds),
		TEST(a_body_of_a_project_is_held_to_its_limits),
		TEST(attributes_are_held_to_their_limits),
		TEST(tags_are_held_to_the_limits_of_their_api),
		TEST(an_arn_must_be_of_the_api_it_is_sent_to),
		TEST(a_query_of_very_many_parameters_is_refused),
		TEST(what_was_read_outlives_the_bytes_it_was_read_from),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
