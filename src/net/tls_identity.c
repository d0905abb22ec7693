#include "tls_identity.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

enum {
	FILE_MAX = 256 * 1024, /* bytes */
	KEY_ID_MAX = 64,
};

struct tls_identity {
	gnutls_x509_crt_t *chain; /* GnuTLS's own memory */
	unsigned count;
	gnutls_x509_privkey_t key;
	int64_t begins, expires; /* of the whole chain, moments */
};

static int
free_identity(struct tls_identity *identity)
{
	for (unsigned i = 0; i < identity->count; i++)
		gnutls_x509_crt_deinit(identity->chain[i]);
	gnutls_free(identity->chain);
	if (identity->key)
		gnutls_x509_privkey_deinit(identity->key);
	return 0;
}

/* ---- the files ---- */

/* Whoever can change either file can put himself in our place. */
static enum err
check_mode(const char *path, mode_t closed, struct fault *why)
{
	struct stat found;

	if (stat(path, &found) != 0 || !(found.st_mode & closed))
		return ERR_NONE; /* reading it will say why it cannot be read */
	return fault(why, ERR_INVALID,
		"%.200s is open to others (mode %03o); say chmod %03o %.200s.", path,
		found.st_mode & 0777, found.st_mode & 0777 & ~closed, path);
}

static enum err
read_file(const void *ctx, const char *path, mode_t closed, struct buf *out,
	struct fault *why)
{
	enum err err = check_mode(path, closed, why);

	return err ? err : file_read(ctx, path, FILE_MAX, out, why);
}

static enum err
read_chain(struct tls_identity *identity, const char *path, struct fault *why)
{
	struct buf text;
	gnutls_datum_t datum;
	int rc;
	enum err err = read_file(identity, path, S_IWGRP | S_IWOTH, &text, why);

	if (err)
		return err;
	datum = (gnutls_datum_t){ (unsigned char *)text.data, (unsigned)text.len };
	rc = gnutls_x509_crt_list_import2(&identity->chain, &identity->count, &datum,
		GNUTLS_X509_FMT_PEM, GNUTLS_X509_CRT_LIST_SORT);
	buf_release(&text);
	if (rc >= 0)
		return ERR_NONE;
	identity->count = 0;
	return fault(why, ERR_INVALID,
		"%.200s holds no certificate chain in PEM form: %s", path,
		gnutls_strerror(rc));
}

static enum err
read_key(struct tls_identity *identity, const char *path, struct fault *why)
{
	struct buf text;
	gnutls_datum_t datum;
	int rc;
	enum err err = read_file(
		identity, path, S_IWGRP | S_IROTH | S_IWOTH | S_IXOTH, &text, why);

	if (err)
		return err;
	datum = (gnutls_datum_t){ (unsigned char *)text.data, (unsigned)text.len };
	rc = gnutls_x509_privkey_init(&identity->key);
	if (rc >= 0)
		rc = gnutls_x509_privkey_import2(
			identity->key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0);
	digest_wipe(text.data, text.len);
	buf_release(&text);
	if (rc == GNUTLS_E_DECRYPTION_FAILED)
		return fault(why, ERR_INVALID,
			"The key in %.200s is encrypted; store it in the clear, for us "
			"alone to read.",
			path);
	if (rc < 0)
		return fault(why, ERR_INVALID,
			"%.200s holds no private key in PEM form: %s", path,
			gnutls_strerror(rc));
	return ERR_NONE;
}

/* ---- what they say ---- */

static bool
key_fits(const struct tls_identity *identity)
{
	unsigned char a[KEY_ID_MAX], b[KEY_ID_MAX];
	size_t a_size = sizeof a, b_size = sizeof b;

	return gnutls_x509_crt_get_key_id(
		       identity->chain[0], GNUTLS_KEYID_USE_SHA256, a, &a_size) == 0 &&
	       gnutls_x509_privkey_get_key_id(
		       identity->key, GNUTLS_KEYID_USE_SHA256, b, &b_size) == 0 &&
	       a_size == b_size && memcmp(a, b, a_size) == 0;
}

