/*
 * Events by MQTT: oneclick/DEVICE/event on the broker of settings.mqtt.  One batch of the
 * broker's is one write job, and the broker hears of it after the commit.  A message that
 * is no event, or of a device not known, would come again for ever if it were refused, so
 * it is counted, told to the log, and acknowledged.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/net/mqtt.h"
#include "oneclick/service/ingest.h"
#include "oneclick/service/service.h"

#define TOPIC_BEGIN "oneclick/"
#define TOPIC_END "/event"

enum { LOG_EVERY = 10 * 1000 }; /* ms between lines about refused messages */

struct batch {
	struct job job;
	struct ingest_mqtt *owner; /* NULL once it has closed */
	int64_t window, now;
	struct report *reports;
	size_t count, stored, refused;
	struct fault last; /* of the refused */
};

struct ingest_mqtt {
	struct service *service;
	struct mqtt *mqtt;
	struct batch *batch;    /* on its lane; NULL when none is */
	uint64_t refused, told; /* messages; those the log has been told of */
	int64_t quiet_until;    /* ticks */
};

/* The DEVICE of the topic, or NULL. */
static const char *
find_id(const void *ctx, const char *topic)
{
	size_t begin = strlen(TOPIC_BEGIN), end = strlen(TOPIC_END), n = strlen(topic);

	if (n <= begin + end || strncmp(topic, TOPIC_BEGIN, begin) != 0 ||
		strcmp(topic + n - end, TOPIC_END) != 0)
		return NULL;
	return mem_textn(ctx, topic + begin, n - begin - end);
}

static enum err
read_message(struct batch *batch, const struct mqtt_message *message, struct report *out)
{
	const char *id = find_id(batch, message->topic);

	if (!id)
		return fault(&batch->last, ERR_INVALID, "No device has the topic %.80s.",
			message->topic);
	if (report_read(batch, id, message->payload, message->size, out, &batch->last))
		return fault_at(&batch->last, ERR_INVALID, "%.80s", message->topic);
	return ERR_NONE;
}

static void
read_messages(struct batch *batch, const struct mqtt_message *messages, size_t count)
{
	batch->reports = mem_array(batch, struct report, count);
	for (size_t i = 0; i < count; i++)
		if (read_message(batch, &messages[i], &batch->reports[batch->count]))
			batch->refused++;
		else
			batch->count++;
}

static bool
is_at_fault(enum err err)
{
	return err == ERR_INVALID || err == ERR_NOT_FOUND;
}

static enum err
run(struct job *job, struct tx *tx)
{
	struct batch *batch = (struct batch *)job;

	for (size_t i = 0; i < batch->count; i++) {
		struct event event;
		struct fault why;
		bool again;
		enum err err = ingest_take(tx, batch, &batch->reports[i], NULL,
			batch->window, batch->now, &event, &again, &why);

		if (err != ERR_NONE && !is_at_fault(err))
			return fault(&job->why, err, "%s", why.sentence);
		if (err != ERR_NONE) {
			batch->refused++;
			batch->last = why;
		} else if (!again) {
			batch->stored++;
		}
	}
	return ERR_NONE;
}

static void
tell_refused(struct ingest_mqtt *in, const struct batch *batch)
{
	in->refused += batch->refused;
	if (in->refused == in->told || moment_ticks() < in->quiet_until)
		return;
	log_line(LOG_WARN, "mqtt: %" PRIu64 " messages passed over; the last: %s",
		in->refused - in->told, batch->last.sentence);
	in->told = in->refused;
	in->quiet_until = moment_ticks() + LOG_EVERY;
}

static void
settle(struct ingest_mqtt *in, const struct batch *batch)
{
	in->batch = NULL;
	if (batch->job.result == ERR_NONE && batch->refused > 0)
		tell_refused(in, batch);
	if (batch->stored > 0 && batch->job.result == ERR_NONE)
		hub_tell(in->service->hub);
	mqtt_settle(in->mqtt, batch->job.result == ERR_NONE);
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
	read_messages(batch, messages, count);
	in->batch = batch;
	lanes_submit(in->service->lanes, &batch->job);
}

static void
tell_link(void *arg, bool up, const char *sentence)
{
	const struct ingest_mqtt *in = arg;
	const char *url = in->service->settings.mqtt, *at = strrchr(url, '@');

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

enum err
ingest_mqtt_open(struct service *service, struct fault *why)
{
	struct ingest_mqtt *in;
	struct mqtt_options options;
	enum err err;

	if (!service->settings.mqtt)
		return ERR_NONE;
	in = mem_new(NULL, struct ingest_mqtt);
	options = (struct mqtt_options){
		.url = service->settings.mqtt,
		.client_id = make_client_id(in, &service->settings),
		.filter = TOPIC_BEGIN "+" TOPIC_END,
		.took = take,
		.linked = tell_link,
		.arg = in,
	};
	in->service = service;
	err = mqtt_open(service->loop, &options, &in->mqtt, why);
	if (err != ERR_NONE)
		mem_free(in);
	else
		service->mqtt = in;
	return err;
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
