/* SHA-256, HMAC, random bytes and comparing secrets: the only door to libcrypto. */
#ifndef ONECLICK_BASE_DIGEST_H
#define ONECLICK_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_SIZE = 32, DIGEST_HEX_SIZE = 65, UUID_SIZE = 37 };

void digest_sha256(const void *bytes, size_t n, unsigned char out[DIGEST_SIZE]);
void digest_hmac(const void *key, size_t key_len, const void *bytes, size_t n,
	unsigned char out[DIGEST_SIZE]);

/* Lower-case hexadecimal of n bytes and a NUL: out holds 2n + 1. */
void digest_hex(const unsigned char *bytes, size_t n, char *out);
void digest_sha256_hex(const void *bytes, size_t n, char out[DIGEST_HEX_SIZE]);

/* Takes the same time wherever the difference lies. */
bool digest_is_equal(const void *a, const void *b, size_t n);

void digest_random(void *out, size_t n);
/* n letters and digits drawn evenly from `alphabet`, and a NUL. */
void digest_random_text(const char *alphabet, char *out, size_t n);
void digest_uuid(char out[UUID_SIZE]); /* version 4 */
void digest_wipe(void *secret, size_t n);

#endif
