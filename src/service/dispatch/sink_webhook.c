/*
 * Webhooks: the event as a POST, signed as Standard Webhooks has it, as a CloudEvent when
 * that is asked for.  What is signed is what is sent; a redirect is never followed, and
 * counts as a failure that may pass.
 */
#include <inttypes.h>
#include <string.h>

#include "attempt.h"
#include "oneclick/base/base64.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/json.h"
#include "sink_read.h"
#include "sinks.h"

#define SECRET_PREFIX "whsec_"

enum {
	SECRETS_MAX = 4, /* while one takes the place of another */
	FIXED_MAX = 16,  /* headers of the configuration */
	HEADERS_MAX = FIXED_MAX + 9,
	SECRET_LEAST = 16, /* bytes */
};

enum form { FORM_PLAIN, FORM_BINARY, FORM_STRUCTURED };

struct webhook_options {
	const char *url, *cloudevents, *ca_file;
	struct texts secret_files, header_files;
	struct pairs *headers;
	int plain;
};

/*
 * url            where it goes
 * secret-file    what it is signed with; a list while one takes the place of another
 * cloudevents    none, binary or structured
 * headers        further ones, constants; header-file: secret ones, "Name: value" in each
 */
#define ROW(label, what, member, low, high) \
	SINK_ROW(struct webhook_options, label, what, member, low, high)
static const struct field rows[] = {
	ROW("url", FIELD_TEXT, url, 1, 2048),
	ROW("secret-file", FIELD_TEXTS, secret_files, 1, SECRETS_MAX),
	ROW("cloudevents", FIELD_TEXT, cloudevents, 1, 16),
	ROW("headers", FIELD_PAIRS, headers, 1, FIXED_MAX / 2),
	ROW("header-file", FIELD_TEXTS, header_files, 1, FIXED_MAX / 2),
	ROW("ca-file", FIELD_TEXT, ca_file, 1, 4096),
	ROW("plain", FIELD_FLAG, plain, 0, 0),
};

struct webhook {
	const struct sink_world *world;
	struct endpoint endpoint;
	enum form form;
	struct buf secret[SECRETS_MAX];
	size_t secrets;
	const char *fixed[FIXED_MAX];
	size_t fixed_count;
};

/* ---- the configuration ---- */

/* The section with its lists as lists, where one text alone was given. */
static const struct value *
with_lists(const void *ctx, const struct value *value)
{
	struct value *copy = mem_new(ctx, struct value);

	*copy = *value;
	if (value->kind != VALUE_MAP)
		return value;
	copy->item = mem_array(ctx, struct value, value->count);
	for (size_t i = 0; i < value->count; i++) {
		struct value *one = &copy->item[i];

		*one = value->item[i];
		if (one->kind != VALUE_TEXT || !strstr(value->key[i], "-file") ||
			strcmp(value->key[i], "ca-file") == 0)
			continue;
		one->kind = VALUE_LIST;
		one->item = mem_new(ctx, struct value);
		*one->item = value->item[i];
		one->count = 1;
	}
	return copy;
}

static enum err
add_secret(struct webhook *hook, const struct value *value, const char *path,
	struct fault *why)
{
	struct buf *secret = &hook->secret[hook->secrets++];
	size_t n = sizeof SECRET_PREFIX - 1;
	const char *text;
	enum err err = sink_secret(hook, value, "secret-file", path, &text, why);

	if (err)
		return err;
	buf_init(secret, hook, 0);
	if (strncmp(text, SECRET_PREFIX, n) != 0)
		buf_text(secret, text);
	else if (!base64_decode(secret, text + n, strlen(text + n)))
		return sink_refuse(value, "secret-file", why,
			"What follows " SECRET_PREFIX " in %s is no base64.", path);
	if (secret->len < SECRET_LEAST)
		return sink_refuse(value, "secret-file", why,
			"The secret in %s is shorter than %d bytes; make a new one, like "
			"\"" SECRET_PREFIX "\" and 32 random bytes in base64.",
			path, SECRET_LEAST);
	return ERR_NONE;
}

