/* Programs as sinks: hostile data, hostile programs. */
#include "../skip.h"
#include "sinks.h"

#include <ctype.h>
#include <time.h>

/* Opens a sink on a script of this text; `more` is further lines of its section. */
static void
open_script(const char *text, const char *more)
{
	char *path =
		write_file("script", 0755, mem_format(rig.life, "#!/bin/sh\n%s", text));

	open_sink("exec", mem_format(rig.life, "command: [%s, \"-o\", \"a b\"]\n%s%s",
				  path, geteuid() == 0 ? "user: nobody\n" : "", more));
}

/* A file the script may write, and what stands in it. */
static const char *
output(void)
{
	char *path = write_file("output", 0666, "");

	return path;
}

static const char *
content(const char *path)
{
	char *text = mem_array(rig.life, char, 64 * 1024);
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	text[fread(text, 1, 64 * 1024 - 1, file)] = '\0';
	fclose(file);
	return text;
}

static void
the_event_comes_on_standard_input_and_its_names_in_the_environment(void **state)
{
	const char *path = output();

	(void)state;
	open_script(mem_format(rig.life,
			    "{ cat; echo; echo \"$# $1 $2\"; env | grep -v ^PWD | sort; "
			    "} > %s",
			    path),
		"");
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	assert_string_equal(content(path),
		"{\"deviceEvent\":{}}\n2 -o a b\n"
		"ONECLICK_ATTEMPT=1\nONECLICK_CALLBACK=" SMS_ARN "\n"
		"ONECLICK_CLICK_TYPE=SINGLE\nONECLICK_DEVICE_ID=" DEVICE "\n"
		"ONECLICK_EVENT_ID=e-1\nONECLICK_PLACEMENT=customer217\n"
		"ONECLICK_PROJECT=Dumpsters\nONECLICK_TEMPLATE=request\n");
}

static void
nothing_in_the_event_is_ever_run(void **state)
{
	static const char *const evil[] = { "$(id)", "`id`", "; id", "| id", "\n id",
		"-o /tmp/x", "--help", "' id '", "\" id \"", "${IFS}id", "() { :;}; id",
		"../../x", "%s%n", "\\x41" };

	(void)state;
	for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
		const char *path = output(), *wanted;

		rig.event.event_id = rig.event.device_id = evil[i];
		rig.parcel.project = rig.parcel.placement = evil[i];
		rig.parcel.json = mem_format(rig.life, "{\"a\":\"%s\"}", evil[i]);
		rig.parcel.json_len = strlen(rig.parcel.json);
		pairs_set(rig.attributes, evil[i], evil[i]);
		open_script(mem_format(rig.life,
				    "{ cat; printf '|%%s|%%s|%%s' \"$ONECLICK_EVENT_ID\" "
				    "\"$ONECLICK_PROJECT\" \"$*\"; } > %s",
				    path),
			"");
		assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
		wanted = mem_format(rig.life, "{\"a\":\"%s\"}|%s|%s|-o a b", evil[i],
			evil[i], evil[i]);
		assert_string_equal(content(path), wanted);
	}
}

