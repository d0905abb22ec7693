#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "day_key.h"
#include "oneclick/api/extra.h"
#include "oneclick/api/route.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/json.h"
#include "oneclick/service/policy.h"
#include "oneclick/service/principal.h"
#include "oneclick/store/keys.h"
#include "presented.h"

enum {
	SIGNED_HEADERS_MAX = 64,
	CREDENTIAL_MAX = 256,
	EXPIRES_MAX = 7 * 24 * 60 * 60, /* seconds */
	SCOPE_PARTS = 5,
};

/* One request on its way to a principal. */
struct checking {
	const void *ctx;
	struct tx *tx;
	const struct request *request;
	const struct settings *settings;
	struct presented presented;
	const char *access_key;
	struct sign_scope scope;
	struct sign_request signed_part;
	int64_t until;
	struct key key;
	bool key_known;
	enum problem *problem;
	struct fault *why;
};

#define refuse(c, how, ...) nobody((c)->problem, (c)->why, (how), __VA_ARGS__)

static enum err
check_algorithm(struct checking *c)
{
	if (strcmp(c->presented.algorithm, SIGN_ALGORITHM) == 0)
		return ERR_NONE;
	return refuse(c, PROBLEM_INCOMPLETE_SIGNATURE,
		"The signature's algorithm must be " SIGN_ALGORITHM ".");
}

/* ---- which headers are signed ---- */

static bool
is_signed(const struct checking *c, const char *name)
{
	for (size_t i = 0; i < c->signed_part.header_count; i++)
		if (strcasecmp(c->signed_part.header[i].name, name) == 0)
			return true;
	return false;
}

/* All values of the header go into the signature, in the order they came. */
static enum err
add_header(struct checking *c, struct sign_header *rows, const char *name)
{
	const struct request *request = c->request;
	size_t before = c->signed_part.header_count;

	for (size_t h = 0; h < request->header_count; h++)
		if (strcasecmp(request->header[h].name, name) == 0)
			rows[c->signed_part.header_count++] = request->header[h];
	if (c->signed_part.header_count == before)
		return refuse(c, PROBLEM_BAD_SIGNATURE,
			"The header '%.64s' is signed, but the request has none.", name);
	return ERR_NONE;
}

static enum err
collect_headers(struct checking *c)
{
	struct sign_header *rows =
		mem_array(c->ctx, struct sign_header, c->request->header_count + 1);
	char *rest = mem_text(c->ctx, c->presented.headers);
	int count = 0;

	c->signed_part.header = rows;
	while (rest) {
		const char *name = strsep(&rest, ";");
		if (++count > SIGNED_HEADERS_MAX)
			return refuse(c, PROBLEM_INCOMPLETE_SIGNATURE,
				"SignedHeaders names more than %d headers.",
				SIGNED_HEADERS_MAX);
		enum err err = add_header(c, rows, name);
		if (err)
			return err;
	}
	return ERR_NONE;
}

static bool
must_be_signed(const struct checking *c, const char *name)
{
	return strcasecmp(name, "Host") == 0 || strncasecmp(name, "X-Amz-", 6) == 0 ||
	       (strcasecmp(name, "Content-Type") == 0 && c->request->body.len > 0);
}

static enum err
check_headers(struct checking *c)
{
	const struct request *request = c->request;
	enum err err = collect_headers(c);

	if (err)
		return err;
	if (!is_signed(c, "host"))
		return refuse(c, PROBLEM_BAD_SIGNATURE,
			"The header 'Host' must be among the signed ones.");
	for (size_t h = 0; h < request->header_count; h++)
		if (must_be_signed(c, request->header[h].name) &&
			!is_signed(c, request->header[h].name))
			return refuse(c, PROBLEM_BAD_SIGNATURE,
				"The header '%.64s' must be among the signed ones.",
				request->header[h].name);
	return ERR_NONE;
}

/* ---- the clock ---- */

static enum err
read_expires(struct checking *c, int64_t *out)
{
	const char *text = c->presented.expires;
	size_t digits = strspn(text, "0123456789");

	*out = digits <= 6 ? atoi(text) : 0;
	if (text[digits] != '\0' || *text == '0' || *out < 1 || *out > EXPIRES_MAX)
		return refuse(c, PROBLEM_INCOMPLETE_SIGNATURE,
			"X-Amz-Expires takes 1 to %d seconds.", EXPIRES_MAX);
	*out *= 1000;
	return ERR_NONE;
}

