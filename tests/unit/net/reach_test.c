/* What may be connected to: the rules, and that no spelling gets past them. */
#include "oneclick/net/reach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <locale.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/un.h>
#include <unistd.h>

#include "oneclick/base/loop.h"
#include "oneclick/base/mem.h"
#include "oneclick/net/transfer.h"
#include "served.h"

/* ---- the decision ---- */

struct address_of {
	struct sockaddr_storage at;
};

static struct address_of
address_of(const char *text, int port)
{
	struct address_of out = { 0 };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&out.at;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&out.at;

	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)port);
	} else {
		assert_int_equal(inet_pton(AF_INET6, text, &v6->sin6_addr), 1);
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)port);
	}
	return out;
}

static bool
may_reach(const struct reach *reach, const char *host, const char *address, int port)
{
	struct address_of to = address_of(address, port);

	return reach_refuses(reach, host, (struct sockaddr *)&to.at) == NULL;
}

static void
allow(struct reach *reach, const char *rule)
{
	struct fault why = { 0 };

	if (reach_allow(reach, rule, &why) != ERR_NONE)
		fail_msg("%s", why.sentence);
}

static void
keep_off(struct reach *reach, const char *address, int port)
{
	struct address_of own = address_of(address, port);

	reach_keep_off(reach, (struct sockaddr *)&own.at);
}

/* The ends of each network, and spellings that lead inside. */
static const char *const out_of_reach[] = {
	/* IANA's IPv4 registry */
	"0.0.0.0", "0.1.2.3", "0.255.255.255", "100.64.0.0", "100.127.255.255",
	"100.100.100.200", "169.254.0.1", "169.254.169.254", "169.254.170.2",
	"169.254.255.255", "192.0.0.0", "192.0.0.192", "192.0.0.255", "192.0.2.1",
	"192.88.99.1", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.9",
	"224.0.0.1", "239.255.255.250", "240.0.0.0", "250.1.2.3", "255.255.255.254",
	"255.255.255.255", "168.63.129.16",
	/* and IPv6's */
	"::", "::2", "::169.254.169.254", "::10.0.0.1", "::8.8.8.8", "::ffff:0:8.8.8.8",
	"64:ff9b:1::1", "64:ff9b:1:a9fe:a9:fe00::", "100::1", "100:0:0:1::1", "1fff::1",
	"2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1",
	"2001:20::1", "2001:1ff:ffff::1", "2001:db8::1", "2001:db8:ffff::1", "3fff::1",
	"3fff:fff::1", "4000::1", "5f00::1", "7fff::1", "8000::1", "fbff::1", "fe00::1",
	"fe7f::1", "fe80::1", "febf::1", "fec0::1", "feff::1", "ff02::1", "ff0e::1",
	/* metadata */
	"fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:42::42",
	"fd00:c1::a9fe:a9fe",
	/* an IPv4 address inside */
	"::ffff:169.254.169.254", "::ffff:0.0.0.0", "::ffff:224.0.0.1",
	"::ffff:255.255.255.255", "::ffff:100.100.100.200", "64:ff9b::a9fe:a9fe",
	"64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::ac10:1", "64:ff9b::c0a8:101",
	"64:ff9b::f000:1", "64:ff9b::ffff:ffff", "64:ff9b::a83f:8110",
	"2002:a9fe:a9fe::1", "2002:7f00:1::1", "2002:a00:1::1", "2002:c0a8:101::1",
	"2002:e000:1::", "2002:0:1::1"
};

static void
some_addresses_are_never_reached(void **state)
{
	struct reach *reach = reach_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof out_of_reach / sizeof *out_of_reach; i++)
		if (may_reach(reach, "example.com", out_of_reach[i], 80))
			fail_msg("%s is reached", out_of_reach[i]);
	mem_free(reach);
}

