#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "state_rows.h"

static struct event_row *
add_row(struct state *state)
{
	struct events *events = &state->events;
	struct event_row *row;

	if (!events->row)
		events->row = mem_array(state, struct event_row, EVENTS_KEPT);
	row = &events->row[events->taken % EVENTS_KEPT];
	*row = (struct event_row){ .number = events->taken++ };
	events->shelf.more = events->shelf.count == EVENTS_KEPT;
	if (events->shelf.more)
		events->shelf.appended = false;
	else
		events->shelf.count++;
	events->shelf.shape++;
	return row;
}

/* What the event says of its device, applied to the shelf. */
static void
apply_event(struct state *state, const struct event_row *event, const struct value *data)
{
	const char *id = value_text(data, "deviceId");
	uint32_t at = devices_find(state, id);

	if (at == NO_ROW && event->kind == EVENT_CLAIMED) {
		devices_put(state, data);
		at = devices_find(state, id);
	}
	if (at == NO_ROW)
		return;
	if (event->kind == EVENT_UNCLAIMED) {
		devices_drop(state, at);
		return;
	}
	state->devices.row[at].life = event->life;
	if (event_is_click((enum event_kind)event->kind)) {
		state->devices.row[at].seen = event->at;
		state->devices.row[at].last_click = (unsigned char)(event->kind + 1);
	}
	if (event->kind == EVENT_ENABLED || event->kind == EVENT_DISABLED)
		devices_flag(state, at, ROW_ENABLED, event->kind == EVENT_ENABLED);
	if (event->kind == EVENT_PLACED)
		devices_place(state, at, value_text(data, "projectName"),
			value_text(data, "placementName"),
			value_text(data, "deviceTemplateName"));
	if (event->kind == EVENT_REMOVED)
		devices_place(state, at, NULL, NULL, NULL);
	devices_touch(state, at);
}

static const struct event_row *
take_gap(struct state *state, int64_t pos)
{
	struct event_row *row = add_row(state);

	row->pos = pos;
	row->at = moment_now();
	row->kind = EVENT_KINDS;
	return row;
}

const struct event_row *
events_take(struct state *state, int64_t pos, const char *kind, const struct value *data)
{
	enum event_kind what = EVENT_KINDS;
	const char *name = value_text(data, "kind"), *at = value_text(data, "at");
	struct event_row *row;

	if (strcmp(kind, "gap") == 0)
		return take_gap(state, pos);
	if (!name || !event_kind_from_name(name, &what) || !value_text(data, "deviceId"))
		return NULL;
	row = add_row(state);
	row->pos = pos;
	row->kind = (unsigned char)what;
	if (!at || !moment_from_iso(at, &row->at))
		row->at = moment_now();
	row->device = words_put(state->words, value_text(data, "deviceId"));
	row->project = words_put(state->words, value_text(data, "projectName"));
	row->placement = words_put(state->words, value_text(data, "placementName"));
	row->template_name =
		words_put(state->words, value_text(data, "deviceTemplateName"));
	row->life = value_percent(data, "remainingLife");
	apply_event(state, row, data);
	return row;
}

const struct event_row *
events_at(const struct state *state, size_t i)
{
	const struct events *events = &state->events;
	int64_t first = events->taken - (int64_t)events->shelf.count;

	return &events->row[(first + (int64_t)i) % EVENTS_KEPT];
}

void
events_clear(struct state *state)
{
	state->events.shelf.count = 0;
	state->events.shelf.more = false;
	state->events.shelf.shape++;
	state->events.shelf.appended = false;
}

const char *
event_row_name(const struct event_row *event)
{
	switch (event->kind) {
	case EVENT_KINDS:
		return "gap";
	case EVENT_LIFE_LOW:
		return "BATTERY LOW";
	case EVENT_NOT_HEARD:
		return "NOT HEARD";
	default:
		return event_kind_name((enum event_kind)event->kind);
	}
}
