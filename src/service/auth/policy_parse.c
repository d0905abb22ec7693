#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "oneclick/api/grant.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"
#include "oneclick/data/json.h"
#include "policy_rows.h"

#define PREFIX "iot1click:"

/* The policies AWS managed for the service, as documents. */
static const struct {
	const char *name, *document;
} managed[] = {
	{ "AWSIoT1ClickFullAccess",
		"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
		"\"Action\":[\"iot1click:*\"],\"Resource\":\"*\"}]}" },
	{ "AWSIoT1ClickReadOnlyAccess",
		"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
		"\"Action\":[\"iot1click:Describe*\",\"iot1click:Get*\",\"iot1click:List*"
		"\"],\"Resource\":\"*\"}]}" },
};

/* A document being read, and where in it we are. */
struct reading {
	const void *ctx;
	bool has_variables; /* ${...} means something: Version 2012-10-17 */
	size_t number;      /* of the statement, from 1 */
	struct fault *why;
};

static const char later[] =
	"policies here take Effect, Action and Resource; the rest comes in a later "
	"release";

/* ---- words ---- */

static enum err
check_variables(const struct reading *r, const char *member, const char *word)
{
	if (!r->has_variables || !strstr(word, "${"))
		return ERR_NONE;
	return fault(r->why, ERR_INVALID,
		"Statement %zu: %s '%.100s' has a variable '${'; %s.", r->number, member,
		word, later);
}

/* The guide's own spellings become the real names; patterns stay what they are. */
static enum err
read_action(const struct reading *r, const char *word, const char **out)
{
	const char *name = word + strlen(PREFIX), *real;

	*out = word;
	if (strcmp(word, "*") == 0)
		return ERR_NONE;
	if (strncasecmp(word, PREFIX, strlen(PREFIX)) != 0 || *name == '\0')
		return fault(r->why, ERR_INVALID,
			"Statement %zu: Action '%.100s' must begin with '" PREFIX
			"' or be '*'.",
			r->number, word);
	if (strpbrk(name, "*?"))
		return ERR_NONE;
	real = grant_real_name(name);
	if (!real)
		return fault(r->why, ERR_INVALID,
			"Statement %zu: Action '%.100s' names no operation.", r->number,
			word);
	*out = mem_format(r->ctx, PREFIX "%s", real);
	return ERR_NONE;
}

static enum err
read_resource(const struct reading *r, const char *word, const char **out)
{
	*out = word;
	if (strcmp(word, "*") == 0 || strncmp(word, "arn:", 4) == 0)
		return ERR_NONE;
	return fault(r->why, ERR_INVALID,
		"Statement %zu: Resource '%.100s' must be '*' or an ARN that begins with "
		"'arn:'.",
		r->number, word);
}

/* ---- a text or a list of texts ---- */

typedef enum err (*word_fn)(const struct reading *r, const char *word, const char **out);

static enum err
read_word(const struct reading *r, const char *member, const struct value *value,
	word_fn fn, const char **out)
{
	enum err err;

	if (value->kind != VALUE_TEXT)
		return fault(r->why, ERR_INVALID,
			"Statement %zu: %s takes a text or a list of texts, not %s.",
			r->number, member, value_kind_name(value->kind));
	err = check_variables(r, member, value->text);
	return err ? err : fn(r, value->text, out);
}

static enum err
read_words(const struct reading *r, const struct value *statement, const char *member,
	word_fn fn, struct texts *out)
{
	const struct value *value = value_get(statement, member);
	const struct value *first = value;
	enum err err = ERR_NONE;

	if (value && value->kind == VALUE_LIST)
		first = value->item;
	out->count = !value ? 0 : value->kind == VALUE_LIST ? value->count : 1;
	if (out->count == 0)
		return fault(r->why, ERR_INVALID,
			"Statement %zu has no %s; it takes a text or a list of texts.",
			r->number, member);
	out->item = mem_array(r->ctx, const char *, out->count);
	for (size_t i = 0; !err && i < out->count; i++)
		err = read_word(r, member, &first[i], fn, &out->item[i]);
	return err;
}

/* ---- statements ---- */

static enum err
check_members(const struct reading *r, const struct value *statement)
{
	static const char *const known[] = { "Sid", "Effect", "Action", "Resource" };
	static const char *const coming[] = { "Condition", "NotAction", "NotResource" };
	enum { KNOWN = sizeof known / sizeof *known };

	for (size_t i = 0; i < statement->count; i++) {
		const char *key = statement->key[i], *near;
		size_t k = 0;
		while (k < KNOWN && strcmp(key, known[k]) != 0)
			k++;
		if (k < KNOWN)
			continue;
		for (k = 0; k < sizeof coming / sizeof *coming; k++)
			if (strcmp(key, coming[k]) == 0)
				return fault(r->why, ERR_INVALID,
					"Statement %zu has %s: %s.", r->number, key,
					later);
		if (strcmp(key, "Principal") == 0 || strcmp(key, "NotPrincipal") == 0)
			return fault(r->why, ERR_INVALID,
				"Statement %zu has %s: the policy of a key speaks of "
				"that key's user alone; leave it out.",
				r->number, key);
		near = nearest_word(key, known, KNOWN);
		return fault(r->why, ERR_INVALID,
			"Statement %zu has no member '%.64s'%s%s%s.", r->number, key,
			near ? "; did you mean '" : "", near ? near : "",
			near ? "'" : "");
	}
	return ERR_NONE;
}

