/* Which proxy the environment names for an endpoint: as urllib, and so the aws command,
 * chooses. */
#include "../../../src/client/proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"

static const char *const names[] = { "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",
	"no_proxy", "NO_PROXY", "REQUEST_METHOD" };

struct row {
	const char *endpoint, *env[3][2];
	const char *proxy; /* NULL: none */
};

static const struct row rows[] = {
	{ "https://a.example", { { "HTTPS_PROXY", "http://p:3128" } }, "http://p:3128" },
	{ "https://a.example", { { "https_proxy", "http://p:3128" } }, "http://p:3128" },
	{ "https://a.example", { { "HTTPS_PROXY", "p:3128" } }, "http://p:3128" },
	{ "https://a.example", { { "HTTPS_PROXY", "//p:3128" } }, "http://p:3128" },
	{ "https://a.example", { { "HTTPS_PROXY", "https://p" } }, "https://p" },
	{ "https://a.example", { { "HTTP_PROXY", "http://p" } }, NULL },
	{ "https://a.example",
		{ { "HTTPS_PROXY", "http://P" }, { "https_proxy", "http://p" } },
		"http://p" },
	{ "https://a.example", { { "HTTPS_PROXY", "http://P" }, { "https_proxy", "" } },
		NULL },
	{ "https://a.example", { { "HTTPS_PROXY", "http://p" }, { "NO_PROXY", "*" } },
		NULL },
	{ "https://a.example",
		{ { "HTTPS_PROXY", "http://p" }, { "NO_PROXY", "example" } }, NULL },
	{ "https://a.example",
		{ { "HTTPS_PROXY", "http://p" }, { "NO_PROXY", " x , .example " } },
		NULL },
	{ "https://a.example",
		{ { "HTTPS_PROXY", "http://p" }, { "NO_PROXY", "A.Example" } }, NULL },
	{ "https://a.example",
		{ { "HTTPS_PROXY", "http://p" }, { "NO_PROXY", "ample,b.example" } },
		"http://p" },
	{ "https://a.example:8443",
		{ { "HTTPS_PROXY", "http://p" }, { "NO_PROXY", "a.example:8443" } },
		NULL },
	{ "https://a.example:8443",
		{ { "HTTPS_PROXY", "http://p" }, { "NO_PROXY", "a.example:1" } },
		"http://p" },
	{ "https://[::1]:8443",
		{ { "HTTPS_PROXY", "http://p" }, { "NO_PROXY", "[::1]" } }, NULL },
	{ "https://a.example",
		{ { "HTTPS_PROXY", "http://p" }, { "NO_PROXY", "" } }, "http://p" },
	{ "http://127.0.0.1:80", { { "HTTP_PROXY", "http://127.0.0.1:3128" } },
		"http://127.0.0.1:3128" },
	{ "http://127.0.0.1:80",
		{ { "HTTP_PROXY", "http://127.0.0.1:3128" }, { "REQUEST_METHOD", "GET" } },
		NULL },
	{ "unix:/run/x", { { "HTTP_PROXY", "http://127.0.0.1:3128" } }, NULL },
};

static void
set_environment(const struct row *row)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unsetenv(names[i]);
	for (size_t i = 0; i < 3 && row->env[i][0]; i++)
		setenv(row->env[i][0], row->env[i][1], 1);
}

static enum err
choose(const void *ctx, const char *endpoint, bool plain, struct transfer_origin *origin)
{
	struct transfer_origin_options options = { .plain = plain };
	struct fault why;

	assert_int_equal(
		transfer_origin_read(ctx, endpoint, &options, origin, &why), ERR_NONE);
	return proxy_choose(ctx, plain, origin, &why);
}

static void
the_environment_names_it_as_for_aws(void **state)
{
	void *life = mem_life(NULL);
	struct transfer_origin origin;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		set_environment(&rows[i]);
		assert_int_equal(
			choose(life, rows[i].endpoint, false, &origin), ERR_NONE);
		if (rows[i].proxy)
			assert_string_equal(origin.proxy, rows[i].proxy);
		else
			assert_null(origin.proxy);
	}
	mem_free(life);
}

static void
one_elsewhere_takes_nothing_in_the_clear_unasked(void **state)
{
	static const struct row row = { .env = { { "HTTP_PROXY", "http://p.example" } } };
	void *life = mem_life(NULL);
	struct transfer_origin origin;

	(void)state;
	set_environment(&row);
	assert_int_equal(
		choose(life, "http://127.0.0.1:80", false, &origin), ERR_FORBIDDEN);
	assert_int_equal(choose(life, "http://127.0.0.1:80", true, &origin), ERR_NONE);
	assert_string_equal(origin.proxy, "http://p.example");
	mem_free(life);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_environment_names_it_as_for_aws),
		cmocka_unit_test(one_elsewhere_takes_nothing_in_the_clear_unasked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
