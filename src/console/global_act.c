/* What works anywhere. */
#include <string.h>

#include "app_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/console/forms.h"

static bool
is_top(const struct pane *pane)
{
	return pane->class->id <= PANE_TABS && !*pane->project;
}

/* Esc's ladder below prompt and dialog: the range, the filter, then back. */
static void
go_back(struct app *app)
{
	struct table *table = app->pane->table;

	if (table && table->has_anchor)
		table->has_anchor = false;
	else if (table && *table->filter_text)
		table_filter(table, "", NULL);
	else if (is_top(app->pane))
		app_say(app, NOTICE_INFO, "This is the top; q quits");
	else if (!app_step(app, -1))
		app_go(app, PANE_DEVICES, NULL, NULL);
}

static void
quit_now(struct app *app, void *arg, const char *text, size_t chosen)
{
	(void)arg;
	(void)text;
	(void)chosen;
	app->quit = true;
}

/* Asks only if something would be lost. */
static void
quit(struct app *app)
{
	static const struct safe_text lost = {
		"What was typed into a form is not sent yet, and is lost."
	};

	if (!is_top(app->pane))
		go_back(app);
	else if (app->drafts)
		app_confirm(app, SAFE("Leave the console"), &lost, 1, SAFE("Leave"), NULL,
			quit_now, NULL);
	else
		app->quit = true;
}

static void
cancel(struct app *app)
{
	struct request *newest = app->requests;
	struct answer answer = { .code = ERR_PRECONDITION };

	if (newest) {
		fault(&answer.why, ERR_PRECONDITION, "cancelled; it may have been done");
		app->port.cancel(app->port.arg, newest);
		app_say(app, NOTICE_INFO, "Cancelled: %s", newest->subject);
		if (newest->done)
			newest->done(app, newest, &answer);
		app_drop_request(app, newest);
	} else if (app->quitting) {
		app->quit = true;
	} else {
		app->quitting = true;
		app_say(app, NOTICE_INFO, "Ctrl-c once more quits");
	}
}

static void
show_messages(struct app *app)
{
	struct times times = { .look = app->times == TIMES_UTC ? TIMES_UTC
							       : TIMES_LOCAL };
	size_t first = app->messages > MESSAGES_KEPT ? app->messages - MESSAGES_KEPT : 0;
	struct buf text;

	buf_init(&text, app, BUF_NO_CAP);
	for (size_t i = first; i < app->messages; i++) {
		const struct message *message = &app->message[i % MESSAGES_KEPT];

		buf_format(&text, "%.8s  %s\n",
			times_of_day(&times, text.ctx, message->at).text, message->text);
	}
	app_show_text(app, "Messages", text.len ? text.data : "No messages yet.\n");
	buf_release(&text);
}

static void
show_connection(struct app *app)
{
	static const char *const states[] = { "starting", "live",
		"answers, without events", "offline" };
	const struct app_options *options = &app->options;
	struct buf text;

	buf_init(&text, app, BUF_NO_CAP);
	buf_format(&text,
		"Context     %s\nEndpoint    %s\nRegion      %s\nAccount     %s\n",
		options->context, options->endpoint, options->region,
		*app_account(app) ? app_account(app) : "(not known yet)");
	buf_format(&text, "Mode        %s%s%s\n",
		options->read_only_by ? "READ-ONLY, because of " : "may write",
		options->read_only_by ? options->read_only_by : "", "");
	buf_format(&text, "Link        %s\n", states[app->link]);
	if (app->link == LINK_OFFLINE)
		buf_format(&text, "Since       %s\n",
			times_span(text.ctx, moment_ticks() - app->offline_since).text);
	if (app->link_why.code)
		buf_format(&text, "Last fault  %s\n", app->link_why.sentence);
	app_show_text(app, "Connection", text.data);
	buf_release(&text);
}

static void
reload(struct app *app)
{
	if (app->link == LINK_OFFLINE && app->port.retry)
		app->port.retry(app->port.arg);
	app_reload(app);
	app_say(app, NOTICE_INFO,
		app->ready ? "Loading anew" : "The service is starting");
}

