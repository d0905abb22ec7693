#include "steady.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/store/events.h"
#include "oneclick/store/meta.h"

enum {
	JUMP = 60 * 1000, /* ms; less is how clocks are kept right */
	DAY = 24 * 60 * 60 * 1000,
	LOOK_EVERY = 10 * 1000,      /* ms */
	KEEP_EVERY = 10 * 60 * 1000, /* ms */
};

#define KEPT_AS "clock" /* its name among what the store keeps */

/* ---- what is believed ---- */

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* After another start of the machine. */
static void
begin_anew(struct steady_clock *clock, const struct steady_kept *kept, int64_t now,
	int64_t uptime)
{
	int64_t sure = now - kept->at >= DAY ? kept->at : kept->sure;

	clock->seen = now - uptime;
	clock->offset = least(sure, now) - uptime;
	clock->since = uptime;
}

void
steady_begin(struct steady_clock *clock, const struct steady_kept *kept, const char *boot,
	int64_t now, int64_t uptime)
{
	if (kept && strcmp(kept->boot, boot) == 0)
		*clock = kept->clock;
	else if (kept)
		begin_anew(clock, kept, now, uptime);
	else
		*clock = (struct steady_clock){ now - uptime, now - uptime, uptime };
}

static bool
is_close(int64_t a, int64_t b)
{
	return a - b < JUMP && b - a < JUMP;
}

int64_t
steady_look(struct steady_clock *clock, int64_t now, int64_t uptime)
{
	int64_t was = clock->seen;
	bool in_step = is_close(clock->offset, was);

	clock->seen = now - uptime;
	if (!is_close(clock->seen, was)) {
		clock->since = uptime;
		return clock->seen - was;
	}
	if (in_step || uptime - clock->since >= DAY)
		clock->offset = clock->seen;
	return 0;
}

int64_t
steady_moment(const struct steady_clock *clock, int64_t now, int64_t uptime)
{
	return least(now, uptime + clock->offset);
}

/* ---- what is kept ---- */

struct steady {
	struct steady_clock clock;
	char boot[40];
	struct service *service;
	struct loop_timer *timer;
	int64_t kept_at; /* ticks */
};

static void
read_boot(char boot[40])
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!file || fscanf(file, "%39s", boot) != 1)
		strcpy(boot, "unknown");
	if (file)
		fclose(file);
}

static bool
read_kept(const char *text, struct steady_kept *kept)
{
	return text &&
	       sscanf(text,
		       "%39s %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64,
		       kept->boot, &kept->clock.offset, &kept->clock.seen,
		       &kept->clock.since, &kept->at, &kept->sure) == 6;
}

static bool
take_newest(void *arg, const struct event *event)
{
	struct steady_kept *kept = arg;

	kept->at = kept->sure = event->at;
	return false;
}

/* Of a store that never kept it, its newest event says when it was last written. */
static enum err
read_newest(struct tx *tx, struct steady_kept *kept, bool *has, struct fault *why)
{
	int64_t first = 0, last = 0;
	enum err err = events_bounds(tx, &first, &last, why);

	*has = !err && last > 0;
	return *has ? events_follow(tx, last - 1, 1, take_newest, kept, why) : err;
}

static enum err
read_store(struct tx *tx, void *arg, struct fault *why)
{
	struct steady *steady = arg;
	struct steady_kept kept = { 0 };
	const char *text;
	enum err err = meta_read(tx, steady, KEPT_AS, &text, why);
	bool has = !err && read_kept(text, &kept);

	if (!err && !has)
		err = read_newest(tx, &kept, &has, why);
	steady_begin(&steady->clock, has ? &kept : NULL, steady->boot, moment_now(),
		moment_uptime());
	return err;
}

enum err
steady_read(const void *ctx, struct store *store, struct steady **out, struct fault *why)
{
	*out = mem_new(ctx, struct steady);
	read_boot((*out)->boot);
	return store_read(store, read_store, *out, why);
}

/* One writing of it; it outlives the part. */
struct keeping {
	struct job job;
	char text[200];
};

static enum err
run_keeping(struct job *job, struct tx *tx)
{
	return meta_write(tx, KEPT_AS, ((struct keeping *)job)->text, &job->why);
}

static void
end_keeping(struct job *job)
{
	mem_free(job);
}

static void
keep(struct steady *steady)
{
	struct keeping *keeping = mem_new(NULL, struct keeping);
	const struct steady_clock *clock = &steady->clock;
	int64_t now = moment_now(), uptime = moment_uptime();

	snprintf(keeping->text, sizeof keeping->text,
		"%s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64,
		steady->boot, clock->offset, clock->seen, clock->since, now,
		steady_moment(clock, now, uptime));
	keeping->job = (struct job){
		.lane = LANE_WRITE, .run = run_keeping, .done = end_keeping
	};
	steady->kept_at = moment_ticks();
	lanes_submit(steady->service->lanes, &keeping->job);
}

/* ---- the part ---- */

static void
say_jump(int64_t now, int64_t by)
{
	char from[MOMENT_ISO_SIZE], to[MOMENT_ISO_SIZE];

	moment_to_iso(now - by, from);
	moment_to_iso(now, to);
	log_line(LOG_WARN,
		"the machine's clock jumped from %s to %s; until it has run on from "
		"there "
		"for a day nothing is removed for its age by it",
		from, to);
}

static void
look(struct steady *steady)
{
	int64_t now = moment_now();
	int64_t by = steady_look(&steady->clock, now, moment_uptime());

	if (by)
		say_jump(now, by);
	if (by || moment_ticks() - steady->kept_at >= KEEP_EVERY)
		keep(steady);
}

static void
look_again(void *arg)
{
	look(arg);
}

enum err
steady_open(struct service *service, struct fault *why)
{
	struct steady *steady = service->steady;

	(void)why;
	steady->service = service;
	steady->timer = loop_timer_new(service->loop, look_again, steady);
	loop_timer_set(steady->timer, LOOK_EVERY, LOOK_EVERY);
	look(steady);
	keep(steady);
	return ERR_NONE;
}

void
steady_close(struct service *service)
{
	loop_timer_stop(service->steady->timer);
	look(service->steady);
	keep(service->steady);
	service->steady = NULL;
}

int64_t
steady_now(const struct service *service)
{
	struct steady *steady = service->steady;

	if (!steady)
		return moment_now();
	look(steady);
	return steady_moment(&steady->clock, moment_now(), moment_uptime());
}
