#include "oneclick/net/transfer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oneclick/base/mem.h"

static void
check_origin(const char *endpoint, bool plain, enum err err, const char *host)
{
	struct transfer_origin_options options = { .plain = plain };
	struct transfer_origin origin = { 0 };
	void *life = mem_life(NULL);
	struct fault why = { 0 };

	assert_int_equal(
		transfer_origin_read(life, endpoint, &options, &origin, &why), err);
	if (err)
		assert_non_null(strstr(why.sentence, endpoint));
	else
		assert_string_equal(origin.host, host);
	mem_free(life);
}

static void
an_endpoint_is_a_host_or_a_socket(void **state)
{
	(void)state;
	check_origin("https://a.example", false, ERR_NONE, "a.example");
	check_origin("https://a.example:8443/", false, ERR_NONE, "a.example:8443");
	check_origin("https://a.example:443", false, ERR_NONE, "a.example");
	check_origin("http://127.0.0.1:80/", false, ERR_NONE, "127.0.0.1");
	check_origin("http://[::1]:8080", false, ERR_NONE, "[::1]:8080");
	check_origin("http://localhost:8080", false, ERR_NONE, "localhost:8080");
	check_origin("unix:/run/x", false, ERR_NONE, "localhost");
	check_origin("unix:run/x", false, ERR_INVALID, NULL);
	check_origin("https://u:p@a.example", false, ERR_INVALID, NULL);
	check_origin("https://a.example/a b", false, ERR_INVALID, NULL);
	check_origin("https://a.example/a%20b", false, ERR_INVALID, NULL);
	check_origin("https://a.example/a#b", false, ERR_INVALID, NULL);
	check_origin("https://a.example?x", false, ERR_INVALID, NULL);
	check_origin("file:///etc/passwd", false, ERR_INVALID, NULL);
	check_origin("gopher://a.example", false, ERR_INVALID, NULL);
	check_origin("a b", false, ERR_INVALID, NULL);
}

static void
a_path_goes_before_each_target(void **state)
{
	static const char *const path[][2] = {
		{ "https://a.example", "" },
		{ "https://a.example/", "" },
		{ "https://a.example/click", "/click" },
		{ "https://a.example/click//", "/click" },
		{ "https://a.example:8443/a/b-1", "/a/b-1" },
		{ "unix:/run/x", "" },
	};
	const struct transfer_origin_options options = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
		struct transfer_origin origin;
		struct fault why;
		void *life = mem_life(NULL);

		assert_int_equal(transfer_origin_read(life, path[i][0], &options, &origin,
					 &why),
			ERR_NONE);
		assert_string_equal(origin.path, path[i][1]);
		mem_free(life);
	}
}

static void
plain_http_beyond_loopback_must_be_asked_for(void **state)
{
	(void)state;
	check_origin("http://a.example", false, ERR_FORBIDDEN, NULL);
	check_origin("http://127.0.0.1.example", false, ERR_FORBIDDEN, NULL);
	check_origin("http://localhost.example", false, ERR_FORBIDDEN, NULL);
	check_origin("http://a.example", true, ERR_NONE, "a.example");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_endpoint_is_a_host_or_a_socket),
		cmocka_unit_test(a_path_goes_before_each_target),
		cmocka_unit_test(plain_http_beyond_loopback_must_be_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
