/* Who asks through a proxy that is trusted, and what such a proxy may not make anyone
 * believe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/service/http/http.h"
#include "oneclick/base/mem.h"
#include "oneclick/net/networks.h"

#define NEAREST "10.0.0.1"
#define XFF PROXY_X_FORWARDED_FOR

/* The lines a request has, and who is taken to have sent it how. */
static const struct row {
	enum proxy_header set;
	struct sign_header line[3];
	const char *peer;
	bool secure;
} rows[] = {
	{ XFF, { { 0 } }, NEAREST, false },
	{ XFF, { { "X-Forwarded-For", "" } }, NEAREST, false },
	{ XFF, { { "X-Forwarded-For", "192.0.2.1" } }, "192.0.2.1", false },
	{ XFF, { { "x-forwarded-for", " 192.0.2.1\t" } }, "192.0.2.1", false },
	{ XFF, { { "X-Forwarded-For", "203.0.113.9, 192.0.2.1" } }, "192.0.2.1", false },
	{ XFF, { { "X-Forwarded-For", "192.0.2.1, 10.0.0.2 ,10.0.0.3" } }, "192.0.2.1",
		false },
	{ XFF, { { "X-Forwarded-For", "10.0.0.2, 10.0.0.3" } }, "10.0.0.2", false },
	{ XFF, { { "X-Forwarded-For", "192.0.2.1, unknown, 10.0.0.2" } }, "10.0.0.2",
		false },
	{ XFF, { { "X-Forwarded-For", "192.0.2.1," } }, NEAREST, false },
	{ XFF,
		{ { "X-Forwarded-For", "203.0.113.9" },
			{ "X-Forwarded-For", "192.0.2.1:4711" } },
		"192.0.2.1", false },
	{ XFF, { { "X-Forwarded-For", "2001:DB8::1" } }, "2001:db8::1", false },
	{ XFF, { { "X-Forwarded-For", "[2001:db8::1]:80" } }, "2001:db8::1", false },
	{ XFF, { { "X-Forwarded-For", "1.2.3" } }, NEAREST, false },
	{ XFF, { { "Forwarded", "for=192.0.2.1" } }, NEAREST, false },
	{ XFF, { { "X-Forwarded-For", "192.0.2.1" }, { "X-Forwarded-Proto", "HTTPS" } },
		"192.0.2.1", true },
	{ XFF, { { "X-Forwarded-For", "192.0.2.1" }, { "X-Forwarded-Proto", "http" } },
		"192.0.2.1", false },
	{ PROXY_FORWARDED, { { "X-Forwarded-For", "192.0.2.1" } }, NEAREST, false },
	{ PROXY_FORWARDED, { { "Forwarded", "for=192.0.2.1" } }, "192.0.2.1", false },
	{ PROXY_FORWARDED, { { "Forwarded", "for=192.0.2.1;proto=https;by=10.0.0.1" } },
		"192.0.2.1", true },
	{ PROXY_FORWARDED,
		{ { "Forwarded", "proto=http; By=10.0.0.1 ; For=192.0.2.1 ; x=1" } },
		"192.0.2.1", false },
	{ PROXY_FORWARDED,
		{ { "Forwarded", "for=\"[2001:db8::1]:4711\" ; proto=\"https\"" } },
		"2001:db8::1", true },
	{ PROXY_FORWARDED,
		{ { "Forwarded", "for=192.0.2.1;proto=https, for=10.0.0.2;proto=http" } },
		"192.0.2.1", false },
	{ PROXY_FORWARDED,
		{ { "Forwarded", "for=192.0.2.1" },
			{ "Forwarded", "for=10.0.0.2;proto=https" } },
		"192.0.2.1", true },
	{ PROXY_FORWARDED, { { "Forwarded", "for=_hidden;proto=https" } }, NEAREST,
		true },
	{ PROXY_FORWARDED, { { "Forwarded", "for=192.0.2.1;proto=httpsx" } }, "192.0.2.1",
		false },
	{ PROXY_FORWARDED, { { "Forwarded", "fork=192.0.2.1;for" } }, NEAREST, false },
	{ PROXY_FORWARDED, { { "Forwarded", ";;by=10.0.0.9" } }, NEAREST, false },
};

static struct networks *
trust(const void *ctx, const char *text)
{
	struct networks *networks;
	struct fault why;

	if (networks_read(ctx, text, &networks, &why))
		fail_msg("%s", why.sentence);
	return networks;
}

static struct http *
make_http(void *life, const struct row *row)
{
	struct server *server = mem_new(life, struct server);
	struct connection *connection = mem_new(life, struct connection);
	struct http *http = mem_new(life, struct http);
	struct request *request = &http->exchange.request;

	server->proxies = trust(life, "10.0.0.0/8");
	server->proxy_header = row->set;
	connection->server = server;
	http->connection = connection;
	request->peer = NEAREST;
	request->path = "/devices";
	request->header = mem_array(life, struct sign_header, 3);
	while (request->header_count < 3 && row->line[request->header_count].name) {
		request->header[request->header_count] = row->line[request->header_count];
		request->header_count++;
	}
	return http;
}

static void
a_trusted_proxy_says_for_whom_and_how(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		void *life = mem_life(NULL);
		struct http *http = make_http(life, &rows[i]);
		const struct request *request = &http->exchange.request;

		forwarded_read(http);
		if (strcmp(request->peer, rows[i].peer) != 0 ||
			request->secure != rows[i].secure)
			fail_msg("row %zu: %s, secure %d", i, request->peer,
				request->secure);
		mem_free(life);
	}
}

static void
a_prefix_is_kept_and_taken_off(void **state)
{
	static const struct {
		const char *said, *path, *prefix, *left;
	} cases[] = {
		{ "/click", "/click/devices", "/click", "/devices" },
		{ "/click/", "/devices", "/click", "/devices" },
		{ "/click", "/clicks/devices", "/click", "/clicks/devices" },
		{ "/", "/devices", NULL, "/devices" },
		{ "click", "/devices", NULL, "/devices" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		void *life = mem_life(NULL);
		const struct row row = { XFF, { { "X-Forwarded-Prefix", cases[i].said } },
			NULL, false };
		struct http *http = make_http(life, &row);

		http->exchange.request.path = cases[i].path;
		forwarded_read(http);
		if (cases[i].prefix)
			assert_string_equal(
				http->exchange.request.prefix, cases[i].prefix);
		else
			assert_null(http->exchange.request.prefix);
		assert_string_equal(http->exchange.request.path, cases[i].left);
		mem_free(life);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trusted_proxy_says_for_whom_and_how),
		cmocka_unit_test(a_prefix_is_kept_and_taken_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
