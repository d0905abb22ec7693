/* The identity in its files, good and wrong, and sessions with a client of GnuTLS's own. */
#include "oneclick/net/tls.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <errno.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "oneclick/base/mem.h"

enum { DAY = 24 * 60 * 60 };

static char folder[64], chain_file[128], key_file[128];
static struct fault why;

/* ---- files ---- */

static void
write_file(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	fclose(f);
	assert_int_equal(chmod(path, 0600), 0);
}

/* A key, and a certificate of it for `name` that is valid between the two times. */
static void
make_identity(const char *name, time_t begins, time_t expires)
{
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;
	gnutls_datum_t text;

	assert_int_equal(gnutls_x509_privkey_init(&key), 0);
	assert_int_equal(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
				 GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
		0);
	assert_int_equal(gnutls_x509_crt_init(&crt), 0);
	gnutls_x509_crt_set_version(crt, 3);
	gnutls_x509_crt_set_serial(crt, "\1", 1);
	gnutls_x509_crt_set_activation_time(crt, begins);
	gnutls_x509_crt_set_expiration_time(crt, expires);
	gnutls_x509_crt_set_dn_by_oid(
		crt, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name));
	gnutls_x509_crt_set_key(crt, key);
	assert_int_equal(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0), 0);
	assert_int_equal(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &text), 0);
	write_file(chain_file, text.data, text.size);
	gnutls_free(text.data);
	assert_int_equal(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &text), 0);
	write_file(key_file, text.data, text.size);
	gnutls_free(text.data);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
}

static int
make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/oneclick-tls.XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(chain_file, sizeof chain_file, "%s/chain.pem", folder);
	snprintf(key_file, sizeof key_file, "%s/key.pem", folder);
	make_identity("one", time(NULL) - DAY, time(NULL) + DAY);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	tls_close();
	unlink(chain_file);
	unlink(key_file);
	return rmdir(folder);
}

/* ---- a client ---- */

struct link {
	int ends[2]; /* ours, the client's */
	struct tls *tls;
	gnutls_session_t client;
	gnutls_certificate_credentials_t trust;
};

static void
open_link(struct link *link, const char *priorities)
{
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, link->ends), 0);
	link->tls = tls_accept(link->ends[0]);
	assert_non_null(link->tls);
	gnutls_init(&link->client, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
	gnutls_certificate_allocate_credentials(&link->trust);
	gnutls_credentials_set(link->client, GNUTLS_CRD_CERTIFICATE, link->trust);
	assert_int_equal(gnutls_priority_set_direct(link->client, priorities, NULL), 0);
	gnutls_transport_set_int(link->client, link->ends[1]);
}

static void
close_link(struct link *link)
{
	tls_free(link->tls);
	gnutls_deinit(link->client);
	gnutls_certificate_free_credentials(link->trust);
	close(link->ends[0]);
	close(link->ends[1]);
}

static enum tls_step
shake(struct link *link)
{
	enum tls_step step = TLS_WANTS_READ;
	int rc = GNUTLS_E_AGAIN;

	for (int i = 0; i < 1000 && step != TLS_FAILED; i++) {
		if (rc != 0)
			rc = gnutls_handshake(link->client);
		if (rc < 0 && gnutls_error_is_fatal(rc))
			shutdown(link->ends[1], SHUT_RDWR);
		if (step != TLS_DONE)
			step = tls_shake(link->tls, &why);
		if (rc == 0 && step == TLS_DONE)
			break;
	}
	return step;
}

static void
expect_name(struct link *link, const char *name)
{
	unsigned count;
	const gnutls_datum_t *chain = gnutls_certificate_get_peers(link->client, &count);
	gnutls_x509_crt_t crt;
	char text[64];
	size_t size = sizeof text;

	assert_int_equal(count, 1);
	gnutls_x509_crt_init(&crt);
	assert_int_equal(gnutls_x509_crt_import(crt, chain, GNUTLS_X509_FMT_DER), 0);
	assert_int_equal(gnutls_x509_crt_get_dn_by_oid(
				 crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0, text, &size),
		0);
	gnutls_x509_crt_deinit(crt);
	assert_string_equal(text, name);
}

static void
expect_echo(struct link *link)
{
	char piece[32];

	assert_int_equal(gnutls_record_send(link->client, "hello", 5), 5);
	assert_int_equal(tls_recv(link->tls, piece, sizeof piece), 5);
	assert_int_equal(tls_send(link->tls, piece, 5), 5);
	assert_int_equal(gnutls_record_recv(link->client, piece, sizeof piece), 5);
	assert_memory_equal(piece, "hello", 5);
}

/* ---- tests ---- */

