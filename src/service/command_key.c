/* oneclickd key create, list, revoke, rotate. */
#include <stdio.h>
#include <string.h>

#include "command_access.h"
#include "hand_out.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/service/settings.h"
#include "oneclick/store/keys.h"

enum { ID_DRAWN = 16, SECRET_LENGTH = 40 };

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER "abcdefghijklmnopqrstuvwxyz"

/* A key to be made, with room for what is drawn. */
struct making {
	const void *ctx;
	struct key key;
	const char *old; /* of a rotation: the key whose user gets another */
	char id[4 + ID_DRAWN + 1], secret[SECRET_LENGTH + 1];
};

static void
draw(struct making *making)
{
	strcpy(making->id, "AKIA");
	digest_random_text(UPPER "234567", making->id + 4, ID_DRAWN);
	digest_random_text(UPPER LOWER "0123456789+/", making->secret, SECRET_LENGTH);
	making->key.id = making->id;
	making->key.secret = making->secret;
	making->key.created_at = moment_now();
}

/* A third key would be one that nobody remembers. */
static enum err
add_key(struct tx *tx, const struct key *key, struct fault *why)
{
	int keys;
	enum err err = access_count_keys(tx, key->account, key->user, &keys, why);

	if (!err && keys >= KEYS_MAX)
		return fault(why, ERR_CONFLICT,
			"User %s has %d access keys in use, which is the most; revoke "
			"one that is used no more.",
			key->user, keys);
	return err ? err : keys_add(tx, key, why);
}

/* Prints the new key, makes it, and wipes its secret. */
static enum err
make(struct store *store, store_fn fn, struct making *making, struct pairs *made,
	struct fault *why)
{
	struct buf words;
	enum err err;

	draw(making);
	pairs_set(made, "accessKeyId", making->id);
	buf_init(&words, making->ctx, BUF_NO_CAP);
	buf_format(&words, "AWS_ACCESS_KEY_ID=%s\nAWS_SECRET_ACCESS_KEY=%s\n", making->id,
		making->secret);
	err = hand_out(store, fn, making, &words, why);
	digest_wipe(words.data, words.len);
	digest_wipe(making->secret, sizeof making->secret);
	return err;
}

/* ---- create ---- */

/* Without a policy of its own the key can only do what its user's policies say. */
static enum err
need_user(struct tx *tx, struct making *making, struct fault *why)
{
	const struct key *key = &making->key;
	struct user user = {
		.account = key->account,
		.name = key->user,
		.policies = "{}",
		.tags = "{}",
		.created_at = key->created_at,
	};
	enum err err;

	if (*key->policy)
		return access_need_user(tx, &user, why);
	err = users_find(tx, making->ctx, key->account, key->user, &user, why);
	if (err == ERR_NOT_FOUND)
		return fault(why, ERR_INVALID,
			"--policy is missing; it takes AWSIoT1ClickFullAccess, "
			"AWSIoT1ClickReadOnlyAccess or a file with a document. Only a "
			"user that `oneclickd user create` made can do without it.");
	return err;
}

static enum err
add_created(struct tx *tx, void *arg, struct fault *why)
{
	struct making *making = arg;
	enum err err = need_user(tx, making, why);

	return err ? err : add_key(tx, &making->key, why);
}

static enum err
create(struct store *store, const void *ctx, const struct command_words *words,
	struct fault *why)
{
	struct access_policy policy = { .text = "" };
	struct making making = { .ctx = ctx };
	enum err err;

	if (!words->user)
		return fault(why, ERR_INVALID,
			"--user is missing; it takes the name of who holds the key.");
	err = access_check_name("--user", words->user, why);
	if (!err && words->policy)
		err = access_read_policy(ctx, words->policy, &policy, why);
	if (err)
		return err;
	making.key.account = words->account;
	making.key.user = words->user;
	making.key.policy = policy.text;
	return make(store, add_created, &making, words->made, why);
}