static enum err
read_effect(const struct reading *r, const struct value *statement, bool *deny)
{
	const char *effect = value_text(statement, "Effect");

	if (!effect || (strcmp(effect, "Allow") != 0 && strcmp(effect, "Deny") != 0))
		return fault(r->why, ERR_INVALID,
			"Statement %zu: Effect takes 'Allow' or 'Deny', spelt so.",
			r->number);
	*deny = strcmp(effect, "Deny") == 0;
	return ERR_NONE;
}

static enum err
read_statement(
	const struct reading *r, const struct value *value, struct policy_statement *out)
{
	const struct value *sid = value_get(value, "Sid");
	enum err err;

	if (value->kind != VALUE_MAP)
		return fault(r->why, ERR_INVALID,
			"Statement %zu is %s; it takes an object.", r->number,
			value_kind_name(value->kind));
	err = check_members(r, value);
	if (!err)
		err = read_effect(r, value, &out->deny);
	if (!err)
		err = read_words(r, value, "Action", read_action, &out->actions);
	if (!err)
		err = read_words(r, value, "Resource", read_resource, &out->resources);
	if (!err && sid && sid->kind != VALUE_TEXT)
		err = fault(r->why, ERR_INVALID, "Statement %zu: Sid takes a text.",
			r->number);
	out->reason =
		mem_format(r->ctx, "statement %zu of its policy denies it", r->number);
	return err;
}

static enum err
read_statements(struct reading *r, const struct value *value, struct policy *out)
{
	const struct value *first = value;
	enum err err = ERR_NONE;

	if (value && value->kind == VALUE_LIST)
		first = value->item;
	out->count = !value ? 0 : value->kind == VALUE_LIST ? value->count : 1;
	if (out->count == 0)
		return fault(r->why, ERR_INVALID,
			"A policy has a Statement, an object or a list of them; this one "
			"has none.");
	out->statement = mem_array(r->ctx, struct policy_statement, out->count);
	for (size_t i = 0; !err && i < out->count; i++) {
		r->number = i + 1;
		err = read_statement(r, &first[i], &out->statement[i]);
	}
	return err;
}

/* ---- documents ---- */

static enum err
check_document(struct reading *r, const struct value *document)
{
	static const char *const known[] = { "Version", "Id", "Statement" };
	const struct value *version = value_get(document, "Version");

	if (document->kind != VALUE_MAP)
		return fault(r->why, ERR_INVALID, "A policy is a JSON object, not %s.",
			value_kind_name(document->kind));
	for (size_t i = 0; i < document->count; i++) {
		size_t k = 0;
		while (k < 3 && strcmp(document->key[i], known[k]) != 0)
			k++;
		if (k == 3)
			return fault(r->why, ERR_INVALID,
				"A policy has no member '%.64s'; it has Version, Id and "
				"Statement.",
				document->key[i]);
	}
	if (!version)
		return ERR_NONE;
	if (version->kind == VALUE_TEXT && strcmp(version->text, "2008-10-17") == 0)
		return ERR_NONE;
	r->has_variables = true;
	if (version->kind == VALUE_TEXT && strcmp(version->text, "2012-10-17") == 0)
		return ERR_NONE;
	return fault(r->why, ERR_INVALID,
		"A policy's Version takes '2012-10-17' or '2008-10-17'.");
}

static const char *
find_document(const char *text)
{
	for (size_t i = 0; i < sizeof managed / sizeof *managed; i++)
		if (strcmp(text, managed[i].name) == 0)
			return managed[i].document;
	return text;
}

enum err
policy_parse(const void *ctx, const char *text, struct policy **out, struct fault *why)
{
	const char *json = find_document(text);
	struct policy *policy = mem_new(ctx, struct policy);
	struct reading r = { .ctx = policy, .why = why };
	const struct value *document;
	enum err err;

	if (utf8_count(json) > POLICY_MAX)
		err = fault(why, ERR_INVALID, "A policy has at most %d characters.",
			POLICY_MAX);
	else if (strchr(json, '{') == NULL)
		err = fault(why, ERR_INVALID,
			"No policy is called '%.100s'; take AWSIoT1ClickFullAccess, "
			"AWSIoT1ClickReadOnlyAccess, or a JSON document.",
			json);
	else
		err = json_parse(policy, json, strlen(json), &document, why);
	if (!err)
		err = check_document(&r, document);
	if (!err)
		err = read_statements(&r, value_get(document, "Statement"), policy);
	if (err)
		mem_free(policy);
	else
		*out = policy;
	return err;
}
