#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "oneclick/base/mem.h"
#include "policy_rows.h"

/* What an action may begin with, and nothing else is asked here. */
static const char *const services[] = {
	"iot1click:", "cloudtrail:", "cloudwatch:", "iam:"
};

void
policy_warn(struct policy_reading *r, const char *format, ...)
{
	struct texts *warnings = &r->policy->warnings;
	va_list args;

	va_start(args, format);
	warnings->item =
		mem_resize(r->policy, warnings->item, const char *, warnings->count + 1);
	warnings->item[warnings->count++] = mem_vformat(r->policy, format, args);
	va_end(args);
}

struct texts
policy_warnings(const struct policy *policy)
{
	return policy->warnings;
}

/* ---- words ---- */

static enum err
add_word(struct policy_reading *r, const char *text, enum policy_signs signs,
	struct policy_words *out)
{
	out->item = mem_resize(r->policy, out->item, struct policy_word, out->count + 1);
	return policy_word_read(r, text, signs, &out->item[out->count++]);
}

static bool
has_service(const char *word)
{
	for (size_t i = 0; i < sizeof services / sizeof *services; i++)
		if (strncasecmp(word, services[i], strlen(services[i])) == 0)
			return true;
	return false;
}

/* "s3:GetObject": a policy may speak of other services too, which are not asked for here.
 * A service's name has no wildcard. */
static bool
is_foreign(const char *word)
{
	size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	return n > 0 && word[n] == ':' && word[n + 1] != '\0';
}

static void
note_foreign(struct policy_reading *r, const char *word)
{
	struct texts *foreign = &r->foreign;

	foreign->item =
		mem_resize(r->policy, foreign->item, const char *, foreign->count + 1);
	foreign->item[foreign->count++] = mem_text(r->policy, word);
}

/* The guide's own spellings become the real names; patterns stay what they are. */
static enum err
read_action(struct policy_reading *r, const char *word, struct policy_words *out)
{
	const char *name = word;

	if (strcmp(word, "*") != 0 && !is_foreign(word))
		return fault(r->why, ERR_INVALID,
			"Statement %zu: %s '%.100s' must be '*' or begin with a service, "
			"as in iot1click:ListDevices.",
			r->number, r->member, word);
	if (strcmp(word, "*") != 0 && !has_service(word))
		note_foreign(r, word);
	else if (!strpbrk(word, "*?"))
		name = policy_action(word);
	if (!name)
		return fault(r->why, ERR_INVALID,
			"Statement %zu: %s '%.100s' names no operation.", r->number,
			r->member, word);
	if (r->has_variables && strstr(word, "${"))
		return fault(r->why, ERR_INVALID,
			"Statement %zu: %s '%.100s' has a variable, which only resources "
			"and conditions take.",
			r->number, r->member, word);
	return add_word(r, name, SIGNS_FREE, out);
}

/* The segments of an ARN that the document wrote; a variable is within one. */
static int
count_segments(const char *word)
{
	int count = 1;

	for (const char *at = word; *at; at++) {
		if (at[0] == '$' && at[1] == '{')
			at += strcspn(at, "}") - (at[strcspn(at, "}")] == '\0');
		count += *at == ':';
	}
	return count;
}

/* The third segment says which service, and must say it. */
static bool
names_service(const char *word)
{
	const char *at = strchr(word + 4, ':');
	size_t n = at ? strcspn(at + 1, ":") : 0;

	return n > 0 && strcspn(at + 1, "*?$") >= n;
}

/* An ARN of fewer than six segments means any in those that are missing; one whose star
 * ends a segment may mean a whole one as it stands. */
static enum err
read_resource(struct policy_reading *r, const char *word, struct policy_words *out)
{
	int segments = count_segments(word);
	char *completed = mem_text(r->policy, word);
	enum err err;

	if (strcmp(word, "*") == 0)
		return add_word(r, word, SIGNS_FREE, out);
	if (strncmp(word, "arn:", 4) != 0)
		return fault(r->why, ERR_INVALID,
			"Statement %zu: %s '%.100s' must be '*' or an ARN that begins "
			"with 'arn:'.",
			r->number, r->member, word);
	if (!names_service(word))
		return fault(r->why, ERR_INVALID,
			"Statement %zu: %s '%.100s' must name its service, as in "
			"arn:aws:iot1click:..., without a wildcard or variable.",
			r->number, r->member, word);
	err = add_word(r, word, SIGNS_RESOURCE, out);
	for (int i = segments; i < 6; i++)
		completed = mem_format(r->policy, "%s:*", completed);
	if (!err && segments < 6)
		err = add_word(r, completed, SIGNS_RESOURCE, out);
	return err;
}

