/*
 * Policies: parsed and checked once, then asked.  Default deny; any explicit Deny wins; else
 * any Allow.  The language is IAM's (IAM user guide, "IAM JSON policy elements reference"):
 * Effect, Action or NotAction, Resource or NotResource, Condition, and variables in
 * documents of Version 2012-10-17.  A document that uses what is not known here is refused
 * whole, never half understood.
 */
#ifndef ONECLICK_SERVICE_POLICY_H
#define ONECLICK_SERVICE_POLICY_H

#include <stdbool.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/record.h"

enum { POLICY_MAX = 6144 }; /* characters of a document, white space not counted */

/* The policy of those who need not be held back: everything is allowed. */
#define POLICY_ADMINISTRATOR "AdministratorAccess"

struct policy;
/* `text` is AWSIoT1ClickFullAccess, AWSIoT1ClickReadOnlyAccess, AdministratorAccess, or a
 * document.  ERR_INVALID names line, column, statement and member. */
enum err policy_parse(
	const void *ctx, const char *text, struct policy **out, struct fault *why);
/* What is kept of a text that policy_parse took: the document alone, without a byte order
 * mark and what `aws iam get-policy-version` prints around it; it lives as long as ctx. */
enum err policy_bare(
	const void *ctx, const char *text, const char **out, struct fault *why);
/* What is allowed to say and seldom meant, one sentence each; they live as long as the
 * policy. */
struct texts policy_warnings(const struct policy *policy);
/* The action as operations, extras and doors name it; NULL if there is none of this name
 * (in any case; the guide's own spellings count). */
const char *policy_action(const char *word);

/* What a request is known by. */
struct policy_context {
	/* The values of a condition key, named in any case ("aws:SourceIp",
	 * "aws:ResourceTag/room"); none when the request has no such key.  Asked only when
	 * a statement on the action and resource at hand names it. */
	struct texts (*find)(void *arg, const char *key);
	void *arg;
};

struct policy_question {
	const char *action;   /* "iot1click:ListDevices" */
	const char *resource; /* an ARN, or "*" */
	const struct policy_context *context;
};

enum policy_decision { POLICY_IMPLICIT_DENY, POLICY_EXPLICIT_DENY, POLICY_ALLOWED };

struct policy_verdict {
	enum policy_decision decision;
	size_t policy;    /* which one decided, from 0 */
	size_t statement; /* and which of its statements, from 1; 0: none spoke */
};

/* What the policies of one user say together; in whatever order, it is the same decision. */
struct policy_verdict policies_decide(const struct policy *const *policy, size_t count,
	const struct policy_question *question);

#endif
