/*
 * The rig of the console's tests: the real app without terminal and network.  Keys go in
 * as messages, calls come out through the port and are answered from here as the service
 * words its answers, and what would be on the screen is compared with
 * tests/golden/screens (GOLDEN=write writes those anew).
 */
#pragma GCC diagnostic ignored "-Wunused-function"
#ifndef ONECLICK_TESTS_CONSOLE_RIG_H
#define ONECLICK_TESTS_CONSOLE_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/console/app.h"
#include "oneclick/data/json.h"

enum { RIG_CALLS = 256 };

struct rig_call {
	struct request *request; /* NULL once answered */
	enum op op;              /* OP_NONE: a press or a registration; OP_COUNT: a
				  * call beside the contract, its name begins the body */
	struct ask ask;          /* its texts are copies */
	char *body;              /* as a person reads the request */
};

struct rig {
	struct app *app;
	struct rig_call call[RIG_CALLS];
	size_t calls;
	char *copied;
	int retries;
};

static int64_t
rig_clock(void)
{
	return INT64_C(1795430512000); /* 2026-11-23T10:41:52Z */
}

static const char *
rig_copy(struct rig *rig, const char *text)
{
	return mem_text(rig, text);
}

static void
rig_port_call(void *arg, struct request *request, enum op op, const struct ask *ask)
{
	struct rig *rig = arg;
	struct rig_call *call = &rig->call[rig->calls++];

	assert_true(rig->calls < RIG_CALLS);
	*call = (struct rig_call){ .request = request, .op = op, .ask = *ask };
	call->body = client_preview(rig, op, ask);
	call->ask.device_id = rig_copy(rig, ask->device_id);
	call->ask.project_name = rig_copy(rig, ask->project_name);
	call->ask.placement_name = rig_copy(rig, ask->placement_name);
	call->ask.template_name = rig_copy(rig, ask->template_name);
	call->ask.claim_code = rig_copy(rig, ask->claim_code);
	call->ask.next_token = rig_copy(rig, ask->next_token);
}

static void
rig_port_extra(void *arg, struct request *request, enum extra extra, const char *query,
	const char *body)
{
	struct rig *rig = arg;
	struct rig_call *call = &rig->call[rig->calls++];

	*call = (struct rig_call){ .request = request, .op = OP_COUNT };
	call->body = mem_format(rig, "%s%s%s%s%s", extra_info(extra)->name,
		query ? " " : "", query ? query : "", body ? " " : "", body ? body : "");
}

static void
rig_port_press(
	void *arg, struct request *request, const char *device_id, const char *click)
{
	struct rig *rig = arg;
	struct rig_call *call = &rig->call[rig->calls++];

	*call = (struct rig_call){ .request = request, .op = OP_NONE };
	call->ask.device_id = rig_copy(rig, device_id);
	call->body = mem_format(rig, "press %s %s", device_id, click);
}

static void
rig_port_know(void *arg, struct request *request, const char *device_id)
{
	struct rig *rig = arg;
	struct rig_call *call = &rig->call[rig->calls++];

	*call = (struct rig_call){ .request = request, .op = OP_NONE };
	call->ask.device_id = rig_copy(rig, device_id);
	call->body = mem_format(rig, "know %s", device_id);
}

static void
rig_port_cancel(void *arg, struct request *request)
{
	struct rig *rig = arg;

	for (size_t i = 0; i < rig->calls; i++)
		if (rig->call[i].request == request)
			rig->call[i].request = NULL;
}

static void
rig_port_retry(void *arg)
{
	((struct rig *)arg)->retries++;
}

static void
rig_port_copy(void *arg, const char *text)
{
	struct rig *rig = arg;

	rig->copied = mem_text(rig, text);
}

static void
rig_port_nothing(void *arg)
{
	(void)arg;
}

static void
rig_port_mouse(void *arg, bool on)
{
	(void)arg;
	(void)on;
}

static struct rig *
rig_new(const struct app_options *options)
{
	struct rig *rig = mem_new(NULL, struct rig);
	struct port port = { .arg = rig,
		.call = rig_port_call,
		.extra = rig_port_extra,
		.press = rig_port_press,
		.know = rig_port_know,
		.cancel = rig_port_cancel,
		.retry = rig_port_retry,
		.copy = rig_port_copy,
		.repaint = rig_port_nothing,
		.mouse = rig_port_mouse,
		.demo = rig_port_nothing };
	struct app_options usual = { .context = "prod-eu",
		.endpoint = "https://1click.example",
		.region = "eu-central-1" };

	setenv("TZ", "UTC", 1);
	tzset();
	moment_set_clock(rig_clock);
	rig->app = app_new(rig, options ? options : &usual, &port);
	return rig;
}

