#include "intake.h"
#include "../secret.h"

#include <stddef.h>
#include <string.h>

#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/record.h"
#include "oneclick/store/aliases.h"

/* The section of the configuration. */
struct section {
	const char *directory;
	const struct value *secrets;
};

static const struct field rows[] = {
	{ "directory", FIELD_TEXT, offsetof(struct section, directory), 1, 4096,
		LETTERS_ANY, 0 },
	{ "secrets", FIELD_TREE, offsetof(struct section, secrets), 0, 0, LETTERS_ANY,
		0 },
};
enum { ROWS = sizeof rows / sizeof *rows };

static enum err
read_section(const void *ctx, const struct value *value, struct section *out,
	struct fault *why)
{
	*out = (struct section){ 0 };
	if (!value || value->kind == VALUE_NULL)
		return ERR_NONE;
	if (value->kind != VALUE_MAP)
		return fault(why, ERR_INVALID,
			"line %d, column %d: profiles: must be a map with directory and "
			"secrets.",
			value->line, value->column);
	return record_read(ctx, rows, ROWS, value, out, why);
}

/* ---- secrets ---- */

static enum err
check_profile(const struct profiles *profiles, const char *name, struct fault *why)
{
	size_t count = profiles_count(profiles);
	const char **names = mem_array(NULL, const char *, count);
	const char *nearest;
	bool known = false;

	for (size_t i = 0; i < count; i++) {
		names[i] = profile_name(profiles_at(profiles, i));
		known = known || strcmp(names[i], name) == 0;
	}
	nearest = nearest_word(name, names, count);
	if (!known)
		fault(why, ERR_INVALID,
			"There is no profile \"%.80s\"%s%s%s; oneclick profile list "
			"names "
			"them.",
			name, nearest ? ", did you mean \"" : "", nearest ? nearest : "",
			nearest ? "\"?" : "");
	mem_free(names);
	return known ? ERR_NONE : ERR_INVALID;
}

static enum err
keep_secret(struct pairs *secrets, const char *name, const char *path, struct fault *why)
{
	const char *secret;
	enum err err = secret_read(secrets, path, &secret, why);

	if (err == ERR_NONE)
		pairs_set(secrets, name, secret);
	return err;
}

static enum err
read_entry(struct kit *kit, const char *name, const struct value *path, struct fault *why)
{
	enum err err = check_profile(kit->profiles, name, why);

	if (err == ERR_NONE && path->kind != VALUE_TEXT)
		err = fault(why, ERR_INVALID,
			"The secret of %.80s must be the path of a file that holds it.",
			name);
	if (err == ERR_NONE)
		err = keep_secret(kit->secrets, name, path->text, why);
	return err == ERR_NONE ? err
			       : fault_at(why, ERR_INVALID, "line %d, column %d",
					 path->line, path->column);
}

static enum err
read_secrets(struct kit *kit, const struct value *map, struct fault *why)
{
	enum err err = ERR_NONE;

	kit->secrets = pairs_new(kit);
	for (size_t i = 0; map && err == ERR_NONE && i < map->count; i++)
		err = read_entry(kit, map->key[i], &map->item[i], why);
	return err;
}

/* ---- opening ---- */

static enum err
at_directory(const struct value *section, struct fault *why)
{
	const struct value *at = value_get(section, "directory");

	return at ? fault_at(why, why->code, "line %d, column %d", at->line, at->column)
		  : why->code;
}

static enum err
make_kit(const void *ctx, const struct value *value, struct kit **out, struct fault *why)
{
	struct kit *kit = mem_new(ctx, struct kit);
	struct section section;
	enum err err = read_section(kit, value, &section, why);

	if (err == ERR_NONE && profiles_load(kit, section.directory, &kit->profiles, why))
		err = at_directory(value, why);
	if (err == ERR_NONE)
		err = read_secrets(kit, section.secrets, why);
	if (err != ERR_NONE)
		mem_free(kit);
	else
		*out = kit;
	return err;
}

static void
take_name(void *arg, const char *profile, const char *name, const char *id)
{
	bool is_new;

	/* What another version kept and we would not is told again by its gateway. */
	names_set(arg, profile, name, id, &is_new, NULL);
}

static enum err
read_names(struct tx *tx, void *arg, struct fault *why)
{
	return aliases_list(tx, take_name, arg, why);
}

enum err
intake_open(const void *ctx, const struct settings *settings, struct store *store,
	struct intake **out, struct fault *why)
{
	struct intake *intake = mem_new(ctx, struct intake);
	enum err err = make_kit(
		intake, value_get(settings->file, "profiles"), &intake->kit, why);

	intake->names = names_new(intake);
	if (err == ERR_NONE)
		err = store_read(store, read_names, intake->names, why);
	if (err == ERR_NONE)
		err = resent_open(intake, store, &intake->resent, why);
	if (err != ERR_NONE)
		mem_free(intake);
	else
		*out = intake;
	return err;
}

void
intake_reload(struct service *service)
{
	struct intake *intake = service->intake;
	struct kit *old = intake->kit;
	struct fault why;

	if (make_kit(intake, value_get(service->settings.file, "profiles"), &intake->kit,
		    &why) != ERR_NONE)
		log_line(LOG_ERROR, "profiles stay as they were: %s", why.sentence);
	else
		mem_free(old);
}

static enum err
try_kit(const void *ctx, const struct value *section, struct fault *why)
{
	struct kit *kit;
	enum err err = make_kit(ctx, section, &kit, why);

	if (err == ERR_NONE)
		mem_free(kit);
	return err;
}

void
intake_check(const void *ctx, const struct value *section, const struct value *file,
	struct config_check *check)
{
	(void)file;
	config_check_all(ctx, section, try_kit, check);
}

const struct profiles *
intake_profiles(const struct intake *intake)
{
	return intake->kit->profiles;
}
