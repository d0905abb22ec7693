/* The console on a terminal: the app between the loop, the client and the tty. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "copy.h"
#include "linear.h"
#include "oneclick/base/mem.h"
#include "oneclick/client/live.h"
#include "oneclick/console/app.h"
#include "oneclick/console/console.h"
#include "oneclick/ui/tty.h"

enum { TICK = 1000, MINUTE = 60 * 1000, REST = 100 };

struct run {
	const struct console_options *options;
	struct loop *loop;
	struct tty *tty;       /* NULL when line by line */
	struct linear *linear; /* NULL on a screen */
	struct app *app;
	struct client *client;
	struct live *live;
	struct local *local; /* borrowed, of the options or of the demo */
	struct demo *demo;   /* one we opened ourselves */
	struct loop_timer *start, *paint, *tick, *minute, *rest;
	bool ticking, wants_demo;
	char *left; /* what was under way at the end; NULL: nothing */
	int status;
};

/* ---- the port ---- */

static void
take_answer(void *arg, const struct answer *answer)
{
	struct request *request = arg;
	struct msg msg = { .kind = MSG_REPLY, .request = request, .answer = answer };

	app_update(request->app, &msg);
}

static void
do_call(void *arg, struct request *request, enum op op, const struct ask *ask)
{
	struct run *run = arg;

	request->port = client_call(run->client, op, ask, take_answer, request);
}

static void
do_extra(void *arg, struct request *request, enum extra extra, const char *query,
	const char *body)
{
	struct run *run = arg;

	request->port =
		client_extra(run->client, extra, query, body, take_answer, request);
}

static void
do_press(void *arg, struct request *request, const char *device_id, const char *click)
{
	struct run *run = arg;

	request->port = client_press(
		run->client, device_id, click, -1, NULL, take_answer, request);
}

static void
take_known(void *arg, enum err code, const char *output, const struct fault *why)
{
	struct request *request = arg;
	struct msg msg = {
		.kind = MSG_KNOWN, .request = request, .why = code ? why : NULL
	};

	(void)output;
	app_update(request->app, &msg);
}

static void
do_know(void *arg, struct request *request, const char *device_id)
{
	struct run *run = arg;

	local_register(run->local, device_id, NULL, NULL, take_known, request);
}

static void
do_cancel(void *arg, struct request *request)
{
	(void)arg;
	if (request->port)
		client_cancel(request->port);
}

static void
do_retry(void *arg)
{
	struct run *run = arg;

	if (run->live)
		live_retry_now(run->live);
}

static void
do_copy(void *arg, const char *text)
{
	struct run *run = arg;

	if (run->linear)
		puts(text);
	else
		copy_text(run->loop, text);
}

static void
do_repaint(void *arg)
{
	struct run *run = arg;

	if (run->tty)
		tty_repaint(run->tty);
}

static void
do_mouse(void *arg, bool on)
{
	struct run *run = arg;

	if (run->tty)
		tty_set_mouse(run->tty, on);
}

static void
do_demo(void *arg)
{
	((struct run *)arg)->wants_demo = true;
}

/* ---- the service ---- */

static void
take_event(void *arg, int64_t pos, const char *kind, const struct value *data)
{
	struct run *run = arg;

	app_update(run->app,
		&(struct msg){
			.kind = MSG_LIVE, .pos = pos, .live = kind, .data = data });
}

static void
take_change(void *arg, const struct value *data)
{
	struct run *run = arg;

	app_update(run->app, &(struct msg){ .kind = MSG_CHANGE, .data = data });
}

static void
take_link(void *arg, enum live_state state, const struct fault *why)
{
	struct run *run = arg;

	app_update(
		run->app, &(struct msg){ .kind = MSG_LINK, .link = state, .why = why });
}

static void
take_ready(void *arg, enum err code, const struct fault *why)
{
	struct run *run = arg;
	struct live_hooks hooks = { .event = take_event,
		.change = take_change,
		.state = take_link,
		.arg = run };
	const char *endpoint = run->local ? local_endpoint(run->local) : NULL;
	struct fault refused;

	if (!code) {
		code = context_client(run, run->loop, run->options->context, endpoint,
			&run->client, &refused);
		why = &refused;
	}
	if (code) {
		app_update(run->app, &(struct msg){ .kind = MSG_READY, .why = why });
		return;
	}
	run->live = live_start(run->client, -1, &hooks);
	app_update(run->app, &(struct msg){ .kind = MSG_READY });
}

