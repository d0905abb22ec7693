/* Where heads go: the journal, files, mail and webhooks of section `audit-head`. */
#ifndef ONECLICK_SERVICE_HEAD_TARGETS_H
#define ONECLICK_SERVICE_HEAD_TARGETS_H

#include "oneclick/service/config.h"
#include "oneclick/service/service.h"
#include "signed_head.h"

/*
 * audit-head:
 *   - journal: true           a line of the service's log
 *   - file: /PATH             appended to it; it must be a plain one
 *   - mail: {url, from, to}   as the sink of that name has it
 *   - webhook: {url}          likewise
 */
struct head_targets;

void head_targets_check(const void *ctx, const struct value *section,
	const struct value *file, struct config_check *check);
enum err head_targets_open(const void *ctx, struct service *service,
	struct head_targets **out, struct fault *why);
void head_targets_close(struct head_targets *targets);

/* On a lane, for a file may be slow: those files that are due. No other call meanwhile. */
void head_targets_append(struct head_targets *targets, const struct signed_head *head);
/* On the loop, after it: all else that is due, and what came of the files. */
void head_targets_send(struct head_targets *targets, const struct signed_head *head);
void head_targets_hasten(struct head_targets *targets); /* all are due now */
bool head_targets_are_busy(const struct head_targets *targets);
/* Calls fn once nothing is under way any more. */
void head_targets_when_idle(struct head_targets *targets, loop_fn fn, void *arg);

#endif
