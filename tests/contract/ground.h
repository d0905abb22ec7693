/* What every contract test stands on: a store of its own, on disk or in memory. */
#ifndef ONECLICK_TESTS_CONTRACT_GROUND_H
#define ONECLICK_TESTS_CONTRACT_GROUND_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/base/mem.h"
#include "oneclick/store/devices.h"
#include "oneclick/store/events.h"
#include "oneclick/store/store.h"

#define OURS "123456789012"
#define THEIRS "210987654321"

struct ground {
	char dir[64]; /* "" in memory */
	struct store *store;
	void *life;
	struct fault why;
};

static inline void
must(enum err err, const struct fault *why)
{
	if (err)
		fail_msg("%d: %s", (int)err, why->sentence);
}

static inline struct ground *
ground_new(void)
{
	struct ground *ground = mem_new(NULL, struct ground);

	ground->life = mem_life(ground);
	return ground;
}

static inline int
ground_in_memory(void **state)
{
	struct ground *ground = ground_new();

	*state = ground;
	return (int)store_open(NULL, &ground->store, &ground->why);
}

static inline int
ground_on_disk(void **state)
{
	struct ground *ground = ground_new();

	*state = ground;
	strcpy(ground->dir, "/tmp/oneclick-store-XXXXXX");
	if (!mkdtemp(ground->dir))
		return -1;
	return (int)store_open(ground->dir, &ground->store, &ground->why);
}

static inline void
remove_directory(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(path);
}

static inline int
ground_clear(void **state)
{
	struct ground *ground = *state;

	store_close(ground->store);
	if (*ground->dir)
		remove_directory(ground->dir);
	mem_free(ground);
	return 0;
}

struct in_tx {
	enum err (*fn)(struct tx *tx, void *life, struct fault *why);
	void *life;
};

#define UNUSED __attribute__((unused))

/* A test whose body runs inside one transaction of the store. */
#define TX_TEST(name) \
	static enum err name##_in(struct tx *tx, void *life, struct fault *why); \
	static void name(void **state) \
	{ \
		struct ground *ground = *state; \
		struct in_tx in = { name##_in, ground->life }; \
		must(store_write(ground->store, run_in_tx, &in, &ground->why), \
			&ground->why); \
	} \
	static enum err name##_in( \
		struct tx *tx, UNUSED void *life, UNUSED struct fault *why)

static inline enum err
run_in_tx(struct tx *tx, void *arg, struct fault *why)
{
	struct in_tx *in = arg;

	return in->fn(tx, in->life, why);
}

/* Runs the tests in memory, then on disk. */
#define RUN_BOTH(tests) \
	(run_on((tests), sizeof(tests) / sizeof(*(tests)), "in memory", \
		 ground_in_memory) + \
		run_on((tests), sizeof(tests) / sizeof(*(tests)), "on disk", \
			ground_on_disk))

static inline int
run_on(const struct CMUnitTest *tests, size_t count, const char *name,
	CMFixtureFunction setup)
{
	struct CMUnitTest *each = mem_array(NULL, struct CMUnitTest, count);
	int failed;

	memcpy(each, tests, count * sizeof(*each));
	for (size_t i = 0; i < count; i++) {
		each[i].setup_func = setup;
		each[i].teardown_func = ground_clear;
	}
	failed = _cmocka_run_group_tests(name, each, count, NULL, NULL);
	mem_free(each);
	return failed;
}

static inline struct device
a_device(const char *id)
{
	return (struct device){ .id = id, .type = "button", .tags = "{}", .life = 100 };
}

/* Registers a device and has OURS own it. */
static inline void
claim(struct tx *tx, const char *id, const char *account)
{
	struct fault why;
	struct device device = a_device(id);

	must(devices_add(tx, &device, &why), &why);
	device.account = account;
	device.state = DEVICE_CLAIMED;
	must(devices_save(tx, &device, &why), &why);
}

static inline struct event
a_click(const char *id, int64_t at)
{
	return (struct event){
		.at = at,
		.reported_at = at,
		.account = OURS,
		.device_id = id,
		.event_id = "7f0c1c1e-0000-4000-8000-000000000001",
		.kind = EVENT_SINGLE,
		.life = 99.95,
	};
}

/* Texts seen by a visitor, one blank between. */
struct seen {
	char text[4096];
	int count;
	int stop_after; /* 0: never */
};

static inline bool
see(struct seen *seen, const char *text)
{
	size_t n = strlen(seen->text);

	snprintf(seen->text + n, sizeof(seen->text) - n, "%s%s", n ? " " : "", text);
	return ++seen->count != seen->stop_after;
}

#endif
