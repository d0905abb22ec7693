/*
 * AWS Lambda's Invoke, at AWS or at anything that answers as it does (a local runtime, an
 * emulator): what callbacks went to when the guide was written.
 */
#include <string.h>

#include "attempt.h"
#include "aws.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/uri.h"
#include "parcel.h"
#include "sink_read.h"
#include "sinks.h"

struct lambda_options {
	const char *endpoint, *function, *invocation, *credentials_file, *profile,
		*region, *ca_file;
	int plain;
};

/*
 * endpoint       https://HOST[:PORT][/PREFIX]; else AWS's own of the function's region
 * function       name or ARN; else the callback's, by its name at an endpoint of one's own
 * invocation     Event (the default): taken is delivered; RequestResponse: done is
 * credentials-file, profile   as ~/.aws/credentials; without it nothing is signed
 * region         what signatures are for; else the function's, else the service's
 */
#define ROW(label, what, member, high) \
	SINK_ROW(struct lambda_options, label, what, member, (high) > 0, high)
static const struct field rows[] = {
	ROW("endpoint", FIELD_TEXT, endpoint, 2048),
	ROW("function", FIELD_TEXT, function, 170),
	ROW("invocation", FIELD_TEXT, invocation, 32),
	ROW("credentials-file", FIELD_TEXT, credentials_file, 4096),
	ROW("profile", FIELD_TEXT, profile, 256),
	ROW("region", FIELD_TEXT, region, 32),
	ROW("ca-file", FIELD_TEXT, ca_file, 4096),
	ROW("plain", FIELD_FLAG, plain, 0),
};

struct lambda {
	const struct sink_world *world;
	struct endpoint own; /* when has_own */
	bool has_own, waits;
	const char *function, *region, *ca_file; /* NULL: not said */
	struct aws_keys keys;
};

/* ---- the configuration ---- */

static enum err
check(const struct value *value, const struct lambda_options *options, struct fault *why)
{
	if (options->invocation && strcmp(options->invocation, "Event") != 0 &&
		strcmp(options->invocation, "RequestResponse") != 0)
		return sink_refuse(value, "invocation", why,
			"\"invocation\" is Event or RequestResponse.");
	if (options->region && !aws_is_region(options->region))
		return sink_refuse(
			value, "region", why, "\"region\" is written as us-west-2.");
	if (!options->endpoint && !options->credentials_file)
		return sink_refuse(value, "credentials-file", why,
			"AWS Lambda needs \"credentials-file\", or \"endpoint\" says who "
			"answers in its place.");
	return ERR_NONE;
}

static enum err
read_endpoint(struct lambda *lambda, const struct value *value,
	const struct lambda_options *options, struct fault *why)
{
	const struct endpoint_options how = { options->ca_file, options->plain == 1 };

	lambda->has_own = options->endpoint != NULL;
	if (!lambda->has_own)
		return ERR_NONE;
	return sink_place(value, "endpoint",
		aws_endpoint_read(lambda, options->endpoint, &how, &lambda->own, why),
		why);
}

static enum err
read_lambda(struct lambda *lambda, const struct value *value, struct fault *why)
{
	struct lambda_options options;
	enum err err = record_read(
		lambda, rows, sizeof rows / sizeof *rows, value, &options, why);

	if (err == ERR_NONE)
		err = check(value, &options, why);
	if (err == ERR_NONE)
		err = read_endpoint(lambda, value, &options, why);
	if (err != ERR_NONE)
		return err;
	lambda->function = options.function;
	lambda->region = options.region;
	lambda->ca_file = options.ca_file;
	lambda->waits = options.invocation && *options.invocation == 'R';
	if (!options.credentials_file)
		return ERR_NONE;
	return sink_place(value, "credentials-file",
		aws_keys_read(lambda, options.credentials_file, options.profile,
			&lambda->keys, why),
		why);
}

static enum err
open_lambda(const void *ctx, const struct value *value, const struct sink_world *world,
	void **out, struct fault *why)
{
	struct lambda *lambda = mem_new(ctx, struct lambda);

	lambda->world = world;
	*out = lambda;
	return read_lambda(lambda, value, why);
}

