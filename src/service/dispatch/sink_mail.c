/*
 * Mail by SMTP: what the wizard's "Send email" goes through.  Recipient, subject and text
 * are the placement's, with the guide's last line under the text.
 */
#include <string.h>

#include "attempt.h"
#include "oneclick/base/mem.h"
#include "oneclick/net/mail.h"
#include "parcel.h"
#include "sink_read.h"
#include "sinks.h"

enum { SUBJECT_MAX = 8 * 1024, MESSAGE_MAX = 64 * 1024 };

struct mail_options {
	const char *url, *from, *user, *password_file, *starttls, *ca_file;
	const char *to, *subject, *body;
};

/*
 * url            smtp://HOST[:PORT] or smtps://HOST[:PORT]
 * from           whose mail it is
 * user, password-file   for a server that asks for both
 * starttls       required (the default) or none
 * to, subject, body     templates, with {{attribute}}
 */
#define ROW(label, member, high) \
	SINK_ROW(struct mail_options, label, FIELD_TEXT, member, 1, high)
static const struct field rows[] = {
	ROW("url", url, 2048),
	ROW("from", from, MAIL_ADDRESS_MAX),
	ROW("user", user, 256),
	ROW("password-file", password_file, 4096),
	ROW("starttls", starttls, 16),
	ROW("ca-file", ca_file, 4096),
	ROW("to", to, 512),
	ROW("subject", subject, 512),
	ROW("body", body, 16 * 1024),
};

static const char *const needed[] = { "email", "subject", "body", NULL };

struct mail_sink {
	const struct sink_world *world;
	struct mail_server server;
	const char *from, *user, *password;
	const char *to, *subject, *body;
};

/* ---- the configuration ---- */

static enum err
check(const struct value *value, const struct mail_options *options, struct fault *why)
{
	if (sink_need(value, "url", why) || sink_need(value, "from", why))
		return ERR_INVALID;
	if (!mail_is_address(options->from))
		return sink_refuse(value, "from", why,
			"\"from\" must be an address, as buttons@example.com.");
	if (!options->user != !options->password_file)
		return sink_refuse(value, options->user ? "user" : "password-file", why,
			"\"user\" and \"password-file\" go together.");
	if (options->starttls && strcmp(options->starttls, "required") != 0 &&
		strcmp(options->starttls, "none") != 0)
		return sink_refuse(
			value, "starttls", why, "\"starttls\" is required or none.");
	return ERR_NONE;
}

static const char *
or_else(const char *given, const char *usual)
{
	return given ? given : usual;
}

static enum err
read_mail(struct mail_sink *sink, const struct value *value, struct fault *why)
{
	struct mail_options options;
	struct mail_server_options server = { 0 };
	enum err err =
		record_read(sink, rows, sizeof rows / sizeof *rows, value, &options, why);

	if (err == ERR_NONE)
		err = check(value, &options, why);
	if (err != ERR_NONE)
		return err;
	sink->from = options.from;
	sink->user = options.user;
	sink->to = or_else(options.to, "{{email}}");
	sink->subject = or_else(options.subject, "{{subject}}");
	sink->body = or_else(options.body, "{{body}}");
	server.ca_file = options.ca_file;
	server.plain = options.starttls && strcmp(options.starttls, "none") == 0;
	err = sink_place(value, "url",
		mail_server_read(sink, options.url, &server, &sink->server, why), why);
	if (err == ERR_NONE)
		err = sink_secret(sink, value, "password-file", options.password_file,
			&sink->password, why);
	return err;
}

static enum err
open_mail(const void *ctx, const struct value *value, const struct sink_world *world,
	void **out, struct fault *why)
{
	struct mail_sink *sink = mem_new(ctx, struct mail_sink);

	sink->world = world;
	*out = sink;
	return read_mail(sink, value, why);
}

/* ---- sending ---- */

/* 5xx is the server's last word on this message; everything else may change (RFC 5321,
 * 4.2.1). */
