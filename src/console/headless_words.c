/* The first words of a command line: which command they name, or why none. */
#include "headless_words.h"

#include <string.h>
#include <strings.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"
#include "oneclick/console/action.h"

/* All commands that begin with the word, "" if none does. */
static const char *
list_beginning(const void *ctx, const char *word)
{
	size_t n = strlen(word);
	struct buf out;

	buf_init(&out, ctx, BUF_NO_CAP);
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_row((enum action_id)id);

		if ((action->where & ACTION_ON_COMMAND_LINE) && n > 0 &&
			!strncasecmp(action->words, word, n) && action->words[n] == ' ')
			buf_format(&out, "%s%s", out.len ? ", " : "", action->words);
	}
	return out.len ? out.data : "";
}

enum err
headless_refuse_unknown(const struct headless_options *options, struct fault *why)
{
	void *life = mem_life(NULL);
	const char *first = options->words[0], *near;
	const char *both = options->count < 2
				   ? first
				   : mem_format(life, "%s %s", first, options->words[1]);
	const char *beginning = list_beginning(life, first);
	enum err err;

	near = action_nearest(both, ACTION_ON_COMMAND_LINE);
	if (!near)
		near = action_nearest(first, ACTION_ON_COMMAND_LINE);
	if (near)
		err = fault(why, ERR_INVALID,
			"There is no command \"%.60s\"; did you mean \"%s\"?", both,
			near);
	else if (*beginning)
		err = fault(why, ERR_INVALID,
			"\"%.60s\" is no whole command; there are %s.", both, beginning);
	else
		err = fault(why, ERR_INVALID,
			"There is no command \"%.60s\"; oneclick --help lists them.",
			both);
	mem_free(life);
	return err;
}

enum headless_need
headless_need(const char *const *words, size_t count)
{
	size_t used;
	const struct action *action =
		action_find(words, count, ACTION_ON_COMMAND_LINE, &used);

	if (!action)
		return HEADLESS_NEEDS_NOTHING;
	return action->id == ACTION_DEVICE_REGISTER ? HEADLESS_BEGINS_FLEET
						    : HEADLESS_NEEDS_FLEET;
}
