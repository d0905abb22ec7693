#include "errand.h"

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/yaml.h"
#include "oneclick/model/arn.h"
#include "oneclick/model/product.h"

enum { WEEK_MS = 7 * 24 * 60 * 60 * 1000 };

struct reading {
	const void *ctx;
	const struct action *action;
	struct errand *errand;
};

typedef enum err (*read_word_fn)(struct reading *at, const char *word, struct fault *why);

/* ---- one word -------------------------------------------------------------------------
 */

static enum err
read_device(struct reading *at, const char *word, struct fault *why)
{
	(void)why;
	at->errand->ask.device_id = word;
	return ERR_NONE;
}

static enum err
read_device_or_code(struct reading *at, const char *word, struct fault *why)
{
	if (claim_code_is_well_formed(word)) {
		at->errand->op = OP_CLAIM_DEVICES_BY_CLAIM_CODE;
		at->errand->ask.claim_code = word;
		return ERR_NONE;
	}
	at->errand->ask.device_id = word;
	return device_id_check(word, why);
}

static enum err
read_project(struct reading *at, const char *word, struct fault *why)
{
	(void)why;
	at->errand->ask.project_name = word;
	return ERR_NONE;
}

static enum err
read_placement(struct reading *at, const char *word, struct fault *why)
{
	(void)why;
	at->errand->ask.placement_name = word;
	return ERR_NONE;
}

static enum err
read_template(struct reading *at, const char *word, struct fault *why)
{
	(void)why;
	at->errand->ask.template_name = word;
	return ERR_NONE;
}

/* The two click methods are the button's, the others any device's (guide, "Device
 * Methods"). */
static enum err
read_method(struct reading *at, const char *word, struct fault *why)
{
	(void)why;
	at->errand->ask.method_name = word;
	at->errand->ask.method_type = strstr(word, "OnClick") ? "button" : "device";
	return ERR_NONE;
}

static enum err
read_parameters(struct reading *at, const char *word, struct fault *why)
{
	(void)why;
	at->errand->ask.method_parameters = word;
	return ERR_NONE;
}

/* The tag operations stand in both APIs; the ARN says which is meant. */
static enum err
read_arn(struct reading *at, const char *word, struct fault *why)
{
	struct arn arn;
	enum err err = arn_parse(word, &arn, why);

	if (err)
		return err;
	at->errand->ask.resource_arn = word;
	if (arn.kind == ARN_DEVICE)
		return ERR_NONE;
	if (at->errand->op == OP_LIST_TAGS_FOR_DEVICE)
		at->errand->op = OP_LIST_TAGS_FOR_PROJECT;
	else if (at->errand->op == OP_TAG_DEVICE)
		at->errand->op = OP_TAG_PROJECT;
	else if (at->errand->op == OP_UNTAG_DEVICE)
		at->errand->op = OP_UNTAG_PROJECT;
	return ERR_NONE;
}

static bool
takes_tags(enum op op)
{
	return op == OP_TAG_DEVICE || op == OP_TAG_PROJECT ||
	       op == OP_FINALIZE_DEVICE_CLAIM;
}

static enum err
read_pair(struct reading *at, const char *word, struct fault *why)
{
	struct ask *ask = &at->errand->ask;
	struct pairs **pairs = takes_tags(at->errand->op) ? &ask->tags : &ask->attributes;
	const char *equals = strchr(word, '=');

	if (!equals || equals == word)
		return fault(why, ERR_INVALID, "\"%s\" must be KEY=VALUE.",
			text_safe_z(at->ctx, word).text);
	if (!*pairs)
		*pairs = pairs_new(at->ctx);
	pairs_set(*pairs, mem_textn(at->ctx, word, (size_t)(equals - word)), equals + 1);
	return ERR_NONE;
}

static enum err
read_key(struct reading *at, const char *word, struct fault *why)
{
	struct texts *keys = &at->errand->ask.tag_keys;

	(void)why;
	keys->item =
		mem_resize((void *)at->ctx, keys->item, const char *, keys->count + 1);
	keys->item[keys->count++] = word;
	return ERR_NONE;
}

static enum err
read_time(const char *word, int64_t *out, const void *ctx, struct fault *why)
{
	if (moment_from_iso(word, out))
		return ERR_NONE;
	return fault(why, ERR_INVALID,
		"\"%s\" must be a time like 2026-05-14T09:30:00Z, or a date.",
		text_safe_z(ctx, word).text);
}

static enum err
read_from(struct reading *at, const char *word, struct fault *why)
{
	return read_time(word, &at->errand->ask.from, at->ctx, why);
}

static enum err
read_to(struct reading *at, const char *word, struct fault *why)
{
	return read_time(word, &at->errand->ask.to, at->ctx, why);
}

/* ---- a project's file -----------------------------------------------------------------
 */

static enum err
check_members(const char *path, const struct value *map, struct fault *why)
{
	static const char *const known[] = { "projectName", "description",
		"placementTemplate", "tags" };
	size_t count = sizeof(known) / sizeof(*known);

	for (size_t i = 0; map->kind == VALUE_MAP && i < map->count; i++) {
		const char *near = nearest_word(map->key[i], known, count);

		if (near && !strcmp(near, map->key[i]))
			continue;
		return fault(why, ERR_INVALID,
			"%s:%d: A project has no \"%.100s\"; it takes projectName, "
			"description, placementTemplate and tags.",
			path, map->item[i].line, map->key[i]);
	}
	return ERR_NONE;
}

