/* A profile of the operator's own: it loads, or it is told what is wrong with it. */
#undef NDEBUG
#include <assert.h>

#include "../fuzz.h"
#include "oneclick/model/profile.h"

void
fuzz(const void *life, const char *data, size_t n)
{
	struct profiles *profiles;
	struct fault why;
	enum err err = profiles_load_file(life, fuzz_file(data, n), &profiles, &why);

	fuzz_check_fault(err, &why);
	if (!err)
		assert(profiles_count(profiles) == 1);
}
