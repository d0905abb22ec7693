/* Details of devices, placements and projects, as they stand beside a list or alone. */
#ifndef ONECLICK_SRC_CONSOLE_PANES_DESCRIBE_H
#define ONECLICK_SRC_CONSOLE_PANES_DESCRIBE_H

#include "oneclick/console/app.h"

/* What the shelf knows. */
void describe_device_row(struct app *app, struct detail *detail, uint32_t row);
void describe_events_of(struct app *app, struct detail *detail, uint32_t device);
/* What the service knows, asked for when it is not there yet. */
void describe_project(struct app *app, struct detail *detail, const char *project);
void describe_placement(struct app *app, struct detail *detail, const char *project,
	const char *placement);

/* "Loading." or why not; false if the fact is there. */
bool describe_absence(struct detail *detail, const struct fact *fact);

/* Text of ours line by line, each cut to the width. */
void draw_lines(struct canvas *canvas, struct area area, const char *lines);

#endif