static void
both_files_are_read_and_say_how_long_they_last(void **state)
{
	time_t now = time(NULL);

	(void)state;
	assert_false(tls_is_open());
	assert_int_equal(tls_expires(), 0);
	assert_null(tls_accept(0));
	make_identity("one", now - 1, now + 100);
	assert_int_equal(tls_open(chain_file, key_file, &why), ERR_NONE);
	assert_true(tls_is_open());
	assert_int_equal(tls_expires(), (now + 100) * INT64_C(1000));
}

static void
expect_refused(const char *says)
{
	assert_int_equal(tls_check(chain_file, key_file, &why), ERR_INVALID);
	if (!strstr(why.sentence, says))
		fail_msg("'%s' does not say '%s'", why.sentence, says);
}

static void
files_that_are_wrong_are_told_with_what_to_do(void **state)
{
	static const char rubbish[] =
		"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
	time_t now = time(NULL);

	(void)state;
	chmod(key_file, 0644);
	expect_refused("(mode 644); say chmod 640");
	chmod(key_file, 0660);
	expect_refused("say chmod 640");
	chmod(key_file, 0640);
	assert_int_equal(tls_check(chain_file, key_file, &why), ERR_NONE);
	chmod(chain_file, 0666);
	expect_refused("say chmod 644");
	write_file(chain_file, rubbish, sizeof rubbish - 1);
	expect_refused("no certificate chain");
	write_file(chain_file, "", 0);
	expect_refused("no certificate chain");
	make_identity("late", now - 100, now - 10);
	expect_refused("expired at 20");
	make_identity("early", now + 1000, now + 2000);
	expect_refused("is the clock of this machine right?");
	write_file(key_file, rubbish, sizeof rubbish - 1);
	expect_refused("no private key");
	unlink(key_file);
	assert_int_equal(tls_check(chain_file, key_file, &why), ERR_NOT_FOUND);
}

static void
sessions_speak_1_2_and_1_3_and_nothing_older(void **state)
{
	static const struct {
		const char *priorities;
		enum tls_step step;
	} cases[] = {
		{ "NORMAL:-VERS-ALL:+VERS-TLS1.3", TLS_DONE },
		{ "NORMAL:-VERS-ALL:+VERS-TLS1.2", TLS_DONE },
		{ "NORMAL:-VERS-ALL:+VERS-TLS1.1", TLS_FAILED },
	};

	(void)state;
	assert_int_equal(tls_open(chain_file, key_file, &why), ERR_NONE);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct link link;
		open_link(&link, cases[i].priorities);
		assert_int_equal(shake(&link), cases[i].step);
		if (cases[i].step == TLS_DONE) {
			expect_name(&link, "one");
			expect_echo(&link);
		}
		close_link(&link);
	}
}

/* Each suite of TLS 1.2 the library knows, offered alone. */
static void
of_1_2_only_authenticated_encryption_with_forward_secrecy_is_taken(void **state)
{
	const char *name;
	gnutls_kx_algorithm_t kx;
	gnutls_cipher_algorithm_t cipher;
	gnutls_mac_algorithm_t mac;
	gnutls_protocol_t least;
	int refused = 0, taken = 0;

	(void)state;
	assert_int_equal(tls_open(chain_file, key_file, &why), ERR_NONE);
	for (size_t i = 0;
		(name = gnutls_cipher_suite_info(i, NULL, &kx, &cipher, &mac, &least));
		i++) {
		char offer[200];
		bool is_aead = mac == GNUTLS_MAC_AEAD &&
			       cipher != GNUTLS_CIPHER_AES_128_CCM_8 &&
			       cipher != GNUTLS_CIPHER_AES_256_CCM_8 &&
			       cipher != GNUTLS_CIPHER_CAMELLIA_128_GCM &&
			       cipher != GNUTLS_CIPHER_CAMELLIA_256_GCM;
		struct link link;

		if (kx != GNUTLS_KX_ECDHE_ECDSA && kx != GNUTLS_KX_ECDHE_RSA &&
			kx != GNUTLS_KX_RSA && kx != GNUTLS_KX_DHE_RSA)
			continue;
		snprintf(offer, sizeof offer,
			"NONE:+VERS-TLS1.2:+%s:+%s:+%s:+SIGN-ALL:+GROUP-ALL:+CTYPE-ALL",
			gnutls_kx_get_name(kx), gnutls_cipher_get_name(cipher),
			gnutls_mac_get_name(mac));
		open_link(&link, offer);
		if ((shake(&link) == TLS_DONE) !=
			(is_aead && kx == GNUTLS_KX_ECDHE_ECDSA))
			fail_msg("%s", name);
		refused += !is_aead;
		taken += is_aead && kx == GNUTLS_KX_ECDHE_ECDSA;
		close_link(&link);
	}
	assert_true(refused > 10);
	assert_true(taken >= 3);
}

