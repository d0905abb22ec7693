#include "tally.h"

#include <uthash.h>

#include "oneclick/base/mem.h"
#include "oneclick/service/audit.h"
#include "oneclick/service/trail.h"

enum { SOURCES_MAX = 256 };

#define ELSEWHERE "other addresses"
#define SOURCE "iot1click.amazonaws.com"

/* One kind from one address, in this period. */
struct entry {
	char *key;
	struct principal who; /* arn NULL: nobody known */
	const char *name, *error, *sentence, *peer;
	bool is_write;
	struct audit_sum sum; /* of those that have no record yet */
	UT_hash_handle hh;
};

struct tally {
	struct service *service;
	struct loop_timer *timer;
	int64_t period;
	void *life;            /* of the entries; NULL: there are none */
	struct entry *entries; /* the first SOURCES_MAX, and one for each kind beyond */
};

struct tally *
tally_new(const void *ctx, struct service *service, int64_t period)
{
	struct tally *tally = mem_new(ctx, struct tally);

	tally->service = service;
	tally->period = period;
	return tally;
}

/* ---- records ---- */

static void
record(struct tally *tally, const struct tally_note *note, const struct audit_sum *sum)
{
	const struct settings *settings = &tally->service->settings;
	const char *account =
		note->principal ? note->principal->account : settings->account;
	const struct audit_note audit = {
		.op = OP_NONE,
		.name = note->name,
		.source = SOURCE,
		.is_write = note->is_write,
		.request = note->request,
		.principal = note->principal,
		.region = settings->region,
		.account = settings->account,
		.error = note->error,
		.sentence = note->sentence,
		.sum = sum,
	};
	struct buf out;

	buf_init(&out, NULL, BUF_NO_CAP);
	audit_record(&out, &audit);
	trail_add(tally->service->trail, note->request->at, account, note->name,
		out.data);
	buf_release(&out);
}

static void
record_sum(struct tally *tally, const struct entry *entry)
{
	const struct request request = { .peer = entry->peer, .at = entry->sum.to };
	const struct tally_note note = {
		.name = entry->name,
		.error = entry->error,
		.sentence = entry->sentence,
		.request = &request,
		.principal = entry->who.arn ? &entry->who : NULL,
		.is_write = entry->is_write,
	};

	record(tally, &note, &entry->sum);
}

void
tally_end(struct tally *tally)
{
	struct entry *entry, *next;

	HASH_ITER (hh, tally->entries, entry, next)
		if (entry->sum.count > 0)
			record_sum(tally, entry);
	HASH_CLEAR(hh, tally->entries);
	mem_free(tally->life);
	tally->life = NULL;
}

/* ---- counting ---- */

static void
on_timer(void *arg)
{
	tally_end(arg);
}

static void
begin_period(struct tally *tally)
{
	tally->life = mem_life(tally);
	if (!tally->timer)
		tally->timer = loop_timer_new(tally->service->loop, on_timer, tally);
	loop_timer_set(tally->timer, tally->period, 0);
}

static char *
make_key(const void *ctx, const struct tally_note *note, const char *peer)
{
	return mem_format(ctx, "%s\n%s\n%s\n%s\n%d", peer, note->name,
		note->error ? note->error : "",
		note->principal ? note->principal->arn : "",
		note->repeated);
}

static struct entry *
find(struct tally *tally, const char *key)
{
	struct entry *found;

	HASH_FIND_STR(tally->entries, key, found);
	return found;
}

static struct entry *
add(struct tally *tally, const struct tally_note *note, const char *peer, char *key)
{
	struct entry *entry = mem_new(tally->life, struct entry);

	entry->key = mem_move(entry, key);
	entry->name = mem_text(entry, note->name);
	entry->error = mem_text(entry, note->error);
	entry->sentence = mem_text(entry, note->sentence);
	entry->peer = mem_text(entry, peer);
	entry->is_write = note->is_write;
	entry->sum.repeated = note->repeated;
	if (note->principal)
		entry->who = (struct principal){
			.account = mem_text(entry, note->principal->account),
			.user = mem_text(entry, note->principal->user),
			.arn = mem_text(entry, note->principal->arn),
			.access_key = mem_text(entry, note->principal->access_key),
		};
	HASH_ADD_KEYPTR(hh, tally->entries, entry->key, strlen(entry->key), entry);
	return entry;
}

static void
count(struct entry *entry, int64_t at)
{
	if (entry->sum.count++ == 0)
		entry->sum.from = at;
	entry->sum.to = at;
}

static void
count_elsewhere(struct tally *tally, const struct tally_note *given)
{
	struct tally_note note = *given;
	struct entry *entry;
	char *key;

	note.principal = NULL;
	key = make_key(tally->life, &note, ELSEWHERE);
	entry = find(tally, key);
	if (!entry)
		entry = add(tally, &note, ELSEWHERE, key);
	count(entry, note.request->at);
}

void
tally_add(struct tally *tally, const struct tally_note *note)
{
	const char *peer = note->request->peer;
	const struct audit_sum first = {
		.count = 1,
		.from = note->request->at,
		.to = note->request->at,
		.repeated = true,
	};
	struct entry *entry;
	char *key;

	if (!tally->life)
		begin_period(tally);
	key = make_key(tally->life, note, peer);
	entry = find(tally, key);
	if (entry) {
		mem_free(key);
		count(entry, note->request->at);
	} else if (HASH_COUNT(tally->entries) < SOURCES_MAX) {
		add(tally, note, peer, key);
		record(tally, note, note->repeated ? &first : NULL);
	} else {
		mem_free(key);
		count_elsewhere(tally, note);
	}
}

void
tally_close(struct tally *tally)
{
	tally_end(tally);
	if (tally->timer)
		loop_timer_stop(tally->timer);
	mem_free(tally);
}
