/* `oneclick --check-config`: every mistake of the configuration, and of what it names. */
#ifndef ONECLICK_SRC_CONSOLE_CHECK_H
#define ONECLICK_SRC_CONSOLE_CHECK_H

#include "oneclick/console/config.h"

/* Says each on standard error, and on standard output, when there is none, what was read.
 * An exit status. */
int check_config(const struct config *config);

#endif
