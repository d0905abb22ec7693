/*
 * TLS for what listens, and the only door to GnuTLS.  The program has one identity, a
 * certificate chain and its key from two PEM files; each handshake takes its own copy of
 * what is there at that time, so that a reload changes the next handshake and no
 * connection under way.  Version 1.2 at least; clients are not asked for certificates.
 *
 * All of it is called on one thread.
 */
#ifndef ONECLICK_NET_TLS_H
#define ONECLICK_NET_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "oneclick/base/fault.h"

/* Reads both files: the chain, its own certificate first, and the key, which nobody else
 * may read.  ERR_INVALID, naming the file and what to do, if they cannot be read, are
 * open to others, do not belong together, or the certificate is not valid now. */
enum err tls_open(const char *chain_file, const char *key_file, struct fault *why);
/* Reads the files again; on a failure all stays as it was. Nothing when it is not open. */
enum err tls_reload(struct fault *why);
void tls_close(void);
bool tls_is_open(void);
/* The same checks, changing nothing. */
enum err tls_check(const char *chain_file, const char *key_file, struct fault *why);
int64_t tls_expires(void); /* the moment the chain stops being valid; 0: not open */

/* A session, the server's side, over a non-blocking socket that stays the caller's. NULL
 * for want of memory, or when it is not open. */
struct tls;
struct tls *tls_accept(int fd);
void tls_free(struct tls *tls);

enum tls_step {
	TLS_DONE,
	TLS_WANTS_READ,
	TLS_WANTS_WRITE,
	TLS_FAILED,
};
/* Goes on with the handshake. */
enum tls_step tls_shake(struct tls *tls, struct fault *why);

/* As recv and send, errno included (EAGAIN: later; EPROTO: no longer TLS). What tls_send
 * could not send must be given to it again, with more behind it or not. Reading with room
 * for 16 KiB leaves nothing behind that the socket does not tell of. */
ssize_t tls_recv(struct tls *tls, void *bytes, size_t room);
ssize_t tls_send(struct tls *tls, const void *bytes, size_t n);
void tls_bye(struct tls *tls); /* says that nothing more will be sent */

#endif
