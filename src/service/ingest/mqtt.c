/*
 * Messages by MQTT, from the broker of settings.mqtt: oneclick/DEVICE/event in our own
 * format, and all that profiles ask for.  One batch of the broker's is one write job, and
 * the broker hears of it after the commit.  A message that is no event, or of a device not
 * known, would come again for ever if it were refused, so it is counted, told to the log,
 * and acknowledged.  So is what the session still brings from filters of an older
 * configuration.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../secret.h"
#include "intake.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/net/mqtt.h"
#include "oneclick/service/trail.h"
#include "oneclick/store/marks.h"

#define TOPIC_BEGIN "oneclick/"
#define TOPIC_END "/event"

enum { LOG_EVERY = 10 * 1000 }; /* ms between lines about refused messages */

struct batch {
	struct job job;
	struct ingest_mqtt *owner; /* NULL once it has closed */
	int64_t window, now;
	struct haul *haul;
	uint64_t *mark;     /* of its messages with presses that nothing tells apart */
	struct marks marks; /* these */
};

struct ingest_mqtt {
	struct service *service;
	struct mqtt *mqtt;
	struct batch *batch;    /* on its lane; NULL when none is */
	uint64_t refused, told; /* messages; those the log has been told of */
	int64_t quiet_until;    /* ticks */
	bool linked;
};

/* The DEVICE of the topic, or NULL. */
static const char *
find_id(const void *ctx, const char *topic)
{
	size_t begin = strlen(TOPIC_BEGIN), end = strlen(TOPIC_END), n = strlen(topic);
	const char *id;

	if (n <= begin + end || strncmp(topic, TOPIC_BEGIN, begin) != 0 ||
		strcmp(topic + n - end, TOPIC_END) != 0)
		return NULL;
	id = mem_textn(ctx, topic + begin, n - begin - end);
	return strchr(id, '/') ? NULL : id;
}

/* All of the message, or a part that makes no sense. */
static void
pass_over(struct haul *haul, const struct mqtt_message *message, const char *sentence)
{
	struct fault why;

	fault(&why, ERR_INVALID, "%.80s: %s", message->topic, sentence);
	haul_refuse(haul, COUNTS_OWN, &why);
}

static void
read_own(struct haul *haul, const char *id, const struct mqtt_message *message)
{
	struct report report;
	struct fault why;

	if (message->retained) {
		counts_add(haul->counts, COUNTS_OWN, INGEST_RETAINED);
	} else if (report_read(haul, id, message->payload, message->size, &report,
			   &why) != ERR_NONE) {
		pass_over(haul, message, why.sentence);
	} else {
		haul_add_report(haul, &report);
		if (report.left_out)
			pass_over(haul, message, report.left_out);
	}
}

static void
read_message(struct haul *haul, const struct mqtt_message *from)
{
	const char *id = find_id(haul, from->topic);
	const struct profile_message message = {
		.via = VIA_MQTT,
		.topic = from->topic,
		.payload = from->payload,
		.size = from->size,
		.retained = from->retained,
	};

	if (id)
		read_own(haul, id, from);
	else
		haul_add_message(haul, &message);
}

static void
mark_message(struct batch *batch, struct resent *resent, uint64_t mark, size_t before)
{
	if (resent_was_taken(resent, mark, batch->now))
		haul_drop(batch->haul, before);
	else if (mark != 0)
		batch->mark[batch->marks.count++] = mark;
}

static void
read_messages(struct batch *batch, struct resent *resent,
	const struct mqtt_message *messages, size_t count)
{
	batch->mark = mem_array(batch, uint64_t, count);
	batch->marks = (struct marks){
		.batch = resent_next(resent), .at = batch->now, .mark = batch->mark
	};
	for (size_t i = 0; i < count; i++) {
		size_t before = batch->haul->count;

		read_message(batch->haul, &messages[i]);
		if (haul_has_keyless(batch->haul, before))
			mark_message(batch, resent, resent_mark(&messages[i]), before);
	}
}

static enum err
run(struct job *job, struct tx *tx)
{
	struct batch *batch = (struct batch *)job;
	enum err err =
		haul_store(batch->haul, tx, NULL, batch->window, batch->now, &job->why);

	if (err == ERR_NONE && batch->marks.count > 0)
		err = marks_note(tx, &batch->marks, &job->why);
	return err;
}

static void
tell_refused(struct ingest_mqtt *in, const struct haul *haul)
{
	in->refused += haul->refused;
	if (in->refused == in->told || moment_ticks() < in->quiet_until)
		return;
	log_line(LOG_WARN, "mqtt: %" PRIu64 " messages passed over; the last: %s",
		in->refused - in->told, haul->last.sentence);
	in->told = in->refused;
	in->quiet_until = moment_ticks() + LOG_EVERY;
}

static void
settle(struct ingest_mqtt *in, const struct batch *batch)
{
	bool stored = batch->job.result == ERR_NONE;

	in->batch = NULL;
	haul_settle(batch->haul, in->service, stored);
	if (stored && batch->marks.count > 0)
		resent_keep(in->service->intake->resent, &batch->marks);
	if (stored && batch->haul->refused > 0)
		tell_refused(in, batch->haul);
	for (size_t i = 0; stored && i < batch->haul->refused; i++)
		trail_refused(in->service, "broker", "IngestEvent", "unreadable",
			batch->haul->last.sentence);
	mqtt_settle(in->mqtt, stored);
}

