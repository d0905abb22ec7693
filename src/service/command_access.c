#include "command_access.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/base/utf8.h"
#include "oneclick/service/policy.h"
#include "oneclick/store/keys.h"

enum { NAME_MAX_LETTERS = 64, DOCUMENT_BYTES_MAX = 64 * 1024 };
enum { TAG_KEY_MAX = 128, TAG_VALUE_MAX = 256 }; /* code points, as AWS has it */

enum err
access_check_name(const char *what, const char *name, struct fault *why)
{
	size_t n = 0;

	while (isalnum((unsigned char)name[n]) || (name[n] && strchr("_+=,.@-", name[n])))
		n++;
	if (n == 0 || n > NAME_MAX_LETTERS || name[n] != '\0')
		return fault(why, ERR_INVALID,
			"%s takes 1 to %d letters, digits and _+=,.@-, not '%.100s'.",
			what, NAME_MAX_LETTERS, name);
	return ERR_NONE;
}

/* ---- policies ---- */

static void
tell_warnings(const void *ctx, const char *name, const struct policy *policy)
{
	struct texts warnings = policy_warnings(policy);

	for (size_t i = 0; i < warnings.count; i++)
		fprintf(stderr, "oneclickd: warning: %s: %s\n",
			text_safe_z(ctx, name).text,
			text_safe_z(ctx, warnings.item[i]).text);
}

/* "rules/night.json" is called "night"; what comes out of a pipe has no name of its own. */
static const char *
name_of(const void *ctx, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (file_is_nameless(path))
		return "policy";
	char *name = mem_text(ctx, slash ? slash + 1 : path);
	char *dot = strrchr(name, '.');

	if (dot && dot != name)
		*dot = '\0';
	return name;
}

static enum err
read_document(
	const void *ctx, const char *path, struct access_policy *out, struct fault *why)
{
	struct buf text;
	enum err err = file_read_input(ctx, path, DOCUMENT_BYTES_MAX, &text, why);

	if (err)
		return err;
	*out = (struct access_policy){ .name = name_of(ctx, path), .text = text.data };
	return ERR_NONE;
}

enum err
access_read_policy(
	const void *ctx, const char *word, struct access_policy *out, struct fault *why)
{
	struct policy *policy;
	enum err err = ERR_NONE;

	*out = (struct access_policy){ .name = word, .text = word };
	if (strpbrk(word, "./") || file_is_nameless(word))
		err = read_document(ctx, word, out, why);
	if (err)
		return err;
	err = policy_parse(ctx, out->text, &policy, why);
	if (err)
		return out->text == word ? err : fault_at(why, err, "%.200s", word);
	tell_warnings(ctx, out->name, policy);
	return policy_bare(ctx, out->text, &out->text, why);
}

/* ---- tags ---- */

static enum err
add_tag(struct pairs *tags, const char *tag, struct fault *why)
{
	const char *equals = strchr(tag, '=');
	char *key = mem_textn(tags, tag, equals ? (size_t)(equals - tag) : 0);

	if (!equals || *key == '\0' || utf8_count(key) > TAG_KEY_MAX ||
		utf8_count(equals + 1) > TAG_VALUE_MAX)
		return fault(why, ERR_INVALID,
			"A tag is KEY=VALUE, of up to %d and %d characters, not "
			"'%.100s'.",
			TAG_KEY_MAX, TAG_VALUE_MAX, tag);
	pairs_set(tags, key, equals + 1);
	if (tags->count > TAGS_MAX)
		return fault(why, ERR_INVALID, "A user has at most %d tags.", TAGS_MAX);
	return ERR_NONE;
}

enum err
access_read_tags(struct pairs *tags, const char *word, struct fault *why)
{
	char *rest = mem_text(tags, word);
	enum err err = ERR_NONE;

	if (!utf8_is_valid(word, strlen(word)))
		return fault(why, ERR_INVALID, "Tags are UTF-8.");
	while (!err && rest)
		err = add_tag(tags, strsep(&rest, ","), why);
	return err;
}

/* ---- what must be there ---- */

enum err
access_need_account(struct tx *tx, const char *account, struct fault *why)
{
	const struct account row = {
		.id = account,
		.name = "",
		.created_at = moment_now(),
	};
	enum err err = accounts_add(tx, &row, why);

	return err == ERR_CONFLICT ? ERR_NONE : err;
}

enum err
access_need_user(struct tx *tx, const struct user *user, struct fault *why)
{
	enum err err = access_need_account(tx, user->account, why);

	if (!err)
		err = users_add(tx, user, why);
	return err == ERR_CONFLICT ? ERR_NONE : err;
}

struct count {
	const char *account, *user;
	int keys;
};

static bool
count_key(void *arg, const struct key *key)
{
	struct count *count = arg;

	count->keys += key->revoked_at == 0 &&
		       strcmp(key->account, count->account) == 0 &&
		       strcmp(key->user, count->user) == 0;
	return true;
}

enum err
access_count_keys(
	struct tx *tx, const char *account, const char *user, int *out, struct fault *why)
{
	struct count count = { .account = account, .user = user };
	enum err err = keys_list(tx, count_key, &count, why);

	*out = count.keys;
	return err;
}
