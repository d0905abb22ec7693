/* A certificate chain and its key, read from files and checked. */
#ifndef ONECLICK_SRC_NET_TLS_IDENTITY_H
#define ONECLICK_SRC_NET_TLS_IDENTITY_H

#include <gnutls/abstract.h>
#include <stdint.h>

#include "oneclick/base/fault.h"

struct tls_identity; /* freed by mem_free */

enum err tls_identity_read(const char *chain_file, const char *key_file,
	struct tls_identity **out, struct fault *why);
int64_t tls_identity_expires(const struct tls_identity *identity); /* a moment */

/* Copies that GnuTLS frees itself; a negative error of its own on failure. */
int tls_identity_copy(const struct tls_identity *identity, gnutls_pcert_st **chain,
	unsigned *count, gnutls_privkey_t *key);

#endif
