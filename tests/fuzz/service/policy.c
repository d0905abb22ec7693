/* A policy is understood whole or refused whole; and one that is understood decides. */
#undef NDEBUG
#include <assert.h>

#include "../fuzz.h"
#include "oneclick/service/policy.h"

/* Every key has these values, so that every operator is asked. */
static struct texts
find(void *arg, const char *key)
{
	static const char *values[] = { "203.0.113.7", "2026-01-01T00:00:00Z", "true",
		"x*" };

	(void)arg;
	return (struct texts){ .item = values, .count = key[0] % 5 };
}

void
fuzz(const void *life, const char *data, size_t n)
{
	const struct policy_context context = { .find = find };
	const struct policy_question question = {
		.action = "iot1click:UpdateDeviceState",
		.resource = "arn:aws:iot1click:us-west-2:123456789012:devices/"
			    "G030PM0123456789",
		.context = &context,
	};
	struct policy *policy;
	struct fault why;
	enum err err = policy_parse(life, data, &policy, &why);
	const struct policy *both[2];

	(void)n;
	fuzz_check_fault(err, &why);
	if (err)
		return;
	both[0] = both[1] = policy;
	assert(policies_decide(both, 1, &question).decision ==
		policies_decide(both, 2, &question).decision);
	policy_warnings(policy);
}
