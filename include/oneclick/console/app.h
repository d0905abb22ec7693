/*
 * The app: the console without its terminal.  Messages go in, app_update changes the
 * state, app_draw paints it; what it wants of the world goes out through its port.  No
 * draw changes state, no callback draws.
 */
#ifndef ONECLICK_CONSOLE_APP_H
#define ONECLICK_CONSOLE_APP_H

#include "oneclick/base/fault.h"
#include "oneclick/console/facts.h"
#include "oneclick/console/msg.h"
#include "oneclick/console/pane.h"
#include "oneclick/console/port.h"
#include "oneclick/console/state.h"
#include "oneclick/data/value.h"
#include "oneclick/ui/dialog.h"
#include "oneclick/ui/keymap.h"
#include "oneclick/ui/menu.h"
#include "oneclick/ui/notice.h"
#include "oneclick/ui/prompt.h"

enum { HISTORY_PLACES = 64, MESSAGES_KEPT = 100 };

enum link_state {
	LINK_STARTING,
	LINK_LIVE,
	LINK_NO_STREAM, /* calls are answered, events do not come */
	LINK_OFFLINE,
};

struct app_options {
	const char *context; /* its name */
	const char *endpoint, *region;
	const char *account;      /* NULL when not known beforehand */
	const char *read_only_by; /* NULL: may write */
	bool local;               /* a service of our own: devices can be made known */
	bool demo;
	const struct value *keys; /* the user's, NULL: none */
};

/* A call under way. */
typedef void (*request_fn)(
	struct app *app, struct request *request, const struct answer *answer);
struct request {
	struct request *next, *before;
	struct app *app;
	enum op op; /* OP_NONE: a press or a registration */
	request_fn done;
	void *arg;           /* the caller's */
	const char *subject; /* what it is about, for sentences; its own */
	const char *project; /* likewise, may be NULL */
	unsigned generation; /* of a load */
	void *port;          /* the port's */
};

/* Where one was: what opens a pane again as it was left. */
struct place {
	enum pane_id id;
	char *project, *name, *filter;
	int sort;
	bool descending, has_cursor;
	uint64_t cursor;
};

enum modal_kind {
	MODAL_NONE,
	MODAL_COMMAND,
	MODAL_FILTER,
	MODAL_PROMPT,
	MODAL_DIALOG,
	MODAL_MENU
};
typedef void (*modal_fn)(struct app *app, void *arg, const char *text, size_t chosen);
struct modal {
	enum modal_kind kind;
	void *life; /* of all below */
	struct prompt prompt;
	struct dialog dialog;
	struct menu menu;
	modal_fn done;
	void *arg;
	void *owned;  /* freed if the question is cancelled; NULL: nothing */
	char *before; /* the filter before `/` */
};

struct message {
	int64_t at;
	enum notice_level level;
	char *text;
};

struct app {
	struct app_options options;
	struct port port;
	struct state *state;
	struct keymap *keymap;
	struct facts facts;
	struct pane *pane;
	struct place place[HISTORY_PLACES];
	size_t places, at; /* history; place[at] is the pane shown */
	struct modal modal;
	struct history commands, filters;
	struct request *requests; /* newest first */
	struct job *jobs;         /* under way, oldest first */
	struct draft *drafts;     /* forms that were left, or are open */
	struct claims *claims;    /* the batch of Onboard */
	enum link_state link;
	bool streaming;        /* the live stream is open, whatever calls say */
	int64_t offline_since; /* ticks; 0: not offline */
	struct fault link_why;
	struct fault refused; /* the last refusal, for :why */
	struct message message[MESSAGES_KEPT];
	size_t messages; /* all that were; the last is shown while `saying` */
	bool saying;
	bool ready;             /* the service can be called */
	struct {
		bool devices, projects;
		char *placements; /* of this project, "" of more; NULL: none */
	} stale; /* shelves to be loaded again, when it is their time */
	bool awaits_placements; /* to be loaded once the projects are known */
	char *placements_of;    /* project of their last load, "" all; NULL none yet */
	bool mouse;
	bool dirty, quit, quitting; /* quitting: Ctrl-c once at the top */
	bool resting;               /* no key for a moment: details follow the cursor */
	struct chord unknown;       /* the last key that did nothing: said once */
	enum times_look times;
	int rows, cols;
	bool cramped, bare; /* under 20 rows; under 10 */
	struct area tabs, scope, body, notice, hints;
};

struct app *app_new(
	const void *ctx, const struct app_options *options, const struct port *port);
void app_update(struct app *app, const struct msg *msg);
/* Brings what is shown up to date and fits it to the screen; before each app_draw. */
void app_layout(struct app *app, int rows, int cols);
void app_draw(const struct app *app, struct canvas *canvas);
/* True while something on the screen counts seconds. */
bool app_is_ticking(const struct app *app);
/* What was begun and is not at its end, a line each; NULL if there is nothing. */
char *app_under_way(const struct app *app, const void *ctx);

/* One sentence to the user, kept for `:messages`. */
void app_say(struct app *app, enum notice_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Does an action as if its key had been pressed, or its command typed. */
void app_do(struct app *app, enum action_id action, const struct args *args);
/* A whole command line. */
void app_command(struct app *app, const char *line);

/* Goes to a pane, a new place of the history. */
void app_go(struct app *app, enum pane_id id, const char *project, const char *name);
bool app_step(struct app *app, int by); /* -1 back, 1 forward in the history */
/* In a detail: to the item before (-1) or after it in the list it was opened from; false
 * if there is none. */
bool app_walk(struct app *app, int by);
/* The place of the tab as it was last, else all of it. */
void app_go_tab(struct app *app, enum pane_id id);

/* Sends a call; `done` hears of its answer.  Its own texts are copied. */
struct request *app_call(struct app *app, enum op op, const struct ask *ask,
	const char *subject, request_fn done, void *arg);
/* The same of a call beside the contract; query and body as client_extra's. */
struct request *app_extra(struct app *app, enum extra extra, const char *query,
	const char *body, const char *subject, request_fn done, void *arg);
/* A request without a call yet; app_call and the press and register actions use it. */
struct request *app_request(
	struct app *app, enum op op, const char *subject, request_fn done, void *arg);
void app_drop_request(struct app *app, struct request *request);
/* Forgets the requests of a caller that goes. */
void app_cancel_of(struct app *app, const void *arg);
/* False, with a notice, if changes are refused at present. */
bool app_may_write(struct app *app, const char *what);

void app_ask(struct app *app, struct safe_text label, const char *text, modal_fn done,
	void *arg);
void app_choose(struct app *app, struct safe_text title, const struct safe_text *item,
	size_t count, modal_fn done, void *arg);
/* A dialog with these lines; `word` (may be NULL) has to be typed.  Texts are copied. */
void app_confirm(struct app *app, struct safe_text title, const struct safe_text *line,
	size_t lines, struct safe_text accept, const char *word, modal_fn done,
	void *arg);
/* What the question just asked is about goes with it if it is cancelled. */
void app_give_modal(struct app *app, void *owned);
void app_close_modal(struct app *app);
/* A pane of text lines: JSON, messages, explanations. */
void app_show_text(struct app *app, const char *title, const char *text);

struct times app_times(const struct app *app);
const char *app_account(const struct app *app); /* 12 digits; "" when not known yet */

#endif