static enum err
check_clock(struct checking *c)
{
	int64_t skew = c->settings->clock_skew, life = skew, moment;
	char now[MOMENT_BASIC_SIZE];

	if (!c->presented.moment || !moment_from_basic(c->presented.moment, &moment))
		return refuse(c, PROBLEM_INCOMPLETE_SIGNATURE,
			"X-Amz-Date takes a moment like 20180504T232633Z.");
	if (c->presented.in_query) {
		enum err err = read_expires(c, &life);
		if (err)
			return err;
	}
	c->until = moment + (c->presented.in_query ? life : 0);
	moment_to_basic(c->request->at, now);
	if (c->request->at > moment + life)
		return refuse(c, PROBLEM_BAD_SIGNATURE,
			"The signature of %s has expired: it is now %s here; check the "
			"clock.",
			c->presented.moment, now);
	if (c->request->at < moment - skew)
		return refuse(c, PROBLEM_BAD_SIGNATURE,
			"The signature of %s is not yet valid: it is now %s here; check "
			"the clock.",
			c->presented.moment, now);
	memcpy(c->scope.moment, c->presented.moment, sizeof c->scope.moment);
	return ERR_NONE;
}

/* ---- the credential's scope ---- */

static enum err
refuse_scope(struct checking *c, const char *what, const char *wanted)
{
	return refuse(c, PROBLEM_BAD_SIGNATURE, "The credential's %s must be '%s' here.",
		what, wanted);
}

static enum err
check_scope(struct checking *c)
{
	char *rest = mem_text(c->ctx, c->presented.credential),
	     *part[SCOPE_PARTS] = { 0 };
	size_t count = 0;

	while (rest && count < SCOPE_PARTS)
		part[count++] = strsep(&rest, "/");
	if (rest || count < SCOPE_PARTS || !*part[0] ||
		strlen(c->presented.credential) > CREDENTIAL_MAX)
		return refuse(c, PROBLEM_INCOMPLETE_SIGNATURE,
			"The credential takes KEY/DATE/REGION/" SIGN_SERVICE
			"/" SIGN_TERMINATOR ".");
	c->access_key = part[0];
	memcpy(c->scope.date, c->scope.moment, sizeof c->scope.date - 1);
	c->scope.region = c->settings->region;
	c->scope.service = c->request->signing ? c->request->signing : SIGN_SERVICE;
	if (strcmp(part[1], c->scope.date) != 0)
		return refuse_scope(c, "date", c->scope.date);
	if (strcmp(part[2], c->scope.region) != 0)
		return refuse_scope(c, "region", c->scope.region);
	if (strcmp(part[3], c->scope.service) != 0)
		return refuse_scope(c, "service", c->scope.service);
	if (strcmp(part[4], SIGN_TERMINATOR) != 0)
		return refuse_scope(c, "end", SIGN_TERMINATOR);
	return ERR_NONE;
}

/* ---- the key and the signature ---- */

static enum err
check_token(struct checking *c)
{
	if (!c->presented.token)
		return ERR_NONE;
	return refuse(c, PROBLEM_UNKNOWN_KEY,
		"This service issues no session tokens; sign with an access key alone.");
}

/* An unknown key is checked against a dummy secret, so that timing does not tell it from a
 * known one.  The answer does, as at AWS: an ID is 80 random bits, and no one's name. */
static enum err
find_key(struct checking *c)
{
	static const char none[] = "0000000000000000000000000000000000000000";
	enum err err = keys_find(c->tx, c->ctx, c->access_key, &c->key, c->why);

	c->key_known = err == ERR_NONE;
	if (err == ERR_NOT_FOUND) {
		c->key = (struct key){ .secret = mem_text(c->ctx, none) };
		return ERR_NONE;
	}
	if (err)
		*c->problem = problem_of(err);
	return err;
}

static enum err
check_body(struct checking *c)
{
	const struct request *request = c->request;
	const char *given = request_header(request, "X-Amz-Content-Sha256");

	digest_sha256_hex(
		request->body.data, request->body.len, c->signed_part.payload_hash);
	if (!given || strcmp(given, c->signed_part.payload_hash) == 0)
		return ERR_NONE;
	if (strcmp(given, "UNSIGNED-PAYLOAD") == 0 ||
		strncmp(given, "STREAMING-", 10) == 0)
		return refuse(c, PROBLEM_BAD_SIGNATURE,
			"The body must be signed; X-Amz-Content-Sha256 takes its "
			"SHA-256.");
	return refuse(c, PROBLEM_BAD_SIGNATURE,
		"The body that came has not the SHA-256 that X-Amz-Content-Sha256 says.");
}

static const char *
signed_path(const struct checking *c)
{
	const struct request *request = c->request;

	return request->prefix ? mem_format(c->ctx, "%s%s", request->prefix, request->path)
			       : request->path;
}

/* Else what was signed for one operation could be sent to another, its path cut elsewhere. */
static enum err
check_prefix(struct checking *c)
{
	const char *path = signed_path(c);
	struct route route;
	struct fault unused;

	if (!c->request->prefix)
		return ERR_NONE;
	route_find(c->ctx, c->request->method, path, &route, &unused);
	if (!route.path_known && extra_find(path) == EXTRA_NONE)
		return ERR_NONE;
	return refuse(c, PROBLEM_BAD_SIGNATURE,
		"With X-Forwarded-Prefix in front of it the path is one of the API; have "
		"the proxy offer it below a path that is none.");
}

