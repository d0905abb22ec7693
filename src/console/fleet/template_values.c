/* The values of a CloudFormation template: references and functions, worked out from
 * literals, parameters with defaults, mappings, and what is known of the place.  What only
 * AWS could know is refused by name. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/number.h"
#include "template_parts.h"

#define refuse(r, at, ...) template_refuse((r), (at), __VA_ARGS__)

enum err
template_refuse(
	const struct template_reading *r, const struct value *at, const char *format, ...)
{
	char sentence[FAULT_SENTENCE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	if (at && at->line)
		return fault(r->why, ERR_INVALID, "%.100s:%d:%d: %s", r->path, at->line,
			at->column, sentence);
	return fault(r->why, ERR_INVALID, "%.100s: %s", r->path, sentence);
}

/* ---- scalars --------------------------------------------------------------------------
 */

/* A number of JSON is kept as a number, which does not say how it was written. */
static enum err
write_scalar(
	const struct template_reading *r, const struct value *value, const char **out)
{
	if (value->written)
		*out = value->written;
	else if (value->kind == VALUE_TEXT)
		*out = value->text;
	else if (value->kind == VALUE_NUMBER)
		return refuse(r, value,
			"A text is taken here, not the number %s: put it in quotes.",
			value_words(r->ctx, value));
	else
		*out = value_words(r->ctx, value);
	return ERR_NONE;
}

/* ---- references -----------------------------------------------------------------------
 */

/* The property that names a resource of this type; and the name when it has none. */
static const char *
naming_property(const char *type)
{
	if (strcmp(type, TEMPLATE_TYPE "Project") == 0)
		return "ProjectName";
	if (strcmp(type, TEMPLATE_TYPE "Placement") == 0)
		return "PlacementName";
	if (strcmp(type, TEMPLATE_TYPE "Device") == 0)
		return "DeviceId";
	return NULL;
}

/* What is not made has no name that others could use. */
static enum err
check_made(const struct template_reading *r, const char *logical,
	const struct value *resource, const struct value *at, int depth)
{
	const struct value *condition = value_get(resource, "Condition");
	bool holds = true;
	enum err err = condition ? template_decide(r, condition, condition, depth, &holds)
				 : ERR_NONE;

	if (!err && !holds)
		return refuse(r, at,
			"\"%.60s\" is not made, for its condition does not hold: nothing "
			"can refer to it.",
			logical);
	return err;
}

static enum err
resolve_name(const struct template_reading *r, const char *logical,
	const struct value *at, int depth, const char **out)
{
	const struct value *resource = value_get(r->resources, logical);
	const char *type = value_text(resource, "Type");
	const char *naming = type ? naming_property(type) : NULL;
	const struct value *given;
	enum err err;

	if (!naming)
		return refuse(r, at,
			"\"%.60s\" is no project, placement or device of this template, "
			"nor a parameter with a default: write what it stands for.",
			logical);
	err = check_made(r, logical, resource, at, depth + 1);
	given = value_get(value_get(resource, "Properties"), naming);
	*out = logical;
	return err || !given ? err : template_resolve(r, given, depth + 1, out);
}

static const char *
find_partition(const char *region)
{
	if (strncmp(region, "cn-", 3) == 0)
		return "aws-cn";
	return strncmp(region, "us-gov-", 7) == 0 ? "aws-us-gov" : "aws";
}

static enum err
resolve_pseudo(const struct template_reading *r, const char *name, const struct value *at,
	const char **out)
{
	const char *region = r->place->region;

	if (strcmp(name, "AWS::Region") == 0)
		*out = region;
	else if (strcmp(name, "AWS::Partition") == 0)
		*out = find_partition(region);
	else if (strcmp(name, "AWS::URLSuffix") == 0)
		*out = strncmp(region, "cn-", 3) ? "amazonaws.com" : "amazonaws.com.cn";
	else if (strcmp(name, "AWS::AccountId") == 0 && r->place->account)
		*out = r->place->account;
	else if (strcmp(name, "AWS::AccountId") == 0)
		return refuse(r, at,
			"AWS::AccountId is not known yet, as there is no project and no "
			"device: write its 12 digits.");
	else if (strcmp(name, "AWS::NoValue") == 0)
		return refuse(
			r, at, "AWS::NoValue takes away a whole property, not a part.");
	else
		return refuse(r, at,
			"%.40s is not followed here; AWS::Region, AWS::AccountId, "
			"AWS::Partition, AWS::URLSuffix and AWS::NoValue are. Write what "
			"it stands for.",
			name);
	return ERR_NONE;
}

