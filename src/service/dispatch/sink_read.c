#include "sink_read.h"

#include <string.h>
#include <strings.h>

#include "../secret.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"

enum err
sink_place(
	const struct value *section, const char *member, enum err err, struct fault *why)
{
	const struct value *at = value_get(section, member);

	if (!at)
		at = section;
	if (err == ERR_NONE || !at || !at->line)
		return err;
	return fault_at(why, err, "line %d, column %d", at->line, at->column);
}

enum err
sink_refuse(const struct value *section, const char *member, struct fault *why,
	const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = mem_vformat(NULL, format, args);
	va_end(args);
	fault(why, ERR_INVALID, "%s", text);
	mem_free(text);
	return sink_place(section, member, ERR_INVALID, why);
}

enum err
sink_need(const struct value *section, const char *member, struct fault *why)
{
	const struct value *value = value_get(section, member);

	if (value && value->kind != VALUE_NULL)
		return ERR_NONE;
	sink_refuse(section, member, why, "\"%s\" is needed here.", member);
	return why->code = ERR_NOT_FOUND;
}

enum err
sink_secret(const void *ctx, const struct value *section, const char *member,
	const char *path, const char **out, struct fault *why)
{
	if (!path)
		return ERR_NONE;
	return sink_place(section, member, secret_read(ctx, path, out, why), why);
}

static bool
is_visible(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

/* The letters of a header's name (RFC 9110, "token"). */
static bool
is_name(const char *text)
{
	return *text && !text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789!#$%&'*+-.^_`|~")];
}

enum err
sink_check_header(const struct value *section, const char *member, const char *name,
	const char *value, struct fault *why)
{
	static const char *const ours[] = { "Host", "Content-Length", "Transfer-Encoding",
		"Connection", "Expect" };

	if (!is_name(name) || !is_visible(value) || !*value)
		return sink_refuse(section, member, why,
			"A header is a name and one line of visible ASCII.");
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (strcasecmp(name, ours[i]) == 0)
			return sink_refuse(section, member, why,
				"The header %s is set by oneclick itself.", ours[i]);
	return ERR_NONE;
}
