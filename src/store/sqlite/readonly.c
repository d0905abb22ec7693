/*
 * A store on a medium that cannot be written to: an optical disc, a snapshot, evidence.
 * SQLite then takes no locks.  A store that was closed is its one file; of one that was
 * copied while it ran the log is read too, which needs the log's index beside it.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"
#include "file.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/uri.h"

enum err
backend_find(const char *dir, bool *writable, struct fault *why)
{
	void *life = mem_life(NULL);
	bool there = access(file_path(life, dir), F_OK) == 0;
	int reason = errno;

	mem_free(life);
	*writable = access(dir, W_OK) == 0;
	return there ? ERR_NONE
		     : fault(why, ERR_NOT_FOUND, "There is no store in %s: %s.", dir,
			       strerror(reason));
}

static bool
has_log(const void *ctx, const char *path)
{
	struct stat of;

	return stat(mem_format(ctx, "%s-wal", path), &of) == 0 && of.st_size > 0;
}

static const char *
write_uri(const void *ctx, const char *path, const char *how)
{
	struct buf out;

	buf_init(&out, ctx, BUF_NO_CAP);
	buf_text(&out, "file:");
	for (; *path; path++)
		if (*path == '/')
			buf_text(&out, "/");
		else
			uri_encode(&out, path, 1);
	buf_text(&out, how);
	return out.data;
}

enum err
db_open_readonly(const char *dir, sqlite3 **out, struct fault *why)
{
	void *life = mem_life(NULL);
	const char *path = file_path(life, dir);
	bool log = has_log(life, path);
	const char *uri = write_uri(life, path, log ? "?readonly_shm=1" : "?immutable=1");
	int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_EXRESCODE;
	int rc = sqlite3_open_v2(uri, out, flags, NULL);
	enum err err = ERR_NONE;

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(
			*out, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	if ((rc & 0xff) == SQLITE_CANTOPEN && log)
		err = fault(why, ERR_INVALID,
			"%s was copied while it ran, and the index of its log is not "
			"beside it; copy the directory to a disk that can be written to.",
			path);
	else if (rc != SQLITE_OK)
		err = fault(why, ERR_INVALID, "The store %s cannot be read: %s.", path,
			sqlite3_errstr(rc));
	mem_free(life);
	return err;
}

enum err
backend_open_to_read(const char *dir, struct tx **out, unsigned char secret[DIGEST_SIZE],
	struct fault *why)
{
	struct tx *tx = mem_new(NULL, struct tx);
	enum err err = db_open_readonly(dir, &tx->link, why);

	if (!err)
		err = schema_check_current(tx, why);
	if (!err)
		err = db_read_secret(tx, secret, why);
	if (err) {
		backend_close(tx);
		return err;
	}
	*out = tx;
	return ERR_NONE;
}
