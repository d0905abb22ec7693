#include "oneclick/base/file.h"
#include "oneclick/data/yaml.h"

enum err
yaml_read_file(
	const void *ctx, const char *path, const struct value **out, struct fault *why)
{
	struct buf text;
	enum err err = file_read(NULL, path, YAML_SIZE_MAX, &text, why);

	if (!err)
		err = yaml_parse(ctx, path, text.data, text.len, out, why);
	buf_release(&text);
	return err;
}
