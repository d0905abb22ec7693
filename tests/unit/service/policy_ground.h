/* What the tests of policies stand on: documents in few words, and a request that is known
 * by a list of keys and values. */
#ifndef ONECLICK_TESTS_POLICY_GROUND_H
#define ONECLICK_TESTS_POLICY_GROUND_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "oneclick/base/mem.h"
#include "oneclick/service/policy.h"

#define DEVICE "arn:aws:iot1click:us-west-2:000000000000:devices/G030PM0123456789"
#define PROJECT "arn:aws:iot1click:us-west-2:000000000000:projects/"
#define STATEMENTS(text) "{\"Version\":\"2012-10-17\",\"Statement\":[" text "]}"
#define ALLOW(action, resource) \
	"{\"Effect\":\"Allow\",\"Action\":" action ",\"Resource\":" resource "}"
#define DENY(action, resource) \
	"{\"Effect\":\"Deny\",\"Action\":" action ",\"Resource\":" resource "}"
/* What is allowed when the condition holds. */
#define WHEN(condition) \
	STATEMENTS("{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"," \
		   "\"Condition\":" condition "}")

/* "key=value|value ...", blanks between keys; a key without '=' has an empty set. */
struct known {
	char text[512];
	const char *value[16];
};

static inline struct texts
find_known(void *arg, const char *key)
{
	struct known *known = arg;
	struct texts out = { .item = known->value };
	char *rest = known->text;
	static char copy[512];
	char *word;

	strcpy(copy, known->text);
	for (rest = copy; (word = strsep(&rest, " "));) {
		char *equals = strchr(word, '=');
		if (equals)
			*equals++ = '\0';
		if (strcasecmp(word, key) != 0)
			continue;
		while (equals)
			out.item[out.count++] = strsep(&equals, "|");
		return out;
	}
	return out;
}

static inline enum policy_decision
decide(const char *document, const char *action, const char *resource, const char *known)
{
	void *life = mem_life(NULL);
	struct known facts = { .text = "" };
	const struct policy_context context = { .find = find_known, .arg = &facts };
	const struct policy_question question = {
		.action = action, .resource = resource, .context = &context
	};
	struct policy *policy;
	struct fault why;
	struct policy_verdict verdict;

	assert_true(strlen(known) < sizeof facts.text);
	strcpy(facts.text, known);
	if (policy_parse(life, document, &policy, &why))
		fail_msg("%s: %s", document, why.sentence);
	verdict = policies_decide((const struct policy *const *)&policy, 1, &question);
	mem_free(life);
	return verdict.decision;
}

static inline bool
allows(const char *document, const char *action, const char *resource)
{
	return decide(document, action, resource, "") == POLICY_ALLOWED;
}

/* The sentence with which the document is refused; good until the next one. */
static inline const char *
refusal_of(const char *document)
{
	static struct fault why;
	struct policy *policy;

	if (policy_parse(NULL, document, &policy, &why) != ERR_INVALID)
		fail_msg("%s was taken", document);
	return why.sentence;
}

#endif
