/* Where a policy's document is found: by the name of a managed one, as a text, or within what
 * the IAM commands of aws print. */
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/uri.h"
#include "oneclick/base/utf8.h"
#include "oneclick/data/json.h"
#include "policy_rows.h"

#define BOM "\xef\xbb\xbf"
#define BLANKS " \t\r\n"

/* The policies AWS managed for the service, and the one that allows all, as documents. */
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
	{ POLICY_ADMINISTRATOR,
		"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
		"\"Action\":\"*\",\"Resource\":\"*\"}]}" },
};

static const char *
find_managed(const char *text)
{
	for (size_t i = 0; i < sizeof managed / sizeof *managed; i++)
		if (strcmp(text, managed[i].name) == 0)
			return managed[i].document;
	return NULL;
}

/* IAM does not count white space either. */
static size_t
count_letters(const char *text)
{
	size_t count = utf8_count(text);

	for (; *text; text++)
		count -= strchr(BLANKS, *text) != NULL;
	return count;
}

static const char *
write_document(const void *ctx, const struct value *document)
{
	struct buf out;
	struct json j;

	buf_init(&out, ctx, BUF_NO_CAP);
	j = json_to(&out);
	json_value(&j, document);
	return out.data;
}

static const char *
skip_mark(const char *text)
{
	return strncmp(text, BOM, strlen(BOM)) == 0 ? text + strlen(BOM) : text;
}

/* What get-policy-version and its like put around a document; NULL: nothing. */
static const struct value *
find_inside(const struct value *value)
{
	static const char *const wraps[] = { "PolicyVersion", "Document",
		"PolicyDocument" };

	for (size_t i = 0; i < sizeof wraps / sizeof *wraps; i++)
		if (value_get(value, wraps[i]))
			return value_get(value, wraps[i]);
	return NULL;
}

/* A document that is a text of its own, percent-encoded as in IAM's own answers, or not. */
static enum err
read_text(const void *ctx, const char *text, const struct value **out, struct fault *why)
{
	const char *json = skip_mark(text);

	if (json[strspn(json, BLANKS)] == '%')
		json = uri_decoded(ctx, json, strlen(json), NULL);
	if (json)
		return json_parse_placed(ctx, json, strlen(json), out, why);
	return fault(why, ERR_INVALID, "It has a malformed percent-escape.");
}

static enum err
read_document(const void *ctx, const char *text, const struct value **out, bool *wrapped,
	struct fault *why)
{
	const struct value *inside;
	enum err err = read_text(ctx, text, out, why);

	*wrapped = false;
	while (!err && (inside = find_inside(*out)) != NULL) {
		*out = inside;
		*wrapped = true;
	}
	if (err || (*out)->kind != VALUE_TEXT)
		return err;
	inside = *out;
	err = read_text(ctx, inside->text, out, why);
	return err ? fault_at(why, err, "line %d, column %d: within this text",
			     inside->line, inside->column)
		   : err;
}

enum err
policy_document_read(const void *ctx, const char *text, const struct value **out,
	struct fault *why)
{
	const char *json = find_managed(text);
	bool wrapped;
	enum err err;

	if (!json && !strpbrk(text, "{%"))
		return fault(why, ERR_INVALID,
			"No policy is called '%.100s'; take AWSIoT1ClickFullAccess, "
			"AWSIoT1ClickReadOnlyAccess, " POLICY_ADMINISTRATOR
			", or a JSON document.",
			text);
	err = read_document(ctx, json ? json : text, out, &wrapped, why);
	if (!err && count_letters(write_document(ctx, *out)) > POLICY_MAX)
		return fault(why, ERR_INVALID,
			"A policy has at most %d characters, blanks not counted.",
			POLICY_MAX);
	return err;
}

enum err
policy_bare(const void *ctx, const char *text, const char **out, struct fault *why)
{
	const struct value *document;
	bool wrapped;
	enum err err;

	*out = text;
	if (find_managed(text))
		return ERR_NONE;
	err = read_document(ctx, text, &document, &wrapped, why);
	if (err)
		return err;
	text = skip_mark(text);
	*out = wrapped || text[strspn(text, BLANKS)] == '%'
		       ? write_document(ctx, document)
		       : text;
	return ERR_NONE;
}
