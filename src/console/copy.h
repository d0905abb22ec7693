/* Copying to the user's clipboard, as far as a terminal program can: through tmux where
 * it runs, else by OSC 52.  Neither tells whether it arrived. */
#ifndef ONECLICK_SRC_CONSOLE_COPY_H
#define ONECLICK_SRC_CONSOLE_COPY_H

#include "oneclick/base/loop.h"

void copy_text(struct loop *loop, const char *text);

#endif
