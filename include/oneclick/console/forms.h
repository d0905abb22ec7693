/*
 * Forms: what is filled in step by step, in a pane of its own.  Each kind is a form_class
 * in src/console/wizard; what was typed is a draft, which outlives the pane: leaving
 * keeps it, coming back to the same form goes on with it, and sending it ends it.
 */
#ifndef ONECLICK_CONSOLE_FORMS_H
#define ONECLICK_CONSOLE_FORMS_H

#include "oneclick/console/app.h"
#include "oneclick/ui/form.h"

enum { FORM_STEPS_MAX = 3 };

struct draft;

struct form_class {
	const char *name;                   /* "project create" */
	const char *title;                  /* "Create a project" */
	const char *step[FORM_STEPS_MAX];   /* their names, in order */
	void (*build)(struct draft *draft); /* fills the forms of all steps */
	/* Brings checks and hidden fields up to date after a key, or news. */
	void (*check)(struct draft *draft);
	/* A button was pressed: its text. */
	void (*press)(struct draft *draft, const char *button);
	/* Enter, off the buttons: goes forward if it can. */
	void (*next)(struct draft *draft);
	/* Beside the form on a wide screen; NULL: nothing. */
	void (*aside)(const struct draft *draft, struct detail *detail);
};

struct draft {
	struct draft *before;
	struct app *app;
	const struct form_class *class;
	const char *project, *name;
	struct form form[FORM_STEPS_MAX];
	size_t step, steps;
	bool sending;
	void *data; /* its class's own */
};

extern const struct form_class project_form, project_edit_form, placement_form,
	placement_edit_form, place_form;

/* Opens the form, with its draft if there is one. */
void forms_open(struct app *app, const struct form_class *class, const char *project,
	const char *name);
/* The draft is done with: back to where one was, or on to another pane. */
void forms_end(struct draft *draft);
/* Goes to a step, if all before it are in order; says what is not. */
bool forms_go(struct draft *draft, size_t step);
/* The trouble with the step's form in one sentence; false if there is none. */
bool forms_has_trouble(struct draft *draft, size_t step);
const char *forms_text(const struct draft *draft, size_t step, size_t field);

#endif
