/* Page tokens: only ours, only for the list they were made for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oneclick/api/page.h"
#include "oneclick/base/mem.h"

static const unsigned char secret[DIGEST_SIZE] = "a secret of thirty-two letters..";
static const unsigned char stranger[DIGEST_SIZE] = "another of thirty-two letters...";
static const char QUERY[] = "LIST_DEVICES 123456789012 button";

static enum err
read_token(const char *token)
{
	void *life = mem_life(NULL);
	const char *after;
	struct fault why = { 0 };
	enum err err =
		page_token_read(life, secret, QUERY, token, ERR_RANGE, &after, &why);
	if (err != ERR_NONE)
		assert_non_null(strstr(why.sentence, "first page"));
	mem_free(life);
	return err;
}

static void
a_token_gives_back_the_key_it_was_made_of(void **state)
{
	(void)state;
	void *life = mem_life(NULL);
	static const char *const keys[] = { "", "a", "ab", "abc", "G030PM039134U3AT",
		"caf\xc3\xa9 \xf0\x9f\x94\x94", "\x01\xff" };
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		char *token = page_token_make(life, secret, QUERY, keys[i]);
		const char *after = NULL;
		assert_int_equal(page_token_read(life, secret, QUERY, token, ERR_RANGE,
					 &after, NULL),
			ERR_NONE);
		assert_string_equal(after, keys[i]);
		assert_int_equal(
			strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
				      "qrstuvwxyz0123456789-_"),
			strlen(token));
	}
	mem_free(life);
}

static void
a_token_of_another_list_or_service_is_refused(void **state)
{
	(void)state;
	void *life = mem_life(NULL);
	const char *after;
	char *token = page_token_make(life, secret, QUERY, "key");
	assert_int_equal(page_token_read(life, secret, "LIST_DEVICES 210987654321 button",
				 token, ERR_INVALID, &after, NULL),
		ERR_INVALID);
	assert_int_equal(
		page_token_read(life, stranger, QUERY, token, ERR_RANGE, &after, NULL),
		ERR_RANGE);
	mem_free(life);
}

static void
the_border_between_query_and_key_is_signed(void **state)
{
	(void)state;
	void *life = mem_life(NULL);
	const char *after;
	char *token = page_token_make(life, secret, "LIST a", "b");
	char *other = page_token_make(life, secret, "LIST ", "ab");
	assert_memory_not_equal(token, other, 20);
	assert_int_equal(
		page_token_read(life, secret, "LIST ", token, ERR_RANGE, &after, NULL),
		ERR_RANGE);
	mem_free(life);
}

static void
a_token_with_any_letter_changed_is_refused(void **state)
{
	(void)state;
	char *token = page_token_make(NULL, secret, QUERY, "Room217");
	for (size_t i = 0; token[i] != '\0'; i++) {
		char was = token[i];
		for (const char *to = "AZaz09-_=. "; *to != '\0'; to++) {
			token[i] = *to;
			if (*to != was)
				assert_int_equal(read_token(token), ERR_RANGE);
		}
		token[i] = '\0';
		assert_int_equal(read_token(token), ERR_RANGE);
		token[i] = was;
	}
	assert_int_equal(read_token(token), ERR_NONE);
	mem_free(token);
}

static void
what_is_no_token_is_refused(void **state)
{
	(void)state;
	char *longest = mem_array(NULL, char, PAGE_TOKEN_MAX + 2);
	memset(longest, 'A', PAGE_TOKEN_MAX + 1);
	static const char *const bad[] = { "", "A", "AAAA", "not a token", "\xff\xfe",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "../../etc/passwd" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(read_token(bad[i]), ERR_RANGE);
	assert_int_equal(read_token(longest), ERR_RANGE);
	mem_free(longest);
}

/* A metric's callback may have 200 letters, and each is up to four bytes, three letters a
 * byte. */
static void
the_longest_key_goes_on(void **state)
{
	(void)state;
	char longest[PAGE_KEY_MAX + 1] = "Errors Callback=";
	memset(longest + strlen(longest), 'F', PAGE_KEY_MAX - strlen(longest));
	assert_true(PAGE_KEY_MAX > strlen("Errors Callback=") + 200 * 4 * 3);
	char *token = page_token_make(NULL, secret, QUERY, longest);
	const char *after;
	struct fault why;
	assert_int_equal(
		page_token_read(token, secret, QUERY, token, ERR_RANGE, &after, &why),
		ERR_NONE);
	assert_string_equal(after, longest);
	mem_free(token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_gives_back_the_key_it_was_made_of),
		cmocka_unit_test(a_token_of_another_list_or_service_is_refused),
		cmocka_unit_test(the_border_between_query_and_key_is_signed),
		cmocka_unit_test(a_token_with_any_letter_changed_is_refused),
		cmocka_unit_test(what_is_no_token_is_refused),
		cmocka_unit_test(the_longest_key_goes_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
