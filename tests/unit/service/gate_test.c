/* The gate by itself: every stage refuses what it is there for, and passes the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/service/gate.h"

enum { HEADERS = 4 };

/* A request as it came: what is NULL is the ordinary. */
struct sample {
	const char *method, *target, *version;
	struct sign_header header[HEADERS];
	enum problem problem;
};

static struct request
make_request(const void *ctx, const struct sample *sample)
{
	const char *target = sample->target ? sample->target : "/devices";
	size_t path = strcspn(target, "?");
	struct request request = {
		.method = sample->method ? sample->method : "POST",
		.target = target,
		.path = mem_textn(ctx, target, path),
		.query = target[path] ? target + path + 1 : NULL,
		.header = (struct sign_header *)sample->header,
	};

	while (request.header_count < HEADERS &&
		sample->header[request.header_count].name)
		request.header_count++;
	return request;
}

static enum err
check(const struct sample *sample, enum problem *problem, struct fault *why)
{
	void *life = mem_life(NULL);
	struct request request = make_request(life, sample);
	enum err err = gate_check(
		&request, sample->version ? sample->version : "HTTP/1.1", problem, why);

	mem_free(life);
	return err;
}

#define HOST \
	{ \
		"Host", "h" \
	}

/* clang-format off */
static const struct sample refused[] = {
	{ .version = "HTTP/2.0", .header = { HOST }, .problem = PROBLEM_INVALID_REQUEST },
	{ .method = "BREW", .header = { HOST }, .problem = PROBLEM_NOT_IMPLEMENTED },
	{ .method = "get", .header = { HOST }, .problem = PROBLEM_NOT_IMPLEMENTED },
	{ .target = "http://h/x", .header = { HOST } },
	{ .target = "*", .header = { HOST } },
	{ .target = "/a b", .header = { HOST } },
	{ .target = "/a\x7f", .header = { HOST } },
	{ .target = "/\xc3\xa9", .header = { HOST } },
	{ .target = "/a\\b", .header = { HOST } },
	{ .target = "/a#b", .header = { HOST } },
	{ .target = "/a/../b", .header = { HOST } },
	{ .target = "/a/./b", .header = { HOST } },
	{ .target = "/a/%2e%2E", .header = { HOST } },
	{ .target = "/a/%2e%2e%2fb", .header = { HOST } },
	{ .target = "//a", .header = { HOST } },
	{ .target = "/a/", .header = { HOST } },
	{ .target = "/a%00", .header = { HOST } },
	{ .target = "/a%5c", .header = { HOST } },
	{ .target = "/a%zz", .header = { HOST } },
	{ .target = "/a?b=%zz", .header = { HOST }, .problem = PROBLEM_MALFORMED_QUERY },
	{ .target = "/a?b=%2", .header = { HOST }, .problem = PROBLEM_MALFORMED_QUERY },
	{ .target = "/a?b=%00", .header = { HOST }, .problem = PROBLEM_MALFORMED_QUERY },
	{ .header = { HOST, { "X-A ", "1" } } },
	{ .header = { HOST, { "X:A", "1" } } },
	{ .header = { HOST, { "", "1" } } },
	{ .header = { HOST, { "X-A", "a\rb" } } },
	{ .header = { HOST, HOST } },
	{ .header = { HOST, { "Authorization", "a" }, { "authorization", "b" } } },
	{ .header = { HOST, { "X-Amz-Date", "a" }, { "x-amz-date", "a" } } },
	{ .header = { HOST, { "X-Amz-Security-Token", "a" },
			  { "X-Amz-Security-Token", "a" } } },
	{ .header = { HOST, { "Content-Type", "a" }, { "Content-Type", "a" } } },
	{ .header = { HOST, { "Content-Length", "0" }, { "Content-Length", "0" } } },
	{ .header = { { NULL, NULL } } },
	{ .header = { { "Host", "" } } },
	{ .header = { { "Host", "a b" } } },
	{ .header = { { "Host", "a,b" } } },
	{ .header = { { "Host", "u@h" } } },
	{ .header = { HOST, { "Content-Length", "0" },
			  { "Transfer-Encoding", "chunked" } } },
	{ .version = "HTTP/1.0", .header = { HOST, { "Transfer-Encoding", "chunked" } } },
	{ .header = { HOST, { "Transfer-Encoding", "gzip, chunked" } },
		.problem = PROBLEM_NOT_IMPLEMENTED },
	{ .header = { HOST, { "Content-Length", "" } } },
	{ .header = { HOST, { "Content-Length", "+1" } } },
	{ .header = { HOST, { "Content-Length", "1, 1" } } },
	{ .header = { HOST, { "Content-Length", "262145" } },
		.problem = PROBLEM_TOO_LARGE },
	{ .header = { HOST, { "Content-Length", "99999999999999999999999" } },
		.problem = PROBLEM_TOO_LARGE },
	{ .header = { HOST, { "Expect", "200-ok" } } },
	{ .header = { HOST, { "X-A", "a\x7f" } } },
};
/* clang-format on */

