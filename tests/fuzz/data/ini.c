/* A credentials file, whoever wrote it. */
#undef NDEBUG
#include <assert.h>

#include "../fuzz.h"
#include "oneclick/data/ini.h"

void
fuzz(const void *life, const char *data, size_t n)
{
	const char *heading = fuzz_line(life, &data, &n);
	struct ini_file *file;
	struct fault warning, why;
	enum err err = ini_read(life, fuzz_file(data, n), heading, &file, &warning, &why);

	fuzz_check_fault(err, &why);
	if (err)
		return;
	ini_get(file, "aws_access_key_id");
	ini_get(file, "region");
	assert(ini_path(file));
	ini_wipe(file);
}
