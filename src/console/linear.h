/* The console line by line: no cursor addressing, for screen readers and terminals that can
 * place nothing.  The same app: rows and questions are numbered lines, a line typed is a
 * number, a command, or an answer. */
#ifndef ONECLICK_SRC_CONSOLE_LINEAR_H
#define ONECLICK_SRC_CONSOLE_LINEAR_H

#include "oneclick/console/app.h"

struct linear;

struct linear *linear_new(const void *ctx);
/* Another app takes the place of the one before. */
void linear_use(struct linear *linear, struct app *app);
/* Reads what is there; false at the end of the input. */
bool linear_read(struct linear *linear, int fd);
/* Tells what is new; before each sleep of the loop. */
void linear_tell(struct linear *linear);

#endif
