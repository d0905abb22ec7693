#include <string.h>

#include "inside.h"
#include "oneclick/base/mem.h"

enum {
	KEYS_MAX = 8,                  /* of dedupe */
	SKIPS_MAX = 32,                /* topics */
	WINDOW_MAX = 7 * 24 * 60 * 60, /* seconds */
};

#define PATH_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-_./"

static const char *const row_keys[] = { "via", "topic", "skipTopics", "path", "verify",
	"retained", "decode", "where", "forEach", "when", "alias", "deviceId", "button",
	"clickType", "remainingLife", "online", "reportedTime", "dedupe" };
enum { ROW_KEYS = sizeof(row_keys) / sizeof(*row_keys) };

/* ---- the values of a row --------------------------------------------------------------
 */

/* member, its place, and which steps have a meaning there */
static const struct {
	const char *key;
	size_t at;
	bool linear, unit;
} members[] = {
	{ "deviceId", offsetof(struct row, device_id), false, false },
	{ "button", offsetof(struct row, button), false, false },
	{ "clickType", offsetof(struct row, click), false, false },
	{ "remainingLife", offsetof(struct row, life), true, false },
	{ "online", offsetof(struct row, online), false, false },
	{ "reportedTime", offsetof(struct row, reported), false, true },
};

static const char *
name_member(const struct reading *r, const char *field, const char *key)
{
	return mem_format(r->ctx, "%s.%s", field, key);
}

/* A time without a unit is an RFC 3339 text. */
static enum err
check_steps(const struct reading *r, const struct value *at, struct pick *pick,
	bool linear, bool unit)
{
	if (pick->is_linear && !linear)
		return refuse_at(r, at, pick->field, "only remainingLife takes linear");
	if (pick->unit && !unit)
		return refuse_at(r, at, pick->field, "only reportedTime takes unit");
	if (unit && !pick->unit)
		pick->unit = UNIT_RFC3339;
	return pick->otherwise ? check_steps(r, at, pick->otherwise, linear, unit)
			       : ERR_NONE;
}

static enum err
read_members(const struct reading *r, const struct value *map, struct row *row)
{
	enum err err = ERR_NONE;

	for (size_t i = 0; !err && i < sizeof(members) / sizeof(*members); i++) {
		const struct value *at = value_get(map, members[i].key);
		struct pick **pick = (struct pick **)((char *)row + members[i].at);

		if (!at)
			continue;
		err = pick_read(r, at, name_member(r, row->field, members[i].key), pick);
		if (!err)
			err = check_steps(
				r, at, *pick, members[i].linear, members[i].unit);
	}
	return err;
}

/* What a map gives must be a word that the member takes. */
static enum err
check_map(const struct reading *r, const struct value *at, const struct pick *pick,
	const char *const *words, size_t count)
{
	for (size_t i = 0; pick && pick->map && i < pick->map->count; i++) {
		const char *to = pick->map->row[i].value;
		size_t k = 0;

		while (k < count && strcmp(to, words[k]) != 0)
			k++;
		if (k == count)
			return refuse_at(r, at, pick->field,
				"\"%.60s\" maps to \"%.60s\", which is not %s",
				pick->map->row[i].key, to,
				list_words(r->ctx, words, count));
	}
	return pick && pick->otherwise ? check_map(r, at, pick->otherwise, words, count)
				       : ERR_NONE;
}

static enum err
check_maps(const struct reading *r, const struct value *map, const struct row *row)
{
	static const char *const clicks[] = { "SINGLE", "DOUBLE", "LONG" };
	static const char *const yes[] = { "true", "false" };
	enum err err = check_map(r, value_get(map, "clickType"), row->click, clicks, 3);

	return err ? err : check_map(r, value_get(map, "online"), row->online, yes, 2);
}

static enum err
read_alias(const struct reading *r, const struct value *map, struct row *row)
{
	static const char *const keys[] = { "from", "to" };
	const struct value *at = value_get(map, "alias");
	const char *field = name_member(r, row->field, "alias");
	enum err err = at ? check_keys(r, at, field, keys, 2) : ERR_NONE;

	if (err || !at)
		return err;
	if (!value_get(at, "from") || !value_get(at, "to"))
		return refuse_at(r, at, field, "from and to are needed");
	err = pick_read(r, value_get(at, "from"), name_member(r, field, "from"),
		&row->alias_from);
	return err ? err
		   : pick_read(r, value_get(at, "to"), name_member(r, field, "to"),
			     &row->alias_to);
}

