/* A moment that is read is one that is written, and reads back the same. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../fuzz.h"
#include "oneclick/base/moment.h"

void
fuzz(const void *life, const char *data, size_t n)
{
	int64_t at, again;
	char iso[MOMENT_ISO_SIZE], basic[MOMENT_BASIC_SIZE];

	(void)life;
	(void)n;
	if (moment_from_iso(data, &at)) {
		moment_to_iso(at, iso);
		assert(moment_from_iso(iso, &again) && again == at);
	}
	if (moment_from_basic(data, &at)) {
		moment_to_basic(at, basic);
		assert(moment_from_basic(basic, &again) && again == at);
		assert(strcmp(basic, data) == 0);
	}
}