/* The default of a parameter. One of the parameter store's is only the name of a value. */
static enum err
find_default(const struct template_reading *r, const char *name, const struct value *at,
	const struct value **out)
{
	const struct value *parameter = value_get(r->parameters, name);
	const char *type = value_text(parameter, "Type");

	*out = value_get(parameter, "Default");
	if (type && strncmp(type, "AWS::SSM::", 10) == 0)
		return refuse(r, at,
			"The parameter %.60s stands in AWS's parameter store: write what "
			"it stands for.",
			name);
	if (!*out)
		return refuse(r, at,
			"The parameter %.60s has no default: give it one, or write what "
			"it stands for.",
			name);
	return ERR_NONE;
}

static bool
is_list_parameter(const struct template_reading *r, const char *name)
{
	const char *type = value_text(value_get(r->parameters, name), "Type");

	return type && (strcmp(type, "CommaDelimitedList") == 0 ||
			       strncmp(type, "List<", 5) == 0);
}

static enum err
resolve_ref(const struct template_reading *r, const char *name, const struct value *at,
	int depth, const char **out)
{
	const struct value *otherwise;
	enum err err;

	if (strncmp(name, "AWS::", 5) == 0)
		return resolve_pseudo(r, name, at, out);
	if (!value_get(r->parameters, name))
		return resolve_name(r, name, at, depth, out);
	err = find_default(r, name, at, &otherwise);
	if (!err && is_list_parameter(r, name))
		return refuse(r, at, "%.60s is a list; a text is taken here.", name);
	return err ? err : template_resolve(r, otherwise, depth + 1, out);
}

static enum err
follow_ref(const struct template_call *a, const char **out)
{
	if (a->value->kind != VALUE_TEXT)
		return refuse(a->r, a->at, "Ref takes one name.");
	return resolve_ref(a->r, a->value->text, a->at, a->depth, out);
}

/* "Logical.Attribute", or a list of the two: only the names are known before it is made. */
static enum err
resolve_attribute(const struct template_reading *r, const struct value *value, int depth,
	const char **out)
{
	const char *text = value->kind == VALUE_TEXT ? value->text : NULL, *dot;

	if (value->kind == VALUE_LIST && value->count == 2 &&
		value->item[0].kind == VALUE_TEXT && value->item[1].kind == VALUE_TEXT)
		text = mem_format(
			r->ctx, "%s.%s", value->item[0].text, value->item[1].text);
	dot = text ? strchr(text, '.') : NULL;
	if (!dot)
		return refuse(r, value, "GetAtt takes a resource and its attribute.");
	if (!strcmp(dot, ".ProjectName") || !strcmp(dot, ".PlacementName") ||
		!strcmp(dot, ".DeviceId"))
		return resolve_name(r, mem_textn(r->ctx, text, (size_t)(dot - text)),
			value, depth, out);
	return refuse(r, value,
		"GetAtt %.60s is not known before AWS makes it: write what it stands "
		"for.",
		text);
}

static enum err
follow_attribute(const struct template_call *a, const char **out)
{
	return resolve_attribute(a->r, a->value, a->depth, out);
}

/* ---- Sub ------------------------------------------------------------------------------
 */

/* What stands in ${...}, of the map beside the text first. */
static enum err
resolve_hole(const struct template_call *a, const struct value *own, const char *name,
	const char **out)
{
	const struct value *mine = value_get(own, name);
	struct value at = { .kind = VALUE_TEXT,
		.line = a->at->line,
		.column = a->at->column,
		.text = name };

	if (mine)
		return template_resolve(a->r, mine, a->depth + 1, out);
	if (strchr(name, '.'))
		return resolve_attribute(a->r, &at, a->depth, out);
	return resolve_ref(a->r, name, a->at, a->depth, out);
}

