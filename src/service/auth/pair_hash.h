/* A number for two names together, for tables whose slots may be shared. */
#ifndef ONECLICK_SERVICE_AUTH_PAIR_HASH_H
#define ONECLICK_SERVICE_AUTH_PAIR_HASH_H

#include <stdint.h>

/* FNV-1a */
static inline uint64_t
pair_hash(const char *a, const char *b)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *a; a++)
		hash = (hash ^ (unsigned char)*a) * UINT64_C(0x100000001b3);
	hash *= UINT64_C(0x100000001b3);
	for (; *b; b++)
		hash = (hash ^ (unsigned char)*b) * UINT64_C(0x100000001b3);
	return hash;
}

#endif
