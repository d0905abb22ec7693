#include "oneclick/console/demo.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo_fleet.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/client/client.h"
#include "oneclick/console/context.h"

enum { IN_FLIGHT_MAX = 8, PRESS_MIN_MS = 400, PRESS_SPREAD_MS = 1200 };

struct demo {
	struct loop *loop;
	struct local *local;
	struct client *client;    /* NULL until the service is ready */
	struct loop_timer *timer; /* of the next press */
	struct demo_fleet fleet;
	const char *dir, *csv;
	size_t next, done, total, in_flight;
	int phase;
	bool still;
	struct fault why; /* what ended the set-up early; code 0: nothing */
	demo_progress_fn fn;
	void *arg;
};

static void
tell(struct demo *demo)
{
	if (demo->fn)
		demo->fn(demo->arg, demo->done, demo->total,
			demo->why.code ? &demo->why : NULL);
}

static void
give_up(struct demo *demo, const struct fault *why)
{
	if (demo->why.code)
		return;
	demo->why = *why;
	tell(demo);
}

/* ---- presses --------------------------------------------------------------------------
 */

static void
set_press_timer(struct demo *demo)
{
	loop_timer_set(demo->timer,
		PRESS_MIN_MS + (int64_t)demo_fleet_random(&demo->fleet, PRESS_SPREAD_MS),
		0);
}

static void
on_pressed(void *arg, const struct answer *answer)
{
	(void)arg;
	(void)answer;
}

/* Seven presses in ten are single ones; each costs a twentieth of a percent. */
static const char *
draw_click(struct demo *demo)
{
	uint64_t n = demo_fleet_random(&demo->fleet, 10);

	if (n < 7)
		return "SINGLE";
	return n < 9 ? "DOUBLE" : "LONG";
}

static void
press(void *arg)
{
	struct demo *demo = arg;
	struct demo_button *button =
		&demo->fleet.button[demo_fleet_random(&demo->fleet, DEMO_BUTTONS)];

	button->life = button->life > 0.05 ? button->life - 0.05 : 0;
	client_press(demo->client, button->id, draw_click(demo), button->life, NULL,
		on_pressed, demo);
	set_press_timer(demo);
}

/* ---- setting up -----------------------------------------------------------------------
 */

static void send_steps(struct demo *demo);

static void
on_answer(void *arg, const struct answer *answer)
{
	struct demo *demo = arg;

	demo->in_flight--;
	if (answer->code) {
		give_up(demo, &answer->why);
		return;
	}
	demo->done++;
	tell(demo);
	if (demo->done < demo->total)
		send_steps(demo);
	else if (!demo->still)
		set_press_timer(demo);
}

static void
send_step(struct demo *demo, const struct demo_step *step)
{
	demo->next++;
	demo->in_flight++;
	if (step->op == OP_NONE)
		client_press(demo->client, step->button->id, "SINGLE", step->button->life,
			NULL, on_answer, demo);
	else
		client_call(demo->client, step->op, &step->ask, on_answer, demo);
}

/* A phase begins when all of the one before is answered. */
static void
send_steps(struct demo *demo)
{
	struct demo_step step;
	void *life = mem_life(NULL);

	while (!demo->why.code && demo->in_flight < IN_FLIGHT_MAX &&
		demo_fleet_step(&demo->fleet, life, demo->next, &step)) {
		if (step.phase != demo->phase && demo->in_flight > 0)
			break;
		demo->phase = step.phase;
		send_step(demo, &step);
	}
	mem_free(life);
}

static void
on_registered(void *arg, enum err code, const char *output, const struct fault *why)
{
	struct demo *demo = arg;
	struct client_options options = {
		.endpoint = local_endpoint(demo->local),
		.region = CONTEXT_REGION_DEFAULT,
	};
	struct fault refused;

	(void)output;
	if (code)
		give_up(demo, why);
	else if (client_new(demo, demo->loop, &options, &demo->client, &refused))
		give_up(demo, &refused);
	else
		send_steps(demo);
}

static void
on_ready(void *arg, enum err code, const struct fault *why)
{
	struct demo *demo = arg;

	if (code)
		give_up(demo, why);
	else
		local_register(demo->local, NULL, NULL, demo->csv, on_registered, demo);
}

/* ---- its files ------------------------------------------------------------------------
 */

static enum err
make_dir(struct demo *demo, struct fault *why)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = mem_format(
		demo, "%s/oneclick-demo-XXXXXX", tmp && tmp[0] == '/' ? tmp : "/tmp");

	if (!mkdtemp(dir))
		return fault(
			why, ERR_BROKEN, "%s cannot be made: %s.", dir, strerror(errno));
	demo->dir = dir;
	return ERR_NONE;
}

static enum err
write_csv(struct demo *demo, struct fault *why)
{
	struct buf rows;

	buf_init(&rows, demo, BUF_NO_CAP);
	demo->csv = mem_format(demo, "%s/fleet.csv", demo->dir);
	buf_text(&rows, "deviceId,claimCode\n");
	for (int i = 0; i < DEMO_BUTTONS; i++)
		buf_format(&rows, "%s,%s\n", demo->fleet.button[i].id, DEMO_CLAIM_CODE);
	return file_write(demo->csv, &rows, why);
}

static int
remove_one(const char *path, const struct stat *at, int kind, struct FTW *ftw)
{
	(void)at;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static enum err
open_service(struct demo *demo, struct fault *why)
{
	struct local_options options = {
		.state = mem_format(demo, "%s/state", demo->dir),
		.run = mem_format(demo, "%s/run", demo->dir),
		.region = CONTEXT_REGION_DEFAULT,
	};

	return local_start(demo, demo->loop, &options, &demo->local, why);
}

enum err
demo_start(const void *ctx, struct loop *loop, const struct demo_options *options,
	struct demo **out, struct fault *why)
{
	struct demo *demo = mem_new(ctx, struct demo);
	enum err err;

	demo->loop = loop;
	demo->still = options->still;
	demo->timer = loop_timer_new(loop, press, demo);
	demo_fleet_draw(&demo->fleet, options->seed);
	demo->total = demo_fleet_steps(&demo->fleet);
	err = make_dir(demo, why);
	if (!err)
		err = write_csv(demo, why);
	if (!err)
		err = open_service(demo, why);
	if (err) {
		demo_stop(demo);
		return err;
	}
	local_when_ready(demo->local, on_ready, demo);
	*out = demo;
	return ERR_NONE;
}

/* It never follows a link out of its directory. */
void
demo_stop(struct demo *demo)
{
	if (!demo)
		return;
	loop_timer_stop(demo->timer);
	client_free(demo->client);
	local_stop(demo->local);
	if (demo->dir)
		nftw(demo->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	mem_free(demo);
}

void
demo_on_progress(struct demo *demo, demo_progress_fn fn, void *arg)
{
	demo->fn = fn;
	demo->arg = arg;
	if (demo->why.code)
		tell(demo);
}

struct local *
demo_local(const struct demo *demo)
{
	return demo->local;
}
