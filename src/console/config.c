#include "oneclick/console/config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/record.h"
#include "oneclick/data/yaml.h"

enum { CONTEXTS_MAX = 256, WARNINGS_MAX = 50 };

#define ROWS(rows) (rows), sizeof(rows) / sizeof *(rows)

/* The file as a whole; contexts and keys are looked into later. */
struct top {
	const char *context, *theme;
	int read_only;
	const struct value *contexts, *keys;
};
#define AT(member) offsetof(struct top, member)
static const struct field top_rows[] = {
	{ .name = "context", .kind = FIELD_TEXT, .at = AT(context), .min = 1, .max = 64 },
	{ .name = "theme", .kind = FIELD_TEXT, .at = AT(theme), .min = 1, .max = 1024 },
	{ .name = "read_only", .kind = FIELD_FLAG, .at = AT(read_only) },
	{ .name = "contexts", .kind = FIELD_TREE, .at = AT(contexts) },
	{ .name = "keys", .kind = FIELD_TREE, .at = AT(keys) },
};
#undef AT

#define AT(member) offsetof(struct config_context, member)
static const struct field context_rows[] = {
	{ .name = "endpoint",
		.kind = FIELD_TEXT,
		.at = AT(endpoint),
		.min = 1,
		.max = 512 },
	{ .name = "region", .kind = FIELD_TEXT, .at = AT(region), .min = 1, .max = 63 },
	{ .name = "profile",
		.kind = FIELD_TEXT,
		.at = AT(profile),
		.min = 1,
		.max = 128 },
	{ .name = "account",
		.kind = FIELD_TEXT,
		.at = AT(account),
		.min = 12,
		.max = 12 },
	{ .name = "theme", .kind = FIELD_TEXT, .at = AT(theme), .min = 1, .max = 1024 },
	{ .name = "ca_file",
		.kind = FIELD_TEXT,
		.at = AT(ca_file),
		.min = 1,
		.max = 1024 },
	{ .name = "read_only", .kind = FIELD_FLAG, .at = AT(read_only) },
	{ .name = "plain", .kind = FIELD_FLAG, .at = AT(plain) },
};
#undef AT

struct reading {
	struct config *config;
	const char *file; /* its name as sentences have it */
	struct config_context *contexts;
	const char **warnings;
};

static void __attribute__((format(printf, 3, 4)))
warn(struct reading *at, const struct value *where, const char *format, ...)
{
	struct config *config = at->config;
	va_list args;
	char *text;

	if (config->warning_count == WARNINGS_MAX)
		return;
	va_start(args, format);
	text = mem_vformat(config, format, args);
	va_end(args);
	text = mem_format(
		config, "%s:%d:%d: %s", at->file, where->line, where->column, text);
	at->warnings[config->warning_count++] = text_safe_z(config, text).text;
}

static const struct field *
find_row(const struct field *rows, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(rows[i].name, name))
			return &rows[i];
	return NULL;
}

static void
warn_unknown(struct reading *at, const struct value *where, const char *key,
	const struct field *rows, size_t count)
{
	const char *names[16], *near;

	for (size_t i = 0; i < count; i++)
		names[i] = rows[i].name;
	near = nearest_word(key, names, count);
	if (near)
		warn(at, where, "Nobody knows the key \"%s\"; did you mean \"%s\"?", key,
			near);
	else
		warn(at, where, "Nobody knows the key \"%s\"; it is passed over.", key);
}

/* The sentence does without the place, which goes before it. */
static bool
read_member(struct reading *at, const struct field *row, const struct value *item,
	void *record, struct fault *why)
{
	struct value bare = *item;

	if (row->kind == FIELD_TREE && item->kind == VALUE_MAP)
		return !field_read(at->config, row, item, record, why);
	bare.line = 0;
	return !field_read(at->config, row, &bare, record, why);
}

/* Each member by its row; what is wrong is told and left at its default. */
static void
read_map(struct reading *at, const struct value *map, const struct field *rows,
	size_t count, void *record)
{
	struct fault why;

	for (size_t i = 0; i < count; i++)
		field_clear(&rows[i], record);
	for (size_t i = 0; map->kind == VALUE_MAP && i < map->count; i++) {
		const struct field *row = find_row(rows, count, map->key[i]);
		const struct value *item = &map->item[i];

		if (!row) {
			warn_unknown(at, item, map->key[i], rows, count);
		} else if (!read_member(at, row, item, record, &why)) {
			warn(at, item, "%s", why.sentence);
			field_clear(row, record);
		}
	}
}

