/*
 * ListDeliveries: what waits to be delivered again, and dead letters, newest event first.
 * Query: state=waiting|dead (both), maxResults, nextToken.
 * Answer: {"deliveries": [{position, eventId, deviceId, callback, state, attempts,
 * reportedTime, nextAttempt, lastAttempt, error, project, placement}, ...], "nextToken"};
 * what is not known is null.
 *
 * ReplayDeliveries: dead letters wait again, and are due.  Body: one of {"eventIds": [...]},
 * {"from": MOMENT, "to": MOMENT} by the time they were reported, {"all": true}; and
 * "callback" for those of one ARN only.  Answer: {"replayed": N, "more": true when there
 * are further ones: call again}.
 */
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/json.h"
#include "oneclick/data/record.h"
#include "oneclick/service/dispatch.h"
#include "oneclick/service/extra.h"
#include "oneclick/store/deliveries.h"

enum {
	REPLAY_AT_ONCE = 5000, /* so that the writer is not held up for long */
	IDS_MAX = 250,
	CALLBACK_MAX = 1024,
};

/* ---- listing ---- */

struct listing {
	struct json j;
	int left;
	int64_t last; /* position of the one last written */
	bool more;
};

static void
write_moment(struct json *j, const char *key, int64_t at)
{
	char iso[MOMENT_ISO_SIZE];

	if (at <= 0) {
		json_member_text(j, key, NULL);
		return;
	}
	moment_to_iso(at, iso);
	json_member_text(j, key, iso);
}

static void
write_place(struct json *j, const char *context)
{
	void *life = mem_life(NULL);
	const struct value *tree = NULL;

	if (context && json_parse(life, context, strlen(context), &tree, NULL))
		tree = NULL;
	json_member_text(j, "project", value_text(tree, "projectName"));
	json_member_text(j, "placement", value_text(tree, "placementName"));
	mem_free(life);
}

static void
write_delivery(struct json *j, const struct delivery *delivery)
{
	bool waits = delivery->state == DELIVERY_WAITING;

	json_open(j, '{');
	json_member_int(j, "position", delivery->event.pos);
	json_member_text(j, "eventId", delivery->event.event_id);
	json_member_text(j, "deviceId", delivery->event.device_id);
	json_member_text(j, "callback", delivery->callback);
	json_member_text(j, "state", waits ? "waiting" : "dead");
	json_member_int(j, "attempts", delivery->attempts);
	write_moment(j, "reportedTime", delivery->event.reported_at);
	write_moment(j, "nextAttempt", waits ? delivery->due : 0);
	write_moment(j, "lastAttempt", delivery->tried_at);
	json_member_text(j, "error", delivery->error);
	write_place(j, delivery->event.context_json);
	json_close(j, '}');
}

static bool
add(void *arg, const struct delivery *delivery)
{
	struct listing *listing = arg;

	if (listing->left == 0) {
		listing->more = true;
		return false;
	}
	listing->left--;
	listing->last = delivery->event.pos;
	write_delivery(&listing->j, delivery);
	return true;
}

static enum err
read_states(const struct extra_call *call, int *out, struct fault *why)
{
	const char *state = pairs_get(call->query, "state");

	*out = 1 << DELIVERY_WAITING | 1 << DELIVERY_DEAD;
	if (!state)
		return ERR_NONE;
	if (strcmp(state, "waiting") == 0)
		*out = 1 << DELIVERY_WAITING;
	else if (strcmp(state, "dead") == 0)
		*out = 1 << DELIVERY_DEAD;
	else
		return fault(
			why, ERR_INVALID, "state must be waiting or dead, or left out.");
	return ERR_NONE;
}

