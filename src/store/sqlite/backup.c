#include "oneclick/store/backup.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"
#include "file.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "place.h"

enum {
	PAGES = 128,         /* of a step: between two, it may be stopped */
	OPERATIONS = 100000, /* of SQLite's, between two looks while it checks */
	BUSY_WAIT = 5 * 1000,
};

/* A copy on its way.  The file stays open until the end: closing it would drop the locks
 * that SQLite has on it in this process. */
struct copy {
	const char *from_path, *path;
	struct file_out *out;
	sqlite3 *from, *to;
	backup_fn fn;
	void *arg;
	int64_t done, total;
	bool stopped;
};

static bool
go_on(struct copy *copy)
{
	copy->stopped |= !copy->fn(copy->arg, copy->done, copy->total);
	return !copy->stopped;
}

static enum err
refuse_stopped(struct fault *why)
{
	return fault(why, ERR_PRECONDITION, "Stopped; nothing was written.");
}

static enum err
refuse_errno(const char *path, struct fault *why)
{
	return fault(why, ERR_BROKEN, "%s cannot be written: %s.", path, strerror(errno));
}

static enum err
refuse_rc(const char *path, int rc, struct fault *why)
{
	return fault(why, (rc & 0xff) == SQLITE_NOTADB ? ERR_INVALID : ERR_BROKEN,
		"%s cannot be copied: %s.", path, sqlite3_errstr(rc & 0xff));
}

/* ---- both ends ---- */