static enum err
add_header(struct webhook *hook, const struct value *value, const char *member,
	const char *name, const char *text, struct fault *why)
{
	if (sink_check_header(value, member, name, text, why))
		return ERR_INVALID;
	hook->fixed[hook->fixed_count++] = mem_format(hook, "%s: %s", name, text);
	return ERR_NONE;
}

static enum err
add_header_file(struct webhook *hook, const struct value *value, const char *path,
	struct fault *why)
{
	const char *line = NULL, *colon, *text;
	enum err err = sink_secret(hook, value, "header-file", path, &line, why);

	if (err)
		return err;
	colon = strchr(line, ':');
	if (!colon)
		return sink_refuse(value, "header-file", why,
			"%s must hold one line, \"Name: value\".", path);
	text = colon + 1 + strspn(colon + 1, " ");
	return add_header(hook, value, "header-file",
		mem_textn(hook, line, (size_t)(colon - line)), text, why);
}

static enum err
read_form(struct webhook *hook, const struct value *value, const char *word,
	struct fault *why)
{
	static const char *const forms[] = { "none", "binary", "structured" };

	for (size_t i = 0; word && i < sizeof forms / sizeof *forms; i++)
		if (strcmp(word, forms[i]) == 0) {
			hook->form = (enum form)i;
			return ERR_NONE;
		}
	return word ? sink_refuse(value, "cloudevents", why,
			      "cloudevents takes none, binary or structured.")
		    : ERR_NONE;
}

static enum err
read_lists(struct webhook *hook, const struct value *value,
	const struct webhook_options *options, struct fault *why)
{
	const struct pairs *headers = options->headers;
	enum err err = ERR_NONE;

	for (size_t i = 0; !err && i < options->secret_files.count; i++)
		err = add_secret(hook, value, options->secret_files.item[i], why);
	for (size_t i = 0; !err && headers && i < headers->count; i++)
		err = add_header(hook, value, "headers", headers->row[i].key,
			headers->row[i].value, why);
	for (size_t i = 0; !err && i < options->header_files.count; i++)
		err = add_header_file(hook, value, options->header_files.item[i], why);
	return err;
}

static enum err
read_webhook(struct webhook *hook, const struct value *value, struct fault *why)
{
	struct webhook_options options;
	enum err err = record_read(hook, rows, sizeof rows / sizeof *rows,
		with_lists(hook, value), &options, why);

	if (!err)
		err = sink_need(value, "url", why);
	if (!err)
		err = sink_place(value, "url",
			endpoint_read(hook, options.url,
				&(struct endpoint_options){
					options.ca_file, options.plain == 1 },
				&hook->endpoint, why),
			why);
	if (!err)
		err = read_form(hook, value, options.cloudevents, why);
	return err ? err : read_lists(hook, value, &options, why);
}

static enum err
open_webhook(const void *ctx, const struct value *value, const struct sink_world *world,
	void **out, struct fault *why)
{
	struct webhook *hook = mem_new(ctx, struct webhook);
	enum err err = read_webhook(hook, value, why);

	hook->world = world;
	*out = hook;
	return err;
}

static void
close_webhook(void *sink)
{
	struct webhook *hook = sink;

	for (size_t i = 0; i < hook->secrets; i++)
		digest_wipe(hook->secret[i].data, hook->secret[i].len);
}

/* ---- sending ---- */

/* The headers and body of one request. */
struct letter_head {
	struct attempt *ctx;
	const char *line[HEADERS_MAX];
	size_t count;
};

static void
add_line(struct letter_head *head, const char *name, const char *text)
{
	head->line[head->count++] = mem_format(head->ctx, "%s: %s", name, text);
}

static const char *
type_of(const struct parcel *parcel)
{
	return event_is_click(parcel->event->kind) ? "iot1click.buttonClicked"
						   : "iot1click.deviceHealthMonitor";
}

