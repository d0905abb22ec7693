#include "oneclick/base/digest.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "oneclick/base/mem.h"

static EVP_MD *sha256;

static void
fetch_sha256(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

/* libcrypto's own SHA256() looks the algorithm up each time, which takes longer than to
 * hash a token. */
void
digest_sha256(const void *bytes, size_t n, unsigned char out[DIGEST_SIZE])
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, fetch_sha256);
	if (!EVP_Digest(bytes, n, out, NULL, sha256, NULL))
		mem_abort("no SHA-256: out of memory, or libcrypto lacks it");
}

void
digest_hmac(const void *key, size_t key_len, const void *bytes, size_t n,
	unsigned char out[DIGEST_SIZE])
{
	if (!HMAC(EVP_sha256(), key, (int)key_len, bytes, n, out, NULL))
		mem_abort("no HMAC-SHA-256: out of memory, or libcrypto lacks it");
}

void
digest_hex(const unsigned char *bytes, size_t n, char *out)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digit[bytes[i] >> 4];
		*out++ = digit[bytes[i] & 15];
	}
	*out = '\0';
}

void
digest_sha256_hex(const void *bytes, size_t n, char out[DIGEST_HEX_SIZE])
{
	unsigned char raw[DIGEST_SIZE];

	digest_sha256(bytes, n, raw);
	digest_hex(raw, sizeof(raw), out);
}

bool
digest_is_equal(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}

/* The kernel's, at once: libcrypto's generator would bring two megabytes of it into a
 * service that is idle. */
void
digest_random(void *out, size_t n)
{
	unsigned char *at = out;

	while (n > 0) {
		ssize_t drawn = getrandom(at, n, 0);

		if (drawn < 0 && errno != EINTR)
			mem_abort("the system gives no random bytes");
		if (drawn > 0) {
			at += drawn;
			n -= (size_t)drawn;
		}
	}
}

void
digest_random_text(const char *alphabet, char *out, size_t n)
{
	size_t letters = strlen(alphabet);
	unsigned even =
		256 - 256 % (unsigned)letters; /* above it some would come oftener */
	unsigned char raw[64];

	for (size_t done = 0; done < n;) {
		digest_random(raw, sizeof(raw));
		for (size_t i = 0; i < sizeof(raw) && done < n; i++)
			if (raw[i] < even)
				out[done++] = alphabet[raw[i] % letters];
	}
	out[n] = '\0';
	digest_wipe(raw, sizeof(raw));
}

/* A UUID is a name and no secret: random bytes for many are drawn at once. */
static void
draw_uuid(unsigned char raw[16])
{
	static _Thread_local unsigned char drawn[16 * 64];
	static _Thread_local size_t left;

	if (left == 0) {
		digest_random(drawn, sizeof(drawn));
		left = sizeof(drawn);
	}
	left -= 16;
	memcpy(raw, drawn + left, 16);
}

void
digest_uuid(char out[UUID_SIZE])
{
	unsigned char raw[16];
	char hex[33];

	draw_uuid(raw);
	raw[6] = (raw[6] & 0x0F) | 0x40; /* version 4 */
	raw[8] = (raw[8] & 0x3F) | 0x80; /* the variant of RFC 4122 */
	digest_hex(raw, sizeof(raw), hex);
	for (int i = 0; i < 32; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			*out++ = '-';
		*out++ = hex[i];
	}
	*out = '\0';
}

void
digest_wipe(void *secret, size_t n)
{
	OPENSSL_cleanse(secret, n);
}
