#include "day_key.h"

#include <pthread.h>
#include <string.h>

#include "oneclick/base/buf.h"
#include "oneclick/service/principal.h"
#include "policy_shelf.h"

enum { KEPT = 64 };

/* A slot is found and owned by the digest of what its key is made from. */
static struct slot {
	unsigned char tag[DIGEST_SIZE];
	unsigned char key[DIGEST_SIZE];
} slots[KEPT];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void
make_tag(const char *secret, const struct sign_scope *scope,
	unsigned char tag[DIGEST_SIZE])
{
	struct buf text;

	buf_init(&text, NULL, BUF_NO_CAP);
	buf_format(
		&text, "%s/%s/%s/%s", secret, scope->date, scope->region, scope->service);
	digest_sha256(text.data, text.len, tag);
	digest_wipe(text.data, text.len);
	buf_release(&text);
}

void
day_key(const char *secret, const struct sign_scope *scope,
	unsigned char key[DIGEST_SIZE])
{
	unsigned char tag[DIGEST_SIZE];
	struct slot *slot;
	bool kept;

	make_tag(secret, scope, tag);
	slot = &slots[tag[0] % KEPT];
	pthread_mutex_lock(&lock);
	kept = digest_is_equal(slot->tag, tag, DIGEST_SIZE);
	if (kept)
		memcpy(key, slot->key, DIGEST_SIZE);
	pthread_mutex_unlock(&lock);
	if (kept)
		return;
	sign_key(secret, scope, key);
	pthread_mutex_lock(&lock);
	memcpy(slot->tag, tag, DIGEST_SIZE);
	memcpy(slot->key, key, DIGEST_SIZE);
	pthread_mutex_unlock(&lock);
}

void
authn_forget(void)
{
	pthread_mutex_lock(&lock);
	digest_wipe(slots, sizeof slots);
	pthread_mutex_unlock(&lock);
	policy_shelf_clear();
}
