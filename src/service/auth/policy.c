#include "oneclick/service/policy.h"

#include <string.h>
#include <strings.h>

#include "oneclick/api/grant.h"
#include "policy_rows.h"

static char
fold(char c, bool any_case)
{
	return (char)(any_case && c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* The length of the character at text: '?' takes a whole one. */
static size_t
step(const char *text)
{
	size_t n = 1;

	while (((unsigned char)text[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* A star that was met takes one character more each time what follows it does not fit;
 * an earlier star need never be thought of again. */
bool
policy_word_matches(const char *pattern, const char *text, bool any_case)
{
	const char *star = NULL, *again = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			again = text;
		} else if (*pattern == '?') {
			pattern++;
			text += step(text);
		} else if (fold(*pattern, any_case) == fold(*text, any_case)) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star;
			text = again += step(again);
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

static bool
any_matches(const struct texts *patterns, const char *text, bool any_case)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (policy_word_matches(patterns->item[i], text, any_case))
			return true;
	return false;
}

static bool
statement_matches(const struct policy_statement *statement, const char *action,
	const char *resource)
{
	bool named = any_matches(&statement->actions, action, true);
	const char *spelling;

	for (size_t n = 0; !named && (spelling = grant_spelling(action, n)); n++)
		named = any_matches(&statement->actions, spelling, true);
	return named && any_matches(&statement->resources, resource, false);
}

bool
policy_allows(const struct policy *policy, const char *action, const char *resource,
	const char **because)
{
	const char *reason = "no statement of its policy allows it";
	bool allowed = false;

	for (size_t i = 0; i < policy->count; i++) {
		const struct policy_statement *statement = &policy->statement[i];
		if (!statement_matches(statement, action, resource))
			continue;
		if (statement->deny) {
			if (because)
				*because = statement->reason;
			return false;
		}
		allowed = true;
	}
	if (!allowed && because)
		*because = reason;
	return allowed;
}
