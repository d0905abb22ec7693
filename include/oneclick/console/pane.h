/*
 * Panes: what fills the middle of the screen.  A pane is one file with a `const struct
 * pane_class` on top; a list pane is mostly its table class.  A pane lives as long as it
 * is shown; the history keeps what is needed to open it again as it was.
 */
#ifndef ONECLICK_CONSOLE_PANE_H
#define ONECLICK_CONSOLE_PANE_H

#include "oneclick/base/buf.h"
#include "oneclick/console/action.h"
#include "oneclick/console/table.h"
#include "oneclick/ui/canvas.h"
#include "oneclick/ui/detail.h"

struct app;
struct pane;

/* Arguments after a command's words; count 0 when it came by key. */
struct args {
	const char *const *word;
	size_t count;
};

struct pane_class {
	enum pane_id id;
	const char *title;
	const struct table_class *table; /* of a list pane, else NULL */
	void (*open)(struct pane *pane);
	/* Sees keys before the key map does: where one types.  True if it used it. */
	bool (*key)(struct pane *pane, const struct chord *chord);
	bool (*typing)(const struct pane *pane); /* letters are text, not keys, now */
	/* True if the action is dealt with. */
	bool (*act)(struct pane *pane, enum action_id action, const struct args *args);
	void (*layout)(struct pane *pane, struct area body); /* brings it up to date */
	void (*draw)(const struct pane *pane, struct canvas *canvas, struct area body);
	/* What stands between the scope and the count: "batch of 6", "1 of 13". */
	void (*status)(const struct pane *pane, struct buf *out);
	/* Lines for an empty list: how to begin. */
	void (*empty)(const struct pane *pane, struct canvas *canvas, struct area body);
	/* The detail beside the list, or of the whole pane, written anew. */
	void (*detail)(struct pane *pane, struct detail *detail);
	/* A live event came in (already in the state). */
	void (*heard)(struct pane *pane, const struct event_row *event);
};

struct pane {
	const struct pane_class *class;
	struct app *app;
	const char *title;   /* the class's, unless it sets another */
	const char *project; /* what it is about; "" for all or none */
	const char *name;    /* placement, device ID, or a form's or text's subject */
	struct table *table;
	struct detail detail;
	struct area body, side, strip; /* of list panes: list, detail, live strip */
	bool in_side;                  /* keys go to the detail */
	void *data;                    /* its own */
};

extern const struct pane_class onboard_pane, projects_pane, placements_pane, devices_pane,
	events_pane, project_pane, placement_pane, device_pane, form_pane, help_pane,
	text_pane, deliveries_pane;

/* The rows a command is about: those named, marked, or under the cursor. */
uint32_t *pane_rows(const struct pane *pane, const void *ctx, size_t *count);

/* What all list panes share (panes/list_pane.c). */
bool list_pane_act(struct pane *pane, enum action_id action, const struct args *args);
void list_pane_layout(struct pane *pane, struct area body);
void list_pane_draw(const struct pane *pane, struct canvas *canvas, struct area body);
/* And all panes that are one detail (panes/detail_pane.c). */
bool detail_pane_act(struct pane *pane, enum action_id action, const struct args *args);
void detail_pane_layout(struct pane *pane, struct area body);
void detail_pane_draw(const struct pane *pane, struct canvas *canvas, struct area body);

#endif
