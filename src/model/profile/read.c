#include <string.h>

#include "inside.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/number.h"
#include "oneclick/model/product.h"

enum {
	NAMES_MAX = 10 * 1000, /* items of one message that tell names */
	ITEMS_MAX = 256,       /* items of any other */
	KEY_MAX = 128,         /* bytes of a key; a longer one is told by its digest */
};

/* What a payload is in one of the decodings, found out once. */
struct decoded {
	bool done;
	const struct value *tree;
	struct fault why; /* code 0: none */
};

struct session {
	const void *ctx; /* the caller's: sightings live there */
	void *turn;      /* all else */
	const struct profile_message *message;
	const struct profile_reader *reader;
	struct decoded decoded[DECODINGS];
	struct fault first; /* of the members nothing could be made of */
	int matched;
};

static void
note(struct session *session, const struct fault *why)
{
	if (!session->first.code)
		session->first = *why;
	session->first.code = ERR_INVALID;
}

/* ---- one sighting ---------------------------------------------------------------------
 */

/* A member, NULL when it is not said or nothing can be made of it. */
static const char *
find_member(struct session *session, const struct view *view, const struct pick *pick)
{
	const char *text = NULL;
	struct fault why;

	if (pick && pick_run(view, pick, &text, &why))
		note(session, &why);
	return text;
}

static void
refuse(struct session *session, const struct view *view, const struct pick *pick,
	const char *text, const char *what)
{
	struct fault why;

	fault(&why, ERR_INVALID, "%s %s: \"%.60s\" is %s", view->profile->name,
		pick->field, text, what);
	note(session, &why);
}

static void
take_click(struct session *session, const struct view *view, struct sighting *out)
{
	const char *text = find_member(session, view, view->row->click);

	out->is_click = text && event_kind_from_name(text, &out->kind) &&
			event_is_click(out->kind);
}

static void
take_life(struct session *session, const struct view *view, struct sighting *out)
{
	const char *text = find_member(session, view, view->row->life);

	out->life = -1;
	if (!text)
		return;
	if (!number_read(text, strlen(text), &out->life) || out->life < 0 ||
		out->life > 100) {
		out->life = -1;
		refuse(session, view, view->row->life, text, "no percent, 0 to 100");
	}
}

static void
take_online(struct session *session, const struct view *view, struct sighting *out)
{
	const char *text = find_member(session, view, view->row->online);

	out->online = -1;
	if (text && !strcmp(text, "true"))
		out->online = 1;
	else if (text && !strcmp(text, "false"))
		out->online = 0;
	else if (text)
		refuse(session, view, view->row->online, text, "neither true nor false");
}

static void
take_time(struct session *session, const struct view *view, struct sighting *out)
{
	const char *text = find_member(session, view, view->row->reported);

	if (text)
		number_read_int(text, strlen(text), &out->reported_at);
}

/* Parts that are absent count as empty; when all are, nothing tells a repetition. */
static void
take_key(struct session *session, const struct view *view, struct sighting *out)
{
	const struct row *row = view->row;
	char hex[DIGEST_HEX_SIZE];
	bool said = false;
	struct buf key;

	buf_init(&key, session->turn, BUF_NO_CAP);
	for (size_t i = 0; i < row->keys; i++) {
		const char *text = find_member(session, view, row->key[i]);

		said = said || text;
		buf_format(&key, "%s%s", i ? "/" : "", text ? text : "");
	}
	if (!said)
		return;
	if (key.len > KEY_MAX)
		digest_sha256_hex(key.data, key.len, hex);
	out->key = mem_text(session->ctx, key.len > KEY_MAX ? hex : key.data);
	out->window = row->window;
}

/* A name not known yet is no fault of a message that says little: the bridge will tell it
 * and the message comes again.  A click does not. */
static bool
take_id(struct session *session, const struct view *view, struct sighting *out)
{
	const struct pick *pick = view->row->device_id;
	const char *text, *button;
	struct fault why;
	enum err err = pick_run(view, pick, &text, &why);

	if (err && (err != ERR_NOT_FOUND || out->is_click))
		note(session, &why);
	if (!err && !text)
		refuse(session, view, pick, "", "no ID: the message has none there");
	if (err || !text)
		return false;
	button = find_member(session, view, view->row->button);
	out->device_id = mem_format(session->ctx, "%s%s%s%s", view->profile->prefix, text,
		button ? "." : "", button ? button : "");
	err = device_id_check(out->device_id, &why);
	if (err) {
		fault_at(&why, err, "%s %s", view->profile->name, pick->field);
		note(session, &why);
	}
	return !err;
}

static void
read_sighting(struct session *session, const struct view *view)
{
	struct sighting seen = { .profile = view->profile };

	take_click(session, view, &seen);
	take_life(session, view, &seen);
	take_online(session, view, &seen);
	if (!seen.is_click && seen.life < 0 && seen.online < 0)
		return;
	if (!take_id(session, view, &seen))
		return;
	take_time(session, view, &seen);
	take_key(session, view, &seen);
	session->reader->saw(session->reader->arg, &seen);
}

