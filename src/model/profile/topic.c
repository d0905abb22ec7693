#include <string.h>

#include "inside.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

static const char dots[] = "...";

/* ---- reading one ---- */

static enum err
check_text(const char *text, bool is_filter, struct fault *why)
{
	size_t n = strlen(text);

	if (n == 0 || n > TOPIC_MAX || !utf8_is_valid(text, n))
		return fault(why, ERR_INVALID, "a topic has 1 to %d bytes of UTF-8",
			TOPIC_MAX);
	if (!is_filter && strpbrk(text, "+#"))
		return fault(why, ERR_INVALID,
			"a topic has {name} for one level and {name...} for several, not "
			"+ or #");
	return ERR_NONE;
}

/* "{" NAME ["..."] "}", with text around it or not. */
static enum err
read_placeholder(const void *ctx, const char *text, const char *open, size_t n,
	struct level *out, struct fault *why)
{
	const char *close = memchr(open, '}', n - (size_t)(open - text));
	size_t name = strspn(open + 1, NAME_LETTERS);
	const char *end = open + 1 + name;

	out->many = !strncmp(end, dots, sizeof(dots) - 1);
	if (out->many)
		end += sizeof(dots) - 1;
	if (!close || end != close || name == 0)
		return fault(why, ERR_INVALID,
			"a placeholder is {name} or {name...}, the name of letters, "
			"digits "
			"and _");
	out->name = mem_textn(ctx, open + 1, name);
	out->before = mem_textn(ctx, text, (size_t)(open - text));
	out->after = mem_textn(ctx, close + 1, n - (size_t)(close + 1 - text));
	if (strpbrk(out->after, "{}"))
		return fault(why, ERR_INVALID, "a level has one placeholder at most");
	if (out->many && (*out->before || *out->after))
		return fault(why, ERR_INVALID, "{%s...} takes whole levels", out->name);
	return ERR_NONE;
}

static enum err
read_level(const void *ctx, const char *text, size_t n, bool is_filter, struct level *out,
	struct fault *why)
{
	const char *open = memchr(text, '{', n);

	*out = (struct level){ .before = "", .after = "", .least = 1 };
	if (open)
		return read_placeholder(ctx, text, open, n, out, why);
	if (memchr(text, '}', n))
		return fault(why, ERR_INVALID, "a } has no { before it");
	if (is_filter && n == 1 && (*text == '+' || *text == '#')) {
		out->name = "";
		out->many = *text == '#';
		out->least = *text == '+';
		return ERR_NONE;
	}
	out->before = mem_textn(ctx, text, n);
	if (is_filter && strpbrk(out->before, "+#"))
		return fault(why, ERR_INVALID, "+ and # stand for whole levels");
	return ERR_NONE;
}

static enum err
check_level(const struct topic *topic, size_t i, struct fault *why)
{
	const struct level *level = &topic->level[i];

	if (level->many && topic->many < i)
		return fault(why, ERR_INVALID, "one {name...} is taken, not two");
	for (size_t k = 0; level->name && *level->name && k < i; k++)
		if (topic->level[k].name && !strcmp(topic->level[k].name, level->name))
			return fault(why, ERR_INVALID, "{%s} stands twice", level->name);
	return ERR_NONE;
}

enum err
topic_read(const void *ctx, const char *text, bool is_filter, struct topic *out,
	struct fault *why)
{
	enum err err = check_text(text, is_filter, why);

	*out = (struct topic){ .many = LEVELS_MAX };
	for (const char *at = text; !err && at; out->count++) {
		size_t n = strcspn(at, "/");

		if (out->count == LEVELS_MAX)
			return fault(why, ERR_INVALID, "a topic has %d levels at most",
				LEVELS_MAX);
		err = read_level(ctx, at, n, is_filter, &out->level[out->count], why);
		if (!err)
			err = check_level(out, out->count, why);
		if (!err && out->level[out->count].many)
			out->many = out->count;
		at = at[n] ? at + n + 1 : NULL;
	}
	if (!err && is_filter && out->many + 1 < out->count &&
		out->level[out->many].least == 0)
		return fault(why, ERR_INVALID, "# stands at the end only");
	return err;
}

/* ---- matching ---- */

