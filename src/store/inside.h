/* The open store, as its own two files (facade and lanes) see it. */
#ifndef ONECLICK_STORE_INSIDE_H
#define ONECLICK_STORE_INSIDE_H

#include "backend.h"

struct store {
	struct tx *tx; /* the one that writes */
	char *dir;     /* NULL: in memory */
	bool lent; /* to the writer lane: store_write and store_read must not be used */
	unsigned char secret[DIGEST_SIZE];
	store_fn witness; /* of every store_write; NULL: none */
	void *witness_arg;
};

#endif
