#include "oneclick/client/pages.h"

#include <string.h>

#include "oneclick/api/page.h"

static enum err
check_items(const struct value *body, const char *items, struct fault *why)
{
	const struct value *list = value_get(body, items);

	if (!list || list->kind != VALUE_LIST)
		return fault(why, ERR_INTERNAL,
			"The answer came without the list \"%s\": what answers is no "
			"1-Click service, or broken.",
			items);
	if (list->count > PAGE_MAX)
		return fault(why, ERR_INTERNAL,
			"The service sent %zu %s in one page, where it was asked for %d "
			"at most: the list is not read.",
			list->count, items, PAGE_MAX);
	return ERR_NONE;
}

/* "" is how some services say that there is none. */
static enum err
read_token(const struct value *body, const char **token, struct fault *why)
{
	const struct value *next = value_get(body, "nextToken");

	*token = NULL;
	if (!next || next->kind == VALUE_NULL)
		return ERR_NONE;
	if (next->kind != VALUE_TEXT)
		return fault(why, ERR_INTERNAL,
			"The service's nextToken is %s, not a text: the rest of the list "
			"cannot be asked for.",
			value_kind_name(next->kind));
	if (strlen(next->text) > PAGES_TOKEN_MAX)
		return fault(why, ERR_INTERNAL,
			"The service's nextToken is longer than %d KiB: the rest of the "
			"list is not asked for.",
			PAGES_TOKEN_MAX / 1024);
	*token = *next->text ? next->text : NULL;
	return ERR_NONE;
}

/* Brent's way to find a cycle: the token of every page whose number is a power of two is
 * kept until the next such page, so that one of any length is met after a few rounds. */
static enum err
check_cycle(struct pages *pages, const char *token, struct fault *why)
{
	unsigned char digest[DIGEST_SIZE];

	digest_sha256(token, strlen(token), digest);
	if (pages->count > 1 && memcmp(digest, pages->mark, DIGEST_SIZE) == 0)
		return fault(why, ERR_INTERNAL,
			"The service's pages go round in a circle: after %zu of them it "
			"sent a nextToken that it had sent before.",
			pages->count);
	if (pages->count > pages->mark_at) {
		memcpy(pages->mark, digest, DIGEST_SIZE);
		pages->mark_at = 2 * pages->count - 1;
	}
	if (pages->count < PAGES_MAX)
		return ERR_NONE;
	return fault(why, ERR_INTERNAL,
		"The service's list has not ended after %d pages: the rest is not read.",
		PAGES_MAX);
}

enum err
pages_take(struct pages *pages, const struct value *body, const char *items,
	const char **token, struct fault *why)
{
	enum err err = check_items(body, items, why);

	if (!err)
		err = read_token(body, token, why);
	if (err || !*token)
		return err;
	pages->count++;
	return check_cycle(pages, *token, why);
}
