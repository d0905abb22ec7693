/* Onboard: claim devices as the guide has it (one box for device IDs and claim codes,
 * Claim, press, Done), with the guide's table of what a button's light means. */
#include <string.h>

#include "../app_parts.h"
#include "describe.h"
#include "leds.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/console/claims.h"
#include "oneclick/console/job.h"

enum { SIDE_FROM = 110, SIDE_COLS = 52, BOX_ROWS = 6 };
enum region { IN_LIST, IN_BOX, IN_LEDS };
enum column { TEXT, STEP, SINCE, NEXT };

struct onboard {
	struct list list;
	struct leds leds;
	enum region in;
	void *life; /* of what was read in the box, and the entries */
	const char *read;
	struct claim_entry *entry;
	size_t entries, bad; /* bad: the first at fault, entries when none */
	char *cursor; /* the text of the claim it is on: rows come and go; NULL: none */
	struct area box, rows, side;
};

static const struct list_column columns[] = {
	[TEXT] = { { "DEVICE ID OR CODE" }, 16, 22, 0, LIST_LEFT, true },
	[STEP] = { { "STEP" }, 25, 25, 1, LIST_LEFT, false },
	[SINCE] = { { "SINCE" }, 5, 5, 3, LIST_RIGHT, false },
	[NEXT] = { { "NEXT" }, 15, 24, 2, LIST_LEFT, false },
};

static struct onboard *
own(const struct pane *pane)
{
	return pane->data;
}

static void
cell(const void *arg, const void *ctx, size_t row, size_t column, struct list_cell *out)
{
	const struct app *app = arg;
	const struct claim *claim = app->claims->claim[row];
	int64_t s = (moment_ticks() - claim->since) / 1000;

	switch ((enum column)column) {
	case TEXT:
		out->text = (struct safe_text){ claim->text };
		break;
	case STEP:
		out->text = claims_step_text(claim->step);
		out->role = claim->step >= CLAIM_REFUSED   ? ROLE_EVENT_FAIL
			    : claim->step == CLAIM_CLAIMED ? ROLE_DONE
			    : claim->step == CLAIM_READY   ? ROLE_TEXT
							   : ROLE_PENDING;
		break;
	case SINCE:
		out->text = claim->step == CLAIM_WAITING
				    ? text_safe_format(ctx, "%02lld:%02lld",
					      (long long)(s / 60), (long long)(s % 60))
				    : SAFE("-");
		break;
	case NEXT:
		out->text = claims_next_text(claim, app->options.local);
		break;
	}
}

static void
read_box(struct pane *pane)
{
	struct onboard *onboard = own(pane);

	mem_free(onboard->life);
	onboard->life = mem_life(pane);
	onboard->read = mem_text(onboard->life, pane->app->claims->box.text);
	onboard->entry =
		claims_read(onboard->life, onboard->read, &onboard->entries);
	for (onboard->bad = 0; onboard->bad < onboard->entries; onboard->bad++)
		if (onboard->entry[onboard->bad].verdict)
			break;
}

static void
open(struct pane *pane)
{
	struct onboard *onboard = own(pane);

	claims_look(pane->app);
	if (onboard)
		return;
	pane->data = onboard = mem_new(pane, struct onboard);
	list_init(&onboard->list, columns, sizeof(columns) / sizeof(*columns), cell,
		pane->app);
	onboard->list.highlight = LIST_ROW;
	leds_init(&onboard->leds);
	read_box(pane);
}

/* ---- the box ---- */

/* The correction offered for the value at fault takes its place. */
static bool
mend(struct pane *pane)
{
	struct onboard *onboard = own(pane);
	struct edit *box = &pane->app->claims->box;
	struct buf text;

	if (onboard->bad == onboard->entries || !onboard->entry[onboard->bad].mended)
		return false;
	buf_init(&text, pane, BUF_NO_CAP);
	for (size_t i = 0; i < onboard->entries; i++)
		buf_format(&text, "%s%s", i ? ", " : "",
			i == onboard->bad ? onboard->entry[i].mended
					  : onboard->entry[i].text);
	edit_set(box, text.data);
	buf_release(&text);
	return true;
}

/* Starts what was typed; what the batch has no room for stays in the box. */
static void
start_claims(struct pane *pane)
{
	struct onboard *onboard = own(pane);
	struct app *app = pane->app;
	size_t left = 0;
	struct buf rest;

	buf_init(&rest, pane, BUF_NO_CAP);
	for (size_t i = 0; i < onboard->entries; i++)
		if (!claims_start(app, onboard->entry[i].text))
			buf_format(&rest, "%s%s", left++ ? ", " : "",
				onboard->entry[i].text);
	edit_set(&app->claims->box, rest.data);
	buf_release(&rest);
	if (left)
		app_say(app, NOTICE_WARN,
			"%zu claims begin; the other %zu stay in the box: a batch holds "
			"%d values, D drops a row",
			onboard->entries - left, left, CLAIMS_MAX);
	else
		app_say(app, NOTICE_INFO,
			"Press the button on each device; then Done (d)");
}

