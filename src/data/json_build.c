#include "json_parts.h"

#include <string.h>

#include <json-c/json.h>

#include "oneclick/base/mem.h"

/* A tree's memory in three pieces, as the scan counted it: much quicker than a piece for
 * each value. */
struct supply {
	struct value *value;
	const char **key;
	char *letters;
	const struct json_place *place; /* of the value to come; NULL: not known */
	size_t nulls; /* met so far */
};

static void copy_value(
	struct supply *from, struct json_object *object, struct value *out);

/* No decoded text is longer than it stood between its quotes, so the letters suffice. */
static const char *
copy_text(struct supply *from, const char *text, size_t n)
{
	char *copy = from->letters;

	memcpy(copy, text, n);
	copy[n] = '\0';
	from->letters += n + 1;
	return copy;
}

static void
copy_list(struct supply *from, struct json_object *list, struct value *out)
{
	out->kind = VALUE_LIST;
	out->count = json_object_array_length(list);
	out->item = from->value;
	from->value += out->count;
	for (size_t i = 0; i < out->count; i++)
		copy_value(from, json_object_array_get_idx(list, i), &out->item[i]);
}

static void
copy_map(struct supply *from, struct json_object *map, struct value *out)
{
	size_t i = 0;

	out->kind = VALUE_MAP;
	out->count = (size_t)json_object_object_length(map);
	out->item = from->value;
	out->key = from->key;
	from->value += out->count;
	from->key += out->count;
	for (struct lh_entry *entry = lh_table_head(json_object_get_object(map)); entry;
		entry = lh_entry_next(entry), i++) {
		const char *key = lh_entry_k(entry);

		out->key[i] = copy_text(from, key, strlen(key));
		copy_value(from, lh_entry_v(entry), &out->item[i]);
	}
}

static void
copy_value(struct supply *from, struct json_object *object, struct value *out)
{
	if (from->place) {
		out->line = from->place->line;
		out->column = from->place->column;
		from->place++;
	}
	switch (json_object_get_type(object)) {
	case json_type_null:
		out->kind = VALUE_NULL;
		from->nulls++;
		break;
	case json_type_boolean:
		out->kind = VALUE_BOOL;
		out->yes = json_object_get_boolean(object);
		break;
	case json_type_int:
		out->kind = VALUE_INT;
		out->whole = json_object_get_int64(object);
		break;
	case json_type_double:
		out->kind = VALUE_NUMBER;
		out->number = json_object_get_double(object);
		break;
	case json_type_string:
		out->kind = VALUE_TEXT;
		out->text = copy_text(from, json_object_get_string(object),
			(size_t)json_object_get_string_len(object));
		break;
	case json_type_array:
		copy_list(from, object, out);
		break;
	case json_type_object:
		copy_map(from, object, out);
		break;
	}
}

/* json-c's own tree (a null is NULL in it). */
static enum err
read_tree(const char *text, size_t n, int depth, struct json_object **out,
	struct fault *why)
{
	struct json_tokener *tokener = json_tokener_new_ex(depth + 2);
	enum json_tokener_error end;

	if (!tokener)
		mem_abort("out of memory");
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	*out = json_tokener_parse_ex(tokener, text, (int)n);
	end = json_tokener_get_error(tokener);
	if (end == json_tokener_continue) { /* a bare number ends only with the text */
		*out = json_tokener_parse_ex(tokener, "", 1);
		end = json_tokener_get_error(tokener);
	}
	json_tokener_free(tokener);
	if (end == json_tokener_success)
		return ERR_NONE;
	return fault(why, ERR_INVALID, "the JSON text cannot be read: %s",
		json_tokener_error_desc(end));
}

enum err
json_build(const void *life, const char *text, size_t n, int depth, char *letters,
	const struct json_count *count, const struct value **out, struct fault *why)
{
	struct value *root = mem_array(life, struct value, count->values);
	struct supply from = {
		.value = root + 1,
		.key = mem_array(life, const char *, count->keys),
		.letters = letters,
		.place = count->place,
	};
	struct json_object *object;
	enum err err = read_tree(text, n, depth, &object, why);

	if (err)
		return err;
	copy_value(&from, object, root);
	json_object_put(object);
	/* Without memory, json-c leaves out what it has none for: nothing, or a null. */
	if ((size_t)(from.value - root) != count->values || from.nulls != count->nulls)
		mem_abort("out of memory");
	*out = root;
	return ERR_NONE;
}
