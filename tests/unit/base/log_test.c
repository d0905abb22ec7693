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
static int64_t
stand_still(void)
{
	return INT64_C(1795428000000);
}

static int
begin(void **state)
{
	struct page *page = calloc(1, sizeof(*page));

	page->stream = open_memstream(&page->text, &page->n);
	log_to(page->stream);
	moment_set_clock(stand_still);
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
		cmocka_unit_test_setup_teardown(no_stream_is_silence, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
