#include "resent.h"

#include <string.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"

enum {
	KEPT = 4 * MARKS_BATCHES, /* marks; a batch may have several */
	SHORTLY = 30 * 1000,      /* ms a broker may take to hear what it is told */
};

struct resent {
	struct {
		uint64_t mark; /* 0: none */
		int64_t at;
	} taken[KEPT]; /* a ring */
	size_t next;
	int64_t batch;    /* the last one's number */
	int64_t ended_at; /* the last connection, at the latest */
	bool suspect;
};

static void
add(void *arg, const struct marks *marks)
{
	struct resent *resent = arg;

	for (size_t i = 0; i < marks->count; i++) {
		resent->taken[resent->next].mark = marks->mark[i];
		resent->taken[resent->next].at = marks->at;
		resent->next = (resent->next + 1) % KEPT;
	}
	resent->batch = marks->batch;
	resent->ended_at = marks->at;
}

static enum err
read_batches(struct tx *tx, void *arg, struct fault *why)
{
	return marks_list(tx, add, arg, why);
}

enum err
resent_open(const void *ctx, struct store *store, struct resent **out, struct fault *why)
{
	*out = mem_new(ctx, struct resent);
	return store_read(store, read_batches, *out, why);
}

uint64_t
resent_mark(const struct mqtt_message *message)
{
	unsigned char digest[DIGEST_SIZE], all[2 * DIGEST_SIZE];
	uint64_t mark;

	if (message->id == 0)
		return 0;
	digest_sha256(message->topic, strlen(message->topic), all);
	digest_sha256(message->payload, message->size, all + DIGEST_SIZE);
	digest_sha256(all, sizeof all, digest);
	memcpy(&mark, digest, sizeof mark);
	return mark << 16 | (uint16_t)message->id;
}

void
resent_note_end(struct resent *resent, int64_t now)
{
	resent->ended_at = now;
}

void
resent_note_begin(struct resent *resent, bool remembered)
{
	resent->suspect = remembered;
	if (!remembered)
		memset(resent->taken, 0, sizeof resent->taken);
}

/* What is new comes after all that is sent again. */
bool
resent_was_taken(struct resent *resent, uint64_t mark, int64_t now)
{
	size_t i = 0;

	if (!resent->suspect || mark == 0)
		return false;
	while (i < KEPT && (resent->taken[i].mark != mark ||
				   resent->taken[i].at < resent->ended_at - SHORTLY))
		i++;
	resent->suspect = i < KEPT;
	/* It may be sent once more, if this connection does not last either. */
	if (resent->suspect)
		resent->taken[i].at = now;
	return resent->suspect;
}

int64_t
resent_next(const struct resent *resent)
{
	return resent->batch + 1;
}

void
resent_keep(struct resent *resent, const struct marks *marks)
{
	add(resent, marks);
}
