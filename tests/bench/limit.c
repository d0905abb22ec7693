/*
 * limit: what SQLite alone does on this machine, to hold our own figures against.
 *
 *   limit clicks DIRECTORY SECONDS BATCH   rows a second, BATCH a commit, WAL and
 *                                          synchronous FULL, with a device-time index
 *   limit pages DATABASE SECONDS           pages of 250 devices a second, by key
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
must(sqlite3 *db, int status)
{
	if (status == SQLITE_OK || status == SQLITE_DONE || status == SQLITE_ROW)
		return;
	fprintf(stderr, "limit: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static void
sql(sqlite3 *db, const char *text)
{
	must(db, sqlite3_exec(db, text, NULL, NULL, NULL));
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *text)
{
	sqlite3_stmt *stmt;

	must(db, sqlite3_prepare_v2(db, text, -1, &stmt, NULL));
	return stmt;
}

static double
measure_clicks(const char *directory, double seconds, int batch)
{
	char path[4096];
	sqlite3 *db;
	sqlite3_stmt *insert;
	int64_t rows = 0;
	double began;

	snprintf(path, sizeof(path), "%s/limit.db", directory);
	must(NULL, sqlite3_open(path, &db));
	sql(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
		"CREATE TABLE event(pos INTEGER PRIMARY KEY, at INT, device TEXT, kind "
		"INT,"
		" life REAL, seq INT, event_id TEXT);"
		"CREATE INDEX event_device ON event(device, at)");
	insert = prepare(db,
		"INSERT INTO event(at, device, kind, life, seq, event_id)"
		" VALUES(?1, ?2, 0, 99.5, ?1, 'a3f0c2d4-5f41-4b1a-9d4e-3a1f5b7c9e21')");
	began = now();
	while (now() - began < seconds) {
		sql(db, "BEGIN IMMEDIATE");
		for (int i = 0; i < batch; i++) {
			char device[33];
			int n = snprintf(
				device, sizeof(device), "G030PM%010d", rand() % 1000);

			sqlite3_bind_int64(insert, 1, ++rows);
			sqlite3_bind_text(insert, 2, device, n, SQLITE_TRANSIENT);
			must(db, sqlite3_step(insert));
			sqlite3_reset(insert);
		}
		sql(db, "COMMIT");
	}
	sqlite3_finalize(insert);
	sqlite3_close(db);
	return (double)rows / seconds;
}

static double
measure_pages(const char *path, double seconds)
{
	sqlite3 *db;
	sqlite3_stmt *page;
	int64_t pages = 0, bytes = 0;
	double began;

	must(NULL, sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL));
	page = prepare(db,
		"SELECT id, enabled, life, type, tags, project, placement,"
		" template FROM device WHERE account = '000000000000' AND state = 2"
		" AND id > ?1 ORDER BY id LIMIT 250");
	began = now();
	while (now() - began < seconds) {
		char after[33];
		int n = snprintf(after, sizeof(after), "G030PM%010d", rand() % 999000);

		sqlite3_bind_text(page, 1, after, n, SQLITE_TRANSIENT);
		while (sqlite3_step(page) == SQLITE_ROW)
			for (int i = 0; i < 8; i++)
				if (sqlite3_column_text(page, i))
					bytes += sqlite3_column_bytes(page, i);
		sqlite3_reset(page);
		pages++;
	}
	fprintf(stderr, "%.0f bytes a page\n", (double)bytes / (double)pages);
	sqlite3_finalize(page);
	sqlite3_close(db);
	return (double)pages / seconds;
}

int
main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "clicks"))
		printf("%.0f\n", measure_clicks(argv[2], atof(argv[3]), atoi(argv[4])));
	else if (argc == 4 && !strcmp(argv[1], "pages"))
		printf("%.0f\n", measure_pages(argv[2], atof(argv[3])));
	else
		return fprintf(stderr, "limit clicks DIRECTORY SECONDS BATCH\n"
				       "limit pages DATABASE SECONDS\n"),
		       2;
	return 0;
}