/* Where the member stands, or else its statement. */
static void
look_at(struct policy_reading *r, const struct value *statement, const char *member)
{
	const struct value *value = value_get(statement, member);

	r->at = value ? value : statement;
}

/* ---- a text or a list of texts ---- */

typedef enum err (*word_fn)(
	struct policy_reading *r, const char *word, struct policy_words *out);

static enum err
read_words(struct policy_reading *r, const struct value *value, word_fn fn,
	struct policy_words *out)
{
	bool is_list = value->kind == VALUE_LIST;
	size_t count = is_list ? value->count : 1;
	enum err err = ERR_NONE;

	if (count == 0)
		return fault(r->why, ERR_INVALID,
			"Statement %zu has no %s; it takes a text or a list of texts.",
			r->number, r->member);
	for (size_t i = 0; !err && i < count; i++) {
		const struct value *item = is_list ? &value->item[i] : value;
		r->at = item;
		if (item->kind != VALUE_TEXT)
			return fault(r->why, ERR_INVALID,
				"Statement %zu: %s takes a text or a list of texts, not "
				"%s.",
				r->number, r->member, value_kind_name(item->kind));
		err = fn(r, item->text, out);
	}
	return err;
}

/* One of the two members, never both. */
static enum err
read_either(struct policy_reading *r, const struct value *statement, const char *member,
	const char *not_member, word_fn fn, struct policy_words *out, bool *other)
{
	const struct value *plain = value_get(statement, member);
	const struct value *complement = value_get(statement, not_member);

	r->member = plain ? member : not_member;
	*other = !plain;
	look_at(r, statement, not_member);
	if (plain && complement)
		return fault(r->why, ERR_INVALID,
			"Statement %zu has both %s and %s; it takes one of them.",
			r->number, member, not_member);
	if (!plain && !complement)
		return fault(r->why, ERR_INVALID,
			"Statement %zu has no %s; it takes a text or a list of texts.",
			r->number, member);
	return read_words(r, plain ? plain : complement, fn, out);
}

/* ---- statements ---- */

static enum err
check_members(struct policy_reading *r, const struct value *statement)
{
	static const char *const known[] = { "Sid", "Effect", "Action", "NotAction",
		"Resource", "NotResource", "Condition" };
	enum { KNOWN = sizeof known / sizeof *known };

	for (size_t i = 0; i < statement->count; i++) {
		const char *key = statement->key[i], *near;
		size_t k = 0;
		while (k < KNOWN && strcmp(key, known[k]) != 0)
			k++;
		if (k < KNOWN)
			continue;
		r->at = &statement->item[i];
		if (strcmp(key, "Principal") == 0 || strcmp(key, "NotPrincipal") == 0)
			return fault(r->why, ERR_INVALID,
				"Statement %zu has %s: the policy of a user speaks of "
				"that user alone; leave it out.",
				r->number, key);
		near = nearest_word(key, known, KNOWN);
		return fault(r->why, ERR_INVALID,
			"Statement %zu has no member '%.64s'%s%s%s", r->number, key,
			near ? "; did you mean '" : "", near ? near : "",
			near ? "'?" : ".");
	}
	return ERR_NONE;
}

static enum err
read_effect(struct policy_reading *r, const struct value *statement, bool *deny)
{
	const char *effect = value_text(statement, "Effect");

	look_at(r, statement, "Effect");
	if (!effect || (strcmp(effect, "Allow") != 0 && strcmp(effect, "Deny") != 0))
		return fault(r->why, ERR_INVALID,
			"Statement %zu: Effect takes 'Allow' or 'Deny', spelt so.",
			r->number);
	*deny = strcmp(effect, "Deny") == 0;
	return ERR_NONE;
}

