/*
 * One editable line of text: what prompts, form fields and dialogs type into.  It moves
 * and deletes by cluster, takes a paste as text (a newline becomes a blank unless the
 * caller takes it first), and shows what does not fit by scrolling.  It never cuts a text:
 * what is longer than its owner takes is for the owner to tell (edit_excess).
 *
 * Keys: letters, Left Right Home End Ctrl-a Ctrl-e, Backspace Del, Ctrl-w (word),
 * Ctrl-u (line).
 */
#ifndef ONECLICK_UI_EDIT_H
#define ONECLICK_UI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/ui/canvas.h"
#include "oneclick/ui/chord.h"

struct edit {
	char *text; /* UTF-8, NUL-terminated, never NULL; owned by ctx */
	size_t len;
	size_t at;   /* byte offset of the cursor, at a cluster's beginning */
	size_t max;  /* letters its owner takes; 0: any number */
	bool hidden; /* a secret: shown as '*' */
	const void *ctx;
};

void edit_init(struct edit *edit, const void *ctx, size_t max);
void edit_set(struct edit *edit, const char *text); /* cursor at the end */
void edit_insert(struct edit *edit, const char *text, size_t n);
size_t edit_excess(const struct edit *edit); /* letters beyond max */
/* Replaces bytes from..at by `text`, cursor after it: what completion does. */
void edit_replace(struct edit *edit, size_t from, const char *text);

bool edit_key(struct edit *edit, const struct chord *chord);
/* Draws into the first row of `at`, the rest filled with '_' in forms (`filled`); rests
 * the hardware cursor in it when focused. */
void edit_draw(const struct edit *edit, struct canvas *canvas, struct area at,
	enum role role, bool filled, bool focused);

/* Completion.  A completer returns the words that may stand for text[*from..at), as an
 * array of *count living as long as ctx, and says where the word begins. */
typedef const char *const *(*complete_fn)(void *arg, const void *ctx, const char *text,
	size_t at, size_t *from, size_t *count);

/* What a completion found: `count` words for the bytes from `from` to the cursor. */
struct completion {
	const char *const *word;
	size_t count, from;
};

/* Completes as far as all words agree; true if the text changed.  *found gets the
 * candidates, living as long as ctx. */
bool edit_complete(struct edit *edit, complete_fn complete, void *arg, const void *ctx,
	struct completion *found);

#endif
