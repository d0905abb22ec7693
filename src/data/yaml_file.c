#include "oneclick/data/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"

static enum err
refuse(struct fault *why, enum err code, const char *path, const char *what)
{
	struct safe_text safe = text_safe_z(NULL, path);

	fault(why, code, "%s: %s", safe.text, what);
	mem_free((char *)safe.text);
	return code;
}

static enum err
refuse_errno(struct fault *why, const char *path)
{
	enum err code = errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_INVALID;

	return refuse(why, code, path, strerror(errno));
}

/* The whole file, or as much as shows that it is too long. */
static enum err
read_all(int fd, const char *path, struct buf *out, struct fault *why)
{
	char part[16 * 1024];
	struct stat stat;
	ssize_t n;

	if (fstat(fd, &stat) < 0)
		return refuse_errno(why, path);
	if (!S_ISREG(stat.st_mode))
		return refuse(why, ERR_INVALID, path, "not a plain file");
	while ((n = read(fd, part, sizeof(part))) != 0) {
		if (n < 0 && errno != EINTR)
			return refuse_errno(why, path);
		if (n > 0)
			buf_add(out, part, (size_t)n);
		if (out->full)
			return refuse(why, ERR_INVALID, path, "longer than 256 KiB");
	}
	return ERR_NONE;
}

enum err
yaml_read_file(
	const void *ctx, const char *path, const struct value **out, struct fault *why)
{
	/* A named pipe must not hold us up, nor a terminal become ours. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct buf text;
	enum err err;

	if (fd < 0)
		return refuse_errno(why, path);
	buf_init(&text, NULL, YAML_SIZE_MAX);
	err = read_all(fd, path, &text, why);
	close(fd);
	if (!err)
		err = yaml_parse(ctx, path, text.data, text.len, out, why);
	buf_release(&text);
	return err;
}
