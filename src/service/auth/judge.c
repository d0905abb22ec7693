#include "judge.h"

#include "oneclick/api/grant.h"
#include "oneclick/base/mem.h"

static const char *
word_verdict(const void *ctx, const struct pairs *policies, struct policy_verdict verdict)
{
	const char *does = verdict.decision == POLICY_ALLOWED ? "allows" : "denies";
	const char *name;

	if (verdict.decision == POLICY_IMPLICIT_DENY)
		return policies->count == 1  ? "no statement of its policy allows it"
		       : policies->count > 0 ? "no statement of its policies allows it"
					     : "its user has no policy";
	name = policies->row[verdict.policy].key;
	return mem_format(ctx, "statement %zu of its policy%s%s %s it", verdict.statement,
		policies->count > 1 ? " " : "", policies->count > 1 ? name : "", does);
}

enum err
judge(const struct pairs *policies, const char *action, struct facts *facts,
	struct judgement *out, struct fault *why)
{
	const struct policy **policy =
		mem_array(facts->ctx, const struct policy *, policies->count + 1);
	const struct policy_context context = facts_context(facts);
	const struct policy_question question = {
		.action = action,
		.resource = facts->resource,
		.context = &context,
	};
	struct policy_verdict verdict;

	for (size_t i = 0; i < policies->count; i++) {
		struct policy *parsed;
		if (policy_parse(facts->ctx, policies->row[i].value, &parsed, why))
			return ERR_FORBIDDEN;
		policy[i] = parsed;
	}
	verdict = policies_decide(policy, policies->count, &question);
	if (facts->err) {
		*why = facts->why;
		return facts->err;
	}
	out->decision = verdict.decision;
	out->because = word_verdict(facts->ctx, policies, verdict);
	return ERR_NONE;
}

enum err
authorize(
	const char *action, struct facts *facts, enum problem *problem, struct fault *why)
{
	const struct principal *who = facts->principal;
	struct judgement judgement;
	enum err err = judge(who->policies, action, facts, &judgement, why);

	*problem = err && err != ERR_FORBIDDEN ? problem_of(err) : PROBLEM_ACCESS_DENIED;
	if (err == ERR_FORBIDDEN)
		return fault_at(why, err, "The policy of %s cannot be used", who->arn);
	if (err || judgement.decision == POLICY_ALLOWED)
		return err;
	return fault(why, ERR_FORBIDDEN, "%s",
		grant_refusal(facts->ctx, who->arn, action, facts->resource,
			judgement.because));
}
