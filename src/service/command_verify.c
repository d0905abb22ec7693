/* oneclickd audit verify. */
#include <stdio.h>
#include <string.h>

#include "audit_key.h"
#include "command.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/settings.h"
#include "oneclick/store/audit.h"
#include "signed_head.h"

enum { AT_ONCE = 500, HEADS_BYTES_MAX = 64 * 1024 * 1024 };

struct verifying {
	struct audit_chain chain;
	struct signed_head *heads;
	size_t count;
	size_t noted;      /* of them, by who asks; the last may be the store's own */
	size_t held, aged; /* of the noted: found in it, older than what it keeps */
	char store[HEAD_STORE_SIZE];
};

/* ---- the heads ---- */

static void
add_head(const void *ctx, struct verifying *v, const struct signed_head *head)
{
	v->heads = mem_resize(ctx, v->heads, struct signed_head, v->count + 1);
	v->heads[v->count++] = *head;
}

static enum err
read_file(const void *ctx, struct verifying *v, const char *path, struct fault *why)
{
	size_t before = v->count;
	struct signed_head head;
	struct buf text;
	enum err err = file_read(ctx, path, HEADS_BYTES_MAX, &text, why);
	char *rest = text.data;

	while (!err && rest)
		if (signed_head_find(strsep(&rest, "\n"), &head))
			add_head(ctx, v, &head);
	if (!err && v->count == before)
		return fault(why, ERR_INVALID,
			"%.300s: there is no head in it; a line with one has \"audit-head "
			"position=...\".",
			path);
	return err;
}

/* A head as text, or a file of lines with heads: a journal, a mailbox. */
static enum err
read_heads(const void *ctx, struct verifying *v, const char *word, struct fault *why)
{
	struct signed_head head;

	if (!word)
		return ERR_NONE;
	if (!signed_head_find(word, &head))
		return read_file(ctx, v, word, why);
	add_head(ctx, v, &head);
	return ERR_NONE;
}

/* One that is not ours would accuse a store that is sound. */
static enum err
check_signatures(const struct verifying *v, struct fault *why)
{
	const struct audit_key *key = &v->chain.key;

	for (size_t i = 0; key->known && i < v->count; i++) {
		const struct signed_head *head = &v->heads[i];

		if (head->is_signed && memcmp(head->sig, key->id, sizeof key->id) == 0 &&
			!signed_head_is_signed_by(head, key))
			return fault(why, ERR_CONFLICT,
				"The head of record %lld was changed: its signature is "
				"not of what it says.",
				(long long)head->at.pos);
	}
	return ERR_NONE;
}

static enum err
compare_heads(struct tx *tx, void *arg, struct fault *why)
{
	struct verifying *v = arg;
	enum err err = ERR_NONE;
	bool held;

	for (size_t i = 0; !err && i < v->count; i++) {
		err = signed_head_compare(tx, &v->heads[i], v->store, &held, why);
		v->held += held && i < v->noted;
		v->aged += !err && !held && i < v->noted;
	}
	return err;
}

/* ---- the walk ---- */

static enum err
verify_some(struct tx *tx, void *arg, struct fault *why)
{
	return audit_verify(tx, &((struct verifying *)arg)->chain, AT_ONCE, why);
}

/* Without the key the chain alone is looked at, which its forger could compute too. */
static enum err
need_key(struct verifying *v, const char *path, struct fault *why)
{
	enum err err = audit_key_read(path, &v->chain.key, why);

	if (err != ERR_NOT_FOUND)
		return err;
	fprintf(stderr,
		"oneclickd: warning: there is no key %s, so that signatures were not "
		"checked; if it was lost, the next start makes a new one.\n",
		path);
	return ERR_NONE;
}

static enum err
check_signed(const struct verifying *v, struct fault *why)
{
	if (!v->chain.key.known || v->chain.records == 0 || v->chain.signed_from > 0)
		return ERR_NONE;
	return fault(why, ERR_CONFLICT,
		"None of the %lld records is signed with this key, although there is "
		"one: the store is older than the key, or was put in its place.",
		(long long)v->chain.records);
}

static void
print(const struct verifying *v)
{
	const struct audit_chain *chain = &v->chain;
	char hash[DIGEST_HEX_SIZE], until[MOMENT_ISO_SIZE];

	digest_hex(chain->hash, sizeof chain->hash, hash);
	moment_to_iso(chain->trimmed_until, until);
	printf("%lld records follow one another", (long long)chain->records);
	if (chain->records > 0)
		printf(", %lld to %lld", (long long)chain->first, (long long)chain->pos);
	if (chain->signed_from > 0)
		printf(", signed from %lld on", (long long)chain->signed_from);
	if (chain->trimmed > 0)
		printf("; %lld older than %s were removed for their age (keep-audit)",
			(long long)chain->trimmed, until);
	if (v->held == 1)
		printf("; the one noted is still there");
	else if (v->held > 1)
		printf("; the %zu noted are still there", v->held);
	if (v->aged > 0)
		printf("; %zu noted are older than what is kept", v->aged);
	printf("; head %lld:%s\n", (long long)chain->pos, hash);
}

/* The heads are read first: what was kept when they were is in the store, or lost. */
static enum err
verify(struct store *store, const void *ctx, const struct command_words *words,
	struct fault *why)
{
	const struct settings *settings = words->settings;
	struct verifying v = { 0 };
	struct signed_head kept;
	enum err err = need_key(&v,
		audit_key_path(ctx, settings->state,
			words->key ? words->key : settings->audit_key_file),
		why);

	signed_head_name_store(store_secret(store), v.store);
	if (!err)
		err = read_heads(ctx, &v, words->head, why);
	v.noted = v.count;
	if (!err && signed_head_kept(signed_head_kept_path(ctx, settings->state), &kept))
		add_head(ctx, &v, &kept);
	if (!err)
		err = check_signatures(&v, why);
	while (!err && !v.chain.ended)
		err = store_read(store, verify_some, &v, why);
	if (!err)
		err = check_signed(&v, why);
	if (!err)
		err = store_read(store, compare_heads, &v, why);
	if (!err)
		print(&v);
	return err;
}

static const struct option_row rows[] = {
	COMMAND_ROW("--against", OPTION_TEXT, head, NULL, "HEAD|FILE",
		"a head that was sent or printed, or a file with lines that have some, "
		"to see that nothing went since"),
	COMMAND_ROW("--head", OPTION_TEXT, head, NULL, "HEAD|FILE", "the same"),
	COMMAND_ROW("--key", OPTION_TEXT, key, NULL, "FILE",
		"the key the records are signed with, if it is not where the service "
		"has it"),
	COMMAND_ROW_STATE,
};

const struct command command_audit_verify = {
	.noun = "audit",
	.verb = "verify",
	.reads = true,
	COMMAND_ROWS(rows),
	.run = verify,
	.help = "check that no record was changed, put in, taken out or cut off",
};
