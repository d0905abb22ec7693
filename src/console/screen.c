/* The screen around the panes: tabs, scope, notice and hints; one line above and one
 * below when there is little room. */
#include <string.h>

#include "app_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/utf8.h"
#include "oneclick/console/keys.h"

enum { CRAMPED_BELOW = 20, BARE_BELOW = 6, HINTS_MAX = 48 };

static const struct {
	struct safe_text name, brief;
} tabs[PANE_TABS + 1] = {
	[PANE_ONBOARD] = { { "Onboard" }, { "Onb" } },
	[PANE_PROJECTS] = { { "Projects" }, { "Proj" } },
	[PANE_PLACEMENTS] = { { "Placements" }, { "Plac" } },
	[PANE_DEVICES] = { { "Devices" }, { "Dev" } },
	[PANE_EVENTS] = { { "Events" }, { "Evt" } },
	[PANE_DELIVERIES] = { { "Deliveries" }, { "Dlv" } },
};

/* The tab a detail or form belongs to. */
static enum pane_id
tab_of(const struct pane *pane)
{
	switch (pane->class->id) {
	case PANE_PROJECT:
		return PANE_PROJECTS;
	case PANE_PLACEMENT:
		return PANE_PLACEMENTS;
	case PANE_DEVICE:
		return PANE_DEVICES;
	case PANE_FORM:
		return strncmp(pane->name, "project", 7) == 0 ? PANE_PROJECTS
							      : PANE_PLACEMENTS;
	case PANE_ANYWHERE:
	case PANE_HELP:
	case PANE_TEXT:
	case PANE_COUNT:
		return PANE_ANYWHERE;
	case PANE_ONBOARD:
	case PANE_PROJECTS:
	case PANE_PLACEMENTS:
	case PANE_DEVICES:
	case PANE_EVENTS:
	case PANE_DELIVERIES:
		break;
	}
	return pane->class->id;
}

static void
lay_out(struct app *app)
{
	struct area rest = { .rows = app->rows, .cols = app->cols };

	app->cramped = app->rows < CRAMPED_BELOW;
	app->bare = app->rows < BARE_BELOW;
	app->tabs = area_cut_top(&rest, 1);
	app->scope = app->cramped ? (struct area){ 0 } : area_cut_top(&rest, 1);
	app->hints = app->bare ? (struct area){ 0 } : area_cut_bottom(&rest, 1);
	app->notice = app->cramped ? app->hints : area_cut_bottom(&rest, 1);
	app->body = rest;
	if (app->bare)
		app->notice = area_row(rest, rest.rows - 1);
}

void
app_layout(struct app *app, int rows, int cols)
{
	app->rows = rows;
	app->cols = cols;
	lay_out(app);
	state_count(app->state);
	if (app->pane->class->layout)
		app->pane->class->layout(app->pane, app->body);
}

/* ---- the top ---- */

static struct safe_text
link_text(const struct app *app, const void *ctx, enum role *role)
{
	const struct theme *theme = app->state->theme;
	int64_t s = (moment_ticks() - app->offline_since) / 1000;

	switch (app->link) {
	case LINK_STARTING:
		*role = ROLE_LINK_WAIT;
		return app->ready ? theme_word(theme, *role) : SAFE("STARTING");
	case LINK_LIVE:
		*role = ROLE_LINK_LIVE;
		return theme_word(theme, *role);
	case LINK_NO_STREAM:
		*role = ROLE_LINK_WAIT;
		return SAFE("NO EVENTS");
	case LINK_OFFLINE:
		break;
	}
	*role = ROLE_LINK_OFFLINE;
	return text_safe_format(ctx, "%s %02lld:%02lld", theme_word(theme, *role).text,
		(long long)(s / 60), (long long)(s % 60));
}

static void
add_right(struct canvas *canvas, struct area *rest, struct safe_text text, enum role role)
{
	int used = canvas_put_right(canvas, *rest, text, role);

	area_cut_right(rest, used + 1);
}

static void
draw_state(
	const struct app *app, const void *ctx, struct canvas *canvas, struct area *rest)
{
	enum role role;
	struct safe_text link = link_text(app, ctx, &role);

	add_right(canvas, rest, link, role);
	if (app->options.read_only_by)
		add_right(canvas, rest, theme_word(app->state->theme, ROLE_MODE_READONLY),
			ROLE_MODE_READONLY);
}

