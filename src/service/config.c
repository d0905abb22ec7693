#include "oneclick/service/config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "head_targets.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/record.h"
#include "oneclick/data/yaml.h"
#include "oneclick/service/destinations.h"
#include "oneclick/service/intake.h"
#include "options.h"

enum { FILES_MAX = 64, KEYS_MAX = 256 };

/* The sections: each room's own part of the file. */
static const struct section {
	const char *name;
	config_section_fn check;
} sections[] = {
	{ "profiles", intake_check },
	{ "destinations", destinations_check },
	{ "callbacks", callbacks_check },
	{ "audit-head", head_targets_check },
	{ NULL, NULL },
};

/* ---- what is wrong ---- */

static void
tell(struct config_check *check, const char *sentence)
{
	check->problems++;
	check->tell(check->arg, sentence);
}

void
config_problem(struct config_check *check, const struct fault *why)
{
	const char *sentence = why->sentence;
	int line, column, length = 0;
	char *text;

	sscanf(sentence, "line %d, column %d: %n", &line, &column, &length);
	if (length == 0) {
		line = check->line;
		column = check->column;
	}
	text = check->file ? mem_format(NULL, "%s:%d:%d: %s", check->file, line, column,
				     sentence + length)
			   : mem_text(NULL, sentence);
	tell(check, text);
	mem_free(text);
}

/* ---- the files ---- */

struct reading {
	const void *ctx;
	struct config_check *check;
	struct value *tree;
	const char **file; /* of each key */
};

/* Who can write the configuration can make the service run programs. */
static enum err
check_owner(const char *path, struct fault *why)
{
	struct stat stat_of;

	if (stat(path, &stat_of) != 0)
		return ERR_NONE; /* reading it will say why */
	if (stat_of.st_uid != 0 && stat_of.st_uid != geteuid())
		return fault(why, ERR_INVALID,
			"%s: belongs to another user; it must be root's or our own.",
			path);
	if (stat_of.st_mode & (S_IWGRP | S_IWOTH))
		return fault(why, ERR_INVALID,
			"%s: others may write to it; say chmod go-w.", path);
	return ERR_NONE;
}

static size_t
find_key(const struct value *map, const char *key)
{
	size_t i = 0;

	while (i < map->count && strcmp(map->key[i], key) != 0)
		i++;
	return i;
}

static void
add_key(struct reading *at, const char *path, const char *key, const struct value *item)
{
	struct value *tree = at->tree;
	size_t i = find_key(tree, key);
	struct fault why;

	at->check->line = item->line;
	at->check->column = item->column;
	if (i == KEYS_MAX)
		fault(&why, ERR_INVALID, "More than %d keys.", KEYS_MAX);
	else if (i < tree->count)
		fault(&why, ERR_INVALID,
			"\"%s\" stands in %s:%d:%d too; keep it in one file.",
			text_safe_z(at->ctx, key).text, at->file[i], tree->item[i].line,
			tree->item[i].column);
	if (i < tree->count || i == KEYS_MAX) {
		config_problem(at->check, &why);
		return;
	}
	tree->key[i] = key;
	tree->item[i] = *item;
	at->file[i] = path;
	tree->count++;
}

static void
hear(void *check, const char *sentence)
{
	tell(check, sentence);
}

static void
read_file(struct reading *at, const char *path)
{
	const struct value *map;
	struct fault why;

	at->check->file = path;
	if (check_owner(path, &why))
		tell(at->check, why.sentence);
	if (yaml_read_each(at->ctx, path, hear, at->check, &map, &why)) {
		tell(at->check, why.sentence);
		return;
	}
	if (map->kind != VALUE_MAP) {
		at->check->line = map->line;
		at->check->column = map->column;
		fault(&why, ERR_INVALID, "A map is needed here, not %s.",
			value_kind_name(map->kind));
		config_problem(at->check, &why);
		return;
	}
	for (size_t i = 0; i < map->count; i++)
		add_key(at, path, map->key[i], &map->item[i]);
}

static int
is_part(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 5 && entry->d_name[0] != '.' &&
	       strcmp(entry->d_name + n - 5, ".yaml") == 0;
}

