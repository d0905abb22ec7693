/*
 * A service for tests: a store in a folder of its own, lanes, hub and a server on a Unix
 * socket that takes our own user for the account's; and a client that speaks raw HTTP.
 */
#ifndef ONECLICK_TESTS_RIG_H
#define ONECLICK_TESTS_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/intake.h"
#include "oneclick/service/server.h"
#include "oneclick/service/service.h"
#include "oneclick/service/trail.h"
#include "oneclick/store/devices.h"
#include "oneclick/store/events.h"

#define DEVICE "G030PM0123456789"

static struct rig {
	void *life;
	char folder[64];
	char socket[80];
	struct service service;
	struct server *server;
} rig;

static inline void
on_broken(void *arg, const char *sentence)
{
	(void)arg;
	fail_msg("%s", sentence);
}

static inline void
on_request(void *arg, struct exchange *exchange)
{
	if (strcmp(exchange->request.path, "/stream") == 0)
		stream_take(arg, exchange);
	else
		ingest_http_take(arg, exchange);
}

static inline void
flush_hub(void *arg)
{
	hub_flush(arg);
}

static inline int
open_rig(void **state)
{
	struct service *s = &rig.service;
	struct fault why;

	(void)state;
	rig = (struct rig){ .life = mem_life(NULL),
		.folder = "/tmp/oneclick-rig.XXXXXX" };
	assert_non_null(mkdtemp(rig.folder));
	snprintf(rig.socket, sizeof rig.socket, "unix:%s/socket", rig.folder);
	s->settings = (struct settings){ .state = rig.folder,
		.region = "us-west-2",
		.account = ACCOUNT_DEFAULT,
		.claim_window = CLAIM_WINDOW_DEFAULT,
		.clock_skew = 5 * 60 * 1000 };
	s->loop = loop_new();
	if (store_open(rig.folder, &s->store, &why))
		fail_msg("%s", why.sentence);
	if (intake_open(rig.life, &s->settings, s->store, &s->intake, &why))
		fail_msg("%s", why.sentence);
	s->counts = counts_new(rig.life);
	s->lanes = lanes_start(s->store, s->loop, 2, on_broken, NULL);
	s->hub = hub_new(rig.life);
	s->trail = trail_new(rig.life, s);
	loop_before_sleep(s->loop, flush_hub, s->hub);
	if (server_open(s->loop, rig.socket, on_request, s, &rig.server, &why))
		fail_msg("%s", why.sentence);
	return 0;
}

static inline int
close_rig(void **state)
{
	struct service *s = &rig.service;
	char command[128];

	(void)state;
	server_close(rig.server);
	trail_close(s->trail);
	lanes_stop(s->lanes);
	store_close(s->store);
	loop_free(s->loop);
	mem_free(rig.life);
	snprintf(command, sizeof command, "rm -rf %s", rig.folder);
	return system(command);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_rig, close_rig)

/* ---- what is in the store ---- */

struct errand {
	struct job job;
	store_fn fn;
	void *arg;
	bool over;
};

static inline enum err
run_errand(struct job *job, struct tx *tx)
{
	struct errand *errand = (struct errand *)job;

	return errand->fn(tx, errand->arg, &job->why);
}

static inline void
end_errand(struct job *job)
{
	((struct errand *)job)->over = true;
}

/* One transaction on a lane, waited for. */
static inline void
rig_do(enum lane lane, store_fn fn, const void *arg)
{
	struct errand errand = { .fn = fn, .arg = (void *)(uintptr_t)arg };

	errand.job = (struct job){ .lane = lane, .run = run_errand, .done = end_errand };
	lanes_submit(rig.service.lanes, &errand.job);
	while (!errand.over)
		loop_turn(rig.service.loop);
	if (errand.job.result != ERR_NONE)
		fail_msg("%s", errand.job.why.sentence);
}

static inline enum err
add_device(struct tx *tx, void *arg, struct fault *why)
{
	enum err err = devices_add(tx, arg, why);

	return err ? err : devices_save(tx, arg, why);
}

static inline void
keep_device(const struct device *device)
{
	rig_do(LANE_WRITE, add_device, device);
}

/* A claimed device of the local account. */
static inline void
own_device(const char *id)
{
	struct device device = { .id = id,
		.account = ACCOUNT_DEFAULT,
		.type = "button",
		.tags = "{}",
		.state = DEVICE_CLAIMED,
		.life = 100 };

	keep_device(&device);
}

struct presses {
	const char *id;
	int count;
};

static inline enum err
take_presses(struct tx *tx, void *arg, struct fault *why)
{
	const struct presses *presses = arg;
	const struct report report = { .device_id = presses->id, .life = -1 };
	void *life = mem_life(NULL);
	enum err err = ERR_NONE;

	for (int i = 0; err == ERR_NONE && i < presses->count; i++) {
		struct event event;
		bool again;

		err = ingest_take(tx, life, &report, NULL, CLAIM_WINDOW_DEFAULT,
			moment_now(), &event, &again, why);
	}
	mem_free(life);
	return err;
}

static inline void
press(const char *id, int count)
{
	rig_do(LANE_WRITE, take_presses, &(struct presses){ id, count });
	hub_tell(rig.service.hub);
}

/* ---- the client ---- */

struct client {
	int fd;
	bool over;      /* the server has closed */
	struct buf got; /* all bytes so far */
};

static inline struct client
client_open(void)
{
	struct client client = { .fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0) };
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	strcpy(to.sun_path, rig.socket + strlen("unix:"));
	assert_int_equal(connect(client.fd, (struct sockaddr *)&to, sizeof to), 0);
	buf_init(&client.got, rig.life, BUF_NO_CAP);
	return client;
}

static inline void
client_send(struct client *client, const char *bytes)
{
	assert_int_equal(send(client->fd, bytes, strlen(bytes), 0), strlen(bytes));
}

static inline void
client_turn(struct client *client)
{
	char bytes[64 * 1024];
	ssize_t n = recv(client->fd, bytes, sizeof bytes, 0);

	if (n > 0)
		buf_add(&client->got, bytes, (size_t)n);
	client->over = n == 0;
	loop_turn(rig.service.loop);
	if (n < 0 && errno == EAGAIN)
		usleep(500);
}

#define client_until(client, condition) \
	do { \
		int64_t end = moment_ticks() + 20 * 1000; \
		while (!(condition)) { \
			client_turn(client); \
			if (moment_ticks() > end) \
				fail_msg("never: %s; got %s", #condition, \
					(client)->got.data); \
		} \
	} while (0)
#define client_has(client, text) (strstr((client)->got.data, text) != NULL)

/* The body so far, the chunks' own lines taken out. */
static inline const char *
client_body(const struct client *client)
{
	const char *at = strstr(client->got.data, "\r\n\r\n");
	const char *end = client->got.data + client->got.len;
	struct buf body;

	buf_init(&body, rig.life, BUF_NO_CAP);
	for (at = at ? at + 4 : end; at < end;) {
		char *line;
		size_t n = strtoul(at, &line, 16), here;

		if (n == 0 || strncmp(line, "\r\n", 2) != 0)
			break;
		here = (size_t)(end - line - 2);
		buf_add(&body, line + 2, n < here ? n : here);
		at = line + 2 + n + 2;
	}
	return body.data;
}

static inline int
count_of(const char *text, const char *part)
{
	int count = 0;

	for (; (text = strstr(text, part)); text++)
		count++;
	return count;
}

#endif
