#include "oneclick/ui/notice.h"

#include "oneclick/base/utf8.h"

void
notice_draw(const struct notice *notice, struct canvas *canvas, struct area area)
{
	static const enum role role[] = {
		[NOTICE_INFO] = ROLE_NOTICE_INFO,
		[NOTICE_WARN] = ROLE_NOTICE_WARN,
		[NOTICE_ERROR] = ROLE_NOTICE_ERROR,
	};

	canvas_fill(canvas, area_row(area, 0), GLYPH_BLANK, ROLE_TEXT);
	canvas_put(canvas, area, notice->text, role[notice->level]);
}

static int
hint_width(const struct hint *hint)
{
	return utf8_width(hint->key) + 1 +
	       (hint->text.text ? utf8_width(hint->text.text) : 0);
}

static void
draw_hint(const struct hint *hint, struct canvas *canvas, struct area *row)
{
	canvas_add(canvas, row, (struct safe_text){ hint->key },
		hint->off ? ROLE_DIM : ROLE_HINT_KEY);
	canvas_add(canvas, row, SAFE(" "), ROLE_HINT_TEXT);
	canvas_add(canvas, row, hint->text, hint->off ? ROLE_DIM : ROLE_HINT_TEXT);
}

void
hints_draw(const struct hint *hint, size_t count, struct canvas *canvas, struct area area)
{
	struct area row = area_row(area, 0);
	int last = count ? hint_width(&hint[count - 1]) : 0;

	canvas_fill(canvas, row, GLYPH_BLANK, ROLE_TEXT);
	for (size_t i = 0; i < count; i++) {
		int need = hint_width(&hint[i]) + (i + 1 < count ? 2 + last : 0);

		if (i + 1 < count && need > row.cols)
			continue;
		draw_hint(&hint[i], canvas, &row);
		area_cut_left(&row, 2);
	}
}
