/* The conditions of a CloudFormation template, and what depends on them. */
#include <string.h>

#include "template_parts.h"

#define refuse(r, at, ...) template_refuse((r), (at), __VA_ARGS__)

/* ---- functions ------------------------------------------------------------------------
 */

const char *
template_function(const struct value *value)
{
	const char *key;

	if (value->kind != VALUE_MAP || value->count != 1)
		return NULL;
	key = value->key[0];
	if (*key == '!')
		return key + 1;
	if (strncmp(key, "Fn::", 4) == 0)
		return key + 4;
	return strcmp(key, "Ref") == 0 || strcmp(key, "Condition") == 0 ? key : NULL;
}

bool
template_calls(const struct value *value, const char *name)
{
	const char *mine = template_function(value);

	return mine && strcmp(mine, name) == 0;
}

static bool
is_no_value(const struct value *value)
{
	return template_calls(value, "Ref") && value->item[0].kind == VALUE_TEXT &&
	       strcmp(value->item[0].text, "AWS::NoValue") == 0;
}

enum err
template_step(const struct template_reading *r, const struct value *at, int depth)
{
	if (depth > TEMPLATE_FOLLOW_MAX)
		return refuse(r, at, "The references go round in a circle.");
	if (++*r->steps > TEMPLATE_STEPS_MAX)
		return refuse(
			r, at, "There is more to follow here than a template needs.");
	return ERR_NONE;
}

/* ---- conditions -----------------------------------------------------------------------
 */

static enum err evaluate(const struct template_reading *r, const struct value *value,
	int depth, bool *out);

static enum err
evaluate_equals(const struct template_call *a, bool *out)
{
	const char *one, *other;
	enum err err;

	if (a->value->kind != VALUE_LIST || a->value->count != 2)
		return refuse(a->r, a->at, "Equals takes a list of two.");
	err = template_resolve(a->r, &a->value->item[0], a->depth + 1, &one);
	if (!err)
		err = template_resolve(a->r, &a->value->item[1], a->depth + 1, &other);
	if (!err)
		*out = strcmp(one, other) == 0;
	return err;
}

/* And and Or, which look at all of theirs so that each mistake is found. */
static enum err
evaluate_many(const struct template_call *a, bool all, bool *out)
{
	bool holds = all, one = false;
	enum err err = ERR_NONE;

	if (a->value->kind != VALUE_LIST || a->value->count < 2 || a->value->count > 10)
		return refuse(
			a->r, a->at, "And and Or take a list of 2 to 10 conditions.");
	for (size_t i = 0; !err && i < a->value->count; i++) {
		err = evaluate(a->r, &a->value->item[i], a->depth + 1, &one);
		holds = all ? holds && one : holds || one;
	}
	*out = holds;
	return err;
}

static enum err
evaluate_not(const struct template_call *a, bool *out)
{
	enum err err;

	if (a->value->kind != VALUE_LIST || a->value->count != 1)
		return refuse(a->r, a->at, "Not takes a list of one condition.");
	err = evaluate(a->r, &a->value->item[0], a->depth + 1, out);
	*out = !*out;
	return err;
}

static enum err
evaluate(
	const struct template_reading *r, const struct value *value, int depth, bool *out)
{
	const char *name = template_function(value);
	const struct template_call a = { r, name ? value->item : NULL, value, depth };

	if (template_step(r, value, depth))
		return ERR_INVALID;
	if (name && strcmp(name, "Equals") == 0)
		return evaluate_equals(&a, out);
	if (name && strcmp(name, "Not") == 0)
		return evaluate_not(&a, out);
	if (name && (strcmp(name, "And") == 0 || strcmp(name, "Or") == 0))
		return evaluate_many(&a, *name == 'A', out);
	if (name && strcmp(name, "Condition") == 0)
		return template_decide(r, a.value, value, depth + 1, out);
	return refuse(r, value,
		"A condition is made of Equals, And, Or, Not and Condition here, not of "
		"%.60s.",
		name ? name : value_words(r->ctx, value));
}

enum err
template_decide(const struct template_reading *r, const struct value *name,
	const struct value *at, int depth, bool *out)
{
	const struct value *condition;

	*out = false;
	if (name->kind != VALUE_TEXT)
		return refuse(r, at, "A condition is called by its name.");
	condition = value_get(r->conditions, name->text);
	if (!condition)
		return refuse(r, at, "The template's Conditions have no \"%.60s\".",
			name->text);
	return evaluate(r, condition, depth + 1, out);
}

enum err
template_condition(const struct template_reading *r, const struct value *name,
	const struct value *at, bool *out)
{
	return template_decide(r, name, at, 0, out);
}

enum err
template_settle_at(const struct template_reading *r, const struct value *value, int depth,
	const struct value **out)
{
	for (; template_calls(value, "If"); depth++) {
		const struct value *choice = &value->item[0];
		bool holds;

		if (choice->kind != VALUE_LIST || choice->count != 3)
			return refuse(r, value,
				"If takes a condition, what holds then, and what else.");
		if (template_step(r, value, depth))
			return ERR_INVALID;
		if (template_decide(r, &choice->item[0], value, depth, &holds))
			return ERR_INVALID;
		value = &choice->item[holds ? 1 : 2];
	}
	*out = is_no_value(value) ? NULL : value;
	return ERR_NONE;
}

enum err
template_settle(const struct template_reading *r, const struct value *value,
	const struct value **out)
{
	return template_settle_at(r, value, 0, out);
}