static enum err
check_sid(struct policy_reading *r, const struct value *statement)
{
	const struct value *sid = value_get(statement, "Sid");

	look_at(r, statement, "Sid");
	if (!sid || sid->kind == VALUE_TEXT)
		return ERR_NONE;
	return fault(r->why, ERR_INVALID, "Statement %zu: Sid takes a text.", r->number);
}

static void
warn_of_complement(struct policy_reading *r)
{
	if (r->statement->other_actions && !r->statement->deny)
		policy_warn(r,
			"Statement %zu allows all but the actions of NotAction, those "
			"that are still to come too; a Deny of them is mostly meant.",
			r->number);
}

/* Of many the first are named. */
static void
warn_of_foreign(struct policy_reading *r)
{
	enum { NAMED = 5 };
	char *names = mem_text(r->policy, "");

	for (size_t i = 0; i < r->foreign.count && i < NAMED; i++)
		names = mem_format(
			r->policy, "%s%s%.64s", names, i ? ", " : "", r->foreign.item[i]);
	if (r->foreign.count > NAMED)
		names = mem_format(
			r->policy, "%s and %zu more", names, r->foreign.count - NAMED);
	if (r->foreign.count > 0)
		policy_warn(r,
			"Statement %zu names actions of other services, which nothing "
			"here asks for: %s.",
			r->number, names);
}

static enum err
read_statement(struct policy_reading *r, const struct value *value)
{
	struct policy_statement *out = r->statement;
	enum err err;

	r->at = value;
	r->foreign = (struct texts){ 0 };
	if (value->kind != VALUE_MAP)
		return fault(r->why, ERR_INVALID,
			"Statement %zu is %s; it takes an object.", r->number,
			value_kind_name(value->kind));
	err = check_members(r, value);
	if (!err)
		err = read_effect(r, value, &out->deny);
	if (!err)
		err = read_either(r, value, "Action", "NotAction", read_action,
			&out->actions, &out->other_actions);
	if (!err)
		err = read_either(r, value, "Resource", "NotResource", read_resource,
			&out->resources, &out->other_resources);
	if (!err)
		err = check_sid(r, value);
	if (err)
		return err;
	look_at(r, value, "Condition");
	err = policy_condition_read(r, value_get(value, "Condition"));
	if (err)
		return err;
	warn_of_complement(r);
	warn_of_foreign(r);
	return ERR_NONE;
}

static enum err
read_statements(struct policy_reading *r, const struct value *value)
{
	struct policy *out = r->policy;
	const struct value *first = value;
	enum err err = ERR_NONE;

	if (value && value->kind == VALUE_LIST)
		first = value->item;
	out->count = !value ? 0 : value->kind == VALUE_LIST ? value->count : 1;
	if (out->count == 0)
		return fault(r->why, ERR_INVALID,
			"A policy has a Statement, an object or a list of them; this one "
			"has none.");
	out->statement = mem_array(out, struct policy_statement, out->count);
	for (size_t i = 0; !err && i < out->count; i++) {
		r->number = i + 1;
		r->statement = &out->statement[i];
		err = read_statement(r, &first[i]);
	}
	return err;
}

/* ---- documents ---- */

static enum err
check_document(struct policy_reading *r, const struct value *document)
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
		r->at = &document->item[i];
		if (k == 3)
			return fault(r->why, ERR_INVALID,
				"A policy has no member '%.64s'; it has Version, Id and "
				"Statement.",
				document->key[i]);
	}
	r->at = version;
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

static enum err
read_policy(struct policy_reading *r, const char *text)
{
	const struct value *document;
	enum err err = policy_document_read(r->policy, text, &document, r->why);

	if (err)
		return err;
	err = check_document(r, document);
	if (!err)
		err = read_statements(r, value_get(document, "Statement"));
	if (err && r->at)
		fault_at(r->why, err, "line %d, column %d", r->at->line, r->at->column);
	return err;
}

enum err
policy_parse(const void *ctx, const char *text, struct policy **out, struct fault *why)
{
	struct policy *policy = mem_new(ctx, struct policy);
	struct policy_reading r = { .policy = policy, .why = why };
	enum err err = read_policy(&r, text);

	if (err)
		mem_free(policy);
	else
		*out = policy;
	return err;
}
