/* The command line: words to an action and its arguments, and their completion. */
#include <ctype.h>
#include <string.h>

#include "app_parts.h"
#include "candidates.h"
#include "oneclick/base/mem.h"

/* Splits at blanks; "quotes" keep them.  The words live as long as ctx. */
static size_t
split(const void *ctx, char *line, const char ***out)
{
	size_t count = 0, room = 16;
	const char **word = mem_array(ctx, const char *, room);

	for (char *at = line; *at;) {
		char *to = at, *from = at;
		bool quoted = false;

		while (isspace((unsigned char)*from))
			from++;
		if (!*from)
			break;
		if (count == room)
			word = mem_resize(ctx, word, const char *, room *= 2);
		word[count++] = to = from;
		for (; *from && (quoted || !isspace((unsigned char)*from)); from++) {
			if (*from == '"')
				quoted = !quoted;
			else
				*to++ = *from;
		}
		at = *from ? from + 1 : from;
		*to = '\0';
	}
	*out = word;
	return count;
}

void
app_command(struct app *app, const char *line)
{
	const char **word;
	const struct action *action;
	void *life = mem_life(app);
	struct fault why;
	size_t used, count = split(life, mem_text(life, line), &word);
	struct args args;

	action = action_find(word, count, ACTION_ON_SCREEN, &used);
	args = (struct args){ .word = word + used, .count = count - used };
	if (!count) {
		mem_free(life);
		return;
	}
	if (!action) {
		const char *near = action_nearest(line, ACTION_ON_SCREEN);

		app_say(app, NOTICE_WARN, "There is no command \"%s\"%s%s%s", line,
			near ? "; did you mean \"" : "", near ? near : "",
			near ? "\"?" : "");
	} else if (args.count && action_check_count(action, args.count, &why)) {
		app_say(app, NOTICE_WARN, "%s", why.sentence);
	} else {
		app_do(app, action->id, &args);
	}
	mem_free(life);
}

static void
offer_commands(struct candidates *to)
{
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_row((enum action_id)id);

		if (!(action->where & ACTION_ON_SCREEN))
			continue;
		candidates_offer(to, action->words);
		if (*action->alias)
			candidates_offer(to, action->alias);
	}
}

/* Which argument of the usage stands at `index`; the last one repeats. */
static const char *
usage_word(const char *usage, size_t index)
{
	const char *at = usage, *last = usage;

	while (*at && index--) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
		if (*at)
			last = at;
	}
	return *at ? at : strstr(last, "...") ? last : "";
}

static void
offer_things(const struct app *app, struct candidates *to, const char *kind)
{
	const struct state *state = app->state;

	kind += *kind == '[';
	if (strncmp(kind, "DEVICE", 6) == 0)
		for (size_t i = 0; i < state->devices.shelf.count; i++)
			candidates_offer(to, words_text(state->words, state->devices.row[i].id));
	if (strncmp(kind, "PROJECT", 7) == 0)
		for (size_t i = 0; i < state->projects.shelf.count; i++)
			candidates_offer(to, words_text(state->words, state->projects.row[i].name));
	if (strncmp(kind, "PLACEMENT", 9) == 0)
		for (size_t i = 0; i < state->placements.shelf.count; i++)
			candidates_offer(to,
				words_text(state->words, state->placements.row[i].name));
	if (strncmp(kind, "NAME", 4) == 0 && app->pane->table)
		for (size_t i = 0; i < app->pane->table->class->columns; i++)
			candidates_offer(to, app->pane->table->class->column[i].name);
	if (strncmp(kind, "CLICK", 5) == 0)
		for (int click = EVENT_SINGLE; click <= EVENT_LONG; click++)
			candidates_offer(to, event_kind_name((enum event_kind)click));
}

const char *const *
command_complete(void *arg, const void *ctx, const char *text, size_t at, size_t *from,
	size_t *count)
{
	const struct app *app = arg;
	const char **word;
	struct candidates to;
	const struct action *action;
	size_t used = 0, words;

	for (*from = at; *from > 0 && text[*from - 1] != ' '; (*from)--)
		;
	words = split(ctx, mem_textn(ctx, text, *from), &word);
	candidates_init(&to, ctx, text + *from, at - *from);
	action = action_find(word, words, ACTION_ON_SCREEN, &used);
	if (action && words >= used && *action->usage)
		offer_things(app, &to, usage_word(action->usage, words - used));
	if (!to.count) {
		*from = 0;
		candidates_init(&to, ctx, text, at);
		offer_commands(&to);
	}
	*count = to.count;
	return to.word;
}