static void
add_cloud_lines(struct letter_head *head, const struct parcel *parcel)
{
	char iso[MOMENT_ISO_SIZE];

	moment_to_iso(parcel->event->reported_at, iso);
	add_line(head, "ce-specversion", "1.0");
	add_line(head, "ce-id", parcel->event->event_id);
	add_line(head, "ce-source", parcel->source);
	add_line(head, "ce-type", type_of(parcel));
	add_line(head, "ce-time", iso);
}

/* The event in a CloudEvent's envelope. */
static const char *
wrap(const void *ctx, const struct parcel *parcel)
{
	char iso[MOMENT_ISO_SIZE];
	struct buf out;
	struct json j;

	buf_init(&out, ctx, BUF_NO_CAP);
	j = json_to(&out);
	moment_to_iso(parcel->event->reported_at, iso);
	json_open(&j, '{');
	json_member_text(&j, "specversion", "1.0");
	json_member_text(&j, "id", parcel->event->event_id);
	json_member_text(&j, "source", parcel->source);
	json_member_text(&j, "type", type_of(parcel));
	json_member_text(&j, "time", iso);
	json_member_text(&j, "datacontenttype", "application/json");
	json_key(&j, "data");
	json_raw(&j, parcel->json);
	json_close(&j, '}');
	return out.data;
}

/* "v1," and the HMAC of "ID.TIMESTAMP.BODY", one for each secret, blanks between. */
static void
sign(struct letter_head *head, const struct webhook *hook, const struct parcel *parcel,
	const char *body)
{
	int64_t now = parcel->now / 1000;
	unsigned char mac[DIGEST_SIZE];
	struct buf text, signature;

	buf_init(&text, head->ctx, BUF_NO_CAP);
	buf_init(&signature, head->ctx, BUF_NO_CAP);
	buf_format(&text, "%s.%" PRId64 ".", parcel->event->event_id, now);
	buf_text(&text, body);
	for (size_t i = 0; i < hook->secrets; i++) {
		digest_hmac(hook->secret[i].data, hook->secret[i].len, text.data,
			text.len, mac);
		buf_text(&signature, i > 0 ? " v1," : "v1,");
		base64_encode(&signature, mac, sizeof mac);
	}
	head->line[head->count++] =
		mem_format(head->ctx, "webhook-timestamp: %" PRId64, now);
	if (hook->secrets > 0)
		add_line(head, "webhook-signature", signature.data);
}

static void
judge(const struct transfer_reply *reply, struct outcome_report *report)
{
	attempt_judge(reply, report);
	if (!reply->code && reply->status >= 300 && reply->status < 400)
		outcome_set(report, OUTCOME_AGAIN,
			"HTTP %d: it points elsewhere, and redirects are not followed; "
			"name the new URL.",
			reply->status);
	if (reply->status != 429 && reply->status != 503)
		report->retry_after = -1;
}

static void *
send_webhook(void *sink, const struct parcel *parcel, outcome_fn fn, void *arg)
{
	const struct webhook *hook = sink;
	struct attempt *attempt = attempt_new(hook->world->loop, fn, arg);
	struct letter_head head = { .ctx = attempt };
	const char *body = parcel->json;

	if (hook->form == FORM_STRUCTURED)
		body = wrap(attempt, parcel);
	/* Without a charset: receivers compare the type as a text, and JSON is UTF-8. */
	head.line[head.count++] = hook->form == FORM_STRUCTURED
					  ? "Content-Type: application/cloudevents+json"
					  : "Content-Type: application/json";
	add_line(&head, "webhook-id", parcel->event->event_id);
	sign(&head, hook, parcel, body);
	if (hook->form == FORM_BINARY)
		add_cloud_lines(&head, parcel);
	for (size_t i = 0; i < hook->fixed_count; i++)
		head.line[head.count++] = hook->fixed[i];
	attempt->judge = judge;
	return attempt_post(attempt, hook->world,
		&(struct attempt_post){
			.endpoint = &hook->endpoint,
			.headers = head.line,
			.header_count = head.count,
			.body = body,
			.timeout = parcel->timeout,
		});
}

const struct sink_class sink_webhook = {
	.name = "webhook",
	.open = open_webhook,
	.send = send_webhook,
	.cancel = attempt_cancel,
	.close = close_webhook,
};
