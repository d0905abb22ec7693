/*
 * SMS by a gateway that takes a form: what the wizard's "Send SMS" goes through.  The
 * message is the placement's, with the guide's last line under it.
 */
#include <string.h>

#include "attempt.h"
#include "oneclick/base/base64.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/uri.h"
#include "parcel.h"
#include "sink_read.h"
#include "sinks.h"

enum { HEADERS_MAX = 16 };

struct sms_options {
	const char *url, *user, *password_file, *bearer_file, *ca_file;
	struct pairs *form, *headers;
	int plain;
};

/*
 * url            where the form goes
 * form           its fields, with {{attribute}} in the values
 * user, password-file   for a gateway that asks for both
 * bearer-file    the token, for one that asks for that
 * headers        further ones, constants
 */
#define ROW(label, what, member, low, high) \
	SINK_ROW(struct sms_options, label, what, member, low, high)
static const struct field rows[] = {
	ROW("url", FIELD_TEXT, url, 1, 2048),
	ROW("form", FIELD_PAIRS, form, 1, 64),
	ROW("user", FIELD_TEXT, user, 1, 256),
	ROW("password-file", FIELD_TEXT, password_file, 1, 4096),
	ROW("bearer-file", FIELD_TEXT, bearer_file, 1, 4096),
	ROW("headers", FIELD_PAIRS, headers, 1, HEADERS_MAX),
	ROW("ca-file", FIELD_TEXT, ca_file, 1, 4096),
	ROW("plain", FIELD_FLAG, plain, 0, 0),
};

/* What a message must have to go anywhere. */
static const char *const needed[] = { "phoneNumber", "message", NULL };

struct sms {
	const struct sink_world *world;
	struct endpoint endpoint;
	const struct pairs *form;
	const char *headers[HEADERS_MAX + 2];
	size_t header_count;
};

/* ---- the configuration ---- */

static const char *
basic(const void *ctx, const char *user, const char *password)
{
	char *plain = mem_format(ctx, "%s:%s", user, password);
	struct buf out;

	buf_init(&out, ctx, BUF_NO_CAP);
	buf_text(&out, "Authorization: Basic ");
	base64_encode(&out, plain, strlen(plain));
	mem_free(plain);
	return out.data;
}

static enum err
add_authorization(struct sms *sms, const struct value *value,
	const struct sms_options *options, struct fault *why)
{
	const char *password = NULL, *bearer = NULL;
	enum err err;

	err = sink_secret(
		sms, value, "password-file", options->password_file, &password, why);
	if (err == ERR_NONE)
		err = sink_secret(
			sms, value, "bearer-file", options->bearer_file, &bearer, why);
	if (err == ERR_NONE && password)
		sms->headers[sms->header_count++] = basic(sms, options->user, password);
	if (err == ERR_NONE && bearer)
		sms->headers[sms->header_count++] =
			mem_format(sms, "Authorization: Bearer %s", bearer);
	return err;
}

static enum err
add_headers(struct sms *sms, const struct value *value, const struct pairs *headers,
	struct fault *why)
{
	for (size_t i = 0; headers && i < headers->count; i++) {
		const struct pair *row = &headers->row[i];

		if (sink_check_header(value, "headers", row->key, row->value, why))
			return ERR_INVALID;
		sms->headers[sms->header_count++] =
			mem_format(sms, "%s: %s", row->key, row->value);
	}
	return ERR_NONE;
}

static enum err
check(const struct value *value, const struct sms_options *options, struct fault *why)
{
	if (sink_need(value, "url", why))
		return ERR_INVALID;
	if (!options->user != !options->password_file)
		return sink_refuse(value, options->user ? "user" : "password-file", why,
			"\"user\" and \"password-file\" go together.");
	if (options->user && options->bearer_file)
		return sink_refuse(value, "bearer-file", why,
			"A gateway takes a user with a password, or a bearer's token, "
			"not both.");
	return ERR_NONE;
}

static const struct pairs *
usual_form(const void *ctx)
{
	struct pairs *form = pairs_new(ctx);

	pairs_set(form, "To", "{{phoneNumber}}");
	pairs_set(form, "Body", "{{message}}");
	return form;
}

static enum err
read_sms(struct sms *sms, const struct value *value, struct fault *why)
{
	struct sms_options options;
	enum err err =
		record_read(sms, rows, sizeof rows / sizeof *rows, value, &options, why);

	if (err == ERR_NONE)
		err = check(value, &options, why);
	if (err != ERR_NONE)
		return err;
	sms->form = options.form ? options.form : usual_form(sms);
	sms->headers[sms->header_count++] =
		"Content-Type: application/x-www-form-urlencoded";
	err = sink_place(value, "url",
		endpoint_read(sms, options.url,
			&(struct endpoint_options){
				options.ca_file, .plain = options.plain == 1 },
			&sms->endpoint, why),
		why);
	if (err == ERR_NONE)
		err = add_headers(sms, value, options.headers, why);
	if (err == ERR_NONE)
		err = add_authorization(sms, value, &options, why);
	return err;
}

static enum err
open_sms(const void *ctx, const struct value *value, const struct sink_world *world,
	void **out, struct fault *why)
{
	struct sms *sms = mem_new(ctx, struct sms);

	sms->world = world;
	*out = sms;
	return read_sms(sms, value, why);
}

/* ---- sending ---- */

static const char *
find_lack(const struct sms *sms, const struct parcel *parcel)
{
	const char *lack = NULL;

	for (size_t i = 0; !lack && i < sms->form->count; i++)
		lack = parcel_lacks(parcel, sms->form->row[i].value, needed);
	return lack;
}

static const char *
write_form(const void *ctx, const struct pairs *form, const struct parcel *parcel)
{
	struct buf out, value;

	buf_init(&out, ctx, BUF_NO_CAP);
	buf_init(&value, ctx, BUF_NO_CAP);
	for (size_t i = 0; i < form->count; i++) {
		buf_clear(&value);
		parcel_fill(&value, form->row[i].value, parcel);
		if (i > 0)
			buf_char(&out, '&');
		uri_encode(&out, form->row[i].key, strlen(form->row[i].key));
		buf_char(&out, '=');
		uri_encode(&out, value.data, value.len);
	}
	return out.data;
}

static void *
send_sms(void *sink, const struct parcel *parcel, outcome_fn fn, void *arg)
{
	const struct sms *sms = sink;
	struct attempt *attempt = attempt_new(sms->world->loop, fn, arg);
	const char *lack = find_lack(sms, parcel);
	struct attempt_post post = {
		.endpoint = &sms->endpoint,
		.headers = sms->headers,
		.header_count = sms->header_count,
		.timeout = parcel->timeout,
	};
	struct parcel filled;

	if (lack)
		return attempt_refuse(attempt, OUTCOME_NEVER,
			"%s has no attribute \"%s\", without which no SMS can be sent.",
			parcel_place(attempt, parcel), lack);
	filled = parcel_with_filled(attempt, parcel, "message", true);
	post.body = write_form(attempt, sms->form, &filled);
	return attempt_post(attempt, sms->world, &post);
}

const struct sink_class sink_sms = {
	.name = "sms",
	.matches = "arn:aws:lambda:*:*:function:iot1click_onclick_sms*",
	.open = open_sms,
	.send = send_sms,
	.cancel = attempt_cancel,
};