static int
compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* No directory, no parts; one that cannot be read is told of. */
static void
read_parts(struct reading *at, const char *dir)
{
	struct dirent **entry = NULL;
	struct fault why;
	int n = scandir(dir, &entry, is_part, compare_names);

	at->check->file = NULL;
	if (n < 0 && errno != ENOENT)
		fault(&why, ERR_INVALID, "%s: %s", dir, strerror(errno));
	else if (n > FILES_MAX)
		fault(&why, ERR_INVALID, "%s: more than %d files.", dir, FILES_MAX);
	if ((n < 0 && errno != ENOENT) || n > FILES_MAX)
		config_problem(at->check, &why);
	for (int i = 0; i < n; i++) {
		if (n <= FILES_MAX)
			read_file(
				at, mem_format(at->ctx, "%s/%s", dir,
					    text_safe_z(at->ctx, entry[i]->d_name).text));
		free(entry[i]);
	}
	free(entry);
}

/* DIR/conf.d for DIR/FILE. */
static const char *
parts_beside(const void *ctx, const char *path)
{
	const char *slash = strrchr(path, '/');

	return mem_format(ctx, "%.*sconf.d", slash ? (int)(slash + 1 - path) : 0, path);
}

const struct config *
config_read(const void *ctx, const char *path, struct config_check *check)
{
	struct config *config = mem_new(ctx, struct config);
	struct value *tree = mem_new(config, struct value);
	struct reading at = { .ctx = config, .check = check, .tree = tree };

	tree->kind = VALUE_MAP;
	tree->key = mem_array(config, const char *, KEYS_MAX);
	tree->item = mem_array(config, struct value, KEYS_MAX);
	at.file = mem_array(config, const char *, KEYS_MAX);
	config->tree = tree;
	config->file = at.file;
	if (path) {
		read_file(&at, path);
		read_parts(&at, parts_beside(config, path));
	}
	return config;
}

/* ---- what they say ---- */

static const struct option_row *
find_row(const struct option_row *rows, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].scope != SCOPE_WORDS && strcmp(rows[i].name + 2, key) == 0)
			return &rows[i];
	return NULL;
}

static const struct section *
find_section(const char *key)
{
	for (const struct section *at = sections; at->name; at++)
		if (strcmp(at->name, key) == 0)
			return at;
	return NULL;
}

static void
refuse_key(const void *ctx, const struct option_row *rows, size_t count, const char *key,
	struct config_check *check)
{
	size_t room = count + sizeof sections / sizeof *sections, n = 0;
	const char **name = mem_array(ctx, const char *, room), *near;
	const char *shown = text_safe(ctx, key, strnlen(key, 60)).text;
	struct fault why;

	for (size_t i = 0; i < count; i++)
		if (rows[i].scope != SCOPE_WORDS)
			name[n++] = rows[i].name + 2;
	for (const struct section *at = sections; at->name; at++)
		name[n++] = at->name;
	near = nearest_word(key, name, n);
	if (near)
		fault(&why, ERR_INVALID, "\"%s\" is not known here; did you mean \"%s\"?",
			shown, near);
	else
		fault(&why, ERR_INVALID, "\"%s\" is not known here; leave it out.",
			shown);
	config_problem(check, &why);
}

void
config_apply(const void *ctx, const struct config *config, const struct option_row *rows,
	size_t count, void *out, struct config_place *place, struct config_check *check)
{
	const struct value *tree = config->tree;
	struct fault why;

	for (size_t i = 0; i < tree->count; i++) {
		const struct value *item = &tree->item[i];
		const struct option_row *row = find_row(rows, count, tree->key[i]);
		const struct section *section = find_section(tree->key[i]);

		check->file = config->file[i];
		check->line = item->line;
		check->column = item->column;
		if (section)
			section->check(ctx, item, tree, check);
		else if (!row)
			refuse_key(ctx, rows, count, tree->key[i], check);
		else if (options_read_value(ctx, row, item, out, &why))
			config_problem(check, &why);
		else
			place[row - rows] = (struct config_place){ config->file[i],
				item->line, item->column, row->name + 2 };
	}
	check->file = NULL;
}
