/*
 * A small fleet for tests: a store in memory, a clock that stands still until it is
 * moved, and every operation as one line, read from the wire as the service reads it.
 */
#ifndef ONECLICK_TESTS_FLEET_H
#define ONECLICK_TESTS_FLEET_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/service/handler.h"
#include "oneclick/service/ingest.h"
#include "oneclick/store/devices.h"
#include "oneclick/store/events.h"

#define ACCOUNT "012345678910"
#define ENTERPRISE "G030PM0123456789"
#define SECOND "G030PM9876543210"
#define MINUTE (INT64_C(60) * 1000)

static struct fleet {
	void *life;
	struct store *store;
	struct settings settings;
	const char *account;
	int64_t now;
	struct buf out;
	struct fault why;
} fleet;

static int
open_fleet(void **state)
{
	(void)state;
	fleet = (struct fleet){
		.life = mem_life(NULL),
		.settings = { .region = "us-west-2", .claim_window = 15 * MINUTE },
		.account = ACCOUNT,
		.now = INT64_C(1563483100000),
	};
	buf_init(&fleet.out, fleet.life, BUF_NO_CAP);
	return store_open(NULL, &fleet.store, &fleet.why);
}

static int
close_fleet(void **state)
{
	(void)state;
	store_close(fleet.store);
	mem_free(fleet.life);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fleet, close_fleet)

struct step {
	enum op op;
	struct ask ask;
};

static inline enum err
run_step(struct tx *tx, void *arg, struct fault *why)
{
	static const unsigned char secret[DIGEST_SIZE] = "the secret of the page tokens";
	struct step *step = arg;
	struct handling handling = {
		.ctx = fleet.life,
		.tx = tx,
		.op = step->op,
		.ask = &step->ask,
		.account = fleet.account,
		.settings = &fleet.settings,
		.secret = secret,
		.now = fleet.now,
		.out = &fleet.out,
	};

	return handle(&handling, why);
}

/* "name=value name=value" */
static inline struct pairs *
read_labels(const char *labels)
{
	struct pairs *pairs = pairs_new(fleet.life);
	char *text = mem_text(fleet.life, labels), *rest = NULL;

	for (char *word = strtok_r(text, " ", &rest); word;
		word = strtok_r(NULL, " ", &rest)) {
		char *value = strchr(word, '=');

		*value = '\0';
		pairs_set(pairs, word, value + 1);
	}
	return pairs;
}

/* The reply's body is fleet.out, a refusal's sentence fleet.why. */
static inline enum err
call(enum op op, const char *labels, const char *query, const char *body)
{
	struct step step = { .op = op };
	struct ask_source from = {
		.labels = read_labels(labels),
		.query = query,
		.body = body,
		.body_len = body ? strlen(body) : 0,
	};
	enum err err;

	buf_clear(&fleet.out);
	*fleet.why.sentence = '\0';
	err = ask_read(fleet.life, op, &from, &step.ask, &fleet.why);
	return err ? err : store_write(fleet.store, run_step, &step, &fleet.why);
}

/* What must succeed does, or its sentence is shown. */
#define must(...) \
	do { \
		if ((__VA_ARGS__) != ERR_NONE) \
			fail_msg("%s", fleet.why.sentence); \
	} while (0)
#define assert_refused(err, word, ...) \
	do { \
		assert_int_equal((__VA_ARGS__), err); \
		if (!strstr(fleet.why.sentence, word)) \
			fail_msg("\"%s\" lacks \"%s\"", fleet.why.sentence, word); \
	} while (0)
#define assert_reply(json) assert_string_equal(fleet.out.data, json)
#define assert_reply_has(part) \
	do { \
		if (!strstr(fleet.out.data, part)) \
			fail_msg("%s lacks %s", fleet.out.data, part); \
	} while (0)
#define assert_reply_lacks(part) assert_null(strstr(fleet.out.data, part))

static inline enum err
add_known(struct tx *tx, void *arg, struct fault *why)
{
	return devices_add(tx, arg, why);
}

static inline void
know(const char *id, const char *claim_code)
{
	struct device device = { .id = id,
		.claim_code = claim_code,
		.type = "button",
		.tags = "{}",
		.life = 100 };

	must(store_write(fleet.store, add_known, &device, &fleet.why));
}

struct press {
	struct report report;
	const char *token;
	struct event event;
	bool again;
};

static inline enum err
take_press(struct tx *tx, void *arg, struct fault *why)
{
	struct press *p = arg;

	return ingest_take(tx, fleet.life, &p->report, p->token,
		fleet.settings.claim_window, fleet.now, &p->event, &p->again, why);
}

static inline void
press(const char *id, enum event_kind kind)
{
	struct press p = { .report = { .device_id = id, .kind = kind, .life = -1 } };

	must(store_write(fleet.store, take_press, &p, &fleet.why));
}

static inline const char *
label(const char *name, const char *value)
{
	return mem_format(fleet.life, "%s=%s", name, value);
}

static inline void
claim(const char *id)
{
	know(id, NULL);
	must(call(OP_INITIATE_DEVICE_CLAIM, label("deviceId", id), NULL, NULL));
	press(id, EVENT_SINGLE);
	must(call(OP_FINALIZE_DEVICE_CLAIM, label("deviceId", id), NULL, "{}"));
}

#define DUMPSTERS "projectName=AnytownDumpsters"
#define CUSTOMER DUMPSTERS " placementName=customer217"
#define SLOT CUSTOMER " deviceTemplateName=empty-dumpster-request"

static inline void
make_project(void)
{
	must(call(OP_CREATE_PROJECT, "", NULL,
		"{\"projectName\": \"AnytownDumpsters\", "
		"\"description\": \"All dumpsters in the Anytown region.\", "
		"\"placementTemplate\": {\"defaultAttributes\": {\"City\": \"Anytown\"}, "
		"\"deviceTemplates\": {\"empty-dumpster-request\": "
		"{\"deviceType\": \"button\"}, \"complaint\": {}}}}"));
}

static inline void
make_placement(void)
{
	must(call(OP_CREATE_PLACEMENT, DUMPSTERS, NULL,
		"{\"placementName\": \"customer217\", "
		"\"attributes\": {\"phone\": \"123-555-0110\"}}"));
}

static inline enum err
associate(const char *labels, const char *id)
{
	return call(OP_ASSOCIATE_DEVICE_WITH_PLACEMENT, labels, NULL,
		mem_format(fleet.life, "{\"deviceId\": \"%s\"}", id));
}

/* The log after a position, as words: "SINGLE CLAIMED PLACED". */
struct listing {
	struct buf words;
	char context[2048]; /* of the last event; "" when it has none */
};

static inline bool
list_kind(void *arg, const struct event *event)
{
	struct listing *list = arg;

	buf_format(&list->words, "%s%s", list->words.len ? " " : "",
		event_kind_name(event->kind));
	snprintf(list->context, sizeof list->context, "%s",
		event->context_json ? event->context_json : "");
	return true;
}

static inline enum err
read_log(struct tx *tx, void *arg, struct fault *why)
{
	return events_after(tx, fleet.account, 0, 1000, list_kind, arg, why);
}

static inline struct listing
log_kinds(void)
{
	struct listing list = { .context = "" };

	buf_init(&list.words, fleet.life, BUF_NO_CAP);
	must(store_read(fleet.store, read_log, &list, &fleet.why));
	return list;
}

#endif
