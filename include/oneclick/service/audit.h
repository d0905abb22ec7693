/*
 * The audit record of one request, as the guide's "Understanding Log File Entries" has it:
 * one a request for an operation, refused ones too.  Values of attributes are masked; what
 * others wrote is cut where it is long, and says then how long it was, so that nobody can
 * make a record large.
 */
#ifndef ONECLICK_SERVICE_AUDIT_H
#define ONECLICK_SERVICE_AUDIT_H

#include "oneclick/api/ask.h"
#include "oneclick/api/op.h"
#include "oneclick/base/buf.h"
#include "oneclick/data/value.h"
#include "oneclick/service/principal.h"
#include "oneclick/service/request.h"

/* Several that were alike, told in one record. */
struct audit_sum {
	uint64_t count;
	int64_t from, to; /* moments of the first and the last */
	bool repeated;    /* the same signed bytes again: answered, not carried out */
};

struct audit_note {
	enum op op; /* OP_NONE: a call beside the contract, which the next five tell */
	const char *name, *source;
	bool is_write;
	const struct pairs *query;         /* NULL when they could not be read */
	const struct value *body;          /* NULL: none */
	const struct request *request;     /* at, peer, id and the User-Agent header; id
					    * "": of many */
	const struct principal *principal; /* NULL: nobody known */
	const struct ask *ask;             /* NULL when it could not be read */
	const char *region;
	const char *account;  /* the recipient's, when principal is NULL */
	const char *error;    /* exception name; NULL on success */
	const char *sentence; /* why it was refused; NULL on success */
	const struct audit_sum *sum; /* NULL: it tells of one */
};

/* Appends the record's JSON, one line without its end, to out. */
void audit_record(struct buf *out, const struct audit_note *note);

#endif