static void
rig_free(struct rig *rig)
{
	mem_free(rig);
}

/* ---- going in ---- */

/* No key for a moment. */
static void
rig_rest(struct rig *rig)
{
	app_update(rig->app, &(struct msg){ .kind = MSG_REST });
	app_layout(rig->app, rig->app->rows, rig->app->cols);
}

/* Keys by their names, blank separated, and a rest after the last. */
static void
rig_keys(struct rig *rig, const char *names)
{
	char *copy = mem_text(rig, names);

	for (char *save, *at = strtok_r(copy, " ", &save); at;
		at = strtok_r(NULL, " ", &save)) {
		struct msg msg = { .kind = MSG_KEY };

		assert_int_equal(chord_parse(at, &msg.chord, NULL), ERR_NONE);
		app_update(rig->app, &msg);
		app_layout(rig->app, rig->app->rows, rig->app->cols);
	}
	rig_rest(rig);
}

static void
rig_type(struct rig *rig, const char *text)
{
	for (; *text; text++) {
		app_update(rig->app, &(struct msg){ .kind = MSG_KEY,
					     .chord = CHORD((unsigned char)*text) });
		app_layout(rig->app, rig->app->rows, rig->app->cols);
	}
}

static void
rig_command(struct rig *rig, const char *line)
{
	app_command(rig->app, line);
	app_layout(rig->app, rig->app->rows, rig->app->cols);
}

static void
rig_ready(struct rig *rig)
{
	app_update(rig->app, &(struct msg){ .kind = MSG_READY });
	app_update(rig->app, &(struct msg){ .kind = MSG_LINK, .link = LIVE_OPEN });
}

static void
rig_lose(struct rig *rig)
{
	struct fault why = { ERR_LINK, "connection refused" };

	app_update(rig->app,
		&(struct msg){ .kind = MSG_LINK, .link = LIVE_LOST, .why = &why });
}

static void
rig_live(struct rig *rig, const char *kind, const char *json)
{
	const struct value *data = NULL;

	assert_int_equal(json_parse(rig, json, strlen(json), &data, NULL), ERR_NONE);
	app_update(rig->app,
		&(struct msg){ .kind = MSG_LIVE, .pos = 1, .live = kind, .data = data });
}

static void
rig_reply(struct rig *rig, struct rig_call *call, const struct answer *answer)
{
	struct msg msg = {
		.kind = MSG_REPLY, .request = call->request, .answer = answer
	};

	assert_non_null(call->request);
	call->request = NULL;
	app_update(rig->app, &msg);
	app_layout(rig->app, rig->app->rows, rig->app->cols);
}

static void
rig_answer(struct rig *rig, struct rig_call *call, const char *json)
{
	struct answer answer = { .status = 200 };
	struct fault why;

	if (json_parse(rig, json, strlen(json), &answer.body, &why))
		fail_msg("%s: %s", why.sentence, json);
	rig_reply(rig, call, &answer);
}

static void
rig_refuse(struct rig *rig, struct rig_call *call, enum err code, const char *sentence)
{
	struct answer answer = { .code = code, .status = code == ERR_LINK ? 0 : 400 };

	fault(&answer.why, code, "%s", sentence);
	rig_reply(rig, call, &answer);
}

/* The first unanswered call of an operation. */
static struct rig_call *
rig_find(struct rig *rig, enum op op)
{
	for (size_t i = 0; i < rig->calls; i++)
		if (rig->call[i].request && rig->call[i].op == op)
			return &rig->call[i];
	fail_msg("no call of operation %d waits for an answer", (int)op);
	return NULL;
}

/* The same of a call beside the contract. */
static struct rig_call *
rig_find_extra(struct rig *rig, const char *name)
{
	for (size_t i = 0; i < rig->calls; i++)
		if (rig->call[i].request && rig->call[i].op == OP_COUNT &&
			!strncmp(rig->call[i].body, name, strlen(name)))
			return &rig->call[i];
	fail_msg("no %s waits for an answer", name);
	return NULL;
}

