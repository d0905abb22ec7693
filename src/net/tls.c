#include "oneclick/net/tls.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

#include "oneclick/base/mem.h"
#include "tls_identity.h"

/* Of TLS 1.2 only what 1.3 kept: authenticated encryption under a key of the session's own
 * (RFC 9325, 4.2); no CBC, no RSA key exchange, no SHA-1. */
#define PRIORITIES \
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:" \
	"-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:+AES-256-CCM:" \
	"+AES-128-CCM:-MAC-ALL:+AEAD:-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1:-SIGN-DSA-SHA1"

/* One a program, as its listening sockets are. */
static struct {
	char *chain_file, *key_file;
	struct tls_identity *identity; /* NULL: not open */
	gnutls_certificate_credentials_t credentials;
	gnutls_priority_t priorities;
} own;

/* ---- the identity ---- */

/* Each handshake has its own copy, so that a reload takes nothing from one under way. */
static int
choose(gnutls_session_t session, const struct gnutls_cert_retr_st *asked,
	gnutls_pcert_st **chain, unsigned *count, gnutls_ocsp_data_st **ocsp,
	unsigned *ocsp_count, gnutls_privkey_t *key, unsigned *flags)
{
	(void)session, (void)asked;
	*ocsp = NULL;
	*ocsp_count = 0;
	*flags = GNUTLS_CERT_RETR_DEINIT_ALL;
	return own.identity ? tls_identity_copy(own.identity, chain, count, key) : -1;
}

static void
close_library(void)
{
	if (own.credentials)
		gnutls_certificate_free_credentials(own.credentials);
	if (own.priorities)
		gnutls_priority_deinit(own.priorities);
	own.credentials = NULL;
	own.priorities = NULL;
}

static enum err
open_library(struct fault *why)
{
	int rc = gnutls_certificate_allocate_credentials(&own.credentials);

	if (rc == 0)
		rc = gnutls_priority_init(&own.priorities, PRIORITIES, NULL);
	if (rc == 0) {
		gnutls_certificate_set_retrieve_function3(own.credentials, choose);
		return ERR_NONE;
	}
	close_library();
	return fault(why, ERR_INTERNAL, "TLS cannot be used: %s.", gnutls_strerror(rc));
}

enum err
tls_open(const char *chain_file, const char *key_file, struct fault *why)
{
	struct tls_identity *identity;
	enum err err = tls_identity_read(chain_file, key_file, &identity, why);

	if (err)
		return err;
	err = open_library(why);
	if (err) {
		mem_free(identity);
		return err;
	}
	own.identity = identity;
	own.chain_file = mem_text(NULL, chain_file);
	own.key_file = mem_text(NULL, key_file);
	return ERR_NONE;
}

enum err
tls_reload(struct fault *why)
{
	struct tls_identity *fresh;
	enum err err;

	if (!own.identity)
		return ERR_NONE;
	err = tls_identity_read(own.chain_file, own.key_file, &fresh, why);
	if (err)
		return err;
	mem_free(own.identity);
	own.identity = fresh;
	return ERR_NONE;
}

void
tls_close(void)
{
	if (!own.identity)
		return;
	close_library();
	mem_free(own.identity);
	mem_free(own.chain_file);
	mem_free(own.key_file);
	own.identity = NULL;
}

bool
tls_is_open(void)
{
	return own.identity != NULL;
}

enum err
tls_check(const char *chain_file, const char *key_file, struct fault *why)
{
	struct tls_identity *identity;
	enum err err = tls_identity_read(chain_file, key_file, &identity, why);

	if (!err)
		mem_free(identity);
	return err;
}

int64_t
tls_expires(void)
{
	return own.identity ? tls_identity_expires(own.identity) : 0;
}

/* ---- sessions ---- */

struct tls {
	gnutls_session_t session;
	bool unsent; /* GnuTLS holds bytes that the socket did not take */
};

static int
free_session(struct tls *tls)
{
	gnutls_deinit(tls->session);
	return 0;
}

static int
open_session(struct tls *tls, int fd)
{
	int rc = gnutls_init(&tls->session,
		GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS);

	if (rc < 0)
		return rc;
	talloc_set_destructor(tls, free_session);
	gnutls_transport_set_int(tls->session, fd);
	gnutls_handshake_set_timeout(tls->session, GNUTLS_INDEFINITE_TIMEOUT);
	rc = gnutls_priority_set(tls->session, own.priorities);
	return rc < 0 ? rc
		      : gnutls_credentials_set(
				tls->session, GNUTLS_CRD_CERTIFICATE, own.credentials);
}

struct tls *
tls_accept(int fd)
{
	struct tls *tls;

	if (!own.identity)
		return NULL;
	tls = mem_new(NULL, struct tls);
	if (open_session(tls, fd) >= 0)
		return tls;
	mem_free(tls);
	return NULL;
}

void
tls_free(struct tls *tls)
{
	mem_free(tls);
}

static bool
is_transient(ssize_t rc)
{
	return rc == GNUTLS_E_AGAIN || rc == GNUTLS_E_INTERRUPTED;
}

/* A client that gathers what it sends holds its first words back until its last ones of
 * the handshake are acknowledged, which would take the kernel 40 ms. */
static void
acknowledge_now(struct tls *tls)
{
	int yes = 1;

	setsockopt(gnutls_transport_get_int(tls->session), IPPROTO_TCP, TCP_QUICKACK,
		&yes, sizeof yes);
}

/* A warning on the way ends nothing. */
enum tls_step
tls_shake(struct tls *tls, struct fault *why)
{
	int rc;

	do
		rc = gnutls_handshake(tls->session);
	while (rc < 0 && !is_transient(rc) && !gnutls_error_is_fatal(rc));
	if (rc >= 0) {
		acknowledge_now(tls);
		return TLS_DONE;
	}
	if (is_transient(rc))
		return gnutls_record_get_direction(tls->session) ? TLS_WANTS_WRITE
								 : TLS_WANTS_READ;
	fault(why, ERR_LINK, "The TLS handshake failed: %s", gnutls_strerror(rc));
	return TLS_FAILED;
}

/* What is not fatal, a client that would shake hands anew for one, is passed over. */
static ssize_t
settle(ssize_t rc)
{
	if (rc >= 0)
		return rc;
	errno = is_transient(rc) || !gnutls_error_is_fatal((int)rc) ? EAGAIN : EPROTO;
	return -1;
}

ssize_t
tls_recv(struct tls *tls, void *bytes, size_t room)
{
	return settle(gnutls_record_recv(tls->session, bytes, room));
}

/* GnuTLS keeps what it has encrypted already, and wants no bytes for its second try; it
 * answers with the count of the first. */
ssize_t
tls_send(struct tls *tls, const void *bytes, size_t n)
{
	ssize_t rc = tls->unsent ? gnutls_record_send(tls->session, NULL, 0)
				 : gnutls_record_send(tls->session, bytes, n);

	tls->unsent = is_transient(rc);
	return settle(rc);
}

void
tls_bye(struct tls *tls)
{
	gnutls_bye(tls->session, GNUTLS_SHUT_WR);
}
