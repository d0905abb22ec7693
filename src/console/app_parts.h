/* What the files of the app share among themselves. */
#ifndef ONECLICK_SRC_CONSOLE_APP_PARTS_H
#define ONECLICK_SRC_CONSOLE_APP_PARTS_H

#include <stdio.h>

#include "oneclick/console/app.h"

void app_take_reply(struct app *app, const struct msg *msg);
void app_take_link(struct app *app, const struct msg *msg);
/* A call was lost while the stream was not: nothing but another call tells that the service
 * answers again. */
void app_probe(struct app *app);

/* Loading shelves (load.c). */
void load_devices(struct app *app);
void load_projects(struct app *app);
/* One project's again, whatever else the shelf holds. */
void load_placements_of(struct app *app, const char *project);
/* The placements of one project, or (NULL) of all that are known. */
void load_placements(struct app *app, const char *project);
void load_deliveries(struct app *app);
/* When they are on the screen and some seconds old. */
void load_deliveries_again(struct app *app);
void app_reload(struct app *app); /* all that is loaded */

/* What others change (changes.c): one of them; any may have been missed; loads what is
 * shown and not as it is any more. */
void changes_take(struct app *app, const struct value *data);
void changes_missed(struct app *app);
void changes_tend(struct app *app);
bool changes_are_due(const struct app *app);

/* The one question at a time (modal.c). */
bool modal_key(struct app *app, const struct chord *chord);
void modal_open_command(struct app *app, const char *text);
void modal_open_filter(struct app *app);
void modal_draw(const struct app *app, struct canvas *canvas);
/* Completion of the command line (cmdline.c). */
const char *const *command_complete(void *arg, const void *ctx, const char *text,
	size_t at, size_t *from, size_t *count);

/* What works in several panes; false: not theirs. */
bool devices_act(struct app *app, enum action_id action, const struct args *args);
bool placements_act(struct app *app, enum action_id action, const struct args *args);
bool projects_act(struct app *app, enum action_id action, const struct args *args);
bool global_act(struct app *app, enum action_id action, const struct args *args);
/* Adds to the job that the device is put there, and starts it. */
struct job;
void places_put(struct job *job, const char *device, const char *project,
	const char *placement, const char *template_name);

#endif
