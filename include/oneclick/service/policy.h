/*
 * Policies: parsed and checked once, then asked.  Default deny; any explicit Deny wins.
 * A document that uses what this release does not know (conditions, variables,
 * NotAction, NotResource, NotPrincipal) is refused whole, never half understood.
 */
#ifndef ONECLICK_SERVICE_POLICY_H
#define ONECLICK_SERVICE_POLICY_H

#include <stdbool.h>

#include "oneclick/base/fault.h"

enum { POLICY_MAX = 6144 }; /* characters of a document */

struct policy;
/* `text` is AWSIoT1ClickFullAccess, AWSIoT1ClickReadOnlyAccess, or a document. */
enum err policy_parse(
	const void *ctx, const char *text, struct policy **out, struct fault *why);
/* `because`, if not NULL, gets half a sentence ("statement 2 denies it"), static or living
 * as long as the policy. */
bool policy_allows(const struct policy *policy, const char *action, const char *resource,
	const char **because);

/* '*' any run, '?' one character; in time len(pattern) * len(text). */
bool policy_word_matches(const char *pattern, const char *text, bool any_case);

#endif