static void
without_rules_all_the_rest_is_reached(void **state)
{
	static const char *const near[] = { "127.0.0.1", "127.255.255.254", "10.0.0.1",
		"172.16.0.1", "172.31.255.254", "192.168.1.1", "1.0.0.0", "8.8.8.8",
		"100.63.255.255", "100.128.0.0", "168.63.129.15", "169.253.255.255",
		"169.255.0.0", "192.0.1.0", "192.0.3.0", "192.88.98.1", "198.17.255.255",
		"198.20.0.0", "223.255.255.255", "::1", "fc00::1", "fd12:3456::1",
		"fdff::1", "2000::1", "2001:200::1", "2001:db7::1", "2001:db9::1",
		"2606:4700::1111", "3ffe::1", "3fff:1000::1", "64:ff9b::808:808",
		"2002:808:808::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8" };
	struct reach *reach = reach_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof near / sizeof *near; i++)
		if (!may_reach(reach, "example.com", near[i], 80))
			fail_msg("%s is not reached", near[i]);
	mem_free(reach);
}

static void
a_rule_allows_what_it_says_and_nothing_else(void **state)
{
	static const struct {
		const char *rule, *host, *address;
		int port;
		bool may;
	} row[] = {
		{ "10.0.0.0/8", "h", "10.255.1.2", 9, true },
		{ "10.0.0.0/8", "h", "11.0.0.0", 9, false },
		{ "10.0.0.0/8", "h", "::ffff:10.1.2.3", 9, true },
		{ "10.0.0.0/9", "h", "10.128.0.0", 9, false },
		{ "10.1.2.3", "h", "10.1.2.3", 1, true },
		{ "10.1.2.3", "h", "10.1.2.2", 1, false },
		{ "10.1.2.3:443", "h", "10.1.2.3", 443, true },
		{ "10.1.2.3:443", "h", "10.1.2.3", 80, false },
		{ "10.0.0.0/8:443", "h", "10.9.9.9", 443, true },
		{ "10.0.0.0/8:443", "h", "10.9.9.9", 444, false },
		{ "0.0.0.0/0", "h", "8.8.8.8", 1, true },
		{ "0.0.0.0/0", "h", "2001:db8::1", 1, false },
		{ "[::]/0", "h", "2606:4700::1111", 1, true },
		{ "[::]/0", "h", "2001:db8::1", 1, false },
		{ "[2001:db8::]/32:443", "h", "2001:db8:ffff::1", 443, true },
		{ "[2001:db8::]/32:443", "h", "2001:db8:ffff::1", 80, false },
		{ "[2001:db8::]/32", "h", "2001:db9::", 443, false },
		{ "[::1]:80", "h", "::1", 80, true },
		{ "[::1]", "h", "127.0.0.1", 80, false },
		{ "hooks.example.com", "hooks.example.com", "10.0.0.1", 80, true },
		{ "hooks.example.com", "HOOKS.example.COM.", "10.0.0.1", 80, true },
		{ "hooks.example.com", "hooks.example.com.evil", "10.0.0.1", 80, false },
		{ "hooks.example.com", "xhooks.example.com", "10.0.0.1", 80, false },
		{ "hooks.example.com:443", "hooks.example.com", "10.0.0.1", 80, false },
		{ "*.example.com", "a.b.example.com", "10.0.0.1", 80, true },
		{ "*.example.com:80", "a.example.com", "10.0.0.1", 80, true },
		{ "*.example.com", "example.com", "10.0.0.1", 80, false },
		{ "*.example.com", "badexample.com", "10.0.0.1", 80, false },
		{ "*.example.com", "", "10.0.0.1", 80, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct reach *reach = reach_new(NULL);

		allow(reach, row[i].rule);
		if (may_reach(reach, row[i].host, row[i].address, row[i].port) !=
			row[i].may)
			fail_msg(
				"%s, %s at %s", row[i].rule, row[i].host, row[i].address);
		mem_free(reach);
	}
}

static void
only_a_rule_inside_the_block_opens_what_is_out_of_reach(void **state)
{
	struct reach *reach = reach_new(NULL);

	(void)state;
	allow(reach, "0.0.0.0/0");
	allow(reach, "[::]/0");
	allow(reach, "metadata.example.com");
	allow(reach, "168.0.0.0/5");
	for (size_t i = 0; i < sizeof out_of_reach / sizeof *out_of_reach; i++)
		if (may_reach(reach, "metadata.example.com", out_of_reach[i], 80))
			fail_msg("%s is reached", out_of_reach[i]);
	allow(reach, "169.254.7.1:80");
	allow(reach, "[fe80::]/10");
	assert_true(may_reach(reach, "h", "169.254.7.1", 80));
	assert_true(may_reach(reach, "h", "fe80::7", 80));
	assert_false(may_reach(reach, "h", "169.254.7.1", 81));
	assert_false(may_reach(reach, "h", "169.254.7.2", 80));
	allow(reach, "100.64.0.0/10");
	allow(reach, "[fd00:ec2::254]");
	assert_true(may_reach(reach, "h", "100.101.102.103", 80));
	assert_true(may_reach(reach, "h", "fd00:ec2::254", 80));
	assert_false(may_reach(reach, "h", "fd00:ec2::23", 80));
	mem_free(reach);
}

static void
our_own_port_is_kept_off_behind_a_gateway_too(void **state)
{
	struct reach *reach = reach_new(NULL);

	(void)state;
	keep_off(reach, "8.8.4.4", 8080);
	assert_false(may_reach(reach, "h", "64:ff9b::808:404", 8080));
	assert_false(may_reach(reach, "h", "2002:808:404::1", 8080));
	assert_true(may_reach(reach, "h", "64:ff9b::808:404", 80));
	mem_free(reach);
}

static void
the_reason_names_the_kind(void **state)
{
	static const struct {
		const char *address, *says;
	} row[] = {
		{ "169.254.169.254", "link-local addresses are out of reach" },
		{ "255.255.255.255", "reserved addresses are out of reach" },
		{ "2001::1", "Teredo addresses are out of reach" },
		{ "fd00:ec2::254", "cloud metadata addresses are out of reach" },
		{ "64:ff9b::a00:1", "translated private addresses are out of reach" },
	};
	struct reach *reach = reach_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct address_of to = address_of(row[i].address, 80);

		assert_string_equal(reach_refuses(reach, "h", (struct sockaddr *)&to.at),
			row[i].says);
	}
	mem_free(reach);
}

