#include "oneclick/ui/menu.h"

#include "oneclick/base/utf8.h"

enum { FRAME_ROWS = 2, FRAME_COLS = 4, POINTER_COLS = 3 };

void
menu_init(struct menu *menu, struct safe_text title, const struct safe_text *item,
	size_t count)
{
	*menu = (struct menu){ .title = title, .item = item, .count = count };
}

static int32_t
lower(int32_t letter)
{
	return letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter;
}

static int32_t
first_letter(struct safe_text text)
{
	return lower((unsigned char)*text.text);
}

static void
go_letter(struct menu *menu, int32_t letter)
{
	for (size_t i = 1; i <= menu->count; i++) {
		size_t at = (menu->cursor + i) % menu->count;

		if (first_letter(menu->item[at]) == lower(letter)) {
			menu->cursor = at;
			return;
		}
	}
}

static bool
end_key(struct menu *menu, const struct chord *chord)
{
	if (chord_is(chord, CHORD_ENTER) && menu->count > 0)
		menu->state = MENU_CHOSEN;
	else if (chord_is(chord, CHORD_ESC) || chord_is(chord, CHORD_BACKSPACE) ||
		 chord_is_ctrl(chord, 'c'))
		menu->state = MENU_CANCELLED;
	else
		return false;
	return true;
}

bool
menu_key(struct menu *menu, const struct chord *chord)
{
	if (end_key(menu, chord))
		return true;
	if (chord_is(chord, CHORD_UP))
		menu->cursor -= menu->cursor > 0;
	else if (chord_is(chord, CHORD_DOWN))
		menu->cursor += menu->cursor + 1 < menu->count;
	else if (chord_is(chord, CHORD_HOME))
		menu->cursor = 0;
	else if (chord_is(chord, CHORD_END))
		menu->cursor = menu->count ? menu->count - 1 : 0;
	else if (chord_is_letter(chord))
		go_letter(menu, chord->key);
	else
		return false;
	return true;
}

static int
widest(const struct menu *menu)
{
	int cols = utf8_width(menu->title.text) + 4;

	for (size_t i = 0; i < menu->count; i++) {
		int own = utf8_width(menu->item[i].text) + POINTER_COLS;

		if (own > cols)
			cols = own;
	}
	return cols;
}

void
menu_draw(const struct menu *menu, struct canvas *canvas, struct area area)
{
	int rows = menu->count < 1000 ? (int)menu->count : 1000;
	struct area inside = canvas_box(canvas,
		area_middle(area, rows + FRAME_ROWS, widest(menu) + FRAME_COLS),
		menu->title);
	size_t page = (size_t)inside.rows;
	size_t top = menu->cursor >= page && page > 0 ? menu->cursor - page + 1 : 0;

	for (int i = 0; i < inside.rows && top + (size_t)i < menu->count; i++) {
		struct area row = area_row(inside, i);
		bool here = top + (size_t)i == menu->cursor;

		canvas_add(canvas, &row, here ? SAFE("> ") : SAFE("  "), ROLE_DIALOG);
		canvas_put(canvas, row, menu->item[top + (size_t)i],
			here ? ROLE_SELECTION : ROLE_DIALOG);
		if (here)
			canvas_cursor(canvas, inside, i, 0);
	}
}