static void
what_can_be_read_in_two_ways_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		enum problem problem = PROBLEM_COUNT;
		struct fault why = { .sentence = "" };

		if (check(&refused[i], &problem, &why) != ERR_INVALID)
			fail_msg("row %zu passed", i);
		if (problem != refused[i].problem)
			fail_msg("row %zu: %s", i, problem_name(problem));
		assert_true(strlen(why.sentence) > 20);
	}
}

/* clang-format off */
static const struct sample passed[] = {
	{ .header = { HOST } },
	{ .method = "HEAD", .target = "/", .header = { { "Host", "[::1]:8080" } } },
	{ .target = "/tags/arn%3Aaws%3Aiot1click%3Aus-west-2%3A1%3Adevices%2Fx?tagKeys=a+b%20c&tagKeys=%C3%A9",
		.header = { HOST } },
	{ .target = "/a/%252e%252e", .header = { HOST } },
	{ .target = "/a/...", .header = { HOST } },
	{ .target = "/a?b=%0a%10", .header = { HOST } },
	{ .header = { HOST, { "Content-Length", "262144" } } },
	{ .header = { HOST, { "Content-Length", "000" } } },
	{ .header = { HOST, { "Transfer-Encoding", "Chunked" } } },
	{ .header = { HOST, { "Expect", "100-Continue" } } },
	{ .header = { HOST, { "User-Agent", "caf\xc3\xa9\tbar" }, { "X-A", "" } } },
	{ .header = { HOST, { "Accept", "a" }, { "Accept", "b" } } },
	{ .version = "HTTP/1.0", .header = { { "Connection", "close" } } },
	{ .version = "HTTP/1.0", .header = { HOST, { "Connection", "Keep-Alive" } } },
};
/* clang-format on */

static void
what_is_plain_passes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof passed / sizeof *passed; i++) {
		enum problem problem;
		struct fault why;

		if (check(&passed[i], &problem, &why))
			fail_msg("row %zu: %s", i, why.sentence);
	}
}

static void
lengths_are_capped_where_the_contract_says(void **state)
{
	void *life = mem_life(NULL);
	char *target = mem_array(life, char, REQUEST_TARGET_MAX + 2);
	char *value = mem_array(life, char, REQUEST_HEAD_MAX + 1);
	struct sample sample = { .header = { HOST, { "X-A", value } } };
	enum problem problem;

	(void)state;
	memset(target, 'x', REQUEST_TARGET_MAX);
	memcpy(target, "/a?", 3);
	sample.target = target;
	assert_int_equal(check(&sample, &problem, NULL), ERR_NONE);
	target[REQUEST_TARGET_MAX] = 'x';
	assert_int_equal(check(&sample, &problem, NULL), ERR_INVALID);
	assert_int_equal(problem, PROBLEM_TARGET_TOO_LONG);

	sample.target = NULL;
	memset(value, 'x', REQUEST_HEAD_MAX - strlen("Host: h\r\nX-A: \r\n"));
	assert_int_equal(check(&sample, &problem, NULL), ERR_NONE);
	value[strlen(value)] = 'x';
	assert_int_equal(check(&sample, &problem, NULL), ERR_INVALID);
	assert_int_equal(problem, PROBLEM_HEAD_TOO_LARGE);
	mem_free(life);
}

static void
more_than_64_header_lines_are_too_many(void **state)
{
	struct sign_header header[REQUEST_HEADERS_MAX + 1];
	struct request request = {
		.method = "GET",
		.target = "/x",
		.path = "/x",
		.header = header,
		.header_count = REQUEST_HEADERS_MAX,
	};
	enum problem problem;

	(void)state;
	for (size_t i = 0; i <= REQUEST_HEADERS_MAX; i++)
		header[i] = (struct sign_header){ i ? "Accept" : "Host", "h" };
	assert_int_equal(gate_check(&request, "HTTP/1.1", &problem, NULL), ERR_NONE);
	request.header_count++;
	assert_int_equal(gate_check(&request, "HTTP/1.1", &problem, NULL), ERR_INVALID);
	assert_int_equal(problem, PROBLEM_HEAD_TOO_LARGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_read_in_two_ways_is_refused),
		cmocka_unit_test(what_is_plain_passes),
		cmocka_unit_test(lengths_are_capped_where_the_contract_says),
		cmocka_unit_test(more_than_64_header_lines_are_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