static bool
matches(struct checking *c)
{
	const char *given = c->presented.signature;
	unsigned char key[DIGEST_SIZE];
	char own[DIGEST_HEX_SIZE];

	c->signed_part.method = c->request->method;
	c->signed_part.path = signed_path(c);
	c->signed_part.query = c->request->query;
	day_key(c->key.secret, &c->scope, key);
	sign_compute(&c->signed_part, &c->scope, key, own);
	digest_wipe(key, sizeof key);
	digest_wipe((char *)c->key.secret, strlen(c->key.secret));
	return digest_is_equal(given, own, sizeof own - 1); /* of presented_read() */
}

static enum err
check_signature(struct checking *c)
{
	bool good = matches(c);

	if (!c->key_known)
		return refuse(c, PROBLEM_UNKNOWN_KEY,
			"The access key is not known here, or was revoked.");
	if (!good)
		return refuse(c, PROBLEM_BAD_SIGNATURE,
			"The signature is not the one computed here; check the secret "
			"key, and that nothing on the way changed the request.");
	return ERR_NONE;
}

/* ---- the whole ---- */

/* The order AWS was seen to check in, and the prefix, which is ours; who fails hears of the
 * first. */
static enum err (*const checks[])(struct checking *) = {
	check_algorithm,
	check_headers,
	check_clock,
	check_scope,
	check_token,
	find_key,
	check_body,
	check_prefix,
	check_signature,
};

char *
principal_arn(const void *ctx, const char *account, const char *user)
{
	return mem_format(ctx, "arn:aws:iam::%s:user/%s", account, user);
}

static const struct pairs *
one_policy(const void *ctx, const char *name, const char *policy)
{
	struct pairs *policies = pairs_new(ctx);

	pairs_set(policies, name, policy);
	return policies;
}

/* Who may open our socket is the one who runs us. */
static struct principal
local_user(const void *ctx, const struct settings *settings)
{
	return (struct principal){
		.account = settings->account,
		.user = "local",
		.arn = principal_arn(ctx, settings->account, "local"),
		.access_key = "",
		.policies = one_policy(ctx, POLICY_ADMINISTRATOR, POLICY_ADMINISTRATOR),
		.tags = pairs_new(ctx),
	};
}

/* A policy of the key's own stands in the place of its user's. */
static struct principal
key_user(const struct checking *c)
{
	const struct key *key = &c->key;

	return (struct principal){
		.account = key->account,
		.user = key->user,
		.arn = principal_arn(c->ctx, key->account, key->user),
		.access_key = key->id,
		.policies = *key->policy ? one_policy(c->ctx, "", key->policy)
					 : json_read_pairs(c->ctx, key->user_policies),
		.tags = json_read_pairs(c->ctx, key->user_tags),
		.signature = c->presented.signature,
		.until = c->until,
	};
}

enum err
authn(struct tx *tx, const void *ctx, const struct request *request,
	const struct settings *settings, struct principal *out, enum problem *problem,
	struct fault *why)
{
	struct checking c = { .ctx = ctx,
		.tx = tx,
		.request = request,
		.settings = settings,
		.problem = problem,
		.why = why };
	enum err err = presented_read(ctx, request, &c.presented, problem, why);

	if (!err && c.presented.nothing && request->local) {
		*out = local_user(ctx, settings);
		return ERR_NONE;
	}
	if (!err && c.presented.nothing)
		return refuse(&c, PROBLEM_NO_SIGNATURE,
			"The request is not signed; sign it with an access key.");
	for (size_t i = 0; !err && i < sizeof checks / sizeof *checks; i++)
		err = checks[i](&c);
	if (err)
		return err;
	*out = key_user(&c);
	if (out->policies && out->tags)
		return ERR_NONE;
	*problem = PROBLEM_INTERNAL;
	return fault(why, ERR_INTERNAL,
		"The policies or tags of user %s cannot be read from the store.",
		out->user);
}

enum err
authn_again(struct tx *tx, const void *ctx, const char *access_key, struct principal *out,
	struct fault *why)
{
	struct checking c = { .ctx = ctx };
	enum err err = keys_find(tx, ctx, access_key, &c.key, why);

	if (err == ERR_NOT_FOUND)
		return fault(
			why, ERR_FORBIDDEN, "The access key %s was revoked.", access_key);
	if (err)
		return err;
	digest_wipe((char *)c.key.secret, strlen(c.key.secret));
	*out = key_user(&c);
	return out->policies && out->tags ? ERR_NONE
					  : fault(why, ERR_INTERNAL,
						    "The policies or tags of user %s "
						    "cannot be read from the "
						    "store.",
						    out->user);
}
