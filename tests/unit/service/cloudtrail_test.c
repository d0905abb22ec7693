#include "../../../src/service/observe/cloudtrail_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oneclick/base/mem.h"

static const char placed[] =
	"{\"userIdentity\":{\"accessKeyId\":\"AKIA1\",\"userName\":\"alice\"},"
	"\"eventSource\":\"iot1click.amazonaws.com\","
	"\"eventName\":\"AssociateDeviceWithPlacement\",\"requestParameters\":{"
	"\"projectName\":\"P\",\"placementName\":\"Hall\",\"deviceId\":\"G030\"},"
	"\"eventID\":\"id-1\",\"readOnly\":false}";
static const char refused[] = "{\"userIdentity\":{\"type\":\"Unknown\"},"
			      "\"eventName\":\"ListDevices\",\"requestParameters\":null,"
			      "\"readOnly\":true}";

static struct record
take_apart(void *life, const char *json)
{
	struct record record;
	struct fault why;

	if (record_of(life, json, &record, &why))
		fail_msg("%s", why.sentence);
	return record;
}

static void
a_record_is_found_by_each_of_its_attributes(void **state)
{
	static const struct {
		const char *key, *value;
	} has[] = {
		{ "EventId", "id-1" },
		{ "EventName", "AssociateDeviceWithPlacement" },
		{ "ReadOnly", "false" },
		{ "Username", "alice" },
		{ "ResourceType", "AWS::IoT1Click::Device" },
		{ "ResourceType", "AWS::IoT1Click::Placement" },
		{ "ResourceName", "Hall" },
		{ "ResourceName", "G030" },
		{ "EventSource", "iot1click.amazonaws.com" },
		{ "AccessKeyId", "AKIA1" },
	};
	void *life = mem_life(NULL);
	struct record record = take_apart(life, placed);

	(void)state;
	for (size_t i = 0; i < sizeof has / sizeof *has; i++) {
		assert_true(record_has_key(has[i].key));
		assert_true(record_matches(&record, has[i].key, has[i].value));
		assert_false(record_matches(&record, has[i].key, "else"));
	}
	assert_false(record_has_key("eventname"));
	mem_free(life);
}

static void
what_a_record_does_not_have_matches_nothing(void **state)
{
	void *life = mem_life(NULL);
	struct record record = take_apart(life, refused);

	(void)state;
	assert_false(record_matches(&record, "Username", ""));
	assert_false(record_matches(&record, "ResourceName", ""));
	assert_true(record_matches(&record, "ReadOnly", "true"));
	mem_free(life);
}

static void
a_record_is_told_of_with_itself_as_a_text(void **state)
{
	void *life = mem_life(NULL);
	struct record record = take_apart(life, refused);
	struct buf out;
	struct json j;

	(void)state;
	buf_init(&out, life, BUF_NO_CAP);
	j = json_to(&out);
	record_write(&j, &record, 1525476393747, refused);
	assert_string_equal(out.data,
		"{\"EventName\":\"ListDevices\",\"ReadOnly\":\"true\","
		"\"EventTime\":1525476393,\"Resources\":[],\"CloudTrailEvent\":"
		"\"{\\\"userIdentity\\\":{\\\"type\\\":\\\"Unknown\\\"},"
		"\\\"eventName\\\":\\\"ListDevices\\\",\\\"requestParameters\\\":null,"
		"\\\"readOnly\\\":true}\"}");
	mem_free(life);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_found_by_each_of_its_attributes),
		cmocka_unit_test(what_a_record_does_not_have_matches_nothing),
		cmocka_unit_test(a_record_is_told_of_with_itself_as_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
