/* The command line: words to an action and its arguments, and their completion. */
#include <ctype.h>
#include <string.h>

#include "app_parts.h"
#include "oneclick/base/mem.h"

enum { WORDS_MAX = 64, CANDIDATES_MAX = 64 };

/* Splits at blanks; "quotes" keep them. */
static size_t
split(char *line, const char *word[WORDS_MAX])
{
	size_t count = 0;

	for (char *at = line; *at && count < WORDS_MAX;) {
		char *to = at, *from = at;
		bool quoted = false;

		while (isspace((unsigned char)*from))
			from++;
		if (!*from)
			break;
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
	return count;
}

void
app_command(struct app *app, const char *line)
{
	const char *word[WORDS_MAX];
	const struct action *action;
	void *life = mem_life(app);
	struct fault why;
	size_t used, count = split(mem_text(life, line), word);
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

struct candidates {
	const void *ctx;
	const char **word;
	size_t count;
	const char *begin;
	size_t len;
};

static void
offer(struct candidates *to, const char *word)
{
	if (to->count == CANDIDATES_MAX || strncasecmp(word, to->begin, to->len) != 0)
		return;
	for (size_t i = 0; i < to->count; i++)
		if (strcmp(to->word[i], word) == 0)
			return;
	to->word[to->count++] = mem_text(to->ctx, word);
}

static void
offer_commands(struct candidates *to)
{
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_row((enum action_id)id);

		if (!(action->where & ACTION_ON_SCREEN))
			continue;
		offer(to, action->words);
		if (*action->alias)
			offer(to, action->alias);
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
			offer(to, words_text(state->words, state->devices.row[i].id));
	if (strncmp(kind, "PROJECT", 7) == 0)
		for (size_t i = 0; i < state->projects.shelf.count; i++)
			offer(to, words_text(state->words, state->projects.row[i].name));
	if (strncmp(kind, "PLACEMENT", 9) == 0)
		for (size_t i = 0; i < state->placements.shelf.count; i++)
			offer(to,
				words_text(state->words, state->placements.row[i].name));
	if (strncmp(kind, "NAME", 4) == 0 && app->pane->table)
		for (size_t i = 0; i < app->pane->table->class->columns; i++)
			offer(to, app->pane->table->class->column[i].name);
	if (strncmp(kind, "CLICK", 5) == 0)
		for (int click = EVENT_SINGLE; click <= EVENT_LONG; click++)
			offer(to, event_kind_name((enum event_kind)click));
}

const char *const *
command_complete(void *arg, const void *ctx, const char *text, size_t at, size_t *from,
	size_t *count)
{
	const struct app *app = arg;
	const char *word[WORDS_MAX];
	struct candidates to = { .ctx = ctx };
	const struct action *action;
	size_t used = 0, words;

	to.word = mem_array(ctx, const char *, CANDIDATES_MAX);
	for (*from = at; *from > 0 && text[*from - 1] != ' '; (*from)--)
		;
	words = split(mem_textn(ctx, text, *from), word);
	action = action_find(word, words, ACTION_ON_SCREEN, &used);
	if (action && words >= used && *action->usage) {
		to.begin = text + *from;
		to.len = at - *from;
		offer_things(app, &to, usage_word(action->usage, words - used));
	}
	if (!to.count) {
		*from = 0;
		to.begin = text;
		to.len = at;
		offer_commands(&to);
	}
	*count = to.count;
	return to.word;
}
