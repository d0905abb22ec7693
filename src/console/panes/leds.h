/* What the light of an AWS IoT Enterprise Button means (guide, "AWS IoT Enterprise Button
 * User Guide"), as a list that can be searched. */
#ifndef ONECLICK_SRC_CONSOLE_PANES_LEDS_H
#define ONECLICK_SRC_CONSOLE_PANES_LEDS_H

#include "oneclick/ui/list.h"

enum { LEDS = 10 };

struct leds {
	struct list list;
	size_t row[LEDS]; /* those that match */
};

void leds_init(struct leds *leds);
void leds_narrow(struct leds *leds, const char *needle);
void leds_fit(struct leds *leds, struct area area);
void leds_draw(const struct leds *leds, struct canvas *canvas, struct area area);

#endif
