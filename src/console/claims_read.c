/* What is typed into Onboard's box, read into device IDs and claim codes. */
#include <ctype.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/console/claims.h"
#include "oneclick/console/words.h"
#include "oneclick/model/device.h"
#include "oneclick/model/product.h"

static void
say_wrong(const void *ctx, struct claim_entry *entry, const struct fault *why)
{
	entry->verdict = why->code;
	entry->why = mem_text(ctx, why->sentence);
}

static void
check_code(const void *ctx, struct claim_entry *entry)
{
	struct fault why;

	if (claim_code_is_well_formed(entry->text))
		return;
	fault(&why, ERR_INVALID,
		"%s is no claim code: C- and 10 to 38 letters, digits or -", entry->text);
	say_wrong(ctx, entry, &why);
}

static void
check_id(const void *ctx, struct claim_entry *entry)
{
	struct fault why;
	enum err err = device_id_check(entry->text, &why);

	if (!err && product_of(entry->text))
		return;
	entry->mended = device_id_mend(ctx, entry->text);
	if (!err && entry->mended)
		err = fault(&why, ERR_INVALID,
			"%s: O and 0, I and 1 are easily confused", entry->text);
	if (err)
		say_wrong(ctx, entry, &why);
}

static char *
read_word(const void *ctx, const char **text)
{
	static const char between[] = ", ;\t\r\n";
	size_t n;
	char *word;

	*text += strspn(*text, between);
	n = strcspn(*text, between);
	if (!n)
		return NULL;
	word = mem_textn(ctx, *text, n);
	*text += n;
	for (char *at = word; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	return (char *)(uintptr_t)text_safe_z(ctx, word).text;
}

struct claim_entry *
claims_read(const void *ctx, const char *text, size_t *count)
{
	struct words *seen = words_new(NULL);
	struct claim_entry *entry = NULL;
	size_t room = 0;

	*count = 0;
	for (const char *word; (word = read_word(ctx, &text));) {
		if (words_find(seen, word))
			continue;
		words_put(seen, word);
		if (*count == room) {
			room = room ? room * 2 : 16;
			entry = mem_resize(ctx, entry, struct claim_entry, room);
		}
		entry[*count] = (struct claim_entry){ .text = word };
		entry[*count].code = word[0] == 'C' && word[1] == '-';
		if (entry[*count].code)
			check_code(ctx, &entry[*count]);
		else
			check_id(ctx, &entry[*count]);
		(*count)++;
	}
	mem_free(seen);
	return entry;
}
