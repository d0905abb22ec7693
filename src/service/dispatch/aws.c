#include "aws.h"

#include <string.h>

#include "../secret.h"
#include "oneclick/api/sign.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/ini.h"

enum { HEADERS_MAX = 6, REGION_MAX = 32 };

/* ---- keys and names ---- */

static enum err
take_keys(const void *ctx, const struct ini_file *file, const char *path,
	const char *profile, struct aws_keys *out, struct fault *why)
{
	out->access = ini_word(ctx, ini_get(file, "aws_access_key_id"));
	out->secret = ini_word(ctx, ini_get(file, "aws_secret_access_key"));
	out->token = ini_word(ctx, ini_get(file, "aws_session_token"));
	if (out->access && out->secret)
		return ERR_NONE;
	return fault(why, ERR_NOT_FOUND,
		"%s has no aws_access_key_id and aws_secret_access_key under [%s].",
		text_safe_z(ctx, path).text, text_safe_z(ctx, profile).text);
}

enum err
aws_keys_read(const void *ctx, const char *path, const char *profile,
	struct aws_keys *out, struct fault *why)
{
	struct ini_file *file = NULL;
	enum err err = secret_check(path, why);

	if (!profile)
		profile = "default";
	if (err == ERR_NONE)
		err = ini_read(ctx, path, profile, &file, NULL, why);
	if (err == ERR_NONE)
		err = take_keys(ctx, file, path, profile, out, why);
	ini_wipe(file);
	return err;
}

enum err
aws_endpoint_read(const void *ctx, const char *url,
	const struct endpoint_options *options, struct endpoint *out, struct fault *why)
{
	if (strchr(url, '?'))
		return fault(why, ERR_INVALID, "An endpoint of AWS's has no query.");
	return endpoint_read(ctx, url, options, out, why);
}

bool
aws_is_region(const char *text)
{
	size_t n = strlen(text);

	return n > 0 && n <= REGION_MAX &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

/* "arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE", the resource with colons of its own. */
bool
aws_arn_read(const void *ctx, const char *text, struct aws_arn *out)
{
	char *at = mem_text(ctx, text), *part[6];

	for (int i = 0; i < 6; i++) {
		part[i] = at;
		if (!at)
			return false;
		at = strchr(at, ':');
		if (at && i < 5)
			*at++ = '\0';
	}
	*out = (struct aws_arn){ part[2], part[3], part[4], part[5] };
	return strcmp(part[0], "arn") == 0 && aws_is_region(out->region) &&
	       *out->resource != '\0';
}

/* ---- one request ---- */

struct headers {
	struct sign_header row[HEADERS_MAX];
	size_t count;
	const char *line[HEADERS_MAX + 1];
	size_t lines;
};

static void
add(struct headers *headers, const char *name, const char *value)
{
	if (value)
		headers->row[headers->count++] = (struct sign_header){ name, value };
}

static void
sign(const void *ctx, struct headers *headers, const struct aws_call *call)
{
	struct sign_scope scope = sign_scope_at(call->now, call->region);
	struct sign_request request = {
		.method = "POST",
		.path = call->target,
		.header = headers->row,
	};

	scope.service = call->service;
	add(headers, "X-Amz-Date", mem_text(ctx, scope.moment));
	add(headers, "X-Amz-Security-Token", call->keys->token);
	request.header_count = headers->count;
	digest_sha256_hex(call->body, strlen(call->body), request.payload_hash);
	headers->line[headers->lines++] = mem_format(ctx, "Authorization: %s",
		sign_authorization(
			ctx, &request, &scope, call->keys->access, call->keys->secret));
}

/* Host is signed, but sent by the transfer itself. */
static void
write_lines(const void *ctx, struct headers *headers)
{
	for (size_t i = 1; i < headers->count; i++)
		headers->line[headers->lines++] = mem_format(
			ctx, "%s: %s", headers->row[i].name, headers->row[i].value);
}

struct attempt *
aws_post(struct attempt *attempt, const struct sink_world *world,
	const struct aws_call *call)
{
	struct headers headers = { 0 };

	add(&headers, "Host", call->endpoint->origin.host);
	add(&headers, "Content-Type", call->content_type);
	if (call->extra)
		add(&headers, call->extra, call->extra_value);
	if (call->keys->access)
		sign(attempt, &headers, call);
	write_lines(attempt, &headers);
	return attempt_post(attempt, world,
		&(struct attempt_post){
			.endpoint = call->endpoint,
			.target = call->target,
			.headers = headers.line,
			.header_count = headers.lines,
			.body = call->body,
			.timeout = call->timeout,
		});
}

/* Older interfaces throttle with a 400; and nobody there says 410 and means all callbacks
 * to come. */
void
aws_judge(const struct transfer_reply *reply, struct outcome_report *report)
{
	attempt_judge(reply, report);
	if (reply->code == ERR_NONE && reply->status == 400 &&
		strstr(reply->body, "Throttl"))
		report->outcome = OUTCOME_AGAIN;
	if (report->outcome == OUTCOME_GONE)
		report->outcome = OUTCOME_NEVER;
}