static void
open_demo(struct app *app)
{
	if (app->options.demo)
		app_say(app, NOTICE_INFO, "This is the demo fleet already");
	else
		app->port.demo(app->port.arg);
}

/* Going from one pane to another keeps to the project; the same key again widens. */
static bool
keeps_scope(const struct pane *pane, enum pane_id to)
{
	enum pane_id from = pane->class->id;

	return *pane->project && from != to &&
	       (to == PANE_PLACEMENTS || to == PANE_DEVICES) &&
	       (from == PANE_PROJECT || from == PANE_PLACEMENTS || from == PANE_DEVICES ||
		       from == PANE_PLACEMENT);
}

static bool
pane_act(struct app *app, enum action_id action, const struct args *args)
{
	enum pane_id id = (enum pane_id)(PANE_ONBOARD + (action - ACTION_PANE_ONBOARD));

	if (!args->count && keeps_scope(app->pane, id))
		app_go(app, id, app->pane->project, NULL);
	else if (args->count)
		app_go(app, id, args->word[0], NULL);
	else if (app->pane->class->id == id && *app->pane->project)
		app_go(app, id, NULL, NULL);
	else
		app_go_tab(app, id);
	return true;
}

static void
toggle_mouse(struct app *app)
{
	app->mouse = !app->mouse;
	app->port.mouse(app->port.arg, app->mouse);
	app_say(app, NOTICE_INFO, "Mouse %s", app->mouse ? "on" : "off");
}

static void
turn_times(struct app *app)
{
	app->times = (app->times + 1) % TIMES_LOOKS;
	app_say(app, NOTICE_INFO, "Times: %s", times_name(app->times));
}

static bool
walk_act(struct app *app, enum action_id action)
{
	bool back = action == ACTION_PREVIOUS;

	if (!app_walk(app, back ? -1 : 1))
		app_say(app, NOTICE_INFO, "Nothing %s this in the list",
			back ? "before" : "after");
	return true;
}

static bool
history_act(struct app *app, enum action_id action)
{
	bool back = action == ACTION_HISTORY_BACK;

	if (!app_step(app, back ? -1 : 1))
		app_say(app, NOTICE_INFO, "Nothing %s in the history",
			back ? "before this" : "after this");
	return true;
}

bool
global_act(struct app *app, enum action_id action, const struct args *args)
{
	if (action >= ACTION_PANE_ONBOARD && action <= ACTION_PANE_DELIVERIES)
		return pane_act(app, action, args);
	if (action == ACTION_HISTORY_BACK || action == ACTION_HISTORY_FORWARD)
		return history_act(app, action);
	if (action == ACTION_PREVIOUS || action == ACTION_NEXT)
		return walk_act(app, action);
	if (action == ACTION_BACK)
		go_back(app);
	else if (action == ACTION_QUIT)
		quit(app);
	else if (action == ACTION_CANCEL)
		cancel(app);
	else if (action == ACTION_COMMAND)
		modal_open_command(app, "");
	else if (action == ACTION_TIMES)
		turn_times(app);
	else if (action == ACTION_RELOAD)
		reload(app);
	else if (action == ACTION_REPAINT)
		app->port.repaint(app->port.arg);
	else if (action == ACTION_MOUSE)
		toggle_mouse(app);
	else if (action == ACTION_MESSAGES)
		show_messages(app);
	else if (action == ACTION_CONNECTION)
		show_connection(app);
	else if (action == ACTION_WHY)
		app_show_text(app, "Why",
			app->refused.code ? app->refused.sentence
					  : "Nothing has been refused.");
	else if (action == ACTION_DEMO)
		open_demo(app);
	else if (action == ACTION_EVENTS_FOLLOW)
		app_go_tab(app, PANE_EVENTS);
	else if (action == ACTION_CLAIM_FIELD || action == ACTION_CLAIM)
		app_go_tab(app, PANE_ONBOARD);
	else if (action == ACTION_HELP)
		app_go(app, PANE_HELP, pane_name(app->pane->class->id),
			args->count ? args->word[0] : NULL);
	else
		return action >= ACTION_DOWN && action <= ACTION_SCROLL_LEFT;
	return true;
}
