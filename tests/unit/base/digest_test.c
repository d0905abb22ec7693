#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "oneclick/base/digest.h"

/* FIPS 180-2, appendix B.1; the empty text is NIST's too. */
static void
sha256_agrees_with_the_standard(void **state)
{
	char hex[DIGEST_HEX_SIZE];

	(void)state;
	digest_sha256_hex("abc", 3, hex);
	assert_string_equal(
		hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	digest_sha256_hex("", 0, hex);
	assert_string_equal(
		hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* RFC 4231, test cases 2 and 6 (a key longer than a block). */
static void
hmac_agrees_with_the_standard(void **state)
{
	unsigned char raw[DIGEST_SIZE], key[131];
	const char *text = "Test Using Larger Than Block-Size Key - Hash Key First";
	char hex[DIGEST_HEX_SIZE];

	(void)state;
	digest_hmac("Jefe", 4, "what do ya want for nothing?", 28, raw);
	digest_hex(raw, sizeof(raw), hex);
	assert_string_equal(
		hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	digest_hmac(key, sizeof(key), text, strlen(text), raw);
	digest_hex(raw, sizeof(raw), hex);
	assert_string_equal(
		hex, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void
a_secret_equals_only_itself(void **state)
{
	char a[] = "0123456789abcdef", b[] = "0123456789abcdef";

	(void)state;
	assert_true(digest_is_equal(a, b, 16));
	assert_true(digest_is_equal(a, "", 0));
	for (int i = 0; i < 16; i++) {
		b[i] ^= 1;
		assert_false(digest_is_equal(a, b, 16));
		b[i] ^= 1;
	}
}

static void
random_bytes_differ(void **state)
{
	unsigned char a[32] = { 0 }, b[32] = { 0 };

	(void)state;
	digest_random(a, sizeof(a));
	digest_random(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

static void
random_text_uses_each_letter_of_its_alphabet(void **state)
{
	char text[2001];
	int seen[3] = { 0 };

	(void)state;
	memset(text, '#', sizeof(text));
	digest_random_text("abc", text, 2000);
	assert_int_equal(strlen(text), 2000);
	for (int i = 0; i < 2000; i++) {
		assert_in_range(text[i], 'a', 'c');
		seen[text[i] - 'a']++;
	}
	for (int i = 0; i < 3; i++)
		assert_in_range(seen[i], 500, 850); /* chance of a miss: under 1e-14 */
}

static void
a_uuid_is_of_version_4(void **state)
{
	char one[UUID_SIZE], two[UUID_SIZE];

	(void)state;
	digest_uuid(one);
	digest_uuid(two);
	assert_int_equal(strlen(one), UUID_SIZE - 1);
	assert_int_equal(strspn(one, "0123456789abcdef-"), UUID_SIZE - 1);
	assert_true(one[8] == '-' && one[13] == '-' && one[18] == '-' && one[23] == '-');
	assert_int_equal(one[14], '4');
	assert_non_null(strchr("89ab", one[19]));
	assert_string_not_equal(one, two);
}

static void
a_wiped_secret_is_gone(void **state)
{
	char secret[] = "secret";

	(void)state;
	digest_wipe(secret, sizeof(secret));
	assert_memory_equal(secret, "\0\0\0\0\0\0\0", sizeof(secret));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_agrees_with_the_standard),
		cmocka_unit_test(hmac_agrees_with_the_standard),
		cmocka_unit_test(a_secret_equals_only_itself),
		cmocka_unit_test(random_bytes_differ),
		cmocka_unit_test(random_text_uses_each_letter_of_its_alphabet),
		cmocka_unit_test(a_uuid_is_of_version_4),
		cmocka_unit_test(a_wiped_secret_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
