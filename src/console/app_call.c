/* Calls: what is asked of the service, and what becomes of the answers. */
#include <string.h>

#include "app_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

struct request *
app_request(struct app *app, enum op op, const char *subject, request_fn done, void *arg)
{
	struct request *request = mem_new(app, struct request);

	request->app = app;
	request->op = op;
	request->done = done;
	request->arg = arg;
	request->subject = mem_text(request, subject ? subject : "");
	request->next = app->requests;
	if (app->requests)
		app->requests->before = request;
	app->requests = request;
	return request;
}

struct request *
app_call(struct app *app, enum op op, const struct ask *ask, const char *subject,
	request_fn done, void *arg)
{
	struct request *request = app_request(app, op, subject, done, arg);

	app->port.call(app->port.arg, request, op, ask);
	return request;
}

struct request *
app_extra(struct app *app, enum extra extra, const char *query, const char *body,
	const char *subject, request_fn done, void *arg)
{
	struct request *request = app_request(app, OP_NONE, subject, done, arg);

	app->port.extra(app->port.arg, request, extra, query, body);
	return request;
}

void
app_drop_request(struct app *app, struct request *request)
{
	if (request->before)
		request->before->next = request->next;
	else
		app->requests = request->next;
	if (request->next)
		request->next->before = request->before;
	mem_free(request);
}

void
app_cancel_of(struct app *app, const void *arg)
{
	for (struct request *next, *at = app->requests; at; at = next) {
		next = at->next;
		if (at->arg != arg)
			continue;
		app->port.cancel(app->port.arg, at);
		app_drop_request(app, at);
	}
}

static void
go_offline(struct app *app, const struct fault *why)
{
	app->link_why = *why;
	if (app->link == LINK_OFFLINE)
		return;
	app->link = LINK_OFFLINE;
	app->offline_since = moment_ticks();
	app_say(app, NOTICE_WARN, "No answer from the service: %s", why->sentence);
}

static void
come_back(struct app *app, enum link_state link)
{
	bool was_offline = app->link == LINK_OFFLINE;

	app->link = link;
	app->offline_since = 0;
	if (was_offline) {
		app_say(app, NOTICE_INFO, "The service answers again; loading anew");
		app_reload(app);
	}
}

void
app_take_reply(struct app *app, const struct msg *msg)
{
	struct request *request = msg->request;
	const struct answer *answer = msg->answer;

	if (answer->code == ERR_LINK)
		go_offline(app, &answer->why);
	else if (app->link == LINK_OFFLINE && answer->status)
		come_back(app, app->streaming ? LINK_LIVE : LINK_NO_STREAM);
	if (request->done)
		request->done(app, request, answer);
	app_drop_request(app, request);
}

void
app_take_link(struct app *app, const struct msg *msg)
{
	app->streaming = msg->link == LIVE_OPEN;
	switch (msg->link) {
	case LIVE_CONNECTING:
		break;
	case LIVE_OPEN:
		/* what was changed before it opened, it does not tell */
		if (app->state->projects.shelf.phase == SHELF_WHOLE ||
			app->link == LINK_NO_STREAM)
			changes_missed(app);
		come_back(app, LINK_LIVE);
		break;
	case LIVE_LOST:
		if (!msg->why || msg->why->code == ERR_LINK) {
			go_offline(app, msg->why ? msg->why
						 : &(struct fault){ ERR_LINK,
							   "the live stream ended" });
			break;
		}
		if (app->link != LINK_NO_STREAM)
			app_say(app, NOTICE_WARN, "No live events: %s",
				msg->why->sentence);
		app->link_why = *msg->why;
		app->link = LINK_NO_STREAM;
		break;
	}
}

void
app_probe(struct app *app)
{
	if (app->link == LINK_OFFLINE && app->streaming && !app->requests)
		load_projects(app);
}

static void
refuse(struct app *app, const char *what, const char *because)
{
	app_say(app, NOTICE_WARN, "Not sent, %s: %s (:why)", because, what);
}

bool
app_may_write(struct app *app, const char *what)
{
	if (app->options.read_only_by) {
		fault(&app->refused, ERR_FORBIDDEN,
			"%s is not sent: this session is read-only because of %s, and "
			"stays so "
			"until it ends. The client refuses every change before it is "
			"built.",
			what, app->options.read_only_by);
		refuse(app, what, "read-only");
		return false;
	}
	if (app->ready && app->link != LINK_OFFLINE)
		return true;
	fault(&app->refused, ERR_LINK,
		"%s is not sent: the service does not answer (%s). Changes are never "
		"kept back "
		"to be sent later; do it again when the link is back.",
		what, app->ready ? app->link_why.sentence : "it is starting");
	refuse(app, what, app->ready ? "offline" : "still starting");
	return false;
}
