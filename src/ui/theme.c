#include "oneclick/ui/theme.h"

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"
#include "oneclick/data/record.h"
#include "oneclick/data/yaml.h"

enum { EXTENDS_MAX = 8, SYMBOL_COLUMNS = 1, WORD_COLUMNS = 12 };

static const double CONTRAST_LEAST = 4.5; /* WCAG 2.2, 1.4.3 */

static const struct shipped {
	const char *name, *text;
} shipped[] = {
#include "themes.inc"
};
enum { SHIPPED = sizeof(shipped) / sizeof(*shipped) };

static const char *const attr_names[] = { "bold", "dim", "underline", "reverse",
	"italic" };
enum { ATTRS = sizeof(attr_names) / sizeof(*attr_names) };

/* One theme being read. */
struct reading {
	const void *ctx;
	const char *file;
	int depth;      /* themes that extend one another */
	int32_t ground; /* the background assumed, or COLOUR_DEFAULT */
	struct theme *theme;
	theme_tell_fn tell; /* of each mistake, which is passed over; NULL: the first ends it */
	void *arg;
};

static enum err read_theme(
	struct reading *r, const char *text, size_t n, struct fault *why);
static enum err find_theme(struct reading *r, const char *name, struct fault *why);

static enum err
refuse(const struct value *at, struct fault *why, const char *what, const char *got,
	const char *near)
{
	return fault(why, ERR_INVALID, "%d:%d: %s \"%s\"%s%s", at->line, at->column, what,
		got, near ? "; did you mean " : "", near ? near : "");
}

static enum err
expect(const struct value *value, enum value_kind kind, const char *what,
	struct fault *why)
{
	if (value->kind == kind)
		return ERR_NONE;
	return fault(why, ERR_INVALID, "%d:%d: \"%s\" is %s, and got %s", value->line,
		value->column, what, value_kind_name(kind), value_kind_name(value->kind));
}

/* What began with the line is told with the file before it. */
static enum err
name_file(const struct reading *r, enum err err, struct fault *why)
{
	char sentence[FAULT_SENTENCE_MAX];

	if (!err || !why)
		return err;
	memcpy(sentence, why->sentence, sizeof sentence);
	return fault(why, err, "%s:%s", r->file, sentence);
}

static enum err
pass_over(const struct reading *r, enum err err, struct fault *why)
{
	if (!err || !r->tell)
		return err;
	name_file(r, err, why);
	r->tell(r->arg, why);
	return ERR_NONE;
}

static enum err
read_attr(const struct value *value, unsigned *attrs, struct fault *why)
{
	enum err err = expect(value, VALUE_TEXT, "an attribute", why);

	if (err)
		return err;
	for (size_t i = 0; i < ATTRS; i++)
		if (strcmp(value->text, attr_names[i]) == 0) {
			*attrs |= 1u << i;
			return ERR_NONE;
		}
	return refuse(value, why, "unknown attribute", value->text,
		nearest_word(value->text, attr_names, ATTRS));
}

static enum err
read_attrs(const struct reading *r, const struct value *list, unsigned *attrs,
	struct fault *why)
{
	enum err err = expect(list, VALUE_LIST, "attr", why);

	*attrs = 0;
	for (size_t i = 0; !err && i < list->count; i++)
		err = pass_over(r, read_attr(&list->item[i], attrs, why), why);
	return err;
}

static enum err
read_mark(struct reading *r, const struct value *value, const char *key, int columns,
	struct safe_text *out, struct fault *why)
{
	enum err err = expect(value, VALUE_TEXT, key, why);

	if (err)
		return err;
	if (!text_is_safe(value->text, strlen(value->text)) ||
		utf8_width(value->text) > columns)
		return fault(why, ERR_INVALID,
			"%d:%d: a %s is at most %d visible column%s wide", value->line,
			value->column, key, columns, columns == 1 ? "" : "s");
	*out = text_safe_z(r->ctx, value->text);
	return ERR_NONE;
}

static enum err
read_member(struct reading *r, const char *key, const struct value *value,
	struct style *style, struct fault *why)
{
	static const char *const keys[] = { "fg", "bg", "attr", "symbol", "word" };

	if (strcmp(key, "fg") == 0)
		return colour_read(value, &style->fg, why);
	if (strcmp(key, "bg") == 0)
		return colour_read(value, &style->bg, why);
	if (strcmp(key, "attr") == 0)
		return read_attrs(r, value, &style->attrs, why);
	if (strcmp(key, "symbol") == 0)
		return read_mark(r, value, key, SYMBOL_COLUMNS, &style->symbol, why);
	if (strcmp(key, "word") == 0)
		return read_mark(r, value, key, WORD_COLUMNS, &style->word, why);
	return refuse(value, why, "unknown key", key,
		nearest_word(key, keys, sizeof(keys) / sizeof(*keys)));
}

