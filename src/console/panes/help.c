/* Help: the actions of the pane it was asked from, as the key map has them now; `/`
 * narrows it, Enter runs the one under the cursor. */
#include <string.h>

#include "../app_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/console/keys.h"

enum column { KEYS, COMMAND, WRITES, TEXT };
enum { WHOLE_FROM = 10, WHOLE_ROWS = 2 };

struct help {
	struct list list;
	enum pane_id about;
	char *needle;
	enum action_id row[ACTION_COUNT];
	char keys[ACTION_COUNT][64];
};

static const struct list_column columns[] = {
	[KEYS] = { { "KEY" }, 8, 14, 0, LIST_LEFT, false },
	[COMMAND] = { { "COMMAND" }, 12, 19, 2, LIST_LEFT, false },
	[WRITES] = { { "" }, 1, 1, 3, LIST_LEFT, false },
	[TEXT] = { { "W = writes, refused in read-only mode" }, 20, 90, 1, LIST_LEFT,
		false },
};

static void
cell(const void *arg, const void *ctx, size_t row, size_t column, struct list_cell *out)
{
	const struct pane *pane = arg;
	const struct help *help = pane->data;
	const struct action *action = action_row(help->row[row]);
	bool write = action_is_write(action);

	switch ((enum column)column) {
	case KEYS:
		out->text = (struct safe_text){ help->keys[action->id] };
		out->role = ROLE_HINT_KEY;
		break;
	case COMMAND:
		out->text = text_safe_format(ctx, ":%s", action->words);
		break;
	case WRITES:
		out->text = write ? SAFE("W") : SAFE("");
		break;
	case TEXT:
		out->text = (struct safe_text){ action->help };
		break;
	}
	if (write && pane->app->options.read_only_by)
		out->role = ROLE_DIM;
}

static void
name_keys(const struct pane *pane, struct help *help, enum action_id id)
{
	const struct binding *binding;
	char name[CHORD_NAME_MAX], *out = help->keys[id];

	out[0] = '\0';
	for (size_t i = 0; (binding = keymap_key_of(
				    pane->app->keymap, (int)help->about, (int)id, i));
		i++) {
		size_t len = strlen(out);

		chord_name(&binding->chord, name);
		if (strncmp(name, "Wheel", 5) != 0)
			snprintf(out + len, sizeof(help->keys[id]) - len, "%s%s",
				len ? " " : "", name);
	}
}

static bool
is_wanted(const struct help *help, const struct action *action)
{
	return !*help->needle || strcasestr(action->words, help->needle) ||
	       strcasestr(action->help, help->needle) ||
	       strcasestr(help->keys[action->id], help->needle);
}

/* What is special to the pane comes before what works anywhere. */
static void
fill(struct pane *pane)
{
	struct help *help = pane->data;
	size_t count = 0;

	for (int special = 1; special >= 0; special--)
		for (int id = 0; id < ACTION_COUNT; id++) {
			const struct action *action = action_row((enum action_id)id);
			bool anywhere = action->contexts & 1u;

			name_keys(pane, help, action->id);
			if ((action->where & ACTION_ON_SCREEN) && anywhere == !special &&
				action_works_in(action, help->about) &&
				is_wanted(help, action))
				help->row[count++] = action->id;
		}
	list_set_count(&help->list, count);
}

static enum pane_id
find_pane(const char *name)
{
	for (enum pane_id pane = 0; pane < PANE_COUNT; pane++)
		if (strcmp(pane_name(pane), name) == 0)
			return pane;
	return PANE_DEVICES;
}

static void
open(struct pane *pane)
{
	struct help *help = mem_new(pane, struct help);

	pane->data = help;
	help->about = find_pane(pane->project);
	help->needle = mem_text(help, pane->name);
	list_init(&help->list, columns, sizeof(columns) / sizeof(*columns), cell, pane);
	help->list.highlight = LIST_ROW;
	fill(pane);
}

static void
narrow(struct pane *pane, const char *needle)
{
	struct help *help = pane->data;

	mem_free(help->needle);
	help->needle = mem_text(help, needle);
	fill(pane);
}

static void
run(struct pane *pane)
{
	struct app *app = pane->app;
	const struct help *help = pane->data;
	enum action_id action;

	if (help->list.cursor >= help->list.count)
		return;
	action = help->row[help->list.cursor];
	app_step(app, -1);
	app_do(app, action, NULL);
}

static const struct {
	enum action_id action;
	enum list_move move;
} moves[] = {
	{ ACTION_DOWN, LIST_DOWN },
	{ ACTION_UP, LIST_UP },
	{ ACTION_FIRST, LIST_FIRST },
	{ ACTION_LAST, LIST_LAST },
	{ ACTION_HALF_DOWN, LIST_HALF_DOWN },
	{ ACTION_HALF_UP, LIST_HALF_UP },
	{ ACTION_PAGE_DOWN, LIST_PAGE_DOWN },
	{ ACTION_PAGE_UP, LIST_PAGE_UP },
};

static bool
act(struct pane *pane, enum action_id action, const struct args *args)
{
	struct help *help = pane->data;

	for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++)
		if (moves[i].action == action)
			return list_move(&help->list, moves[i].move), true;
	if (action == ACTION_FILTER && args->count)
		narrow(pane, args->word[0]);
	else if (action == ACTION_FILTER)
		modal_open_filter(pane->app);
	else if (action == ACTION_OPEN)
		run(pane);
	else
		return false;
	return true;
}

static void
layout(struct pane *pane, struct area body)
{
	struct help *help = pane->data;

	help->list.focused = true;
	area_cut_bottom(&body, body.rows > WHOLE_FROM ? WHOLE_ROWS : 0);
	list_fit(&help->list, body);
}

/* The action under the cursor, uncut. */
static void
draw_whole(const struct help *help, struct canvas *canvas, struct area area)
{
	const struct action *action = action_row(help->row[help->list.cursor]);
	void *life = mem_life(NULL);

	if (help->list.cursor < help->list.count)
		canvas_wrap(canvas, area, 0,
			text_safe_format(life, ":%s %s  %s.", action->words,
				action->usage, action->help),
			ROLE_DIM);
	mem_free(life);
}

static void
draw(const struct pane *pane, struct canvas *canvas, struct area body)
{
	const struct help *help = pane->data;

	draw_whole(help, canvas,
		area_cut_bottom(&body, body.rows > WHOLE_FROM ? WHOLE_ROWS : 0));
	list_draw(&help->list, canvas, body);
}

static void
status(const struct pane *pane, struct buf *out)
{
	const struct help *help = pane->data;

	buf_format(out, "keys of %s | / narrows | Enter runs | Esc closes",
		pane_name(help->about));
}

const struct pane_class help_pane = {
	.id = PANE_HELP,
	.title = "Help",
	.open = open,
	.act = act,
	.layout = layout,
	.draw = draw,
	.status = status,
};
