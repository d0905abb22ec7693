#include <stdio.h>
#include <string.h>
#include <time.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/utf8.h"
#include "oneclick/net/mail.h"

enum {
	LINE_MAX_QP = 76,   /* RFC 2045, 6.7, with the soft break's "=" */
	WORD_TEXT_MAX = 62, /* RFC 2047, 2: a line of 76 without ' =?UTF-8?Q?' and '?=' */
	PLAIN_MAX = 60,     /* of a subject that goes as it is */
	ID_MAX = 64,
};

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

bool
mail_is_address(const char *text)
{
	size_t local = strspn(text, LETTERS DIGITS "!#$%&'*+/=?^_`{|}~.-");
	const char *domain = text + local + 1;

	if (local == 0 || local > 64 || text[local] != '@' || text[0] == '.' ||
		text[local - 1] == '.' || text[0] == '-')
		return false;
	if (domain[strspn(domain, LETTERS DIGITS ".-")] || !*domain || *domain == '.' ||
		*domain == '-' || strpbrk(domain + strlen(domain) - 1, ".-"))
		return false;
	return !strstr(text, "..") && strlen(text) <= MAIL_ADDRESS_MAX;
}

/* ---- headers ---- */

static void
add_date(struct buf *out, int64_t at)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t seconds = (time_t)(at / 1000);
	struct tm utc;

	gmtime_r(&seconds, &utc);
	buf_format(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
		days + 3 * utc.tm_wday, utc.tm_mday, months + 3 * utc.tm_mon,
		utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

static void
add_id(struct buf *out, const struct mail *mail)
{
	char hex[DIGEST_HEX_SIZE];
	const char *id = mail->id, *domain = strchr(mail->from, '@');
	size_t n = strlen(id);

	if (n == 0 || n > ID_MAX || id[strspn(id, LETTERS DIGITS "_-")]) {
		digest_sha256_hex(id, n, hex);
		hex[ID_MAX / 2] = '\0';
		id = hex;
	}
	buf_format(out, "Message-ID: <%s%s>\r\n", id, domain);
}

static bool
is_plain(const char *text)
{
	size_t n = 0;

	for (; text[n]; n++)
		if (text[n] < ' ' || text[n] > '~')
			return false;
	return n <= PLAIN_MAX && !strstr(text, "=?") && *text != ' ';
}

static void
add_hex(struct buf *out, unsigned char c)
{
	buf_format(out, "=%02X", c);
}

/* Of encoded words only these go as they are (RFC 2047, 5): the rest has a meaning to
 * somebody. */
static size_t
encode_letter(char out[16], const char *bytes, size_t n)
{
	size_t len = 0;

	if (n == 1 && strchr(LETTERS DIGITS, *bytes)) {
		out[len++] = *bytes;
	} else if (n == 1 && (*bytes == ' ' || *bytes == '\n' || *bytes == '\t')) {
		out[len++] = '_';
	} else {
		for (size_t i = 0; i < n; i++)
			len += (size_t)snprintf(
				out + len, 16 - len, "=%02X", (unsigned char)bytes[i]);
	}
	return len;
}

/* No letter is split over two words: each is shown by itself. */
static void
add_words(struct buf *out, const char *text)
{
	size_t n = strlen(text), used, line = strlen("Subject");
	char letter[16];

	buf_text(out, "=?UTF-8?Q?");
	for (size_t at = 0; at < n; at += used) {
		size_t len;

		utf8_next(text + at, n - at, &used);
		len = encode_letter(letter, text + at, used);
		if (line + len > WORD_TEXT_MAX) {
			buf_text(out, "?=\r\n =?UTF-8?Q?");
			line = 0;
		}
		buf_add(out, letter, len);
		line += len;
	}
	buf_text(out, "?=");
}

static void
add_subject(struct buf *out, const char *subject)
{
	buf_text(out, "Subject: ");
	if (is_plain(subject))
		buf_text(out, subject);
	else
		add_words(out, subject);
	buf_text(out, "\r\n");
}

/* ---- the body ---- */

/* A blank before an end of line would be lost on the way. */
static bool
must_encode(const char *at)
{
	unsigned char c = (unsigned char)*at;

	if (c == ' ' || c == '\t')
		return at[1] == '\0' || at[1] == '\n' || at[1] == '\r';
	return c < ' ' || c > '~' || c == '=';
}

/* The length of the end of line at `at`, 0 if there is none. */
static size_t
end_of_line(const char *at)
{
	if (*at == '\r')
		return at[1] == '\n' ? 2 : 1;
	return *at == '\n';
}

static void
add_body(struct buf *out, const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t end = end_of_line(text);
		bool encode = must_encode(text);

		if (end > 0) {
			buf_text(out, "\r\n");
			text += end;
			column = 0;
			continue;
		}
		if (column + (encode ? 3 : 1) > LINE_MAX_QP - 1) {
			buf_text(out, "=\r\n");
			column = 0;
		}
		if (encode)
			add_hex(out, (unsigned char)*text);
		else
			buf_char(out, *text);
		column += encode ? 3 : 1;
		text++;
	}
	buf_text(out, "\r\n");
}

void
mail_write(struct buf *out, const struct mail *mail)
{
	add_date(out, mail->at);
	buf_format(out, "From: <%s>\r\nTo: <%s>\r\n", mail->from, mail->to);
	add_id(out, mail);
	add_subject(out, mail->subject);
	buf_text(out, "Auto-Submitted: auto-generated\r\n"
		      "MIME-Version: 1.0\r\n"
		      "Content-Type: text/plain; charset=utf-8\r\n"
		      "Content-Transfer-Encoding: quoted-printable\r\n"
		      "\r\n");
	add_body(out, mail->body);
}
