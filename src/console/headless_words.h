/* What is said of words that name no command. */
#ifndef ONECLICK_SRC_CONSOLE_HEADLESS_WORDS_H
#define ONECLICK_SRC_CONSOLE_HEADLESS_WORDS_H

#include "oneclick/console/headless.h"

/* ERR_INVALID, with the command that was meant, or those that begin so. */
enum err headless_refuse_unknown(
	const struct headless_options *options, struct fault *why);

#endif