static bool
rig_waits(const struct rig *rig, enum op op)
{
	for (size_t i = 0; i < rig->calls; i++)
		if (rig->call[i].request && rig->call[i].op == op)
			return true;
	return false;
}

/* ---- a small fleet ---- */

#define RIG_DEVICE(id, enabled, life, attributes) \
	"{\"arn\":\"arn:aws:iot1click:eu-central-1:123456789012:devices/" id \
	"\",\"attributes\":" attributes ",\"deviceId\":\"" id "\",\"enabled\":" enabled \
	",\"remainingLife\":" life ",\"type\":\"button\",\"tags\":{}}"
#define RIG_PLACED(project, placement, template) \
	"{\"projectRegion\":\"eu-central-1\",\"projectName\":\"" project \
	"\",\"placementName\":\"" placement \
	"\",\"deviceTemplateName\":\"" template "\"}"

static const char rig_devices[] = "{\"devices\":[" RIG_DEVICE("G030PM0457511071", "true",
	"4",
	RIG_PLACED("acme-hq", "lobby-2f",
		"front-desk")) "," RIG_DEVICE("G030PM0457511881", "true", "11.5",
	RIG_PLACED("acme-hq", "wc-4f-west",
		"front-desk")) "," RIG_DEVICE("G030PM0457514501", "true", "22",
	RIG_PLACED("acme-hq", "kitchen-1f",
		"front-desk")) "," RIG_DEVICE("G030PM0457516201", "false", "18",
	RIG_PLACED("plant-7", "line-5", "andon")) "," RIG_DEVICE("G030PM0457520411",
	"true", "94",
	RIG_PLACED("plant-7", "line-3", "andon")) "," RIG_DEVICE("G030PM0457533771",
	"false", "100",
	"{}") "," RIG_DEVICE("P5SJVQ2007V8296A", "true", "100", "{}") "]}";

static const char rig_projects[] =
	"{\"projects\":[{\"arn\":\"arn:aws:iot1click:eu-central-1:123456789012:projects/"
	"acme-hq\",\"projectName\":\"acme-hq\",\"createdDate\":1770800000,"
	"\"updatedDate\":1795000000,\"tags\":{}},{\"arn\":\"arn:aws:iot1click:eu-central-"
	"1:"
	"123456789012:projects/plant-7\",\"projectName\":\"plant-7\","
	"\"createdDate\":1770900000,\"updatedDate\":1770900000,\"tags\":{}}]}";

static const char rig_project[] =
	"{\"project\":{\"arn\":\"arn:aws:iot1click:eu-central-1:123456789012:projects/"
	"acme-hq\","
	"\"projectName\":\"acme-hq\",\"description\":\"Facility requests\","
	"\"createdDate\":1770800000,\"updatedDate\":1795000000,\"placementTemplate\":{"
	"\"defaultAttributes\":{\"Building\":\"HQ-1\",\"Room\":\"TBD\"},"
	"\"deviceTemplates\":{\"front-desk\":{\"deviceType\":\"button\","
	"\"callbackOverrides\":{\"onClickCallback\":\"arn:aws:lambda:eu-central-1:"
	"123456789012:function:iot1click_onclick_email\"}}}},\"tags\":{}}}";

static const char rig_placements[] =
	"{\"placements\":["
	"{\"projectName\":\"acme-hq\",\"placementName\":\"kitchen-1f\","
	"\"createdDate\":1770800100,\"updatedDate\":1770800100},"
	"{\"projectName\":\"acme-hq\",\"placementName\":\"lobby-2f\","
	"\"createdDate\":1770800200,\"updatedDate\":1795000000},"
	"{\"projectName\":\"acme-hq\",\"placementName\":\"mail-room\","
	"\"createdDate\":1770800300,\"updatedDate\":1770800300},"
	"{\"projectName\":\"acme-hq\",\"placementName\":\"wc-4f-west\","
	"\"createdDate\":1770800400,\"updatedDate\":1770800400}]}";

static const char rig_placement[] =
	"{\"placement\":{\"projectName\":\"acme-hq\",\"placementName\":\"lobby-2f\","
	"\"attributes\":{\"Room\":\"2.114\"},\"createdDate\":1770800200,"
	"\"updatedDate\":1795000000}}";