static void
done(struct job *job)
{
	struct batch *batch = (struct batch *)job;

	if (batch->owner)
		settle(batch->owner, batch);
	mem_free(batch);
}

static void
take(void *arg, const struct mqtt_message *messages, size_t count)
{
	struct ingest_mqtt *in = arg;
	struct batch *batch = mem_new(NULL, struct batch);

	batch->job = (struct job){ .lane = LANE_WRITE, .run = run, .done = done };
	batch->owner = in;
	batch->window = in->service->settings.claim_window;
	batch->now = moment_now();
	batch->haul = haul_new(batch, in->service->intake);
	read_messages(batch, in->service->intake->resent, messages, count);
	in->batch = batch;
	lanes_submit(in->service->lanes, &batch->job);
}

static enum err
run_clear(struct job *job, struct tx *tx)
{
	return marks_clear(tx, &job->why);
}

static void
end_clear(struct job *job)
{
	mem_free(job);
}

/* The store's marks go before any new one comes: jobs keep their order. */
static void
begin(void *arg, bool remembered)
{
	const struct ingest_mqtt *in = arg;
	struct job *job;

	resent_note_begin(in->service->intake->resent, remembered);
	if (remembered)
		return;
	job = mem_new(NULL, struct job);
	*job = (struct job){ .lane = LANE_WRITE, .run = run_clear, .done = end_clear };
	lanes_submit(in->service->lanes, job);
}

static void
tell_link(void *arg, bool up, const char *sentence)
{
	struct ingest_mqtt *in = arg;
	const char *url = in->service->settings.mqtt, *at = strrchr(url, '@');

	in->linked = up;
	if (!up)
		resent_note_end(in->service->intake->resent, moment_now());
	log_line(up ? LOG_INFO : LOG_WARN, "mqtt: %s: %s%s",
		at ? at + 1 : strstr(url, "://") + 3, sentence,
		up ? "" : "; trying again");
}

/* Two services on one broker must not share a session, and one must keep its own through
 * restarts: the state directory tells them apart. */
static const char *
make_client_id(const void *ctx, const struct settings *settings)
{
	char *path = settings->state ? realpath(settings->state, NULL) : NULL;
	char hex[DIGEST_HEX_SIZE];

	digest_sha256_hex(path ? path : "", path ? strlen(path) : 0, hex);
	free(path);
	return mem_format(ctx, "oneclickd-%s-%.8s", settings->region, hex);
}

/* Ours first, unless a profile's takes all that ours would: overlapping filters bring a
 * message twice. */
static const char *const *
collect_filters(const void *ctx, const struct profiles *profiles, size_t *count)
{
	size_t theirs;
	const char *const *filter = profiles_filters(profiles, &theirs);
	const char **all = mem_array(ctx, const char *, theirs + 1);

	*count = 0;
	all[(*count)++] = TOPIC_BEGIN "+" TOPIC_END;
	for (size_t i = 0; i < theirs; i++)
		if (mqtt_filter_takes(filter[i], TOPIC_BEGIN "any" TOPIC_END))
			all[0] = filter[i];
		else
			all[(*count)++] = filter[i];
	return all;
}

static enum err
open_link(struct ingest_mqtt *in, struct fault *why)
{
	const struct settings *settings = &in->service->settings;
	struct mqtt_options options = {
		.url = settings->mqtt,
		.ca_file = settings->mqtt_ca,
		.client_id = make_client_id(in, settings),
		.took = take,
		.joined = begin,
		.linked = tell_link,
		.arg = in,
	};
	enum err err = ERR_NONE;

	options.filter = collect_filters(
		in, intake_profiles(in->service->intake), &options.filter_count);
	if (settings->mqtt_password_file)
		err = secret_read(
			in, settings->mqtt_password_file, &options.password, why);
	return err == ERR_NONE ? mqtt_open(in->service->loop, &options, &in->mqtt, why)
			       : err;
}

enum err
ingest_mqtt_open(struct service *service, struct fault *why)
{
	struct ingest_mqtt *in;
	enum err err;

	if (!service->settings.mqtt)
		return ERR_NONE;
	in = mem_new(NULL, struct ingest_mqtt);
	in->service = service;
	err = open_link(in, why);
	if (err != ERR_NONE)
		mem_free(in);
	else
		service->mqtt = in;
	return err;
}

bool
ingest_mqtt_is_linked(const struct service *service)
{
	return service->mqtt && service->mqtt->linked;
}

void
ingest_mqtt_close(struct service *service)
{
	struct ingest_mqtt *in = service->mqtt;

	if (!in)
		return;
	if (in->batch)
		in->batch->owner = NULL;
	mqtt_close(in->mqtt);
	mem_free(in);
	service->mqtt = NULL;
}

void
ingest_reload(struct service *service)
{
	struct fault why;

	ingest_mqtt_close(service);
	intake_reload(service);
	if (ingest_mqtt_open(service, &why) != ERR_NONE)
		log_line(LOG_ERROR, "mqtt: not followed any more: %s", why.sentence);
}
