/* Problems: names, statuses, and what a client makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oneclick/api/problem.h"
#include "oneclick/base/mem.h"

static void
each_code_of_the_contract_has_its_exception(void **state)
{
	(void)state;
	static const struct {
		enum err err;
		const char *name;
		int status;
	} rows[] = {
		{ ERR_INVALID, "InvalidRequestException", 400 },
		{ ERR_FORBIDDEN, "ForbiddenException", 403 },
		{ ERR_NOT_FOUND, "ResourceNotFoundException", 404 },
		{ ERR_CONFLICT, "ResourceConflictException", 409 },
		{ ERR_PRECONDITION, "PreconditionFailedException", 412 },
		{ ERR_RANGE, "RangeNotSatisfiableException", 416 },
		{ ERR_THROTTLED, "TooManyRequestsException", 429 },
		{ ERR_INTERNAL, "InternalFailureException", 500 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum problem problem = problem_of(rows[i].err);
		assert_string_equal(problem_name(problem), rows[i].name);
		assert_int_equal(problem_status(problem), rows[i].status);
		assert_int_equal(problem_err(rows[i].name, 599), rows[i].err);
		assert_int_equal(problem_err(NULL, rows[i].status), rows[i].err);
		assert_int_equal(problem_err("Unheard", rows[i].status), rows[i].err);
	}
}

static void
a_broken_service_is_unavailable(void **state)
{
	(void)state;
	assert_int_equal(problem_of(ERR_BROKEN), PROBLEM_UNAVAILABLE);
	assert_int_equal(problem_of(ERR_LINK), PROBLEM_UNAVAILABLE);
	assert_int_equal(problem_status(PROBLEM_UNAVAILABLE), 503);
}

static void
every_problem_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < PROBLEM_COUNT; i++) {
		assert_non_null(strstr(problem_name((enum problem)i), "Exception"));
		assert_in_range(problem_status((enum problem)i), 400, 503);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(problem_name((enum problem)i),
				problem_name((enum problem)k));
	}
}

static void
a_name_is_found_within_its_wrapping(void **state)
{
	(void)state;
	assert_int_equal(
		problem_err("ResourceConflictException:http://x/", 400), ERR_CONFLICT);
	assert_int_equal(
		problem_err("com.amazon#ResourceNotFoundException", 400), ERR_NOT_FOUND);
	assert_int_equal(problem_err("UnrecognizedClientException", 403), ERR_FORBIDDEN);
	assert_int_equal(problem_err("", 418), ERR_INVALID);
	assert_int_equal(problem_err("", 401), ERR_FORBIDDEN);
	assert_int_equal(problem_err("", 502), ERR_INTERNAL);
	assert_int_equal(problem_err("", 302), ERR_INTERNAL);
}

static void
the_body_has_the_status_as_its_code(void **state)
{
	(void)state;
	struct buf out;
	buf_init(&out, NULL, BUF_NO_CAP);
	problem_write(&out, PROBLEM_NOT_FOUND, "No device \"x\" here.");
	assert_string_equal(
		out.data, "{\"code\":\"404\",\"message\":\"No device \\\"x\\\" here.\"}");
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_code_of_the_contract_has_its_exception),
		cmocka_unit_test(a_broken_service_is_unavailable),
		cmocka_unit_test(every_problem_has_a_name_of_its_own),
		cmocka_unit_test(a_name_is_found_within_its_wrapping),
		cmocka_unit_test(the_body_has_the_status_as_its_code),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