static void
take_progress(void *arg, size_t done, size_t total, const struct fault *why)
{
	struct run *run = arg;

	app_update(run->app,
		&(struct msg){
			.kind = MSG_SET_UP, .done = done, .total = total, .why = why });
}

/* After the first frame, so that nothing the network does can delay it. */
static void
connect_service(void *arg)
{
	struct run *run = arg;
	struct demo *demo = run->demo ? run->demo : run->options->demo;

	if (demo)
		demo_on_progress(demo, take_progress, run);
	if (run->local)
		local_when_ready(run->local, take_ready, run);
	else
		take_ready(run, ERR_NONE, NULL);
}

static void
open_app(struct run *run)
{
	const struct context *context = run->options->context;
	bool demo = run->demo || run->options->demo;
	struct app_options options = { .context = run->demo ? "demo" : context->name,
		.endpoint = run->local ? local_endpoint(run->local) : context->endpoint,
		.region = context->region,
		.account = demo ? NULL : context->account,
		.read_only_by = context->read_only_by,
		.local = run->local != NULL,
		.demo = demo,
		.keys = run->options->config ? run->options->config->keys : NULL };
	struct port port = { .arg = run,
		.call = do_call,
		.extra = do_extra,
		.press = do_press,
		.know = do_know,
		.cancel = do_cancel,
		.retry = do_retry,
		.copy = do_copy,
		.repaint = do_repaint,
		.mouse = do_mouse,
		.demo = do_demo };

	run->app = app_new(run, &options, &port);
	run->app->state->theme = run->tty ? tty_canvas(run->tty)->theme : NULL;
	if (run->linear)
		linear_use(run->linear, run->app);
	loop_timer_set(run->start, 0, 0);
}

static void
close_app(struct run *run)
{
	if (run->live)
		live_stop(run->live);
	if (run->client)
		client_free(run->client);
	mem_free(run->app);
	run->live = NULL;
	run->client = NULL;
	run->app = NULL;
}

/* The demo takes the place of the service shown; that one stays as it was. */
static void
switch_to_demo(struct run *run)
{
	struct fault why;

	run->wants_demo = false;
	if (demo_start(run, run->loop, &(struct demo_options){ .seed = 1 }, &run->demo,
		    &why)) {
		app_say(run->app, NOTICE_ERROR, "%s", why.sentence);
		return;
	}
	close_app(run);
	run->local = demo_local(run->demo);
	open_app(run);
}

/* ---- the terminal ---- */

static void
stop(struct run *run, int status)
{
	run->status = status;
	loop_stop(run->loop);
}

static void
read_keys(struct run *run)
{
	const struct chord *chord;
	size_t count = tty_read(run->tty, &chord);

	for (size_t i = 0; i < count && !run->app->quit; i++)
		app_update(run->app, &(struct msg){ .kind = MSG_KEY, .chord = chord[i] });
	if (tty_is_gone(run->tty))
		stop(run, 128 + SIGHUP);
}

static void
take_input(void *arg, int fd, int ready)
{
	struct run *run = arg;

	(void)ready;
	if (!run->linear)
		read_keys(run);
	else if (!linear_read(run->linear, fd))
		stop(run, EXIT_DONE);
}

static void
take_time(void *arg)
{
	read_keys(arg);
}

static void
take_tick(void *arg)
{
	struct run *run = arg;

	app_update(run->app, &(struct msg){ .kind = MSG_TICK });
}

static void
take_resize(void *arg)
{
	struct run *run = arg;

	if (!run->tty)
		return;
	tty_resized(run->tty);
	read_keys(run);
}

static void
keep_time(struct run *run)
{
	bool ticking = app_is_ticking(run->app);
	int wait = tty_wait(run->tty, run->app->dirty);

	if (wait >= 0)
		loop_timer_set(run->paint, wait, 0);
	else
		loop_timer_clear(run->paint);
	if (ticking != run->ticking && ticking)
		loop_timer_set(run->tick, TICK, TICK);
	else if (ticking != run->ticking)
		loop_timer_clear(run->tick);
	run->ticking = ticking;
}

static void
take_rest(void *arg)
{
	struct run *run = arg;

	app_update(run->app, &(struct msg){ .kind = MSG_REST });
}

