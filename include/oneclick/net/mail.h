/*
 * Mail: one message to one address over SMTP, by the same transfers as everything else.
 * STARTTLS is required unless the server's options say otherwise, certificates are always
 * verified, and nothing of what is put into a message can become a header or an end of it.
 */
#ifndef ONECLICK_NET_MAIL_H
#define ONECLICK_NET_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/fault.h"
#include "oneclick/net/transfer.h"

enum { MAIL_PORT = 587, MAIL_TLS_PORT = 465, MAIL_ADDRESS_MAX = 254 };

struct mail_server_options {
	const char *ca_file; /* the only authorities believed; NULL: the system's */
	bool plain;          /* without STARTTLS is meant */
};

struct mail_server {
	struct transfer_origin origin;
	bool starttls; /* required */
};

/* Reads "smtp://HOST[:PORT]" or "smtps://HOST[:PORT]" (TLS from the first byte). */
enum err mail_server_read(const void *ctx, const char *url,
	const struct mail_server_options *options, struct mail_server *out,
	struct fault *why);

/* LOCAL@DOMAIN in ASCII, without quotes and comments: what mail systems agree on. */
bool mail_is_address(const char *text);

struct mail {
	const char *from, *to; /* addresses */
	const char *subject;   /* UTF-8; ends of lines become blanks */
	const char *body;      /* UTF-8 */
	const char *id;        /* the same each time this message is sent */
	int64_t at;            /* what it is dated */
};

/* The message as it goes over the wire (RFC 5322, RFC 2047, RFC 2045). */
void mail_write(struct buf *out, const struct mail *mail);

struct mail_request {
	const struct mail_server *server;
	const char *user, *password; /* NULL: the server asks for none */
	const struct mail *mail;
	int64_t total; /* ms */
	const struct reach *reach;
	transfer_done_fn done;
	void *arg;
};

/* As transfer_start, and cancelled as a transfer. The reply's status is the server's last
 * word, 250 when it took the message, and with it also where `code` is ERR_LINK; the
 * body is the line it said it in. */
struct transfer *mail_start(
	struct transfers *transfers, const struct mail_request *request);

#endif
