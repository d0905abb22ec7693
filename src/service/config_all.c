/* Every fault of a section: it is read again without what was wrong. */
#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/service/config.h"

enum { TOLD_MAX = 100 }; /* of one section */

struct spot {
	int line, column;
};

/* What was left out: of which branch, and its key ("" in a list). */
struct loss {
	struct spot of;
	const char *key;
};

static bool
is_at(const struct value *value, struct spot spot)
{
	return value->line == spot.line && value->column == spot.column;
}

static bool
is_branch(const struct value *value)
{
	return value->kind == VALUE_MAP || value->kind == VALUE_LIST;
}

/* Branches are copied, so that they can lose what is wrong; leaves are shared. */
static void
copy_branches(const void *ctx, struct value *tree)
{
	struct value *item;
	const char **key = NULL;

	if (!is_branch(tree) || tree->count == 0)
		return;
	item = mem_array(ctx, struct value, tree->count);
	memcpy(item, tree->item, tree->count * sizeof *item);
	if (tree->kind == VALUE_MAP) {
		key = mem_array(ctx, const char *, tree->count);
		memcpy(key, tree->key, tree->count * sizeof *key);
	}
	tree->item = item;
	tree->key = key;
	for (size_t i = 0; i < tree->count; i++)
		copy_branches(ctx, &tree->item[i]);
}

static void
drop(struct value *tree, size_t at)
{
	size_t behind = --tree->count - at;

	memmove(tree->item + at, tree->item + at + 1, behind * sizeof *tree->item);
	if (tree->kind == VALUE_MAP)
		memmove(tree->key + at, tree->key + at + 1, behind * sizeof *tree->key);
}

/* The innermost of what stands there goes; false if nothing does. */
static bool
leave_out(struct value *tree, struct spot spot, struct loss *out)
{
	for (size_t i = 0; is_branch(tree) && i < tree->count; i++) {
		if (leave_out(&tree->item[i], spot, out))
			return true;
		if (!is_at(&tree->item[i], spot))
			continue;
		out->of = (struct spot){ tree->line, tree->column };
		out->key = tree->kind == VALUE_MAP ? tree->key[i] : "";
		drop(tree, i);
		return true;
	}
	return false;
}

/* Whether the fault is of a whole branch, and not of one value in it. */
static bool
is_of_branch(const struct value *tree, struct spot spot)
{
	if (!is_branch(tree))
		return false;
	for (size_t i = 0; i < tree->count; i++)
		if (is_of_branch(&tree->item[i], spot))
			return true;
	return is_at(tree, spot);
}

static struct spot
find_spot(const struct fault *why, const struct value *section)
{
	struct spot spot = { section->line, section->column };

	sscanf(why->sentence, "line %d, column %d:", &spot.line, &spot.column);
	return spot;
}

static bool
names(const char *sentence, const char *key)
{
	size_t n = strlen(key);
	const char *at = n > 0 ? strstr(sentence, key) : NULL;

	while (at && (at == sentence || at[-1] != '"' || at[n] != '"'))
		at = strstr(at + 1, key);
	return at != NULL;
}

/* What is said of a member that was left out, or that something is needed where one was. */
static bool
comes_of_a_loss(const struct loss *loss, int count, const struct fault *why,
	bool is_missing, struct spot spot)
{
	for (int i = 0; i < count; i++)
		if (names(why->sentence, loss[i].key) ||
			(is_missing && loss[i].of.line == spot.line &&
				loss[i].of.column == spot.column))
			return true;
	return false;
}

void
config_check_all(const void *ctx, const struct value *section, config_read_fn read,
	struct config_check *check)
{
	struct loss loss[TOLD_MAX];
	struct value tree = *section;
	struct fault why;

	copy_branches(ctx, &tree);
	for (int count = 0; count < TOLD_MAX && read(ctx, &tree, &why); count++) {
		struct spot spot = find_spot(&why, section);
		bool is_missing =
			why.code == ERR_NOT_FOUND && is_of_branch(&tree, spot);

		if (!comes_of_a_loss(loss, count, &why, is_missing, spot))
			config_problem(check, &why);
		if (is_missing || !leave_out(&tree, spot, &loss[count]))
			return;
	}
}
