#include "oneclick/console/app.h"

#include <string.h>

#include "app_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/console/claims.h"
#include "oneclick/console/keys.h"
#include "oneclick/ui/decode.h"

static void
warn_of_key(void *arg, const struct fault *why)
{
	app_say(arg, NOTICE_WARN, "%s", why->sentence);
}

struct app *
app_new(const void *ctx, const struct app_options *options, const struct port *port)
{
	struct app *app = mem_new(ctx, struct app);

	app->options = *options;
	app->port = *port;
	app->state = state_new(app);
	app->claims = claims_new(app);
	app->rows = 24;
	app->cols = 80;
	history_init(&app->commands, app);
	history_init(&app->filters, app);
	app->keymap = keys_new(app, options->keys, warn_of_key, app);
	app_go(app, PANE_DEVICES, NULL, NULL);
	return app;
}

void
app_say(struct app *app, enum notice_level level, const char *format, ...)
{
	struct message *message = &app->message[app->messages++ % MESSAGES_KEPT];
	va_list args;
	char *text;

	va_start(args, format);
	text = mem_vformat(app, format, args);
	va_end(args);
	mem_free(message->text);
	message->at = moment_now();
	message->level = level;
	message->text = (char *)(uintptr_t)text_safe_z(app, text).text;
	mem_free(text);
	app->saying = true;
	app->dirty = true;
}

struct times
app_times(const struct app *app)
{
	return (struct times){ .look = app->times, .now = moment_now() };
}

const char *
app_account(const struct app *app)
{
	return app->options.account ? app->options.account : app->state->account;
}

bool
app_is_ticking(const struct app *app)
{
	return app->link == LINK_OFFLINE || claims_are_waiting(app->claims) ||
	       changes_are_due(app) ||
	       app->pane->class->id == PANE_DELIVERIES ||
	       app->pane->class->id == PANE_ONBOARD;
}

/* ---- actions ---- */

void
app_do(struct app *app, enum action_id id, const struct args *args)
{
	static const struct args none;
	const struct action *action = action_row(id);

	args = args ? args : &none;
	if (action_is_write(action) && !app_may_write(app, action->words))
		return;
	if (app->pane->class->act && app->pane->class->act(app->pane, id, args))
		return;
	if (app->pane->table && list_pane_act(app->pane, id, args))
		return;
	if (devices_act(app, id, args) || placements_act(app, id, args) ||
		projects_act(app, id, args) || global_act(app, id, args))
		return;
	app_say(app, NOTICE_WARN, "`%s` has nothing to act on here", action->words);
}

/* ---- messages ---- */

/* All of it or nothing: half of one would look like the whole. */
static void
take_paste(struct app *app, const struct chord *chord)
{
	if (chord->lost) {
		app_say(app, NOTICE_ERROR,
			"Nothing of the paste was taken: it has %zu bytes, and one paste "
			"may have %d. Paste it in parts",
			chord->len + chord->lost, DECODE_PASTE_MAX);
		return;
	}
	if (app->modal.kind != MODAL_NONE) {
		modal_key(app, chord);
		return;
	}
	if (app->pane->class->key && app->pane->class->key(app->pane, chord))
		return;
	app_say(app, NOTICE_INFO,
		"Pasted text is not taken for keys; go to a field first (1 a for device "
		"IDs)");
}

static void
take_click(struct app *app, const struct chord *chord)
{
	struct pane *pane = app->pane;
	size_t row;

	if (app->modal.kind == MODAL_NONE && pane->table &&
		list_row_at(&pane->table->list, pane->body, chord->row, &row)) {
		list_go(&pane->table->list, row);
		table_note_cursor(pane->table);
	}
}

static void
take_unknown(struct app *app, const struct chord *chord)
{
	char name[CHORD_NAME_MAX];

	chord_name(chord, name);
	if (chord_is_same(&app->unknown, chord))
		return;
	app->unknown = *chord;
	app_say(app, NOTICE_INFO, "%s does nothing here; ? lists the keys", name);
}

