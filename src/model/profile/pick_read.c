#include <string.h>
#include <strings.h>

#include "inside.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/record.h"

enum {
	PTRS_MAX = 8,
	MAP_MAX = 256,
	ELSE_MAX = 4,
	HEADER_MAX = 64,
	CONDITIONS_MAX = 16,
};

static const char *const value_keys[] = { "ptr", "root", "topic", "header", "key", "re",
	"strip", "case", "alias", "map", "linear", "unit", "else" };
static const char *const condition_keys[] = { "ptr", "root", "topic", "header", "key",
	"re", "absent" };
enum {
	VALUE_KEYS = sizeof(value_keys) / sizeof(*value_keys),
	CONDITION_KEYS = sizeof(condition_keys) / sizeof(*condition_keys),
};

/* ---- sources --------------------------------------------------------------------------
 */

static enum err
read_pointer(const struct reading *r, const struct value *at, const char *field,
	struct pointer *out)
{
	struct fault why;

	if (at->kind != VALUE_TEXT)
		return refuse_at(r, at, field, "a pointer is a text, not %s",
			value_kind_name(at->kind));
	if (pointer_read(r->ctx, at->text, out, &why))
		return refuse_at(r, at, field, "%s", why.sentence);
	return ERR_NONE;
}

/* One pointer, or a list of which the first one present counts. */
static enum err
read_pointers(const struct reading *r, const struct value *at, struct pick *pick)
{
	enum err err = ERR_NONE;

	if (at->kind == VALUE_LIST)
		err = check_list(r, at, pick->field, 1, PTRS_MAX);
	if (err)
		return err;
	pick->ptrs = at->kind == VALUE_LIST ? at->count : 1;
	pick->ptr = mem_array(r->ctx, struct pointer, pick->ptrs);
	for (size_t i = 0; !err && i < pick->ptrs; i++)
		err = read_pointer(r, at->kind == VALUE_LIST ? &at->item[i] : at,
			pick->field, &pick->ptr[i]);
	return err;
}

static enum err
find_placeholder(const struct reading *r, const struct value *at, const char *name,
	struct pick *pick)
{
	const struct topic *topic = &r->row->topic;
	const char *names[LEVELS_MAX], *near;
	size_t count = 0;

	for (size_t i = 0; i < topic->count; i++) {
		if (!topic->level[i].name)
			continue;
		names[count++] = topic->level[i].name;
		pick->index = i;
		if (!strcmp(name, topic->level[i].name))
			return ERR_NONE;
	}
	near = nearest_word(name, names, count);
	return refuse_at(r, at, pick->field, "the topic has no {%.60s}%s%s", name,
		near ? "; did you mean " : "", near ? near : "");
}

static enum err
read_topic_source(const struct reading *r, const struct value *at, struct pick *pick)
{
	if (r->row->via != VIA_MQTT)
		return refuse_at(
			r, at, pick->field, "only messages via mqtt have a topic");
	if (at->kind != VALUE_TEXT)
		return refuse_at(r, at, pick->field,
			"topic is the name of a placeholder, not %s",
			value_kind_name(at->kind));
	return find_placeholder(r, at, at->text, pick);
}

static enum err
read_header_source(const struct reading *r, const struct value *at, struct pick *pick)
{
	char *name;

	if (r->row->via != VIA_HTTP)
		return refuse_at(
			r, at, pick->field, "only messages via http have headers");
	if (at->kind != VALUE_TEXT || !*at->text || strlen(at->text) > HEADER_MAX)
		return refuse_at(r, at, pick->field,
			"header is the name of one, 1 to %d letters", HEADER_MAX);
	name = mem_text(r->ctx, at->text);
	for (char *c = name; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 'a' - 'A') : *c;
	pick->header = name;
	return ERR_NONE;
}

