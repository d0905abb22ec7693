#include "facts.h"

#include <string.h>
#include <strings.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/json.h"
#include "oneclick/model/arn.h"
#include "oneclick/store/devices.h"
#include "oneclick/store/projects.h"
#include "policy_rows.h"

static struct texts
nothing(void)
{
	return (struct texts){ 0 };
}

static struct texts
one(struct facts *facts, const char *text)
{
	struct texts out = { 0 };

	if (!text)
		return out;
	out.item = mem_array(facts->ctx, const char *, 1);
	out.item[0] = text;
	out.count = 1;
	return out;
}

/* ---- who ---- */

static struct texts
find_username(struct facts *facts, const char *rest)
{
	(void)rest;
	return one(facts, facts->principal ? facts->principal->user : NULL);
}

/* As the audit records have it. */
static struct texts
find_userid(struct facts *facts, const char *rest)
{
	const struct principal *who = facts->principal;

	(void)rest;
	return one(facts,
		who ? mem_format(facts->ctx, "%s:%s", who->account, who->user) : NULL);
}

static struct texts
find_arn(struct facts *facts, const char *rest)
{
	(void)rest;
	return one(facts, facts->principal ? facts->principal->arn : NULL);
}

static struct texts
find_account(struct facts *facts, const char *rest)
{
	(void)rest;
	return one(facts, facts->principal ? facts->principal->account : NULL);
}

/* ---- how ---- */

static struct texts
find_address(struct facts *facts, const char *rest)
{
	(void)rest;
	if (!facts->request || strcmp(facts->request->peer, "local") == 0)
		return nothing();
	return one(facts, facts->request->peer);
}

static struct texts
find_secure(struct facts *facts, const char *rest)
{
	(void)rest;
	return facts->request ? one(facts, facts->request->secure ? "true" : "false")
			      : nothing();
}

static struct texts
find_agent(struct facts *facts, const char *rest)
{
	(void)rest;
	return facts->request ? one(facts, request_header(facts->request, "User-Agent"))
			      : nothing();
}

static struct texts
find_region(struct facts *facts, const char *rest)
{
	(void)rest;
	return one(facts, facts->settings->region);
}

static struct texts
find_time(struct facts *facts, const char *rest)
{
	char iso[MOMENT_ISO_SIZE];

	(void)rest;
	moment_to_iso(facts->now, iso);
	return one(facts, mem_text(facts->ctx, iso));
}

static struct texts
find_epoch(struct facts *facts, const char *rest)
{
	(void)rest;
	return one(facts, mem_format(facts->ctx, "%lld", (long long)(facts->now / 1000)));
}

/* ---- tags ---- */

/* A condition names a tag in any case; one spelt just so comes first. */
static const char *
find_tag(const struct pairs *tags, const char *name)
{
	const char *exact = tags ? pairs_get(tags, name) : NULL;

	for (size_t i = 0; !exact && tags && i < tags->count; i++)
		if (strcasecmp(tags->row[i].key, name) == 0)
			return tags->row[i].value;
	return exact;
}

static struct texts
find_principal_tag(struct facts *facts, const char *name)
{
	return one(
		facts, facts->principal ? find_tag(facts->principal->tags, name) : NULL);
}

static struct texts
find_request_tag(struct facts *facts, const char *name)
{
	return one(facts, find_tag(facts->request_tags, name));
}

static struct texts
find_tag_keys(struct facts *facts, const char *rest)
{
	size_t set = facts->request_tags ? facts->request_tags->count : 0;
	size_t removed = facts->tag_keys ? facts->tag_keys->count : 0;
	struct texts out = { .item = mem_array(
				     facts->ctx, const char *, set + removed + 1) };

	(void)rest;
	for (size_t i = 0; i < set; i++)
		out.item[out.count++] = facts->request_tags->row[i].key;
	for (size_t i = 0; i < removed; i++)
		out.item[out.count++] = facts->tag_keys->item[i];
	return out;
}

