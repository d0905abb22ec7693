/* What works anywhere. */
#include <string.h>
#include <utlist.h>

#include "app_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/console/claims.h"
#include "oneclick/console/forms.h"
#include "oneclick/console/job.h"

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

/* ---- ending ---- */

char *
app_under_way(const struct app *app, const void *ctx)
{
	const struct job *job;
	const struct claim *claim;
	size_t waiting = 0;
	struct buf text;

	buf_init(&text, ctx, BUF_NO_CAP);
	DL_FOREACH2(app->jobs, job, next_job)
	{
		buf_text(&text, text.len ? "\n" : "");
		job_tell(job, &text);
	}
	DL_COUNT(app->claims->queue, claim, waiting);
	if (waiting || app->claims->flying)
		buf_format(&text, "%sclaim: %zu begun, %zu under way, %zu not begun",
			text.len ? "\n" : "", app->claims->begun - app->claims->flying,
			app->claims->flying, waiting);
	return text.len ? buf_take(&text, ctx) : NULL;
}

static void
quit_now(struct app *app, void *arg, const char *text, size_t chosen)
{
	(void)arg;
	(void)text;
	(void)chosen;
	app->quit = true;
}

enum { LOSSES_MAX = 20 };

/* What would be lost by leaving now, a line each. */
static size_t
list_losses(const struct app *app, const void *life, struct safe_text line[LOSSES_MAX])
{
	char *rest, *one, *under_way = app_under_way(app, life);
	size_t lines = 0;

	for (one = under_way ? strtok_r(under_way, "\n", &rest) : NULL;
		one && lines < LOSSES_MAX - 3; one = strtok_r(NULL, "\n", &rest))
		line[lines++] = text_safe_z(life, one);
	if (lines)
		line[lines++] = SAFE("What is not begun is not done; what is under way "
				     "may be, and nothing will tell.");
	if (app->claims->box.len)
		line[lines++] =
			SAFE("What stands in Onboard's box is not claimed, and is lost.");
	if (app->drafts)
		line[lines++] =
			SAFE("What was typed into a form is not sent yet, and is lost.");
	return lines;
}

/* Asks only if something would be lost. */
static void
leave(struct app *app)
{
	struct safe_text line[LOSSES_MAX];
	void *life = mem_life(app);
	size_t lines = list_losses(app, life, line);

	if (lines)
		app_confirm(app, SAFE("Leave the console"), line, lines, SAFE("Leave"),
			NULL, quit_now, NULL);
	else
		app->quit = true;
	mem_free(life);
}

static void
quit(struct app *app)
{
	if (is_top(app->pane))
		leave(app);
	else
		go_back(app);
}

/* Stops all runs of several changes that go on; false if there is none. */
static bool
stop_runs(struct app *app)
{
	struct job *job, *next;
	size_t claims = claims_stop(app->claims);
	bool any = false;

	DL_FOREACH_SAFE2(app->jobs, job, next, next_job)
	{
		if (job->stopped || job->next == job->count)
			continue;
		any = true;
		app_say(app, NOTICE_INFO, "Stopping %s: what is under way (%zu) is waited for",
			job->verb, job->flying);
		job_stop(job);
	}
	if (claims)
		app_say(app, NOTICE_WARN,
			"Stopped: %zu claims begun; %zu not begun stand in the box again",
			app->claims->begun, claims);
	return any || claims;
}

static void
cancel_newest(struct app *app)
{
	struct request *newest = app->requests;
	struct answer answer = { .code = ERR_PRECONDITION };

	fault(&answer.why, ERR_PRECONDITION, "cancelled; it may have been done");
	app->port.cancel(app->port.arg, newest);
	app_say(app, NOTICE_INFO, "Cancelled: %s", newest->subject);
	if (newest->done)
		newest->done(app, newest, &answer);
	app_drop_request(app, newest);
}

static void
cancel(struct app *app)
{
	if (stop_runs(app))
		return;
	if (app->requests) {
		cancel_newest(app);
	} else if (app->quitting) {
		leave(app);
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
	if (first)
		buf_format(&text, "The last %d of %zu\n", MESSAGES_KEPT, app->messages);
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
	void *life = mem_life(app);
	const char *under_way = app_under_way(app, life);

	if (app->options.demo)
		app_say(app, NOTICE_INFO, "This is the demo fleet already");
	else if (under_way)
		app_say(app, NOTICE_WARN, "Not now (Ctrl-c stops it): %s", under_way);
	else
		app->port.demo(app->port.arg);
	mem_free(life);
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