static void
judge(const struct transfer_reply *reply, struct outcome_report *report)
{
	if (reply->code == ERR_NONE && reply->status / 100 == 2)
		outcome_set(report, OUTCOME_DELIVERED, "%s", "");
	else if (reply->status >= 500 && reply->status < 600)
		outcome_set(report, OUTCOME_NEVER, "The mail server refuses: %s",
			reply->body);
	else if (reply->status >= 400 && reply->status < 500)
		outcome_set(
			report, OUTCOME_AGAIN, "The mail server says: %s", reply->body);
	else
		outcome_set(report,
			reply->code == ERR_FORBIDDEN ? OUTCOME_NEVER : OUTCOME_AGAIN,
			"%s", reply->why.sentence);
}

static const char *
fill(const void *ctx, const char *text, const struct parcel *parcel, size_t cap)
{
	struct buf out;

	buf_init(&out, ctx, cap);
	parcel_fill(&out, text, parcel);
	return out.full ? NULL : out.data;
}

static const char *
find_lack(const struct mail_sink *sink, const struct parcel *parcel)
{
	const char *lack = parcel_lacks(parcel, sink->to, needed);

	if (!lack)
		lack = parcel_lacks(parcel, sink->subject, needed);
	return lack ? lack : parcel_lacks(parcel, sink->body, needed);
}

static void
start(struct attempt *attempt, const struct mail_sink *sink, const struct mail *mail,
	int64_t timeout)
{
	attempt->judge = judge;
	attempt->transfer =
		mail_start(sink->world->transfers, &(struct mail_request){
							   .server = &sink->server,
							   .user = sink->user,
							   .password = sink->password,
							   .mail = mail,
							   .total = timeout,
							   .reach = sink->world->reach,
							   .done = attempt_answer,
							   .arg = attempt,
						   });
}

static struct attempt *
send_filled(struct attempt *attempt, const struct mail_sink *sink,
	const struct parcel *parcel, const struct parcel *filled)
{
	const struct mail mail = {
		.from = sink->from,
		.to = fill(attempt, sink->to, filled, 1024),
		.subject = fill(attempt, sink->subject, filled, SUBJECT_MAX),
		.body = fill(attempt, sink->body, filled, MESSAGE_MAX),
		.id = mem_format(attempt, "%s-%s", parcel->event->device_id,
			parcel->event->event_id),
		.at = parcel->event->at,
	};

	if (!mail.to || !mail_is_address(mail.to))
		return attempt_refuse(attempt, OUTCOME_NEVER,
			"%s: \"%.80s\" is no mail address.",
			parcel_place(attempt, parcel), mail.to ? mail.to : "");
	if (!mail.subject || !mail.body)
		return attempt_refuse(attempt, OUTCOME_NEVER,
			"%s: with its attributes the mail is longer than 64 KiB, or its "
			"subject longer than 8 KiB.",
			parcel_place(attempt, parcel));
	start(attempt, sink, &mail, parcel->timeout);
	return attempt;
}

static void *
send_mail(void *handle, const struct parcel *parcel, outcome_fn fn, void *arg)
{
	const struct mail_sink *sink = handle;
	struct attempt *attempt = attempt_new(sink->world->loop, fn, arg);
	const char *lack = find_lack(sink, parcel);
	struct parcel filled;

	if (lack)
		return attempt_refuse(attempt, OUTCOME_NEVER,
			"%s has no attribute \"%s\", without which no mail can be sent.",
			parcel_place(attempt, parcel), lack);
	filled = parcel_with_filled(attempt, parcel, "subject", false);
	filled = parcel_with_filled(attempt, &filled, "body", true);
	return send_filled(attempt, sink, parcel, &filled);
}

const struct sink_class sink_mail = {
	.name = "mail",
	.matches = "arn:aws:lambda:*:*:function:iot1click_onclick_email*",
	.open = open_mail,
	.send = send_mail,
	.cancel = attempt_cancel,
};