static void
claim_box(struct pane *pane)
{
	struct onboard *onboard = own(pane);
	struct app *app = pane->app;

	if (!onboard->entries) {
		app_say(app, NOTICE_INFO, "Type a device ID or claim code first (a)");
		return;
	}
	if (onboard->bad < onboard->entries) {
		app_say(app, NOTICE_WARN, "Claim is unavailable: %s",
			onboard->entry[onboard->bad].why);
		return;
	}
	if (!app_may_write(app, "claim"))
		return;
	onboard->in = IN_LIST;
	start_claims(pane);
}

static void
paste(struct edit *box, const struct chord *chord)
{
	struct buf text;

	buf_init(&text, NULL, BUF_NO_CAP);
	for (size_t i = 0; i < chord->len; i++)
		if (chord->text[i] == '\n' || chord->text[i] == '\t')
			buf_text(&text, ", ");
		else
			buf_char(&text, chord->text[i]);
	edit_insert(box, text.data, text.len);
	buf_release(&text);
}

static bool
box_key(struct pane *pane, const struct chord *chord)
{
	struct onboard *onboard = own(pane);

	if (chord_is(chord, CHORD_ENTER))
		claim_box(pane);
	else if (chord_is(chord, CHORD_ESC))
		onboard->in = IN_LIST;
	else if (chord_is(chord, CHORD_TAB) && !mend(pane))
		onboard->in = IN_LIST;
	else if (!chord_is(chord, CHORD_TAB) && !edit_key(&pane->app->claims->box, chord))
		return false;
	read_box(pane);
	return true;
}

static bool
key(struct pane *pane, const struct chord *chord)
{
	struct onboard *onboard = own(pane);

	if (chord->kind == CHORD_PASTE) {
		onboard->in = IN_BOX;
		paste(&pane->app->claims->box, chord);
		read_box(pane);
		return true;
	}
	return onboard->in == IN_BOX && box_key(pane, chord);
}

/* ---- actions ---- */

/* `arg` is the claim's text: rows may have gone while it was asked. */
static void
drop_claim(struct app *app, void *arg, const char *text, size_t chosen)
{
	struct claim *claim = claims_find(app->claims, arg);
	struct job *job;

	(void)text;
	(void)chosen;
	if (claim && claim->step == CLAIM_WAITING) {
		job = job_new(app, "cancel claim", "given up", "claims");
		job_add(job, OP_UNCLAIM_DEVICE, claim->text)->device_id =
			mem_text(job, claim->text);
		job_start(job);
	}
	if (claim)
		claims_drop(app->claims, claim);
	else
		app_say(app, NOTICE_INFO, "%s is not in the batch any more",
			(char *)arg);
	mem_free(arg);
}

static void
ask_drop(struct app *app, const struct claim *claim)
{
	struct safe_text line[2] = { { claim->text },
		SAFE("The row goes; a claim that waits for its press is given up.") };
	char *text = mem_text(app, claim->text);

	app_confirm(app, SAFE("Cancel claim"), line, 2, SAFE("Give up"), NULL, drop_claim,
		text);
	app_give_modal(app, text);
}

static void
press_claim(struct app *app, const struct claim *claim)
{
	struct job *job = job_new(app, "press", "pressed", "buttons");

	job_add_press(job, claim->text, event_kind_name(EVENT_SINGLE));
	job_start(job);
}

static void
claim_ready(struct app *app, struct claim *claim)
{
	if (!app_may_write(app, "claim"))
		return;
	claims_retry(app, claim);
	app_say(app, NOTICE_INFO, "Press the button on it; then it is claimed");
}

static void
note_cursor(struct pane *pane)
{
	struct onboard *onboard = own(pane);
	const struct claims *claims = pane->app->claims;
	size_t at = onboard->list.cursor;

	mem_free(onboard->cursor);
	onboard->cursor =
		at < claims->count ? mem_text(pane, claims->claim[at]->text) : NULL;
}

/* The row the cursor was on when it was last drawn, wherever it is by now. */
static struct claim *
claim_at_cursor(const struct pane *pane)
{
	const char *text = own(pane)->cursor;

	return text ? claims_find(pane->app->claims, text) : NULL;
}

