#include "oneclick/ui/pace.h"

struct pace
pace_local(void)
{
	return (struct pace){ .gap = PACE_LOCAL_GAP };
}

struct pace
pace_remote(void)
{
	return (struct pace){ .asking = true, .gap = PACE_REMOTE_GAP };
}

static void
miss(struct pace *pace)
{
	pace->out = false;
	if (++pace->misses < PACE_MISSES)
		return;
	pace->asking = false;
	pace->gap = PACE_SILENT_GAP;
}

int
pace_wait(struct pace *pace, int64_t now)
{
	int64_t since = now - pace->last;

	if (pace->last == 0)
		return 0;
	if (pace->out) {
		if (since < PACE_TIMEOUT)
			return (int)(PACE_TIMEOUT - since);
		miss(pace);
	}
	/* a link of which nothing is known gets no more for being typed at */
	if (since >= pace->gap || (pace->key && pace->gap != PACE_SILENT_GAP))
		return 0;
	return (int)(pace->gap - since);
}

void
pace_sent(struct pace *pace, int64_t now)
{
	pace->last = now;
	pace->key = false;
	pace->out = pace->asking;
}

void
pace_answered(struct pace *pace)
{
	pace->out = false;
	pace->misses = 0;
}

void
pace_typed(struct pace *pace)
{
	pace->key = true;
}
