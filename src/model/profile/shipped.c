/* The profiles that lie in profiles/, as the texts they are. */
#include "inside.h"

/* ISO C promises 4095 letters in a text; the compilers we build with take more. */
#pragma GCC diagnostic ignored "-Woverlength-strings"

static const struct shipped shipped[] = {
#include "profiles.inc"
};

const struct shipped *
shipped_profiles(size_t *count)
{
	*count = sizeof(shipped) / sizeof(*shipped);
	return shipped;
}