/* Brings the list's cursor to the claim it was on; false if that one went. */
static bool
follow_cursor(struct pane *pane)
{
	struct onboard *onboard = own(pane);
	const struct claims *claims = pane->app->claims;
	const struct claim *claim = claim_at_cursor(pane);
	size_t at = onboard->list.cursor;

	list_set_count(&onboard->list, claims->count);
	if (!claim)
		return !onboard->cursor;
	if (at >= claims->count || claims->claim[at] != claim)
		for (at = 0; claims->claim[at] != claim;)
			at++;
	list_go(&onboard->list, at);
	return true;
}

static bool
row_act(struct pane *pane, enum action_id action)
{
	struct app *app = pane->app;
	struct claim *claim = claim_at_cursor(pane);

	if (!claim && own(pane)->cursor)
		app_say(app, NOTICE_INFO, "%s is not in the batch any more",
			own(pane)->cursor);
	else if (!claim)
		app_say(app, NOTICE_INFO, "No claim under the cursor; a begins one");
	else if (action == ACTION_CLAIM_RETRY)
		claims_retry(app, claim);
	else if (action == ACTION_OPEN && claim->step == CLAIM_READY)
		claim_ready(app, claim);
	else if (action == ACTION_CLAIM_CANCEL)
		ask_drop(app, claim);
	else if (action == ACTION_DEVICE_REGISTER && app->options.local)
		claims_register(app, claim->text);
	else if (action == ACTION_DEVICE_REGISTER)
		app_say(app, NOTICE_WARN,
			"Only the operator of this service can register "
			"devices: oneclickd device register");
	else if (action == ACTION_PRESS)
		press_claim(app, claim);
	else if (claim->step >= CLAIM_REFUSED)
		app_say(app, NOTICE_WARN, "%s", claim->why->sentence);
	else
		app_say(app, NOTICE_INFO, "%s: %s", claim->text,
			claims_next_text(claim, false).text);
	return true;
}

static void
move(struct pane *pane, enum action_id action)
{
	struct onboard *onboard = own(pane);
	struct list *list = onboard->in == IN_LEDS ? &onboard->leds.list : &onboard->list;
	static const enum list_move moves[] = { LIST_DOWN, LIST_UP, LIST_FIRST, LIST_LAST,
		LIST_HALF_DOWN, LIST_HALF_UP, LIST_PAGE_DOWN, LIST_PAGE_UP,
		LIST_SCROLL_RIGHT, LIST_SCROLL_LEFT };

	follow_cursor(pane);
	list_move(list, moves[action - ACTION_DOWN]);
	note_cursor(pane);
}

static bool
act(struct pane *pane, enum action_id action, const struct args *args)
{
	struct onboard *onboard = own(pane);

	if (action >= ACTION_DOWN && action <= ACTION_SCROLL_LEFT)
		move(pane, action);
	else if (action == ACTION_REGION)
		onboard->in = onboard->in == IN_LIST ? IN_LEDS : IN_LIST;
	else if (action == ACTION_CLAIM_FIELD)
		onboard->in = IN_BOX;
	else if (action == ACTION_CLAIM && !args->count)
		claim_box(pane);
	else if (action == ACTION_CLAIM_DONE)
		app_go_tab(pane->app, PANE_DEVICES);
	else if (action == ACTION_FILTER && args->count)
		leds_narrow(&onboard->leds, args->word[0]);
	else if (action == ACTION_FILTER)
		modal_open_filter(pane->app);
	else if ((action == ACTION_CLAIM_RETRY || action == ACTION_CLAIM_CANCEL ||
			 action == ACTION_DEVICE_REGISTER || action == ACTION_PRESS ||
			 action == ACTION_OPEN) &&
		 !args->count)
		return row_act(pane, action);
	else
		return false;
	return true;
}

/* ---- drawing ---- */

static void
layout(struct pane *pane, struct area body)
{
	struct onboard *onboard = own(pane);
	struct app *app = pane->app;
	bool wide = app->cols >= SIDE_FROM;
	int leds = (int)onboard->leds.list.count + 2;

	if (strcmp(onboard->read, app->claims->box.text) != 0)
		read_box(pane);
	onboard->side = area_cut_right(&body, wide ? SIDE_COLS : 0);
	onboard->box = area_cut_top(&body, body.rows > 12 ? BOX_ROWS : 3);
	if (!wide && body.rows > 8)
		onboard->side = area_cut_bottom(
			&body, leds < body.rows - 4 ? leds : body.rows - 4);
	onboard->rows = body;
	if (!follow_cursor(pane) && app->claims->count && !app->saying)
		app_say(app, NOTICE_INFO,
			"The row under the cursor is gone; this is the next one");
	note_cursor(pane);
	onboard->list.focused = onboard->in == IN_LIST;
	onboard->leds.list.focused = onboard->in == IN_LEDS;
	list_fit(&onboard->list, onboard->rows);
	leds_fit(&onboard->leds, onboard->side);
}

