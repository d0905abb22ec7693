#include "oneclick/data/ini.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/pairs.h"

struct ini_file {
	const char *path;
	struct buf text;     /* cut into NUL-terminated keys and values while read */
	struct pairs *pairs; /* of the section wanted */
};

struct reading {
	struct ini_file *file;
	const char *heading;
	int line;
	bool inside, headed; /* in the section wanted; below any heading at all */
};

static enum err
read_all(struct ini_file *file, int fd, struct fault *why)
{
	char piece[4096];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) > 0)
		buf_add(&file->text, piece, (size_t)n);
	digest_wipe(piece, sizeof(piece));
	if (n < 0)
		return fault(
			why, ERR_NOT_FOUND, "It cannot be read: %s.", strerror(errno));
	if (file->text.full)
		return fault(
			why, ERR_INVALID, "It is larger than 256 KiB and was not read.");
	if (memchr(file->text.data, '\0', file->text.len))
		return fault(why, ERR_INVALID, "It holds NUL bytes: it is no text.");
	return ERR_NONE;
}

static enum err
check_mode(const struct ini_file *file, int fd, struct fault *warning, struct fault *why)
{
	struct stat at;

	if (fstat(fd, &at) || !S_ISREG(at.st_mode))
		return fault(why, ERR_INVALID, "It is no file.");
	if (at.st_mode & (S_IRGRP | S_IROTH))
		fault(warning, ERR_FORBIDDEN,
			"%s can be read by others: chmod 600 it, and think of new keys.",
			text_safe_z(file, file->path).text);
	return ERR_NONE;
}

static char *
trim(char *text)
{
	char *end;

	text += strspn(text, " \t\r");
	end = text + strlen(text);
	while (end > text && strchr(" \t\r", end[-1]))
		*--end = '\0';
	return text;
}

/* " #" and " ;" begin a comment; a value may hold either without the blank. */
static void
cut_comment(char *value)
{
	for (char *at = value; *at; at++)
		if ((*at == '#' || *at == ';') &&
			(at == value || at[-1] == ' ' || at[-1] == '\t')) {
			*at = '\0';
			return;
		}
}

/* [profile  my-name ] means the same as [profile my-name]. */
static bool
is_heading(const char *text, const char *wanted)
{
	while (*text && *wanted) {
		if (*text == ' ' || *text == '\t') {
			if (*wanted++ != ' ')
				return false;
			text += strspn(text, " \t");
		} else if (*text++ != *wanted++) {
			return false;
		}
	}
	return !*text && !*wanted;
}

static enum err
take_heading(struct reading *at, char *line, struct fault *why)
{
	char *end = strchr(line, ']');

	if (!end)
		return fault(why, ERR_INVALID, "A heading lacks its ].");
	*end = '\0';
	at->headed = true;
	at->inside = is_heading(trim(line + 1), at->heading);
	return ERR_NONE;
}

static enum err
take_pair(struct reading *at, char *line, struct fault *why)
{
	char *equals = strchr(line, '=');

	if (!equals || equals == line)
		return fault(why, ERR_INVALID, "Expected KEY = VALUE or [PROFILE].");
	if (!at->headed)
		return fault(
			why, ERR_INVALID, "A key stands before the first [PROFILE].");
	if (!at->inside)
		return ERR_NONE;
	*equals = '\0';
	cut_comment(equals + 1);
	pairs_set(at->file->pairs, trim(line), trim(equals + 1));
	return ERR_NONE;
}

/* An indented line belongs to the key above it (nested settings such as s3 =): none of
 * those are ours. */
static enum err
take_line(struct reading *at, char *line, struct fault *why)
{
	bool indented = (*line == ' ' || *line == '\t') && at->headed;

	line = trim(line);
	if (!*line || *line == '#' || *line == ';')
		return ERR_NONE;
	if (*line == '[')
		return take_heading(at, line, why);
	return indented ? ERR_NONE : take_pair(at, line, why);
}

static enum err
take_lines(struct ini_file *file, const char *heading, struct fault *why)
{
	struct reading at = { .file = file, .heading = heading };
	char *line = file->text.data, *next;

	if (!strncmp(line, "\xEF\xBB\xBF", 3))
		line += 3;
	for (; line; line = next) {
		enum err err;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		at.line++;
		err = take_line(&at, line, why);
		if (err)
			return fault_at(why, err, "line %d", at.line);
	}
	return ERR_NONE;
}

static enum err
read_open(struct ini_file *file, int fd, const char *heading, struct fault *warning,
	struct fault *why)
{
	enum err err = check_mode(file, fd, warning, why);

	if (!err)
		err = read_all(file, fd, why);
	if (!err)
		err = take_lines(file, heading, why);
	if (err)
		return fault_at(why, err, "%s", text_safe_z(file, file->path).text);
	return ERR_NONE;
}

enum err
ini_read(const void *ctx, const char *path, const char *heading, struct ini_file **out,
	struct fault *warning, struct fault *why)
{
	struct ini_file *file = mem_new(ctx, struct ini_file);
	enum err err;
	int fd;

	file->path = path ? mem_text(file, path) : "no file (HOME is not set)";
	file->pairs = pairs_new(file);
	buf_init(&file->text, file, INI_SIZE_MAX);
	*out = file;
	if (!path)
		return ERR_NONE;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return ERR_NONE;
	if (fd < 0)
		return fault(why, ERR_NOT_FOUND, "%s cannot be opened: %s.",
			text_safe_z(file, path).text, strerror(errno));
	err = read_open(file, fd, heading, warning, why);
	close(fd);
	return err;
}

const char *
ini_get(const struct ini_file *file, const char *key)
{
	const char *value = pairs_get(file->pairs, key);

	return value && *value ? value : NULL;
}

const char *
ini_path(const struct ini_file *file)
{
	return file->path;
}

void
ini_wipe(struct ini_file *file)
{
	if (!file)
		return;
	digest_wipe(file->text.data, file->text.room);
	for (size_t i = 0; i < file->pairs->count; i++) {
		const char *value = file->pairs->row[i].value;

		digest_wipe((char *)value, strlen(value));
	}
}
