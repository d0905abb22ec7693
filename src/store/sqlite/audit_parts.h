/* What the files of the audit table share. */
#ifndef ONECLICK_STORE_SQLITE_AUDIT_PARTS_H
#define ONECLICK_STORE_SQLITE_AUDIT_PARTS_H

#include "db.h"

#define AUDIT_FIRST "first"
#define AUDIT_LAST "last"

/* What of a row its hash is over. */
struct audit_row {
	int64_t at;
	const char *account, *name, *record;
};

void audit_hash(const unsigned char before[DIGEST_SIZE], const struct audit_row *row,
	unsigned char out[DIGEST_SIZE]);

/* A row of audit_end. */
struct audit_end {
	bool known; /* there is such a row */
	int64_t pos, at, records;
	bool has_hash, has_sig;
	unsigned char hash[DIGEST_SIZE];
	unsigned char sig[AUDIT_SIG_SIZE];
};

enum err audit_end_read(
	struct tx *tx, const char *side, struct audit_end *out, struct fault *why);
/* Signs it, if the connection has a key. */
enum err audit_end_write(
	struct tx *tx, const char *side, const struct audit_end *end, struct fault *why);

#endif