static void
draw_verdict(const struct onboard *onboard, const void *ctx, struct canvas *canvas,
	struct area at)
{
	const struct claim_entry *entry = &onboard->entry[onboard->bad];
	size_t codes = 0;

	if (onboard->bad < onboard->entries) {
		canvas_put(canvas, at,
			text_safe_format(ctx, "%s %s%s%s",
				canvas_symbol(canvas, ROLE_FIELD_ERROR).text,
				entry->why, entry->mended ? "; Tab takes " : "",
				entry->mended ? entry->mended : ""),
			ROLE_FIELD_ERROR);
		return;
	}
	for (size_t i = 0; i < onboard->entries; i++)
		codes += onboard->entry[i].code;
	if (onboard->entries)
		canvas_put(canvas, at,
			text_safe_format(ctx, "%s: %zu device ID%s, %zu claim code%s",
				canvas_word(canvas, ROLE_FIELD_OK).text,
				onboard->entries - codes,
				onboard->entries - codes == 1 ? "" : "s", codes,
				codes == 1 ? "" : "s"),
			ROLE_FIELD_OK);
}

static void
draw_box(
	const struct pane *pane, const void *ctx, struct canvas *canvas, struct area rest)
{
	const struct onboard *onboard = own(pane);
	bool focused = onboard->in == IN_BOX;
	bool good = onboard->entries && onboard->bad == onboard->entries;
	struct area line;

	if (rest.rows >= BOX_ROWS)
		canvas_put(canvas, area_cut_top(&rest, 1),
			SAFE("Claim devices (a)       Create a project (p)"),
			ROLE_HEADING);
	canvas_put(canvas, area_cut_top(&rest, 1),
		SAFE("Device IDs or claim codes, separated by commas (or paste a list):"),
		ROLE_LABEL);
	line = area_cut_top(&rest, 1);
	area_cut_left(&line, 2);
	line = area_cut_left(&line, line.cols - 2);
	edit_draw(&pane->app->claims->box, canvas, line,
		focused ? ROLE_FIELD_FOCUS : ROLE_FIELD, true, focused);
	if (!focused && !pane->app->claims->box.len)
		canvas_put(canvas, line, SAFE("press a to type here"), ROLE_FIELD);
	line = area_cut_top(&rest, 1);
	area_cut_left(&line, 2);
	draw_verdict(onboard, ctx, canvas, line);
	line = area_cut_top(&rest, 1);
	area_cut_left(&line, 2);
	canvas_add(canvas, &line,
		good ? SAFE("[ Claim ]  Enter")
		     : text_safe_format(ctx, "[ Claim ] %s",
			       canvas_word(canvas, ROLE_BUTTON_OFF).text),
		good ? ROLE_BUTTON : ROLE_BUTTON_OFF);
	canvas_add(canvas, &line, SAFE("     "), ROLE_TEXT);
	canvas_add(canvas, &line, SAFE("[ Done ]  d"), ROLE_BUTTON);
}

static bool
typing(const struct pane *pane)
{
	return own(pane)->in == IN_BOX;
}

static void
draw(const struct pane *pane, struct canvas *canvas, struct area body)
{
	const struct onboard *onboard = own(pane);
	struct area at = onboard->rows;
	void *life = mem_life(NULL);

	(void)body;
	list_draw(&onboard->list, canvas, onboard->rows);
	area_cut_top(&at, 1);
	area_cut_left(&at, 3);
	if (!pane->app->claims->count)
		canvas_put(canvas, at, SAFE("No claims in this batch yet."), ROLE_DIM);
	leds_draw(&onboard->leds, canvas, onboard->side);
	draw_box(pane, life, canvas, onboard->box);
	mem_free(life);
}

static void
status(const struct pane *pane, struct buf *out)
{
	const struct claims *claims = pane->app->claims;
	size_t claimed = claims_count(claims, CLAIM_CLAIMED);
	size_t waiting = claims_count(claims, CLAIM_WAITING);
	size_t trouble =
		claims_count(claims, CLAIM_REFUSED) + claims_count(claims, CLAIM_UNKNOWN);

	size_t ready = claims_count(claims, CLAIM_READY);

	if (claims->count > ready)
		buf_format(out, "%zu: %zu claimed, %zu waiting, %zu need attention",
			claims->count - ready, claimed, waiting, trouble);
	if (ready)
		buf_format(out, "%s%zu heard, not claimed",
			claims->count > ready ? "; " : "", ready);
}

const struct pane_class onboard_pane = {
	.id = PANE_ONBOARD,
	.title = "Onboard",
	.open = open,
	.key = key,
	.typing = typing,
	.act = act,
	.layout = layout,
	.draw = draw,
	.status = status,
};