static enum err
read_key_source(const struct reading *r, const struct value *at, struct pick *pick)
{
	if (r->row->each != EACH_OBJECT)
		return refuse_at(r, at, pick->field,
			"key needs forEach: {object: ..., key: ...} in its message");
	if (at->kind != VALUE_INT || at->whole < 0 || at->whole >= PATTERN_GROUPS)
		return refuse_at(r, at, pick->field,
			"key is the number of a group of forEach's key, 0 (all of it) to "
			"%d",
			PATTERN_GROUPS - 1);
	pick->index = (size_t)at->whole;
	return ERR_NONE;
}

static const struct {
	const char *key;
	enum err (*read)(const struct reading *, const struct value *, struct pick *);
} sources[] = {
	[PICK_PTR] = { "ptr", read_pointers },
	[PICK_ROOT] = { "root", read_pointers },
	[PICK_TOPIC] = { "topic", read_topic_source },
	[PICK_HEADER] = { "header", read_header_source },
	[PICK_KEY] = { "key", read_key_source },
};

static enum err
read_source(const struct reading *r, const struct value *map, struct pick *pick)
{
	const struct value *found = NULL;

	for (unsigned i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		const struct value *at = value_get(map, sources[i].key);

		if (at && found)
			return refuse_at(r, at, pick->field,
				"one source is taken: ptr, root, topic, header or key");
		if (!at)
			continue;
		found = at;
		pick->source = (enum pick_source)i;
	}
	if (!found)
		return refuse_at(r, map, pick->field,
			"a source is missing: ptr, root, topic, header or key");
	return sources[pick->source].read(r, found, pick);
}

/* ---- steps ---- */

static enum err
read_pattern(const struct reading *r, const struct value *map, struct pick *pick)
{
	const char *text;
	struct fault why;
	enum err err = read_text(r, map, pick->field, "re", &text);

	if (err || !text)
		return err;
	if (pattern_compile(r->ctx, text, &pick->re, &why))
		return refuse_at(
			r, value_get(map, "re"), pick->field, "re: %s", why.sentence);
	return ERR_NONE;
}

/* YAML 1.1, which many tools still read, takes these for true and false; a file should
 * mean the same to all of them. */
static bool
is_treacherous(const char *key)
{
	static const char *const words[] = { "on", "off", "yes", "no", "y", "n" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcasecmp(key, words[i]))
			return true;
	return false;
}

static enum err
read_map(const struct reading *r, const struct value *map, struct pick *pick)
{
	const struct value *at = value_get(map, "map");
	struct pairs *pairs;

	if (!at)
		return ERR_NONE;
	if (at->kind != VALUE_MAP || at->count == 0 || at->count > MAP_MAX)
		return refuse_at(r, at, pick->field, "map has 1 to %d members", MAP_MAX);
	pairs = pairs_new(r->ctx);
	for (size_t i = 0; i < at->count; i++) {
		const char *to = scalar_text(r->ctx, &at->item[i]);

		if (at->item[i].bare_key && is_treacherous(at->key[i]))
			return refuse_at(r, &at->item[i], pick->field,
				"write '%s' in quotes: other readers of YAML take the "
				"bare word for true or false",
				at->key[i]);
		if (!to)
			return refuse_at(r, &at->item[i], pick->field,
				"what \"%.60s\" maps to must be a text", at->key[i]);
		pairs_set(pairs, at->key[i], to);
	}
	pick->map = pairs;
	return ERR_NONE;
}

static enum err
read_linear(const struct reading *r, const struct value *map, struct pick *pick)
{
	const struct value *at = value_get(map, "linear");

	if (!at)
		return ERR_NONE;
	pick->is_linear = at->kind == VALUE_LIST && at->count == 4;
	for (size_t i = 0; pick->is_linear && i < 4; i++) {
		const struct value *item = &at->item[i];

		pick->is_linear = item->kind == VALUE_INT || item->kind == VALUE_NUMBER;
		pick->linear[i] =
			item->kind == VALUE_INT ? (double)item->whole : item->number;
		if (!(pick->linear[i] >= -1e12 && pick->linear[i] <= 1e12))
			pick->is_linear = false;
	}
	if (pick->is_linear && pick->linear[0] != pick->linear[2])
		return ERR_NONE;
	return refuse_at(r, at, pick->field,
		"linear is [x0, y0, x1, y1], four numbers, x0 and x1 not the same");
}

