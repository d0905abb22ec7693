#include <string.h>

#include "dispatch_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/service/compose.h"

/* What a letter takes beside its texts, and how often these stand in it: as they are, as
 * a tree, as pairs and in the JSON. */
enum { WEIGHT_ALONE = 2048, WEIGHT_TIMES = 4 };

struct letter *
letter_of_event(const char *region, const struct event *event, struct fault *why)
{
	struct letter *letter = mem_new(NULL, struct letter);

	if (compose(letter, region, event, &letter->parcel, why)) {
		mem_free(letter);
		return NULL;
	}
	letter->pos = event->pos;
	letter->weight = WEIGHT_ALONE + WEIGHT_TIMES * strlen(event->context_json);
	return letter;
}

struct letter *
letter_of_delivery(const char *region, const struct delivery *delivery, struct fault *why)
{
	struct letter *letter = letter_of_event(region, &delivery->event, why);

	if (!letter)
		return NULL;
	letter->stored = true;
	letter->attempts = delivery->attempts;
	letter->due = delivery->due;
	letter->tried_at = delivery->tried_at;
	letter->error = mem_text(letter, delivery->error);
	letter->target = mem_text(letter, delivery->target);
	return letter;
}

void
letter_fail(struct letter *letter, const char *sentence)
{
	letter->error = mem_text(letter, sentence);
	letter->failed = true;
}
