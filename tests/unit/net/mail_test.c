/* Mail as it is written: what may stand where, and nothing that leads out of it.  Sending
 * it is for the end-to-end tests, with a real server. */
#include "oneclick/net/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oneclick/base/mem.h"

static void *life;

static int
set_up(void **state)
{
	(void)state;
	life = mem_life(NULL);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	mem_free(life);
	return 0;
}

static const char *
written(const char *subject, const char *body, const char *id)
{
	const struct mail mail = {
		.from = "buttons@example.com",
		.to = "ann@example.org",
		.subject = subject,
		.body = body,
		.id = id,
		.at = INT64_C(1525476393747),
	};
	struct buf out;

	buf_init(&out, life, BUF_NO_CAP);
	mail_write(&out, &mail);
	return out.data;
}

static void
a_message_has_all_its_headers(void **state)
{
	(void)state;
	assert_string_equal(written("Hello", "Hi\n", "G030-e_1"),
		"Date: Fri, 4 May 2018 23:26:33 +0000\r\n"
		"From: <buttons@example.com>\r\n"
		"To: <ann@example.org>\r\n"
		"Message-ID: <G030-e_1@example.com>\r\n"
		"Subject: Hello\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n"
		"Hi\r\n\r\n");
}

/* The headers end at the first empty line, and none but ours stands before it. */
static void
expect_our_headers(const char *text)
{
	static const char *const ours[] = { "Date: ", "From: ", "To: ", "Message-ID: ",
		"Subject: ", "Auto-Submitted: ", "MIME-Version: ", "Content-Type: ",
		"Content-Transfer-Encoding: " };
	size_t n = 0;

	for (const char *at = text; strncmp(at, "\r\n", 2) != 0;) {
		const char *end = strstr(at, "\r\n");

		assert_non_null(end);
		if (*at != ' ') {
			assert_true(n < sizeof ours / sizeof *ours);
			assert_int_equal(strncmp(at, ours[n], strlen(ours[n])), 0);
			n++;
		}
		for (const char *c = at; c < end; c++)
			assert_true(*c >= ' ' && *c <= '~');
		assert_true(end - at <= 76);
		at = end + 2;
	}
	assert_int_equal(n, sizeof ours / sizeof *ours);
}

static void
no_subject_and_no_id_leads_out_of_its_header(void **state)
{
	static const char *const evil[] = { "", "a\r\nBcc: b@x", "a\nb", "a\rb",
		"\r\n\r\nbody", "\x01\x7f", "=?utf-8?q?x?=", " leading", "\t",
		"Z\xc3\xbcrich \xe2\x82\xac", "\xff\xfe broken",
		"0123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234567890123456789",
		"\xf0\x9f\x94\x94\xf0\x9f\x94\x94\xf0\x9f\x94\x94\xf0\x9f\x94\x94\xf0\x9f"
		"\x94\x94\xf0\x9f\x94\x94\xf0\x9f\x94\x94\xf0\x9f\x94\x94" };

	(void)state;
	for (size_t i = 0; i < sizeof evil / sizeof *evil; i++)
		expect_our_headers(written(evil[i], "x", evil[i]));
}

static void
a_subject_beyond_ascii_comes_in_words_that_split_no_letter(void **state)
{
	(void)state;
	assert_non_null(strstr(written("Z\xc3\xbcrich: a_b\nc", "x", "1"),
		"Subject: =?UTF-8?Q?Z=C3=BCrich=3A_a=5Fb_c?=\r\n"));
	assert_non_null(strstr(
		written("\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2"
			"\x82\xac\xe2\x82\xac\xe2\x82\xac",
			"x", "1"),
		"Subject: "
		"=?UTF-8?Q?=E2=82=AC=E2=82=AC=E2=82=AC=E2=82=AC=E2=82=AC=E2=82=AC?=\r\n"
		" =?UTF-8?Q?=E2=82=AC=E2=82=AC?=\r\n"));
}

static const char *
body_of(const char *text)
{
	return strstr(written("s", text, "1"), "\r\n\r\n") + 4;
}

