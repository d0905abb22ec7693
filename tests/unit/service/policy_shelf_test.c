#include "../../../src/service/auth/policy_shelf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXTS = 200, THREADS = 4, ROUNDS = 3000 };

/* The n-th of many documents: it allows what is done to the project of that number. */
static void
write_document(char out[256], unsigned n)
{
	snprintf(out, 256,
		"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":"
		"\"arn:aws:iot1click:us-west-2:000000000000:projects/p%u\"}}",
		n);
}

static struct texts
find_nothing(void *arg, const char *key)
{
	(void)arg, (void)key;
	return (struct texts){ 0 };
}

static bool
allows(const struct policy *policy, unsigned n)
{
	const struct policy_context context = { .find = find_nothing };
	char resource[128];
	const struct policy_question question = { .action = "iot1click:DescribeProject",
		.resource = resource,
		.context = &context };

	snprintf(resource, sizeof resource,
		"arn:aws:iot1click:us-west-2:000000000000:projects/p%u", n);
	return policies_decide(&policy, 1, &question).decision == POLICY_ALLOWED;
}

static const struct policy *
take(unsigned n)
{
	const struct policy *policy;
	char text[256];

	write_document(text, n);
	assert_int_equal(policy_borrow(text, &policy, NULL), ERR_NONE);
	return policy;
}

static int
clear(void **state)
{
	(void)state;
	policy_shelf_clear();
	return 0;
}

static void
the_same_text_is_read_once(void **state)
{
	const struct policy *first = take(1), *second = take(1), *other = take(2);

	(void)state;
	assert_ptr_equal(first, second);
	assert_ptr_not_equal(first, other);
	policy_return(first);
	policy_return(second);
	policy_return(other);
	assert_ptr_equal(take(1), first);
	policy_return(first);
}

static void
what_is_borrowed_stays_however_many_come_after_it(void **state)
{
	const struct policy *policy[TEXTS];

	(void)state;
	for (unsigned i = 0; i < TEXTS; i++)
		policy[i] = take(i);
	for (unsigned i = 0; i < TEXTS; i++) {
		assert_true(allows(policy[i], i));
		assert_false(allows(policy[i], i + 1));
		policy_return(policy[i]);
	}
}

static void
a_text_that_is_no_policy_is_refused_each_time(void **state)
{
	const struct policy *policy;
	struct fault why;

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(policy_borrow("{}", &policy, &why), ERR_INVALID);
}

static void *
borrow_and_return(void *arg)
{
	unsigned number = (unsigned)(uintptr_t)arg;

	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned n = (i * 7 + number) % TEXTS;
		const struct policy *policy = take(n);

		if (!allows(policy, n))
			abort();
		policy_return(policy);
	}
	return NULL;
}

static void
threads_may_borrow_at_once(void **state)
{
	pthread_t threads[THREADS];

	(void)state;
	for (uintptr_t i = 0; i < THREADS; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, borrow_and_return, (void *)i),
			0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(the_same_text_is_read_once, clear),
		cmocka_unit_test_teardown(
			what_is_borrowed_stays_however_many_come_after_it, clear),
		cmocka_unit_test(a_text_that_is_no_policy_is_refused_each_time),
		cmocka_unit_test_teardown(threads_may_borrow_at_once, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
