/* What a press of a templated button can do (guide, "Creating a Project"): the service's
 * own functions for messages, which read attributes of the placement, or one's own. */
#ifndef ONECLICK_SRC_CONSOLE_WIZARD_ACTIONS_H
#define ONECLICK_SRC_CONSOLE_WIZARD_ACTIONS_H

#include "oneclick/console/app.h"

enum action_kind { ACTION_SMS, ACTION_EMAIL, ACTION_CUSTOM, ACTION_KINDS };
enum { ACTION_VALUES = 5 };

extern const struct safe_text action_labels[ACTION_KINDS];

/* The attributes the functions read: which action needs the i-th, its key, and what the
 * form calls its default. */
enum action_kind action_value_of(size_t i);
const char *action_value_key(size_t i);
struct safe_text action_value_label(size_t i);

/* The onClickCallback of an action; `function`: the name or ARN of one's own. */
char *action_callback(const void *ctx, const struct app *app, enum action_kind kind,
	const char *function);
/* The action a callback means. */
enum action_kind action_of_callback(const char *callback);
/* What a callback does, for people: "Send email" of the service's own functions, else the
 * ARN; NULL and "" do nothing. */
const char *action_words(const char *callback);

/* After a project came or changed. */
void load_projects_again(struct app *app);

#endif
