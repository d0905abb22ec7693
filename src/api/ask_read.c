#include <string.h>

#include "ask_row.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/uri.h"
#include "oneclick/base/utf8.h"
#include "oneclick/data/json.h"
#include "oneclick/model/arn.h"

enum { QUERY_PARTS_MAX = 256 };

/* name=value of a query, decoded */
struct part {
	const char *name, *value;
};

struct query {
	struct part *part;
	size_t count;
};

static enum err
miss(const char *name, const char *where, struct fault *why)
{
	return fault(why, ERR_INVALID,
		"%s is missing; this operation needs it in the %s.", name, where);
}

static enum err
read_labels(const void *ctx, const struct op_info *info, const struct pairs *labels,
	struct ask *out, struct fault *why)
{
	const char *at = info->uri;
	const struct field *field;
	while ((field = ask_next_label(info->api, &at)) != NULL) {
		const char *text = labels == NULL ? NULL : pairs_get(labels, field->name);
		if (text == NULL)
			return miss(field->name, "path", why);
		enum err err = field_read_text(ctx, field, text, out, why);
		if (err != ERR_NONE)
			return err;
	}
	return ERR_NONE;
}

static const char *
decode(const void *ctx, const char *text, size_t n, struct fault *why)
{
	size_t len;
	char *plain = uri_decoded(ctx, text, n, &len);
	if (plain != NULL && utf8_is_valid(plain, len))
		return plain;
	fault(why, ERR_INVALID,
		"The query has an escape that is malformed, a NUL or not UTF-8.");
	return NULL;
}

static enum err
split_query(const void *ctx, const char *query, struct query *out, struct fault *why)
{
	*out = (struct query){ 0 };
	if (query == NULL)
		return ERR_NONE;
	out->part = mem_array(ctx, struct part, QUERY_PARTS_MAX);
	for (const char *at = query; *at != '\0';) {
		size_t n = strcspn(at, "&"), name = strcspn(at, "=&");
		if (n > 0) {
			if (out->count == QUERY_PARTS_MAX)
				return fault(why, ERR_INVALID,
					"The query has more than %d parameters.",
					QUERY_PARTS_MAX);
			struct part *part = &out->part[out->count++];
			size_t skip = name < n ? name + 1 : n;
			part->name = decode(ctx, at, name, why);
			part->value = decode(ctx, at + skip, n - skip, why);
			if (part->name == NULL || part->value == NULL)
				return ERR_INVALID;
		}
		at += n + (at[n] == '&');
	}
	return ERR_NONE;
}

static enum err
take_texts(const void *ctx, const struct field *field, const struct query *query,
	struct ask *out, struct fault *why)
{
	struct texts *texts = (struct texts *)((char *)out + field->at);
	for (size_t i = 0; i < query->count; i++) {
		if (strcmp(query->part[i].name, field->name) != 0)
			continue;
		if (texts->item == NULL)
			texts->item = mem_array(ctx, const char *, query->count);
		texts->item[texts->count++] = query->part[i].value;
	}
	return texts->item == NULL ? ERR_NONE : field_check(field, out, why);
}

static enum err
take_one(const void *ctx, const struct field *field, const struct query *query,
	struct ask *out, struct fault *why)
{
	const char *value = NULL;
	for (size_t i = 0; i < query->count; i++) {
		if (strcmp(query->part[i].name, field->name) != 0)
			continue;
		if (value != NULL)
			return fault(why, ERR_INVALID,
				"The query gives %s more than once; give it once.",
				field->name);
		value = query->part[i].value;
	}
	return value == NULL ? ERR_NONE : field_read_text(ctx, field, value, out, why);
}

static enum err
read_query(const void *ctx, const struct op_info *info, const char *text, struct ask *out,
	struct fault *why)
{
	struct query query;
	enum err err = split_query(ctx, text, &query, why);
	const char *at = info->query;
	struct ask_word word;
	while (err == ERR_NONE && ask_next_word(info->api, &at, &word)) {
		if (word.field->kind == FIELD_TEXTS)
			err = take_texts(ctx, word.field, &query, out, why);
		else
			err = take_one(ctx, word.field, &query, out, why);
		if (err == ERR_NONE && word.required && !field_is_given(word.field, out))
			err = miss(word.field->name, "query", why);
	}
	return err;
}

static enum err
parse_body(const void *ctx, const struct ask_source *from, const struct value **out,
	struct fault *why)
{
	*out = NULL;
	if (from->body_len == 0)
		return ERR_NONE;
	enum err err = json_parse(ctx, from->body, from->body_len, out, why);
	if (err != ERR_NONE)
		return fault_at(why, err, "The body is not the JSON it must be");
	if ((*out)->kind != VALUE_MAP)
		return fault(why, ERR_INVALID, "The body must be a JSON object, not %s.",
			value_kind_name((*out)->kind));
	return ERR_NONE;
}

static enum err
read_body(const void *ctx, const struct op_info *info, const struct ask_source *from,
	struct ask *out, struct fault *why)
{
	const char *at = info->body;
	if (*at == '\0')
		return ERR_NONE;
	const struct value *body;
	enum err err = parse_body(ctx, from, &body, why);
	struct ask_word word;
	while (err == ERR_NONE && ask_next_word(info->api, &at, &word)) {
		const struct value *value = value_get(body, word.field->name);
		if (value != NULL)
			err = field_read(ctx, word.field, value, out, why);
		if (err == ERR_NONE && word.required && !field_is_given(word.field, out))
			err = miss(word.field->name, "body", why);
	}
	return err;
}

static enum err
read_trees(const void *ctx, struct ask *out, struct fault *why)
{
	for (size_t i = 0; i < ASK_METHOD_ROWS; i++) {
		const struct field *row = &ask_method_rows[i];
		const struct value *value = value_get(out->method_tree, row->name);
		if (value == NULL)
			continue;
		enum err err = field_read(ctx, row, value, out, why);
		if (err != ERR_NONE)
			return fault_at(why, err, "deviceMethod");
	}
	if (out->template_tree == NULL)
		return ERR_NONE;
	struct placement_template *template;
	enum err err = placement_template_read(ctx, out->template_tree, &template, why);
	if (err == ERR_NONE)
		out->placement_template = template;
	return err;
}

static enum err
check_arn(enum op_api api, const struct ask *ask, struct fault *why)
{
	struct arn arn;
	if (ask->resource_arn == NULL)
		return ERR_NONE;
	enum err err = arn_parse(ask->resource_arn, &arn, why);
	if (err == ERR_NONE && (arn.kind == ARN_DEVICE) != (api == OP_API_DEVICES))
		return fault(why, ERR_INVALID, "The ARN must be that of a %s.",
			api == OP_API_DEVICES ? "device" : "project");
	return err;
}

enum err
ask_read(const void *ctx, enum op op, const struct ask_source *from, struct ask *out,
	struct fault *why)
{
	const struct op_info *info = op_info(op);
	ask_init(out);
	enum err err = read_labels(ctx, info, from->labels, out, why);
	if (err == ERR_NONE)
		err = read_query(ctx, info, from->query, out, why);
	if (err == ERR_NONE)
		err = read_body(ctx, info, from, out, why);
	if (err == ERR_NONE)
		err = read_trees(ctx, out, why);
	if (err == ERR_NONE)
		err = ask_check_names(info->api, out, why);
	if (err == ERR_NONE)
		err = check_arn(info->api, out, why);
	return err;
}
