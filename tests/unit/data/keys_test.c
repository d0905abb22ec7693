#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/keys.h"

static void
keys_that_all_differ_have_no_repeat(void **state)
{
	static const char *const key[] = { "a", "b", "ab", "", "A" };

	(void)state;
	assert_int_equal(keys_repeat(key, 5), 5);
	assert_int_equal(keys_repeat(key, 1), 1);
	assert_int_equal(keys_repeat(key, 0), 0);
}

static void
the_first_repeat_is_found(void **state)
{
	static const char *const key[] = { "a", "b", "c", "b", "a" };

	(void)state;
	assert_int_equal(keys_repeat(key, 5), 3);
}

/* Around the number where comparing gives way to sorting, and far beyond. */
static void
a_repeat_is_found_wherever_it_stands(void **state)
{
	static const size_t counts[] = { 15, 16, 17, 18, 1000 };

	(void)state;
	for (size_t c = 0; c < 5; c++) {
		void *life = mem_life(NULL);
		size_t n = counts[c];
		const char **key = mem_array(life, const char *, n);

		for (size_t i = 0; i < n; i++)
			key[i] = mem_format(life, "k%zu", i * 7919 % n);
		assert_int_equal(keys_repeat(key, n), n);
		for (size_t at = 1; at < n; at += n / 15) {
			const char *kept = key[at];

			key[at] = key[0];
			assert_int_equal(keys_repeat(key, n), at);
			key[at] = kept;
		}
		key[n - 1] = key[1];
		key[n - 2] = key[0];
		assert_int_equal(keys_repeat(key, n), n - 2);
		mem_free(life);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_that_all_differ_have_no_repeat),
		cmocka_unit_test(the_first_repeat_is_found),
		cmocka_unit_test(a_repeat_is_found_wherever_it_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
