/*
 * A form: labelled fields one below the other, with a hint and the verdict of a check
 * each. Going back and leaving are always possible, whatever the fields hold; whether to
 * go forward is the caller's to decide when the state becomes FORM_NEXT.
 *
 * Keys: Tab Down next field, Shift-Tab Up previous (before the first: FORM_BACK), Enter
 * FORM_NEXT, Esc FORM_LEAVE; in a choice Left Right Space choose, in buttons Left Right
 * choose and Enter is FORM_PRESSED; in rows Enter goes to the next cell, on "+ add
 * another" adds a row, Ctrl-x removes the row.
 */
#ifndef ONECLICK_UI_FORM_H
#define ONECLICK_UI_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/ui/edit.h"

enum form_kind {
	FORM_TEXT,
	FORM_CHOICE,  /* one of `option`: "[webhook  v]", or a line each if `tall` */
	FORM_ROWS,    /* a small table of texts that grows */
	FORM_BUTTONS, /* `option` side by side; `chosen` is the one Enter presses */
	FORM_NOTE,    /* text that takes no focus: `label`, wrapped */
};

enum form_verdict { FORM_UNCHECKED, FORM_GOOD, FORM_BAD };

enum { FORM_ROW_COLUMNS = 4 };

struct form_rows {
	struct safe_text title[FORM_ROW_COLUMNS];
	int width[FORM_ROW_COLUMNS]; /* columns on the screen */
	size_t columns;
	struct edit *cell; /* rows * columns, row by row */
	size_t rows, rows_max;
	size_t row, col;      /* focus; row == rows is "+ add another" */
	struct safe_text add; /* what that line says */
};

struct form_field {
	enum form_kind kind;
	struct safe_text label;
	struct safe_text hint;     /* at the right of the field, or below when narrow */
	struct safe_text message;  /* the check's sentence, below the field */
	enum form_verdict verdict; /* of the message */
	bool off;                  /* shown, cannot be focused */
	bool hide;                 /* not there at all */
	int width;                 /* of the text, in columns; 0: 40 */
	struct edit edit;          /* FORM_TEXT */
	complete_fn
		complete; /* of FORM_TEXT, may be NULL: Tab completes, then moves on */
	void *complete_arg;
	const struct safe_text *option; /* FORM_CHOICE, FORM_BUTTONS */
	size_t options, chosen;
	bool tall;
	struct form_rows rows; /* FORM_ROWS */
};

enum form_state { FORM_OPEN, FORM_NEXT, FORM_BACK, FORM_LEAVE, FORM_PRESSED };

struct form {
	const void *ctx;
	struct form_field *field;
	size_t count;
	size_t focus;          /* a field that can be focused, if there is one */
	enum form_state state; /* set by form_key; the caller sets it back to FORM_OPEN */
	bool changed;          /* a key changed a value; the caller sets it back */
	size_t lost; /* lines of the last paste for which rows had no room; likewise */
};

void form_init(struct form *form, const void *ctx);
/* Adds a field and returns its number; the caller may then set its other members through
 * form->field[n] (pointers into the array do not last over another add). */
size_t form_add_text(
	struct form *form, struct safe_text label, const char *value, size_t max);
size_t form_add_choice(struct form *form, struct safe_text label,
	const struct safe_text *option, size_t options, size_t chosen);
size_t form_add_rows(
	struct form *form, struct safe_text label, struct safe_text add, size_t rows_max);
size_t form_add_buttons(
	struct form *form, const struct safe_text *option, size_t options);
size_t form_add_note(struct form *form, struct safe_text text);

/* Gives rows a column, before any row is added. */
void form_rows_column(struct form *form, size_t field, struct safe_text title, int width);
/* Adds a row of texts (as many as columns); false when rows_max is reached. */
bool form_rows_add(struct form *form, size_t field, const char *const *text);
const char *form_rows_text(const struct form *form, size_t field, size_t row, size_t col);

void form_check(struct form *form, size_t field, enum form_verdict verdict,
	struct safe_text message);
/* The first field whose verdict is FORM_BAD, or count. */
size_t form_first_bad(const struct form *form);
void form_go(struct form *form, size_t field); /* or the next that can be focused */

bool form_key(struct form *form, const struct chord *chord);
/* Draws what fits around the field in focus, which it always shows. */
void form_draw(const struct form *form, struct canvas *canvas, struct area area);

#endif
