/* What SQLite says, in words, and what it means for the transaction. */
#include <errno.h>

#include "db.h"
#include "oneclick/base/mem.h"

enum err
db_lose(struct tx *tx, struct fault *why, enum err code, const char *sentence)
{
	if (!tx->lost.code)
		fault(&tx->lost, code, "%s", sentence);
	return fault(why, code, "%s", sentence);
}

/* What the system said last of the log. */
static int
find_log_errno(const struct tx *tx)
{
	sqlite3_file *log = NULL;
	int reason = 0;

	sqlite3_file_control(tx->link, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
	if (log && log->pMethods)
		log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &reason);
	return reason;
}

static bool
is_want(int reason)
{
	return reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
}

/* A quota that is used up is no failure of the disk, nor is the want of room for the
 * index of the log, which SQLite words as one. */
static bool
is_want_of_room(const struct tx *tx, int rc)
{
	if (rc == SQLITE_IOERR_WRITE)
		return is_want(find_log_errno(tx));
	return rc == SQLITE_IOERR_SHMSIZE && is_want(sqlite3_system_errno(tx->link));
}

static enum err
lose_room(struct tx *tx, struct fault *why)
{
	return db_lose(tx, why, ERR_INTERNAL,
		"The disk of the store is full; nothing was changed.");
}

/* A constraint undoes its statement only; the transaction stays sound. */
static enum err
word_constraint(struct tx *tx, int rc, struct fault *why)
{
	if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY)
		return fault(why, ERR_CONFLICT, "It exists already.");
	return fault(why, ERR_INTERNAL, "%s", sqlite3_errmsg(tx->link));
}

enum err
db_fault(struct tx *tx, int rc, struct fault *why)
{
	switch (rc & 0xff) {
	case SQLITE_NOMEM:
		mem_abort("out of memory in the store");
	case SQLITE_CONSTRAINT:
		return word_constraint(tx, rc, why);
	case SQLITE_FULL:
		return lose_room(tx, why);
	case SQLITE_INTERRUPT:
		return db_lose(tx, why, ERR_INTERNAL,
			"The question took too long and was stopped; ask for less at "
			"once.");
	case SQLITE_READONLY:
		return db_lose(tx, why, ERR_INTERNAL,
			"The store cannot be written to; nothing was changed.");
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return db_lose(tx, why, ERR_INTERNAL,
			"Another program holds the store; nothing was changed, try "
			"again.");
	case SQLITE_IOERR:
		if (is_want_of_room(tx, rc))
			return lose_room(tx, why);
		return db_lose(
			tx, why, ERR_BROKEN, "The store cannot be read or written.");
	case SQLITE_CANTOPEN:
		return db_lose(
			tx, why, ERR_BROKEN, "The store cannot be read or written.");
	/* SQLite tried for ten seconds. A lock that could not be given up is held until the
	 * process ends. */
	case SQLITE_PROTOCOL:
		return db_lose(tx, why, ERR_BROKEN, "The store's locks do not work.");
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return db_lose(tx, why, ERR_BROKEN, "The store's file is damaged.");
	default:
		return db_lose(tx, why, ERR_INTERNAL, sqlite3_errmsg(tx->link));
	}
}
