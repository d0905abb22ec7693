/*
 * Forms: what is filled in step by step, in a pane of its own.  Each kind is a form_class
 * in src/console/wizard; what was typed is a draft, which outlives the pane: leaving
 * keeps it, coming back to the same form goes on with it, and sending it ends it.
 */
#ifndef ONECLICK_CONSOLE_FORMS_H
#define ONECLICK_CONSOLE_FORMS_H

#include "oneclick/console/app.h"
#include "oneclick/console/facts.h"
#include "oneclick/ui/form.h"

enum { FORM_STEPS_MAX = 3 };

struct draft;
struct job;

struct form_class {
	const char *name;                   /* "project create" */
	const char *title;                  /* "Create a project" */
	const char *step[FORM_STEPS_MAX];   /* their names, in order; NULL: no more */
	void (*build)(struct draft *draft); /* fills the forms of all steps */
	/* Brings checks and hidden fields up to date: after a key, and before drawing. */
	void (*check)(struct draft *draft);
	void (*press)(struct draft *draft, const char *button);
	/* Beside the form on a wide screen; NULL: nothing. */
	void (*aside)(const struct draft *draft, struct detail *detail);
};

struct draft {
	struct draft *next;
	struct app *app;
	const struct form_class *class;
	const char *project, *name;
	struct form form[FORM_STEPS_MAX];
	size_t step, steps;
	bool sending;
	bool tried; /* to go on: what is missing is said from now on */
	void *said; /* of the messages of the last check */
	void *data; /* its class's own */
};

extern const struct form_class project_form, project_edit_form, placement_form,
	placement_edit_form, place_form;

/* Opens the form, with its draft if there is one. */
void forms_open(struct app *app, const struct form_class *class, const char *project,
	const char *name);
/* The draft is done with; if it is on the screen, back to where one was. */
void forms_end(struct draft *draft);
/* Goes to a step; forwards only if the ones before it are in order, else says what is not
 * and goes there. */
bool forms_go(struct draft *draft, size_t step);
/* What sends the form, for the caller to fill and start, its arg the draft; or NULL, and
 * it is said why it cannot be sent. */
struct job *forms_job(struct draft *draft, const char *past, const char *noun);

/* What a field holds. */
const char *forms_text(const struct draft *draft, size_t step, size_t field);
void forms_set(struct draft *draft, size_t step, size_t field, const char *text);
/* Checks a text field as the contract's member of that name; `required`: not empty. */
void forms_check(struct draft *draft, size_t step, size_t field, enum op_api api,
	const char *member, bool required);
/* It must not be left empty; said only once one tried to go on. */
void forms_missing(struct draft *draft, size_t step, size_t field);
void forms_bad(struct draft *draft, size_t step, size_t field, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Whether the facts are there (NULL: not) that a form is filled with; until then its note says that they
 * are loaded, or why one of them cannot be. On every check, until it is filled. */
bool forms_have(struct draft *draft, size_t note, struct safe_text loading,
	const struct fact *const *fact, size_t count);
/* A two-column table of attributes (`value` heads the second), checked and as pairs (rows
 * without a key left out). */
size_t forms_add_attributes(struct draft *draft, size_t step, struct safe_text value);
void forms_check_attributes(struct draft *draft, size_t step, size_t field);
struct pairs *forms_attributes(
	const void *ctx, const struct draft *draft, size_t step, size_t field);

/* Completers of text fields; arg is the draft. */
const char *const *forms_complete_device(void *arg, const void *ctx, const char *text,
	size_t at, size_t *from, size_t *count); /* those in no placement */
const char *const *forms_complete_project(void *arg, const void *ctx, const char *text,
	size_t at, size_t *from, size_t *count);

#endif