static enum err
read_window(const struct reading *r, const struct value *map, struct row *row)
{
	const struct value *at = value_get(map, "windowSeconds");

	if (!at)
		return ERR_NONE;
	if (at->kind != VALUE_INT || at->whole < 1 || at->whole > WINDOW_MAX)
		return refuse_at(r, at, name_member(r, row->field, "dedupe"),
			"windowSeconds is a whole number of seconds, 1 to %d",
			WINDOW_MAX);
	row->window = at->whole * 1000;
	return ERR_NONE;
}

static enum err
read_dedupe(const struct reading *r, const struct value *map, struct row *row)
{
	static const char *const keys[] = { "key", "windowSeconds" };
	const struct value *at = value_get(map, "dedupe"), *list = value_get(at, "key");
	const char *field = name_member(r, row->field, "dedupe");
	enum err err = at ? check_keys(r, at, field, keys, 2) : ERR_NONE;

	if (err || !at)
		return err;
	if (!list)
		return refuse_at(r, at, field, "key is missing: a list of values");
	err = check_list(r, list, name_member(r, field, "key"), 1, KEYS_MAX);
	if (err)
		return err;
	row->key = mem_array(r->ctx, struct pick *, list->count);
	for (; !err && row->keys < list->count; row->keys++)
		err = pick_read(r, &list->item[row->keys],
			mem_format(r->ctx, "%s.key[%zu]", field, row->keys),
			&row->key[row->keys]);
	return err ? err : read_window(r, at, row);
}

/* ---- what a row takes -----------------------------------------------------------------
 */

static enum err
read_topic(const struct reading *r, const struct value *at, const char *field,
	bool is_filter, struct topic *out)
{
	struct fault why;

	if (at->kind != VALUE_TEXT)
		return refuse_at(r, at, field, "it must be a text, not %s",
			value_kind_name(at->kind));
	if (topic_read(r->ctx, at->text, is_filter, out, &why))
		return refuse_at(r, at, field, "%s", why.sentence);
	return ERR_NONE;
}

static enum err
read_skips(const struct reading *r, const struct value *map, struct row *row)
{
	const struct value *list = value_get(map, "skipTopics");
	const char *field = name_member(r, row->field, "skipTopics");
	enum err err = list ? check_list(r, list, field, 1, SKIPS_MAX) : ERR_NONE;

	if (err || !list)
		return err;
	row->skip = mem_array(r->ctx, struct topic, list->count);
	for (; !err && row->skips < list->count; row->skips++)
		err = read_topic(r, &list->item[row->skips],
			mem_format(r->ctx, "%s[%zu]", field, row->skips), true,
			&row->skip[row->skips]);
	return err;
}

static enum err
refuse_members(const struct reading *r, const struct value *map, const struct row *row,
	const char *const *keys, size_t count, const char *because)
{
	for (size_t i = 0; i < count; i++)
		if (value_get(map, keys[i]))
			return refuse_at(r, value_get(map, keys[i]),
				name_member(r, row->field, keys[i]), "%s", because);
	return ERR_NONE;
}

static enum err
read_from_mqtt(const struct reading *r, const struct value *map, struct row *row)
{
	static const char *const others[] = { "path", "verify" };
	static const char *const words[] = { "ignore", "accept" };
	const struct value *topic = value_get(map, "topic");
	unsigned retained = 0;
	enum err err =
		refuse_members(r, map, row, others, 2, "it belongs to messages via http");

	if (err)
		return err;
	if (!topic)
		return refuse_at(r, map, row->field, "topic is missing");
	err = read_topic(
		r, topic, name_member(r, row->field, "topic"), false, &row->topic);
	if (!err)
		err = read_skips(r, map, row);
	if (!err)
		err = read_word(r, map, row->field, "retained", words, 2, &retained);
	row->takes_retained = retained == 1;
	return err;
}

static bool
is_path(const char *path)
{
	size_t root = strlen("/ingest/"), n = strlen(path);

	return n > root && n <= TOPIC_MAX && !strncmp(path, "/ingest/", root) &&
	       strspn(path + root, PATH_LETTERS) == n - root &&
	       strcmp(path, "/ingest/oneclick") != 0;
}

static enum err
read_from_http(const struct reading *r, const struct value *map, struct row *row)
{
	static const char *const others[] = { "topic", "skipTopics", "retained" };
	static const char *const words[] = { "token", "bearer", "basic", "soracom-beam" };
	unsigned verify = VERIFY_TOKEN;
	enum err err =
		refuse_members(r, map, row, others, 3, "it belongs to messages via mqtt");

	if (!err)
		err = read_text(r, map, row->field, "path", &row->path);
	if (err)
		return err;
	if (!row->path || !is_path(row->path))
		return refuse_at(r, row->path ? value_get(map, "path") : map,
			name_member(r, row->field, "path"),
			"it is /ingest/ and a name of small letters, digits, - _ . and "
			"/, "
			"not "
			"/ingest/oneclick, which is the service's own");
	err = read_word(r, map, row->field, "verify", words, 4, &verify);
	row->verify = (enum profile_verify)verify;
	return err;
}

