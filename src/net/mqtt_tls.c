#include "mqtt_tls.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdint.h>

#include "tls_suites.h"

static bool
expect_host(SSL_CTX *tls, const char *host)
{
	X509_VERIFY_PARAM *param = SSL_CTX_get0_param(tls);
	unsigned char address[16];

	if (inet_pton(AF_INET, host, address) == 1 ||
		inet_pton(AF_INET6, host, address) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(param, host);
	X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return X509_VERIFY_PARAM_set1_host(param, host, 0);
}

/* The client names the server by the address it was told; who has a name is named by it, and
 * an address by nothing (RFC 6066, 3): many brokers stand behind one address. */
static void
say_host(const SSL *tls, int where, int how)
{
	SSL *own = (SSL *)(uintptr_t)tls;

	(void)how;
	if (where & SSL_CB_HANDSHAKE_START)
		SSL_ctrl(own, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
			X509_VERIFY_PARAM_get0_host(SSL_get0_param(own), 0));
}

static bool
set_up(SSL_CTX *tls, const char *host, const char *ca_file)
{
	SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_info_callback(tls, say_host);
	return SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) &&
	       SSL_CTX_set_cipher_list(tls, TLS_SUITES) &&
	       (ca_file ? SSL_CTX_load_verify_file(tls, ca_file)
			: SSL_CTX_set_default_verify_paths(tls)) &&
	       expect_host(tls, host);
}

bool
mqtt_tls_set(struct mosquitto *client, const char *host, const char *ca_file)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
	bool ok = tls && set_up(tls, host, ca_file) &&
		  mosquitto_int_option(client, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0) == 0 &&
		  mosquitto_void_option(client, MOSQ_OPT_SSL_CTX, tls) == 0;

	SSL_CTX_free(tls); /* the client keeps a reference */
	return ok;
}
