#include "oneclick/net/mail.h"

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "transfer_curl.h"

enum { LINE_KEPT = 1024 };

/* ---- the server ---- */

static enum err
refuse(struct fault *why, const char *what)
{
	return fault(why, ERR_INVALID,
		"A mail server is smtp://HOST[:PORT] or smtps://HOST[:PORT]; %s.", what);
}

static char *
part(const void *ctx, CURLU *url, CURLUPart what)
{
	char *text, *copy;

	if (curl_url_get(url, what, &text, 0))
		return NULL;
	copy = mem_text(ctx, text);
	curl_free(text);
	return copy;
}

static enum err
take_parts(const void *ctx, CURLU *url, bool plain, struct mail_server *out,
	struct fault *why)
{
	const char *scheme = part(ctx, url, CURLUPART_SCHEME);
	const char *host = part(ctx, url, CURLUPART_HOST);
	const char *port = part(ctx, url, CURLUPART_PORT);
	const char *path = part(ctx, url, CURLUPART_PATH);
	bool tls = scheme && !strcmp(scheme, "smtps");

	if (!scheme || !host || (!tls && strcmp(scheme, "smtp") != 0))
		return refuse(why, "this one is neither");
	if (part(ctx, url, CURLUPART_USER) || part(ctx, url, CURLUPART_PASSWORD))
		return refuse(why, "its user and password stand elsewhere");
	if (part(ctx, url, CURLUPART_QUERY) || part(ctx, url, CURLUPART_FRAGMENT) ||
		(path && strcmp(path, "/") != 0))
		return refuse(why, "nothing follows the port");
	out->starttls = !tls && !plain;
	if (port)
		out->origin.host = mem_format(ctx, "%s:%s", host, port);
	else
		out->origin.host =
			mem_format(ctx, "%s:%d", host, tls ? MAIL_TLS_PORT : MAIL_PORT);
	out->origin.base = mem_format(ctx, "%s://%s", scheme, out->origin.host);
	return ERR_NONE;
}

enum err
mail_server_read(const void *ctx, const char *text,
	const struct mail_server_options *options, struct mail_server *out,
	struct fault *why)
{
	struct mail_server server = {
		.origin = {
			.endpoint = text_safe_z(ctx, text).text,
			.ca_file = mem_text(ctx, options->ca_file),
		},
	};
	CURLU *url = curl_url();
	enum err err;

	if (curl_url_set(url, CURLUPART_URL, text, 0))
		err = refuse(why, "this one is neither");
	else
		err = take_parts(ctx, url, options->plain, &server, why);
	curl_url_cleanup(url);
	if (err == ERR_NONE)
		*out = server;
	return err;
}

/* ---- a message on its way ---- */

static bool
is_refusal(const char *line)
{
	return *line == '4' || *line == '5';
}

/* What libcurl calls headers is what the server says.  The last line is kept, but after a
 * refusal nothing follows but a goodbye. */
static size_t
take_line(char *bytes, size_t one, size_t n, void *arg)
{
	struct transfer *transfer = arg;
	size_t len = n *= one;

	while (len > 0 && (bytes[len - 1] == '\n' || bytes[len - 1] == '\r'))
		len--;
	if (len == 0 || (is_refusal(transfer->body.data) && !is_refusal(bytes)))
		return n;
	buf_clear(&transfer->body);
	buf_add(&transfer->body, bytes, len);
	return n;
}

static size_t
give_message(char *into, size_t one, size_t room, void *arg)
{
	struct transfer *transfer = arg;
	struct buf *upload = &transfer->upload;
	size_t n = one * room < upload->len ? one * room : upload->len;

	memcpy(into, upload->data, n);
	buf_drop(upload, n);
	return n;
}

static bool
set_server(struct transfer *transfer, const struct mail_request *request)
{
	const struct mail_server *server = request->server;
	bool ok = true;

	SET(URL, transfer->origin.base);
	SET(USE_SSL, (long)(server->starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
	if (!request->user)
		return ok;
	SET(USERNAME, request->user);
	SET(PASSWORD, request->password);
	return ok;
}

static bool
set_message(struct transfer *transfer, const struct mail *mail)
{
	bool ok = true;

	transfer->headers = curl_slist_append(NULL, mail->to);
	mail_write(&transfer->upload, mail);
	SET(MAIL_FROM, mail->from);
	SET(MAIL_RCPT, transfer->headers);
	SET(UPLOAD, 1L);
	SET(INFILESIZE, (long)transfer->upload.len);
	SET(READFUNCTION, give_message);
	SET(READDATA, transfer);
	SET(HEADERFUNCTION, take_line);
	SET(HEADERDATA, transfer);
	return ok && transfer->headers && !transfer->upload.full;
}

struct transfer *
mail_start(struct transfers *transfers, const struct mail_request *request)
{
	struct transfer *transfer =
		transfer_new(transfers, &(struct transfer_request){
						.origin = &request->server->origin,
						.done = request->done,
						.total = request->total,
						.body_max = LINE_KEPT,
						.reach = request->reach,
						.arg = request->arg,
					});

	buf_init(&transfer->upload, transfer, TRANSFER_BODY_MAX);
	transfer_go(transfer, transfer_set_guards(transfer, "smtp,smtps") &&
				      set_server(transfer, request) &&
				      set_message(transfer, request->mail));
	return transfer;
}