#define RIG_CLICK(id, kind, at, life, project, placement) \
	"{\"kind\":\"" kind "\",\"deviceId\":\"" id "\",\"at\":\"2026-11-23T" at \
	"Z\",\"reportedTime\":\"2026-11-23T" at "Z\",\"remainingLife\":" life \
	",\"eventId\":\"e\",\"projectName\":\"" project \
	"\",\"placementName\":\"" placement \
	"\",\"deviceTemplateName\":\"front-desk\",\"attributes\":{}}"

/* Answers all calls that wait as the small fleet's service would. */
static void
rig_serve(struct rig *rig)
{
	static const struct {
		enum op op;
		const char *json;
	} answers[] = {
		{ OP_LIST_DEVICES, rig_devices },
		{ OP_LIST_PROJECTS, rig_projects },
		{ OP_LIST_PLACEMENTS, rig_placements },
		{ OP_DESCRIBE_PROJECT, rig_project },
		{ OP_DESCRIBE_PLACEMENT, rig_placement },
		{ OP_GET_DEVICES_IN_PLACEMENT,
			"{\"devices\":{\"front-desk\":\"G030PM0457511071\"}}" },
		{ OP_DESCRIBE_DEVICE,
			"{\"deviceDescription\":" RIG_DEVICE("G030PM0457511071", "true",
				"4",
				RIG_PLACED("acme-hq", "lobby-2f", "front-desk")) "}" },
		{ OP_GET_DEVICE_METHODS, "{\"deviceMethods\":[{\"methodName\":"
					 "\"getDeviceHealthParameters\"},"
					 "{\"methodName\":\"setOnClickCallback\"}]}" },
		{ OP_LIST_DEVICE_EVENTS,
			"{\"events\":[{\"device\":{\"deviceId\":\"G030PM0457511071\","
			"\"type\":\"button\",\"attributes\":{}},\"stdEvent\":"
			"\"{\\\"clickType\\\": \\\"SINGLE\\\", \\\"reportedTime\\\": "
			"\\\"2026-11-22T09:02:10.014Z\\\", \\\"remainingLife\\\": "
			"5}\"}]}" },
	};

	for (size_t i = 0; i < rig->calls; i++)
		for (size_t k = 0; k < sizeof(answers) / sizeof(*answers); k++)
			if (rig->call[i].request && rig->call[i].op == answers[k].op) {
				rig_answer(rig, &rig->call[i], answers[k].json);
				break;
			}
}

/* Up, loaded, live. */
static struct rig *
rig_fleet(const struct app_options *options)
{
	struct rig *rig = rig_new(options);

	rig_ready(rig);
	rig_serve(rig);
	app_layout(rig->app, 24, 80);
	return rig;
}

/* ---- coming out ---- */

static char *
rig_draw(struct rig *rig, int rows, int cols)
{
	struct canvas *canvas = canvas_new(rig, rows, cols);
	struct buf text;

	canvas->ascii = true;
	buf_init(&text, rig, BUF_NO_CAP);
	for (int i = 0; i < 2;
		i++) { /* what a first look asks for comes with the second */
		app_layout(rig->app, rows, cols);
		if (!i)
			rig_serve(rig);
	}
	app_layout(rig->app, rows, cols);
	app_draw(rig->app, canvas);
	canvas_dump(canvas, &text);
	buf_format(&text, "cursor %d %d\n", canvas->cursor_row, canvas->cursor_col);
	return text.data;
}

static char *
rig_read_file(struct rig *rig, const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = mem_array(rig, char, 65536);

	if (!file)
		return mem_text(rig, "(no such file)");
	text[fread(text, 1, 65535, file)] = '\0';
	fclose(file);
	return text;
}

static void
rig_screen(struct rig *rig, const char *name, int rows, int cols)
{
	char *path = mem_format(rig, "tests/golden/screens/%s.txt", name);
	char *now = rig_draw(rig, rows, cols);
	const char *golden = getenv("GOLDEN");

	if (golden && strcmp(golden, "write") == 0) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		fputs(now, file);
		fclose(file);
	}
	if (strcmp(now, rig_read_file(rig, path)) != 0)
		fail_msg("%s differs from what is drawn now:\n%s", path, now);
}

static bool
rig_shows(struct rig *rig, const char *text)
{
	return strstr(rig_draw(rig, 24, 80), text) != NULL;
}

#endif