static void
our_own_ports_take_their_very_address(void **state)
{
	struct reach *reach = reach_new(NULL);

	(void)state;
	keep_off(reach, "127.0.0.1", 8080);
	assert_false(may_reach(reach, "localhost", "127.0.0.1", 8080));
	assert_false(may_reach(reach, "localhost", "::ffff:127.0.0.1", 8080));
	assert_true(may_reach(reach, "localhost", "127.0.0.1", 8081));
	assert_true(may_reach(reach, "localhost", "127.0.0.2", 8080));
	allow(reach, "127.0.0.0/8:8080");
	allow(reach, "localhost");
	assert_false(may_reach(reach, "localhost", "127.0.0.1", 8080));
	allow(reach, "127.0.0.1:8080");
	assert_true(may_reach(reach, "localhost", "127.0.0.1", 8080));
	mem_free(reach);
}

static void
a_service_that_listens_everywhere_is_kept_off_everywhere(void **state)
{
	static const char *const everywhere[] = { "0.0.0.0", "::" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct reach *reach = reach_new(NULL);

		keep_off(reach, everywhere[i], 8080);
		assert_false(may_reach(reach, "h", "127.0.0.1", 8080));
		assert_false(may_reach(reach, "h", "127.9.9.9", 8080));
		assert_true(may_reach(reach, "h", "127.0.0.1", 80));
		assert_true(may_reach(reach, "h", "10.77.0.1", 8080));
		mem_free(reach);
	}
}

