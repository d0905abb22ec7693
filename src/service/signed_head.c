#include "signed_head.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/number.h"

#define WORD "audit-head "

enum { ID_HEX = 2 * AUDIT_KEY_ID_SIZE, HASH_HEX = 2 * DIGEST_SIZE };

/* ---- what it is made of ---- */

void
signed_head_name_store(const unsigned char *secret, char out[HEAD_STORE_SIZE])
{
	static const char what[] = "audit store";
	unsigned char all[DIGEST_SIZE];

	digest_hmac(secret, DIGEST_SIZE, what, strlen(what), all);
	digest_hex(all, (HEAD_STORE_SIZE - 1) / 2, out);
}

static void
sign(const struct signed_head *head, const struct audit_key *key,
	unsigned char out[AUDIT_SIG_SIZE])
{
	char what[64];

	snprintf(what, sizeof what, "head %s %lld", head->store, (long long)head->at.at);
	audit_sign(key, what, head->at.pos, head->at.hash, out);
}

enum err
signed_head_read(struct tx *tx, const struct audit_key *key, const unsigned char *secret,
	struct signed_head *out, struct fault *why)
{
	enum err err = audit_head_read(tx, &out->at, why);

	signed_head_name_store(secret, out->store);
	out->is_signed = key->known;
	if (!err && key->known)
		sign(out, key, out->sig);
	return err;
}

bool
signed_head_is_signed_by(const struct signed_head *head, const struct audit_key *key)
{
	unsigned char own[AUDIT_SIG_SIZE];

	sign(head, key, own);
	return head->is_signed && digest_is_equal(own, head->sig, sizeof own);
}

/* ---- as a line ---- */

void
signed_head_write(struct buf *out, const struct signed_head *head)
{
	char time[MOMENT_ISO_SIZE], hash[HASH_HEX + 1], id[ID_HEX + 1],
		sig[HASH_HEX + 1];

	moment_to_iso(head->at.at, time);
	digest_hex(head->at.hash, DIGEST_SIZE, hash);
	buf_format(out, WORD "position=%lld time=%s hash=%s store=%s",
		(long long)head->at.pos, time, hash, head->store);
	if (!head->is_signed)
		return;
	digest_hex(head->sig, AUDIT_KEY_ID_SIZE, id);
	digest_hex(head->sig + AUDIT_KEY_ID_SIZE, DIGEST_SIZE, sig);
	buf_format(out, " key=%s signature=%s", id, sig);
}