static enum err
read_source(const struct reading *r, const struct value *map, struct row *row)
{
	static const char *const vias[] = { "mqtt", "http" };
	static const char *const decodings[] = { "json", "text", "json-or-text",
		"bthome2" };
	unsigned via = 0, decoding = DECODE_JSON;
	enum err err = read_word(r, map, row->field, "via", vias, 2, &via);

	if (!err && !value_get(map, "via"))
		err = refuse_at(r, map, row->field, "via is missing: mqtt or http");
	row->via = (enum profile_via)via;
	if (!err)
		err = row->via == VIA_MQTT ? read_from_mqtt(r, map, row)
					   : read_from_http(r, map, row);
	if (!err)
		err = read_word(
			r, map, row->field, "decode", decodings, DECODINGS, &decoding);
	row->decoding = (enum decoding)decoding;
	return err;
}

static enum err
read_each_key(const struct reading *r, const struct value *map, const char *field,
	struct row *row)
{
	const char *text;
	struct fault why;
	enum err err = read_text(r, map, field, "key", &text);

	if (!err && !text)
		return refuse_at(
			r, map, field, "object needs key, a pattern for its keys");
	if (!err && pattern_compile(r->ctx, text, &row->each_key, &why))
		return refuse_at(
			r, value_get(map, "key"), field, "key: %s", why.sentence);
	return err;
}

static enum err
read_each(const struct reading *r, const struct value *map, struct row *row)
{
	static const char *const keys[] = { "array", "object", "key" };
	const struct value *at = value_get(map, "forEach");
	const char *field = name_member(r, row->field, "forEach");
	const char *array, *object;
	struct fault why;
	enum err err = at ? check_keys(r, at, field, keys, 3) : ERR_NONE;

	if (!err)
		err = read_text(r, at, field, "array", &array);
	if (!err)
		err = read_text(r, at, field, "object", &object);
	if (err || !at)
		return err;
	if (!array == !object || (array && value_get(at, "key")))
		return refuse_at(r, at, field,
			"it is {array: POINTER} or {object: POINTER, key: PATTERN}");
	row->each = array ? EACH_ARRAY : EACH_OBJECT;
	if (pointer_read(r->ctx, array ? array : object, &row->each_at, &why))
		return refuse_at(r, at, field, "%s", why.sentence);
	return array ? ERR_NONE : read_each_key(r, at, field, row);
}

/* ---- rows ---- */

static enum err
check_row(const struct reading *r, const struct value *map, const struct row *row)
{
	static const char *const said[] = { "deviceId", "button", "clickType",
		"remainingLife", "online", "reportedTime", "dedupe" };

	if (row->alias_from)
		return refuse_members(r, map, row, said, sizeof(said) / sizeof(*said),
			"a message with alias names devices and says nothing else");
	if (!row->device_id)
		return refuse_at(r, map, row->field, "deviceId is missing");
	if (!row->click && !row->life && !row->online)
		return refuse_at(r, map, row->field,
			"it says nothing: clickType, remainingLife or online is missing");
	if (row->click && row->takes_retained)
		return refuse_at(r, value_get(map, "retained"), row->field,
			"a retained message is an old state and no click: accept goes "
			"without "
			"clickType");
	return check_maps(r, map, row);
}

/* The conditions on the whole come before forEach is known: they have no key. */
enum err
row_read(struct reading *r, const struct value *map, struct row *row)
{
	const struct value *when = value_get(map, "when");
	enum err err = check_keys(r, map, row->field, row_keys, ROW_KEYS);

	r->row = row;
	if (!err)
		err = read_source(r, map, row);
	if (!err)
		err = conditions_read(r, value_get(map, "where"),
			name_member(r, row->field, "where"), &row->where);
	if (!err)
		err = read_each(r, map, row);
	if (!err && when && !row->each)
		return refuse_at(r, when, row->field,
			"when is asked of each item: it needs forEach");
	if (!err)
		err = conditions_read(
			r, when, name_member(r, row->field, "when"), &row->when);
	if (!err)
		err = read_alias(r, map, row);
	if (!err)
		err = read_members(r, map, row);
	if (!err)
		err = read_dedupe(r, map, row);
	return err ? err : check_row(r, map, row);
}
