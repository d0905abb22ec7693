/*
 * Style roles: what a piece of the screen is, never how it looks.  One table names them
 * all; a theme gives each its colours and attributes.  A role that is a state also has a
 * symbol or a word, so that its meaning survives without colour.
 */
#ifndef ONECLICK_UI_ROLE_H
#define ONECLICK_UI_ROLE_H

#include <stdbool.h>

/* id, name in themes, symbol (one column) and word it shows by default.  A role with
 * neither is no state. */
#define ROLE_TABLE(R) \
	R(TEXT, "text", "", "") \
	R(DIM, "dim", "", "") \
	R(HEADING, "heading", "", "") \
	R(LABEL, "label", "", "") \
	R(RULE, "rule", "", "") \
	R(TAB, "tab", "", "") \
	R(TAB_CURRENT, "tab.current", "", "") \
	R(SCOPE, "scope", "", "") \
	R(COLUMN, "column", "", "") \
	R(SELECTION, "selection", "", "") \
	R(MATCH, "match", "", "") \
	R(MARKED, "marked", "+", "marked") \
	R(BATTERY_LOW, "battery.low", "!", "LOW") \
	R(BATTERY_OK, "battery.ok", "", "") \
	R(SILENT, "silent", "~", "silent") \
	R(DISABLED, "disabled", "x", "disabled") \
	R(UNPLACED, "unplaced", "-", "not placed") \
	R(PENDING, "pending", ".", "sending") \
	R(DONE, "done", "", "done") \
	R(EVENT_FAIL, "event.fail", "!", "failed") \
	R(LINK_LIVE, "link.live", "", "LIVE") \
	R(LINK_WAIT, "link.wait", "", "CONNECTING") \
	R(LINK_OFFLINE, "link.offline", "", "OFFLINE") \
	R(MODE_READONLY, "mode.readonly", "", "READ-ONLY") \
	R(NOTICE_INFO, "notice.info", "", "") \
	R(NOTICE_WARN, "notice.warn", "", "") \
	R(NOTICE_ERROR, "notice.error", "", "") \
	R(HINT_KEY, "hint.key", "", "") \
	R(HINT_TEXT, "hint.text", "", "") \
	R(PROMPT, "prompt", "", "") \
	R(DIALOG, "dialog", "", "") \
	R(DIALOG_TITLE, "dialog.title", "", "") \
	R(BUTTON, "button", "", "") \
	R(BUTTON_FOCUS, "button.focus", ">", "") \
	R(BUTTON_OFF, "button.off", "", "(off)") \
	R(FIELD, "field", "", "") \
	R(FIELD_FOCUS, "field.focus", "", "") \
	R(FIELD_HINT, "field.hint", "", "") \
	R(FIELD_OK, "field.ok", "", "ok") \
	R(FIELD_ERROR, "field.error", "!", "")

enum role {
#define R(id, name, symbol, word) ROLE_##id,
	ROLE_TABLE(R)
#undef R
		ROLE_COUNT
};

const char *role_symbol(enum role role); /* "" if it has none */
const char *role_word(enum role role);   /* "" if it has none */
/* True if it must be told apart without colour. */
bool role_is_state(enum role role);

/* The role called `name`, or ROLE_COUNT. */
enum role role_find(const char *name);
/* All names, in order, ROLE_COUNT of them. */
const char *const *role_names(void);

#endif
