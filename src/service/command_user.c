/* oneclickd user create, list, show, delete, policy, tag. */
#include <stdio.h>
#include <string.h>

#include "command_access.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/json.h"
#include "oneclick/service/principal.h"
#include "oneclick/service/settings.h"
#include "oneclick/store/keys.h"

/* What a command does to one user, in one transaction. */
struct doing {
	const void *ctx;
	const struct command_words *words;
	struct access_policy policy; /* to attach; name NULL: none */
	struct user user;
	struct pairs *policies, *tags; /* of the user, read */
	struct buf out; /* printed once it is on disk */
};

static enum err
check_user(const struct command_words *words, struct fault *why)
{
	if (!words->id)
		return fault(why, ERR_INVALID, "Which user? Give its name.");
	return access_check_name("A user's name", words->id, why);
}

static enum err
find_user(struct tx *tx, struct doing *doing, struct fault *why)
{
	enum err err = users_find(tx, doing->ctx, doing->words->account, doing->words->id,
		&doing->user, why);

	if (err)
		return err;
	doing->policies = json_read_pairs(doing->ctx, doing->user.policies);
	doing->tags = json_read_pairs(doing->ctx, doing->user.tags);
	if (doing->policies && doing->tags)
		return ERR_NONE;
	return fault(why, ERR_INTERNAL, "User %s cannot be read from the store.",
		doing->user.name);
}

static enum err
save_user(struct tx *tx, struct doing *doing, struct fault *why)
{
	doing->user.policies = json_write_pairs(doing->ctx, doing->policies);
	doing->user.tags = json_write_pairs(doing->ctx, doing->tags);
	return users_save(tx, &doing->user, why);
}

static enum err
attach(struct doing *doing, const char *name, struct fault *why)
{
	const char *removed = doing->words ? doing->words->remove : NULL;
	enum err err = access_check_name("A policy's name", name, why);

	if (err)
		return err;
	if (removed && strcmp(removed, name) == 0)
		return fault(why, ERR_INVALID,
			"--attach and --detach name the same policy, '%.64s'.", name);
	pairs_set(doing->policies, name, doing->policy.text);
	if (doing->policies->count > POLICIES_MAX)
		return fault(why, ERR_INVALID, "A user has at most %d policies.",
			POLICIES_MAX);
	return ERR_NONE;
}

#define ROW_NAME COMMAND_ROW("NAME", OPTION_WORD, id, NULL, "NAME", "of the user")
#define ROW_ACCOUNT \
	COMMAND_ROW("--account", OPTION_ACCOUNT, account, ACCOUNT_DEFAULT, "DIGITS", \
		"the account the user is of")

/* ---- create ---- */

static enum err
add_user(struct tx *tx, void *arg, struct fault *why)
{
	struct doing *doing = arg;
	enum err err = access_need_account(tx, doing->user.account, why);

	return err ? err : users_add(tx, &doing->user, why);
}

static enum err
create(struct store *store, const void *ctx, const struct command_words *words,
	struct fault *why)
{
	struct doing doing = {
		.ctx = ctx,
		.user = { .account = words->account,
			.name = words->id,
			.created_at = moment_now() },
		.policies = pairs_new(ctx),
		.tags = pairs_new(ctx),
	};
	enum err err = check_user(words, why);

	if (!err && words->policy)
		err = access_read_policy(ctx, words->policy, &doing.policy, why);
	if (!err && words->policy)
		err = attach(&doing, doing.policy.name, why);
	if (!err && words->tags)
		err = access_read_tags(doing.tags, words->tags, why);
	if (err)
		return err;
	doing.user.policies = json_write_pairs(ctx, doing.policies);
	doing.user.tags = json_write_pairs(ctx, doing.tags);
	err = store_write(store, add_user, &doing, why);
	if (!err)
		printf("%s\n", principal_arn(ctx, words->account, words->id));
	return err;
}