static void
a_reload_is_for_new_sessions_and_leaves_others_alone(void **state)
{
	struct link before, during, after;
	time_t now = time(NULL);

	(void)state;
	assert_int_equal(tls_reload(&why), ERR_NONE);
	assert_int_equal(tls_open(chain_file, key_file, &why), ERR_NONE);
	open_link(&before, "NORMAL");
	open_link(&during, "NORMAL:-VERS-ALL:+VERS-TLS1.2");
	assert_int_equal(shake(&before), TLS_DONE);
	gnutls_handshake(during.client);
	assert_int_equal(tls_shake(during.tls, &why), TLS_WANTS_READ);
	make_identity("two", now - 1, now + 100);
	assert_int_equal(tls_reload(&why), ERR_NONE);
	open_link(&after, "NORMAL");
	assert_int_equal(shake(&after), TLS_DONE);
	assert_int_equal(shake(&during), TLS_DONE);
	expect_name(&before, "one");
	expect_name(&during, "one");
	expect_name(&after, "two");
	expect_echo(&before);
	expect_echo(&during);
	close_link(&before);
	close_link(&during);
	close_link(&after);
}

static void
a_reload_that_fails_keeps_what_there_was(void **state)
{
	struct link link;
	int64_t expires;

	(void)state;
	assert_int_equal(tls_open(chain_file, key_file, &why), ERR_NONE);
	expires = tls_expires();
	write_file(chain_file, "nothing", 7);
	assert_int_equal(tls_reload(&why), ERR_INVALID);
	assert_int_equal(tls_expires(), expires);
	open_link(&link, "NORMAL");
	assert_int_equal(shake(&link), TLS_DONE);
	expect_name(&link, "one");
	close_link(&link);
}

/* A socket that is full: nothing is lost, doubled or out of order. */
static void
what_the_socket_does_not_take_goes_later(void **state)
{
	enum { TOTAL = 4 * 1024 * 1024, MOST = 48 * 1024 };
	char *sent = malloc(TOTAL), *got = malloc(TOTAL);
	size_t out = 0, in = 0, waits = 0;
	struct link link;

	(void)state;
	for (size_t i = 0; i < TOTAL; i++)
		sent[i] = (char)(i * 2654435761U >> 13);
	assert_int_equal(tls_open(chain_file, key_file, &why), ERR_NONE);
	open_link(&link, "NORMAL");
	assert_int_equal(shake(&link), TLS_DONE);
	while (in < TOTAL) {
		size_t n = TOTAL - out < MOST ? TOTAL - out : MOST;
		ssize_t rc = n > 0 ? tls_send(link.tls, sent + out, n) : 0;
		if (rc < 0)
			assert_int_equal(errno, EAGAIN);
		else
			out += (size_t)rc;
		if (rc > 0)
			continue;
		waits++;
		rc = gnutls_record_recv(link.client, got + in, TOTAL - in);
		assert_true(rc > 0 || rc == GNUTLS_E_AGAIN);
		in += rc > 0 ? (size_t)rc : 0;
	}
	assert_true(waits > 1);
	assert_memory_equal(sent, got, TOTAL);
	close_link(&link);
	free(sent);
	free(got);
}

static void
ends_and_rubbish_are_told_apart(void **state)
{
	struct link link;
	char piece[32];

	(void)state;
	assert_int_equal(tls_open(chain_file, key_file, &why), ERR_NONE);
	open_link(&link, "NORMAL");
	assert_int_equal(shake(&link), TLS_DONE);
	assert_int_equal(tls_recv(link.tls, piece, sizeof piece), -1);
	assert_int_equal(errno, EAGAIN);
	gnutls_bye(link.client, GNUTLS_SHUT_WR);
	assert_int_equal(tls_recv(link.tls, piece, sizeof piece), 0);
	tls_bye(link.tls);
	assert_int_equal(gnutls_record_recv(link.client, piece, sizeof piece), 0);
	close_link(&link);
	open_link(&link, "NORMAL");
	assert_int_equal(shake(&link), TLS_DONE);
	assert_int_equal(send(link.ends[1], "in the clear", 12, 0), 12);
	assert_int_equal(tls_recv(link.tls, piece, sizeof piece), -1);
	assert_int_equal(errno, EPROTO);
	close_link(&link);
	open_link(&link, "NORMAL");
	assert_int_equal(send(link.ends[1], "GET / HTTP/1.1\r\n", 16, 0), 16);
	assert_int_equal(tls_shake(link.tls, &why), TLS_FAILED);
	assert_true(why.sentence[0] != '\0');
	close_link(&link);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		TEST(both_files_are_read_and_say_how_long_they_last),
		TEST(files_that_are_wrong_are_told_with_what_to_do),
		TEST(sessions_speak_1_2_and_1_3_and_nothing_older),
		TEST(of_1_2_only_authenticated_encryption_with_forward_secrecy_is_taken),
		TEST(a_reload_is_for_new_sessions_and_leaves_others_alone),
		TEST(a_reload_that_fails_keeps_what_there_was),
		TEST(what_the_socket_does_not_take_goes_later),
		TEST(ends_and_rubbish_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
