#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/log.h"
#include "oneclick/base/moment.h"

struct page {
	FILE *stream;
	char *text;
	size_t n;
};

/* 2026-11-23T10:00:00.000Z */
static int64_t passed; /* ms since */

static int64_t
stand_still(void)
{
	return INT64_C(1795428000000) + passed;
}

static int
begin(void **state)
{
	struct page *page = calloc(1, sizeof(*page));

	page->stream = open_memstream(&page->text, &page->n);
	log_to(page->stream);
	moment_set_clock(stand_still);
	passed = 0;
	*state = page;
	return 0;
}

static int
end(void **state)
{
	struct page *page = *state;

	log_to(NULL);
	moment_set_clock(NULL);
	fclose(page->stream);
	free(page->text);
	free(page);
	return 0;
}

static void
a_line_has_its_time_and_level(void **state)
{
	struct page *page = *state;

	log_line(LOG_WARN, "shelf %d is %s", 3, "full");
	log_line(LOG_ERROR, "gone");
	assert_string_equal(page->text, "2026-11-23T10:00:00.000Z warn shelf 3 is full\n"
					"2026-11-23T10:00:00.000Z error gone\n");
}

static void
an_occurrence_is_one_safe_line(void **state)
{
	struct page *page = *state;

	log_line(LOG_INFO, "name %s", "a\nb\x1b[2J\xff");
	assert_string_equal(
		page->text, "2026-11-23T10:00:00.000Z info name a^Jb^[[2J\\xff\n");
}

static void
the_same_trouble_is_said_once_a_minute(void **state)
{
	struct page *page = *state;

	for (int i = 0; i < 100; i++) {
		log_retry(LOG_ERROR, "the disk is full");
		log_retry(LOG_WARN, "shelf %d is full", i % 2);
	}
	assert_string_equal(page->text,
		"2026-11-23T10:00:00.000Z error the disk is full\n"
		"2026-11-23T10:00:00.000Z warn shelf 0 is full\n"
		"2026-11-23T10:00:00.000Z warn shelf 1 is full\n");
	passed = 59999;
	log_retry(LOG_ERROR, "the disk is full");
	passed = 60000;
	log_retry(LOG_ERROR, "the disk is full");
	assert_string_equal(strstr(page->text, "2026-11-23T10:01"),
		"2026-11-23T10:01:00.000Z error the disk is full (and 100 times since it "
		"was last said)\n");
}

static void
an_answer_is_always_said(void **state)
{
	struct page *page = *state;

	log_line(LOG_ERROR, "not read");
	log_line(LOG_ERROR, "not read");
	assert_string_equal(page->text, "2026-11-23T10:00:00.000Z error not read\n"
					"2026-11-23T10:00:00.000Z error not read\n");
}

/* Many kinds of trouble at once, or a clock set back, hide nothing for ever. */
static void
what_is_forgotten_is_said_again(void **state)
{
	struct page *page = *state;

	log_retry(LOG_ERROR, "first");
	passed = 1;
	for (int i = 0; i < 16; i++)
		log_retry(LOG_ERROR, "another %d", i);
	log_retry(LOG_ERROR, "first");
	passed = -1000;
	log_retry(LOG_ERROR, "first");
	assert_non_null(strstr(page->text, "10:00:00.001Z error first\n"));
	assert_non_null(strstr(page->text, "09:59:59.000Z error first\n"));
}

static void
no_stream_is_silence(void **state)
{
	struct page *page = *state;

	log_to(NULL);
	log_line(LOG_ERROR, "unheard");
	fflush(page->stream);
	assert_string_equal(page->text, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_line_has_its_time_and_level, begin, end),
		cmocka_unit_test_setup_teardown(
			an_occurrence_is_one_safe_line, begin, end),
		cmocka_unit_test_setup_teardown(
			the_same_trouble_is_said_once_a_minute, begin, end),
		cmocka_unit_test_setup_teardown(an_answer_is_always_said, begin, end),
		cmocka_unit_test_setup_teardown(
			what_is_forgotten_is_said_again, begin, end),
		cmocka_unit_test_setup_teardown(no_stream_is_silence, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