static enum err
open_link(const char *path, int flags, sqlite3 **out, struct fault *why)
{
	int rc = sqlite3_open_v2(path, out, flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (rc != SQLITE_OK)
		return refuse_rc(path, rc, why);
	sqlite3_busy_timeout(*out, BUSY_WAIT);
	return ERR_NONE;
}

static void
close_link(sqlite3 **link)
{
	sqlite3_close(*link);
	*link = NULL;
}

/* All keys are in it: whoever might read an older one there does not read this. */
static enum err
open_part(struct copy *copy, struct fault *why)
{
	if (file_create(copy, copy->path, &copy->out, why))
		return ERR_BROKEN;
	if (!file_beside(copy->out))
		return fault(why, ERR_INVALID,
			"%s is no regular file, and a backup takes one.", copy->path);
	if (fchmod(file_descriptor(copy->out), 0600) != 0)
		return refuse_errno(copy->path, why);
	return open_link(file_beside(copy->out), SQLITE_OPEN_READWRITE, &copy->to, why);
}

/* ---- its pages ---- */

/* An open snapshot: without it the copy would begin anew after each commit of others. */
static const char hold[] = "BEGIN; SELECT count(*) FROM sqlite_schema";
/* The copy is nobody's yet; it is synced once, at its end. */
static const char loose[] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF";

static int
step(struct copy *copy, sqlite3_backup *backup)
{
	int rc = SQLITE_OK;

	while (rc == SQLITE_OK && go_on(copy)) {
		rc = sqlite3_backup_step(backup, PAGES);
		copy->total = sqlite3_backup_pagecount(backup);
		copy->done = copy->total - sqlite3_backup_remaining(backup);
	}
	return rc;
}

static enum err
copy_pages(struct copy *copy, struct fault *why)
{
	sqlite3_backup *backup;
	int rc = sqlite3_exec(copy->from, hold, NULL, NULL, NULL);

	if (rc != SQLITE_OK)
		return refuse_rc(copy->from_path, rc, why);
	sqlite3_exec(copy->to, loose, NULL, NULL, NULL);
	backup = sqlite3_backup_init(copy->to, "main", copy->from, "main");
	if (!backup)
		return refuse_rc(copy->from_path, sqlite3_errcode(copy->to), why);
	rc = step(copy, backup);
	sqlite3_backup_finish(backup);
	sqlite3_exec(copy->from, "COMMIT", NULL, NULL, NULL);
	if (copy->stopped)
		return refuse_stopped(why);
	return rc == SQLITE_DONE ? ERR_NONE : refuse_rc(copy->from_path, rc, why);
}

/* Bytes 18 and 19 of the file say that a write-ahead log belongs to it; none does to a
 * copy, which is one file. The service turns it on again. */
static enum err
forget_log(struct copy *copy, struct fault *why)
{
	if (pwrite(file_descriptor(copy->out), "\1\1", 2, 18) != 2)
		return refuse_errno(copy->path, why);
	return ERR_NONE;
}

/* ---- whether it is sound ---- */

static int
look_up(void *arg)
{
	return !go_on(arg);
}

static enum err
check_pages(struct copy *copy, struct fault *why)
{
	sqlite3_stmt *stmt = NULL;
	const char *said;
	enum err err = ERR_NONE;
	int rc;

	rc = sqlite3_prepare_v2(copy->to, "PRAGMA integrity_check(1)", -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	said = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
	if (copy->stopped)
		err = refuse_stopped(why);
	else if (!said || strcmp(said, "ok") != 0)
		err = fault(why, ERR_BROKEN, "%s is damaged: %.200s.", copy->from_path,
			said ? said : sqlite3_errstr(rc & 0xff));
	sqlite3_finalize(stmt);
	return err;
}

static enum err
check_copy(struct copy *copy, struct fault *why)
{
	struct tx *tx = mem_new(NULL, struct tx);
	enum err err =
		open_link(file_beside(copy->out), SQLITE_OPEN_READONLY, &copy->to, why);

	if (!err) {
		sqlite3_progress_handler(copy->to, OPERATIONS, look_up, copy);
		err = check_pages(copy, why);
	}
	tx->link = copy->to;
	if (!err && schema_check(tx, why))
		err = fault_at(why, ERR_INVALID, "%s", copy->from_path);
	close_link(&copy->to);
	mem_free(tx);
	return err;
}

/* ---- the whole of it ---- */

static enum err
fill_part(struct copy *copy, struct fault *why)
{
	enum err err = open_part(copy, why);

	if (!err)
		err = copy_pages(copy, why);
	close_link(&copy->to);
	close_link(&copy->from);
	if (!err)
		err = forget_log(copy, why);
	return err ? err : check_copy(copy, why);
}

static enum err
name_part(struct copy *copy, struct fault *why)
{
	return file_commit(copy->out, why) ? ERR_BROKEN : ERR_NONE;
}

static struct copy *
copy_new(const char *from, const char *path, backup_fn fn, void *arg)
{
	struct copy *copy = mem_new(NULL, struct copy);

	copy->from_path = mem_text(copy, from);
	copy->path = mem_text(copy, path);
	copy->fn = fn;
	copy->arg = arg;
	return copy;
}

/* What failed leaves nothing behind. */
static enum err
copy_end(struct copy *copy, enum err err)
{
	close_link(&copy->to);
	close_link(&copy->from);
	mem_free(copy);
	return err;
}

enum err
backup_write(
	const char *dir, const char *file, backup_fn fn, void *arg, struct fault *why)
{
	void *life = mem_life(NULL);
	struct copy *copy = copy_new(file_path(life, dir), file, fn, arg);
	bool writable;
	enum err err;

	mem_free(life);
	err = backend_find(dir, &writable, why);
	if (!err && writable)
		err = open_link(copy->from_path, SQLITE_OPEN_READWRITE, &copy->from, why);
	else if (!err)
		err = db_open_readonly(dir, &copy->from, why);
	if (!err)
		err = fill_part(copy, why);
	if (!err)
		err = name_part(copy, why);
	return copy_end(copy, err);
}

/* ---- a restore ---- */

static void
unlink_log(struct copy *copy)
{
	unlink(mem_format(copy, "%s-wal", copy->path));
	unlink(mem_format(copy, "%s-shm", copy->path));
}

/*
 * The old store's log must not meet the new file.  An old store that is sound takes its log
 * in first, so that it is whole until the new one has its name; of one that is not, the log
 * is worth nothing.
 */
static enum err
retire_old(struct copy *copy, struct fault *why)
{
	sqlite3 *old = NULL;
	int rc = sqlite3_open_v2(copy->path, &old, SQLITE_OPEN_READWRITE, NULL);

	/* With none there, a log may still lie about. */

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(old, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
	sqlite3_close(old);
	if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
		return fault(why, ERR_CONFLICT, "Another program has %s open; end it.",
			copy->path);
	unlink_log(copy);
	return file_sync_name(copy, copy->path) == 0 ? ERR_NONE
						     : refuse_errno(copy->path, why);
}

/* Restored by root, it is still the service's. */
static enum err
give_away(struct copy *copy, const char *dir, struct fault *why)
{
	struct stat of;

	if (geteuid() == 0 && (stat(dir, &of) != 0 || fchown(file_descriptor(copy->out),
							      of.st_uid, of.st_gid) != 0))
		return refuse_errno(copy->path, why);
	return ERR_NONE;
}

static enum err
check_room(const struct copy *copy, bool replace, struct fault *why)
{
	if (access(copy->path, F_OK) == 0 && !replace)
		return fault(why, ERR_CONFLICT,
			"%s holds a store already; --replace puts the backup in its "
			"place.",
			copy->path);
	return ERR_NONE;
}

enum err
backup_restore(const char *file, const char *dir, bool replace, backup_fn fn, void *arg,
	struct fault *why)
{
	void *life = mem_life(NULL);
	struct copy *copy = copy_new(file, file_path(life, dir), fn, arg);
	enum err err = ERR_NONE;

	if (access(file, R_OK) != 0)
		err = fault(why, ERR_NOT_FOUND, "%s cannot be read: %s.", file,
			strerror(errno));
	if (!err)
		err = file_make_directory(life, dir, why);
	mem_free(life);
	if (!err)
		err = check_room(copy, replace, why);
	if (!err)
		err = open_link(file, SQLITE_OPEN_READONLY, &copy->from, why);
	if (!err)
		err = fill_part(copy, why);
	if (!err)
		err = give_away(copy, dir, why);
	if (!err)
		err = retire_old(copy, why);
	if (!err)
		err = name_part(copy, why);
	if (!err)
		place_forget_tail(copy, dir);
	return copy_end(copy, err);
}

/* ---- compacting ---- */

enum err
backup_compact(const char *dir, struct fault *why)
{
	void *life = mem_life(NULL);
	const char *path = file_path(life, dir);
	sqlite3 *link = NULL;
	enum err err = ERR_NONE;
	int rc;

	if (access(path, F_OK) != 0)
		err = fault(why, ERR_NOT_FOUND, "There is no store in %s: %s.", dir,
			strerror(errno));
	if (!err)
		err = open_link(path, SQLITE_OPEN_READWRITE, &link, why);
	rc = err ? SQLITE_OK : sqlite3_exec(link, "VACUUM", NULL, NULL, NULL);
	if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
		err = fault(
			why, ERR_CONFLICT, "Another program has %s open; end it.", path);
	else if (rc != SQLITE_OK)
		err = fault(why, ERR_BROKEN, "%s cannot be compacted: %s.", path,
			sqlite3_errstr(rc & 0xff));
	close_link(&link);
	mem_free(life);
	return err;
}