static const struct option_row create_rows[] = {
	COMMAND_ROW_STATE,
	ROW_NAME,
	ROW_ACCOUNT,
	COMMAND_ROW("--policy", OPTION_TEXT, policy, NULL, "NAME|FILE",
		"what the user may do, as of key create"),
	COMMAND_ROW("--tags", OPTION_TEXT, tags, NULL, "KEY=VALUE,...",
		"what policies know as aws:PrincipalTag/KEY"),
};

const struct command command_user_create = {
	.noun = "user",
	.verb = "create",
	.event = "CreateUser",
	COMMAND_ROWS(create_rows),
	.run = create,
	.help = "make a user, who may then hold access keys",
};

/* ---- list ---- */

static bool
print_user(void *ctx, const struct user *user)
{
	const struct pairs *policies = json_read_pairs(ctx, user->policies);
	char created[MOMENT_ISO_SIZE];

	moment_to_iso(user->created_at, created);
	printf("%s\t%s\t", user->account, text_safe_z(ctx, user->name).text);
	for (size_t i = 0; policies && i < policies->count; i++)
		printf("%s%s", i ? "," : "", text_safe_z(ctx, policies->row[i].key).text);
	printf("\t%s\n", created);
	return true;
}

static enum err
list_users(struct tx *tx, void *ctx, struct fault *why)
{
	return users_list(tx, print_user, ctx, why);
}

static enum err
list(struct store *store, const void *ctx, const struct command_words *words,
	struct fault *why)
{
	(void)words;
	return store_read(store, list_users, mem_life(ctx), why);
}

static const struct option_row list_rows[] = { COMMAND_ROW_STATE };

const struct command command_user_list = {
	.noun = "user",
	.verb = "list",
	.reads = true,
	COMMAND_ROWS(list_rows),
	.run = list,
	.help = "account, name, policies and moment made of each user",
};

/* ---- show ---- */

struct showing {
	const struct user *user;
	struct json j;
};

static bool
show_key(void *arg, const struct key *key)
{
	struct showing *showing = arg;
	char created[MOMENT_ISO_SIZE];

	if (strcmp(key->account, showing->user->account) != 0 ||
		strcmp(key->user, showing->user->name) != 0)
		return true;
	moment_to_iso(key->created_at, created);
	json_open(&showing->j, '{');
	json_member_text(&showing->j, "id", key->id);
	json_member_text(&showing->j, "created", created);
	json_member_bool(&showing->j, "inUse", key->revoked_at == 0);
	json_member_bool(&showing->j, "hasOwnPolicy", *key->policy != '\0');
	json_close(&showing->j, '}');
	return true;
}

/* A document stands as what it is, a managed policy as its name. */
static void
show_policies(const void *ctx, struct json *j, const struct pairs *policies)
{
	json_key(j, "policies");
	json_open(j, '{');
	for (size_t i = 0; i < policies->count; i++) {
		const char *text = policies->row[i].value;
		const struct value *document;

		json_key(j, policies->row[i].key);
		if (json_parse(ctx, text, strlen(text), &document, NULL))
			json_text(j, text);
		else
			json_value(j, document);
	}
	json_close(j, '}');
}

static enum err
show_user(struct tx *tx, void *arg, struct fault *why)
{
	struct doing *doing = arg;
	struct showing showing = { .user = &doing->user, .j = json_seen_to(&doing->out) };
	struct json *j = &showing.j;
	enum err err = find_user(tx, doing, why);

	if (err)
		return err;
	json_open(j, '{');
	json_member_text(j, "account", doing->user.account);
	json_member_text(j, "name", doing->user.name);
	json_member_text(j, "arn",
		principal_arn(doing->ctx, doing->user.account, doing->user.name));
	json_key(j, "tags");
	json_pairs(j, doing->tags);
	show_policies(doing->ctx, j, doing->policies);
	json_key(j, "keys");
	json_open(j, '[');
	err = keys_list(tx, show_key, &showing, why);
	json_close(j, ']');
	json_close(j, '}');
	return err;
}

