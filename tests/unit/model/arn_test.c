/* ARNs: what is one, what is not, and that writing and reading agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/model/arn.h"

#define HERE(name) ("arn:aws:iot1click:us-west-2:123456789012:" name)

static void
a_device_arn_is_taken_apart(void **state)
{
	(void)state;
	struct arn arn;
	assert_int_equal(arn_parse("arn:aws:iot1click:us-west-2:123456789012:devices/"
				   "G030PM039134U3AT",
				 &arn, NULL),
		ERR_NONE);
	assert_int_equal(arn.kind, ARN_DEVICE);
	assert_string_equal(arn.region, "us-west-2");
	assert_string_equal(arn.account, "123456789012");
	assert_string_equal(arn.name, "G030PM039134U3AT");
}

static void
what_is_written_is_read_back(void **state)
{
	(void)state;
	void *life = mem_life(NULL);
	struct arn arn;
	char *text = arn_format(life, ARN_PROJECT, "eu-west-1", "000000000001", "a_b-C9");
	assert_string_equal(
		text, "arn:aws:iot1click:eu-west-1:000000000001:projects/a_b-C9");
	assert_int_equal(arn_parse(text, &arn, NULL), ERR_NONE);
	assert_int_equal(arn.kind, ARN_PROJECT);
	assert_string_equal(arn.name, "a_b-C9");
	mem_free(life);
}

static void
a_device_id_may_have_colons_and_a_project_name_may_not(void **state)
{
	(void)state;
	struct arn arn;
	assert_int_equal(arn_parse("arn:aws:iot1click:r:123456789012:devices/a4:c1:38:0f",
				 &arn, NULL),
		ERR_NONE);
	assert_string_equal(arn.name, "a4:c1:38:0f");
	assert_int_equal(
		arn_parse("arn:aws:iot1click:r:123456789012:projects/a:b", &arn, NULL),
		ERR_INVALID);
}

static void
what_is_no_arn_of_ours_is_refused_and_nothing_is_filled_in(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		"arn",
		"arn:aws:iot:us-west-2:123456789012:devices/X",
		"arn:aws-cn:iot1click:us-west-2:123456789012:devices/X",
		"arn:aws:iot1click::123456789012:devices/X",
		"arn:aws:iot1click:us west:123456789012:devices/X",
		"arn:aws:iot1click:us-west-2:12345678901:devices/X",
		"arn:aws:iot1click:us-west-2:1234567890123:devices/X",
		"arn:aws:iot1click:us-west-2:12345678901a:devices/X",
		"arn:aws:iot1click:us-west-2:123456789012:devices/",
		"arn:aws:iot1click:us-west-2:123456789012:devices",
		"arn:aws:iot1click:us-west-2:123456789012:devices/a/b",
		"arn:aws:iot1click:us-west-2:123456789012:devices/a\n",
		"arn:aws:iot1click:us-west-2:123456789012:placements/a",
		"arn:aws:iot1click:us-west-2:123456789012:projects/a.b",
		HERE("devices/123456789012345678901234567890123"),
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct arn arn = { .name = "untouched" };
		struct fault why = { 0 };
		assert_int_equal(arn_parse(bad[i], &arn, &why), ERR_INVALID);
		assert_non_null(strstr(why.sentence, "ARN"));
		assert_string_equal(arn.name, "untouched");
	}
	struct arn arn;
	assert_int_equal(arn_parse(NULL, &arn, NULL), ERR_INVALID);
}

static void
a_project_name_has_at_most_128_letters(void **state)
{
	(void)state;
	char text[300] = "arn:aws:iot1click:us-west-2:123456789012:projects/";
	size_t n = strlen(text);
	struct arn arn;
	memset(text + n, 'x', 129);
	assert_int_equal(arn_parse(text, &arn, NULL), ERR_INVALID);
	text[n + 128] = '\0';
	assert_int_equal(arn_parse(text, &arn, NULL), ERR_NONE);
	assert_int_equal(strlen(arn.name), 128);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_arn_is_taken_apart),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(a_device_id_may_have_colons_and_a_project_name_may_not),
		cmocka_unit_test(
			what_is_no_arn_of_ours_is_refused_and_nothing_is_filled_in),
		cmocka_unit_test(a_project_name_has_at_most_128_letters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