static void
a_socket_in_the_file_system_is_out_of_reach(void **state)
{
	struct sockaddr_un path = { .sun_family = AF_UNIX, .sun_path = "/run/x" };
	struct reach *reach = reach_new(NULL);

	(void)state;
	assert_non_null(
		reach_refuses(reach, "localhost", (const struct sockaddr *)&path));
	mem_free(reach);
}

static void
a_rule_that_says_nothing_clear_is_refused(void **state)
{
	static const char *const bad[] = { "", ":80", "/8", "10.0.0.0/33", "10.0.0.0/",
		"10.0.0.0/-1", "10.0.0.1/8", "10.0.0", "0177.0.0.1", "256.1.1.1",
		"10.0.0.1:0", "10.0.0.1:", "10.0.0.1:65536", "10.0.0.1:80x", "10.0.0.1 ",
		"2130706433", "2001:db8::/32", "[2001:db8::/32", "[2001:db8::]/129",
		"[2001:db8::1]/32", "[::ffff:10.0.0.1]", "[10.0.0.1]", "[]", "[x]",
		"http://example.com", "example.com/8", "*.", "*", "a.*.example.com",
		"ex ample.com", "example.com:http", "example.com:80:80",
		"[::1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc]" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct reach *reach = reach_new(NULL);
		struct fault why = { 0 };

		if (reach_allow(reach, bad[i], &why) != ERR_INVALID)
			fail_msg("\"%s\" was taken for a rule", bad[i]);
		assert_non_null(strstr(why.sentence, "HOST:PORT"));
		assert_true(may_reach(reach, "h", "10.0.0.1", 80));
		mem_free(reach);
	}
}

/* ---- connections ---- */

/* 127.0.0.1, ::1 and 169.254.169.254, and what leads there. */
static const char *const spellings[] = { "127.0.0.1", "localhost", "LOCALHOST",
	"localhost.", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "0x7f000001",
	"0x7F.0.0.1", "0x7f.0x0.0x0.0x1", "0177.0.0.1", "017700000001", "0177.0.0.01",
	"127.0.0.01", "127.000.000.001", "00000177.0.0.1", "127.0x0.1", "127.0.0.2",
	"127.255.255.254", "0.0.0.0", "0", "[::1]", "[0:0:0:0:0:0:0:1]", "[::0001]",
	"[0000:0000:0000:0000:0000:0000:0000:0001]", "[::ffff:127.0.0.1]",
	"[::ffff:7f00:1]", "[::FFFF:7F00:0001]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::]",
	"%31%32%37.0.0.1", "127%2e0%2e0%2e1", "user@127.0.0.1", "a:b@localhost",
	"example.com@127.0.0.1", "①②⑦.⓪.⓪.①", "１２７.0.0.1", "127。0。0。1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
	"169.254.169.254", "169.254.43518", "2852039166", "0xa9fea9fe",
	"0xA9.0xFE.0xA9.0xFE", "0251.0376.0251.0376", "025177524776", "169.254.169.254.",
	"[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "①⑥⑨.②⑤④.①⑥⑨.②⑤④",
	"169%2E254%2E169%2E254" };

enum { SPELLINGS = sizeof spellings / sizeof *spellings };

struct canary {
	struct loop *loop;
	struct transfers *transfers;
	struct loop_watch *watch;
	int fd, port;
	int connections, ended;
	struct transfer_reply reply; /* of the last: code and status only */
	char sentence[FAULT_SENTENCE_MAX];
};