static void
find_times(struct tls_identity *identity)
{
	identity->begins = INT64_MIN;
	identity->expires = INT64_MAX;
	for (unsigned i = 0; i < identity->count; i++) {
		gnutls_x509_crt_t one = identity->chain[i];
		int64_t begins = gnutls_x509_crt_get_activation_time(one) * INT64_C(1000);
		int64_t expires =
			gnutls_x509_crt_get_expiration_time(one) * INT64_C(1000);

		if (begins > identity->begins)
			identity->begins = begins;
		if (expires < identity->expires)
			identity->expires = expires;
	}
}

static enum err
check(struct tls_identity *identity, const char *chain_file, const char *key_file,
	struct fault *why)
{
	int64_t now = moment_now();
	char when[MOMENT_ISO_SIZE];

	if (!key_fits(identity))
		return fault(why, ERR_INVALID,
			"The key in %.200s is not that of the certificate in %.200s.",
			key_file, chain_file);
	find_times(identity);
	if (now >= identity->expires) {
		moment_to_iso(identity->expires, when);
		return fault(why, ERR_INVALID,
			"The certificate in %.200s expired at %s; put a new one there.",
			chain_file, when);
	}
	if (now < identity->begins) {
		moment_to_iso(identity->begins, when);
		return fault(why, ERR_INVALID,
			"The certificate in %.200s is not valid before %s; is the clock "
			"of this machine right?",
			chain_file, when);
	}
	return ERR_NONE;
}

enum err
tls_identity_read(const char *chain_file, const char *key_file, struct tls_identity **out,
	struct fault *why)
{
	struct tls_identity *identity = mem_new(NULL, struct tls_identity);
	enum err err;

	talloc_set_destructor(identity, free_identity);
	err = read_chain(identity, chain_file, why);
	if (!err)
		err = read_key(identity, key_file, why);
	if (!err)
		err = check(identity, chain_file, key_file, why);
	if (err)
		mem_free(identity);
	else
		*out = identity;
	return err;
}

int64_t
tls_identity_expires(const struct tls_identity *identity)
{
	return identity->expires;
}

/* ---- copies ---- */

static int
copy_chain(const struct tls_identity *identity, gnutls_pcert_st *out)
{
	for (unsigned i = 0; i < identity->count; i++) {
		int rc = gnutls_pcert_import_x509(&out[i], identity->chain[i], 0);
		if (rc < 0) {
			while (i-- > 0)
				gnutls_pcert_deinit(&out[i]);
			return rc;
		}
	}
	return 0;
}

static int
copy_key(const struct tls_identity *identity, gnutls_privkey_t *out)
{
	int rc = gnutls_privkey_init(out);

	if (rc < 0)
		return rc;
	rc = gnutls_privkey_import_x509(*out, identity->key, GNUTLS_PRIVKEY_IMPORT_COPY);
	if (rc < 0)
		gnutls_privkey_deinit(*out);
	return rc;
}

int
tls_identity_copy(const struct tls_identity *identity, gnutls_pcert_st **chain,
	unsigned *count, gnutls_privkey_t *key)
{
	gnutls_pcert_st *copy = gnutls_malloc(identity->count * sizeof *copy);
	int rc;

	if (!copy)
		return GNUTLS_E_MEMORY_ERROR;
	rc = copy_chain(identity, copy);
	if (rc < 0) {
		gnutls_free(copy);
		return rc;
	}
	rc = copy_key(identity, key);
	if (rc < 0) {
		for (unsigned i = 0; i < identity->count; i++)
			gnutls_pcert_deinit(&copy[i]);
		gnutls_free(copy);
		return rc;
	}
	*chain = copy;
	*count = identity->count;
	return 0;
}