static int
tabs_width(bool brief, bool wide)
{
	int width = 0;

	for (int tab = PANE_ONBOARD; tab <= PANE_TABS; tab++)
		width += utf8_width(brief ? tabs[tab].brief.text : tabs[tab].name.text) +
			 3 + (wide ? 2 : 0);
	return width + 2;
}

static void
draw_tabs(const struct app *app, const void *ctx, struct canvas *canvas)
{
	struct area rest = app->tabs;
	enum pane_id current = tab_of(app->pane);
	bool brief, wide;

	draw_state(app, ctx, canvas, &rest);
	brief = tabs_width(false, false) > rest.cols;
	wide = tabs_width(false, true) <= rest.cols && rest.cols >= 100;
	for (int tab = PANE_ONBOARD; tab <= PANE_TABS; tab++) {
		bool here = tab == (int)current;
		struct safe_text name = brief ? tabs[tab].brief : tabs[tab].name;

		canvas_add(canvas, &rest,
			text_safe_format(ctx, here ? "[%d %s]" : "%d %s", tab, name.text),
			here ? ROLE_TAB_CURRENT : ROLE_TAB);
		canvas_add(canvas, &rest, wide ? SAFE("   ") : SAFE(" "), ROLE_TEXT);
	}
}

static void
write_load(const struct app *app, const struct table *table, struct buf *out)
{
	const struct shelf *shelf = table_shelf(table);
	struct times times = app_times(app);

	if (shelf->phase == SHELF_LOADING)
		buf_format(out, " | loading, %zu so far", shelf->count);
	if (app->link == LINK_OFFLINE && shelf->loaded_at)
		buf_format(out, " | data from %.8s",
			times_of_day(&times, out->ctx, shelf->loaded_at).text);
}

static void
write_table_status(const struct app *app, const struct table *table, struct buf *out)
{
	const struct shelf *shelf = table_shelf(table);
	const char *more = shelf->more ? "+" : "";

	if (table->filter)
		buf_format(out, "%zu%s of %zu%s | %s", table->count, more, table->scoped,
			more, table->filter_text);
	else if (table->scoped || shelf->phase == SHELF_WHOLE)
		buf_format(out, "%zu%s", table->scoped, more);
	write_load(app, table, out);
	if (table->marks)
		buf_format(out, " | %zu marked", table->marks);
	if (table->has_anchor)
		buf_text(out, " | marking");
}

static void
write_status(const struct app *app, struct buf *out)
{
	const struct pane *pane = app->pane;

	if (pane->class->status)
		pane->class->status(pane, out);
	if (pane->table) {
		if (out->len)
			buf_text(out, " | ");
		write_table_status(app, pane->table, out);
	}
}

static void
write_scope(const struct app *app, struct buf *out)
{
	const struct pane *pane = app->pane;

	buf_text(out, app->options.context);
	if (pane->table && pane->class->id != PANE_PROJECTS && !*pane->project)
		buf_text(out, " > all projects");
	if (pane->class->id == PANE_PLACEMENT || pane->class->id == PANE_PROJECT ||
		pane->table)
		if (*pane->project)
			buf_format(out, " > %s", pane->project);
	buf_format(out, " > %s", pane->title);
	if (!pane->table && *pane->name && pane->class->id != PANE_FORM &&
		pane->class->id != PANE_HELP)
		buf_format(out, " > %s", pane->name);
}

static void
draw_scope(const struct app *app, const void *ctx, struct canvas *canvas)
{
	struct area rest = app->scope;
	struct buf scope, status;

	buf_init(&scope, ctx, BUF_NO_CAP);
	buf_init(&status, ctx, BUF_NO_CAP);
	write_scope(app, &scope);
	write_status(app, &status);
	add_right(canvas, &rest, text_safe(ctx, status.data, status.len), ROLE_SCOPE);
	canvas_put(canvas, rest, text_safe(ctx, scope.data, scope.len), ROLE_SCOPE);
}

