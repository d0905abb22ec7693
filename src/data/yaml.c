#include "oneclick/data/yaml.h"

#include <stdarg.h>
#include <string.h>

#include <yaml.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/keys.h"
#include "yaml_parts.h"
#include "yaml_scalar.h"

enum {
	DEPTH_MAX = 32,
	NODES_MAX = 100 * 1000,
	ANCHORS_MAX = 256, /* they are searched one by one */
	SHOWN_MAX = 60,    /* bytes of foreign text in a sentence */
};

/* A node that an alias may name.  The alias shares the node's items; what it costs is
 * counted as if it had been written out, so that no reader of the tree pays more. */
struct anchor {
	const char *name;
	struct value value;
	size_t nodes; /* in the node and below it */
	int height;   /* levels in the node */
	bool open;    /* still being read */
};

struct reader {
	yaml_parser_t parser;
	yaml_event_t event; /* the current one */
	const void *life;
	const char *name;
	bool keeps_tags; /* local ones, as maps of one member */
	struct texts *said; /* faults after which reading went on; NULL: it ends with any */
	struct fault *why;
	struct anchor anchor[ANCHORS_MAX];
	size_t anchors;
	size_t nodes;
};

/* What a node turned out to cost. */
struct cost {
	size_t nodes;
	int height;
};

