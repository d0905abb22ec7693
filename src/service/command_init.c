/* oneclickd init: an empty store, for what has to be in it before the service starts. */
#include "command.h"

static enum err
init(const char *state, const struct command_words *words, struct fault *why)
{
	struct store *store;
	enum err err;

	(void)words;
	if (store_is_there(state))
		return fault(why, ERR_CONFLICT, "There is a store in %s already.", state);
	err = store_open(state, &store, why);
	if (!err)
		store_close(store);
	return err;
}

static const struct option_row rows[] = { COMMAND_ROW_STATE };

const struct command command_init = {
	.noun = "init",
	.event = "CreateStore",
	COMMAND_ROWS(rows),
	.run_at = init,
	.help = "make an empty store; the service makes its own when it starts",
};
