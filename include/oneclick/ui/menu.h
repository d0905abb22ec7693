/*
 * A menu: choose one of a few things in a frame over the screen (sort by, copy a field,
 * a device's methods).  Typing a letter goes to the next item that begins with it.
 */
#ifndef ONECLICK_UI_MENU_H
#define ONECLICK_UI_MENU_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/ui/canvas.h"
#include "oneclick/ui/chord.h"

enum menu_state { MENU_OPEN, MENU_CHOSEN, MENU_CANCELLED };

struct menu {
	struct safe_text title;
	const struct safe_text *item; /* borrowed */
	size_t count;
	size_t cursor;
	enum menu_state state; /* set by menu_key */
};

void menu_init(struct menu *menu, struct safe_text title, const struct safe_text *item,
	size_t count);
/* Up Down Home End move, Enter chooses, Esc, Ctrl-c and Backspace cancel. */
bool menu_key(struct menu *menu, const struct chord *chord);
void menu_draw(const struct menu *menu, struct canvas *canvas, struct area area);

#endif
