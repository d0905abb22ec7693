#include <stdarg.h>
#include <string.h>

#include "inside.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/record.h"

enum { SHOWN_MAX = 60 }; /* bytes of a foreign text in a sentence */

enum err
refuse_at(const struct reading *r, const struct value *at, const char *field,
	const char *format, ...)
{
	void *life = mem_life(NULL);
	va_list args;
	char *what;

	va_start(args, format);
	what = mem_vformat(life, format, args);
	va_end(args);
	fault(r->why, ERR_INVALID, "%s:%d:%d: %s: %s", text_safe_z(life, r->file).text,
		at->line, at->column, text_safe_z(life, field).text,
		text_safe_z(life, what).text);
	mem_free(life);
	return ERR_INVALID;
}

static bool
is_one_of(const char *word, const char *const *words, size_t count, unsigned *which)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(word, words[i])) {
			*which = (unsigned)i;
			return true;
		}
	return false;
}

enum err
check_keys(const struct reading *r, const struct value *map, const char *field,
	const char *const *keys, size_t count)
{
	unsigned which;

	if (map->kind != VALUE_MAP)
		return refuse_at(r, map, field, "it must be a map, not %s",
			value_kind_name(map->kind));
	for (size_t i = 0; i < map->count; i++) {
		const char *near;

		if (is_one_of(map->key[i], keys, count, &which))
			continue;
		near = nearest_word(map->key[i], keys, count);
		return refuse_at(r, &map->item[i], field, "there is no \"%.*s\" here%s%s",
			SHOWN_MAX, map->key[i], near ? "; did you mean " : "",
			near ? near : "");
	}
	return ERR_NONE;
}

/* A member at the top is the field itself. */
static const char *
subject(const char *field, const char *key)
{
	return strcmp(field, key) != 0 ? key : "it";
}

enum err
read_text(const struct reading *r, const struct value *map, const char *field,
	const char *key, const char **out)
{
	const struct value *value = value_get(map, key);

	*out = NULL;
	if (!value)
		return ERR_NONE;
	if (value->kind != VALUE_TEXT)
		return refuse_at(r, value, field, "%s must be a text, and this is %s%s",
			subject(field, key), value_kind_name(value->kind),
			value->kind < VALUE_TEXT ? "; put it in quotes" : "");
	*out = mem_text(r->ctx, value->text);
	return ERR_NONE;
}

const char *
list_words(const void *ctx, const char *const *words, size_t count)
{
	struct buf out;

	buf_init(&out, ctx, BUF_NO_CAP);
	for (size_t i = 0; i < count; i++)
		buf_format(&out, "%s%s",
			i == 0           ? ""
			: i + 1 == count ? " or "
					 : ", ",
			words[i]);
	return out.data;
}

enum err
read_word(const struct reading *r, const struct value *map, const char *field,
	const char *key, const char *const *words, size_t count, unsigned *out)
{
	const char *word;
	enum err err = read_text(r, map, field, key, &word);

	if (err || !word || is_one_of(word, words, count, out))
		return err;
	return refuse_at(r, value_get(map, key), field, "%s is %s, not \"%.*s\"",
		subject(field, key), list_words(r->ctx, words, count), SHOWN_MAX, word);
}

enum err
check_list(const struct reading *r, const struct value *list, const char *field,
	size_t least, size_t most)
{
	if (list->kind == VALUE_LIST && list->count >= least && list->count <= most)
		return ERR_NONE;
	if (list->kind != VALUE_LIST)
		return refuse_at(r, list, field, "it must be a list, not %s",
			value_kind_name(list->kind));
	return refuse_at(r, list, field, "it has %zu items; %zu to %zu are taken",
		list->count, least, most);
}
