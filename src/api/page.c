#include "oneclick/api/page.h"

#include <assert.h>
#include <string.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/uri.h"

enum { MAC_SIZE = 16 };

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* The NUL between query and key keeps one from running into the other. */
static void
find_mac(const unsigned char secret[DIGEST_SIZE], const char *query, const char *after,
	unsigned char mac[DIGEST_SIZE])
{
	struct buf text;
	buf_init(&text, NULL, BUF_NO_CAP);
	buf_add(&text, query, strlen(query) + 1);
	buf_text(&text, after);
	digest_hmac(secret, DIGEST_SIZE, text.data, text.len, mac);
	buf_release(&text);
}

static char *
encode(const void *ctx, const unsigned char *bytes, size_t n)
{
	struct buf out;
	buf_init(&out, ctx, BUF_NO_CAP);
	for (size_t i = 0; i < n; i += 3) {
		size_t rest = n - i < 3 ? n - i : 3;
		unsigned bits = (unsigned)bytes[i] << 16;
		bits |= rest > 1 ? (unsigned)bytes[i + 1] << 8 : 0;
		bits |= rest > 2 ? bytes[i + 2] : 0;
		for (size_t k = 0; k <= rest; k++)
			buf_char(&out, alphabet[bits >> (18 - 6 * k) & 63]);
	}
	return buf_take(&out, ctx);
}

/* False if a letter is none of base64url's. */
static bool
decode(const char *text, struct buf *out)
{
	unsigned bits = 0, have = 0;
	for (; *text != '\0'; text++) {
		const char *letter = strchr(alphabet, *text);
		if (letter == NULL)
			return false;
		bits = bits << 6 | (unsigned)(letter - alphabet);
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_char(out, (char)(bits >> have & 0xff));
		}
	}
	return true;
}

char *
page_token_make(const void *ctx, const unsigned char secret[DIGEST_SIZE],
	const char *query, const char *after)
{
	unsigned char mac[DIGEST_SIZE];
	assert(strlen(after) <= PAGE_KEY_MAX);
	find_mac(secret, query, after, mac);
	struct buf plain;
	buf_init(&plain, ctx, BUF_NO_CAP);
	buf_add(&plain, mac, MAC_SIZE);
	buf_text(&plain, after);
	char *token = encode(ctx, (const unsigned char *)plain.data, plain.len);
	buf_release(&plain);
	assert(strlen(token) <= PAGE_TOKEN_MAX);
	return token;
}

/* The whole token is made anew, so that it has one spelling only. */
static bool
is_ours(const unsigned char secret[DIGEST_SIZE], const char *query, const char *token,
	const struct buf *plain)
{
	if (plain->len < MAC_SIZE)
		return false;
	const char *after = plain->data + MAC_SIZE;
	unsigned char mac[DIGEST_SIZE];
	find_mac(secret, query, after, mac);
	if (!digest_is_equal(mac, plain->data, MAC_SIZE))
		return false;
	char *again = encode(NULL, (const unsigned char *)plain->data, plain->len);
	bool same = strlen(after) == plain->len - MAC_SIZE && strcmp(again, token) == 0;
	mem_free(again);
	return same;
}

enum err
page_token_read(const void *ctx, const unsigned char secret[DIGEST_SIZE],
	const char *query, const char *token, enum err bad, const char **after,
	struct fault *why)
{
	struct buf plain;
	buf_init(&plain, ctx, PAGE_TOKEN_MAX);
	bool good = strlen(token) <= PAGE_TOKEN_MAX && decode(token, &plain) &&
		    is_ours(secret, query, token, &plain);
	if (good)
		*after = mem_text(ctx, plain.data + MAC_SIZE);
	buf_release(&plain);
	return good ? ERR_NONE
		    : fault(why, bad,
			      "nextToken does not continue this list; ask for its first "
			      "page "
			      "again, without a token.");
}

void
page_query(struct buf *out, const char *token)
{
	buf_format(out, "maxResults=%d", PAGE_MAX);
	if (!token)
		return;
	buf_text(out, "&nextToken=");
	uri_encode(out, token, strlen(token));
}
