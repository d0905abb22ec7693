/*
 * MQTT: the event to a topic of a broker, delivered when the broker has acknowledged it.
 */
#include <string.h>

#include "attempt.h"
#include "oneclick/base/mem.h"
#include "oneclick/net/mqtt_out.h"
#include "parcel.h"
#include "sink_read.h"
#include "sinks.h"

enum { TOPIC_MAX = 1024 };

struct mqtt_sink_options {
	const char *url, *topic, *user, *password_file, *ca_file;
};

/*
 * url            mqtt://HOST[:PORT] or mqtts://HOST[:PORT]
 * topic          where it is published, with {{attribute}} in its levels
 * user, password-file   for a broker that asks for both
 */
#define ROW(label, member, high) \
	SINK_ROW(struct mqtt_sink_options, label, FIELD_TEXT, member, 1, high)
static const struct field rows[] = {
	ROW("url", url, 2048),
	ROW("topic", topic, 512),
	ROW("user", user, 256),
	ROW("password-file", password_file, 4096),
	ROW("ca-file", ca_file, 4096),
};

struct mqtt_sink {
	const struct sink_world *world;
	const char *topic;
	struct mqtt_out *out; /* NULL when the configuration is only checked */
};

/* ---- the configuration ---- */

static enum err
check(const struct value *value, const struct mqtt_sink_options *options,
	struct fault *why)
{
	if (sink_need(value, "url", why) || sink_need(value, "topic", why))
		return ERR_INVALID;
	if (!options->user != !options->password_file)
		return sink_refuse(value, options->user ? "user" : "password-file", why,
			"\"user\" and \"password-file\" go together.");
	if (strpbrk(options->topic, "+#") || options->topic[0] == '$' ||
		options->topic[0] == '/' || strstr(options->topic, "//") ||
		options->topic[strlen(options->topic) - 1] == '/')
		return sink_refuse(value, "topic", why,
			"\"topic\" has no wildcards and no empty levels, and does not "
			"begin with $.");
	return sink_place(value, "url", mqtt_out_check(options->url, why), why);
}

static enum err
read_mqtt(struct mqtt_sink *sink, const struct value *value, struct fault *why)
{
	struct mqtt_sink_options options;
	struct mqtt_out_options out = { 0 };
	enum err err =
		record_read(sink, rows, sizeof rows / sizeof *rows, value, &options, why);

	if (err == ERR_NONE)
		err = check(value, &options, why);
	if (err == ERR_NONE)
		err = sink_secret(sink, value, "password-file", options.password_file,
			&out.password, why);
	if (err != ERR_NONE || !sink->world)
		return err;
	sink->topic = options.topic;
	out.url = options.url;
	out.user = options.user;
	out.ca_file = options.ca_file;
	out.reach = sink->world->reach;
	return mqtt_out_open(sink->world->loop, &out, &sink->out, why);
}

static enum err
open_mqtt(const void *ctx, const struct value *value, const struct sink_world *world,
	void **out, struct fault *why)
{
	struct mqtt_sink *sink = mem_new(ctx, struct mqtt_sink);
	enum err err;

	sink->world = world;
	err = read_mqtt(sink, value, why);
	if (err == ERR_NONE)
		*out = sink;
	return err;
}

static void
close_mqtt(void *handle)
{
	struct mqtt_sink *sink = handle;

	mqtt_out_close(sink->out);
}

/* ---- sending ---- */

struct message {
	struct attempt *attempt;
	struct mqtt_publish *publish; /* NULL: it was refused before */
};

/* What a level may not be: nothing, more than one, a wildcard, or what brokers keep for
 * themselves. */
static bool
is_level(const char *filled, size_t n, bool is_first)
{
	for (size_t i = 0; i < n; i++)
		if (strchr("/+#", filled[i]))
			return false;
	return n > 0 && !(is_first && filled[0] == '$');
}

/* Level by level, so that what is filled in stays within its own. */
static bool
fill_topic(struct buf *out, const char *topic, const struct parcel *parcel)
{
	void *life = mem_life(NULL);
	bool ok = true;

	for (const char *at = topic; ok && *at;) {
		size_t n = strcspn(at, "/"), before = out->len;

		parcel_fill(out, mem_textn(life, at, n), parcel);
		ok = !out->full &&
		     is_level(out->data + before, out->len - before, before == 0);
		at += n;
		if (ok && *at == '/')
			buf_char(out, *at++);
	}
	mem_free(life);
	return ok && !out->full && mqtt_topic_is_sound(out->data);
}

static void
on_told(void *arg, const char *problem, bool forbidden)
{
	struct message *message = arg;
	struct outcome_report report = { .retry_after = -1 };

	if (problem)
		outcome_set(&report, forbidden ? OUTCOME_NEVER : OUTCOME_AGAIN, "%s",
			problem);
	attempt_end(message->attempt, &report);
}

static void
cancel_mqtt(void *handle)
{
	struct message *message = handle;

	if (message->publish)
		mqtt_out_cancel(message->publish);
	attempt_cancel(message->attempt);
}

static void *
send_mqtt(void *handle, const struct parcel *parcel, outcome_fn fn, void *arg)
{
	const struct mqtt_sink *sink = handle;
	struct attempt *attempt = attempt_new(sink->world->loop, fn, arg);
	struct message *message = mem_new(attempt, struct message);
	struct buf topic;

	message->attempt = attempt;
	buf_init(&topic, attempt, TOPIC_MAX);
	if (fill_topic(&topic, sink->topic, parcel))
		message->publish = mqtt_out_publish(sink->out, topic.data, parcel->json,
			parcel->json_len, parcel->timeout, on_told, message);
	else
		attempt_refuse(attempt, OUTCOME_NEVER,
			"%s: its attributes give no topic of %.100s: a level is empty, "
			"or has one of / + # or a control character in it.",
			parcel_place(attempt, parcel), sink->topic);
	return message;
}

const struct sink_class sink_mqtt = {
	.name = "mqtt",
	.open = open_mqtt,
	.send = send_mqtt,
	.cancel = cancel_mqtt,
	.close = close_mqtt,
};