static void
the_text_is_quoted_so_that_it_arrives(void **state)
{
	static const char *const row[][2] = {
		{ "", "\r\n" },
		{ "a\nb\r\nc\rd", "a\r\nb\r\nc\r\nd\r\n" },
		{ "1 = 2", "1 =3D 2\r\n" },
		{ "end \nx\t", "end=20\r\nx=09\r\n" },
		{ "\xc3\xa9", "=C3=A9\r\n" },
		{ ".\n..", ".\r\n..\r\n" },
		{ "\x01", "=01\r\n" },
		{ "0123456789012345678901234567890123456789012345678901234567890123456789"
		  "0123456789",
			"0123456789012345678901234567890123456789012345678901234567890123"
			"4"
			"5678901234=\r\n56789\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		assert_string_equal(body_of(row[i][0]), row[i][1]);
}

static void
an_id_of_strange_letters_becomes_one_of_plain_ones(void **state)
{
	const char *id;

	(void)state;
	id = strstr(written("s", "x", "a>b@c"), "Message-ID: <");
	assert_non_null(id);
	assert_int_equal(strspn(id + 13, "0123456789abcdef"), 32);
	assert_int_equal(strncmp(id + 13 + 32, "@example.com>\r\n", 15), 0);
	assert_string_equal(id, strstr(written("s", "x", "a>b@c"), "Message-ID: <"));
}

static void
addresses_are_what_mail_systems_agree_on(void **state)
{
	static const char *const good[] = { "a@b", "ann.lee+x@mail.example.com",
		"o'neil@example.com", "a_b-c@x-y.org", "1@2.3" };
	static const char *const bad[] = {
		"", "a", "@b", "a@", "a@@b", "a b@c", "a@b c", "<a@b>", "a@b>",
		"Ann <a@b>", "a@b,c@d", "a@b\r\nBcc: c@d", "a@b\n", ".a@b", "a.@b",
		"a..b@c", "a@.b", "a@b.", "a@-b", "a@b-", "a@b..c", "-a@b", "\"a\"@b",
		"a@[127.0.0.1]", "\xc3\xa9@b", "a@\xc3\xa9",
		"0123456789012345678901234567890123456789012345678901234567890123456789@b"
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!mail_is_address(good[i]))
			fail_msg("%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (mail_is_address(bad[i]))
			fail_msg("%s", bad[i]);
}

static void
a_server_has_a_scheme_a_host_and_a_port_of_its_own(void **state)
{
	static const struct {
		const char *url, *base;
		bool starttls;
	} row[] = {
		{ "smtp://mail.example.com", "smtp://mail.example.com:587", true },
		{ "smtp://mail.example.com:25", "smtp://mail.example.com:25", true },
		{ "smtps://mail.example.com/", "smtps://mail.example.com:465", false },
		{ "smtp://[::1]:2525", "smtp://[::1]:2525", true },
	};
	static const char *const bad[] = { "", "mail.example.com", "http://x",
		"smtp://u:p@x", "smtp://x/path", "smtp://x?q", "smtp://x#f", "smtp://" };
	struct mail_server_options options = { 0 };
	struct mail_server server;

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		assert_int_equal(
			mail_server_read(life, row[i].url, &options, &server, NULL),
			ERR_NONE);
		assert_string_equal(server.origin.base, row[i].base);
		assert_int_equal(server.starttls, row[i].starttls);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(mail_server_read(life, bad[i], &options, &server, NULL),
			ERR_INVALID);
	options.plain = true;
	assert_int_equal(
		mail_server_read(life, "smtp://x", &options, &server, NULL), ERR_NONE);
	assert_false(server.starttls);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_message_has_all_its_headers),
		TEST(no_subject_and_no_id_leads_out_of_its_header),
		TEST(a_subject_beyond_ascii_comes_in_words_that_split_no_letter),
		TEST(the_text_is_quoted_so_that_it_arrives),
		TEST(an_id_of_strange_letters_becomes_one_of_plain_ones),
		TEST(addresses_are_what_mail_systems_agree_on),
		TEST(a_server_has_a_scheme_a_host_and_a_port_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
