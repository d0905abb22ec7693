#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/number.h"
#include "policy_operators.h"

#define ALL_PREFIX "ForAllValues:"
#define ANY_PREFIX "ForAnyValue:"
#define IF_EXISTS "IfExists"

enum { TESTS_MAX = 256 };

/* ---- the operator's name ---- */

static bool
take_prefix(const char **name, const char *prefix)
{
	size_t n = strlen(prefix);

	if (strncmp(*name, prefix, n) != 0)
		return false;
	*name += n;
	return true;
}

static enum err
refuse_operator(const struct policy_reading *r, const char *given, const char *name)
{
	const char *near = policy_operator_near(name);

	return fault(r->why, ERR_INVALID,
		"Statement %zu: Condition has no operator '%.64s'%s%s%s", r->number,
		given, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : ".");
}

static enum err
read_operator(const struct policy_reading *r, const char *given, struct policy_test *out)
{
	const char *name = given;
	char *bare;
	size_t n;

	if (take_prefix(&name, ALL_PREFIX))
		out->set = SET_ALL;
	else if (take_prefix(&name, ANY_PREFIX))
		out->set = SET_ANY;
	bare = mem_text(r->policy, name);
	n = strlen(bare);
	if (n > strlen(IF_EXISTS) &&
		strcmp(bare + n - strlen(IF_EXISTS), IF_EXISTS) == 0) {
		out->if_exists = true;
		bare[n - strlen(IF_EXISTS)] = '\0';
	}
	out->how = policy_operator_find(bare);
	if (!out->how)
		return refuse_operator(r, given, bare);
	if (out->how->presence && (out->if_exists || out->set != SET_NONE))
		return fault(r->why, ERR_INVALID,
			"Statement %zu: Condition '%.64s' is Null, which takes neither a "
			"set prefix nor IfExists.",
			r->number, given);
	return ERR_NONE;
}

/* ---- its values ---- */

/* true and 7 may stand without quotes. */
static const char *
find_text(const struct policy_reading *r, const struct value *value)
{
	char number[NUMBER_SIZE];

	switch (value->kind) {
	case VALUE_TEXT:
		return value->text;
	case VALUE_BOOL:
		return value->yes ? "true" : "false";
	case VALUE_INT:
		return mem_format(r->policy, "%lld", (long long)value->whole);
	case VALUE_NUMBER:
		number_write(value->number, number);
		return mem_text(r->policy, number);
	case VALUE_NULL:
	case VALUE_LIST:
	case VALUE_MAP:
		break;
	}
	return NULL;
}

/* What has variables may yet become an ARN. */
static bool
can_be_arn(const struct policy_reading *r, const char *text)
{
	int colons = 0;

	if (r->has_variables && strstr(text, "${"))
		return true;
	for (const char *at = text; *at; at++)
		colons += *at == ':';
	return strncmp(text, "arn:", 4) == 0 && colons >= 5;
}

static enum err
read_operand(struct policy_reading *r, const struct policy_test *test, const char *key,
	const struct value *value, struct policy_operand *out)
{
	const struct policy_family *family = test->how->family;
	const char *text = find_text(r, value);

	r->at = value;
	if (text && family->read && family->read(r->policy, text, out))
		return ERR_NONE;
	if (text && !family->read && (family->signs != SIGNS_ARN || can_be_arn(r, text)))
		return policy_word_read(r, text, family->signs, &out->word);
	return fault(r->why, ERR_INVALID,
		"Statement %zu: %s of %.64s takes %s, not %s%.100s%s.", r->number,
		r->member, key, family->takes, text ? "'" : "",
		text ? text : value_kind_name(value->kind), text ? "'" : "");
}

static enum err
read_operands(struct policy_reading *r, struct policy_test *test, const char *key,
	const struct value *value)
{
	bool is_list = value->kind == VALUE_LIST;
	enum err err = ERR_NONE;

	test->count = is_list ? value->count : 1;
	if (test->count == 0)
		return fault(r->why, ERR_INVALID,
			"Statement %zu: %s of %.64s has no value to compare to.",
			r->number, r->member, key);
	test->operand = mem_array(r->policy, struct policy_operand, test->count);
	for (size_t i = 0; !err && i < test->count; i++)
		err = read_operand(r, test, key, is_list ? &value->item[i] : value,
			&test->operand[i]);
	return err;
}

