/* Text: JSON, messages, explanations; lines that scroll. */
#include <string.h>

#include "../app_parts.h"
#include "oneclick/base/mem.h"

static void
open(struct pane *pane)
{
	const char *at = pane->project;

	detail_clear(&pane->detail);
	while (*at) {
		size_t n = strcspn(at, "\n"), indent = strspn(at, " ");

		if (indent > n)
			indent = n;
		detail_text(&pane->detail, text_safe(pane, at + indent, n - indent),
			ROLE_TEXT, (int)indent);
		at += n + (at[n] == '\n');
	}
}

void
app_show_text(struct app *app, const char *title, const char *text)
{
	app_go(app, PANE_TEXT, text, title);
}

const struct pane_class text_pane = {
	.id = PANE_TEXT,
	.title = "Text",
	.open = open,
	.act = detail_pane_act,
	.layout = detail_pane_layout,
	.draw = detail_pane_draw,
};
