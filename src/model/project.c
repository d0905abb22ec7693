#include "oneclick/model/project.h"

#include <stdbool.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"
#include "oneclick/data/record.h"

#define DEVICE_TYPE "button"

/* The limits of one name of each sort; the sentence is field_check's. */
static const struct field template_name = { .name = "name",
	.kind = FIELD_TEXT,
	.min = 1,
	.max = NAME_MAX_LENGTH,
	.letters = LETTERS_NAME };
static const struct field key_name = {
	.name = "name", .kind = FIELD_TEXT, .min = 1, .max = NAME_MAX_LENGTH
};
static const struct field defaults_row = { .name = "defaultAttributes",
	.kind = FIELD_PAIRS,
	.max = ATTRIBUTES_MAX,
	.value_max = ATTRIBUTE_VALUE_MAX_LENGTH };
static const struct field callbacks_row = {
	.name = "callbackOverrides", .kind = FIELD_PAIRS, .value_max = CALLBACK_MAX_LENGTH
};

/* A map of texts with its names checked; *out stays NULL when it is absent. */
static enum err
read_map(const void *ctx, const struct field *row, const struct value *tree,
	struct pairs **out, struct fault *why)
{
	const struct value *value = value_get(tree, row->name);
	*out = NULL;
	if (value == NULL || value->kind == VALUE_NULL)
		return ERR_NONE;
	enum err err = field_read(ctx, row, value, out, why);
	for (size_t i = 0; err == ERR_NONE && *out != NULL && i < (*out)->count; i++) {
		const char *key = (*out)->row[i].key;
		err = field_check(&key_name, &key, why);
		if (err != ERR_NONE)
			fault_at(why, err, "In %s", row->name);
	}
	return err;
}

static enum err
read_type(const struct value *tree, struct device_template *out, struct fault *why)
{
	const struct value *type = value_get(tree, "deviceType");
	if (type == NULL || type->kind == VALUE_NULL)
		return ERR_NONE;
	if (type->kind != VALUE_TEXT || strcmp(type->text, DEVICE_TYPE) != 0)
		return fault(why, ERR_INVALID,
			"deviceType must be \"" DEVICE_TYPE "\", the "
			"only type there is.");
	out->type = DEVICE_TYPE;
	return ERR_NONE;
}

static enum err
read_device_template(const void *ctx, const char *name, const struct value *tree,
	struct device_template *out, struct fault *why)
{
	out->name = mem_text(ctx, name);
	enum err err = field_check(&template_name, &out->name, why);
	if (err != ERR_NONE)
		return err;
	if (tree->kind != VALUE_MAP)
		return fault(why, ERR_INVALID,
			"It must be an object with deviceType and "
			"callbackOverrides, not %s.",
			value_kind_name(tree->kind));
	err = read_type(tree, out, why);
	if (err == ERR_NONE)
		err = read_map(ctx, &callbacks_row, tree, &out->callbacks, why);
	if (out->callbacks == NULL)
		out->callbacks = pairs_new(ctx);
	return err;
}

static enum err
read_device_templates(const void *ctx, const struct value *tree,
	struct placement_template *out, struct fault *why)
{
	const struct value *map = value_get(tree, "deviceTemplates");
	if (map == NULL || map->kind == VALUE_NULL)
		return ERR_NONE;
	if (map->kind != VALUE_MAP)
		return fault(why, ERR_INVALID,
			"deviceTemplates must be an object of device "
			"templates by name, not %s.",
			value_kind_name(map->kind));
	if (map->count > DEVICE_TEMPLATES_MAX)
		return fault(why, ERR_INVALID,
			"deviceTemplates has %zu device templates; a "
			"placement template has at most %d.",
			map->count, DEVICE_TEMPLATES_MAX);
	out->templates = mem_array(ctx, struct device_template, map->count);
	for (; out->count < map->count; out->count++) {
		const char *name = map->key[out->count];
		enum err err = read_device_template(ctx, name, &map->item[out->count],
			&out->templates[out->count], why);
		if (err != ERR_NONE)
			return fault_at(why, err, "In deviceTemplates, \"%.128s\"", name);
	}
	return ERR_NONE;
}

enum err
placement_template_read(const void *ctx, const struct value *tree,
	struct placement_template **out, struct fault *why)
{
	if (tree == NULL || tree->kind != VALUE_MAP)
		return fault(why, ERR_INVALID,
			"placementTemplate must be an object with "
			"defaultAttributes and deviceTemplates, "
			"not %s.",
			tree == NULL ? "nothing" : value_kind_name(tree->kind));
	struct placement_template *made = mem_new(ctx, struct placement_template);
	enum err err = read_map(made, &defaults_row, tree, &made->defaults, why);
	if (err == ERR_NONE)
		err = read_device_templates(made, tree, made, why);
	if (err != ERR_NONE)
		return fault_at(why, err, "placementTemplate");
	*out = made;
	return ERR_NONE;
}

