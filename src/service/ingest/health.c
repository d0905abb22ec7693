/* Health events: what a device's health callback is told (guide, "Health Events"). */
#include "../steady.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/service/context.h"
#include "oneclick/service/ingest.h"
#include "oneclick/service/service.h"
#include "oneclick/store/devices.h"
#include "oneclick/store/events.h"

enum {
	QUIET_EVERY = 60 * 1000, /* ms between looks for devices not heard */
	QUIET_FIRST = 1000,      /* ms after the start */
	QUIET_AT_ONCE = 100,     /* devices, in one small transaction */
};

enum err
health_tell(struct tx *tx, const void *ctx, struct device *device, enum event_kind kind,
	int64_t now, struct fault *why)
{
	char id[UUID_SIZE];
	struct device whole;
	struct event event = {
		.at = now,
		.reported_at = now,
		.device_id = device->id,
		.event_id = id,
		.kind = kind,
		.life = device->life,
		.due = true,
	};
	enum err err = devices_find(tx, ctx, device->id, &whole, why);

	if (err == ERR_NONE)
		err = context_of_health(tx, ctx, &whole,
			kind == EVENT_LIFE_LOW ? CONDITION_LIFE : CONDITION_QUIET,
			&event.context, why);
	if (err != ERR_NONE)
		return err;
	digest_uuid(id);
	event.account = whole.account;
	return events_append_of(tx, device, &event, why);
}

/* ---- devices not heard ---- */

/* One look, again and again until a page is not full. */
struct look {
	struct job job;
	struct quiet *owner; /* NULL once it has closed */
	int64_t now;
	const char *id[QUIET_AT_ONCE];
	int count, told;
};

struct quiet {
	struct service *service;
	struct loop_timer *timer;
	struct look *look; /* on its lane; NULL when none is */
};

static void
collect(void *arg, const char *id)
{
	struct look *look = arg;

	look->id[look->count++] = mem_text(look, id);
}

static enum err
look_at(struct look *look, struct tx *tx, const char *id, struct fault *why)
{
	struct device device;
	enum err err = devices_find(tx, look, id, &device, why);

	if (err == ERR_NONE && device_fell_quiet(&device, look->now)) {
		look->told++;
		err = health_tell(tx, look, &device, EVENT_NOT_HEARD, look->now, why);
	}
	return err == ERR_NONE ? devices_save_click(tx, &device, why) : err;
}

static enum err
run(struct job *job, struct tx *tx)
{
	struct look *look = (struct look *)job;
	enum err err = devices_list_quiet(
		tx, look->now, QUIET_AT_ONCE, collect, look, &job->why);

	for (int i = 0; err == ERR_NONE && i < look->count; i++)
		err = look_at(look, tx, look->id[i], &job->why);
	return err;
}

static void
settle(struct quiet *quiet, const struct look *look)
{
	bool more = look->job.result == ERR_NONE && look->count == QUIET_AT_ONCE;

	quiet->look = NULL;
	if (look->job.result != ERR_NONE)
		log_retry(LOG_WARN, "devices not heard were not looked for: %s",
			look->job.why.sentence);
	else if (look->told > 0)
		hub_tell(quiet->service->hub);
	loop_timer_set(quiet->timer, more ? 0 : QUIET_EVERY, 0);
}

static void
done(struct job *job)
{
	struct look *look = (struct look *)job;

	if (look->owner)
		settle(look->owner, look);
	mem_free(look);
}

static void
start(void *arg)
{
	struct quiet *quiet = arg;
	struct look *look = mem_new(NULL, struct look);

	look->job = (struct job){ .lane = LANE_WRITE, .run = run, .done = done };
	look->owner = quiet;
	look->now = steady_now(quiet->service);
	quiet->look = look;
	lanes_submit(quiet->service->lanes, &look->job);
}

enum err
quiet_open(struct service *service, struct fault *why)
{
	struct quiet *quiet = mem_new(NULL, struct quiet);

	(void)why;
	quiet->service = service;
	quiet->timer = loop_timer_new(service->loop, start, quiet);
	loop_timer_set(quiet->timer, QUIET_FIRST, 0);
	service->quiet = quiet;
	return ERR_NONE;
}

void
quiet_close(struct service *service)
{
	struct quiet *quiet = service->quiet;

	if (quiet->look)
		quiet->look->owner = NULL;
	loop_timer_stop(quiet->timer);
	mem_free(quiet);
	service->quiet = NULL;
}
