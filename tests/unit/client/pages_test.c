/* Lists page by page, from services that do not keep to the contract. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "oneclick/api/page.h"
#include "oneclick/base/mem.h"
#include "oneclick/client/pages.h"
#include "oneclick/data/json.h"

static struct fault why;
static void *life; /* of the last page taken */

/* The next page of the walk, as JSON; its token stays until the next one is taken. */
static enum err
take(struct pages *pages, const char *json, const char **token)
{
	const struct value *body;

	mem_free(life);
	life = mem_life(NULL);
	assert_int_equal(json_parse(life, json, strlen(json), &body, &why), ERR_NONE);
	return pages_take(pages, body, "devices", token, &why);
}

static enum err
take_token(struct pages *pages, long token)
{
	const char *next;
	char json[64];

	snprintf(json, sizeof json, "{\"devices\":[],\"nextToken\":\"%ld\"}", token);
	return take(pages, json, &next);
}

static void
a_list_ends_with_the_page_without_a_token(void **state)
{
	static const char *const last[] = { "{\"devices\":[]}",
		"{\"devices\":[],\"nextToken\":null}",
		"{\"devices\":[],\"nextToken\":\"\"}" };
	struct pages pages = { 0 };
	const char *token;

	(void)state;
	assert_int_equal(take(&pages, "{\"devices\":[{}],\"nextToken\":\"a\"}", &token),
		ERR_NONE);
	assert_string_equal(token, "a");
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(take(&pages, last[i], &token), ERR_NONE);
		assert_null(token);
	}
}

/* Tokens that go round with this period after so many others. */
static void
assert_circle_is_found(long before, long period)
{
	struct pages pages = { 0 };
	long n = 0;

	while (take_token(&pages, n < before ? n : before + (n - before) % period) ==
		ERR_NONE)
		n++;
	assert_non_null(strstr(why.sentence, "circle"));
	assert_in_range(n, before + period, 3 * (before + period) + 3);
}

static void
tokens_that_come_again_are_noticed(void **state)
{
	static const long befores[] = { 0, 1, 2, 3, 7, 100 };
	static const long periods[] = { 1, 2, 3, 5, 16, 17, 300 };

	(void)state;
	for (size_t i = 0; i < sizeof befores / sizeof *befores; i++)
		for (size_t j = 0; j < sizeof periods / sizeof *periods; j++)
			assert_circle_is_found(befores[i], periods[j]);
}

static void
pages_without_end_are_given_up(void **state)
{
	struct pages pages = { 0 };
	long n = 0;

	(void)state;
	while (take_token(&pages, n) == ERR_NONE)
		n++;
	assert_int_equal(n, PAGES_MAX - 1);
	assert_non_null(strstr(why.sentence, "not ended after 5000 pages"));
}

static void
a_page_of_more_than_was_asked_for_is_refused(void **state)
{
	struct pages pages = { 0 };
	const char *token;
	struct buf json;

	(void)state;
	buf_init(&json, NULL, BUF_NO_CAP);
	buf_text(&json, "{\"devices\":[0");
	for (int i = 1; i < PAGE_MAX; i++)
		buf_text(&json, ",0");
	buf_text(&json, "]}");
	assert_int_equal(take(&pages, json.data, &token), ERR_NONE);
	json.len -= 2;
	buf_text(&json, ",0]}");
	assert_int_equal(take(&pages, json.data, &token), ERR_INTERNAL);
	assert_non_null(strstr(why.sentence, "251 devices"));
	buf_release(&json);
}

static void
what_is_no_page_is_refused(void **state)
{
	static const char *const bodies[] = { "{}", "[]", "null", "7", "{\"devices\":{}}",
		"{\"devices\":null}", "{\"Devices\":[]}",
		"{\"devices\":[],\"nextToken\":7}", "{\"devices\":[],\"nextToken\":{}}",
		"{\"devices\":[],\"nextToken\":[\"a\"]}" };
	struct pages pages = { 0 };
	const char *token;

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
		assert_int_equal(take(&pages, bodies[i], &token), ERR_INTERNAL);
	assert_int_equal(pages_take(&pages, NULL, "devices", &token, &why), ERR_INTERNAL);
}

static void
a_token_that_fits_no_request_is_refused(void **state)
{
	struct pages pages = { 0 };
	const char *token;
	struct buf json;

	(void)state;
	buf_init(&json, NULL, BUF_NO_CAP);
	buf_text(&json, "{\"devices\":[],\"nextToken\":\"");
	for (int i = 0; i <= PAGES_TOKEN_MAX; i++)
		buf_char(&json, 'x');
	buf_text(&json, "\"}");
	assert_int_equal(take(&pages, json.data, &token), ERR_INTERNAL);
	assert_non_null(strstr(why.sentence, "16 KiB"));
	buf_release(&json);
}

static int
free_page(void **state)
{
	(void)state;
	mem_free(life);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_ends_with_the_page_without_a_token),
		cmocka_unit_test(tokens_that_come_again_are_noticed),
		cmocka_unit_test(pages_without_end_are_given_up),
		cmocka_unit_test(a_page_of_more_than_was_asked_for_is_refused),
		cmocka_unit_test(what_is_no_page_is_refused),
		cmocka_unit_test(a_token_that_fits_no_request_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, free_page);
}
