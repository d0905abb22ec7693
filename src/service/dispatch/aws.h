/* Requests to AWS, or to what speaks as AWS does: keys from a file, Signature Version 4. */
#ifndef ONECLICK_SRC_SERVICE_DISPATCH_AWS_H
#define ONECLICK_SRC_SERVICE_DISPATCH_AWS_H

#include "attempt.h"
#include "oneclick/base/fault.h"

struct aws_keys {
	const char *access; /* NULL: nothing is signed */
	const char *secret, *token;
};

/* The keys of a profile (NULL: "default") in a file as ~/.aws/credentials is one, which
 * nobody else may read; they live as long as ctx. */
enum err aws_keys_read(const void *ctx, const char *path, const char *profile,
	struct aws_keys *out, struct fault *why);

/* As endpoint_read, without a query: a signature has a place of its own for that. */
enum err aws_endpoint_read(const void *ctx, const char *url,
	const struct endpoint_options *options, struct endpoint *out, struct fault *why);

/* Letters, digits and hyphens: it becomes part of a host's name. */
bool aws_is_region(const char *text);

/* What a function's or a topic's ARN says; false if it is none. */
struct aws_arn {
	const char *service, *region, *account, *resource;
};
bool aws_arn_read(const void *ctx, const char *text, struct aws_arn *out);

struct aws_call {
	const struct aws_keys *keys;
	const struct endpoint *endpoint;
	const char *service, *region;
	const char *target; /* percent-encoded path, no query */
	const char *content_type, *body;
	const char *extra, *extra_value; /* one more header, signed; NULL: none */
	int64_t now;                     /* a moment: what the signature is dated */
	int64_t timeout;
};

/* Signs and posts; the answer, judged, ends the attempt. */
struct attempt *aws_post(struct attempt *attempt, const struct sink_world *world,
	const struct aws_call *call);

/* As attempt_judge, with what AWS says otherwise. */
void aws_judge(const struct transfer_reply *reply, struct outcome_report *report);

#endif
