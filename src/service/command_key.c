/* oneclickd key create, list, revoke. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/service/policy.h"
#include "oneclick/service/settings.h"
#include "oneclick/store/keys.h"

enum { ID_DRAWN = 16, SECRET_LENGTH = 40, USER_MAX = 64, DOCUMENT_BYTES_MAX = 64 * 1024 };

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER "abcdefghijklmnopqrstuvwxyz"

/* ---- create ---- */

static enum err
check_user(const char *user, struct fault *why)
{
	size_t n = 0;

	if (!user)
		return fault(why, ERR_INVALID,
			"--user is missing; it takes the name of who holds the key.");
	while (isalnum((unsigned char)user[n]) || (user[n] && strchr("_+=,.@-", user[n])))
		n++;
	if (n == 0 || n > USER_MAX || user[n] != '\0')
		return fault(why, ERR_INVALID,
			"--user takes 1 to %d letters, digits and _+=,.@-, not '%.100s'.",
			USER_MAX, user);
	return ERR_NONE;
}

/* A word without a dot or slash names a policy of AWS's; anything else is a file. */
static enum err
read_policy(const void *ctx, const char *word, const char **out, struct fault *why)
{
	struct policy *policy;
	struct buf text;
	enum err err;

	if (!word)
		return fault(why, ERR_INVALID,
			"--policy is missing; it takes AWSIoT1ClickFullAccess, "
			"AWSIoT1ClickReadOnlyAccess or a file with a document.");
	*out = word;
	if (strpbrk(word, "./")) {
		err = command_read_file(ctx, word, DOCUMENT_BYTES_MAX, &text, why);
		if (err)
			return err;
		*out = text.data;
	}
	return policy_parse(ctx, *out, &policy, why);
}

static enum err
add_key(struct tx *tx, void *arg, struct fault *why)
{
	return keys_add(tx, arg, why);
}

static enum err
create(struct store *store, const void *ctx, const struct command_words *words,
	struct fault *why)
{
	char id[4 + ID_DRAWN + 1] = "AKIA", secret[SECRET_LENGTH + 1];
	struct key key = {
		.id = id,
		.secret = secret,
		.account = words->account,
		.user = words->user,
		.created_at = moment_now(),
	};
	enum err err = check_user(words->user, why);

	if (!err)
		err = read_policy(ctx, words->policy, &key.policy, why);
	if (err)
		return err;
	digest_random_text(UPPER "234567", id + 4, ID_DRAWN);
	digest_random_text(UPPER LOWER "0123456789+/", secret, SECRET_LENGTH);
	err = store_write(store, add_key, &key, why);
	if (!err)
		printf("AWS_ACCESS_KEY_ID=%s\nAWS_SECRET_ACCESS_KEY=%s\n", id, secret);
	digest_wipe(secret, sizeof secret);
	return err;
}

static const struct option_row create_rows[] = {
	COMMAND_ROW_STATE,
	COMMAND_ROW("--user", OPTION_TEXT, user, NULL, "NAME", "who holds the key"),
	COMMAND_ROW("--policy", OPTION_TEXT, policy, NULL, "NAME|FILE",
		"AWSIoT1ClickFullAccess, AWSIoT1ClickReadOnlyAccess, or a JSON document"),
	COMMAND_ROW("--account", OPTION_ACCOUNT, account, ACCOUNT_DEFAULT, "DIGITS",
		"the account the user is of"),
};

const struct command command_key_create = {
	.noun = "key",
	.verb = "create",
	COMMAND_ROWS(create_rows),
	.run = create,
	.help = "make an access key; its secret is shown this once",
};

/* ---- list ---- */

static bool
print_key(void *ctx, const struct key *key)
{
	char created[MOMENT_ISO_SIZE];
	bool is_document = strchr(key->policy, '{') != NULL;

	moment_to_iso(key->created_at, created);
	printf("%s\t%s\t%s\t%s\t%s\t%s\n", key->id, key->account,
		text_safe_z(ctx, key->user).text,
		is_document ? "document" : text_safe_z(ctx, key->policy).text, created,
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

static const struct option_row revoke_rows[] = {
	COMMAND_ROW_STATE,
	COMMAND_ROW("ID", OPTION_WORD, id, NULL, "ID", "of the key, as list shows it"),
};

const struct command command_key_revoke = {
	.noun = "key",
	.verb = "revoke",
	COMMAND_ROWS(revoke_rows),
	.run = revoke,
	.help = "refuse the key from now on",
};
