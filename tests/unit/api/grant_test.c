/* Grants: what a call needs, and the guide's other spellings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/api/grant.h"
#include "oneclick/base/mem.h"
#include <cmocka.h>

#define ARN(name) "arn:aws:iot1click:us-west-2:123456789012:" name

static void
each_sort_of_operation_names_its_resource(void **state)
{
	(void)state;
	static const struct {
		enum op op;
		const char *action, *resource;
	} rows[] = {
		{ OP_LIST_DEVICES, "iot1click:ListDevices", "*" },
		{ OP_LIST_PROJECTS, "iot1click:ListProjects", "*" },
		{ OP_CLAIM_DEVICES_BY_CLAIM_CODE, "iot1click:ClaimDevicesByClaimCode",
			"*" },
		{ OP_DESCRIBE_DEVICE, "iot1click:DescribeDevice", ARN("devices/D1") },
		{ OP_CREATE_PROJECT, "iot1click:CreateProject", ARN("projects/P") },
		{ OP_ASSOCIATE_DEVICE_WITH_PLACEMENT,
			"iot1click:AssociateDeviceWithPlacement", ARN("projects/P") },
		{ OP_TAG_DEVICE, "iot1click:TagResource", ARN("devices/D2") },
		{ OP_TAG_PROJECT, "iot1click:TagResource", ARN("devices/D2") },
	};
	void *life = mem_life(NULL);
	struct ask ask;
	ask_init(&ask);
	ask.device_id = "D1";
	ask.project_name = "P";
	ask.resource_arn = ARN("devices/D2");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_string_equal(grant_action(rows[i].op), rows[i].action);
		assert_string_equal(grant_resource(life, rows[i].op, &ask, "us-west-2",
					    "123456789012"),
			rows[i].resource);
	}
	mem_free(life);
}

static void
a_refusal_says_who_what_where_and_why(void **state)
{
	(void)state;
	char *text = grant_refusal(NULL, "arn:aws:iam::123456789012:user/ann",
		grant_action(OP_DELETE_PROJECT), "*", "no statement allows it");
	assert_string_equal(text, "User: arn:aws:iam::123456789012:user/ann is not "
				  "authorized to perform: iot1click:DeleteProject on "
				  "resource: * because no statement allows it");
	mem_free(text);
}

static void
every_operation_is_known_by_its_name_in_any_case(void **state)
{
	(void)state;
	for (enum op op = 0; op < OP_COUNT; op++)
		assert_string_equal(
			grant_real_name(op_info(op)->name), op_info(op)->name);
	assert_string_equal(grant_real_name("listdevices"), "ListDevices");
}

static void
the_guides_other_spellings_mean_the_real_action(void **state)
{
	(void)state;
	assert_string_equal(
		grant_real_name("InitializeDeviceClaim"), "InitiateDeviceClaim");
	assert_string_equal(
		grant_real_name("ClaimDeviceByClaimCode"), "ClaimDevicesByClaimCode");
	assert_string_equal(grant_real_name("DissociateDeviceFromPlacement"),
		"DisassociateDeviceFromPlacement");
	assert_string_equal(grant_real_name("dissacociatedevicefromplacement"),
		"DisassociateDeviceFromPlacement");
	assert_null(grant_real_name("List*"));
	assert_null(grant_real_name("ListDevice"));
	assert_null(grant_real_name(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_sort_of_operation_names_its_resource),
		cmocka_unit_test(a_refusal_says_who_what_where_and_why),
		cmocka_unit_test(every_operation_is_known_by_its_name_in_any_case),
		cmocka_unit_test(the_guides_other_spellings_mean_the_real_action),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
