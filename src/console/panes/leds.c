#include "leds.h"

#include <string.h>

#include "oneclick/base/mem.h"

enum { WHOLE_ROWS = 3 };

static const struct {
	struct safe_text light, means, advice;
} table[LEDS] = {
	{ { "Blinking white" },
		{ "connecting to Wi-Fi or AWS IoT, or getting an address" }, { "wait" } },
	{ { "Solid green" }, { "connected, and the message was sent" }, { "nothing" } },
	{ { "Blinking blue" }, { "being configured" }, { "wait until it is done" } },
	{ { "Solid orange" }, { "Wi-Fi is not set up" },
		{ "set Wi-Fi up with the mobile app" } },
	{ { "Red: short, short, short" }, { "cannot join the wireless network" },
		{ "check for changed settings; move closer to the router" } },
	{ { "Red: short, short, long" }, { "got no address from the network" },
		{ "check the wireless network" } },
	{ { "Red: short, long, short" }, { "host name look-up failed" },
		{ "check the wireless network" } },
	{ { "Red: short, long, long" }, { "cannot connect to AWS IoT" },
		{ "check the network; else report the serial number on its back" } },
	{ { "Red: long, short, short" }, { "no secure connection" },
		{ "check the certificate, or upload a new one, and test again" } },
	{ { "Red: long, short, long" }, { "refused (HTTP 403)" },
		{ "report the serial number on its back" } },
};

enum column { LIGHT, MEANS, ADVICE };

static const struct list_column columns[] = {
	[LIGHT] = { { "LIGHT" }, 15, 25, 0, LIST_LEFT, false },
	[MEANS] = { { "MEANS" }, 14, 54, 1, LIST_LEFT, false },
	[ADVICE] = { { "WHAT TO DO" }, 14, 60, 2, LIST_LEFT, false },
};

static void
cell(const void *arg, const void *ctx, size_t row, size_t column, struct list_cell *out)
{
	const struct leds *leds = arg;
	size_t at = leds->row[row];

	(void)ctx;
	out->text = column == LIGHT   ? table[at].light
		    : column == MEANS ? table[at].means
				      : table[at].advice;
}

void
leds_init(struct leds *leds)
{
	list_init(&leds->list, columns, sizeof(columns) / sizeof(*columns), cell, leds);
	leds->list.highlight = LIST_ROW;
	leds_narrow(leds, "");
}

void
leds_narrow(struct leds *leds, const char *needle)
{
	size_t count = 0;

	for (size_t i = 0; i < LEDS; i++)
		if (strcasestr(table[i].light.text, needle) ||
			strcasestr(table[i].means.text, needle) ||
			strcasestr(table[i].advice.text, needle))
			leds->row[count++] = i;
	list_set_count(&leds->list, count);
}

/* The list takes the rows it fills; below it stands the row under the cursor, uncut. */
static struct area
cut_list(const struct leds *leds, struct area *rest)
{
	int whole = rest->rows > 6 ? WHOLE_ROWS : 0;
	int rows = (int)leds->list.count + 1;

	return area_cut_top(rest, rows < rest->rows - whole ? rows : rest->rows - whole);
}

void
leds_fit(struct leds *leds, struct area area)
{
	area_cut_top(&area, 1);
	list_fit(&leds->list, cut_list(leds, &area));
}

static void
draw_whole(const struct leds *leds, struct canvas *canvas, struct area area)
{
	size_t at = leds->row[leds->list.cursor];
	void *life = mem_life(NULL);

	area_cut_top(&area, area.rows > WHOLE_ROWS ? 1 : 0);
	area_cut_left(&area, 2);
	if (leds->list.cursor < leds->list.count)
		canvas_wrap(canvas, area, 0,
			text_safe_format(life, "%s means %s. To do: %s.",
				table[at].light.text, table[at].means.text,
				table[at].advice.text),
			ROLE_DIM);
	mem_free(life);
}

void
leds_draw(const struct leds *leds, struct canvas *canvas, struct area area)
{
	canvas_put(canvas, area_cut_top(&area, 1),
		SAFE("What the light of a button means (Tab, / searches)"), ROLE_HEADING);
	if (area_is_empty(area))
		return;
	list_draw(&leds->list, canvas, cut_list(leds, &area));
	draw_whole(leds, canvas, area);
}