enum err
handle_ListDeliveries(struct extra_call *call, struct fault *why)
{
	struct listing listing = { .j = json_to(call->out) };
	const char *query;
	int64_t before = 0;
	int states;
	enum err err = read_states(call, &states, why);

	if (err)
		return err;
	query = mem_format(
		call->ctx, "ListDeliveries %s %d", call->principal->account, states);
	err = extra_limit(call, &listing.left, why);
	if (!err)
		err = extra_before(call, query, INT64_MAX, &before, why);
	if (err)
		return err;
	json_open(&listing.j, '{');
	json_key(&listing.j, "deliveries");
	json_open(&listing.j, '[');
	err = deliveries_list(call->tx, call->principal->account, states, before,
		listing.left + 1, add, &listing, why);
	json_close(&listing.j, ']');
	if (listing.more)
		extra_go_on(call, &listing.j, query, listing.last);
	json_close(&listing.j, '}');
	return err;
}

/* ---- replaying ---- */

/* The members as they stand in the body. */
struct members {
	struct texts event_ids;
	const char *callback;
	int64_t from, to;
	int all;
};

#define AT(member) offsetof(struct members, member)
/* name, kind, member, least and most, letters, longest value */
static const struct field rows[] = {
	{ "eventIds", FIELD_TEXTS, AT(event_ids), 1, IDS_MAX, LETTERS_ANY, 0 },
	{ "callback", FIELD_TEXT, AT(callback), 1, CALLBACK_MAX, LETTERS_ANY, 0 },
	{ "from", FIELD_TIME, AT(from), 0, 0, LETTERS_ANY, 0 },
	{ "to", FIELD_TIME, AT(to), 0, 0, LETTERS_ANY, 0 },
	{ "all", FIELD_FLAG, AT(all), 0, 0, LETTERS_ANY, 0 },
};
enum { ROWS = sizeof rows / sizeof *rows };

/* Each ID between newlines; one that has some itself is none of ours. */
static const char *
join_ids(const void *ctx, const struct texts *ids)
{
	struct buf out;

	if (!ids->item)
		return NULL;
	buf_init(&out, ctx, BUF_NO_CAP);
	buf_char(&out, '\n');
	for (size_t i = 0; i < ids->count; i++)
		if (*ids->item[i] && !strchr(ids->item[i], '\n'))
			buf_format(&out, "%s\n", ids->item[i]);
	return out.data;
}

static enum err
read_choice(const struct extra_call *call, struct delivery_choice *out, struct fault *why)
{
	struct members m;
	enum err err = record_read(call->ctx, rows, ROWS, call->body, &m, why);
	bool by_time, by_id;

	if (err)
		return err;
	by_id = m.event_ids.item != NULL;
	by_time = m.from != FIELD_ABSENT_INT || m.to != FIELD_ABSENT_INT;
	if (by_id + by_time + (m.all == 1) != 1)
		return fault(why, ERR_INVALID,
			"Say which dead letters: {\"eventIds\": [...]}, {\"from\": ..., "
			"\"to\": ...} or {\"all\": true}, one of them.");
	if (by_time && (m.from == FIELD_ABSENT_INT || m.to == FIELD_ABSENT_INT))
		return fault(why, ERR_INVALID, "from and to go together.");
	*out = (struct delivery_choice){
		.account = call->principal->account,
		.callback = m.callback,
		.event_ids = join_ids(call->ctx, &m.event_ids),
		.from = by_time ? m.from : 0,
		.to = by_time ? m.to : INT64_MAX,
	};
	return ERR_NONE;
}

enum err
handle_ReplayDeliveries(struct extra_call *call, struct fault *why)
{
	struct json j = json_to(call->out);
	struct delivery_choice choice;
	int replayed = 0;
	enum err err = read_choice(call, &choice, why);

	if (!err)
		err = deliveries_replay(
			call->tx, &choice, call->now, REPLAY_AT_ONCE, &replayed, why);
	if (err)
		return err;
	if (replayed > 0)
		dispatch_replayed();
	json_open(&j, '{');
	json_member_int(&j, "replayed", replayed);
	json_member_bool(&j, "more", replayed == REPLAY_AT_ONCE);
	json_close(&j, '}');
	return ERR_NONE;
}
