/* The service's configuration: every mistake is told, with its place. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../fuzz.h"
#include "oneclick/service/settings.h"

static void
count_sentence(void *arg, const char *sentence)
{
	assert(*sentence);
	++*(int *)arg;
}

void
fuzz(const void *life, const char *data, size_t n)
{
	static char *argv[] = { NULL };
	struct settings words, out;
	int told = 0;
	struct config_check check = { .tell = count_sentence, .arg = &told };
	struct fault why;
	enum err err;

	assert(settings_read_words(0, argv, &words, &why) == ERR_NONE);
	words.config = fuzz_file(data, n);
	err = settings_read(life, &words, &out, &check);
	assert((err != ERR_NONE) == (told > 0));
}
