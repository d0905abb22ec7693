#include "oneclick/ui/detail.h"

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"

enum { PAGE_DEFAULT = 10, LABEL_MAX = 24, WHEEL_ROWS = 3 };

void
detail_init(struct detail *detail, const void *ctx)
{
	*detail = (struct detail){ .ctx = ctx, .page = PAGE_DEFAULT };
	detail_clear(detail);
}

void
detail_clear(struct detail *detail)
{
	mem_free(detail->life);
	detail->life = mem_life(detail->ctx);
	detail->line = NULL;
	detail->count = detail->top = detail->found = 0;
}

static struct safe_text
copy(const struct detail *detail, struct safe_text text)
{
	return (struct safe_text){ mem_text(detail->life, text.text ? text.text : "") };
}

static void
add_line(struct detail *detail, struct detail_line line)
{
	if ((detail->count & (detail->count - 1)) == 0)
		detail->line = mem_resize(detail->life, detail->line, struct detail_line,
			detail->count ? 2 * detail->count : 1);
	line.label = copy(detail, line.label);
	line.value = copy(detail, line.value);
	detail->line[detail->count++] = line;
	detail->found = detail->count;
}

void
detail_heading(struct detail *detail, struct safe_text text)
{
	add_line(detail, (struct detail_line){ .value = text, .role = ROLE_HEADING });
}

void
detail_pair(struct detail *detail, struct safe_text label, struct safe_text value,
	enum role role)
{
	add_line(detail,
		(struct detail_line){ .label = label, .value = value, .role = role });
}

void
detail_text(struct detail *detail, struct safe_text text, enum role role, int indent)
{
	add_line(detail,
		(struct detail_line){ .value = text, .role = role, .indent = indent });
}

void
detail_blank(struct detail *detail)
{
	detail_text(detail, SAFE(""), ROLE_TEXT, 0);
}

/* Wrapped, the last line may need the whole page. */
static size_t
last_top(const struct detail *detail)
{
	size_t page = detail->wrap ? 1 : detail->page;

	return detail->count > page ? detail->count - page : 0;
}

static void
scroll_to(struct detail *detail, size_t top)
{
	detail->top = top < last_top(detail) ? top : last_top(detail);
}

void
detail_fit(struct detail *detail, struct area area)
{
	detail->page = (size_t)area.rows;
	scroll_to(detail, detail->top);
}

static void
scroll_by(struct detail *detail, size_t lines, bool up)
{
	if (up)
		detail->top = lines < detail->top ? detail->top - lines : 0;
	else
		scroll_to(detail, detail->top + lines);
}

bool
detail_key(struct detail *detail, const struct chord *chord)
{
	size_t page = detail->page > 1 ? detail->page - 1 : 1;
	const struct {
		int32_t key;
		unsigned mods;
		size_t lines;
		bool up;
	} keys[] = {
		{ 'k', 0, 1, true },
		{ CHORD_UP, 0, 1, true },
		{ 'j', 0, 1, false },
		{ CHORD_DOWN, 0, 1, false },
		{ 'g', 0, detail->count, true },
		{ CHORD_HOME, 0, detail->count, true },
		{ 'G', 0, detail->count, false },
		{ CHORD_END, 0, detail->count, false },
		{ 'u', CHORD_CTRL, (page + 1) / 2, true },
		{ 'd', CHORD_CTRL, (page + 1) / 2, false },
		{ CHORD_PGUP, 0, page, true },
		{ CHORD_PGDN, 0, page, false },
		{ CHORD_WHEEL_UP, 0, WHEEL_ROWS, true },
		{ CHORD_WHEEL_DOWN, 0, WHEEL_ROWS, false },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (chord->kind == CHORD_KEY && chord->key == keys[i].key &&
			chord->mods == keys[i].mods) {
			scroll_by(detail, keys[i].lines, keys[i].up);
			return true;
		}
	return false;
}

static bool
has_text(const struct detail_line *line, const char *needle)
{
	return strcasestr(line->label.text, needle) ||
	       strcasestr(line->value.text, needle);
}

bool
detail_find(struct detail *detail, const char *needle, bool backwards)
{
	size_t at = detail->found < detail->count ? detail->found
		    : backwards                   ? detail->top
						  : detail->top + detail->count - 1;

	for (size_t i = 0; *needle && i < detail->count; i++) {
		at = (at + (backwards ? detail->count - 1 : 1)) % detail->count;
		if (!has_text(&detail->line[at], needle))
			continue;
		detail->found = at;
		if (at < detail->top || at >= detail->top + detail->page)
			scroll_to(detail, at);
		return true;
	}
	return false;
}

/* The column where values begin: after the longest label. */
static int
label_cols(const struct detail *detail, int cols)
{
	int most = cols / 2 < LABEL_MAX ? cols / 2 : LABEL_MAX, width = 0;

	for (size_t i = 0; i < detail->count; i++) {
		int own = utf8_width(detail->line[i].label.text);

		if (own > width)
			width = own < most ? own : most;
	}
	return width + 2;
}

/* Returns the rows it took. */
static int
draw_line(const struct detail *detail, size_t i, struct canvas *canvas, struct area area,
	int labels)
{
	const struct detail_line *line = &detail->line[i];
	enum role role = i == detail->found ? ROLE_MATCH : line->role;

	if (*line->label.text) {
		struct area label = area_cut_left(&area, labels);

		area_cut_right(&label, 1);
		canvas_put(canvas, label, line->label, ROLE_LABEL);
	} else {
		area_cut_left(&area, line->indent);
	}
	if (detail->wrap)
		return canvas_wrap(canvas, area, 0, line->value, role);
	canvas_put(canvas, area, line->value, role);
	return 1;
}

void
detail_draw(const struct detail *detail, struct canvas *canvas, struct area area)
{
	int labels = label_cols(detail, area.cols);

	canvas_fill(canvas, area, GLYPH_BLANK, ROLE_TEXT);
	if (detail->focused)
		canvas_cursor(canvas, area, 0, 0);
	for (size_t i = detail->top; i < detail->count && area.rows > 0; i++)
		area_cut_top(&area, draw_line(detail, i, canvas, area, labels));
}