static enum err
read_words(const struct reading *r, const struct value *map, struct pick *pick)
{
	static const char *const cases[] = { "upper", "lower" };
	static const char *const aliases[] = { "required", "optional" };
	static const char *const units[] = { "s", "ms", "rfc3339" };
	unsigned letters = 2, alias = 2, unit = 3;
	enum err err = read_word(r, map, pick->field, "case", cases, 2, &letters);

	if (!err)
		err = read_word(r, map, pick->field, "alias", aliases, 2, &alias);
	if (!err)
		err = read_word(r, map, pick->field, "unit", units, 3, &unit);
	pick->letters = letters == 2 ? CASE_AS_IS : (enum pick_case)(letters + 1);
	pick->alias = alias == 2 ? ALIAS_NONE : (enum pick_alias)(alias + 1);
	pick->unit = unit == 3 ? UNIT_NONE : (enum pick_unit)(unit + 1);
	return err;
}

static enum err
read_value(const struct reading *r, const struct value *map, const char *field, int depth,
	struct pick **out)
{
	struct pick *pick = mem_new(r->ctx, struct pick);
	const struct value *otherwise = value_get(map, "else");
	enum err err = check_keys(r, map, field, value_keys, VALUE_KEYS);

	pick->field = mem_text(r->ctx, field);
	if (!err)
		err = read_source(r, map, pick);
	if (!err)
		err = read_pattern(r, map, pick);
	if (!err)
		err = read_text(r, map, field, "strip", &pick->strip);
	if (!err)
		err = read_words(r, map, pick);
	if (!err)
		err = read_map(r, map, pick);
	if (!err)
		err = read_linear(r, map, pick);
	if (!err && otherwise && depth == ELSE_MAX)
		return refuse_at(
			r, otherwise, field, "else goes %d deep at most", ELSE_MAX);
	if (!err && otherwise)
		err = read_value(r, otherwise, mem_format(r->ctx, "%s.else", field),
			depth + 1, &pick->otherwise);
	*out = pick;
	return err;
}

enum err
pick_read(const struct reading *r, const struct value *map, const char *field,
	struct pick **out)
{
	return read_value(r, map, field, 0, out);
}

/* ---- conditions ---- */

static enum err
read_condition(const struct reading *r, const struct value *map, const char *field,
	struct condition *out)
{
	static const char *const ok[] = { "ok" };
	unsigned absent = 1;
	enum err err = check_keys(r, map, field, condition_keys, CONDITION_KEYS);

	out->pick = mem_new(r->ctx, struct pick);
	out->pick->field = field;
	if (!err)
		err = read_source(r, map, out->pick);
	if (!err)
		err = read_pattern(r, map, out->pick);
	if (!err && !out->pick->re)
		return refuse_at(r, map, field, "re is missing: what must hold");
	if (!err)
		err = read_word(r, map, field, "absent", ok, 1, &absent);
	out->absent_ok = absent == 0;
	return err;
}

enum err
conditions_read(const struct reading *r, const struct value *list, const char *field,
	struct conditions *out)
{
	enum err err = list ? check_list(r, list, field, 1, CONDITIONS_MAX) : ERR_NONE;

	if (err || !list)
		return err;
	out->item = mem_array(r->ctx, struct condition, list->count);
	for (; !err && out->count < list->count; out->count++)
		err = read_condition(r, &list->item[out->count],
			mem_format(r->ctx, "%s[%zu]", field, out->count),
			&out->item[out->count]);
	return err;
}