static void
the_exit_status_decides(void **state)
{
	static const struct {
		const char *script;
		enum outcome outcome;
		const char *says;
	} row[] = {
		{ "exit 0", OUTCOME_DELIVERED, "" },
		{ "echo one; echo 'no such room' >&2; exit 1", OUTCOME_AGAIN,
			"The program ended with 1. no such room" },
		{ "exit 63", OUTCOME_AGAIN, "ended with 63" },
		{ "exit 64", OUTCOME_NEVER, "ended with 64" },
		{ "exit 74", OUTCOME_NEVER, "ended with 74" },
		{ "exit 75", OUTCOME_AGAIN, "ended with 75" },
		{ "exit 76", OUTCOME_NEVER, "ended with 76" },
		{ "exit 78", OUTCOME_NEVER, "ended with 78" },
		{ "exit 79", OUTCOME_AGAIN, "ended with 79" },
		{ "exit 255", OUTCOME_AGAIN, "ended with 255" },
		{ "kill -9 $$", OUTCOME_AGAIN, "signal 9" },
		{ "printf '\\033[2Jx'; exit 1", OUTCOME_AGAIN, "^[[2Jx" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		open_script(row[i].script, "");
		assert_int_equal(send_parcel(), row[i].outcome);
		expect_sentence(row[i].says);
	}
}

static void
who_ignores_his_end_is_ended_all_the_same(void **state)
{
	(void)state;
	rig.parcel.timeout = 100;
	open_script("trap '' TERM; while :; do sleep 1; done", "");
	assert_int_equal(send_parcel(), OUTCOME_AGAIN);
	expect_sentence("ran for too long");
}

static void
who_is_asked_to_end_may_do_so(void **state)
{
	const char *path = output();

	(void)state;
	rig.parcel.timeout = 500;
	open_script(
		mem_format(rig.life,
			"trap 'echo swept >> %s; exit 0' TERM; sleep 600 & wait", path),
		"");
	assert_int_equal(send_parcel(), OUTCOME_AGAIN);
	expect_sentence("ran for too long");
	assert_string_equal(content(path), "swept\n");
}

static void
who_prints_without_end_is_ended(void **state)
{
	(void)state;
	open_script("while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done",
		"max-output: 100000\n");
	assert_int_equal(send_parcel(), OUTCOME_AGAIN);
	expect_sentence("more than 100000 bytes");
	open_script("head -c 10000000 /dev/zero; exit 0", "max-output: 20000000\n");
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
}

static void
who_does_not_read_is_not_waited_for(void **state)
{
	enum { SIZE = 1024 * 1024 };
	char *json = mem_array(rig.life, char, SIZE + 1);

	(void)state;
	memset(json, ' ', SIZE);
	rig.parcel.json = json;
	rig.parcel.json_len = SIZE;
	open_script("exec <&-; exit 0", "");
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	open_script("test $(wc -c) = 1048576", "");
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
}

/* The pipe's other end stays open in it; nobody waits for that either. */
static void
a_grandchild_left_behind_is_ended(void **state)
{
	const char *path = output(), *stat;

	(void)state;
	open_script(mem_format(rig.life,
			    "sh -c 'trap \"\" HUP TERM; echo $$ > %s; exec sleep 600' &\n"
			    "while ! test -s %s; do :; done; exit 0",
			    path, path),
		"");
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	stat = mem_format(rig.life, "/proc/%d/stat", atoi(content(path)));
	for (int i = 0;
		i < 1000 && access(stat, F_OK) == 0 && !strstr(content(stat), ") Z ");
		i++)
		usleep(10 * 1000);
	assert_true(access(stat, F_OK) != 0 || strstr(content(stat), ") Z "));
}

/* Its user's processes are counted, ours are not: only then is there a limit. */
static void
a_fork_bomb_fizzles_out(void **state)
{
	(void)state;
	skip_unless(geteuid() == 0, "only root may run a program as another user");
	rig.parcel.timeout = 1500;
	open_script("bomb() { bomb | bomb & }; bomb; sleep 600", "");
	assert_int_equal(send_parcel(), OUTCOME_AGAIN);
	open_script("exit 0", "");
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
}

static void
memory_is_limited(void **state)
{
	(void)state;
	open_script("exec python3 -c 'x = bytearray(700 * 1024 * 1024)'", "");
	assert_int_equal(send_parcel(), OUTCOME_AGAIN);
	expect_sentence("MemoryError");
}

static void
what_is_cancelled_ends_and_is_not_told(void **state)
{
	void *handle;

	(void)state;
	open_script("sleep 600", "");
	handle = rig.class->send(rig.sink, &rig.parcel, on_outcome, NULL);
	rig.class->cancel(handle);
	open_script("exit 0", "");
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	assert_int_equal(rig.told, 1);
}

static void
a_program_that_has_gone_may_come_back(void **state)
{
	(void)state;
	open_script("exit 0", "");
	unlink(mem_format(rig.life, "%s/script", rig.folder));
	assert_int_equal(send_parcel(), OUTCOME_AGAIN);
	expect_sentence("cannot be started: No such file");
}

static const char *
write_into_open_folder(const char *text)
{
	const char *folder = mem_format(rig.life, "%s/shared", rig.folder);
	const char *path;

	assert_int_equal(mkdir(folder, 0700), 0);
	path = write_file("shared/script", 0755, text);
	assert_int_equal(chmod(folder, 0777), 0);
	return path;
}

static void
what_is_not_safe_to_run_is_refused(void **state)
{
	const char *good = write_file("good", 0755, "#!/bin/sh\n");
	const char *plain = write_file("plain", 0644, "#!/bin/sh\n");
	const char *open = write_file("open", 0777, "#!/bin/sh\n");
	const char *inside = write_into_open_folder("#!/bin/sh\n");
	const struct {
		const char *yaml, *says;
	} row[] = {
		{ "user: nobody", "\"command\" is needed" },
		{ "command: []", "command" },
		{ "command: /bin/true", "command" },
		{ "command: [true]", "command" },
		{ "command: [bin/true]", "absolute" },
		{ "command: [/nowhere]", "no program" },
		{ "command: [/tmp]", "no program" },
		{ "command: [/bin/echo, \"{{Name}}\"]", "standard input" },
		{ mem_format(rig.life, "command: [%s]", plain), "chmod +x" },
		{ mem_format(rig.life, "command: [%s]", open), "may change" },
		{ mem_format(rig.life, "command: [%s]", inside), "shared (mode 777)" },
		{ mem_format(rig.life, "command: [%s]\nuser: no-such-user", good),
			"no user" },
		{ mem_format(rig.life, "command: [%s]\nshell: true", good), "not known" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		if (!strstr(refused("exec", row[i].yaml), row[i].says))
			fail_msg("%s\n%s", row[i].yaml, refused("exec", row[i].yaml));
	if (geteuid() != 0)
		return;
	assert_non_null(strstr(
		refused("exec", mem_format(rig.life, "command: [%s]", good)), "root"));
	assert_non_null(strstr(
		refused("exec", mem_format(rig.life, "command: [%s]\nuser: root", good)),
		"another user"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SINK_TEST(
			the_event_comes_on_standard_input_and_its_names_in_the_environment),
		SINK_TEST(nothing_in_the_event_is_ever_run),
		SINK_TEST(the_exit_status_decides),
		SINK_TEST(who_ignores_his_end_is_ended_all_the_same),
		SINK_TEST(who_is_asked_to_end_may_do_so),
		SINK_TEST(who_prints_without_end_is_ended),
		SINK_TEST(who_does_not_read_is_not_waited_for),
		SINK_TEST(a_grandchild_left_behind_is_ended),
		SINK_TEST(a_fork_bomb_fizzles_out),
		SINK_TEST(memory_is_limited),
		SINK_TEST(what_is_cancelled_ends_and_is_not_told),
		SINK_TEST(a_program_that_has_gone_may_come_back),
		SINK_TEST(what_is_not_safe_to_run_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
