/* The table of operations against the contract, and against the field table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "oneclick/api/ask.h"
#include "oneclick/api/op.h"

static void
there_are_13_device_and_16_project_operations(void **state)
{
	(void)state;
	int devices = 0;
	for (enum op op = 0; op < OP_COUNT; op++) {
		assert_int_equal(op_info(op)->op, op);
		devices += op_info(op)->api == OP_API_DEVICES;
	}
	assert_int_equal(OP_COUNT, 29);
	assert_int_equal(devices, 13);
}

static void
a_name_stands_once_in_each_api(void **state)
{
	(void)state;
	for (enum op op = 0; op < OP_COUNT; op++)
		for (enum op other = 0; other < op; other++)
			if (op_info(op)->api == op_info(other)->api)
				assert_string_not_equal(
					op_info(op)->name, op_info(other)->name);
}

static void
the_reading_operations_are_the_ten_named_ones_and_all_GETs(void **state)
{
	(void)state;
	static const char reads[] =
		" DescribeDevice GetDeviceMethods ListDeviceEvents ListDevices "
		"ListTagsForResource DescribePlacement DescribeProject "
		"GetDevicesInPlacement ListPlacements ListProjects ";
	int count = 0;
	for (enum op op = 0; op < OP_COUNT; op++) {
		const struct op_info *info = op_info(op);
		char word[64];
		snprintf(word, sizeof word, " %s ", info->name);
		bool read = strstr(reads, word) != NULL;
		assert_int_equal(op_is_write(op), !read);
		assert_int_equal(strcmp(info->method, "GET") == 0, read);
		count += read;
	}
	assert_int_equal(count, 11);
}

static void
every_write_of_once_is_a_write(void **state)
{
	(void)state;
	for (enum op op = 0; op < OP_COUNT; op++)
		if (op_info(op)->repeat == OP_ONCE)
			assert_true(op_is_write(op));
}

static void
only_tagging_devices_answers_204(void **state)
{
	(void)state;
	for (enum op op = 0; op < OP_COUNT; op++)
		assert_int_equal(op_info(op)->status,
			op == OP_TAG_DEVICE || op == OP_UNTAG_DEVICE ? 204 : 200);
}

static void
assert_words_resolve(enum op_api api, const char *list)
{
	char word[64];
	for (const char *at = list; *at != '\0';) {
		size_t n = strcspn(at, " !");
		snprintf(word, sizeof word, "%.*s", (int)n, at);
		assert_non_null(ask_field(api, word));
		assert_string_equal(ask_field(api, word)->name, word);
		at += n;
		at += strspn(at, " !");
	}
}

static void
every_member_of_every_operation_is_a_row_of_the_field_table(void **state)
{
	(void)state;
	for (enum op op = 0; op < OP_COUNT; op++) {
		const struct op_info *info = op_info(op);
		assert_words_resolve(info->api, info->query);
		assert_words_resolve(info->api, info->body);
		for (const char *at = info->uri; (at = strchr(at, '{')) != NULL;) {
			char label[64];
			size_t n = strcspn(++at, "}");
			snprintf(label, sizeof label, "%.*s", (int)n, at);
			const struct field *field = ask_field(info->api, label);
			assert_non_null(field);
			assert_int_equal(field->kind, FIELD_TEXT);
			assert_true(field->min >= 1);
		}
	}
	assert_null(ask_field(OP_API_DEVICES, "device"));
	assert_null(ask_field(OP_API_PROJECTS, ""));
}

static void
a_resource_is_named_by_the_member_its_template_has(void **state)
{
	(void)state;
	for (enum op op = 0; op < OP_COUNT; op++) {
		const struct op_info *info = op_info(op);
		if (info->resource == OP_RESOURCE_DEVICE)
			assert_non_null(strstr(info->uri, "{deviceId}"));
		if (info->resource == OP_RESOURCE_ARN)
			assert_non_null(strstr(info->uri, "{resourceArn}"));
		if (info->resource == OP_RESOURCE_PROJECT)
			assert_true(strstr(info->uri, "{projectName}") != NULL ||
				    strstr(info->body, "projectName!") != NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_are_13_device_and_16_project_operations),
		cmocka_unit_test(a_name_stands_once_in_each_api),
		cmocka_unit_test(
			the_reading_operations_are_the_ten_named_ones_and_all_GETs),
		cmocka_unit_test(every_write_of_once_is_a_write),
		cmocka_unit_test(only_tagging_devices_answers_204),
		cmocka_unit_test(
			every_member_of_every_operation_is_a_row_of_the_field_table),
		cmocka_unit_test(a_resource_is_named_by_the_member_its_template_has),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
