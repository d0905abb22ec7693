#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "oneclick/base/mem.h"

/* Of SQLite's file formats. */
enum {
	VERSIONS_AT =
		18, /* two bytes of the file: 2 and 2 when a write-ahead log goes with it */
	LOG_HEADER = 32,
	LOG_SALTS_AT = 16,
	LOG_FRAME_HEADER = 24,
};

enum {
	TAIL_SIZE = 64
}; /* far less than a sector, which is written whole or not at all */

struct thing {
	char *path;
	dev_t dev;
	ino_t ino;
};

struct place {
	struct thing dir, file, log, guard;
	sqlite3_file *open; /* the file, as SQLite has it */
	int page_size;
	int64_t log_least; /* bytes that the log had after the last commit */
	uint64_t log_salts;
	int tail; /* descriptor; -1: there is none */
};

/* ---- what is there ---- */

static void
note_thing(struct thing *thing, const char *path)
{
	struct stat of;

	if (stat(path, &of) != 0)
		return;
	thing->dev = of.st_dev;
	thing->ino = of.st_ino;
}

static struct thing
thing_at(const void *ctx, const char *path)
{
	struct thing thing = { .path = mem_text(ctx, path) };

	note_thing(&thing, path);
	return thing;
}

static enum err
refuse(const struct thing *thing, const char *what, struct fault *why)
{
	return fault(why, ERR_BROKEN,
		"%s was %s while it was in use; what was written since the last "
		"acknowledgement is lost. Put back what was there, or restore a backup, "
		"before the next start.",
		thing->path, what);
}

static enum err
check_thing(const struct thing *thing, struct stat *of, struct fault *why)
{
	if (!thing->path || thing->ino == 0)
		return ERR_NONE;
	if (stat(thing->path, of) != 0)
		return refuse(
			thing, errno == ENOENT ? "removed" : "made unreachable", why);
	if (of->st_dev != thing->dev || of->st_ino != thing->ino)
		return refuse(thing, "replaced", why);
	return ERR_NONE;
}

/* A copy that was written over the file is the same file still; a backup's shows. */
static enum err
check_content(struct place *place, struct fault *why)
{
	unsigned char version[2] = { 0 };

	if (place->open->pMethods->xRead(
		    place->open, version, sizeof version, VERSIONS_AT) != SQLITE_OK ||
		version[0] != 2 || version[1] != 2)
		return refuse(&place->file, "written over", why);
	return ERR_NONE;
}

enum err
place_check(struct place *place, struct fault *why)
{
	struct stat of = { 0 };
	enum err err = check_thing(&place->dir, &of, why);

	if (!err)
		err = check_thing(&place->file, &of, why);
	if (!err)
		err = check_thing(&place->guard, &of, why);
	if (!err)
		err = check_content(place, why);
	if (!err && place->log.ino == 0)
		note_thing(&place->log, place->log.path);
	return err ? err : check_thing(&place->log, &of, why);
}

/* The two numbers that change each time the log begins anew. */
static uint64_t
read_salts(sqlite3 *link)
{
	sqlite3_file *log = NULL;
	uint64_t salts = 0;

	sqlite3_file_control(link, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
	if (log && log->pMethods)
		log->pMethods->xRead(log, &salts, sizeof salts, LOG_SALTS_AT);
	return salts;
}

void
place_note_log(struct place *place, sqlite3 *link, int frames)
{
	place->log_least =
		LOG_HEADER + (int64_t)frames * (LOG_FRAME_HEADER + place->page_size);
	place->log_salts = read_salts(link);
}

enum err
place_check_log(struct place *place, sqlite3 *link, struct fault *why)
{
	struct stat of;

	if (stat(place->log.path, &of) != 0 || of.st_size >= place->log_least)
		return ERR_NONE;
	if (of.st_size >= LOG_HEADER && read_salts(link) != place->log_salts)
		return ERR_NONE; /* another program began it anew */
	return refuse(&place->log, "cut off", why);
}

const char *
place_dir(const struct place *place)
{
	return place->dir.path;
}

void
place_guard(struct place *place, const char *path)
{
	place->guard = thing_at(place, path);
}

/* ---- its tail ---- */

static char *
tail_path(const void *ctx, const char *dir)
{
	return mem_format(ctx, "%s/oneclick.tail", dir);
}

/* Made by root's commands, it is still the service's. */
static int
open_tail(const void *ctx, const char *dir)
{
	char *path = tail_path(ctx, dir);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	struct stat of;

	if (fd >= 0 && geteuid() == 0 &&
		(stat(dir, &of) != 0 || fchown(fd, of.st_uid, of.st_gid) != 0)) {
		close(fd);
		fd = -1;
	}
	mem_free(path);
	return fd;
}

struct tail
place_tail(struct place *place)
{
	char text[TAIL_SIZE + 1] = "";
	struct tail tail = { 0 };

	if (place->tail < 0 || pread(place->tail, text, TAIL_SIZE, 0) != TAIL_SIZE ||
		sscanf(text, "events %" SCNd64 " audit %" SCNd64 " ", &tail.event,
			&tail.audit) != 2)
		return (struct tail){ 0 };
	return tail;
}

/* A disk too full for it, or failing, shows at the next commit. */
void
place_note_tail(struct place *place, struct tail tail)
{
	char text[TAIL_SIZE + 1];
	ssize_t n;

	if (place->tail < 0)
		return;
	snprintf(text, sizeof text, "events %" PRId64 " audit %" PRId64, tail.event,
		tail.audit);
	memset(text + strlen(text), ' ', sizeof text - strlen(text));
	text[TAIL_SIZE - 1] = '\n';
	n = pwrite(place->tail, text, TAIL_SIZE, 0);
	(void)n;
}

void
place_sync(struct place *place)
{
	if (place->tail >= 0)
		fdatasync(place->tail);
}

void
place_forget_tail(const void *ctx, const char *dir)
{
	unlink(tail_path(ctx, dir));
}

/* ---- opening ---- */

static int
read_page_size(sqlite3 *link)
{
	sqlite3_stmt *stmt = NULL;
	int size = 0;

	if (sqlite3_prepare_v2(link, "PRAGMA page_size", -1, &stmt, NULL) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW)
		size = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return size;
}

struct place *
place_open(const void *ctx, const char *dir, sqlite3 *link)
{
	struct place *place = mem_new(ctx, struct place);
	const char *path = file_path(place, dir);

	place->dir = thing_at(place, dir);
	place->file = thing_at(place, path);
	place->log = thing_at(place, mem_format(place, "%s-wal", path));
	place->page_size = read_page_size(link);
	place->tail = open_tail(place, dir);
	sqlite3_file_control(link, "main", SQLITE_FCNTL_FILE_POINTER, &place->open);
	return place;
}

void
place_close(struct place *place)
{
	if (!place)
		return;
	place_sync(place);
	if (place->tail >= 0)
		close(place->tail);
}
