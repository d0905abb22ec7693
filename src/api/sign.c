#include "oneclick/api/sign.h"

#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/uri.h"

/* A header or a query parameter in its canonical spelling, and where it stood. */
struct item {
	const char *name, *value;
	size_t place;
};

struct items {
	struct item *row;
	size_t count;
};

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static char *
lower_name(const void *ctx, const char *name)
{
	char *text = mem_text(ctx, name);
	for (char *at = text; *at != '\0'; at++)
		*at = lower(*at);
	return text;
}

/* Without blanks around it, and one for each run inside. */
static char *
fold_value(const void *ctx, const char *value)
{
	char *text = mem_text(ctx, value), *to = text;
	for (const char *at = text + strspn(text, " \t"); *at != '\0';) {
		size_t n = strcspn(at, " \t"), blank = strspn(at + n, " \t");
		bool last = at[n + blank] == '\0';
		memmove(to, at, n);
		to += n;
		at += n + blank;
		if (!last)
			*to++ = ' ';
	}
	*to = '\0';
	return text;
}

static int
compare_headers(const void *left, const void *right)
{
	const struct item *a = left, *b = right;
	int order = strcmp(a->name, b->name);
	return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

static int
compare_parameters(const void *left, const void *right)
{
	const struct item *a = left, *b = right;
	int order = strcmp(a->name, b->name);
	return order != 0 ? order : strcmp(a->value, b->value);
}

static struct items
sort_headers(const void *ctx, const struct sign_request *request)
{
	struct items items = { .count = request->header_count };
	items.row = mem_array(ctx, struct item, items.count);
	for (size_t i = 0; i < items.count; i++)
		items.row[i] = (struct item){
			.name = lower_name(ctx, request->header[i].name),
			.value = fold_value(ctx, request->header[i].value),
			.place = i,
		};
	if (items.count > 0)
		qsort(items.row, items.count, sizeof *items.row, compare_headers);
	return items;
}

/* Decoded and encoded again, so that one parameter has one spelling; what cannot be
 * decoded is signed as the bytes it is. */
static const char *
respell(const void *ctx, const char *text, size_t n)
{
	struct buf out;
	size_t len = n;
	const char *plain = uri_decoded(ctx, text, n, &len);
	buf_init(&out, ctx, BUF_NO_CAP);
	uri_encode(&out, plain != NULL ? plain : text, plain != NULL ? len : n);
	return buf_take(&out, ctx);
}

static struct items
sort_parameters(const void *ctx, const char *query)
{
	struct items items = { 0 };
	size_t room = 1;
	for (const char *at = query; *at != '\0'; at++)
		room += *at == '&';
	items.row = mem_array(ctx, struct item, room);
	for (const char *at = query; *at != '\0';) {
		size_t n = strcspn(at, "&"), name = strcspn(at, "=&");
		size_t skip = name < n ? name + 1 : n;
		struct item *item = &items.row[items.count];
		item->name = respell(ctx, at, name);
		item->value = respell(ctx, at + skip, n - skip);
		items.count += n > 0 && strcmp(item->name, "X-Amz-Signature") != 0;
		at += n + (at[n] == '&');
	}
	qsort(items.row, items.count, sizeof *items.row, compare_parameters);
	return items;
}

static void
add_path(struct buf *out, const char *path)
{
	if (*path == '\0')
		buf_char(out, '/');
	while (*path != '\0') {
		size_t n = strcspn(path, "/");
		uri_encode(out, path, n);
		path += n;
		if (*path == '/')
			buf_char(out, *path++);
	}
}

static void
add_query(struct buf *out, const void *life, const char *query)
{
	if (query == NULL)
		return;
	struct items items = sort_parameters(life, query);
	for (size_t i = 0; i < items.count; i++)
		buf_format(out, "%s%s=%s", i > 0 ? "&" : "", items.row[i].name,
			items.row[i].value);
}

static void
add_headers(struct buf *out, const struct items *items)
{
	for (size_t i = 0; i < items->count; i++) {
		const struct item *item = &items->row[i];
		if (i > 0 && strcmp(item[-1].name, item->name) == 0)
			buf_char(out, ',');
		else
			buf_format(out, "%s%s:", i > 0 ? "\n" : "", item->name);
		buf_text(out, item->value);
	}
	buf_text(out, "\n\n");
}

static void
add_names(struct buf *out, const struct items *items)
{
	for (size_t i = 0; i < items->count; i++) {
		if (i > 0 && strcmp(items->row[i - 1].name, items->row[i].name) == 0)
			continue;
		buf_format(out, "%s%s", i > 0 ? ";" : "", items->row[i].name);
	}
}

void
sign_canonical(struct buf *out, const struct sign_request *request)
{
	void *life = mem_life(NULL);
	struct items headers = sort_headers(life, request);
	buf_format(out, "%s\n", request->method);
	add_path(out, request->path);
	buf_char(out, '\n');
	add_query(out, life, request->query);
	buf_char(out, '\n');
	add_headers(out, &headers);
	add_names(out, &headers);
	buf_format(out, "\n%s", request->payload_hash);
	mem_free(life);
}

void
sign_names(struct buf *out, const struct sign_request *request)
{
	void *life = mem_life(NULL);
	struct items headers = sort_headers(life, request);
	add_names(out, &headers);
	mem_free(life);
}

void
sign_key(const char *secret, const struct sign_scope *scope,
	unsigned char key[DIGEST_SIZE])
{
	char *first = mem_format(NULL, "AWS4%s", secret);
	size_t len = strlen(first);
	digest_hmac(first, len, scope->date, strlen(scope->date), key);
	digest_wipe(first, len);
	mem_free(first);
	const char *const steps[] = { scope->region, scope->service, SIGN_TERMINATOR };
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		unsigned char next[DIGEST_SIZE];
		digest_hmac(key, DIGEST_SIZE, steps[i], strlen(steps[i]), next);
		memcpy(key, next, DIGEST_SIZE);
		digest_wipe(next, sizeof next);
	}
}

