#include "log_repeat.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static size_t
find(const struct log_repeat *repeat, const char *text)
{
	size_t oldest = 0;

	for (size_t i = 0; i < LOG_REPEAT_LINES; i++) {
		if (strncmp(repeat->line[i].text, text, LOG_REPEAT_TEXT - 1) == 0)
			return i;
		if (repeat->line[i].said_at < repeat->line[oldest].said_at)
			oldest = i;
	}
	return oldest;
}

bool
log_repeat_is_due(
	struct log_repeat *repeat, const char *text, int64_t now, uint64_t *unsaid)
{
	size_t at = find(repeat, text);
	bool is_known = strncmp(repeat->line[at].text, text, LOG_REPEAT_TEXT - 1) == 0;
	int64_t age = now - repeat->line[at].said_at;

	if (is_known && age >= 0 && age < LOG_REPEAT_AFTER) {
		repeat->line[at].since++;
		return false;
	}
	*unsaid = is_known ? repeat->line[at].since : 0;
	snprintf(repeat->line[at].text, LOG_REPEAT_TEXT, "%s", text);
	repeat->line[at].said_at = now;
	repeat->line[at].since = 0;
	return true;
}
