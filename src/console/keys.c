#include "oneclick/console/keys.h"

#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/record.h"

enum { LAYER_DEFAULT, LAYER_PRESET, LAYER_USER };

static const char *context_name[PANE_COUNT];

static enum pane_id
find_pane(const char *name, size_t len)
{
	for (enum pane_id pane = 0; pane < PANE_COUNT; pane++)
		if (strlen(pane_name(pane)) == len &&
			strncmp(pane_name(pane), name, len) == 0)
			return pane;
	return PANE_COUNT;
}

static enum err
bind(struct keymap *map, enum pane_id pane, const struct action *action, const char *key,
	int layer, const char *where, struct fault *why)
{
	struct binding binding = { .context = (int)pane,
		.action = (int)action->id,
		.layer = layer,
		.where = where };
	enum err err = chord_parse(key, &binding.chord, why);

	if (!err && action_is_write(action) && chord_is_mouse(&binding.chord))
		return fault(why, ERR_INVALID,
			"%s: %s cannot be on the mouse: `%s` changes something, and a "
			"mouse turns by itself too easily",
			where, key, action->words);
	return err ? fault_at(why, err, "%s", where) : keymap_bind(map, &binding, why);
}

/* One word of a row's keys: "D", or "projects:a" for one pane alone.  The table is ours;
 * a mistake in it is a bug, which the tests of the table find. */
static void
bind_default(
	struct keymap *map, const struct action *action, const char *word, size_t len)
{
	const char *colon = len > 1 ? memchr(word, ':', len) : NULL;
	enum pane_id only = PANE_COUNT;
	char key[CHORD_NAME_MAX];

	if (colon && colon > word) {
		only = find_pane(word, (size_t)(colon - word));
		len -= (size_t)(colon + 1 - word);
		word = colon + 1;
	}
	snprintf(key, sizeof(key), "%.*s", (int)len, word);
	for (enum pane_id pane = 0; pane < PANE_COUNT; pane++)
		if ((action->contexts >> pane & 1) &&
			(only == PANE_COUNT || only == pane))
			bind(map, pane, action, key, LAYER_DEFAULT, "actions.def", NULL);
}

static void
bind_defaults(struct keymap *map)
{
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_row((enum action_id)id);

		for (const char *at = action->keys; *at; at += strspn(at, " ")) {
			size_t len = strcspn(at, " ");

			bind_default(map, action, at, len);
			at += len;
		}
	}
}

static enum err
find_command(const char *command, const char *where, const struct action **out,
	struct fault *why)
{
	const char *word[8];
	char copy[64];
	size_t count = 0, used = 0;

	snprintf(copy, sizeof(copy), "%s", command);
	for (char *save, *at = strtok_r(copy, " ", &save); at && count < 8;
		at = strtok_r(NULL, " ", &save))
		word[count++] = at;
	*out = action_find(word, count, ACTION_ON_SCREEN, &used);
	if (*out && used == count)
		return ERR_NONE;
	return fault(why, ERR_INVALID, "%s: there is no command \"%s\"%s%s", where,
		command,
		action_nearest(command, ACTION_ON_SCREEN) ? "; did you mean " : "",
		action_nearest(command, ACTION_ON_SCREEN)
			? action_nearest(command, ACTION_ON_SCREEN)
			: "");
}

struct reader {
	struct keymap *map;
	enum pane_id pane;
	keys_warn_fn warn;
	void *arg;
};

static void
bind_user_key(const struct reader *reader, const struct action *action,
	const struct value *key, const char *where)
{
	struct fault why;
	enum err err;

	if (key->kind != VALUE_TEXT && key->kind != VALUE_INT)
		err = fault(&why, ERR_INVALID, "%s: a key is a text such as \"Ctrl-u\"",
			where);
	else if (key->kind == VALUE_INT)
		err = fault(&why, ERR_INVALID, "%s: write the digit in quotes", where);
	else
		err = bind(reader->map, reader->pane, action, key->text, LAYER_USER,
			where, &why);
	if (err)
		reader->warn(reader->arg, &why);
}

static void
bind_user_command(
	const struct reader *reader, const char *command, const struct value *keys)
{
	const struct action *action;
	struct fault why;
	char where[64];

	snprintf(where, sizeof(where), "config.yaml:%d:%d", keys->line, keys->column);
	if (find_command(command, where, &action, &why)) {
		reader->warn(reader->arg, &why);
		return;
	}
	keymap_unbind(reader->map, (int)reader->pane, (int)action->id, LAYER_USER);
	if (keys->kind != VALUE_LIST)
		bind_user_key(reader, action, keys, where);
	for (size_t i = 0; keys->kind == VALUE_LIST && i < keys->count; i++)
		bind_user_key(reader, action, &keys->item[i], where);
}

static void
bind_user_pane(struct reader *reader, const char *name, const struct value *commands)
{
	struct fault why;

	reader->pane = find_pane(name, strlen(name));
	if (reader->pane == PANE_COUNT || commands->kind != VALUE_MAP) {
		const char *near = nearest_word(name, context_name, PANE_COUNT);

		fault(&why, ERR_INVALID, "config.yaml:%d:%d: keys.%s is no pane%s%s",
			commands->line, commands->column, name,
			near ? "; did you mean " : "", near ? near : "");
		reader->warn(reader->arg, &why);
		return;
	}
	for (size_t i = 0; i < commands->count; i++)
		bind_user_command(reader, commands->key[i], &commands->item[i]);
}

struct keymap *
keys_new(const void *ctx, const struct value *user, keys_warn_fn warn, void *arg)
{
	struct reader reader = { .warn = warn, .arg = arg };

	for (enum pane_id pane = 0; pane < PANE_COUNT; pane++)
		context_name[pane] = pane_name(pane);
	reader.map = keymap_new(ctx, context_name);
	bind_defaults(reader.map);
	for (size_t i = 0; user && user->kind == VALUE_MAP && i < user->count; i++)
		bind_user_pane(&reader, user->key[i], &user->item[i]);
	return reader.map;
}

const char *
keys_name(const struct keymap *map, enum pane_id pane, enum action_id action,
	char out[CHORD_NAME_MAX])
{
	const struct binding *binding = keymap_key_of(map, (int)pane, (int)action, 0);

	*out = '\0';
	if (binding)
		chord_name(&binding->chord, out);
	return out;
}
