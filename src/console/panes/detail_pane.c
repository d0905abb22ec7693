/* What all panes share that are one detail: scrolling, searching, drawing. */
#include <string.h>

#include "../app_parts.h"
#include "oneclick/base/mem.h"

static void
scroll(struct detail *detail, enum action_id action)
{
	static const struct {
		enum action_id action;
		struct chord chord;
	} keys[] = {
		{ ACTION_DOWN, { .key = 'j' } },
		{ ACTION_UP, { .key = 'k' } },
		{ ACTION_FIRST, { .key = 'g' } },
		{ ACTION_LAST, { .key = 'G' } },
		{ ACTION_HALF_DOWN, { .key = 'd', .mods = CHORD_CTRL } },
		{ ACTION_HALF_UP, { .key = 'u', .mods = CHORD_CTRL } },
		{ ACTION_PAGE_DOWN, { .key = CHORD_PGDN } },
		{ ACTION_PAGE_UP, { .key = CHORD_PGUP } },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (keys[i].action == action)
			detail_key(detail, &keys[i].chord);
}

static void
search(struct app *app, void *arg, const char *text, size_t chosen)
{
	(void)arg;
	(void)chosen;
	if (*text && !detail_find(&app->pane->detail, text, false))
		app_say(app, NOTICE_INFO, "\"%s\" does not occur here", text);
}

bool
detail_pane_act(struct pane *pane, enum action_id action, const struct args *args)
{
	if (action >= ACTION_DOWN && action <= ACTION_PAGE_UP)
		scroll(&pane->detail, action);
	else if (action == ACTION_FILTER && args && args->count)
		search(pane->app, NULL, args->word[0], 0);
	else if (action == ACTION_FILTER)
		app_ask(pane->app, SAFE("/"), "", search, NULL);
	else
		return false;
	return true;
}

void
detail_pane_layout(struct pane *pane, struct area body)
{
	size_t top = pane->detail.top;

	if (pane->class->detail) {
		detail_clear(&pane->detail);
		pane->class->detail(pane, &pane->detail);
		pane->detail.top = top < pane->detail.count ? top : 0;
	}
	pane->detail.focused = true;
	pane->detail.wrap = true;
	detail_fit(&pane->detail, body);
}

void
detail_pane_draw(const struct pane *pane, struct canvas *canvas, struct area body)
{
	detail_draw(&pane->detail, canvas, body);
}
