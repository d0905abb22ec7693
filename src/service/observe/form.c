#include "form.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/uri.h"
#include "oneclick/base/utf8.h"
#include "oneclick/data/keys.h"
#include "oneclick/data/number.h"

enum { NAME_MAX_SIZE = 256 };

static char *
decode(const void *ctx, const char *text, size_t n)
{
	char *blank = mem_textn(ctx, text, n), *out;

	for (size_t i = 0; i < n; i++)
		if (blank[i] == '+')
			blank[i] = ' ';
	out = uri_decoded(ctx, blank, n, NULL);
	mem_free(blank);
	return out && utf8_is_valid(out, strlen(out)) ? out : NULL;
}

static bool
add_member(struct pairs *out, const char *text, size_t n)
{
	const char *equals = memchr(text, '=', n);
	size_t name_len = equals ? (size_t)(equals - text) : n;
	char *name = decode(out, text, name_len);
	char *value = equals ? decode(out, equals + 1, n - name_len - 1) : NULL;

	if (!name || (equals && !value) || out->count >= FORM_MEMBERS_MAX)
		return false;
	pairs_add(out, name, value ? value : "");
	return true;
}

/* What is read in two ways is read in none. */
static enum err
check_names(const struct pairs *form, struct fault *why)
{
	const char **name = mem_array(form, const char *, form->count + 1);
	size_t twice;

	for (size_t i = 0; i < form->count; i++)
		name[i] = form->row[i].key;
	twice = keys_repeat(name, form->count);
	mem_free(name);
	if (twice == form->count)
		return ERR_NONE;
	return fault(why, ERR_INVALID, "The member '%.100s' stands twice.",
		form->row[twice].key);
}

enum err
form_read(const void *ctx, const char *text, size_t n, struct pairs **out,
	struct fault *why)
{
	const char *end = text + n;

	*out = pairs_new(ctx);
	while (text < end) {
		const char *stop = memchr(text, '&', (size_t)(end - text));

		if (!stop)
			stop = end;
		if (stop > text && !add_member(*out, text, (size_t)(stop - text)))
			return fault(why, ERR_INVALID,
				"The form takes up to %d members, percent-encoded "
				"UTF-8.",
				FORM_MEMBERS_MAX);
		text = stop + 1;
	}
	return check_names(*out, why);
}

/* ---- JSON ---- */

static bool flatten(struct pairs *out, const char *name, const struct value *value);

static bool
flatten_items(struct pairs *out, const char *name, const struct value *value)
{
	bool fits = true;

	for (size_t i = 0; fits && i < value->count; i++) {
		char *item = value->kind == VALUE_LIST
				     ? mem_format(out, "%s.member.%zu", name, i + 1)
				     : mem_format(out, "%s%s%s", name, *name ? "." : "",
					       value->key[i]);

		fits = strlen(item) < NAME_MAX_SIZE &&
		       flatten(out, item, &value->item[i]);
		mem_free(item);
	}
	return fits;
}

static bool
flatten(struct pairs *out, const char *name, const struct value *value)
{
	char number[NUMBER_SIZE];
	const char *text = NULL;

	switch (value->kind) {
	case VALUE_NULL:
		return true;
	case VALUE_LIST:
	case VALUE_MAP:
		return flatten_items(out, name, value);
	case VALUE_BOOL:
		text = value->yes ? "true" : "false";
		break;
	case VALUE_INT:
		snprintf(number, sizeof number, "%lld", (long long)value->whole);
		text = number;
		break;
	case VALUE_NUMBER:
		number_write(value->number, number);
		text = number;
		break;
	case VALUE_TEXT:
		text = value->text;
		break;
	}
	if (out->count >= FORM_MEMBERS_MAX)
		return false;
	pairs_add(out, name, text);
	return true;
}

enum err
form_of_json(
	const void *ctx, const struct value *map, struct pairs **out, struct fault *why)
{
	*out = pairs_new(ctx);
	if (!flatten(*out, "", map))
		return fault(why, ERR_INVALID,
			"The body takes up to %d members, with names of up to %d bytes.",
			FORM_MEMBERS_MAX, NAME_MAX_SIZE - 1);
	return check_names(*out, why);
}

/* ---- asking ---- */

const char *
form_get(const struct pairs *form, const char *format, ...)
{
	char name[NAME_MAX_SIZE];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(name, sizeof name, format, args);
	va_end(args);
	return n > 0 && (size_t)n < sizeof name ? pairs_get(form, name) : NULL;
}

/* True if some member's name begins with this one, whole or up to a '.'. */
static bool
has_member(const struct pairs *form, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < form->count; i++) {
		const char *key = form->row[i].key;

		if (strncmp(key, name, n) == 0 && (key[n] == '\0' || key[n] == '.'))
			return true;
	}
	return false;
}

size_t
form_count(const struct pairs *form, const char *name, size_t max)
{
	char member[NAME_MAX_SIZE];
	size_t count = 0;

	while (count <= max) {
		snprintf(member, sizeof member, "%s.member.%zu", name, count + 1);
		if (!has_member(form, member))
			break;
		count++;
	}
	return count;
}
