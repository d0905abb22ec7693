#include "oneclick/ui/edit.h"

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"

enum { COLUMN_BYTES = 4 /* of a letter and its marks, enough for most */ };

void
edit_init(struct edit *edit, const void *ctx, size_t max)
{
	*edit = (struct edit){ .ctx = ctx, .max = max };
	edit->text = mem_text(ctx, "");
}

void
edit_set(struct edit *edit, const char *text)
{
	edit->text[0] = '\0';
	edit->len = edit->at = 0;
	edit_insert(edit, text, strlen(text));
}

void
edit_insert(struct edit *edit, const char *text, size_t n)
{
	edit->text = mem_resize(edit->ctx, edit->text, char, edit->len + n + 1);
	memmove(edit->text + edit->at + n, edit->text + edit->at,
		edit->len - edit->at + 1);
	memcpy(edit->text + edit->at, text, n);
	edit->len += n;
	edit->at += n;
}

size_t
edit_excess(const struct edit *edit)
{
	size_t held = edit->max ? utf8_count(edit->text) : 0;

	return held > edit->max ? held - edit->max : 0;
}

static void
delete_between(struct edit *edit, size_t from, size_t to)
{
	memmove(edit->text + from, edit->text + to, edit->len - to + 1);
	edit->len -= to - from;
	edit->at = from;
}

void
edit_replace(struct edit *edit, size_t from, const char *text)
{
	delete_between(edit, from, edit->at);
	edit_insert(edit, text, strlen(text));
}

/* Where the word before the cursor begins. */
static size_t
find_word(const struct edit *edit)
{
	size_t at = edit->at;

	while (at > 0 && edit->text[at - 1] == ' ')
		at--;
	while (at > 0 && edit->text[at - 1] != ' ')
		at--;
	return at;
}

static void
type_paste(struct edit *edit, const struct chord *chord)
{
	char *text = mem_textn(edit->ctx, chord->text, chord->len);
	size_t n = chord->len;

	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\t'))
		n--;
	for (size_t i = 0; i < n; i++)
		if (text[i] == '\n' || text[i] == '\t')
			text[i] = ' ';
	edit_insert(edit, text, n);
	mem_free(text);
}

static bool
move_key(struct edit *edit, const struct chord *chord)
{
	if (chord_is(chord, CHORD_LEFT))
		edit->at = utf8_before(edit->text, edit->at);
	else if (chord_is(chord, CHORD_RIGHT))
		edit->at = utf8_after(edit->text, edit->at);
	else if (chord_is(chord, CHORD_HOME) || chord_is_ctrl(chord, 'a'))
		edit->at = 0;
	else if (chord_is(chord, CHORD_END) || chord_is_ctrl(chord, 'e'))
		edit->at = edit->len;
	else
		return false;
	return true;
}

static bool
delete_key(struct edit *edit, const struct chord *chord)
{
	if (chord_is(chord, CHORD_BACKSPACE))
		delete_between(edit, utf8_before(edit->text, edit->at), edit->at);
	else if (chord_is(chord, CHORD_DEL))
		delete_between(edit, edit->at, utf8_after(edit->text, edit->at));
	else if (chord_is_ctrl(chord, 'w'))
		delete_between(edit, find_word(edit), edit->at);
	else if (chord_is_ctrl(chord, 'u'))
		delete_between(edit, 0, edit->len);
	else
		return false;
	return true;
}

bool
edit_key(struct edit *edit, const struct chord *chord)
{
	char letter[4];

	if (chord->kind == CHORD_PASTE) {
		type_paste(edit, chord);
		return true;
	}
	if (chord_is_letter(chord)) {
		edit_insert(edit, letter, utf8_put(chord->key, letter));
		return true;
	}
	return move_key(edit, chord) || delete_key(edit, chord);
}

static struct safe_text
shown(const struct edit *edit, const void *ctx, size_t from, size_t to)
{
	size_t points;
	char *stars;

	if (!edit->hidden)
		return text_safe(ctx, edit->text + from, to - from);
	points = utf8_count(mem_textn(ctx, edit->text + from, to - from));
	stars = mem_resize(ctx, NULL, char, points + 1);
	memset(stars, '*', points);
	stars[points] = '\0';
	return (struct safe_text){ stars };
}

/* The beginning of the letter that byte `at` belongs to. */
static size_t
find_letter(const struct edit *edit, size_t at)
{
	while (at > 0 && ((unsigned char)edit->text[at] & 0xC0) == 0x80)
		at--;
	return at;
}

/* The first byte to show, so that the cursor has a column: of a line too long for `cols`
 * it lies just far enough in. */
static size_t
find_first(const struct edit *edit, const void *ctx, int cols)
{
	size_t most = (size_t)cols * COLUMN_BYTES;
	size_t first = edit->at > most ? find_letter(edit, edit->at - most) : 0;

	while (first < edit->at &&
		utf8_width(shown(edit, ctx, first, edit->at).text) >= cols)
		first = utf8_after(edit->text, first);
	return first;
}

void
edit_draw(const struct edit *edit, struct canvas *canvas, struct area at, enum role role,
	bool filled, bool focused)
{
	void *life = mem_life(NULL);
	struct area rest = at = area_row(at, 0);
	size_t first = find_first(edit, life, at.cols);
	size_t most = edit->at + (size_t)at.cols * COLUMN_BYTES;
	size_t end = most < edit->len ? find_letter(edit, most) : edit->len;

	if (filled)
		for (int i = 0; i < at.cols; i++)
			canvas_put(canvas, area_slice(at, i, 1), SAFE("_"), role);
	else
		canvas_fill(canvas, at, GLYPH_BLANK, role);
	canvas_add(canvas, &rest, shown(edit, life, first, edit->at), role);
	if (focused)
		canvas_cursor(canvas, at, 0, rest.col - at.col);
	canvas_add(canvas, &rest, shown(edit, life, edit->at, end), role);
	mem_free(life);
}

/* Bytes that a and b begin with alike, never splitting a code point. */
static size_t
measure_common(const char *a, const char *b, size_t n)
{
	size_t i = 0;

	while (i < n && a[i] && a[i] == b[i])
		i++;
	while (i > 0 && ((unsigned char)a[i] & 0xC0) == 0x80)
		i--;
	return i;
}

bool
edit_complete(struct edit *edit, complete_fn complete, void *arg, const void *ctx,
	struct completion *found)
{
	size_t typed, len;

	*found = (struct completion){ .from = edit->at };
	found->word =
		complete(arg, ctx, edit->text, edit->at, &found->from, &found->count);
	if (found->count == 0)
		return false;
	len = strlen(found->word[0]);
	for (size_t i = 1; i < found->count; i++)
		len = measure_common(found->word[0], found->word[i], len);
	typed = edit->at - found->from;
	if (len < typed || (len == typed && memcmp(edit->text + found->from,
						    found->word[0], len) == 0))
		return false;
	edit_replace(edit, found->from, mem_textn(ctx, found->word[0], len));
	return true;
}