static bool
match_level(
	const struct level *level, const char *text, size_t n, struct pattern_span *span)
{
	size_t before = strlen(level->before), after = strlen(level->after);

	if (n < before + after || memcmp(text, level->before, before) != 0)
		return false;
	if (!level->name)
		return n == before;
	if (memcmp(text + n - after, level->after, after) != 0)
		return false;
	*span = (struct pattern_span){ text + before, n - before - after };
	return span->n > 0;
}

/* What lies between the levels before and after the one that takes many. */
static bool
match_many(
	const struct topic *topic, const char *text, size_t n, struct pattern_span *span)
{
	size_t levels = n > 0;

	for (size_t i = 0; i < n; i++)
		levels += text[i] == '/';
	*span = (struct pattern_span){ text, n };
	return levels >= topic->level[topic->many].least &&
	       (levels <= BETWEEN_MAX || topic->many + 1 == topic->count);
}

static bool
match_tail(const struct topic *topic, const char **end, const char *begin,
	struct pattern_span spans[LEVELS_MAX])
{
	for (size_t i = topic->count; i-- > topic->many + 1;) {
		const char *at = *end;

		while (at > begin && at[-1] != '/')
			at--;
		if (at == begin || !match_level(&topic->level[i], at, (size_t)(*end - at),
					   &spans[i]))
			return false;
		*end = at - 1;
	}
	return true;
}

bool
topic_match(const struct topic *topic, const char *text,
	struct pattern_span spans[LEVELS_MAX])
{
	const char *end = text + strlen(text);

	if (*text == '$' && topic->level[0].name && !*topic->level[0].before)
		return false;
	for (size_t i = 0; i < topic->count && i != topic->many; i++) {
		size_t n = strcspn(text, "/");

		if (!match_level(&topic->level[i], text, n, &spans[i]))
			return false;
		text += n;
		if (i + 1 == topic->count)
			return !*text;
		if (!*text)
			return topic->level[i + 1].many && topic->level[i + 1].least == 0;
		text++;
	}
	return match_tail(topic, &end, text, spans) && end >= text &&
	       match_many(topic, text, (size_t)(end - text), &spans[topic->many]);
}

/* ---- covering ---- */

static bool
is_wild(const char *filter)
{
	return *filter == '+' || *filter == '#';
}

/* MQTT 3.1.1, 4.7: what a matches, for all that b matches. */
static bool
covers(const char *a, const char *b)
{
	if (is_wild(a) && *b == '$')
		return false;
	for (;;) {
		size_t m = strcspn(a, "/"), n = strcspn(b, "/");

		if (*a == '#')
			return true;
		if (*b == '#' || (*a != '+' && (m != n || memcmp(a, b, n) != 0)))
			return false;
		a += m;
		b += n;
		if (!*b)
			return !*a || !strcmp(a, "/#");
		if (!*a)
			return false;
		a++;
		b++;
	}
}

static void
add_filter(struct filters *filters, const char *filter)
{
	size_t kept = 0;

	for (size_t i = 0; i < filters->count; i++)
		if (covers(filters->item[i], filter))
			return;
	for (size_t i = 0; i < filters->count; i++)
		if (!covers(filter, filters->item[i]))
			filters->item[kept++] = filters->item[i];
	filters->item = mem_resize(filters->ctx, filters->item, const char *, kept + 1);
	filters->item[kept] = mem_text(filters->ctx, filter);
	filters->count = kept + 1;
}

/* MQTT has no wildcard for several levels before the end: one filter for each number. */
static char *
write_filter(const void *ctx, const struct topic *topic, size_t between)
{
	struct buf out;

	buf_init(&out, ctx, BUF_NO_CAP);
	for (size_t i = 0; i < topic->count; i++) {
		const struct level *level = &topic->level[i];

		for (size_t k = i == topic->many ? between : 1; k > 0; k--) {
			if (out.len)
				buf_char(&out, '/');
			buf_text(&out, !level->name ? level->before
				       : level->many && i + 1 == topic->count ? "#"
									      : "+");
		}
	}
	return out.data;
}

void
filters_add(struct filters *filters, const struct topic *topic)
{
	bool between = topic->many + 1 < topic->count;
	void *life = mem_life(NULL);

	for (size_t n = 1; n <= (between ? BETWEEN_MAX : 1); n++)
		add_filter(filters, write_filter(life, topic, n));
	mem_free(life);
}
