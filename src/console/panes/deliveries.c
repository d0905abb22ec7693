/* Deliveries: events whose callback did not go well at once, those that wait for another
 * try and the dead letters; r sends them again. */
#include "../app_parts.h"
#include "../replay.h"
#include "columns.h"
#include "describe.h"
#include "oneclick/base/mem.h"

enum column { STATE, TIME, DEVICE, PLACE, TRIES, NEXT, ERROR, CALLBACK, PLACEMENT };
enum { REPLAY_AT_ONCE = 100 };

static const struct table_column columns[] = {
	[STATE] = { "state", .look = { { "STATE" }, 7, 7, 0, LIST_LEFT, false } },
	[TIME] = { "time", COLUMN_MOMENT(delivery_row, reported),
		.look = { { "PRESSED" }, 7, 12, 1, LIST_RIGHT, false } },
	[DEVICE] = { "device", COLUMN_WORD(delivery_row, device),
		.look = { { "DEVICE" }, 9, 20, 2, LIST_LEFT, true } },
	[PLACE] = { "project", COLUMN_WORD(delivery_row, project),
		.look = { { "PROJECT/PLACEMENT" }, 10, 40, 5, LIST_LEFT, true } },
	[TRIES] = { "tries", COLUMN_COUNT(delivery_row, attempts),
		.look = { { "TRIES" }, 5, 5, 4, LIST_RIGHT, false } },
	[NEXT] = { "next", .look = { { "NEXT" }, 6, 12, 6, LIST_RIGHT, false } },
	[ERROR] = { "error", COLUMN_WORD(delivery_row, error),
		.look = { { "WHY NOT" }, 12, 80, 3, LIST_LEFT, false } },
	[CALLBACK] = { "callback", COLUMN_WORD(delivery_row, callback) },
	[PLACEMENT] = { "placement", COLUMN_WORD(delivery_row, placement) },
};

static const struct delivery_row *
row_of(const struct state *state, size_t row)
{
	return &state->deliveries.row[row];
}

static const char *
text(const struct table *table, size_t row, size_t column)
{
	if (column == STATE)
		return row_of(table->state, row)->is_dead ? "DEAD" : "waiting";
	return columns_text(table, row, column);
}

/* How long until the next try: the moment lies ahead. */
static struct safe_text
write_next(const struct table *table, const void *ctx, const struct delivery_row *row)
{
	if (row->is_dead || !row->next)
		return SAFE("-");
	if (row->next <= table->times.now)
		return SAFE("now");
	return text_safe_format(
		ctx, "in %s", times_span(ctx, row->next - table->times.now).text);
}

static void
cell(const struct table *table, const void *ctx, size_t row, size_t column,
	struct list_cell *out)
{
	const struct delivery_row *delivery = row_of(table->state, row);
	const struct words *words = table->state->words;

	if (column == STATE) {
		out->text = (struct safe_text){ text(table, row, column) };
		out->role = delivery->is_dead ? ROLE_EVENT_FAIL : ROLE_PENDING;
	} else if (column == NEXT) {
		out->text = write_next(table, ctx, delivery);
	} else if (column == PLACE && delivery->placement) {
		out->text = text_safe_format(ctx, "%s/%s",
			words_text(words, delivery->project),
			words_text(words, delivery->placement));
	} else {
		columns_cell(table, ctx, row, column, out);
	}
}

static uint64_t
key(const struct table *table, size_t row)
{
	return row_of(table->state, row)->event;
}

static const struct table_class deliveries_table = {
	.column = columns,
	.columns = sizeof(columns) / sizeof(*columns),
	.shown = CALLBACK,
	.name = DEVICE,
	.sort = TABLE_BY_NATURE,
	TABLE_OF(deliveries),
	.text = text,
	.number = columns_number,
	.cell = cell,
	.key = key,
	TABLE_MARKS(delivery_row),
};

static void
open(struct pane *pane)
{
	load_deliveries(pane->app);
}

/* ---- sending again ---- */

struct replay {
	size_t count; /* rows of the list; 0: what was typed */
	const char *body;
	int64_t replayed;
};

static void
say_replayed(struct app *app, const struct replay *replay)
{
	if (replay->replayed > 0)
		app_say(app, NOTICE_INFO, "%lld to be sent again",
			(long long)replay->replayed);
	else if (replay->count > 0)
		app_say(app, NOTICE_INFO,
			"What waits is tried again on its own; r is for dead letters");
	else
		app_say(app, NOTICE_WARN, "No dead letter is meant by that");
}

static void send_replay(struct app *app, void *arg, const char *typed, size_t chosen);

/* More than the service takes at once come in several calls. */
static void
take_replayed(struct app *app, struct request *request, const struct answer *answer)
{
	struct replay *replay = request->arg;

	replay->replayed += value_int(answer->body, "replayed", 0);
	if (!answer->code && value_bool(answer->body, "more", false)) {
		send_replay(app, replay, NULL, 0);
		return;
	}
	if (answer->code)
		app_say(app, NOTICE_ERROR, "Not sent again: %s", answer->why.sentence);
	else
		say_replayed(app, replay);
	mem_free(replay);
	load_deliveries(app);
}

static void
send_replay(struct app *app, void *arg, const char *typed, size_t chosen)
{
	struct replay *replay = arg;

	(void)typed;
	(void)chosen;
	app_extra(app, EXTRA_REPLAY_DELIVERIES, NULL, replay->body, "replay",
		take_replayed, replay);
}

