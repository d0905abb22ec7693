/* oneclickd account create, list. */
#include <stdio.h>

#include "command_access.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/base/utf8.h"
#include "oneclick/service/settings.h"

enum { DIGITS = 12, TITLE_MAX = 128 };

/* ---- create ---- */

static enum err
add_account(struct tx *tx, void *arg, struct fault *why)
{
	return accounts_add(tx, arg, why);
}

static enum err
create(struct store *store, const void *ctx, const struct command_words *words,
	struct fault *why)
{
	char drawn[DIGITS + 1];
	struct account account = {
		.id = words->account,
		.name = words->name ? words->name : "",
		.created_at = moment_now(),
	};
	enum err err;

	(void)ctx;
	if (utf8_count(account.name) > TITLE_MAX)
		return fault(
			why, ERR_INVALID, "--name takes up to %d characters.", TITLE_MAX);
	if (!account.id) {
		digest_random_text("0123456789", drawn, DIGITS);
		account.id = drawn;
	}
	pairs_set(words->made, "account", account.id);
	err = store_write(store, add_account, &account, why);
	if (!err)
		printf("%s\n", account.id);
	return err;
}

static const struct option_row create_rows[] = {
	COMMAND_ROW_STATE,
	COMMAND_ROW("--account", OPTION_ACCOUNT, account, NULL, "DIGITS",
		"its 12 digits, drawn when they are not given"),
	COMMAND_ROW("--name", OPTION_TEXT, name, NULL, "TEXT", "what people call it"),
};

const struct command command_account_create = {
	.noun = "account",
	.verb = "create",
	.event = "CreateAccount",
	COMMAND_ROWS(create_rows),
	.run = create,
	.help = "make an account, whose users see nothing of any other's",
};

/* ---- list ---- */

static bool
print_account(void *ctx, const struct account *account)
{
	char created[MOMENT_ISO_SIZE];

	moment_to_iso(account->created_at, created);
	printf("%s\t%s\t%s\n", account->id, text_safe_z(ctx, account->name).text,
		created);
	return true;
}

static enum err
list_accounts(struct tx *tx, void *ctx, struct fault *why)
{
	return accounts_list(tx, print_account, ctx, why);
}

static enum err
list(struct store *store, const void *ctx, const struct command_words *words,
	struct fault *why)
{
	(void)words;
	return store_read(store, list_accounts, mem_life(ctx), why);
}

static const struct option_row list_rows[] = { COMMAND_ROW_STATE };

const struct command command_account_list = {
	.noun = "account",
	.verb = "list",
	.reads = true,
	COMMAND_ROWS(list_rows),
	.run = list,
	.help = "ID, name and moment made of each account that was made or given a user",
};