/* Only what is certain is judged: two colours of 24 bits, or one on an assumed ground. */
static enum err
check_contrast(const struct reading *r, const struct value *at, const struct style *style,
	struct fault *why)
{
	int32_t ground = style->bg.rgb == COLOUR_DEFAULT ? r->ground : style->bg.rgb;
	double contrast;

	if (style->fg.rgb == COLOUR_DEFAULT || ground == COLOUR_DEFAULT)
		return ERR_NONE;
	contrast = colour_contrast(style->fg.rgb, ground);
	if (contrast >= CONTRAST_LEAST)
		return ERR_NONE;
	return fault(why, ERR_INVALID,
		"%d:%d: contrast %.1f of text #%06x on #%06x is below %.1f; choose "
		"colours further "
		"apart",
		at->line, at->column, contrast, (unsigned)style->fg.rgb, (unsigned)ground,
		CONTRAST_LEAST);
}

static enum err
read_role(struct reading *r, const char *name, const struct value *map, struct fault *why)
{
	enum role role = role_find(name);
	struct style *style = &r->theme->role[role];
	enum err err;

	if (role == ROLE_COUNT)
		return refuse(map, why, "unknown role", name,
			nearest_word(name, role_names(), ROLE_COUNT));
	err = expect(map, VALUE_MAP, name, why);
	for (size_t i = 0; !err && i < map->count; i++)
		err = pass_over(r,
			read_member(r, map->key[i], &map->item[i], style, why), why);
	if (err)
		return err;
	if (role_is_state(role) && !*style->symbol.text && !*style->word.text)
		return fault(why, ERR_INVALID,
			"%d:%d: \"%s\" is a state and needs a symbol or a word, to be "
			"seen without "
			"colour",
			map->line, map->column, name);
	return check_contrast(r, map, style, why);
}

static enum err
read_roles(struct reading *r, const struct value *roles, struct fault *why)
{
	enum err err = expect(roles, VALUE_MAP, "roles", why);

	for (size_t i = 0; !err && i < roles->count; i++)
		err = pass_over(
			r, read_role(r, roles->key[i], &roles->item[i], why), why);
	return err;
}

static enum err
read_name(struct reading *r, const struct value *value, struct fault *why)
{
	enum err err = expect(value, VALUE_TEXT, "name", why);

	if (!err)
		r->theme->name = mem_text(r->ctx, value->text);
	return err;
}

static enum err
read_ground(struct reading *r, const struct value *value, struct fault *why)
{
	struct colour colour;
	enum err err = expect(value, VALUE_TEXT, "assumes", why);

	if (err)
		return err;
	if (strcmp(value->text, "any") == 0)
		r->ground = COLOUR_DEFAULT;
	else if (strcmp(value->text, "dark") == 0)
		r->ground = 0x000000;
	else if (strcmp(value->text, "light") == 0)
		r->ground = 0xffffff;
	else if (*value->text != '#')
		return fault(why, ERR_INVALID,
			"%d:%d: \"assumes\" is any, dark, light or \"#rrggbb\"",
			value->line, value->column);
	else if (!(err = colour_read(value, &colour, why)))
		r->ground = colour.rgb;
	return err;
}

/* A theme it extends stands beside it, or is a shipped one. */
static enum err
read_base(struct reading *r, const struct value *value, struct fault *why)
{
	const char *slash = strrchr(r->file, '/');
	struct reading base = *r;
	enum err err = expect(value, VALUE_TEXT, "extends", why);

	if (err)
		return err;
	if (++base.depth > EXTENDS_MAX)
		return fault(why, ERR_INVALID,
			"%d:%d: themes extend one another %d deep; do they go round in a "
			"circle?",
			value->line, value->column, EXTENDS_MAX);
	err = find_theme(&base, value->text, why);
	if (err == ERR_NOT_FOUND && slash && !strchr(value->text, '/'))
		err = find_theme(&base,
			mem_format(r->ctx, "%.*s/%s.yaml", (int)(slash - r->file),
				r->file, value->text),
			why);
	if (err)
		return fault_at(why, err, "%d:%d: extends", value->line, value->column);
	return ERR_NONE;
}

static enum err
check_keys(const struct reading *r, const struct value *map, struct fault *why)
{
	static const char *const keys[] = { "name", "extends", "assumes", "roles" };
	enum { KEYS = sizeof(keys) / sizeof(*keys) };
	enum err err = expect(map, VALUE_MAP, "a theme", why);

	for (size_t i = 0; !err && i < map->count; i++) {
		size_t k = 0;

		while (k < KEYS && strcmp(keys[k], map->key[i]) != 0)
			k++;
		if (k == KEYS)
			err = pass_over(r,
				refuse(&map->item[i], why, "unknown key", map->key[i],
					nearest_word(map->key[i], keys, KEYS)),
				why);
	}
	return err;
}