/* Nobody who connects gets an answer, but each is counted. */
static void
on_visit(void *arg, int fd, int ready)
{
	struct canary *canary = arg;
	int visit;

	(void)ready;
	while ((visit = accept4(fd, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		canary->connections++;
		close(visit);
	}
}

static int
open_canary(void **state)
{
	struct canary *canary = mem_new(NULL, struct canary);
	struct sockaddr_in6 at = { .sin6_family = AF_INET6 };
	socklen_t n = sizeof at;
	int no = 0;

	canary->loop = loop_new();
	canary->transfers = transfers_new(NULL, canary->loop);
	canary->fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
	setsockopt(canary->fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
	if (bind(canary->fd, (struct sockaddr *)&at, n) || listen(canary->fd, 64) ||
		getsockname(canary->fd, (struct sockaddr *)&at, &n))
		return -1;
	canary->port = ntohs(at.sin6_port);
	canary->watch =
		loop_watch_new(canary->loop, canary->fd, LOOP_READ, on_visit, canary);
	*state = canary;
	return 0;
}

static int
close_canary(void **state)
{
	struct canary *canary = *state;

	transfers_free(canary->transfers);
	loop_watch_stop(canary->watch);
	loop_free(canary->loop);
	close(canary->fd);
	mem_free(canary);
	return 0;
}

static void
on_done(void *arg, const struct transfer_reply *reply)
{
	struct canary *canary = arg;

	canary->ended++;
	canary->reply = *reply;
	snprintf(canary->sentence, sizeof canary->sentence, "%s", reply->why.sentence);
	loop_stop(canary->loop);
}

/* Asks for http://SPELLING:PORT/ and waits for the end of it. */
static void
visit(struct canary *canary, const char *spelling, const struct reach *reach)
{
	struct transfer_origin_options options = { .plain = true };
	struct transfer_origin origin;
	void *life = mem_life(NULL);
	struct transfer_request request = {
		.origin = &origin,
		.method = "GET",
		.target = "/",
		.done = on_done,
		.reach = reach,
		.total = 2000,
		.arg = canary,
	};

	if (transfer_origin_read(life,
		    mem_format(life, "http://%s:%d", spelling, canary->port), &options,
		    &origin, NULL) == ERR_NONE) {
		transfer_start(canary->transfers, &request);
		loop_run(canary->loop);
		loop_turn(canary->loop);
	}
	mem_free(life);
}

static void
expect_no_visit(struct canary *canary, const struct reach *reach)
{
	for (size_t i = 0; i < SPELLINGS; i++) {
		canary->reply.code = ERR_LINK;
		visit(canary, spellings[i], reach);
		if (canary->connections != 0 || canary->reply.code == ERR_NONE)
			fail_msg("%s got through", spellings[i]);
	}
}

static void
no_spelling_gets_past_a_list_of_rules(void **state)
{
	struct reach *reach = reach_new(NULL);

	allow(reach, "10.0.0.0/8");
	allow(reach, "hooks.example.com");
	expect_no_visit(*state, reach);
	mem_free(reach);
}

static void
no_spelling_gets_to_our_own_port(void **state)
{
	struct canary *canary = *state;
	struct reach *reach = reach_new(NULL);

	keep_off(reach, "::", canary->port);
	expect_no_visit(canary, reach);
	mem_free(reach);
}

/* Else the two tests above would see nothing. */
static void
the_canary_hears_those_who_may_come(void **state)
{
	struct canary *canary = *state;
	struct reach *reach = reach_new(NULL);

	for (size_t i = 0; i < SPELLINGS; i++)
		visit(canary, spellings[i], reach);
	assert_true(canary->connections >= 20);
	assert_true(canary->connections <= canary->ended);
	mem_free(reach);
}

static void
what_is_refused_says_so(void **state)
{
	struct canary *canary = *state;
	struct reach *reach = reach_new(NULL);

	visit(canary, "169.254.169.254", reach);
	assert_int_equal(canary->reply.code, ERR_FORBIDDEN);
	assert_non_null(strstr(canary->sentence, "link-local"));
	assert_int_equal(canary->connections, 0);
	mem_free(reach);
}

/* A name whose address changes is a connection made anew: the rules are asked again. */
static void
each_connection_is_checked_not_each_name(void **state)
{
	struct canary *canary = *state;
	struct reach *reach = reach_new(NULL);

	visit(canary, "localhost", reach);
	assert_int_equal(canary->connections, 1);
	keep_off(reach, "::", canary->port);
	visit(canary, "localhost", reach);
	assert_int_equal(canary->connections, 1);
	assert_int_equal(canary->reply.code, ERR_FORBIDDEN);
	mem_free(reach);
}

/* The rules have changed since it was made. */
static void
a_connection_that_is_kept_is_checked_again(void **state)
{
	static const char *const script[] = { SERVED_JSON("200 OK", "2", "{}"),
		SERVED_JSON("200 OK", "2", "{}") };
	struct canary *canary = *state;
	struct served *served = served_start(script, 2, NULL);
	struct reach *before = reach_new(NULL), *after = reach_new(NULL);

	canary->port = atoi(strrchr(served->endpoint, ':') + 1);
	visit(canary, "127.0.0.1", before);
	assert_int_equal(canary->reply.code, ERR_NONE);
	allow(after, "10.0.0.0/8");
	visit(canary, "127.0.0.1", after);
	assert_int_equal(canary->reply.code, ERR_FORBIDDEN);
	assert_non_null(strstr(canary->sentence, "no rule"));
	visit(canary, "127.0.0.1", before);
	assert_int_equal(canary->reply.code, ERR_NONE);
	served_stop(served);
	assert_int_equal(served->requests, 2);
	free(served);
	mem_free(before);
	mem_free(after);
}

/* A network of our own, where 169.254.169.254 is this machine: whoever got past the rules
 * would be heard.  Without the right to have one the tests run in the network there is. */
static void
be_the_metadata_service(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	struct sockaddr_in *at = (struct sockaddr_in *)&lo.ifr_addr;
	int fd;

	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	ioctl(fd, SIOCSIFFLAGS, &lo);
	strcpy(lo.ifr_name, "lo:1");
	*at = (struct sockaddr_in){ .sin_family = AF_INET };
	inet_pton(AF_INET, "169.254.169.254", &at->sin_addr);
	ioctl(fd, SIOCSIFADDR, &lo);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(some_addresses_are_never_reached),
		cmocka_unit_test(without_rules_all_the_rest_is_reached),
		cmocka_unit_test(a_rule_allows_what_it_says_and_nothing_else),
		cmocka_unit_test(only_a_rule_inside_the_block_opens_what_is_out_of_reach),
		cmocka_unit_test(our_own_port_is_kept_off_behind_a_gateway_too),
		cmocka_unit_test(the_reason_names_the_kind),
		cmocka_unit_test(our_own_ports_take_their_very_address),
		cmocka_unit_test(
			a_service_that_listens_everywhere_is_kept_off_everywhere),
		cmocka_unit_test(a_socket_in_the_file_system_is_out_of_reach),
		cmocka_unit_test(a_rule_that_says_nothing_clear_is_refused),
		cmocka_unit_test_setup_teardown(
			no_spelling_gets_past_a_list_of_rules, open_canary, close_canary),
		cmocka_unit_test_setup_teardown(
			no_spelling_gets_to_our_own_port, open_canary, close_canary),
		cmocka_unit_test_setup_teardown(
			the_canary_hears_those_who_may_come, open_canary, close_canary),
		cmocka_unit_test_setup_teardown(
			what_is_refused_says_so, open_canary, close_canary),
		cmocka_unit_test_setup_teardown(each_connection_is_checked_not_each_name,
			open_canary, close_canary),
		cmocka_unit_test_setup_teardown(
			a_connection_that_is_kept_is_checked_again, open_canary,
			close_canary),
	};

	setlocale(LC_ALL, "C.UTF-8");
	be_the_metadata_service();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
