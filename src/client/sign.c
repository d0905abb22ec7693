#include <string.h>

#include "inside.h"
#include "oneclick/api/problem.h"
#include "oneclick/api/sign.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/json.h"

enum { PROBLEM_VALUES_MAX = 100 };

struct names {
	struct sign_header row[SIGNED_HEADERS_MAX];
	size_t count;
};

static void
add(struct names *names, const char *name, const char *value)
{
	if (value)
		names->row[names->count++] = (struct sign_header){ name, value };
}

static const char *
line(const void *ctx, const char *name, const char *value)
{
	return mem_format(ctx, "%s: %s", name, value);
}

static const char *
authorization(const void *ctx, const struct outgoing *out, const struct names *names,
	const struct sign_scope *scope)
{
	const char *query = strchr(out->target, '?');
	size_t path_len = query ? (size_t)(query - out->target) : strlen(out->target);
	struct sign_request request = {
		.method = out->method,
		.path = mem_textn(ctx, out->target, path_len),
		.query = query ? query + 1 : NULL,
		.header = names->row,
		.header_count = names->count,
	};
	const char *body = out->body ? out->body : "";

	digest_sha256_hex(body, strlen(body), request.payload_hash);
	return sign_authorization(
		ctx, &request, scope, out->creds->access_key, out->creds->secret);
}

void
client_sign(const struct client *client, const void *ctx, struct outgoing *out)
{
	struct sign_scope scope = sign_scope_at(moment_now(), client->region);
	struct names names = { .count = 0 };
	char id[UUID_SIZE];

	out->target = mem_format(ctx, "%s%s", client->origin.path, out->target);
	/* Signatures are dated by the second: without this, doing, undoing and doing
	 * again within one would be the same request twice. */
	digest_uuid(id);
	add(&names, "Host", client->origin.host);
	add(&names, "Content-Type", out->body ? "application/json" : NULL);
	if (out->creds) {
		add(&names, "X-Amz-Date", scope.moment);
		add(&names, "X-Amz-Security-Token", out->creds->session_token);
		add(&names, "amz-sdk-invocation-id", id);
	}
	out->count = 0;
	for (size_t i = 0; i < names.count; i++)
		out->header[out->count++] =
			line(ctx, names.row[i].name, names.row[i].value);
	if (out->creds)
		out->header[out->count++] = line(
			ctx, "Authorization", authorization(ctx, out, &names, &scope));
	if (out->extra)
		out->header[out->count++] = out->extra;
}

/* "ResourceNotFoundException:http://…" is that exception. */
static const char *
problem_word(
	const void *ctx, const struct transfer_reply *reply, const struct value *body)
{
	const char *name = reply->error_type;

	if (!name)
		name = value_text(body, "__type");
	if (name && strchr(name, '#'))
		name = strchr(name, '#') + 1;
	if (!name)
		return NULL;
	return text_safe(ctx, name, strcspn(name, ":")).text;
}

/* Followed, it would take the signature along to wherever it leads. */
static enum err
refuse_redirect(const void *ctx, const struct transfer_reply *reply, struct fault *why)
{
	const char *to = reply->location ? reply->location : "nowhere";

	return fault(why, ERR_INTERNAL,
		"The service sends elsewhere (status %d, to %.200s), and oneclick goes "
		"only where its endpoint says: if that is the service's address, make it "
		"the endpoint.",
		reply->status, text_safe_z(ctx, to).text);
}

enum err
client_read_refusal(const void *ctx, const struct transfer_reply *reply,
	const char **problem, struct fault *why)
{
	const struct value *body = NULL;
	const char *sentence;

	if (json_parse_capped(
		    ctx, reply->body, reply->len, PROBLEM_VALUES_MAX, &body, NULL))
		body = NULL;
	*problem = problem_word(ctx, reply, body);
	sentence = value_text(body, "message");
	if (!sentence)
		sentence = value_text(body, "Message");
	if (sentence && *sentence)
		return fault(why, problem_err(*problem, reply->status), "%s",
			text_safe_z(ctx, sentence).text);
	if (reply->status >= 300 && reply->status <= 399)
		return refuse_redirect(ctx, reply, why);
	return fault(why, problem_err(*problem, reply->status),
		"The service answered with status %d (%s) and gave no reason.",
		reply->status, *problem ? *problem : "no exception named");
}