static void
read_context(struct reading *at, const char *name, const struct value *map)
{
	struct config_context *context = &at->contexts[at->config->count];

	if (map->kind != VALUE_MAP) {
		warn(at, map, "Context \"%s\" must be a map with an endpoint; it is %s.",
			name, value_kind_name(map->kind));
		return;
	}
	read_map(at, map, ROWS(context_rows), context);
	context->name = text_safe_z(at->config, name).text;
	context->where =
		mem_format(at->config, "%s:%d:%d", at->file, map->line, map->column);
	at->config->count++;
}

static void
read_contexts(struct reading *at, const struct value *map)
{
	size_t count = map ? map->count : 0;

	if (count > CONTEXTS_MAX) {
		warn(at, map, "There are %zu contexts; the first %d are taken.", count,
			CONTEXTS_MAX);
		count = CONTEXTS_MAX;
	}
	at->contexts = mem_array(at->config, struct config_context, count);
	at->config->contexts = at->contexts;
	for (size_t i = 0; i < count; i++)
		read_context(at, map->key[i], &map->item[i]);
}

static void
check_default(struct reading *at, const struct value *tree)
{
	struct config *config = at->config;
	const char *names[CONTEXTS_MAX], *near;

	if (!config->context || !strcmp(config->context, "local") ||
		config_find(config, config->context))
		return;
	for (size_t i = 0; i < config->count; i++)
		names[i] = config->contexts[i].name;
	near = nearest_word(config->context, names, config->count);
	warn(at, value_get(tree, "context"),
		"There is no context \"%s\" below contexts%s%s%s.", config->context,
		near ? "; did you mean \"" : "", near ? near : "", near ? "\"" : "");
}

static void
read_tree(struct reading *at, const struct value *tree)
{
	struct config *config = at->config;
	struct top top;

	if (tree->kind != VALUE_MAP)
		warn(at, tree, "The file must be a map; it is %s.",
			value_kind_name(tree->kind));
	read_map(at, tree, ROWS(top_rows), &top);
	config->tree = tree;
	config->context = top.context;
	config->theme = top.theme;
	config->read_only = top.read_only;
	config->keys = top.keys;
	read_contexts(at, top.contexts);
	check_default(at, tree);
}

const char *
config_name(const struct config *config)
{
	const char *slash = strrchr(config->path, '/');

	return slash ? slash + 1 : config->path;
}

enum err
config_load(
	const void *ctx, const char *path, const struct config **out, struct fault *why)
{
	struct config *config = mem_new(ctx, struct config);
	struct reading at = { .config = config };
	const struct value *tree;
	char *home = config_home(config, "XDG_CONFIG_HOME", ".config");
	bool named = path != NULL;
	enum err err;

	if (!path)
		path = home ? mem_format(config, "%s/config.yaml", home) : "";
	config->path = mem_text(config, path);
	config->read_only = -1;
	*out = config;
	at.file = config_name(config);
	at.warnings = mem_array(config, const char *, WARNINGS_MAX);
	config->warnings = at.warnings;
	if (!*path)
		return ERR_NONE;
	err = yaml_read_file(config, path, &tree, why);
	if (err == ERR_NOT_FOUND && !named)
		return ERR_NONE;
	if (!err)
		read_tree(&at, tree);
	return err;
}

const struct config_context *
config_find(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->count; i++)
		if (!strcmp(config->contexts[i].name, name))
			return &config->contexts[i];
	return NULL;
}

/* Relative values are ignored, as the XDG rules want it. */
char *
config_home(const void *ctx, const char *variable, const char *otherwise)
{
	const char *dir = getenv(variable), *home = getenv("HOME");

	if (dir && dir[0] == '/')
		return mem_format(ctx, "%s/oneclick", dir);
	if (home && home[0] == '/')
		return mem_format(ctx, "%s/%s/oneclick", home, otherwise);
	return NULL;
}
