/* What a terminal would act on never passes, whatever it is wrapped in; clipping keeps to
 * its columns. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../fuzz.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/base/utf8.h"

static void
check_clip(const char *text)
{
	for (int columns = 0; columns < 12; columns++) {
		int width = -1;
		size_t n = utf8_clip(text, columns, &width);

		assert(n <= strlen(text) && width >= 0 && width <= columns);
		assert(utf8_is_valid(text, n));
	}
}

static void
check_moves(const char *text)
{
	size_t n = strlen(text), steps = 0;

	for (size_t at = 0; at < n; steps++) {
		size_t next = utf8_after(text, at);

		assert(next > at && next <= n);
		at = next;
	}
	for (size_t at = n; at > 0; steps--) {
		size_t before = utf8_before(text, at);

		assert(before < at && steps > 0);
		at = before;
	}
	assert(steps == 0);
}

void
fuzz(const void *life, const char *data, size_t n)
{
	const char *safe = text_safe(life, data, n).text;
	const char *again = text_safe_z(life, safe).text;

	assert(utf8_is_valid(safe, strlen(safe)));
	assert(text_is_safe(safe, strlen(safe)));
	assert(strcmp(safe, again) == 0);
	if (text_is_safe(data, n))
		assert(strlen(safe) == n && memcmp(safe, data, n) == 0);
	for (const char *at = safe; *at; at++)
		assert((unsigned char)*at >= ' ' && *at != 0x7f);
	check_clip(safe);
	check_moves(safe);
}
