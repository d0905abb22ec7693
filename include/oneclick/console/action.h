/*
 * Actions: what actions.def says of each, for whoever derives from it (the key map, the
 * command line inside and outside the screen, hints, help, read-only greying).
 */
#ifndef ONECLICK_CONSOLE_ACTION_H
#define ONECLICK_CONSOLE_ACTION_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/api/op.h"
#include "oneclick/base/fault.h"

/* Panes, which are also the contexts of the key map; the first six are the tabs. */
enum pane_id {
	PANE_ANYWHERE, /* the key map's "everywhere" */
	PANE_ONBOARD,
	PANE_PROJECTS,
	PANE_PLACEMENTS,
	PANE_DEVICES,
	PANE_EVENTS,
	PANE_DELIVERIES,
	PANE_PROJECT, /* details of one */
	PANE_PLACEMENT,
	PANE_DEVICE,
	PANE_FORM, /* the wizard and its smaller sisters */
	PANE_HELP,
	PANE_TEXT, /* JSON, messages, explanations */
	PANE_COUNT,
	PANE_TABS = PANE_DELIVERIES
};

enum action_id {
#define ACTION(id, ...) ACTION_##id,
#include "oneclick/console/actions.def"
#undef ACTION
	ACTION_COUNT,
	ACTION_NONE = -1
};

enum action_confirm {
	CONFIRM_NONE,
	CONFIRM_ASK_MANY,
	CONFIRM_ASK,
	CONFIRM_TYPE_COUNT,
	CONFIRM_TYPE_NAME
};

enum action_where {
	ACTION_ON_SCREEN = 1,
	ACTION_ON_COMMAND_LINE = 2,
	ACTION_CHANGES = 4 /* writes, though no operation of the contract says so */
};

struct action {
	enum action_id id;
	const char *words;
	const char *alias; /* "" when there is none */
	const char *usage;
	const char *hint; /* "" keeps it off the hint line */
	const char *help;
	unsigned contexts; /* 1u << enum pane_id bits; bit 0: everywhere */
	const char *keys;
	enum op op; /* OP_NONE when it calls none */
	enum action_confirm confirm;
	unsigned where; /* enum action_where bits */
};

const struct action *action_row(enum action_id id);
/* True if read-only mode refuses it. */
bool action_is_write(const struct action *action);
bool action_works_in(const struct action *action, enum pane_id pane);

/* The action whose words (or alias) the beginning of word[0..count) spells, the longest
 * one, with how many words that took; NULL if there is none.  `where`: one of the two
 * ACTION_ON_ bits it must have. */
const struct action *action_find(
	const char *const *word, size_t count, unsigned where, size_t *used);
/* The command nearest to what was typed, for "did you mean"; NULL if none is near. */
const char *action_nearest(const char *typed, unsigned where);

/* ERR_INVALID with the usage in the sentence if `count` arguments are too few or many. */
enum err action_check_count(const struct action *action, size_t count, struct fault *why);

const char *pane_name(enum pane_id pane); /* "devices": contexts as keys.yaml has them */

#endif