/* All of the top in one line: "4 Dev  13/1204  LIVE". */
static void
draw_top(const struct app *app, const void *ctx, struct canvas *canvas)
{
	struct area rest = app->tabs;
	enum pane_id tab = tab_of(app->pane);
	const struct table *table = app->pane->table;
	const char *more = table && table_shelf(table)->more ? "+" : "";
	struct buf text;

	draw_state(app, ctx, canvas, &rest);
	buf_init(&text, ctx, BUF_NO_CAP);
	if (tab)
		buf_format(&text, "%d %s", (int)tab, tabs[tab].brief.text);
	else
		buf_text(&text, app->pane->title);
	if (table)
		buf_format(&text, "  %zu%s", table->count, more);
	if (table && table->filter)
		buf_format(&text, "/%zu%s %s", table->scoped, more, table->filter_text);
	canvas_put(canvas, rest, text_safe(ctx, text.data, text.len), ROLE_TAB_CURRENT);
}

/* ---- the bottom ---- */

static bool
is_hinted(const struct app *app, const struct action *action)
{
	return *action->hint && action_works_in(action, app->pane->class->id);
}

static size_t
list_hints(const struct app *app, const void *ctx, struct hint *hint)
{
	bool locked = app->options.read_only_by || app->link == LINK_OFFLINE;
	size_t count = 0;

	for (int id = 0; id < ACTION_COUNT && count < HINTS_MAX; id++) {
		const struct action *action = action_row((enum action_id)id);
		char *key = mem_array(ctx, char, CHORD_NAME_MAX);

		if (!is_hinted(app, action) ||
			!*keys_name(app->keymap, app->pane->class->id, action->id, key))
			continue;
		hint[count++] = (struct hint){ .key = key,
			.text = text_safe_z(ctx, action->hint),
			.off = locked && action_is_write(action) };
	}
	return count;
}

static const struct hint form_hints[] = {
	{ "Tab", { "next field" }, false },
	{ "Shift-Tab", { "back" }, false },
	{ "Enter", { "continue" }, false },
	{ "Ctrl-x", { "remove row" }, false },
	{ "Esc", { "leave (keeps what was typed)" }, false },
};
static const struct hint box_hints[] = {
	{ "Enter", { "claim" }, false },
	{ "Tab", { "on" }, false },
	{ "Esc", { "leave the box" }, false },
};
static const struct hint dialog_hints[] = {
	{ "Tab", { "move" }, false },
	{ "Enter", { "choose" }, false },
	{ "Esc", { "cancel" }, false },
};
static const struct hint menu_hints[] = {
	{ "Up Down", { "move" }, false },
	{ "Enter", { "choose" }, false },
	{ "Esc", { "cancel" }, false },
};

#define DRAW_HINTS(list) \
	hints_draw(list, sizeof(list) / sizeof(*(list)), canvas, app->hints)

static void
draw_hints(const struct app *app, const void *ctx, struct canvas *canvas)
{
	struct hint hint[HINTS_MAX];

	if (app->modal.kind == MODAL_DIALOG)
		DRAW_HINTS(dialog_hints);
	else if (app->modal.kind == MODAL_MENU)
		DRAW_HINTS(menu_hints);
	else if (app->pane->class->id == PANE_FORM)
		DRAW_HINTS(form_hints);
	else if (app->pane->class->typing && app->pane->class->typing(app->pane))
		DRAW_HINTS(box_hints);
	else
		hints_draw(hint, list_hints(app, ctx, hint), canvas, app->hints);
}

static bool
is_prompting(const struct app *app)
{
	return app->modal.kind == MODAL_COMMAND || app->modal.kind == MODAL_FILTER ||
	       app->modal.kind == MODAL_PROMPT;
}

static void
draw_bottom(const struct app *app, const void *ctx, struct canvas *canvas)
{
	bool saying = app->saying && app->messages;
	const struct message *last = &app->message[(app->messages - 1) % MESSAGES_KEPT];

	if (!app->cramped || !(saying || is_prompting(app)))
		draw_hints(app, ctx, canvas);
	if (saying && !is_prompting(app)) {
		canvas_fill(canvas, app->notice, GLYPH_BLANK, ROLE_TEXT);
		notice_draw(&(struct notice){ last->level, { last->text } }, canvas,
			app->notice);
	}
}

void
app_draw(const struct app *app, struct canvas *canvas)
{
	void *life = mem_life(NULL);

	canvas_clear(canvas);
	if (app->cramped)
		draw_top(app, life, canvas);
	else
		draw_tabs(app, life, canvas);
	if (!app->cramped)
		draw_scope(app, life, canvas);
	canvas_cursor(canvas, app->body, 0, 0);
	app->pane->class->draw(app->pane, canvas, app->body);
	draw_bottom(app, life, canvas);
	modal_draw(app, canvas);
	mem_free(life);
}