/* The marked ones, or the one under the cursor. */
static struct replay *
gather(struct pane *pane)
{
	const struct state *state = pane->app->state;
	struct replay *replay = mem_new(pane->app, struct replay);
	uint32_t *rows = pane_rows(pane, replay, &replay->count);
	size_t count = replay->count < REPLAY_AT_ONCE ? replay->count : REPLAY_AT_ONCE;
	const char **id = mem_array(replay, const char *, count);
	size_t named;

	for (size_t i = 0; i < count; i++)
		id[i] = words_text(state->words, row_of(state, rows[i])->event);
	replay->body = replay_body(replay, id, count, &named, NULL);
	return replay;
}

static void
confirm_replay(struct app *app, struct replay *replay, struct safe_text line)
{
	app_confirm(app, SAFE("Send again"), &line, 1, SAFE("Send again"), NULL,
		send_replay, replay);
	app_give_modal(app, replay);
}

static void
ask_replay(struct pane *pane)
{
	struct app *app = pane->app;
	struct replay *replay;

	if (table_row(pane->table) == NO_ROW || !app_may_write(app, "replay"))
		return;
	replay = gather(pane);
	if (replay->count > REPLAY_AT_ONCE) {
		app_say(app, NOTICE_WARN,
			"%zu are marked; %d go at once. For more: :deliveries replay all",
			replay->count, REPLAY_AT_ONCE);
		mem_free(replay);
	} else if (replay->count == 1) {
		send_replay(app, replay, NULL, 0);
	} else {
		confirm_replay(app, replay,
			text_safe_format(replay,
				"%zu events go to their destinations again, under the "
				"same IDs.",
				replay->count));
	}
}

/* Event IDs, all, or a time, whatever the list shows. */
static void
ask_replay_of(struct pane *pane, const struct args *args)
{
	struct replay *replay = mem_new(pane->app, struct replay);
	size_t named;

	replay->body = replay_body(replay, args->word, args->count, &named, NULL);
	confirm_replay(pane->app, replay,
		SAFE("The dead letters asked for go to their destinations again, under "
		     "the same IDs."));
}

static void
empty(const struct pane *pane, struct canvas *canvas, struct area body)
{
	(void)pane;
	draw_lines(canvas, body,
		"Nothing waits, and there are no dead letters.\n"
		"\n"
		"What a press calls is called at once. Only what did not go well is\n"
		"listed here: tried again on its own, or dead after hours, or at once\n"
		"when it can never go well. r sends it again.");
}

static void
add_word(const struct app *app, struct detail *detail, struct safe_text label,
	uint32_t word)
{
	if (word)
		detail_pair(detail, label,
			(struct safe_text){ words_text(app->state->words, word) },
			ROLE_TEXT);
}

static void
describe(struct pane *pane, struct detail *detail)
{
	const struct app *app = pane->app;
	const struct delivery_row *row = row_of(app->state, table_row(pane->table));
	struct times times = app_times(app);

	detail->wrap = true;
	detail_pair(detail, SAFE("State"),
		row->is_dead ? SAFE("DEAD: not tried again on its own")
			     : SAFE("waiting for another try"),
		row->is_dead ? ROLE_EVENT_FAIL : ROLE_PENDING);
	add_word(app, detail, SAFE("Why not"), row->error);
	add_word(app, detail, SAFE("Device"), row->device);
	add_word(app, detail, SAFE("Project"), row->project);
	add_word(app, detail, SAFE("Placement"), row->placement);
	add_word(app, detail, SAFE("Callback"), row->callback);
	add_word(app, detail, SAFE("Event"), row->event);
	detail_pair(detail, SAFE("Pressed"),
		times_long(&times, detail->life, row->reported), ROLE_TEXT);
	if (row->last)
		detail_pair(detail, SAFE("Last try"),
			times_long(&times, detail->life, row->last), ROLE_TEXT);
}

/* What the list cuts, above all why not, on a page of its own. */
static void
show_whole(struct pane *pane)
{
	void *life = mem_life(NULL); /* the pane goes when another comes */
	struct detail whole = { 0 };
	struct buf text;

	detail_init(&whole, life);
	describe(pane, &whole);
	buf_init(&text, life, BUF_NO_CAP);
	for (size_t i = 0; i < whole.count; i++)
		buf_format(&text, "%-9s  %s\n", whole.line[i].label.text,
			whole.line[i].value.text);
	app_show_text(pane->app, "Delivery", text.data);
	mem_free(life);
}

static bool
act(struct pane *pane, enum action_id action, const struct args *args)
{
	const struct state *state = pane->app->state;
	uint32_t row = table_row(pane->table);

	if (action == ACTION_REPLAY) {
		if (args->count)
			ask_replay_of(pane, args);
		else
			ask_replay(pane);
		return true;
	}
	if (args->count)
		return false;
	if (action == ACTION_EVENT_DEVICE && row != NO_ROW)
		app_go(pane->app, PANE_DEVICE, NULL,
			words_text(state->words, row_of(state, row)->device));
	else if (action == ACTION_OPEN && row != NO_ROW)
		show_whole(pane);
	return action == ACTION_OPEN || action == ACTION_EVENT_DEVICE;
}

const struct pane_class deliveries_pane = {
	.id = PANE_DELIVERIES,
	.title = "Deliveries",
	.table = &deliveries_table,
	.open = open,
	.act = act,
	.layout = list_pane_layout,
	.draw = list_pane_draw,
	.empty = empty,
	.detail = describe,
};
