#include "oneclick/data/shell.h"

#include <string.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"

static const char BLANKS[] = " \t\r\n";

/* What stands between the quotes; `at` stands on the first of them, and then behind the
 * other. In double quotes a backslash is one only before itself and before a quote. */
static enum err
take_quoted(const char **at, struct buf *word, struct fault *why)
{
	char quote = *(*at)++;

	for (; **at && **at != quote; (*at)++) {
		if (quote == '"' && **at == '\\' && ((*at)[1] == '"' || (*at)[1] == '\\'))
			(*at)++;
		buf_char(word, **at);
	}
	if (!**at)
		return fault(why, ERR_INVALID, "A quote %c has no end.", quote);
	(*at)++;
	return ERR_NONE;
}

static enum err
take_word(const char **at, struct buf *word, struct fault *why)
{
	enum err err = ERR_NONE;

	while (!err && **at && !strchr(BLANKS, **at)) {
		if (**at == '"' || **at == '\'') {
			err = take_quoted(at, word, why);
			continue;
		}
		if (**at == '\\' && !*++*at)
			return fault(why, ERR_INVALID, "A backslash stands at the end.");
		buf_char(word, *(*at)++);
	}
	return err;
}

enum err
shell_split(const void *ctx, const char *text, const char ***words, size_t *count,
	struct fault *why)
{
	const char **list = mem_array(ctx, const char *, strlen(text) / 2 + 2);
	size_t n = 0;

	for (text += strspn(text, BLANKS); *text; text += strspn(text, BLANKS)) {
		struct buf word;
		enum err err;

		buf_init(&word, list, BUF_NO_CAP);
		err = take_word(&text, &word, why);
		if (err) {
			mem_free(list);
			return err;
		}
		list[n++] = buf_take(&word, list);
	}
	*words = list;
	*count = n;
	return ERR_NONE;
}