static enum err refuse(struct reader *r, yaml_mark_t at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static enum err read_node(
	struct reader *r, int depth, struct value *out, struct cost *cost);

static enum err
refuse(struct reader *r, yaml_mark_t at, const char *format, ...)
{
	va_list args;
	char *what;

	va_start(args, format);
	what = mem_vformat(r->life, format, args);
	va_end(args);
	return fault(r->why, ERR_INVALID, "%s:%zu:%zu: %s", r->name, at.line + 1,
		at.column + 1, text_safe_z(r->life, what).text);
}

/* A fault of one value is said, and reading goes on, when there is who hears it. */
static enum err
pass(struct reader *r, enum err err)
{
	struct texts *said = r->said;

	if (!err || !said)
		return err;
	said->item = mem_resize(r->life, said->item, const char *, said->count + 1);
	said->item[said->count++] = mem_text(r->life, r->why->sentence);
	return ERR_NONE;
}

static enum err
next_event(struct reader *r)
{
	yaml_parser_t *p = &r->parser;

	yaml_event_delete(&r->event);
	if (yaml_parser_parse(p, &r->event))
		return ERR_NONE;
	if (p->error == YAML_MEMORY_ERROR)
		mem_abort("out of memory");
	if (p->error == YAML_READER_ERROR)
		return fault(r->why, ERR_INVALID, "%s: byte %zu: %s", r->name,
			p->problem_offset, p->problem);
	return refuse(r, p->problem_mark, "%s", p->problem);
}

static enum err
count_node(struct reader *r, size_t nodes, yaml_mark_t at)
{
	r->nodes += nodes;
	if (r->nodes > NODES_MAX)
		return refuse(r, at, "more than %d values; make it smaller", NODES_MAX);
	return ERR_NONE;
}

static struct anchor *
find_anchor(struct reader *r, const yaml_char_t *name)
{
	for (size_t i = r->anchors; i-- > 0;)
		if (strcmp(r->anchor[i].name, (const char *)name) == 0)
			return &r->anchor[i];
	return NULL;
}

/* *out gets a row for the current event's anchor, or NULL if it has none. */
static enum err
open_anchor(struct reader *r, const yaml_char_t *name, struct anchor **out)
{
	*out = NULL;
	if (!name)
		return ERR_NONE;
	if (r->anchors == ANCHORS_MAX)
		return refuse(
			r, r->event.start_mark, "more than %d anchors", (int)ANCHORS_MAX);
	*out = &r->anchor[r->anchors++];
	**out = (struct anchor){ .name = mem_text(r->life, (const char *)name),
		.open = true };
	return ERR_NONE;
}

static void
close_anchor(struct anchor *anchor, const struct value *value, const struct cost *cost)
{
	if (!anchor)
		return;
	anchor->value = *value;
	anchor->nodes = cost->nodes;
	anchor->height = cost->height;
	anchor->open = false;
}

static enum err
read_alias(struct reader *r, int depth, struct value *out, struct cost *cost)
{
	yaml_mark_t at = r->event.start_mark;
	const char *name = (const char *)r->event.data.alias.anchor;
	struct anchor *anchor = find_anchor(r, r->event.data.alias.anchor);
	int line = out->line, column = out->column;

	if (!anchor)
		return refuse(r, at, "the alias *%.*s has no anchor before it", SHOWN_MAX,
			name);
	if (anchor->open)
		return refuse(r, at, "the alias *%.*s stands inside its own anchor",
			SHOWN_MAX, name);
	if (depth + anchor->height > DEPTH_MAX)
		return refuse(r, at, "nested deeper than %d levels", DEPTH_MAX);
	*out = anchor->value;
	out->line = line;
	out->column = column;
	*cost = (struct cost){ .nodes = anchor->nodes, .height = anchor->height };
	return count_node(r, anchor->nodes - 1, at);
}

static bool
is_tag(const yaml_char_t *tag, const char *name)
{
	return strcmp((const char *)tag, name) == 0;
}

static enum err
refuse_tag(struct reader *r, const yaml_char_t *tag)
{
	if (r->keeps_tags && tag[0] == '!' && tag[1] != '\0')
		return ERR_NONE;
	return refuse(r, r->event.start_mark, "the tag %.*s is not taken; leave it out",
		SHOWN_MAX, (const char *)tag);
}

static enum err
fill_scalar(struct reader *r, struct value *out)
{
	const char *text = (const char *)r->event.data.scalar.value;
	size_t n = r->event.data.scalar.length;
	const yaml_char_t *tag = r->event.data.scalar.tag;
	struct value read = { .kind = VALUE_TEXT };

	if (tag && !is_tag(tag, "!") && !is_tag(tag, YAML_STR_TAG) && refuse_tag(r, tag))
		return pass(r, ERR_INVALID);
	if (memchr(text, '\0', n))
		return pass(r, refuse(r, r->event.start_mark, "no text may hold a NUL"));
	if (tag || r->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		read.text = mem_textn(r->life, text, n);
	else if (!yaml_scalar(r->life, text, n, &read))
		return pass(r,
			refuse(r, r->event.start_mark,
				"the number %.*s does not fit into 64 bits; a text needs "
				"quotes",
				SHOWN_MAX, text));
	read.line = out->line;
	read.column = out->column;
	if (read.kind != VALUE_TEXT)
		read.written = mem_textn(r->life, text, n);
	*out = read;
	return ERR_NONE;
}

static enum err
read_scalar(struct reader *r, struct value *out)
{
	struct anchor *anchor;
	enum err err = open_anchor(r, r->event.data.scalar.anchor, &anchor);

	if (!err)
		err = fill_scalar(r, out);
	if (!err)
		close_anchor(anchor, out, &(struct cost){ .nodes = 1 });
	return err;
}

/* Room for one more item in a list or map that is being read. */
static void
grow(struct reader *r, struct value *out)
{
	size_t room = out->count ? out->count * 2 : 4;

	if (out->count & (out->count - 1) || (out->count && out->count < 4))
		return;
	out->item = mem_resize(r->life, out->item, struct value, room);
	if (out->kind == VALUE_MAP)
		out->key = mem_resize(r->life, out->key, const char *, room);
}

static struct value *
add_item(struct reader *r, struct value *out, const char *key, yaml_mark_t at)
{
	struct value *item;

	grow(r, out);
	if (out->kind == VALUE_MAP)
		out->key[out->count] = key;
	item = &out->item[out->count++];
	*item = (struct value){ .line = (int)at.line + 1, .column = (int)at.column + 1 };
	return item;
}

/* The key at the current event, which moves on to its value. */
static enum err
read_key(struct reader *r, const char **key)
{
	const yaml_event_t *event = &r->event;
	enum err err = count_node(r, 1, event->start_mark);

	if (err)
		return err;
	if (event->type != YAML_SCALAR_EVENT)
		return refuse(r, event->start_mark, "a key must be a plain text");
	if (event->data.scalar.anchor)
		return refuse(r, event->start_mark, "a key takes no anchor");
	if (memchr(event->data.scalar.value, '\0', event->data.scalar.length))
		return refuse(r, event->start_mark, "no text may hold a NUL");
	*key = mem_textn(r->life, (const char *)event->data.scalar.value,
		event->data.scalar.length);
	return next_event(r);
}

static void
drop_member(struct value *map, size_t at)
{
	size_t behind = --map->count - at;

	memmove(map->key + at, map->key + at + 1, behind * sizeof *map->key);
	memmove(map->item + at, map->item + at + 1, behind * sizeof *map->item);
}

/* When reading goes on, the first of two counts. */
static enum err
refuse_repeats(struct reader *r, struct value *map)
{
	while (map->count > 1) {
		size_t twice = keys_repeat((const char *const *)map->key, map->count);
		yaml_mark_t at = { 0 };
		enum err err;

		if (twice == map->count)
			break;
		at.line = (size_t)map->item[twice].line - 1;
		at.column = (size_t)map->item[twice].column - 1;
		err = pass(r, refuse(r, at, "the key \"%.*s\" stands twice", SHOWN_MAX,
				      map->key[twice]));
		if (err)
			return err;
		drop_member(map, twice);
	}
	return ERR_NONE;
}

static bool
is_bare(const yaml_event_t *event)
{
	return event->type == YAML_SCALAR_EVENT &&
	       event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* The items up to `end`, which is taken too. */
static enum err
read_items(struct reader *r, int depth, yaml_event_type_t end, struct value *out,
	struct cost *cost)
{
	for (enum err err = next_event(r);; err = next_event(r)) {
		yaml_mark_t at = r->event.start_mark;
		struct cost below = { 0 };
		const char *key = NULL;
		struct value *item;
		bool bare;

		if (err || r->event.type == end)
			return err;
		bare = out->kind == VALUE_MAP && is_bare(&r->event);
		if (out->kind == VALUE_MAP)
			err = read_key(r, &key);
		if (err)
			return err;
		item = add_item(r, out, key, at);
		err = read_node(r, depth, item, &below);
		if (err)
			return err;
		item->bare_key = bare;
		cost->nodes += below.nodes + (key ? 1 : 0);
		if (below.height + 1 > cost->height)
			cost->height = below.height + 1;
	}
}

static enum err
read_collection(struct reader *r, int depth, struct value *out, struct cost *cost)
{
	bool is_map = r->event.type == YAML_MAPPING_START_EVENT;
	const yaml_char_t *tag = is_map ? r->event.data.mapping_start.tag
					: r->event.data.sequence_start.tag;
	const yaml_char_t *name = is_map ? r->event.data.mapping_start.anchor
					 : r->event.data.sequence_start.anchor;
	struct anchor *anchor;
	enum err err;

	if (depth == DEPTH_MAX)
		return refuse(r, r->event.start_mark, "nested deeper than %d levels",
			DEPTH_MAX);
	if (tag && refuse_tag(r, tag) && pass(r, ERR_INVALID))
		return ERR_INVALID;
	err = open_anchor(r, name, &anchor);
	if (err)
		return err;
	out->kind = is_map ? VALUE_MAP : VALUE_LIST;
	cost->height = 1;
	err = read_items(r, depth + 1,
		is_map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT, out, cost);
	if (!err && is_map)
		err = refuse_repeats(r, out);
	if (!err)
		close_anchor(anchor, out, cost);
	return err;
}

static void
find_tag(const yaml_event_t *event, const yaml_char_t **tag, const yaml_char_t **anchor)
{
	*tag = *anchor = NULL;
	if (event->type == YAML_SCALAR_EVENT) {
		*tag = event->data.scalar.tag;
		*anchor = event->data.scalar.anchor;
	} else if (event->type == YAML_MAPPING_START_EVENT) {
		*tag = event->data.mapping_start.tag;
		*anchor = event->data.mapping_start.anchor;
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		*tag = event->data.sequence_start.tag;
		*anchor = event->data.sequence_start.anchor;
	}
}

/* The name of a local tag that is to be kept, in *out, or NULL. */
static enum err
keep_tag(struct reader *r, char **out)
{
	const yaml_char_t *tag, *anchor;

	*out = NULL;
	find_tag(&r->event, &tag, &anchor);
	if (!r->keeps_tags || !tag || tag[0] != '!' || tag[1] == '\0')
		return ERR_NONE;
	if (anchor)
		return refuse(r, r->event.start_mark, "what has a tag takes no anchor");
	*out = mem_text(r->life, (const char *)tag);
	return ERR_NONE;
}

/* "!Ref X" is the map {"!Ref": X}. */
static void
wrap(struct reader *r, char *tag, struct value *out, struct cost *cost)
{
	struct value *inner = mem_new(r->life, struct value);

	*inner = *out;
	*out = (struct value){
		.kind = VALUE_MAP,
		.line = inner->line,
		.column = inner->column,
		.item = inner,
		.key = mem_array(r->life, const char *, 1),
		.count = 1,
	};
	out->key[0] = tag;
	cost->nodes++;
	cost->height++;
}

/* The node that the current event begins, `depth` levels down; its last event stays
 * current.  out's line and column are set already. */
static enum err
read_node(struct reader *r, int depth, struct value *out, struct cost *cost)
{
	enum err err = count_node(r, 1, r->event.start_mark);
	char *tag;

	*cost = (struct cost){ .nodes = 1 };
	if (err)
		return err;
	if (r->event.type == YAML_ALIAS_EVENT)
		return read_alias(r, depth, out, cost);
	err = keep_tag(r, &tag);
	if (err)
		return err;
	if (r->event.type == YAML_SCALAR_EVENT)
		err = read_scalar(r, out);
	else
		err = read_collection(r, depth, out, cost);
	if (!err && tag)
		wrap(r, tag, out, cost);
	return err;
}

/* The stream: one document, or none. */
static enum err
read_stream(struct reader *r, struct value *out)
{
	struct cost cost;
	enum err err = next_event(r); /* the stream's start */

	if (!err)
		err = next_event(r); /* the document's */
	if (err || r->event.type == YAML_STREAM_END_EVENT)
		return err;
	err = next_event(r);
	if (err)
		return err;
	out->line = (int)r->event.start_mark.line + 1;
	out->column = (int)r->event.start_mark.column + 1;
	err = read_node(r, 0, out, &cost);
	if (!err)
		err = next_event(r); /* the document's end */
	if (!err)
		err = next_event(r);
	if (!err && r->event.type != YAML_STREAM_END_EVENT)
		return refuse(
			r, r->event.start_mark, "a second document begins; one is taken");
	if (!err && out->kind == VALUE_NULL)
		out->kind = VALUE_MAP;
	return err;
}

/* Runs the reader over the text; the parser lives no longer than this. */
static enum err
read_text(struct reader *r, const char *text, size_t n, struct value *root)
{
	enum err err;

	if (n > YAML_SIZE_MAX)
		return fault(r->why, ERR_INVALID, "%s: longer than %d KiB", r->name,
			YAML_SIZE_MAX / 1024);
	if (!yaml_parser_initialize(&r->parser))
		mem_abort("out of memory");
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser, (const unsigned char *)text, n);
	err = read_stream(r, root);
	yaml_event_delete(&r->event);
	yaml_parser_delete(&r->parser);
	return err;
}

static enum err
parse(const void *ctx, const char *name, const char *text, size_t n, bool keeps_tags,
	struct texts *said, const struct value **out, struct fault *why)
{
	void *life = mem_life(ctx);
	struct reader *r = mem_new(life, struct reader);
	struct value *root = mem_new(life, struct value);
	enum err err;

	root->kind = VALUE_MAP;
	r->life = life;
	r->name = text_safe_z(r, name).text;
	r->why = why;
	r->keeps_tags = keeps_tags;
	r->said = said;
	err = read_text(r, text, n, root);
	mem_free(r);
	if (err)
		mem_free(life);
	else
		*out = root;
	return err;
}

enum err
yaml_parse(const void *ctx, const char *name, const char *text, size_t n,
	const struct value **out, struct fault *why)
{
	return parse(ctx, name, text, n, false, NULL, out, why);
}

enum err
yaml_parse_tagged(const void *ctx, const char *name, const char *text, size_t n,
	const struct value **out, struct fault *why)
{
	return parse(ctx, name, text, n, true, NULL, out, why);
}

enum err
yaml_parse_on(const void *ctx, const char *name, const char *text, size_t n,
	struct texts *said, const struct value **out, struct fault *why)
{
	return parse(ctx, name, text, n, false, said, out, why);
}
