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
#include "oneclick/data/shell.h"

struct ini_file {
	const char *path;
	struct buf text;     /* cut into NUL-terminated keys and values while read */
	struct pairs *pairs; /* of the section wanted */
	const char **heading; /* of all sections, as names of what they are about */
	size_t headings;
	bool has_section;
};

/* What [heading] is about, in ctx or in place; NULL: nothing that is looked for. */
typedef const char *(*read_heading_fn)(const void *ctx, char *heading);

struct reading {
	struct ini_file *file;
	read_heading_fn read_heading;
	const char *wanted;
	const char *key; /* the one that an indented line goes on with; NULL: none */
	size_t indent;   /* of the last line that began something */
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

/* [profile  my-name ] is my-name, [profile "my name"] is my name, as words of a shell;
 * [default] is default. */
static const char *
read_profile_heading(const void *ctx, char *heading)
{
	const char **words;
	size_t count;

	heading = trim(heading);
	if (!strcmp(heading, "default"))
		return heading;
	if (shell_split(ctx, heading, &words, &count, NULL) || count != 2 ||
		strcmp(words[0], "profile") != 0)
		return NULL;
	return words[1];
}

static const char *
read_plain_heading(const void *ctx, char *heading)
{
	(void)ctx;
	return trim(heading);
}

static enum err
take_heading(struct reading *at, char *line, struct fault *why)
{
	char *end = strrchr(line, ']');
	struct ini_file *file = at->file;
	const char *name;

	if (!end)
		return fault(why, ERR_INVALID, "A heading lacks its ].");
	*end = '\0';
	name = at->read_heading(file, line + 1);
	at->headed = true;
	at->inside = name && !strcmp(name, at->wanted);
	at->key = NULL;
	file->has_section = file->has_section || at->inside;
	if (!name)
		return ERR_NONE;
	file->heading = mem_resize(
		file, file->heading, const char *, file->headings + 1);
	file->heading[file->headings++] = name;
	return ERR_NONE;
}

static void
lower(char *text)
{
	for (; *text; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text += 'a' - 'A';
}

static enum err
take_pair(struct reading *at, char *line, struct fault *why)
{
	char *sign = strpbrk(line, "=:");

	if (!at->headed)
		return fault(
			why, ERR_INVALID, "A key stands before the first [PROFILE].");
	if (!sign || sign == line)
		return fault(why, ERR_INVALID, "Expected KEY = VALUE or [PROFILE].");
	*sign = '\0';
	at->key = trim(line);
	lower(line);
	if (at->inside)
		pairs_set(at->file->pairs, at->key, trim(sign + 1));
	return ERR_NONE;
}

/* The value goes on with what stands on a line of its own, indented below its key. */
static void
add_line(struct reading *at, const char *line)
{
	const char *old;

	if (!at->inside)
		return;
	old = pairs_get(at->file->pairs, at->key);
	pairs_set(at->file->pairs, at->key, mem_format(at->file, "%s\n%s", old, line));
}

static enum err
take_line(struct reading *at, char *line, struct fault *why)
{
	size_t indent = strspn(line, " \t\r");

	line = trim(line);
	if (!*line || *line == '#' || *line == ';')
		return ERR_NONE;
	if (at->key && indent > at->indent) {
		add_line(at, line);
		return ERR_NONE;
	}
	at->indent = indent;
	return *line == '[' ? take_heading(at, line, why) : take_pair(at, line, why);
}

static enum err
take_lines(struct reading *at, struct fault *why)
{
	char *line = at->file->text.data, *next;

	if (!strncmp(line, "\xEF\xBB\xBF", 3))
		line += 3;
	for (; line; line = next) {
		enum err err;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		at->line++;
		err = take_line(at, line, why);
		if (err)
			return fault_at(why, err, "line %d", at->line);
	}
	return ERR_NONE;
}

static enum err
read_open(struct reading *at, int fd, struct fault *warning, struct fault *why)
{
	struct ini_file *file = at->file;
	enum err err = check_mode(file, fd, warning, why);

	if (!err)
		err = read_all(file, fd, why);
	if (!err)
		err = take_lines(at, why);
	if (err)
		return fault_at(why, err, "%s", text_safe_z(file, file->path).text);
	return ERR_NONE;
}

static enum err
read_file(const void *ctx, const char *path, struct reading at, struct ini_file **out,
	struct fault *warning, struct fault *why)
{
	struct ini_file *file = mem_new(ctx, struct ini_file);
	enum err err;
	int fd;

	file->path = path ? mem_text(file, path) : "no file (HOME is not set)";
	file->pairs = pairs_new(file);
	buf_init(&file->text, file, INI_SIZE_MAX);
	at.file = file;
	*out = file;
	if (!path)
		return ERR_NONE;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return ERR_NONE;
	if (fd < 0)
		return fault(why, ERR_NOT_FOUND, "%s cannot be opened: %s.",
			text_safe_z(file, path).text, strerror(errno));
	err = read_open(&at, fd, warning, why);
	close(fd);
	return err;
}

enum err
ini_read(const void *ctx, const char *path, const char *heading, struct ini_file **out,
	struct fault *warning, struct fault *why)
{
	struct reading at = { .read_heading = read_plain_heading, .wanted = heading };

	return read_file(ctx, path, at, out, warning, why);
}

enum err
ini_read_profile(const void *ctx, const char *path, const char *profile,
	struct ini_file **out, struct fault *warning, struct fault *why)
{
	struct reading at = { .read_heading = read_profile_heading, .wanted = profile };

	return read_file(ctx, path, at, out, warning, why);
}

bool
ini_has_section(const struct ini_file *file)
{
	return file->has_section;
}

size_t
ini_headings(const struct ini_file *file, const char *const **names)
{
	*names = file->heading;
	return file->headings;
}

const char *
ini_get(const struct ini_file *file, const char *key)
{
	const char *value = pairs_get(file->pairs, key);

	return value && *value ? value : NULL;
}

char *
ini_word(const void *ctx, const char *value)
{
	const char *at = value;

	while (at && *at && (!strchr(" \t", *at) || !at[1] || !strchr("#;", at[1])))
		at++;
	return at ? mem_textn(ctx, value, (size_t)(at - value)) : NULL;
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
