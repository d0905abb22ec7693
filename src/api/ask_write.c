#include <stdio.h>
#include <string.h>

#include "ask_row.h"
#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/uri.h"
#include "oneclick/data/json.h"

static enum err
miss(const struct op_info *info, const struct field *field, struct fault *why)
{
	return fault(why, ERR_INVALID, "%s needs %s.", info->name, field->name);
}

/* The trees are read ones; what is written in their place lies elsewhere in the ask. */
static bool
is_given(const struct field *field, const struct ask *ask)
{
	if (field->at == offsetof(struct ask, method_tree))
		return ask->method_type != NULL || ask->method_name != NULL;
	if (field->at == offsetof(struct ask, template_tree))
		return ask->placement_template != NULL;
	return field_is_given(field, ask);
}

static enum err
write_path(struct buf *out, const struct op_info *info, const struct ask *ask,
	struct fault *why)
{
	const char *at = info->uri;
	for (;;) {
		const char *literal = at;
		buf_add(out, literal, strcspn(literal, "{"));
		const struct field *field = ask_next_label(info->api, &at);
		if (field == NULL)
			return ERR_NONE;
		const char *text = ask_text(field, ask);
		if (text == NULL || text[0] == '\0')
			return miss(info, field, why);
		if (strcmp(text, ".") == 0 || strcmp(text, "..") == 0)
			return fault(why, ERR_INVALID, "%s cannot be \"%s\".",
				field->name, text);
		uri_encode(out, text, strlen(text));
	}
}

static void
write_parameter(struct buf *out, const char *name, const char *value, char *before)
{
	buf_char(out, *before);
	*before = '&';
	buf_format(out, "%s=", name);
	uri_encode(out, value, strlen(value));
}

static void
write_query_member(
	struct buf *out, const struct field *field, const struct ask *ask, char *before)
{
	const void *member = (const char *)ask + field->at;
	char text[MOMENT_ISO_SIZE];
	if (field->kind == FIELD_TEXTS) {
		const struct texts *texts = member;
		for (size_t i = 0; i < texts->count; i++)
			write_parameter(out, field->name, texts->item[i], before);
	} else if (field->kind == FIELD_INT) {
		snprintf(text, sizeof text, "%lld", (long long)*(const int64_t *)member);
		write_parameter(out, field->name, text, before);
	} else if (field->kind == FIELD_TIME) {
		moment_to_iso(*(const int64_t *)member, text);
		write_parameter(out, field->name, text, before);
	} else {
		write_parameter(out, field->name, ask_text(field, ask), before);
	}
}

static enum err
write_query(struct buf *out, const struct op_info *info, const struct ask *ask,
	struct fault *why)
{
	char before = '?';
	const char *at = info->query;
	struct ask_word word;
	while (ask_next_word(info->api, &at, &word)) {
		if (is_given(word.field, ask))
			write_query_member(out, word.field, ask, &before);
		else if (word.required)
			return miss(info, word.field, why);
	}
	return ERR_NONE;
}

static void
write_method(struct json *j, const struct ask *ask)
{
	json_open(j, '{');
	for (size_t i = 0; i < ASK_METHOD_ROWS; i++) {
		const char *text = ask_text(&ask_method_rows[i], ask);
		if (text != NULL)
			json_member_text(j, ask_method_rows[i].name, text);
	}
	json_close(j, '}');
}

static void
write_body_member(struct json *j, const struct field *field, const struct ask *ask)
{
	json_key(j, field->name);
	if (field->at == offsetof(struct ask, method_tree))
		write_method(j, ask);
	else if (field->at == offsetof(struct ask, template_tree))
		placement_template_write(j, ask->placement_template);
	else if (field->kind == FIELD_PAIRS)
		json_pairs(j, *(struct pairs *const *)((const char *)ask + field->at));
	else if (field->kind == FIELD_FLAG)
		json_bool(j, *(const int *)((const char *)ask + field->at) != 0);
	else
		json_text(j, ask_text(field, ask));
}

static enum err
write_body(struct buf *out, const struct op_info *info, const struct ask *ask,
	struct fault *why)
{
	struct json j = json_to(out);
	const char *at = info->body;
	struct ask_word word;
	json_open(&j, '{');
	while (ask_next_word(info->api, &at, &word)) {
		if (is_given(word.field, ask))
			write_body_member(&j, word.field, ask);
		else if (word.required)
			return miss(info, word.field, why);
	}
	json_close(&j, '}');
	return ERR_NONE;
}

enum err
ask_write(const void *ctx, enum op op, const struct ask *ask, struct ask_wire *out,
	struct fault *why)
{
	const struct op_info *info = op_info(op);
	struct buf target, body;
	buf_init(&target, ctx, BUF_NO_CAP);
	buf_init(&body, ctx, BUF_NO_CAP);
	enum err err = write_path(&target, info, ask, why);
	if (err == ERR_NONE)
		err = write_query(&target, info, ask, why);
	if (err == ERR_NONE && info->body[0] != '\0')
		err = write_body(&body, info, ask, why);
	if (err == ERR_NONE)
		*out = (struct ask_wire){
			.method = info->method,
			.target = mem_textn(ctx, target.data, target.len),
			.body = info->body[0] == '\0'
					? NULL
					: mem_textn(ctx, body.data, body.len),
		};
	buf_release(&target);
	buf_release(&body);
	return err;
}
