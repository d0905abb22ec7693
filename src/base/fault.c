#include "oneclick/base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A cut must not leave the first part of a letter behind. */
static void
drop_broken_end(char *text, size_t len)
{
	size_t rest = 0; /* bytes of the last letter after its first */
	unsigned char lead;

	while (rest < 3 && rest + 1 < len &&
		((unsigned char)text[len - 1 - rest] & 0xC0) == 0x80)
		rest++;
	lead = (unsigned char)text[len - 1 - rest];
	if (lead >= 0xC0 && rest < (lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1))
		text[len - 1 - rest] = '\0';
}

static void
fill(struct fault *why, enum err code, const char *text, int len)
{
	if (len <= 0)
		text = "it failed, and no reason was given";
	why->code = code;
	snprintf(why->sentence, sizeof(why->sentence), "%.*s", FAULT_SENTENCE_MAX - 1,
		text);
	if (len >= (int)sizeof(why->sentence))
		drop_broken_end(why->sentence, sizeof(why->sentence) - 1);
}

enum err
fault(struct fault *why, enum err code, const char *format, ...)
{
	char text[FAULT_SENTENCE_MAX]; /* an argument may be why's own sentence */
	va_list args;
	int len;

	if (!why)
		return code;
	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fill(why, code, text, len);
	return code;
}

enum err
fault_at(struct fault *why, enum err code, const char *format, ...)
{
	char text[2 * FAULT_SENTENCE_MAX];
	va_list args;
	int len, all;

	if (!why)
		return code;
	va_start(args, format);
	len = vsnprintf(text, FAULT_SENTENCE_MAX, format, args);
	va_end(args);
	if (len < 0)
		len = 0;
	if (len >= FAULT_SENTENCE_MAX)
		len = FAULT_SENTENCE_MAX - 1;
	all = snprintf(text + len, sizeof(text) - (size_t)len, ": %s", why->sentence);
	fill(why, code, text, len + all);
	return code;
}
