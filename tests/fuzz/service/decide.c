/* A decision, with action, resource and a value of the fuzzer's. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../fuzz.h"
#include "oneclick/service/policy.h"

static struct texts
find(void *arg, const char *key)
{
	(void)key;
	return (struct texts){ .item = arg, .count = 1 };
}

void
fuzz(const void *life, const char *data, size_t n)
{
	const char *action = fuzz_line(life, &data, &n),
		   *resource = fuzz_line(life, &data, &n);
	const char *value = fuzz_line(life, &data, &n);
	const struct policy_context context = { .find = find, .arg = &value };
	const struct policy_question question = { action, resource, &context };
	struct policy *policy, *admin;
	const struct policy *one[1];
	struct policy_verdict verdict;
	struct fault why;

	assert(policy_parse(life, POLICY_ADMINISTRATOR, &admin, &why) == ERR_NONE);
	if (policy_parse(life, data, &policy, &why))
		return;
	one[0] = policy;
	verdict = policies_decide(one, 1, &question);
	/* Another policy that allows all never turns a denial over. */
	if (verdict.decision == POLICY_EXPLICIT_DENY) {
		const struct policy *two[] = { admin, policy };

		assert(policies_decide(two, 2, &question).decision ==
			POLICY_EXPLICIT_DENY);
	}
	if (verdict.decision == POLICY_IMPLICIT_DENY)
		assert(verdict.statement == 0);
}
