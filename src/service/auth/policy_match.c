#include "policy_match.h"

#include <string.h>

/* Where to go on when what follows a star does not fit: the star then takes one character
 * more.  An earlier star of the same kind need never be thought of again.  One that stays
 * within its segment can come to its end, and then the last free one takes over: what lies
 * between two stars of a segment has no colon, or only one place where it fits. */
struct again {
	const char *pattern; /* after the star; NULL: there was none */
	const char *text;
};

static char
fold(char c, bool any_case)
{
	return (char)(any_case && c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* The length of the character at text. */
static size_t
step(const char *text)
{
	size_t n = 1;

	while (((unsigned char)text[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* How much of the text the sign at hand takes; 0 if it does not fit. */
static size_t
fits(const struct match *match, char sign, const char *text)
{
	if (sign == MATCH_ONE || (sign == MATCH_ONE_IN && *text != ':'))
		return step(text);
	return fold(sign, match->any_case) == fold(*text, match->any_case);
}

/* False when no star has anything left to take. */
static bool
retry(struct again *within, struct again *over, const char **pattern, const char **text)
{
	struct again *last = within->pattern && *within->text != ':' ? within : over;

	if (!last->pattern)
		return false;
	if (last == over)
		within->pattern = NULL;
	*text = last->text += step(last->text);
	*pattern = last->pattern;
	return true;
}

static bool
is_run(char sign)
{
	return sign == MATCH_RUN || sign == MATCH_RUN_IN;
}

bool
match_holds(struct match *match, const char *text)
{
	const char *pattern = match->pattern;
	struct again within = { 0 }, over = { 0 };

	while (*text) {
		size_t taken;

		match->steps++;
		if (*pattern == MATCH_RUN) {
			over = (struct again){ ++pattern, text };
			within.pattern = NULL;
		} else if (*pattern == MATCH_RUN_IN) {
			within = (struct again){ ++pattern, text };
		} else if ((taken = fits(match, *pattern, text)) > 0) {
			pattern++;
			text += taken;
		} else if (!retry(&within, &over, &pattern, &text)) {
			return false;
		}
	}
	while (is_run(*pattern))
		pattern++;
	return *pattern == '\0';
}