static enum err
read_map(struct reading *r, const struct value *map, struct fault *why)
{
	const struct value *extends = value_get(map, "extends");
	const struct value *assumes = value_get(map, "assumes");
	const struct value *name = value_get(map, "name");
	const struct value *roles = value_get(map, "roles");
	enum err err = check_keys(r, map, why);

	if (!err && extends)
		err = pass_over(r, read_base(r, extends, why), why);
	if (!err && name)
		err = pass_over(r, read_name(r, name, why), why);
	if (!err && assumes)
		err = pass_over(r, read_ground(r, assumes, why), why);
	if (!err && roles)
		err = pass_over(r, read_roles(r, roles, why), why);
	return err;
}

/* yaml_parse names the file itself; what we find in its tree is named here. */
static enum err
read_tree(struct reading *r, const struct value *map, struct fault *why)
{
	return name_file(r, read_map(r, map, why), why);
}

static enum err
read_theme(struct reading *r, const char *text, size_t n, struct fault *why)
{
	const struct value *map;
	enum err err = yaml_parse(r->ctx, r->file, text, n, &map, why);

	return err ? err : read_tree(r, map, why);
}

static bool
is_path(const char *name)
{
	const char *dot = strrchr(name, '.');

	return strchr(name, '/') || (dot && strcmp(dot, ".yaml") == 0);
}

static enum err
find_theme(struct reading *r, const char *name, struct fault *why)
{
	const struct value *map;
	const char *near;
	enum err err;

	r->file = name;
	if (is_path(name)) {
		err = yaml_read_file(r->ctx, name, &map, why);
		return err ? err : read_tree(r, map, why);
	}
	for (size_t i = 0; i < SHIPPED; i++)
		if (strcmp(name, shipped[i].name) == 0)
			return read_theme(
				r, shipped[i].text, strlen(shipped[i].text), why);
	near = nearest_word(name, theme_names(NULL), SHIPPED);
	return fault(why, ERR_NOT_FOUND, "there is no theme \"%s\"%s%s", name,
		near ? "; did you mean " : "", near ? near : "");
}

/* What a theme that says nothing looks like. */
static struct theme *
plain_theme(const void *ctx)
{
	struct theme *theme = mem_new(ctx, struct theme);

	for (unsigned i = 0; i < ROLE_COUNT; i++)
		theme->role[i] = (struct style){
			.fg = COLOUR_NONE,
			.bg = COLOUR_NONE,
			.symbol = { role_symbol((enum role)i) },
			.word = { role_word((enum role)i) },
		};
	return theme;
}

static struct reading
start_reading(const void *ctx, const char *file)
{
	struct theme *theme = plain_theme(ctx);

	theme->name = mem_text(theme, file);
	return (struct reading){
		.ctx = theme,
		.file = file,
		.ground = COLOUR_DEFAULT,
		.theme = theme,
	};
}

static enum err
finish_reading(struct reading *r, enum err err, const struct theme **out)
{
	if (err)
		mem_free(r->theme);
	else
		*out = r->theme;
	return err;
}

enum err
theme_load(const void *ctx, const char *name, const struct theme **out, struct fault *why)
{
	struct reading r = start_reading(ctx, name);

	return finish_reading(&r, find_theme(&r, name, why), out);
}

enum err
theme_check(const char *name, theme_tell_fn tell, void *arg, struct fault *why)
{
	struct reading r = start_reading(NULL, name);
	enum err err;

	r.tell = tell;
	r.arg = arg;
	err = find_theme(&r, name, why);
	mem_free(r.theme);
	return err;
}

enum err
theme_parse(const void *ctx, const char *file, const char *text, size_t n,
	const struct theme **out, struct fault *why)
{
	struct reading r = start_reading(ctx, file);

	return finish_reading(&r, read_theme(&r, text, n, why), out);
}

const char *const *
theme_names(size_t *count)
{
	static const char *names[SHIPPED];

	for (size_t i = 0; i < SHIPPED; i++)
		names[i] = shipped[i].name;
	if (count)
		*count = SHIPPED;
	return names;
}

struct safe_text
theme_symbol(const struct theme *theme, enum role role)
{
	return theme ? theme->role[role].symbol : (struct safe_text){ role_symbol(role) };
}

struct safe_text
theme_word(const struct theme *theme, enum role role)
{
	return theme ? theme->role[role].word : (struct safe_text){ role_word(role) };
}
