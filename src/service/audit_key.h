/*
 * The key of the audit records: 64 hexadecimal digits in a file of its own, for the
 * service's user alone, made when there is none.  Whoever has it can sign records, so it
 * may lie elsewhere than the store (--audit-key-file).  Lost, it is replaced by a new one:
 * older records then stand by the chain and by the first that the new key signs.
 */
#ifndef ONECLICK_SERVICE_AUDIT_KEY_H
#define ONECLICK_SERVICE_AUDIT_KEY_H

#include "oneclick/store/audit.h"

/* Where it is: `file`, or, if that is NULL, STATE/audit.key. */
char *audit_key_path(const void *ctx, const char *state, const char *file);
/* ERR_NOT_FOUND: there is none; ERR_FORBIDDEN: others may read it, or it is another's. */
enum err audit_key_read(const char *path, struct audit_key *out, struct fault *why);
/* The same, and makes it when there is none; its owner is that of the folder. */
enum err audit_key_need(const char *path, struct audit_key *out, struct fault *why);

#endif