static bool
read_hex(const char *text, size_t bytes, unsigned char *out)
{
	if (strspn(text, "0123456789abcdef") != 2 * bytes)
		return false;
	for (size_t i = 0; i < bytes; i++) {
		char pair[] = { text[2 * i], text[2 * i + 1], '\0' };

		out[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
	return true;
}

static bool
read_short(const char *text, struct signed_head *out)
{
	const char *colon = strchr(text, ':');
	char hash[HASH_HEX + 1];

	if (!colon || !number_read_int(text, (size_t)(colon - text), &out->at.pos))
		return false;
	snprintf(hash, sizeof hash, "%.*s", (int)HASH_HEX, colon + 1);
	return out->at.pos > 0 && strspn(colon + 1, "0123456789abcdef") == HASH_HEX &&
	       read_hex(hash, DIGEST_SIZE, out->at.hash);
}

bool
signed_head_find(const char *line, struct signed_head *out)
{
	const char *at = strstr(line, WORD);
	char time[32], hash[HASH_HEX + 2], id[ID_HEX + 2], sig[HASH_HEX + 2];
	long long pos;
	int words;

	*out = (struct signed_head){ 0 };
	if (!at)
		return read_short(line, out);
	words = sscanf(at,
		WORD "position=%18lld time=%31s hash=%65s store=%16s key=%17s "
		     "signature=%65s",
		&pos, time, hash, out->store, id, sig);
	if (words < 4 || pos < 1 || !moment_from_iso(time, &out->at.at) ||
		!read_hex(hash, DIGEST_SIZE, out->at.hash))
		return false;
	out->at.pos = pos;
	out->is_signed = words == 6;
	return words == 4 || (words == 6 && read_hex(id, AUDIT_KEY_ID_SIZE, out->sig) &&
				     read_hex(sig, DIGEST_SIZE,
					     out->sig + AUDIT_KEY_ID_SIZE));
}

/* ---- beside the store ---- */

char *
signed_head_kept_path(const void *ctx, const char *state)
{
	return mem_format(ctx, "%s/audit.head", state);
}

enum err
signed_head_keep(const char *path, const struct signed_head *head, struct fault *why)
{
	struct buf line;
	enum err err;

	buf_init(&line, NULL, HEAD_LINE_MAX);
	signed_head_write(&line, head);
	buf_char(&line, '\n');
	err = file_write(path, &line, why);
	buf_release(&line);
	return err;
}

bool
signed_head_kept(const char *path, struct signed_head *out)
{
	void *life = mem_life(NULL);
	struct buf line;
	bool found = file_read(life, path, HEAD_LINE_MAX, &line, NULL) == ERR_NONE &&
		     signed_head_find(line.data, out);

	mem_free(life);
	return found;
}

/* ---- what a store says to it ---- */

struct restores {
	int64_t until, pos, at;
};

static bool
look_for_restore(void *arg, int64_t pos, int64_t at, const char *record)
{
	struct restores *restores = arg;

	if (strstr(record, "\"eventName\":\"RestoreStore\"")) {
		restores->pos = pos;
		restores->at = at;
	}
	return restores->pos == 0;
}

/* The record has another hash now, while the chain is sound: what is here is another
 * continuation of an older copy. */
static enum err
refuse_other(struct tx *tx, const struct signed_head *head, struct fault *why)
{
	struct restores found = { 0 };
	char when[MOMENT_ISO_SIZE];
	enum err err = audit_follow(tx, 0, INT_MAX, look_for_restore, &found, why);

	if (err)
		return err;
	moment_to_iso(found.at, when);
	if (found.pos > 0)
		return fault(why, ERR_CONFLICT,
			"Record %lld is not the one of the head: an older backup was "
			"restored (record %lld says so, %s), and what came between that "
			"backup and the head is not in this store.",
			(long long)head->at.pos, (long long)found.pos, when);
	return fault(why, ERR_CONFLICT,
		"Record %lld is not the one of the head: an older copy of the store was "
		"put in its place and has gone on from there; what came between is not "
		"in it.",
		(long long)head->at.pos);
}

enum err
signed_head_compare(struct tx *tx, const struct signed_head *head, const char *store, bool *held,
	struct fault *why)
{
	struct audit_head last, there = head->at;
	enum err err = audit_head_read(tx, &last, why);
	struct fault unheard;

	*held = false;
	if (err)
		return err;
	if (*head->store && strcmp(head->store, store) != 0)
		return fault(why, ERR_CONFLICT,
			"The head of record %lld is of another store (%s) than this one "
			"(%s): the store was replaced.",
			(long long)head->at.pos, head->store, store);
	if (last.pos < head->at.pos)
		return fault(why, ERR_CONFLICT,
			"The store ends with record %lld, and the head is of record "
			"%lld: %lld records are missing. The end is whole in itself, so "
			"this is an older state of the store: an older backup or copy, or "
			"its write-ahead log was cut off.",
			(long long)last.pos, (long long)head->at.pos,
			(long long)(head->at.pos - last.pos));
	err = audit_link(tx, &there, &unheard);
	if (err == ERR_NOT_FOUND)
		return ERR_NONE; /* removed for its age */
	if (err)
		return fault(why, err, "%s", unheard.sentence);
	*held = memcmp(there.hash, head->at.hash, sizeof there.hash) == 0;
	return *held ? ERR_NONE : refuse_other(tx, head, why);
}