static void
warn_of_key(struct policy_reading *r, const char *key)
{
	const char *near;
	bool many;

	if (policy_key_is_known(key, &near, &many))
		return;
	policy_warn(r, "Statement %zu: no request has the condition key '%.100s'%s%s%s",
		r->number, key, near ? "; did you mean '" : "", near ? near : "",
		near ? "'?" : ".");
}

static enum err
read_key(struct policy_reading *r, const struct policy_test *like, const char *key,
	const struct value *value)
{
	struct policy_statement *statement = r->statement;
	struct policy_test *test;

	r->at = value;
	if (!strchr(key, ':') || statement->tests == TESTS_MAX)
		return fault(r->why, ERR_INVALID,
			"Statement %zu: %s takes up to %d condition keys like "
			"aws:SourceIp, not '%.64s'.",
			r->number, r->member, TESTS_MAX, key);
	statement->test = mem_resize(
		r->policy, statement->test, struct policy_test, statement->tests + 1);
	test = &statement->test[statement->tests++];
	*test = *like;
	test->key = key;
	warn_of_key(r, key);
	return read_operands(r, test, key, value);
}

static enum err
read_tests(struct policy_reading *r, const char *name, const struct value *keys)
{
	struct policy_test like = { 0 };
	enum err err = read_operator(r, name, &like);

	r->member = mem_format(r->policy, "Condition %.64s", name);
	r->at = keys;
	if (!err && (keys->kind != VALUE_MAP || keys->count == 0))
		return fault(r->why, ERR_INVALID,
			"Statement %zu: %s takes an object with a condition key and its "
			"values.",
			r->number, r->member);
	for (size_t i = 0; !err && i < keys->count; i++)
		err = read_key(r, &like, keys->key[i], &keys->item[i]);
	return err;
}

enum err
policy_condition_read(struct policy_reading *r, const struct value *condition)
{
	enum err err = ERR_NONE;

	if (!condition)
		return ERR_NONE;
	if (condition->kind != VALUE_MAP)
		return fault(r->why, ERR_INVALID,
			"Statement %zu: Condition takes an object, not %s.", r->number,
			value_kind_name(condition->kind));
	for (size_t i = 0; !err && i < condition->count; i++)
		err = read_tests(r, condition->key[i], &condition->item[i]);
	return err;
}

/* ---- asking ---- */

/* One value of the request against all of the policy's: any for what is said, none for
 * what is denied. */
static bool
value_holds(const void *ctx, const struct policy_test *test,
	const struct policy_context *context, const char *value)
{
	const struct policy_operator *how = test->how;

	for (size_t i = 0; i < test->count; i++) {
		const struct policy_operand *operand = &test->operand[i];
		const char *pattern =
			how->family->read
				? NULL
				: policy_word_fill(ctx, &operand->word, context);
		if (how->family->compare(operand, pattern, value) & how->holds)
			return !how->negated;
	}
	return how->negated;
}

/* With no word about sets, what is said must hold for some value, and what is denied for
 * all of them, so that one is the opposite of the other. */
static bool
values_hold(const void *ctx, const struct policy_test *test,
	const struct policy_context *context, const struct texts *found)
{
	bool all = test->set == SET_ALL || (test->set == SET_NONE && test->how->negated);

	for (size_t i = 0; i < found->count; i++)
		if (value_holds(ctx, test, context, found->item[i]) != all)
			return !all;
	return all;
}

/* Of a key the request has not: Null asks for just that; IfExists and a set's "all" are
 * content; else only what is denied holds. */
static bool
absence_holds(const struct policy_test *test)
{
	if (test->if_exists || test->set == SET_ALL)
		return true;
	return test->set == SET_NONE && test->how->negated;
}

static bool
wants_absence(const struct policy_test *test, bool absent)
{
	for (size_t i = 0; i < test->count; i++)
		if (test->operand[i].yes == absent)
			return true;
	return false;
}

static bool
test_holds(const void *ctx, const struct policy_test *test,
	const struct policy_context *context)
{
	struct texts found = context->find(context->arg, test->key);

	if (test->how->presence)
		return wants_absence(test, found.count == 0);
	if (found.count == 0)
		return absence_holds(test);
	return values_hold(ctx, test, context, &found);
}

bool
policy_tests_hold(const void *ctx, const struct policy_statement *statement,
	const struct policy_context *context)
{
	for (size_t i = 0; i < statement->tests; i++)
		if (!test_holds(ctx, &statement->test[i], context))
			return false;
	return true;
}