static void
add_scope(struct buf *out, const struct sign_scope *scope)
{
	buf_format(out, "%s/%s/%s/" SIGN_TERMINATOR, scope->date, scope->region,
		scope->service);
}

void
sign_compute(const struct sign_request *request, const struct sign_scope *scope,
	const unsigned char key[DIGEST_SIZE], char out[DIGEST_HEX_SIZE])
{
	void *life = mem_life(NULL);
	struct buf canonical, text;
	buf_init(&canonical, life, BUF_NO_CAP);
	sign_canonical(&canonical, request);
	char hash[DIGEST_HEX_SIZE];
	digest_sha256_hex(canonical.data, canonical.len, hash);
	buf_init(&text, life, BUF_NO_CAP);
	buf_format(&text, SIGN_ALGORITHM "\n%s\n", scope->moment);
	add_scope(&text, scope);
	buf_format(&text, "\n%s", hash);
	unsigned char mac[DIGEST_SIZE];
	digest_hmac(key, DIGEST_SIZE, text.data, text.len, mac);
	digest_hex(mac, sizeof mac, out);
	mem_free(life);
}

struct sign_scope
sign_scope_at(int64_t moment, const char *region)
{
	struct sign_scope scope = { .region = region, .service = SIGN_SERVICE };
	moment_to_basic(moment, scope.moment);
	memcpy(scope.date, scope.moment, sizeof scope.date - 1);
	return scope;
}

char *
sign_authorization(const void *ctx, const struct sign_request *request,
	const struct sign_scope *scope, const char *access_key, const char *secret)
{
	unsigned char key[DIGEST_SIZE];
	char signature[DIGEST_HEX_SIZE];
	sign_key(secret, scope, key);
	sign_compute(request, scope, key, signature);
	digest_wipe(key, sizeof key);
	struct buf out;
	buf_init(&out, ctx, BUF_NO_CAP);
	buf_format(&out, SIGN_ALGORITHM " Credential=%s/", access_key);
	add_scope(&out, scope);
	buf_text(&out, ", SignedHeaders=");
	sign_names(&out, request);
	buf_format(&out, ", Signature=%s", signature);
	return buf_take(&out, ctx);
}
