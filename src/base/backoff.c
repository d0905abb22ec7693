#include "oneclick/base/backoff.h"

#include "oneclick/base/digest.h"

static int64_t
longest_wait(const struct backoff *b)
{
	int64_t wait = b->first > 0 ? b->first : 1;

	for (unsigned i = 0; i < b->failures && wait < b->cap; i++)
		wait = wait > b->cap / 2 ? b->cap : wait * 2;
	return wait < b->cap ? wait : b->cap;
}

int64_t
backoff_next(struct backoff *b)
{
	int64_t all = longest_wait(b);
	int64_t half = all / 2;
	uint64_t dice;

	digest_random(&dice, sizeof(dice));
	if (b->failures < 63)
		b->failures++;
	return half + (int64_t)(dice % (uint64_t)(all - half + 1));
}

void
backoff_reset(struct backoff *b)
{
	b->failures = 0;
}