/* "${Name}" and "${Logical.Attribute}" in a text; "${!x}" stands for "${x}". */
static enum err
fill_holes(const struct template_call *a, const char *at, const struct value *own,
	const char **out)
{
	struct buf text;
	const char *open;
	enum err err = ERR_NONE;

	buf_init(&text, a->r->ctx, BUF_NO_CAP);
	while (!err && (open = strstr(at, "${")) != NULL) {
		const char *close = strchr(open, '}'), *found = "";
		char *name;

		if (!close)
			return refuse(a->r, a->at, "Sub has a ${ without its }.");
		buf_add(&text, at, (size_t)(open - at));
		name = mem_textn(a->r->ctx, open + 2, (size_t)(close - open - 2));
		if (*name == '!')
			buf_format(&text, "${%s}", name + 1);
		else
			err = resolve_hole(a, own, name, &found);
		buf_text(&text, found);
		at = close + 1;
	}
	buf_text(&text, at);
	*out = text.data;
	return err;
}

static enum err
follow_sub(const struct template_call *a, const char **out)
{
	const struct value *value = a->value, *own = NULL;

	if (value->kind == VALUE_LIST && value->count == 2 &&
		value->item[1].kind == VALUE_MAP) {
		own = &value->item[1];
		value = &value->item[0];
	}
	if (value->kind != VALUE_TEXT)
		return refuse(a->r, a->at,
			"Sub takes a text, or a list of a text and a map of what it "
			"names.");
	return fill_holes(a, value->text, own, out);
}

/* ---- mappings and lists ---------------------------------------------------------------
 */

static enum err
find_in_map(const struct template_call *a, const struct value **out)
{
	const struct value *at = a->r->mappings;
	const char *key = "";
	enum err err = ERR_NONE;

	if (a->value->kind != VALUE_LIST || a->value->count != 3)
		return refuse(a->r, a->at, "FindInMap takes a map and two keys.");
	for (size_t i = 0; !err && i < 3; i++) {
		err = template_resolve(a->r, &a->value->item[i], a->depth + 1, &key);
		at = err ? NULL : value_get(at, key);
		if (!err && !at)
			return refuse(a->r, a->at,
				"FindInMap: the template's Mappings have no \"%.60s\" "
				"there.",
				key);
	}
	*out = at;
	return err;
}

static enum err
follow_map(const struct template_call *a, const char **out)
{
	const struct value *found;
	enum err err = find_in_map(a, &found);

	return err ? err : template_resolve(a->r, found, a->depth + 1, out);
}

/* A text cut at its commas, as the default of a list's parameter is one. */
static const struct value *
split(const void *ctx, const char *text)
{
	struct value *list = mem_new(ctx, struct value);

	list->kind = VALUE_LIST;
	for (const char *at = text;; at++) {
		size_t n = strcspn(at, ",");

		list->item = mem_resize(ctx, list->item, struct value, list->count + 1);
		list->item[list->count++] = (struct value){ .kind = VALUE_TEXT,
			.text = mem_textn(ctx, at, n) };
		at += n;
		if (*at == '\0')
			return list;
	}
}

/* A list as it stands, or as a parameter or a mapping has it. */
static enum err
find_list(const struct template_call *a, const struct value *value,
	const struct value **out)
{
	struct template_call inner = { a->r,
		value->kind == VALUE_MAP ? value->item : NULL, value, a->depth + 1 };
	const char *name, *text;
	enum err err = template_settle_at(a->r, value, a->depth, out);

	if (err || !*out)
		return err ? err : refuse(a->r, a->at, "A list is taken here.");
	if (template_calls(*out, "FindInMap"))
		err = find_in_map(&inner, out);
	name = template_calls(*out, "Ref") ? value_text(*out, (*out)->key[0]) : NULL;
	if (!err && name && is_list_parameter(a->r, name)) {
		err = find_default(a->r, name, *out, out);
		if (!err)
			err = template_resolve(a->r, *out, a->depth + 1, &text);
		if (!err)
			*out = split(a->r->ctx, text);
	}
	if (!err && (*out)->kind != VALUE_LIST)
		return refuse(a->r, a->at, "A list is taken here, not %s.",
			value_words(a->r->ctx, *out));
	return err;
}