static enum err
show(struct store *store, const void *ctx, const struct command_words *words,
	struct fault *why)
{
	struct doing doing = { .ctx = ctx, .words = words };
	enum err err = check_user(words, why);

	buf_init(&doing.out, ctx, BUF_NO_CAP);
	if (!err)
		err = store_read(store, show_user, &doing, why);
	if (!err)
		printf("%s\n", doing.out.data);
	return err;
}

static const struct option_row show_rows[] = { COMMAND_ROW_STATE, ROW_NAME, ROW_ACCOUNT };

const struct command command_user_show = {
	.noun = "user",
	.verb = "show",
	.reads = true,
	COMMAND_ROWS(show_rows),
	.run = show,
	.help = "the user's tags, policies and keys, as JSON",
};

/* ---- delete ---- */

static enum err
delete_user(struct tx *tx, void *arg, struct fault *why)
{
	const struct command_words *words = ((struct doing *)arg)->words;
	int keys;
	enum err err = access_count_keys(tx, words->account, words->id, &keys, why);

	if (!err && keys > 0)
		return fault(why, ERR_CONFLICT,
			"User %s has %d access key%s in use; revoke %s first.", words->id,
			keys, keys > 1 ? "s" : "", keys > 1 ? "them" : "it");
	return err ? err : users_remove(tx, words->account, words->id, why);
}

static enum err delete (struct store *store, const void *ctx,
	const struct command_words *words, struct fault *why) {
	struct doing doing = { .ctx = ctx, .words = words };
	enum err err = check_user(words, why);

	return err ? err : store_write(store, delete_user, &doing, why);
}

const struct command command_user_delete = {
	.noun = "user",
	.verb = "delete",
	.event = "DeleteUser",
	COMMAND_ROWS(show_rows),
	.run = delete,
	.help = "forget a user whose keys are all revoked",
};

/* ---- policy ---- */

/* Keys in use of one user, and those of them that carry a policy of their own, which stands
 * in the place of the user's. */
struct bypass {
	const struct user *user;
	int keys, own;
	char *names; /* of those with their own */
};

static bool
count_own(void *arg, const struct key *key)
{
	struct bypass *bypass = arg;

	if (key->revoked_at != 0 || strcmp(key->account, bypass->user->account) != 0 ||
		strcmp(key->user, bypass->user->name) != 0)
		return true;
	bypass->keys++;
	if (*key->policy)
		bypass->names = mem_format(bypass->names, "%s%s%s", bypass->names,
			bypass->own++ ? ", " : "", key->id);
	return true;
}

/* A change that no key would notice is none; one that some would not is told. */
static enum err
check_effect(struct tx *tx, struct doing *doing, struct fault *why)
{
	struct bypass bypass = { .user = &doing->user };
	enum err err;

	bypass.names = mem_text(doing->ctx, "");
	err = keys_list(tx, count_own, &bypass, why);
	if (err || bypass.own == 0)
		return err;
	if (bypass.own == bypass.keys)
		return fault(why, ERR_CONFLICT,
			"This would change nothing: %s, all that user %s has in use, %s "
			"by a policy of its own, in the place of the user's. Make a key "
			"without --policy, and revoke %s.",
			bypass.names, doing->user.name, bypass.own > 1 ? "go" : "goes",
			bypass.own > 1 ? "those" : "that one");
	buf_format(&doing->out,
		"oneclickd: warning: %s of user %s still %s by a policy of its own.\n",
		bypass.names, doing->user.name, bypass.own > 1 ? "go" : "goes");
	return ERR_NONE;
}

