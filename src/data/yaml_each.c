/* Every fault of a file in one reading.  libyaml ends at the first thing that is no YAML:
 * the text is then read again member by member, so that one that is broken hides none of
 * the others. */
#include <string.h>

#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/keys.h"
#include "yaml_parts.h"

struct each {
	const void *ctx;
	const char *name;
	yaml_tell_fn tell;
	void *arg;
	struct value *tree; /* what could be read */
	bool told;
};

static void
tell_all(struct each *each, const struct texts *said)
{
	for (size_t i = 0; i < said->count; i++)
		each->tell(each->arg, said->item[i]);
	each->told = each->told || said->count > 0;
}

/* ---- member by member ---- */

/* A line that a member of the outermost map can begin with. */
static bool
begins_member(const char *line, const char *end)
{
	return line < end && !strchr(" \t\r\n#-.]}%", *line);
}

static const char *
next_line(const char *line, const char *end)
{
	const char *feed = memchr(line, '\n', (size_t)(end - line));

	return feed ? feed + 1 : end;
}

static void
add_members(struct each *each, const struct value *map)
{
	struct value *tree = each->tree;

	for (size_t i = 0; i < map->count; i++) {
		tree->key = mem_resize(
			each->ctx, tree->key, const char *, tree->count + 1);
		tree->item = mem_resize(
			each->ctx, tree->item, struct value, tree->count + 1);
		tree->key[tree->count] = map->key[i];
		tree->item[tree->count++] = map->item[i];
		if (keys_repeat((const char *const *)tree->key, tree->count) ==
			tree->count)
			continue;
		tree->count--;
		each->told = true;
		each->tell(each->arg,
			mem_format(each->ctx, "%s:%d:%d: the key \"%.60s\" stands twice",
				each->name, map->item[i].line, map->item[i].column,
				map->key[i]));
	}
}

/* The piece with as many empty lines before it as it has lines above it, so that what is
 * said of it names its own. */
static void
read_piece(struct each *each, const char *from, const char *to, size_t lines_above)
{
	const struct value *map;
	struct texts said = { 0 };
	struct fault why;
	struct buf text;

	buf_init(&text, each->ctx, BUF_NO_CAP);
	for (size_t i = 0; i < lines_above; i++)
		buf_char(&text, '\n');
	buf_add(&text, from, (size_t)(to - from));
	if (yaml_parse_on(each->ctx, each->name, text.data, text.len, &said, &map, &why)) {
		each->tell(each->arg, why.sentence);
		each->told = true;
	} else {
		tell_all(each, &said);
		if (map->kind == VALUE_MAP)
			add_members(each, map);
	}
}

static void
read_pieces(struct each *each, const char *text, const char *end)
{
	size_t lines = 0, above = 0;
	const char *from = text;

	for (const char *line = text; line < end; lines++) {
		if (begins_member(line, end) && line > from) {
			read_piece(each, from, line, above);
			from = line;
			above = lines;
		}
		line = next_line(line, end);
	}
	read_piece(each, from, end, above);
}

/* ---- the whole ---- */

/* An anchor joins members that would be read apart. */
static bool
can_be_cut(const char *text, size_t n)
{
	return n <= YAML_SIZE_MAX && !memchr(text, '&', n) && !memchr(text, '\0', n);
}

static void
read_text(struct each *each, const struct buf *text, const struct value **out)
{
	struct texts said = { 0 };
	struct fault why;

	if (!yaml_parse_on(
		    each->ctx, each->name, text->data, text->len, &said, out, &why)) {
		tell_all(each, &said);
		return;
	}
	*out = each->tree;
	if (can_be_cut(text->data, text->len))
		read_pieces(each, text->data, text->data + text->len);
	if (!each->told)
		each->tell(each->arg, why.sentence);
}

enum err
yaml_read_each(const void *ctx, const char *path, yaml_tell_fn tell, void *arg,
	const struct value **out, struct fault *why)
{
	struct each each = { .ctx = ctx, .name = path, .tell = tell, .arg = arg };
	struct buf text;
	enum err err = file_read(NULL, path, YAML_SIZE_MAX, &text, why);

	if (!err) {
		each.tree = mem_new(ctx, struct value);
		*each.tree = (struct value){ .kind = VALUE_MAP, .line = 1, .column = 1 };
		read_text(&each, &text, out);
	}
	buf_release(&text);
	return err;
}
