/*
 * Amazon SNS's Publish: an SMS to the placement's number, or a message to a topic.
 */
#include <string.h>

#include "attempt.h"
#include "aws.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/uri.h"
#include "parcel.h"
#include "sink_read.h"
#include "sinks.h"

struct sns_options {
	const char *endpoint, *region, *credentials_file, *profile, *ca_file;
	const char *phone, *message, *topic_arn;
	int plain;
};

/*
 * region         where it is published; else the topic's, else the service's
 * endpoint       https://HOST[:PORT]; else AWS's own of that region
 * credentials-file, profile   as ~/.aws/credentials; without it nothing is signed
 * phone          the number, with {{attribute}}; not with topic-arn
 * topic-arn      the topic to publish to
 * message        the text, with {{attribute}}
 */
#define ROW(label, what, member, high) \
	SINK_ROW(struct sns_options, label, what, member, (high) > 0, high)
static const struct field rows[] = {
	ROW("region", FIELD_TEXT, region, 32),
	ROW("endpoint", FIELD_TEXT, endpoint, 2048),
	ROW("credentials-file", FIELD_TEXT, credentials_file, 4096),
	ROW("profile", FIELD_TEXT, profile, 256),
	ROW("phone", FIELD_TEXT, phone, 256),
	ROW("topic-arn", FIELD_TEXT, topic_arn, 256),
	ROW("message", FIELD_TEXT, message, 16 * 1024),
	ROW("ca-file", FIELD_TEXT, ca_file, 4096),
	ROW("plain", FIELD_FLAG, plain, 0),
};

static const char *const needed[] = { "phoneNumber", "message", NULL };

struct sns {
	const struct sink_world *world;
	struct endpoint endpoint;
	struct aws_keys keys;
	const char *region, *phone, *message, *topic_arn;
};

/* ---- the configuration ---- */

static enum err
check(const void *ctx, const struct value *value, const struct sns_options *options,
	struct fault *why)
{
	struct aws_arn topic;

	if (options->phone && options->topic_arn)
		return sink_refuse(value, "phone", why,
			"A message goes to a phone or to a topic, not to both.");
	if (options->topic_arn && (!aws_arn_read(ctx, options->topic_arn, &topic) ||
					  strcmp(topic.service, "sns") != 0))
		return sink_refuse(value, "topic-arn", why,
			"\"topic-arn\" is written as "
			"arn:aws:sns:us-west-2:123456789012:TOPIC.");
	if (options->region && !aws_is_region(options->region))
		return sink_refuse(
			value, "region", why, "\"region\" is written as us-west-2.");
	if (!options->endpoint && !options->credentials_file)
		return sink_refuse(value, "credentials-file", why,
			"Amazon SNS needs \"credentials-file\", or \"endpoint\" says who "
			"answers in its place.");
	return ERR_NONE;
}

static const char *
choose_region(const struct sns *sns, const struct sns_options *options)
{
	struct aws_arn topic;

	if (options->region)
		return options->region;
	if (options->topic_arn && aws_arn_read(sns, options->topic_arn, &topic))
		return topic.region;
	return sns->world ? sns->world->region : "us-east-1";
}

static enum err
read_endpoint(struct sns *sns, const struct value *value,
	const struct sns_options *options, struct fault *why)
{
	const struct endpoint_options how = { options->ca_file, options->plain == 1 };
	const char *url = options->endpoint;

	if (!url)
		url = mem_format(sns, "https://sns.%s.amazonaws.com", sns->region);
	return sink_place(value, "endpoint",
		aws_endpoint_read(sns, url, &how, &sns->endpoint, why), why);
}

static enum err
read_sns(struct sns *sns, const struct value *value, struct fault *why)
{
	struct sns_options options;
	enum err err =
		record_read(sns, rows, sizeof rows / sizeof *rows, value, &options, why);

	if (err == ERR_NONE)
		err = check(sns, value, &options, why);
	if (err != ERR_NONE)
		return err;
	sns->region = choose_region(sns, &options);
	sns->topic_arn = options.topic_arn;
	sns->phone = options.phone ? options.phone : "{{phoneNumber}}";
	sns->message = options.message ? options.message : "{{message}}";
	err = read_endpoint(sns, value, &options, why);
	if (err != ERR_NONE || !options.credentials_file)
		return err;
	return sink_place(value, "credentials-file",
		aws_keys_read(
			sns, options.credentials_file, options.profile, &sns->keys, why),
		why);
}

static enum err
open_sns(const void *ctx, const struct value *value, const struct sink_world *world,
	void **out, struct fault *why)
{
	struct sns *sns = mem_new(ctx, struct sns);

	sns->world = world;
	*out = sns;
	return read_sns(sns, value, why);
}

/* ---- sending ---- */

static void
add_filled(
	struct buf *form, const char *name, const char *text, const struct parcel *parcel)
{
	struct buf value;

	buf_init(&value, form->ctx, BUF_NO_CAP);
	parcel_fill(&value, text, parcel);
	buf_format(form, "&%s=", name);
	uri_encode(form, value.data, value.len);
}

static const char *
write_form(const void *ctx, const struct sns *sns, const struct parcel *parcel)
{
	struct buf form;

	buf_init(&form, ctx, BUF_NO_CAP);
	buf_text(&form, "Action=Publish&Version=2010-03-31");
	if (sns->topic_arn) {
		buf_text(&form, "&TopicArn=");
		uri_encode(&form, sns->topic_arn, strlen(sns->topic_arn));
	} else {
		add_filled(&form, "PhoneNumber", sns->phone, parcel);
	}
	add_filled(&form, "Message", sns->message, parcel);
	return form.data;
}

static const char *
find_lack(const struct sns *sns, const struct parcel *parcel)
{
	const char *lack = NULL;

	if (!sns->topic_arn)
		lack = parcel_lacks(parcel, sns->phone, needed);
	return lack ? lack : parcel_lacks(parcel, sns->message, needed);
}

static void *
send_sns(void *sink, const struct parcel *parcel, outcome_fn fn, void *arg)
{
	const struct sns *sns = sink;
	struct attempt *attempt = attempt_new(sns->world->loop, fn, arg);
	const char *lack = find_lack(sns, parcel);
	struct parcel filled;

	if (lack)
		return attempt_refuse(attempt, OUTCOME_NEVER,
			"%s has no attribute \"%s\", without which nothing can be "
			"published.",
			parcel_place(attempt, parcel), lack);
	filled = parcel_with_filled(attempt, parcel, "message", true);
	attempt->judge = aws_judge;
	return aws_post(attempt, sns->world,
		&(struct aws_call){
			.keys = &sns->keys,
			.endpoint = &sns->endpoint,
			.service = "sns",
			.region = sns->region,
			.target = sns->endpoint.target,
			.content_type = "application/x-www-form-urlencoded; "
					"charset=utf-8",
			.body = write_form(attempt, sns, &filled),
			.now = parcel->now,
			.timeout = parcel->timeout,
		});
}

const struct sink_class sink_sns = {
	.name = "sns",
	.matches = "arn:aws:lambda:*:*:function:iot1click_onclick_sms*",
	.open = open_sns,
	.send = send_sns,
	.cancel = attempt_cancel,
};
