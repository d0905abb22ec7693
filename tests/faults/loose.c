/*
 * loose.so: the control of the power cuts.  Each connection of SQLite that chooses how
 * strictly it syncs gets FAULT_SYNCHRONOUS (NORMAL or OFF) instead.  A store with it must
 * lose acknowledged clicks in a cut, else the test is blind.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim.h"

int
sqlite3_exec(sqlite3 *link, const char *sql, int (*row)(void *, int, char **, char **),
	void *arg, char **problem)
{
	int rc = NEXT(sqlite3_exec)(link, sql, row, arg, problem);
	const char *level = getenv("FAULT_SYNCHRONOUS");
	char pragma[64];

	if (rc != SQLITE_OK || !level || !strstr(sql, "PRAGMA synchronous"))
		return rc;
	snprintf(pragma, sizeof(pragma), "PRAGMA synchronous = %s", level);
	return NEXT(sqlite3_exec)(link, pragma, NULL, NULL, NULL);
}
