#include "oneclick/service/policy.h"

#include "oneclick/api/grant.h"
#include "oneclick/base/mem.h"
#include "policy_match.h"
#include "policy_rows.h"

static bool
any_action_matches(const struct policy_words *words, const char *action)
{
	for (size_t i = 0; i < words->count; i++) {
		struct match match = { .pattern = words->item[i].piece[0].text,
			.any_case = true };
		if (match_holds(&match, action))
			return true;
	}
	return false;
}

static bool
names_action(const struct policy_statement *statement, const char *action)
{
	bool named = any_action_matches(&statement->actions, action);
	const char *spelling;

	for (size_t n = 0; !named && (spelling = grant_spelling(action, n)); n++)
		named = any_action_matches(&statement->actions, spelling);
	return named != statement->other_actions;
}

static bool
names_resource(const void *ctx, const struct policy_statement *statement,
	const struct policy_question *question)
{
	bool named = false;

	for (size_t i = 0; !named && i < statement->resources.count; i++) {
		const struct policy_word *word = &statement->resources.item[i];
		struct match match = { .pattern = policy_word_fill(
					       ctx, word, question->context) };
		named = match_holds(&match, question->resource);
	}
	return named != statement->other_resources;
}

static bool
has_all_variables(
	const struct policy_statement *statement, const struct policy_context *context)
{
	for (size_t i = 0; i < statement->variables; i++)
		if (!policy_variable(&statement->variable[i], context))
			return false;
	return true;
}

static bool
statement_matches(const void *ctx, const struct policy_statement *statement,
	const struct policy_question *question)
{
	return names_action(statement, question->action) &&
	       has_all_variables(statement, question->context) &&
	       names_resource(ctx, statement, question) &&
	       policy_tests_hold(ctx, statement, question->context);
}

/* Takes the policy's statements into the verdict; true once nothing can change it. */
static bool
take_policy(const void *ctx, const struct policy *policy, size_t number,
	const struct policy_question *question, struct policy_verdict *verdict)
{
	for (size_t i = 0; i < policy->count; i++) {
		const struct policy_statement *statement = &policy->statement[i];
		/* A further Allow would change nothing. */
		if (!statement->deny && verdict->decision == POLICY_ALLOWED)
			continue;
		if (!statement_matches(ctx, statement, question))
			continue;
		*verdict = (struct policy_verdict){
			.decision =
				statement->deny ? POLICY_EXPLICIT_DENY : POLICY_ALLOWED,
			.policy = number,
			.statement = i + 1,
		};
		if (statement->deny)
			return true;
	}
	return false;
}

struct policy_verdict
policies_decide(const struct policy *const *policy, size_t count,
	const struct policy_question *question)
{
	struct policy_verdict verdict = { .decision = POLICY_IMPLICIT_DENY };
	void *life = mem_life(NULL);

	for (size_t i = 0; i < count; i++)
		if (take_policy(life, policy[i], i, question, &verdict))
			break;
	mem_free(life);
	return verdict;
}
