/* What reading an ask checks, for who writes one and wants to know before. */
#include "ask_row.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"

static const struct field attribute_name = { .name = "an attribute's name",
	.kind = FIELD_TEXT,
	.min = 1,
	.max = NAME_MAX_LENGTH };
/* by API */
static const struct field tag_key[] = {
	[OP_API_DEVICES] = { .name = "tagKeys",
		.kind = FIELD_TEXT,
		.min = 1,
		.max = TAG_KEY_MAX_LENGTH },
	[OP_API_PROJECTS] = { .name = "tagKeys",
		.kind = FIELD_TEXT,
		.min = 1,
		.max = TAG_KEY_MAX_LENGTH,
		.letters = LETTERS_TAG_KEY },
};

enum err
ask_check_names(enum op_api api, const struct ask *ask, struct fault *why)
{
	enum err err = ask->tags == NULL ? ERR_NONE : tags_check(ask->tags, why);
	for (size_t i = 0; err == ERR_NONE && i < ask->tag_keys.count; i++)
		err = field_check(&tag_key[api], &ask->tag_keys.item[i], why);
	size_t count = ask->attributes == NULL ? 0 : ask->attributes->count;
	for (size_t i = 0; err == ERR_NONE && i < count; i++)
		err = field_check(&attribute_name, &ask->attributes->row[i].key, why);
	return err;
}

static enum err
check_field(const struct op_info *info, const struct field *field, bool required,
	const struct ask *ask, struct fault *why)
{
	if (required && !field_is_given(field, ask))
		return fault(why, ERR_INVALID, "%s needs %s.", info->name, field->name);
	return field_check(field, ask, why);
}

static enum err
check_words(const struct op_info *info, const char *words, const struct ask *ask,
	struct fault *why)
{
	struct ask_word word;
	enum err err = ERR_NONE;

	/* Trees are made from what lies elsewhere in the ask, and checked there. */
	while (!err && ask_next_word(info->api, &words, &word))
		if (word.field->kind != FIELD_TREE)
			err = check_field(info, word.field, word.required, ask, why);
	return err;
}

static enum err
check_template(const struct placement_template *template, struct fault *why)
{
	struct placement_template *read;
	const struct value *tree;
	struct buf text;
	struct json j = json_to(&text);
	void *life;
	enum err err;

	if (!template)
		return ERR_NONE;
	life = mem_life(NULL);
	buf_init(&text, life, BUF_NO_CAP);
	placement_template_write(&j, template);
	err = json_parse(life, text.data, text.len, &tree, why);
	if (!err)
		err = placement_template_read(life, tree, &read, why);
	mem_free(life);
	return err;
}

enum err
ask_check(enum op op, const struct ask *ask, struct fault *why)
{
	const struct op_info *info = op_info(op);
	const struct field *field;
	const char *at = info->uri;
	enum err err = ERR_NONE;

	while (!err && (field = ask_next_label(info->api, &at)) != NULL)
		err = check_field(info, field, true, ask, why);
	if (!err)
		err = check_words(info, info->query, ask, why);
	if (!err)
		err = check_words(info, info->body, ask, why);
	if (!err)
		err = check_template(ask->placement_template, why);
	return err ? err : ask_check_names(info->api, ask, why);
}