static const struct option_row create_rows[] = {
	COMMAND_ROW_STATE,
	COMMAND_ROW("--user", OPTION_TEXT, user, NULL, "NAME",
		"who holds the key; made if there is no such user"),
	COMMAND_ROW("--policy", OPTION_TEXT, policy, NULL, "NAME|FILE",
		"AWSIoT1ClickFullAccess, AWSIoT1ClickReadOnlyAccess, or a JSON document, "
		"in place of the user's own policies"),
	COMMAND_ROW("--account", OPTION_ACCOUNT, account, ACCOUNT_DEFAULT, "DIGITS",
		"the account the user is of"),
};

const struct command command_key_create = {
	.noun = "key",
	.verb = "create",
	.event = "CreateAccessKey",
	COMMAND_ROWS(create_rows),
	.run = create,
	.help = "make an access key; its secret is shown this once",
};

/* ---- rotate ---- */

static enum err
add_rotated(struct tx *tx, void *arg, struct fault *why)
{
	struct making *making = arg;
	struct key old;
	enum err err = keys_find(tx, making->ctx, making->old, &old, why);

	if (err)
		return err;
	digest_wipe((char *)old.secret, strlen(old.secret));
	making->key.account = old.account;
	making->key.user = old.user;
	making->key.policy = old.policy;
	return add_key(tx, &making->key, why);
}

static enum err
rotate(struct store *store, const void *ctx, const struct command_words *words,
	struct fault *why)
{
	struct making making = { .ctx = ctx, .old = words->id };

	if (!words->id)
		return fault(why, ERR_INVALID, "Which key? Give its ID.");
	return make(store, add_rotated, &making, words->made, why);
}

static const struct option_row id_rows[] = {
	COMMAND_ROW_STATE,
	COMMAND_ROW("ID", OPTION_WORD, id, NULL, "ID", "of the key, as list shows it"),
};

const struct command command_key_rotate = {
	.noun = "key",
	.verb = "rotate",
	.event = "RotateAccessKey",
	COMMAND_ROWS(id_rows),
	.run = rotate,
	.help = "make a second key for the same user; both work until one is revoked",
};

/* ---- list ---- */

static const char *
word_policy(const void *ctx, const char *policy)
{
	if (*policy == '\0')
		return "of the user";
	return strchr(policy, '{') ? "document" : text_safe_z(ctx, policy).text;
}

static bool
print_key(void *ctx, const struct key *key)
{
	char created[MOMENT_ISO_SIZE];

	moment_to_iso(key->created_at, created);
	printf("%s\t%s\t%s\t%s\t%s\t%s\n", key->id, key->account,
		text_safe_z(ctx, key->user).text, word_policy(ctx, key->policy), created,
		key->revoked_at ? "revoked" : "in use");
	return true;
}

static enum err
list_keys(struct tx *tx, void *ctx, struct fault *why)
{
	return keys_list(tx, print_key, ctx, why);
}

static enum err
list(struct store *store, const void *ctx, const struct command_words *words,
	struct fault *why)
{
	void *life = mem_life(ctx);

	(void)words;
	return store_read(store, list_keys, life, why);
}

static const struct option_row list_rows[] = { COMMAND_ROW_STATE };

const struct command command_key_list = {
	.noun = "key",
	.verb = "list",
	.reads = true,
	COMMAND_ROWS(list_rows),
	.run = list,
	.help = "ID, account, user, policy, moment made and state of each key",
};

/* ---- revoke ---- */

static enum err
revoke_key(struct tx *tx, void *id, struct fault *why)
{
	return keys_revoke(tx, id, moment_now(), why);
}

static enum err
revoke(struct store *store, const void *ctx, const struct command_words *words,
	struct fault *why)
{
	if (!words->id)
		return fault(why, ERR_INVALID, "Which key? Give its ID.");
	return store_write(store, revoke_key, mem_text(ctx, words->id), why);
}

const struct command command_key_revoke = {
	.noun = "key",
	.verb = "revoke",
	.event = "RevokeAccessKey",
	COMMAND_ROWS(id_rows),
	.run = revoke,
	.help = "refuse the key from now on",
};