static enum err
read_tags(struct facts *facts, const struct arn *arn, const char **out)
{
	struct device device;
	struct project project;
	enum err err;

	if (arn->kind == ARN_DEVICE) {
		err = devices_find_own(facts->tx, facts->ctx, facts->account, arn->name,
			&device, &facts->why);
		*out = err ? NULL : device.tags;
	} else {
		err = projects_find(facts->tx, facts->ctx, facts->account, arn->name,
			&project, &facts->why);
		*out = err ? NULL : project.tags;
	}
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

/* What is not there, or another's, has no tags. */
static const struct pairs *
find_tags(struct facts *facts)
{
	const char *json = NULL;
	const struct pairs *tags;
	struct arn arn;

	if (arn_parse(facts->resource, &arn, NULL) == ERR_NONE &&
		strcmp(arn.account, facts->account) == 0 &&
		strcmp(arn.region, facts->settings->region) == 0 && !facts->err)
		facts->err = read_tags(facts, &arn, &json);
	tags = json ? json_read_pairs(facts->ctx, json) : NULL;
	return tags ? tags : pairs_new(facts->ctx);
}

static struct texts
find_resource_tag(struct facts *facts, const char *name)
{
	if (!facts->resource_tags)
		facts->resource_tags = find_tags(facts);
	return one(facts, find_tag(facts->resource_tags, name));
}

/* ---- the keys ---- */

/* One row a condition key; of a name that ends with '/', what follows is a tag's key. */
static const struct fact {
	const char *name;
	bool many; /* values, maybe */
	struct texts (*find)(struct facts *facts, const char *rest);
} rows[] = {
	{ "aws:CurrentTime", false, find_time },
	{ "aws:EpochTime", false, find_epoch },
	{ "aws:PrincipalAccount", false, find_account },
	{ "aws:PrincipalArn", false, find_arn },
	{ "aws:PrincipalTag/", false, find_principal_tag },
	{ "aws:RequestTag/", false, find_request_tag },
	{ "aws:RequestedRegion", false, find_region },
	{ "aws:ResourceTag/", false, find_resource_tag },
	{ "aws:SecureTransport", false, find_secure },
	{ "aws:SourceIp", false, find_address },
	{ "aws:TagKeys", true, find_tag_keys },
	{ "aws:UserAgent", false, find_agent },
	{ "aws:userid", false, find_userid },
	{ "aws:username", false, find_username },
};

enum { ROWS = sizeof rows / sizeof *rows };

static const struct fact *
find_row(const char *key)
{
	for (size_t i = 0; i < ROWS; i++) {
		size_t n = strlen(rows[i].name);
		bool is_group = rows[i].name[n - 1] == '/';

		if (is_group ? strncasecmp(rows[i].name, key, n) == 0 && key[n] != '\0'
			     : strcasecmp(rows[i].name, key) == 0)
			return &rows[i];
	}
	return NULL;
}

bool
policy_key_is_known(const char *key, const char **near, bool *many)
{
	const struct fact *row = find_row(key);
	const char *names[ROWS];

	*near = NULL;
	*many = row && row->many;
	if (row)
		return true;
	for (size_t i = 0; i < ROWS; i++)
		names[i] = rows[i].name;
	*near = nearest_word(key, names, ROWS);
	return false;
}

/* ---- finding ---- */

static const struct value *
find_supposed(const struct facts *facts, const char *key)
{
	for (size_t i = 0; facts->supposed && i < facts->supposed->count; i++)
		if (strcasecmp(facts->supposed->key[i], key) == 0)
			return &facts->supposed->item[i];
	return NULL;
}

static struct texts
take_supposed(struct facts *facts, const struct value *value)
{
	struct texts out;

	if (value->kind != VALUE_LIST)
		return one(facts, value->text);
	out.item = mem_array(facts->ctx, const char *, value->count + 1);
	out.count = value->count;
	for (size_t i = 0; i < value->count; i++)
		out.item[i] = value->item[i].text;
	return out;
}

static struct texts
find(void *arg, const char *key)
{
	struct facts *facts = arg;
	const struct value *supposed = find_supposed(facts, key);
	const struct fact *row = find_row(key);
	const char *rest = strchr(key, '/');

	if (supposed)
		return take_supposed(facts, supposed);
	return row ? row->find(facts, rest ? rest + 1 : "") : nothing();
}

struct policy_context
facts_context(struct facts *facts)
{
	return (struct policy_context){ .find = find, .arg = facts };
}