static enum err
read_template_tree(
	struct reading *at, const char *path, const struct value *map, struct fault *why)
{
	const struct value *tree = value_get(map, "placementTemplate");
	struct placement_template *template = NULL;
	enum err err = ERR_NONE;

	if (tree)
		err = placement_template_read(at->ctx, tree, &template, why);
	if (err)
		return fault_at(why, err, "%s", path);
	at->errand->ask.placement_template = template;
	return ERR_NONE;
}

/* By the contract's own rows, so that a number where a text belongs is said, not lost. */
static enum err
read_members(
	struct reading *at, const char *path, const struct value *map, struct fault *why)
{
	static const char *const names[] = { "projectName", "description", "tags" };
	enum err err = ERR_NONE;

	for (size_t i = 0; !err && i < sizeof names / sizeof *names; i++)
		err = field_read(at->ctx, ask_field(OP_API_PROJECTS, names[i]),
			value_get(map, names[i]), &at->errand->ask, why);
	return err ? fault_at(why, err, "%s", path) : ERR_NONE;
}

static enum err
check_name(const char *path, const struct ask *ask, const char *said, struct fault *why)
{
	if (!said || !ask->project_name || strcmp(said, ask->project_name) == 0)
		return ERR_NONE;
	return fault(why, ERR_INVALID,
		"%s: projectName is \"%.60s\", and the command names \"%.60s\".", path,
		ask->project_name, said);
}

static enum err
read_file(struct reading *at, const char *path, struct fault *why)
{
	struct ask *ask = &at->errand->ask;
	const char *said = ask->project_name;
	const struct value *map;
	enum err err = yaml_read_input(at->ctx, path, &map, why);

	if (!err)
		err = check_members(path, map, why);
	if (!err)
		err = read_members(at, path, map, why);
	if (!err)
		err = check_name(path, ask, said, why);
	if (err)
		return err;
	if (said)
		ask->project_name = said;
	return read_template_tree(at, path, map, why);
}

/* ---- all words ------------------------------------------------------------------------
 */

/* What each word of an action's usage means. */
static const struct {
	const char *name;
	read_word_fn read;
} meanings[] = {
	{ "DEVICE", read_device },
	{ "DEVICE|CODE", read_device_or_code },
	{ "PROJECT", read_project },
	{ "PLACEMENT", read_placement },
	{ "TEMPLATE", read_template },
	{ "METHOD", read_method },
	{ "PARAMETERS", read_parameters },
	{ "ARN", read_arn },
	{ "KEY=VALUE", read_pair },
	{ "KEY", read_key },
	{ "FROM", read_from },
	{ "TO", read_to },
	{ "FILE", read_file },
};

static read_word_fn
find_meaning(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (strlen(meanings[i].name) == n && !memcmp(meanings[i].name, name, n))
			return meanings[i].read;
	return NULL;
}

/* The i-th word's name in a usage, whose last one stands for all that follow. */
static const char *
usage_word(const char *usage, size_t i, size_t *n)
{
	for (;;) {
		const char *name = usage + (*usage == '[');
		size_t len = strcspn(usage, " ");

		*n = strcspn(name, " .]");
		if (i == 0 || usage[len] == '\0')
			return name;
		usage += len + 1;
		i--;
	}
}

static void
begin(struct errand *errand, const struct action *action, const char *subject)
{
	*errand = (struct errand){ .op = action->op, .subject = subject };
	ask_init(&errand->ask);
	if (action->id == ACTION_DEVICE_ENABLE || action->id == ACTION_DEVICE_DISABLE)
		errand->ask.enabled = action->id == ACTION_DEVICE_ENABLE;
	if (action->op == OP_LIST_DEVICE_EVENTS) {
		errand->ask.to = moment_now();
		errand->ask.from = errand->ask.to - WEEK_MS;
	}
}

static enum err
read_words(struct reading *at, const char *const *word, size_t count, struct fault *why)
{
	enum err err = ERR_NONE;

	for (size_t i = 0; !err && i < count; i++) {
		size_t n;
		const char *name = usage_word(at->action->usage, i, &n);
		read_word_fn read = find_meaning(name, n);

		if (read)
			err = read(at, word[i], why);
	}
	return err;
}

/* The last word that names a thing, not what is to be done with it. */
static const char *
find_subject(const struct action *action, const char *const *word, size_t count)
{
	static const char *const things[] = { "DEVICE", "PROJECT", "PLACEMENT",
		"TEMPLATE", "ARN" };
	const char *subject = "";

	for (size_t i = 0; i < count; i++) {
		size_t n;
		const char *name = usage_word(action->usage, i, &n);

		for (size_t k = 0; k < sizeof(things) / sizeof(*things); k++)
			if (strlen(things[k]) == n && !memcmp(things[k], name, n))
				subject = word[i];
	}
	return subject;
}

static bool
is_one_each(const struct action *action)
{
	return !strcmp(action->usage, "DEVICE...") ||
	       !strcmp(action->usage, "DEVICE|CODE...");
}

enum err
errands_read(const void *ctx, const struct action *action, const char *const *word,
	size_t count, struct errand **out, size_t *errands, struct fault *why)
{
	bool each = is_one_each(action);
	struct reading at = { .ctx = ctx, .action = action };
	enum err err = action_check_count(action, count, why);

	*errands = each ? count : 1;
	*out = mem_array(ctx, struct errand, *errands + 1);
	for (size_t i = 0; !err && i < *errands; i++) {
		at.errand = &(*out)[i];
		begin(at.errand, action,
			each ? word[i] : find_subject(action, word, count));
		err = each ? read_words(&at, &word[i], 1, why)
			   : read_words(&at, word, count, why);
	}
	return err;
}