static void
take_key(struct app *app, const struct chord *chord)
{
	int action;

	if (app->modal.kind != MODAL_NONE) {
		modal_key(app, chord);
		return;
	}
	app->saying = false;
	if (app->pane->class->key && app->pane->class->key(app->pane, chord))
		return;
	action = keymap_find(app->keymap, (int)app->pane->class->id, chord);
	if (action == KEYMAP_NONE) {
		take_unknown(app, chord);
		return;
	}
	if (action != ACTION_CANCEL)
		app->quitting = false;
	app_do(app, (enum action_id)action, NULL);
}

static void
take_chord(struct app *app, const struct chord *chord)
{
	switch (chord->kind) {
	case CHORD_KEY:
		take_key(app, chord);
		break;
	case CHORD_PASTE:
		take_paste(app, chord);
		break;
	case CHORD_CLICK:
		take_click(app, chord);
		break;
	case CHORD_RESIZE:
		break;
	}
}

static void
take_live(struct app *app, const struct msg *msg)
{
	const struct event_row *event =
		events_take(app->state, msg->pos, msg->live, msg->data);

	if (!event)
		return;
	if (event->kind == EVENT_KINDS)
		changes_missed(app);
	claims_heard(app, event);
	if (event->device)
		facts_stale(app, words_text(app->state->words, event->device));
	if (app->pane->class->heard)
		app->pane->class->heard(app->pane, event);
}

static void
take_ready(struct app *app, const struct fault *why)
{
	if (why) {
		app->link = LINK_OFFLINE;
		app->offline_since = moment_ticks();
		app->link_why = *why;
		app_say(app, NOTICE_ERROR, "%s", why->sentence);
		return;
	}
	app->ready = true;
	app_reload(app);
	if (app->pane->class->open)
		app->pane->class->open(app->pane);
}

enum { SET_UP_STEP = 50 }; /* calls between two words on it */

static void
take_set_up(struct app *app, const struct msg *msg)
{
	if (msg->why)
		app_say(app, NOTICE_ERROR, "The demo fleet could not be made: %s",
			msg->why->sentence);
	else if (msg->done < msg->total && msg->done % SET_UP_STEP)
		return;
	else if (msg->done < msg->total)
		app_say(app, NOTICE_INFO, "Making the demo fleet: %zu of %zu", msg->done,
			msg->total);
	else
		app_say(app, NOTICE_INFO,
			"The demo fleet is there; it is thrown away at the end");
	if (msg->done == msg->total && app->ready)
		app_reload(app);
}

static void
take_known(struct app *app, const struct msg *msg)
{
	struct answer answer = { .code = msg->why ? msg->why->code : ERR_NONE };

	if (msg->why)
		answer.why = *msg->why;
	if (msg->request->done)
		msg->request->done(app, msg->request, &answer);
	app_drop_request(app, msg->request);
}

void
app_update(struct app *app, const struct msg *msg)
{
	app->dirty = true;
	switch (msg->kind) {
	case MSG_KEY:
		app->resting = false;
		take_chord(app, &msg->chord);
		break;
	case MSG_REPLY:
		app_take_reply(app, msg);
		break;
	case MSG_LIVE:
		take_live(app, msg);
		break;
	case MSG_CHANGE:
		changes_take(app, msg->data);
		break;
	case MSG_LINK:
		app_take_link(app, msg);
		break;
	case MSG_READY:
		take_ready(app, msg->why);
		break;
	case MSG_SET_UP:
		take_set_up(app, msg);
		break;
	case MSG_KNOWN:
		take_known(app, msg);
		break;
	case MSG_TICK:
		app_probe(app);
		load_deliveries_again(app);
		claims_look_again(app);
		break;
	case MSG_REST:
		app->resting = true;
		break;
	}
	changes_tend(app);
}