static enum err
change_policies(struct tx *tx, void *arg, struct fault *why)
{
	struct doing *doing = arg;
	const struct command_words *words = doing->words;
	enum err err = find_user(tx, doing, why);

	if (!err)
		err = check_effect(tx, doing, why);
	if (!err && words->policy)
		err = attach(doing, words->name ? words->name : doing->policy.name, why);
	if (!err && words->remove && !pairs_remove(doing->policies, words->remove))
		err = fault(why, ERR_NOT_FOUND, "User %s has no policy '%.64s'.",
			words->id, words->remove);
	return err ? err : save_user(tx, doing, why);
}

static enum err
policy(struct store *store, const void *ctx, const struct command_words *words,
	struct fault *why)
{
	struct doing doing = { .ctx = ctx, .words = words };
	enum err err = check_user(words, why);

	if (!err && !words->policy && !words->remove)
		err = fault(why, ERR_INVALID,
			"What about the user's policies? Give --attach or --detach.");
	if (!err && words->name && !words->policy)
		err = fault(why, ERR_INVALID,
			"--as names what --attach brings; give both, or neither.");
	if (!err && words->policy)
		err = access_read_policy(ctx, words->policy, &doing.policy, why);
	buf_init(&doing.out, ctx, BUF_NO_CAP);
	if (!err)
		err = store_write(store, change_policies, &doing, why);
	if (!err && doing.out.len > 0)
		fputs(doing.out.data, stderr);
	return err;
}

static const struct option_row policy_rows[] = {
	COMMAND_ROW_STATE,
	ROW_NAME,
	ROW_ACCOUNT,
	COMMAND_ROW("--attach", OPTION_TEXT, policy, NULL, "NAME|FILE",
		"a managed policy or a JSON document, in place of one of the same name"),
	COMMAND_ROW("--as", OPTION_TEXT, name, NULL, "NAME",
		"what to call it; otherwise the file's name without folder and ending"),
	COMMAND_ROW("--detach", OPTION_TEXT, remove, NULL, "NAME",
		"take this one from the user"),
};

const struct command command_user_policy = {
	.noun = "user",
	.verb = "policy",
	.event = "PutUserPolicy",
	COMMAND_ROWS(policy_rows),
	.run = policy,
	.help = "change what a user may do, from the next request on",
};

/* ---- tag ---- */

static enum err
change_tags(struct tx *tx, void *arg, struct fault *why)
{
	struct doing *doing = arg;
	const struct command_words *words = doing->words;
	enum err err = find_user(tx, doing, why);

	if (!err && words->remove && !pairs_remove(doing->tags, words->remove))
		err = fault(why, ERR_NOT_FOUND, "User %s has no tag '%.64s'.", words->id,
			words->remove);
	if (!err && words->tags)
		err = access_read_tags(doing->tags, words->tags, why);
	if (!err && words->remove && pairs_get(doing->tags, words->remove))
		err = fault(why, ERR_INVALID,
			"--set and --remove name the same tag, '%.64s'.", words->remove);
	return err ? err : save_user(tx, doing, why);
}

static enum err
tag(struct store *store, const void *ctx, const struct command_words *words,
	struct fault *why)
{
	struct doing doing = { .ctx = ctx, .words = words };
	enum err err = check_user(words, why);

	if (!err && !words->tags && !words->remove)
		err = fault(why, ERR_INVALID,
			"What about the user's tags? Give --set or --remove.");
	return err ? err : store_write(store, change_tags, &doing, why);
}

static const struct option_row tag_rows[] = {
	COMMAND_ROW_STATE,
	ROW_NAME,
	ROW_ACCOUNT,
	COMMAND_ROW("--set", OPTION_TEXT, tags, NULL, "KEY=VALUE,...",
		"what policies know as aws:PrincipalTag/KEY"),
	COMMAND_ROW("--remove", OPTION_TEXT, remove, NULL, "KEY", "take this one away"),
};

const struct command command_user_tag = {
	.noun = "user",
	.verb = "tag",
	.event = "TagUser",
	COMMAND_ROWS(tag_rows),
	.run = tag,
	.help = "change a user's tags",
};
