#include "oneclick/console/action.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "oneclick/data/record.h"

#define IN(pane) (1u << PANE_##pane)
#define ANY 1u
#define LISTS (IN(PROJECTS) | IN(PLACEMENTS) | IN(DEVICES) | IN(EVENTS) | IN(DELIVERIES))
#define MARKED (IN(PROJECTS) | IN(PLACEMENTS) | IN(DEVICES) | IN(DELIVERIES))
#define SCREEN ACTION_ON_SCREEN
#define HEADLESS ACTION_ON_COMMAND_LINE
#define BOTH (ACTION_ON_SCREEN | ACTION_ON_COMMAND_LINE)
#define CHANGES ACTION_CHANGES

static const struct action rows[ACTION_COUNT] = {
#define ACTION(id_, words_, alias_, usage_, hint_, help_, contexts_, keys_, op_, \
	confirm_, where_) \
	[ACTION_##id_] = { .id = ACTION_##id_, \
		.words = words_, \
		.alias = alias_, \
		.usage = usage_, \
		.hint = hint_, \
		.help = help_, \
		.contexts = contexts_, \
		.keys = keys_, \
		.op = OP_##op_, \
		.confirm = CONFIRM_##confirm_, \
		.where = where_ },
#include "oneclick/console/actions.def"
#undef ACTION
};

static const char *const panes[PANE_COUNT] = {
	[PANE_ANYWHERE] = "anywhere",
	[PANE_ONBOARD] = "onboard",
	[PANE_PROJECTS] = "projects",
	[PANE_PLACEMENTS] = "placements",
	[PANE_DEVICES] = "devices",
	[PANE_EVENTS] = "events",
	[PANE_PROJECT] = "project",
	[PANE_PLACEMENT] = "placement",
	[PANE_DEVICE] = "device",
	[PANE_FORM] = "form",
	[PANE_HELP] = "help",
	[PANE_TEXT] = "text",
	[PANE_DELIVERIES] = "deliveries",
};

const struct action *
action_row(enum action_id id)
{
	return &rows[id];
}

bool
action_is_write(const struct action *action)
{
	return (action->where & ACTION_CHANGES) ||
	       (action->op != OP_NONE && op_is_write(action->op));
}

bool
action_works_in(const struct action *action, enum pane_id pane)
{
	return action->contexts & (1u << pane | 1u << PANE_ANYWHERE);
}

/* How many of the given words `spelling` takes, 0 if they do not begin with it. */
static size_t
match_words(const char *spelling, const char *const *word, size_t count)
{
	size_t used = 0;

	while (*spelling) {
		size_t n = strcspn(spelling, " ");

		if (used == count || strlen(word[used]) != n ||
			strncasecmp(word[used], spelling, n) != 0)
			return 0;
		used++;
		spelling += n + strspn(spelling + n, " ");
	}
	return used;
}

const struct action *
action_find(const char *const *word, size_t count, unsigned where, size_t *used)
{
	const struct action *best = NULL;

	*used = 0;
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		size_t by_words = match_words(rows[i].words, word, count);
		size_t by_alias = match_words(rows[i].alias, word, count);
		size_t n = by_words > by_alias ? by_words : by_alias;

		if ((rows[i].where & where) && n > *used) {
			best = &rows[i];
			*used = n;
		}
	}
	return best;
}

const char *
action_nearest(const char *typed, unsigned where)
{
	const char *spelling[2 * ACTION_COUNT];
	size_t count = 0;

	for (size_t i = 0; i < ACTION_COUNT; i++) {
		if (!(rows[i].where & where))
			continue;
		spelling[count++] = rows[i].words;
		if (*rows[i].alias)
			spelling[count++] = rows[i].alias;
	}
	return nearest_word(typed, spelling, count);
}

enum err
action_check_count(const struct action *action, size_t count, struct fault *why)
{
	size_t least = 0, most = 0;

	for (const char *at = action->usage; *at; at += strspn(at, " ")) {
		size_t n = strcspn(at, " ");

		most++;
		least += *at != '[';
		if (strstr(at, "...") && strstr(at, "...") < at + n)
			most = SIZE_MAX / 2;
		at += n;
	}
	if (count >= least && count <= most)
		return ERR_NONE;
	if (!most)
		return fault(why, ERR_INVALID, "`%s` takes no arguments", action->words);
	return fault(why, ERR_INVALID, "`%s` takes %s", action->words, action->usage);
}

const char *
pane_name(enum pane_id pane)
{
	return panes[pane];
}
