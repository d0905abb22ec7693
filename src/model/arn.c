#include "oneclick/model/arn.h"

#include <string.h>

#include "oneclick/base/mem.h"

#define FORM "arn:aws:iot1click:REGION:ACCOUNT:devices/ID or …:projects/NAME"
#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS "_-"

/* kind's word in the ARN, the longest name it takes and the letters of one */
static const struct {
	const char *word;
	size_t max;
	const char *letters;
} kinds[] = {
	[ARN_DEVICE] = { "devices/", 32, LETTERS ".:" },
	[ARN_PROJECT] = { "projects/", 128, LETTERS },
};
static const char prefix[] = "arn:aws:iot1click:";

/* Moves *at behind the part and its colon; 0 when the part is missing or too long. */
static size_t
take_part(const char **at, const char *letters, char *out, size_t room)
{
	size_t n = strspn(*at, letters);
	if (n == 0 || n >= room || (*at)[n] != ':')
		return 0;
	memcpy(out, *at, n);
	out[n] = '\0';
	*at += n + 1;
	return n;
}

static enum err
read_name(const char *at, struct arn *out, struct fault *why)
{
	for (enum arn_kind kind = ARN_DEVICE; kind <= ARN_PROJECT; kind++) {
		size_t word = strlen(kinds[kind].word);
		if (strncmp(at, kinds[kind].word, word) != 0)
			continue;
		const char *name = at + word;
		size_t n = strspn(name, kinds[kind].letters);
		if (n == 0 || n > kinds[kind].max || name[n] != '\0')
			return fault(why, ERR_INVALID,
				"The ARN's name after '%s' must have "
				"1 to %zu letters, digits, '-' or '_'.",
				kinds[kind].word, kinds[kind].max);
		out->kind = kind;
		memcpy(out->name, name, n + 1);
		return ERR_NONE;
	}
	return fault(why, ERR_INVALID,
		"The ARN names neither a device nor a project; it "
		"must have the form " FORM ".");
}

enum err
arn_parse(const char *text, struct arn *out, struct fault *why)
{
	struct arn arn = { 0 };
	if (text == NULL || strncmp(text, prefix, sizeof prefix - 1) != 0)
		return fault(why, ERR_INVALID,
			"The ARN does not begin with '%s'; it must "
			"have the form " FORM ".",
			prefix);
	const char *at = text + sizeof prefix - 1;
	if (take_part(&at, LETTERS ".", arn.region, sizeof arn.region) == 0)
		return fault(why, ERR_INVALID,
			"The ARN's region is missing or not one; it "
			"must have the form " FORM ".");
	if (take_part(&at, DIGITS, arn.account, sizeof arn.account) != 12)
		return fault(why, ERR_INVALID,
			"The ARN's account is not 12 digits; it must "
			"have the form " FORM ".");
	enum err err = read_name(at, &arn, why);
	if (err == ERR_NONE)
		*out = arn;
	return err;
}

char *
arn_format(const void *ctx, enum arn_kind kind, const char *region, const char *account,
	const char *name)
{
	return mem_format(
		ctx, "%s%s:%s:%s%s", prefix, region, account, kinds[kind].word, name);
}
