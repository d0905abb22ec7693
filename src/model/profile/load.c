#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/record.h"
#include "oneclick/data/yaml.h"

enum { PROFILES_MAX = 256 };

static const char built_in[] = "built-in";

/* ---- one profile ---- */

static enum err
check_samples(struct reading *r, const struct value *tree)
{
	const struct value *samples = value_get(tree, "samples");
	struct profiles alone = { .item = &r->profile, .count = 1 };

	if (!samples)
		return refuse_at(r, tree, "samples",
			"it is missing: a message that the product sends, and what is to "
			"come of it");
	r->profile->samples = samples->kind == VALUE_LIST ? samples->count : 0;
	return samples_check(r, &alone, samples);
}

static enum err
compile(const void *ctx, const char *file, const char *origin, const char *text, size_t n,
	struct profile **out, struct fault *why)
{
	struct profile *profile = mem_new(ctx, struct profile);
	struct reading r = {
		.ctx = profile, .file = file, .profile = profile, .why = why
	};
	void *life = mem_life(NULL);
	const struct value *tree;
	enum err err = yaml_parse(life, file, text, n, &tree, why);

	profile->origin = mem_text(profile, origin);
	if (!err)
		err = profile_compile(&r, tree);
	if (!err)
		err = check_samples(&r, tree);
	mem_free(life);
	if (err)
		mem_free(profile);
	else
		*out = profile;
	return err;
}

static enum err
load_shipped(const void *ctx, const struct shipped *shipped, struct profile **out,
	struct fault *why)
{
	void *life = mem_life(NULL);
	const char *file = mem_format(life, "profiles/%s.yaml", shipped->name);
	enum err err = compile(
		ctx, file, built_in, shipped->text, strlen(shipped->text), out, why);

	mem_free(life);
	return err;
}

/* A directory's are plain files; the one that a person names may come from a pipe. */
typedef enum err (*file_read_fn)(const void *ctx, const char *path, size_t cap,
	struct buf *out, struct fault *why);

static enum err
load_file(const void *ctx, const char *path, file_read_fn read, struct profile **out,
	struct fault *why)
{
	void *life = mem_life(NULL);
	struct buf text;
	enum err err = read(life, path, YAML_SIZE_MAX, &text, why);

	if (!err)
		err = compile(ctx, path, path, text.data, text.len, out, why);
	mem_free(life);
	return err;
}

/* ---- the set ---- */

static size_t
find_named(const struct profiles *set, const char *name)
{
	size_t i = 0;

	while (i < set->count && strcmp(set->item[i]->name, name) != 0)
		i++;
	return i;
}

/* One of the operator's takes the place of a shipped one, never of another of his. */
static enum err
add(struct profiles *set, struct profile *profile, struct fault *why)
{
	size_t at = find_named(set, profile->name);

	if (at < set->count && strcmp(set->item[at]->origin, built_in) != 0)
		return fault(why, ERR_INVALID,
			"%s: profile: the name \"%s\" is that of %s; give each its own",
			profile->origin, profile->name, set->item[at]->origin);
	if (at == set->count) {
		if (set->count == PROFILES_MAX)
			return fault(why, ERR_INVALID,
				"%s: there are %d profiles at most", profile->origin,
				PROFILES_MAX);
		set->item = mem_resize(set, set->item, struct profile *, set->count + 1);
		set->count++;
	} else {
		mem_free(set->item[at]);
	}
	set->item[at] = profile;
	return ERR_NONE;
}

static enum err
refuse_path(const struct profile *a, const struct profile *b, const struct row *row,
	struct fault *why)
{
	if (a == b)
		return fault(why, ERR_INVALID,
			"%s: %s.verify: the messages of %s are verified in two ways",
			b->origin, row->field, row->path);
	return fault(why, ERR_INVALID,
		"%s: %s.path: %s is taken by the profile %s already", b->origin,
		row->field, row->path, a->name);
}

/* A path belongs to one profile, and is verified in one way. */
static enum err
check_path(const struct profiles *set, const struct profile *profile,
	const struct row *row, struct fault *why)
{
	enum profile_verify verify;
	const struct profile *owner;

	if (row->via != VIA_HTTP)
		return ERR_NONE;
	owner = profiles_at_path(set, row->path, &verify);
	if (owner == profile && verify == row->verify)
		return ERR_NONE;
	return refuse_path(owner, profile, row, why);
}