static void
read_alias(struct session *session, const struct view *view)
{
	struct sighting seen = { .profile = view->profile, .life = -1, .online = -1 };
	const char *from = find_member(session, view, view->row->alias_from);
	const char *to = find_member(session, view, view->row->alias_to);

	if (!from || !to)
		return;
	seen.alias_from = mem_text(session->ctx, from);
	seen.alias_to = mem_text(session->ctx, to);
	session->reader->saw(session->reader->arg, &seen);
}

/* ---- the items of a message ----------------------------------------------------------
 */

static void
read_item(struct session *session, const struct view *view)
{
	struct fault why;
	bool hold;

	if (conditions_hold(view, &view->row->when, &hold, &why))
		note(session, &why);
	else if (hold && view->row->alias_from)
		read_alias(session, view);
	else if (hold)
		read_sighting(session, view);
}

/* The value of an object's member, if its key is one of those meant. */
static bool
find_key(struct session *session, struct view *view, const char *key)
{
	struct fault why;

	if (pattern_find(view->row->each_key, key, strlen(key), &view->key, &why)) {
		fault_at(&why, ERR_INVALID, "%s %s.forEach", view->profile->name,
			view->row->field);
		note(session, &why);
	}
	return view->key.count > 0;
}

static bool
has_too_many(struct session *session, const struct view *view, size_t count)
{
	size_t most = view->row->alias_from ? NAMES_MAX : ITEMS_MAX;
	struct fault why;

	if (count <= most)
		return false;
	fault(&why, ERR_INVALID, "%s %s.forEach: %zu items; at most %zu are taken",
		view->profile->name, view->row->field, count, most);
	note(session, &why);
	return true;
}

/* Each item has its own memory, so that 10,000 names cost no more than one. */
static void
read_items(struct session *session, struct view *view)
{
	enum each_kind each = view->row->each;
	enum value_kind kind = each == EACH_ARRAY ? VALUE_LIST : VALUE_MAP;
	const struct value *items = pointer_find(&view->row->each_at, view->root);
	void *life;

	if (!items || items->kind != kind || has_too_many(session, view, items->count))
		return;
	for (size_t i = 0; i < items->count; i++) {
		if (each == EACH_OBJECT && !find_key(session, view, items->key[i]))
			continue;
		life = mem_life(session->turn);
		view->item = &items->item[i];
		view->ctx = life;
		read_item(session, view);
		mem_free(life);
	}
}

/* ---- rows ---- */

static bool
is_skipped(const struct row *row, const char *topic)
{
	struct pattern_span spans[LEVELS_MAX];

	for (size_t i = 0; i < row->skips; i++)
		if (topic_match(&row->skip[i], topic, spans))
			return true;
	return false;
}

static bool
is_for(const struct row *row, const struct profile_message *message, struct view *view)
{
	if (row->via != message->via)
		return false;
	if (row->via == VIA_HTTP)
		return !strcmp(row->path, message->topic);
	return topic_match(&row->topic, message->topic, view->level) &&
	       !is_skipped(row, message->topic);
}

static const struct value *
decode(struct session *session, enum decoding decoding)
{
	struct decoded *decoded = &session->decoded[decoding];

	if (!decoded->done)
		payload_decode(session->turn, decoding, session->message->payload,
			session->message->size, &decoded->tree, &decoded->why);
	decoded->done = true;
	return decoded->why.code ? NULL : decoded->tree;
}

static bool
holds_whole(struct session *session, const struct view *view)
{
	struct fault why;
	bool hold;

	if (conditions_hold(view, &view->row->where, &hold, &why))
		note(session, &why);
	return hold;
}

/* A row that passes a retained message over has taken it all the same: it is known. */
static void
read_row(struct session *session, const struct profile *profile, const struct row *row)
{
	struct view view = { .ctx = session->turn,
		.profile = profile,
		.row = row,
		.message = session->message,
		.reader = session->reader };

	if (!is_for(row, session->message, &view))
		return;
	if (session->message->retained && !row->takes_retained) {
		session->matched++;
		return;
	}
	view.root = view.item = decode(session, row->decoding);
	if (!view.root || !holds_whole(session, &view))
		return;
	session->matched++;
	if (row->each)
		read_items(session, &view);
	else
		read_item(session, &view);
}

/* What no row could decode is told only if no other row took the message. */
static enum err
conclude(struct session *session, struct fault *why)
{
	for (size_t i = 0; !session->matched && i < DECODINGS; i++)
		if (session->decoded[i].why.code)
			note(session, &session->decoded[i].why);
	if (!session->first.code)
		return ERR_NONE;
	if (why)
		*why = session->first;
	return session->first.code;
}

enum err
profiles_read(const struct profiles *profiles, const void *ctx,
	const struct profile_message *message, const struct profile_reader *reader,
	int *matched, struct fault *why)
{
	struct session *session = mem_new(ctx, struct session);
	enum err err;

	session->ctx = ctx;
	session->turn = session;
	session->message = message;
	session->reader = reader;
	for (size_t i = 0; i < profiles->count; i++)
		for (size_t k = 0; k < profiles->item[i]->rows; k++)
			read_row(session, profiles->item[i], &profiles->item[i]->row[k]);
	*matched = session->matched;
	err = conclude(session, why);
	mem_free(session);
	return err;
}
