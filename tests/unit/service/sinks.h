/* A sink by itself: opened from YAML, given one parcel, and what came of it. */
#ifndef ONECLICK_TESTS_SINKS_H
#define ONECLICK_TESTS_SINKS_H

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
#include "oneclick/data/yaml.h"
#include "oneclick/service/sink.h"

#define DEVICE "G030PM0123456789"
#define SMS_ARN "arn:aws:lambda:us-west-2:000000000000:function:iot1click_onclick_sms"

static struct sinks_rig {
	void *life;
	char folder[64];
	struct sink_world world;
	struct reach *reach;
	const struct sink_class *class;
	void *sink; /* NULL: none is open */
	struct pairs *attributes;
	struct event event;
	struct parcel parcel;
	struct outcome_report report;
	int told;
} rig;

static inline int
set_up(void **state)
{
	(void)state;
	memset(&rig, 0, sizeof rig);
	rig.life = mem_life(NULL);
	strcpy(rig.folder, "/tmp/oneclick-sinks.XXXXXX");
	assert_non_null(mkdtemp(rig.folder));
	chmod(rig.folder, 0755);
	rig.reach = reach_new(rig.life);
	rig.world.loop = loop_new();
	rig.world.transfers = transfers_new(NULL, rig.world.loop);
	rig.world.reach = rig.reach;
	rig.world.region = "us-west-2";
	rig.world.account = "000000000000";
	rig.attributes = pairs_new(rig.life);
	rig.event = (struct event){
		.pos = 7,
		.at = INT64_C(1525476393747),
		.reported_at = INT64_C(1525476393747),
		.account = "000000000000",
		.device_id = DEVICE,
		.event_id = "e-1",
		.kind = EVENT_SINGLE,
		.life = 99.5,
		.seq = 1,
	};
	rig.parcel = (struct parcel){
		.event = &rig.event,
		.callback = SMS_ARN,
		.source = "arn:aws:iot1click:us-west-2:000000000000:devices/" DEVICE,
		.json = "{\"deviceEvent\":{}}",
		.json_len = strlen("{\"deviceEvent\":{}}"),
		.project = "Dumpsters",
		.placement = "customer217",
		.template_name = "request",
		.attributes = rig.attributes,
		.attempt = 1,
		.now = INT64_C(1525476394000),
		.timeout = 20 * 1000,
	};
	return 0;
}

static inline void
close_sink(void)
{
	if (rig.sink && rig.class->close)
		rig.class->close(rig.sink);
	rig.sink = NULL;
}

static inline int
tear_down(void **state)
{
	char command[128];

	(void)state;
	close_sink();
	transfers_free(rig.world.transfers);
	loop_free(rig.world.loop);
	mem_free(rig.life);
	snprintf(command, sizeof command, "rm -rf %s", rig.folder);
	return system(command);
}

static inline char *
write_file(const char *name, mode_t mode, const char *text)
{
	char *path = mem_format(rig.life, "%s/%s", rig.folder, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

static inline const struct sink_class *
class_of(const char *name)
{
	size_t n = 0;

	while (sink_at(n) && strcmp(sink_at(n)->name, name) != 0)
		n++;
	return sink_at(n);
}

static inline enum err
try_open(const char *class, const char *yaml, struct fault *why)
{
	const struct value *value;

	*why = (struct fault){ 0 };
	if (yaml_parse(rig.life, "test", yaml, strlen(yaml), &value, why))
		fail_msg("%s", why->sentence);
	rig.class = class_of(class);
	assert_non_null(rig.class);
	return rig.class->open(rig.life, value, &rig.world, &rig.sink, why);
}

static inline void
open_sink(const char *class, const char *yaml)
{
	struct fault why;

	if (try_open(class, yaml, &why) != ERR_NONE)
		fail_msg("%s", why.sentence);
}

/* The sentence that refuses it. */
static inline const char *
refused(const char *class, const char *yaml)
{
	struct fault why;

	if (try_open(class, yaml, &why) == ERR_NONE)
		fail_msg("taken: %s", yaml);
	rig.sink = NULL;
	return mem_text(rig.life, why.sentence);
}

static inline void
on_outcome(void *arg, const struct outcome_report *report)
{
	(void)arg;
	rig.report = *report;
	rig.told++;
	loop_stop(rig.world.loop);
}

/* Sends the parcel once and waits for what comes of it. */
static inline enum outcome
send_parcel(void)
{
	int told = rig.told;

	assert_non_null(rig.class->send(rig.sink, &rig.parcel, on_outcome, NULL));
	assert_int_equal(rig.told, told);
	loop_run(rig.world.loop);
	assert_int_equal(rig.told, told + 1);
	assert_true(rig.report.took >= 0);
	return rig.report.outcome;
}

static inline void
expect_sentence(const char *part)
{
	if (!strstr(rig.report.sentence, part))
		fail_msg("\"%s\" is not in \"%s\"", part, rig.report.sentence);
}

#define SINK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
