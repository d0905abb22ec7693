#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "oneclick/base/fault.h"

static void
a_fault_carries_its_code_and_sentence(void **state)
{
	struct fault why;

	(void)state;
	assert_int_equal(fault(&why, ERR_CONFLICT, "%s is taken", "p1"), ERR_CONFLICT);
	assert_int_equal(why.code, ERR_CONFLICT);
	assert_string_equal(why.sentence, "p1 is taken");
}

static void
nobody_needs_to_want_the_sentence(void **state)
{
	(void)state;
	assert_int_equal(fault(NULL, ERR_LINK, "gone"), ERR_LINK);
	assert_int_equal(fault_at(NULL, ERR_LINK, "here"), ERR_LINK);
}

static void
a_sentence_is_never_empty(void **state)
{
	struct fault why;

	(void)state;
	fault(&why, ERR_INTERNAL, "%s", "");
	assert_true(strlen(why.sentence) > 0);
}

static void
a_long_sentence_is_cut_between_letters(void **state)
{
	static const char *const ends[] = { "\xC3\xA4", "\xE2\x82\xAC",
		"\xF0\x9F\x98\x80" };
	char long_text[FAULT_SENTENCE_MAX + 8];
	struct fault why;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		for (size_t before = FAULT_SENTENCE_MAX - 5;
			before < FAULT_SENTENCE_MAX - 1; before++) {
			size_t n = strlen(ends[i]);

			memset(long_text, 'x', sizeof(long_text));
			memcpy(long_text + before, ends[i], n);
			long_text[sizeof(long_text) - 1] = '\0';
			fault(&why, ERR_INVALID, "%s", long_text);
			if (before + n <= FAULT_SENTENCE_MAX - 1)
				assert_int_equal(
					strlen(why.sentence), FAULT_SENTENCE_MAX - 1);
			else
				assert_int_equal(strlen(why.sentence), before);
		}
}

static void
a_place_goes_before_the_sentence(void **state)
{
	struct fault why;

	(void)state;
	fault(&why, ERR_INVALID, "too long");
	assert_int_equal(fault_at(&why, why.code, "line %d", 3), ERR_INVALID);
	assert_string_equal(why.sentence, "line 3: too long");
}

static void
an_argument_may_be_the_sentence_itself(void **state)
{
	struct fault why;

	(void)state;
	fault(&why, ERR_INVALID, "too long");
	fault(&why, ERR_INTERNAL, "again: %s", why.sentence);
	assert_string_equal(why.sentence, "again: too long");
}

static void
a_long_place_does_not_overflow(void **state)
{
	char place[2 * FAULT_SENTENCE_MAX];
	struct fault why;

	(void)state;
	memset(place, 'p', sizeof(place));
	place[sizeof(place) - 1] = '\0';
	fault(&why, ERR_INVALID, "too long");
	fault_at(&why, why.code, "%s", place);
	assert_int_equal(strlen(why.sentence), FAULT_SENTENCE_MAX - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_carries_its_code_and_sentence),
		cmocka_unit_test(nobody_needs_to_want_the_sentence),
		cmocka_unit_test(a_sentence_is_never_empty),
		cmocka_unit_test(a_long_sentence_is_cut_between_letters),
		cmocka_unit_test(a_place_goes_before_the_sentence),
		cmocka_unit_test(an_argument_may_be_the_sentence_itself),
		cmocka_unit_test(a_long_place_does_not_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