/* ---- sending ---- */

/* Where one invocation goes. */
struct goal {
	const char *function; /* as it stands in the path, not encoded */
	const char *region;
	const struct endpoint *endpoint;
	struct endpoint aws; /* when it is AWS's own */
};

/* "NAME[:QUALIFIER]" of "function:NAME[:QUALIFIER]", NULL if it is none. */
static const char *
name_of(const struct aws_arn *arn)
{
	if (strcmp(arn->service, "lambda") != 0 ||
		strncmp(arn->resource, "function:", 9) != 0)
		return NULL;
	return arn->resource + 9;
}

static bool
aim_at_aws(const void *ctx, const struct lambda *lambda, struct goal *goal)
{
	const char *url =
		mem_format(ctx, "https://lambda.%s.amazonaws.com", goal->region);

	goal->endpoint = &goal->aws;
	return aws_endpoint_read(ctx, url,
		       &(struct endpoint_options){ lambda->ca_file, false }, &goal->aws,
		       NULL) == ERR_NONE;
}

/* False if the callback is no function and the destination names none. */
static bool
aim(const void *ctx, const struct lambda *lambda, const struct parcel *parcel,
	struct goal *goal)
{
	const char *text = lambda->function ? lambda->function : parcel->callback;
	struct aws_arn arn;
	bool is_arn = aws_arn_read(ctx, text, &arn);
	const char *name = is_arn ? name_of(&arn) : NULL;

	if (!lambda->function && !name)
		return false;
	goal->function = name && lambda->has_own && !lambda->function ? name : text;
	goal->region = lambda->region ? lambda->region
		       : is_arn       ? arn.region
				      : lambda->world->region;
	goal->endpoint = &lambda->own;
	return lambda->has_own || aim_at_aws(ctx, lambda, goal);
}

/* A function that failed is answered with 200 as well. */
static void
judge_response(const struct transfer_reply *reply, struct outcome_report *report)
{
	aws_judge(reply, report);
	if (report->outcome == OUTCOME_DELIVERED && reply->function_error)
		outcome_set(report, OUTCOME_AGAIN, "The function failed (%s): %.160s",
			reply->function_error, reply->body);
}

static const char *
path_of(const void *ctx, const struct goal *goal)
{
	const char *prefix = goal->endpoint->target;
	size_t n = strlen(prefix);
	struct buf out;

	buf_init(&out, ctx, BUF_NO_CAP);
	buf_add(&out, prefix, n > 0 && prefix[n - 1] == '/' ? n - 1 : n);
	buf_text(&out, "/2015-03-31/functions/");
	uri_encode(&out, goal->function, strlen(goal->function));
	buf_text(&out, "/invocations");
	return out.data;
}

static void *
send_lambda(void *sink, const struct parcel *parcel, outcome_fn fn, void *arg)
{
	const struct lambda *lambda = sink;
	struct attempt *attempt = attempt_new(lambda->world->loop, fn, arg);
	struct goal goal;

	if (!aim(attempt, lambda, parcel, &goal))
		return attempt_refuse(attempt, OUTCOME_NEVER,
			"%.120s is no Lambda function's ARN: the destination must name "
			"a function.",
			parcel->callback);
	attempt->judge = lambda->waits ? judge_response : aws_judge;
	return aws_post(attempt, lambda->world,
		&(struct aws_call){
			.keys = &lambda->keys,
			.endpoint = goal.endpoint,
			.service = "lambda",
			.region = goal.region,
			.target = path_of(attempt, &goal),
			.content_type = "application/json",
			.body = parcel->json,
			.extra = "X-Amz-Invocation-Type",
			.extra_value = lambda->waits ? "RequestResponse" : "Event",
			.now = parcel->now,
			.timeout = parcel->timeout,
		});
}

const struct sink_class sink_lambda = {
	.name = "lambda",
	.matches = "arn:aws:lambda:*",
	.open = open_lambda,
	.send = send_lambda,
	.cancel = attempt_cancel,
};
