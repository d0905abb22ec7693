#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oneclick/base/mem.h"
#include "oneclick/service/settings.h"

/* A directory for the files, and what was told of them. */
struct place {
	void *life;
	char dir[40];
	char told[4096];
	struct settings settings;
};

static struct place place;

static void
hear(void *arg, const char *sentence)
{
	struct place *p = arg;
	size_t n = strlen(p->told);

	snprintf(p->told + n, sizeof p->told - n, "%s\n", sentence);
}

static int
set_up(void **state)
{
	(void)state;
	memset(&place, 0, sizeof place);
	place.life = mem_life(NULL);
	strcpy(place.dir, "/tmp/oneclick-settings-XXXXXX");
	setenv("ONECLICKD_CONFIG", "none", 1);
	return mkdtemp(place.dir) ? 0 : -1;
}

static int
tear_down(void **state)
{
	char *words = mem_format(place.life, "rm -rf %s", place.dir);
	int status = system(words);

	(void)state;
	unsetenv("ONECLICKD_CLAIM_WINDOW");
	mem_free(place.life);
	return status;
}

static char *
path_of(const char *name)
{
	return mem_format(place.life, "%s/%s", place.dir, name);
}

static void
put(const char *name, const char *text)
{
	FILE *file = fopen(path_of(name), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	chmod(path_of(name), 0644);
}

/* Reads the layers with these words, up to a NULL. */
static enum err
read_all(const char *first, ...)
{
	struct config_check check = { .tell = hear, .arg = &place };
	struct settings words;
	char **argv = mem_array(place.life, char *, 16);
	struct fault why;
	int argc = 0;
	va_list args;

	*place.told = '\0';
	va_start(args, first);
	for (const char *word = first; word; word = va_arg(args, const char *))
		argv[argc++] = mem_text(place.life, word);
	va_end(args);
	assert_int_equal(settings_read_words(argc, argv, &words, &why), ERR_NONE);
	return settings_read(place.life, &words, &place.settings, &check);
}

static enum err
read_file(const char *text)
{
	put("a.yaml", text);
	return read_all("--config", path_of("a.yaml"), NULL);
}

static void
expect_told(const char *wanted)
{
	size_t n = strlen(place.dir);
	char *at;

	while ((at = strstr(place.told, place.dir)) != NULL)
		memmove(at, at + n + 1, strlen(at + n + 1) + 1);
	assert_string_equal(place.told, wanted);
}

/* ---- layers ---- */

static void
each_layer_is_over_the_one_before(void **state)
{
	(void)state;
	put("a.yaml", "claim-window: 2m\nregion: eu-west-1\n");
	assert_int_equal(read_all(NULL, NULL), ERR_NONE);
	assert_int_equal(place.settings.claim_window, 15 * 60 * 1000);
	assert_null(place.settings.file);
	assert_int_equal(read_all("--config", path_of("a.yaml"), NULL), ERR_NONE);
	assert_int_equal(place.settings.claim_window, 2 * 60 * 1000);
	setenv("ONECLICKD_CLAIM_WINDOW", "3m", 1);
	assert_int_equal(read_all("--config", path_of("a.yaml"), NULL), ERR_NONE);
	assert_int_equal(place.settings.claim_window, 3 * 60 * 1000);
	assert_int_equal(
		read_all("--config", path_of("a.yaml"), "--claim-window=4m", NULL),
		ERR_NONE);
	assert_int_equal(place.settings.claim_window, 4 * 60 * 1000);
	assert_string_equal(place.settings.region, "eu-west-1");
}

static void
a_service_with_a_parent_hears_its_parent_alone(void **state)
{
	(void)state;
	put("a.yaml", "region: eu-west-1\n");
	setenv("ONECLICKD_CLAIM_WINDOW", "3m", 1);
	setenv("ONECLICKD_CONFIG", path_of("a.yaml"), 1);
	assert_int_equal(read_all("--with-parent", NULL), ERR_NONE);
	assert_int_equal(place.settings.claim_window, 15 * 60 * 1000);
	assert_string_equal(place.settings.region, "us-west-2");
	assert_int_equal(read_all(NULL, NULL), ERR_NONE);
	assert_string_equal(place.settings.region, "eu-west-1");
}

static void
what_is_empty_says_nothing(void **state)
{
	(void)state;
	setenv("ONECLICKD_CLAIM_WINDOW", "", 1);
	assert_int_equal(read_file("claim-window:\n"), ERR_NONE);
	assert_int_equal(place.settings.claim_window, 15 * 60 * 1000);
	assert_int_equal(read_file(""), ERR_NONE);
}

/* ---- what is wrong ---- */

static void
every_problem_is_told_with_its_place(void **state)
{
	(void)state;
	setenv("ONECLICKD_CLAIM_WINDOW", "soon", 1);
	assert_int_equal(read_file("claim-windw: 5m\n\n  # no\nkeep-events: 3\naccount: "
				   "123456789012\nregion: [a]\nwith-parent: true\n"),
		ERR_INVALID);
	expect_told("a.yaml:1:1: \"claim-windw\" is not known here; did you mean "
		    "\"claim-window\"?\n"
		    "a.yaml:4:1: keep-events takes a duration like 90s, 15m, 12h or "
		    "400d, not '3'.\n"
		    "a.yaml:5:1: account takes 12 digits in quotes, so that they stay a "
		    "text.\n"
		    "a.yaml:6:1: region takes REGION, not a list.\n"
		    "a.yaml:7:1: \"with-parent\" is not known here; leave it out.\n"
		    "ONECLICKD_CLAIM_WINDOW takes a duration like 90s, 15m, 12h or 400d, "
		    "not 'soon'.\n");
}

/* What a word of the command line is refused for; "" is taken. */
static void
every_option_takes_what_it_says_and_nothing_else(void **state)
{
	static const struct {
		const char *word, *says;
	} rows[] = {
		{ "--claim-window=999999s", "" },
		{ "--claim-window=1000000s", "a duration like" },
		{ "--claim-window=0m", "a duration like" },
		{ "--claim-window=5", "a duration like" },
		{ "--claim-window=5w", "a duration like" },
		{ "--claim-window=5mm", "a duration like" },
		{ "--claim-window=m", "a duration like" },
		{ "--throttle=0", "" },
		{ "--throttle=-1", "a number from 0 to 1000000" },
		{ "--throttle=1000001", "a number from 0 to 1000000" },
		{ "--throttle=many", "a number from 0 to 1000000" },
		{ "--account=123456789012", "" },
		{ "--account=12345678901", "an account of 12 digits" },
		{ "--account=12345678901x", "an account of 12 digits" },
		{ "--region=us-west-2", "" },
		{ "--region=US", "a region like" },
		{ "--listen=127.0.0.1:0", "" },
		{ "--listen=[::1]:65535", "" },
		{ "--listen=my-host.example:80", "" },
		{ "--listen=127.0.0.1:65536", "ADDRESS:PORT" },
		{ "--listen=127.0.0.1:-1", "ADDRESS:PORT" },
		{ "--listen=127.0.0.1:http", "ADDRESS:PORT" },
		{ "--listen=127.0.0:80", "ADDRESS:PORT" },
		{ "--listen=[::g]:80", "ADDRESS:PORT" },
		{ "--listen=a b:80", "ADDRESS:PORT" },
		{ "--listen=:80", "ADDRESS:PORT" },
		{ "--listen=80", "ADDRESS:PORT" },
		{ "--trusted-proxies=10.0.0.0/8,::1", "" },
		{ "--trusted-proxies=proxy.example", "proxy.example" },
		{ "--trusted-proxies=10.0.0.0/33", "10.0.0.0/33" },
		{ "--proxy-header=Forwarded", "" },
		{ "--proxy-header=Forward", "X-Forwarded-For|Forwarded" },
		{ "--proxy-header=X-Forwarded-For|Forwarded",
			"X-Forwarded-For|Forwarded" },
		{ "--audit=counted", "" },
		{ "--audit=loose", "strict|counted" },
		{ "--mqtt=mqtt://h", "" },
		{ "--mqtt=http://h", "mqtt" },
		{ "--with-parent=yes", "takes nothing" },
		{ "--state", "it is missing" },
		{ "--stat=x", "did you mean" },
		{ "state", "state" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *argv[] = { mem_text(place.life, rows[i].word), NULL };
		struct settings words;
		struct fault why = { .sentence = "" };
		enum err err = settings_read_words(1, argv, &words, &why);

		if (err != (*rows[i].says ? ERR_INVALID : ERR_NONE) ||
			!strstr(why.sentence, rows[i].says))
			fail_msg("%s: %d \"%s\"", rows[i].word, (int)err, why.sentence);
	}
}

static void
an_option_given_twice_is_refused(void **state)
{
	char *argv[] = { mem_text(place.life, "--region"), mem_text(place.life, "a"),
		mem_text(place.life, "--region=b"), NULL };
	struct settings words;
	struct fault why;

	(void)state;
	assert_int_equal(settings_read_words(3, argv, &words, &why), ERR_INVALID);
	assert_string_equal(why.sentence, "--region was given twice.");
}

static void
of_the_file_lists_are_taken_where_there_may_be_several(void **state)
{
	(void)state;
	assert_int_equal(read_file("trusted-proxies: [10.0.0.0/8, '::1']\n"), ERR_NONE);
	assert_string_equal(place.settings.trusted_proxies, "10.0.0.0/8, ::1");
	assert_int_equal(read_file("trusted-proxies: [10.0.0.0/8, 7]\n"), ERR_INVALID);
	assert_non_null(strstr(place.told, "trusted-proxies takes"));
	assert_int_equal(read_file("with-parent: {a: b}\n"), ERR_INVALID);
	assert_int_equal(read_file("throttle: 1.5\n"), ERR_INVALID);
	assert_int_equal(read_file("throttle: 20\n"), ERR_NONE);
}

static void
the_file_holds_no_password(void **state)
{
	(void)state;
	assert_int_equal(read_file("mqtt: mqtt://u:secret@h:1883\n"), ERR_INVALID);
	expect_told("a.yaml:1:1: mqtt has a password in it; keep that in a file of its "
		    "own, which mqtt-password-file names.\n");
	assert_int_equal(read_file("mqtt: mqtt://u@h:1883\n"), ERR_NONE);
	assert_int_equal(read_file("mqtt: mqtt://h:1883\n"), ERR_NONE);
}

static void
a_file_that_is_no_map_or_no_yaml_is_told_of(void **state)
{
	(void)state;
	assert_int_equal(read_file("- a\n"), ERR_INVALID);
	expect_told("a.yaml:1:1: A map is needed here, not a list.\n");
	assert_int_equal(read_file("a: [\n"), ERR_INVALID);
	assert_non_null(strstr(place.told, "a.yaml:2:1: "));
	assert_int_equal(read_all("--config", path_of("none.yaml"), NULL), ERR_INVALID);
	expect_told("none.yaml: No such file or directory\n");
}

static void
a_file_that_others_may_write_to_is_refused(void **state)
{
	(void)state;
	put("a.yaml", "region: eu-west-1\n");
	chmod(path_of("a.yaml"), 0664);
	assert_int_equal(read_all("--config", path_of("a.yaml"), NULL), ERR_INVALID);
	expect_told("a.yaml: others may write to it; say chmod go-w.\n");
}

/* ---- the files beside it ---- */

static void
files_beside_it_are_read_in_the_order_of_their_names(void **state)
{
	(void)state;
	mkdir(path_of("conf.d"), 0755);
	put("conf.d/20.yaml", "region: eu-west-1\n");
	put("conf.d/10.yaml", "clock-skew: 1m\n");
	put("conf.d/.hidden.yaml", "nonsense: 1\n");
	put("conf.d/readme", "nonsense: 1\n");
	assert_int_equal(read_file("claim-window: 1m\n"), ERR_NONE);
	assert_string_equal(place.settings.region, "eu-west-1");
	assert_int_equal(place.settings.clock_skew, 60 * 1000);
	assert_string_equal(place.settings.file->key[1], "clock-skew");
}

static void
a_key_in_two_files_is_refused_naming_both(void **state)
{
	(void)state;
	mkdir(path_of("conf.d"), 0755);
	put("conf.d/10.yaml", "clock-skew: 1m\nregion: x-1\n");
	assert_int_equal(read_file("region: eu-west-1\n"), ERR_INVALID);
	expect_told("conf.d/10.yaml:2:1: \"region\" stands in a.yaml:1:1 too; keep it in "
		    "one file.\n");
}

/* ---- a reload ---- */

static void
a_reload_holds_what_needs_a_restart_and_names_it(void **state)
{
	struct settings running;

	(void)state;
	assert_int_equal(read_file("region: eu-west-1\nclaim-window: 1m\n"), ERR_NONE);
	running = place.settings;
	assert_int_equal(
		read_file("region: eu-west-2\nclaim-window: 2m\nmqtt: mqtt://a\n"),
		ERR_NONE);
	assert_string_equal(
		settings_hold(place.life, &running, &place.settings), "mqtt, region");
	assert_string_equal(place.settings.region, "eu-west-1");
	assert_null(place.settings.mqtt);
	assert_int_equal(place.settings.claim_window, 2 * 60 * 1000);
	assert_null(settings_hold(place.life, &running, &place.settings));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(each_layer_is_over_the_one_before),
		TEST(a_service_with_a_parent_hears_its_parent_alone),
		TEST(what_is_empty_says_nothing),
		TEST(every_problem_is_told_with_its_place),
		TEST(every_option_takes_what_it_says_and_nothing_else),
		TEST(an_option_given_twice_is_refused),
		TEST(of_the_file_lists_are_taken_where_there_may_be_several),
		TEST(the_file_holds_no_password),
		TEST(a_file_that_is_no_map_or_no_yaml_is_told_of),
		TEST(a_file_that_others_may_write_to_is_refused),
		TEST(files_beside_it_are_read_in_the_order_of_their_names),
		TEST(a_key_in_two_files_is_refused_naming_both),
		TEST(a_reload_holds_what_needs_a_restart_and_names_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
