#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "state_rows.h"

static int64_t
read_time(const struct value *map, const char *name)
{
	const char *text = value_text(map, name);
	int64_t moment = 0;

	return text && moment_from_iso(text, &moment) ? moment : 0;
}

static struct delivery_row
read_row(struct words *words, const struct value *map)
{
	const char *state = value_text(map, "state");

	return (struct delivery_row){
		.event = words_put(words, value_text(map, "eventId")),
		.device = words_put(words, value_text(map, "deviceId")),
		.project = words_put(words, value_text(map, "project")),
		.placement = words_put(words, value_text(map, "placement")),
		.callback = words_put(words, value_text(map, "callback")),
		.error = words_put(words, value_text(map, "error")),
		.attempts = (uint32_t)value_int(map, "attempts", 0),
		.reported = read_time(map, "reportedTime"),
		.next = read_time(map, "nextAttempt"),
		.last = read_time(map, "lastAttempt"),
		.is_dead = state && strcmp(state, "dead") == 0,
	};
}

static void
add_row(struct state *state, struct delivery_row row)
{
	struct deliveries *deliveries = &state->deliveries;

	if (deliveries->fresh_count == deliveries->fresh_room) {
		deliveries->fresh_room =
			deliveries->fresh_room ? 2 * deliveries->fresh_room : 64;
		deliveries->fresh = mem_resize(state, deliveries->fresh,
			struct delivery_row, deliveries->fresh_room);
	}
	deliveries->fresh[deliveries->fresh_count++] = row;
}

bool
deliveries_page(struct state *state, const struct value *body)
{
	const struct value *list = value_get(body, "deliveries");

	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++)
		if (value_text(&list->item[i], "eventId"))
			add_row(state, read_row(state->words, &list->item[i]));
	return state->deliveries.fresh_count < DELIVERIES_KEPT;
}

/* Marks outlive a load. */
static void
carry_mark(struct deliveries *deliveries, const struct delivery_row *old)
{
	for (size_t i = 0; i < deliveries->fresh_count; i++)
		if (deliveries->fresh[i].event == old->event) {
			deliveries->fresh[i].flags |= old->flags & ROW_MARKED;
			return;
		}
}

void
deliveries_end(struct state *state, bool more)
{
	struct deliveries *deliveries = &state->deliveries;
	struct delivery_row *old = deliveries->row;
	size_t room = deliveries->room;

	for (size_t i = 0; i < deliveries->shelf.count; i++)
		if (old[i].flags & ROW_MARKED)
			carry_mark(deliveries, &old[i]);
	deliveries->row = deliveries->fresh;
	deliveries->room = deliveries->fresh_room;
	deliveries->shelf.count = deliveries->fresh_count;
	deliveries->fresh = old;
	deliveries->fresh_room = room;
	deliveries->fresh_count = 0;
	deliveries->shelf.shape++;
	deliveries->shelf.appended = false;
	deliveries->shelf.more = more;
	shelf_whole(&deliveries->shelf);
}
