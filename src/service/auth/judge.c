#include "judge.h"

#include "oneclick/api/grant.h"
#include "oneclick/base/mem.h"
#include "policy_shelf.h"

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
judge_read(const void *ctx, const struct pairs *policies, struct judge *out,
	struct fault *why)
{
	*out = (struct judge){
		.policies = policies,
		.policy = mem_array(ctx, const struct policy *, policies->count + 1),
	};
	for (size_t i = 0; i < policies->count; i++) {
		enum err err =
			policy_borrow(policies->row[i].value, &out->policy[i], why);
		if (err)
			judge_release(out);
		if (err && policies->count > 1)
			return fault_at(why, err, "Policy %s", policies->row[i].key);
		if (err)
			return err;
	}
	return ERR_NONE;
}

void
judge_release(struct judge *judge)
{
	for (size_t i = 0; i < judge->policies->count && judge->policy[i]; i++)
		policy_return(judge->policy[i]);
}

enum err
judge_ask(const struct judge *judge, const char *action, struct facts *facts,
	struct judgement *out, struct fault *why)
{
	const struct policy_context context = facts_context(facts);
	const struct policy_question question = {
		.action = action,
		.resource = facts->resource,
		.context = &context,
	};
	struct policy_verdict verdict =
		policies_decide(judge->policy, judge->policies->count, &question);

	if (facts->err) {
		*why = facts->why;
		return facts->err;
	}
	out->decision = verdict.decision;
	out->because = word_verdict(facts->ctx, judge->policies, verdict);
	return ERR_NONE;
}

enum err
authorize(
	const char *action, struct facts *facts, enum problem *problem, struct fault *why)
{
	const struct principal *who = facts->principal;
	struct judgement judgement;
	struct judge judge;
	enum err err;

	*problem = PROBLEM_ACCESS_DENIED;
	if (judge_read(facts->ctx, who->policies, &judge, why))
		return fault_at(
			why, ERR_FORBIDDEN, "The policy of %s cannot be used", who->arn);
	err = judge_ask(&judge, action, facts, &judgement, why);
	judge_release(&judge);
	if (err)
		*problem = problem_of(err);
	if (err || judgement.decision == POLICY_ALLOWED)
		return err;
	return fault(why, ERR_FORBIDDEN, "%s",
		grant_refusal(facts->ctx, who->arn, action, facts->resource,
			judgement.because));
}
