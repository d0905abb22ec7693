#include "oneclick/base/file.h"
#include "oneclick/data/yaml.h"

typedef enum err (*file_read_fn)(const void *ctx, const char *path, size_t cap,
	struct buf *out, struct fault *why);

static enum err
read_with(file_read_fn read, const void *ctx, const char *path, const struct value **out,
	struct fault *why)
{
	struct buf text;
	enum err err = read(NULL, path, YAML_SIZE_MAX, &text, why);

	if (!err)
		err = yaml_parse(ctx, path, text.data, text.len, out, why);
	buf_release(&text);
	return err;
}

enum err
yaml_read_file(
	const void *ctx, const char *path, const struct value **out, struct fault *why)
{
	return read_with(file_read, ctx, path, out, why);
}

enum err
yaml_read_input(
	const void *ctx, const char *path, const struct value **out, struct fault *why)
{
	return read_with(file_read_input, ctx, path, out, why);
}
