#include <string.h>

#include "inside.h"
#include "oneclick/base/mem.h"

enum {
	NAME_MAX_LETTERS = 64,
	PREFIX_LETTERS = 4,
	RATED_DEFAULT = 2000, /* clicks; the guide's button */
	RATED_MAX = 1000 * 1000,
};

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-_."
#define PREFIX_ALLOWED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static const char *const profile_keys[] = { "profile", "deviceType", "idPrefix",
	"register", "ratedClicks", "messages", "samples" };
enum { PROFILE_KEYS = sizeof(profile_keys) / sizeof(*profile_keys) };

/* ---- rows ---- */

static enum err
check_aliases(const struct reading *r, const struct value *list)
{
	const struct profile *profile = r->profile;
	bool filled = false;

	for (size_t i = 0; i < profile->rows; i++)
		filled = filled || profile->row[i].alias_from;
	for (size_t i = 0; i < profile->rows && !filled; i++) {
		const struct row *row = &profile->row[i];

		for (const struct pick *p = row->device_id; p; p = p->otherwise)
			if (p->alias)
				return refuse_at(r, &list->item[i], p->field,
					"alias needs a message with alias: {from, to}, "
					"which "
					"tells the names");
	}
	return ERR_NONE;
}

static enum err
read_rows(struct reading *r, const struct value *tree)
{
	const struct value *list = value_get(tree, "messages");
	struct profile *profile = r->profile;
	enum err err;

	if (!list)
		return refuse_at(r, tree, "messages", "it is missing");
	err = check_list(r, list, "messages", 1, MESSAGES_MAX);
	if (err)
		return err;
	profile->row = mem_array(r->ctx, struct row, list->count);
	for (; !err && profile->rows < list->count; profile->rows++) {
		struct row *row = &profile->row[profile->rows];

		row->field = mem_format(r->ctx, "messages[%zu]", profile->rows);
		err = row_read(r, &list->item[profile->rows], row);
	}
	return err ? err : check_aliases(r, list);
}

/* ---- the profile ---- */

static enum err
read_name(struct reading *r, const struct value *tree)
{
	struct profile *profile = r->profile;
	enum err err = read_text(r, tree, "profile", "profile", &profile->name);
	size_t n;

	if (err)
		return err;
	n = profile->name ? strlen(profile->name) : 0;
	if (n > 0 && n <= NAME_MAX_LETTERS && strspn(profile->name, NAME_LETTERS) == n)
		return ERR_NONE;
	return refuse_at(r, n ? value_get(tree, "profile") : tree, "profile",
		"the name of the product is missing or not 1 to %d small letters, "
		"digits, "
		"- _ .",
		NAME_MAX_LETTERS);
}

static enum err
read_prefix(struct reading *r, const struct value *tree)
{
	const char *prefix;
	enum err err = read_text(r, tree, "idPrefix", "idPrefix", &prefix);

	r->profile->prefix = prefix ? prefix : "";
	if (err || !prefix ||
		(strlen(prefix) == PREFIX_LETTERS &&
			strspn(prefix, PREFIX_ALLOWED) == PREFIX_LETTERS))
		return err;
	return refuse_at(r, value_get(tree, "idPrefix"), "idPrefix",
		"it has %d letters or digits", PREFIX_LETTERS);
}

static enum err
read_rating(struct reading *r, const struct value *tree)
{
	const struct value *at = value_get(tree, "ratedClicks");
	struct profile *profile = r->profile;
	bool reports = false;

	for (size_t i = 0; i < profile->rows; i++)
		reports = reports || profile->row[i].life;
	profile->rated_clicks = reports ? 0 : RATED_DEFAULT;
	if (!at)
		return ERR_NONE;
	if (at->kind != VALUE_INT || at->whole < 1 || at->whole > RATED_MAX)
		return refuse_at(r, at, "ratedClicks",
			"it is a whole number of clicks, 1 to %d", RATED_MAX);
	profile->rated_clicks = (int)at->whole;
	return ERR_NONE;
}

enum err
profile_compile(struct reading *r, const struct value *tree)
{
	static const char *const registers[] = { "manual", "auto" };
	static const char *const types[] = { "button" };
	unsigned answer = 0, type = 0;
	enum err err = check_keys(r, tree, "profile", profile_keys, PROFILE_KEYS);

	if (!err)
		err = read_name(r, tree);
	if (!err)
		err = read_word(r, tree, "deviceType", "deviceType", types, 1, &type);
	if (!err)
		err = read_prefix(r, tree);
	if (!err)
		err = read_word(r, tree, "register", "register", registers, 2, &answer);
	if (!err)
		err = read_rows(r, tree);
	if (!err)
		err = read_rating(r, tree);
	r->profile->registers = answer == 1;
	return err;
}