/* What the rows of all have to agree on, and what they together listen to. */
static enum err
settle(struct profiles *set, struct fault *why)
{
	enum err err = ERR_NONE;

	set->filters = (struct filters){ .ctx = set };
	for (size_t i = 0; !err && i < set->count; i++)
		for (size_t k = 0; !err && k < set->item[i]->rows; k++) {
			const struct row *row = &set->item[i]->row[k];

			err = check_path(set, set->item[i], row, why);
			if (row->via == VIA_MQTT)
				filters_add(&set->filters, &row->topic);
		}
	return err;
}

static enum err
finish(struct profiles *set, enum err err, struct profiles **out, struct fault *why)
{
	if (!err)
		err = settle(set, why);
	if (err)
		mem_free(set);
	else
		*out = set;
	return err;
}

/* ---- from a directory ---- */

static int
is_profile(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return entry->d_name[0] != '.' && n > 5 &&
	       !strcmp(entry->d_name + n - 5, ".yaml");
}

static enum err
load_from(struct profiles *set, const char *path, file_read_fn read, struct fault *why)
{
	struct profile *profile;
	enum err err = load_file(set, path, read, &profile, why);

	return err ? err : add(set, profile, why);
}

static enum err
load_dir(struct profiles *set, const char *dir, struct fault *why)
{
	struct dirent **entry;
	int count = scandir(dir, &entry, is_profile, alphasort);
	enum err err = ERR_NONE;

	if (count < 0)
		return fault(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_INVALID,
			"%.200s: %s", dir, strerror(errno));
	for (int i = 0; i < count; i++) {
		char *path = mem_format(set, "%s/%s", dir, entry[i]->d_name);

		if (!err)
			err = load_from(set, path, file_read, why);
		mem_free(path);
		free(entry[i]);
	}
	free(entry);
	return err;
}

enum err
profiles_load(const void *ctx, const char *dir, struct profiles **out, struct fault *why)
{
	struct profiles *set = mem_new(ctx, struct profiles);
	struct profile *profile;
	size_t count;
	const struct shipped *shipped = shipped_profiles(&count);
	enum err err = ERR_NONE;

	for (size_t i = 0; !err && i < count; i++) {
		err = load_shipped(set, &shipped[i], &profile, why);
		if (!err)
			err = add(set, profile, why);
	}
	if (!err && dir)
		err = load_dir(set, dir, why);
	return finish(set, err, out, why);
}

enum err
profiles_load_file(
	const void *ctx, const char *path, struct profiles **out, struct fault *why)
{
	struct profiles *set = mem_new(ctx, struct profiles);

	return finish(set, load_from(set, path, file_read_input, why), out, why);
}

enum err
profiles_load_shipped(
	const void *ctx, const char *name, struct profiles **out, struct fault *why)
{
	size_t count, i = 0;
	const struct shipped *shipped = shipped_profiles(&count);
	const char *names[PROFILES_MAX], *near;
	struct profiles *set;
	struct profile *profile;
	enum err err;

	for (; i < count && strcmp(shipped[i].name, name) != 0; i++)
		names[i] = shipped[i].name;
	if (i == count) {
		near = nearest_word(name, names, count);
		return fault(why, ERR_NOT_FOUND, "there is no profile \"%.60s\"%s%s",
			name, near ? "; did you mean " : "", near ? near : "");
	}
	set = mem_new(ctx, struct profiles);
	err = load_shipped(set, &shipped[i], &profile, why);
	if (!err)
		err = add(set, profile, why);
	return finish(set, err, out, why);
}

/* ---- questions ---- */

const char *
profile_name(const struct profile *profile)
{
	return profile->name;
}

const char *
profile_origin(const struct profile *profile)
{
	return profile->origin;
}

bool
profile_registers(const struct profile *profile)
{
	return profile->registers;
}

int
profile_rated_clicks(const struct profile *profile)
{
	return profile->rated_clicks;
}

size_t
profile_messages(const struct profile *profile)
{
	return profile->rows;
}

size_t
profile_samples(const struct profile *profile)
{
	return profile->samples;
}

size_t
profiles_count(const struct profiles *profiles)
{
	return profiles->count;
}

const struct profile *
profiles_at(const struct profiles *profiles, size_t i)
{
	return profiles->item[i];
}

const char *const *
profiles_filters(const struct profiles *profiles, size_t *count)
{
	*count = profiles->filters.count;
	return profiles->filters.item;
}

const struct profile *
profiles_at_path(
	const struct profiles *profiles, const char *path, enum profile_verify *verify)
{
	for (size_t i = 0; i < profiles->count; i++)
		for (size_t k = 0; k < profiles->item[i]->rows; k++) {
			const struct row *row = &profiles->item[i]->row[k];

			if (row->via != VIA_HTTP || strcmp(row->path, path) != 0)
				continue;
			*verify = row->verify;
			return profiles->item[i];
		}
	return NULL;
}