static void
paint(struct run *run)
{
	struct canvas *canvas = tty_canvas(run->tty);

	if (run->app->dirty && tty_is_ready(run->tty)) {
		run->app->dirty = false;
		app_layout(run->app, canvas->rows, canvas->cols);
		app_draw(run->app, canvas);
		tty_show(run->tty, canvas);
		if (!run->app->resting)
			loop_timer_set(run->rest, REST, 0);
	}
	keep_time(run);
}

static void
show(void *arg)
{
	struct run *run = arg;

	if (run->wants_demo)
		switch_to_demo(run);
	if (run->app->quit)
		stop(run, EXIT_DONE);
	if (run->tty)
		paint(run);
	else
		linear_tell(run->linear);
}

static void
end_by_term(void *arg)
{
	stop(arg, 128 + SIGTERM);
}

static void
end_by_hup(void *arg)
{
	stop(arg, 128 + SIGHUP);
}

static void
end_by_int(void *arg)
{
	stop(arg, 128 + SIGINT);
}

static void
end_by_quit(void *arg)
{
	stop(arg, 128 + SIGQUIT);
}

static const struct {
	int signal;
	loop_fn fn;
} signals[] = {
	{ SIGTERM, end_by_term },
	{ SIGHUP, end_by_hup },
	{ SIGINT, end_by_int },
	{ SIGQUIT, end_by_quit },
	{ SIGWINCH, take_resize },
};
enum { SIGNALS = sizeof(signals) / sizeof(*signals) };

static void
turn(struct run *run)
{
	struct loop_watch *input = loop_watch_new(run->loop,
		run->tty ? tty_fd(run->tty) : STDIN_FILENO, LOOP_READ, take_input, run);
	struct loop_signal *caught[SIGNALS];

	run->start = loop_timer_new(run->loop, connect_service, run);
	run->paint = loop_timer_new(run->loop, take_time, run);
	run->tick = loop_timer_new(run->loop, take_tick, run);
	run->minute = loop_timer_new(run->loop, take_tick, run);
	run->rest = loop_timer_new(run->loop, take_rest, run);
	loop_timer_set(run->minute, MINUTE, MINUTE);
	for (size_t i = 0; i < SIGNALS; i++)
		caught[i] =
			loop_signal_new(run->loop, signals[i].signal, signals[i].fn, run);
	open_app(run);
	if (run->options->notice)
		app_say(run->app, NOTICE_WARN, "%s", run->options->notice);
	else if (run->tty && *tty_notice(run->tty))
		app_say(run->app, NOTICE_INFO, "%s", tty_notice(run->tty));
	loop_before_sleep(run->loop, show, run);
	show(run);
	loop_run(run->loop);
	loop_before_sleep(run->loop, NULL, NULL);
	run->left = app_under_way(run->app, run);
	close_app(run);
	for (size_t i = 0; i < SIGNALS; i++)
		loop_signal_stop(caught[i]);
	loop_watch_stop(input);
	loop_timer_stop(run->start);
	loop_timer_stop(run->paint);
	loop_timer_stop(run->tick);
	loop_timer_stop(run->minute);
	loop_timer_stop(run->rest);
}

static enum err
open_tty(struct run *run, struct fault *why)
{
	const struct console_options *options = run->options;
	struct tty_options tty = { .pace = TTY_PACE_AUTO };
	enum err err = theme_load(
		run, options->theme ? options->theme : "terminal", &tty.theme, why);

	if (err)
		return err;
	if (!tty_colour_parse(options->colour ? options->colour : "auto", &tty.colour))
		return fault(why, ERR_INVALID,
			"--color takes auto, never, 16, 256 or direct, not %s",
			options->colour);
	return tty_open(run, &tty, &run->tty, why);
}

int
console_run(const struct console_options *options)
{
	struct run *run = mem_new(NULL, struct run);
	struct fault why;
	int status;

	run->options = options;
	run->loop = options->loop;
	run->local = options->demo ? demo_local(options->demo) : options->local;
	if (options->linear || tty_is_dumb()) {
		run->linear = linear_new(run);
	} else if (open_tty(run, &why)) {
		fprintf(stderr, "oneclick: %s\n", why.sentence);
		mem_free(run);
		return why.code == ERR_PRECONDITION ? EXIT_USAGE : EXIT_CONFIG;
	}
	turn(run);
	tty_close(run->tty);
	if (run->left)
		fprintf(stderr, "oneclick: ended before this was done:\n%s\n", run->left);
	if (run->demo)
		demo_stop(run->demo);
	status = run->status;
	mem_free(run);
	return status;
}