static enum err
follow_join(const struct template_call *a, const char **out)
{
	const struct value *list, *item;
	const char *between, *part;
	size_t joined = 0;
	struct buf text;
	enum err err;

	if (a->value->kind != VALUE_LIST || a->value->count != 2)
		return refuse(a->r, a->at, "Join takes what stands between, and a list.");
	err = template_resolve(a->r, &a->value->item[0], a->depth + 1, &between);
	if (!err)
		err = find_list(a, &a->value->item[1], &list);
	buf_init(&text, a->r->ctx, BUF_NO_CAP);
	for (size_t i = 0; !err && i < list->count; i++) {
		err = template_settle_at(a->r, &list->item[i], a->depth + 1, &item);
		if (err || !item)
			continue;
		err = template_resolve(a->r, item, a->depth + 1, &part);
		if (!err)
			buf_format(&text, "%s%s", joined++ ? between : "", part);
	}
	*out = text.data;
	return err;
}

static enum err
follow_select(const struct template_call *a, const char **out)
{
	const struct value *list;
	const char *word;
	int64_t at = -1;
	enum err err;

	if (a->value->kind != VALUE_LIST || a->value->count != 2)
		return refuse(a->r, a->at, "Select takes a number and a list.");
	err = template_resolve(a->r, &a->value->item[0], a->depth + 1, &word);
	if (!err)
		err = find_list(a, &a->value->item[1], &list);
	if (err)
		return err;
	if (!number_read_int(word, strlen(word), &at) || at < 0 ||
		(size_t)at >= list->count)
		return refuse(a->r, a->at,
			"Select takes 0 to %zu of this list, not \"%.40s\".",
			list->count ? list->count - 1 : 0, word);
	return template_resolve(a->r, &list->item[at], a->depth + 1, out);
}

/* ---- the whole ------------------------------------------------------------------------
 */

static const struct {
	const char *name;
	enum err (*follow)(const struct template_call *a, const char **out);
} functions[] = {
	{ "Ref", follow_ref },
	{ "GetAtt", follow_attribute },
	{ "Sub", follow_sub },
	{ "Join", follow_join },
	{ "Select", follow_select },
	{ "FindInMap", follow_map },
};

static enum err
resolve_function(const struct template_reading *r, const struct value *value, int depth,
	const char **out)
{
	const struct template_call a = { r, &value->item[0], value, depth };
	const char *name = template_function(value);

	for (size_t i = 0; name && i < sizeof functions / sizeof *functions; i++)
		if (strcmp(name, functions[i].name) == 0)
			return functions[i].follow(&a, out);
	return refuse(r, value,
		"%.40s is not followed here; Ref, GetAtt, Sub, Join, Select, If and "
		"FindInMap are. Write what it stands for.",
		value->key[0]);
}

enum err
template_resolve(const struct template_reading *r, const struct value *value, int depth,
	const char **out)
{
	if (template_step(r, value, depth) || template_settle_at(r, value, depth, &value))
		return ERR_INVALID;
	if (!value)
		return resolve_pseudo(r, "AWS::NoValue", NULL, out);
	if (value->kind == VALUE_MAP && value->count == 1)
		return resolve_function(r, value, depth, out);
	if (value->kind == VALUE_MAP || value->kind == VALUE_LIST ||
		value->kind == VALUE_NULL)
		return refuse(r, value, "This takes a text, not %s.",
			value_kind_name(value->kind));
	return write_scalar(r, value, out);
}

enum err
template_text(
	const struct template_reading *r, const struct value *value, const char **out)
{
	*out = NULL;
	if (template_settle(r, value, &value) ||
		(value && template_resolve(r, value, 0, out)))
		return ERR_INVALID;
	if (*out && strstr(*out, "{{resolve:"))
		return refuse(r, value,
			"Dynamic references ({{resolve:...}}) are not followed here: "
			"write "
			"what it stands for.");
	return ERR_NONE;
}
