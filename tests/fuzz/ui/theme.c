/* A theme of the user's own. */
#undef NDEBUG
#include <assert.h>

#include "../fuzz.h"
#include "oneclick/base/utf8.h"
#include "oneclick/ui/theme.h"

void
fuzz(const void *life, const char *data, size_t n)
{
	const struct theme *theme;
	struct fault why;
	enum err err = theme_parse(life, "fuzz.yaml", data, n, &theme, &why);

	fuzz_check_fault(err, &why);
	for (int role = 0; !err && role < ROLE_COUNT; role++) {
		assert(utf8_width(theme_symbol(theme, (enum role)role).text) <= 1);
		assert(utf8_width(theme_word(theme, (enum role)role).text) <= 12);
	}
}