void
placement_template_write(struct json *j, const struct placement_template *template)
{
	json_open(j, '{');
	json_key(j, "defaultAttributes");
	json_pairs(j, template->defaults);
	json_key(j, "deviceTemplates");
	json_open(j, '{');
	for (size_t i = 0; i < template->count; i++) {
		const struct device_template *one = &template->templates[i];
		json_key(j, one->name);
		json_open(j, '{');
		if (one->type != NULL)
			json_member_text(j, "deviceType", one->type);
		json_key(j, "callbackOverrides");
		json_pairs(j, one->callbacks);
		json_close(j, '}');
	}
	json_close(j, '}');
	json_close(j, '}');
}

static struct device_template *
find_template(const struct placement_template *template, const char *name)
{
	for (size_t i = 0; i < template->count; i++)
		if (strcmp(template->templates[i].name, name) == 0)
			return &template->templates[i];
	return NULL;
}

const struct device_template *
placement_template_find(const struct placement_template *template, const char *name)
{
	return find_template(template, name);
}

static struct placement_template *
copy_template(const void *ctx, const struct placement_template *old)
{
	struct placement_template *copy = mem_new(ctx, struct placement_template);
	if (old == NULL)
		return copy;
	if (old->defaults != NULL)
		copy->defaults = pairs_copy(copy, old->defaults);
	copy->count = old->count;
	copy->templates = mem_array(copy, struct device_template, old->count);
	for (size_t i = 0; i < old->count; i++)
		copy->templates[i] = (struct device_template){
			.name = mem_text(copy, old->templates[i].name),
			.type = mem_text(copy, old->templates[i].type),
			.callbacks = pairs_copy(copy, old->templates[i].callbacks),
		};
	return copy;
}

/* What is given is set, "" takes a name away, the others stay. */
static void
change_pairs(struct pairs *pairs, const struct pairs *change)
{
	for (size_t i = 0; i < change->count; i++) {
		const struct pair *pair = &change->row[i];
		if (pair->value[0] == '\0')
			pairs_remove(pairs, pair->key);
		else
			pairs_set(pairs, pair->key, pair->value);
	}
}

enum err
placement_template_update(const void *ctx, const struct placement_template *old,
	const struct placement_template *change, struct placement_template **out,
	struct fault *why)
{
	struct placement_template *made = copy_template(ctx, old);
	for (size_t i = 0; i < change->count; i++) {
		const struct device_template *one = &change->templates[i];
		struct device_template *mine = find_template(made, one->name);
		if (mine == NULL)
			return fault(why, ERR_INVALID,
				"The project has no device template "
				"\"%s\"; their names are fixed when "
				"the project is created.",
				one->name);
		if (one->type != NULL)
			mine->type = mem_text(made, one->type);
		change_pairs(mine->callbacks, one->callbacks);
	}
	if (change->defaults != NULL) {
		if (made->defaults == NULL)
			made->defaults = pairs_new(made);
		change_pairs(made->defaults, change->defaults);
		if (made->defaults->count > ATTRIBUTES_MAX)
			return fault(why, ERR_INVALID,
				"That makes %zu default attributes; "
				"a placement template has at most "
				"%d.",
				made->defaults->count, ATTRIBUTES_MAX);
	}
	*out = made;
	return ERR_NONE;
}

static enum err
check_tag(const struct pair *tag, struct fault *why)
{
	size_t key = utf8_count(tag->key), value = utf8_count(tag->value);
	if (key < 1 || key > TAG_KEY_MAX_LENGTH)
		return fault(why, ERR_INVALID,
			"A tag's key has 1 to %d letters; \"%.40s\" "
			"has %zu.",
			TAG_KEY_MAX_LENGTH, tag->key, key);
	if (strncmp(tag->key, "aws:", 4) == 0)
		return fault(why, ERR_INVALID,
			"A tag's key may not begin with \"aws:\", as "
			"\"%.40s\" does.",
			tag->key);
	if (value > TAG_VALUE_MAX_LENGTH)
		return fault(why, ERR_INVALID,
			"A tag's value has at most %d letters; that of "
			"\"%.40s\" has %zu.",
			TAG_VALUE_MAX_LENGTH, tag->key, value);
	return ERR_NONE;
}

enum err
tags_check(const struct pairs *tags, struct fault *why)
{
	if (tags->count > TAGS_MAX)
		return fault(why, ERR_INVALID,
			"A resource has at most %d tags; these are "
			"%zu.",
			TAGS_MAX, tags->count);
	for (size_t i = 0; i < tags->count; i++) {
		enum err err = check_tag(&tags->row[i], why);
		if (err != ERR_NONE)
			return err;
	}
	return ERR_NONE;
}
