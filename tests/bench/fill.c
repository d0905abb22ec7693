/*
 * fill: puts claimed devices straight into a store, for measuring with a large fleet.
 *
 *   fill STATE-DIRECTORY COUNT [LOW-EVERY]     prints nothing; account 000000000000
 */
#include <stdio.h>
#include <stdlib.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/settings.h"
#include "oneclick/store/devices.h"

enum { BATCH = 10000 };

struct span {
	int from, to, low_every;
};

static enum err
add_span(struct tx *tx, void *arg, struct fault *why)
{
	const struct span *span = arg;
	enum err err = ERR_NONE;

	for (int i = span->from; i < span->to && !err; i++) {
		char id[33];
		struct device device = { .id = id, .type = "button", .tags = "{}" };

		snprintf(id, sizeof(id), "G030PM%010d", i);
		device.life = i % span->low_every ? 20 + i % 80 : 4 + i % 15;
		err = devices_add(tx, &device, why);
		device_claim_by_code(&device, ACCOUNT_DEFAULT, moment_now());
		device.enabled = true;
		if (!err)
			err = devices_save(tx, &device, why);
	}
	return err;
}

int
main(int argc, char **argv)
{
	struct store *store;
	struct fault why;
	int count = argc > 2 ? atoi(argv[2]) : 0;

	if (count <= 0) {
		fprintf(stderr, "fill STATE-DIRECTORY COUNT [LOW-EVERY]\n");
		return 2;
	}
	if (store_open(argv[1], &store, &why)) {
		fprintf(stderr, "fill: %s\n", why.sentence);
		return 1;
	}
	for (int at = 0; at < count; at += BATCH) {
		struct span span = { at, at + BATCH < count ? at + BATCH : count,
			argc > 3 ? atoi(argv[3]) : 20 };

		if (store_write(store, add_span, &span, &why)) {
			fprintf(stderr, "fill: %s\n", why.sentence);
			return 1;
		}
	}
	store_close(store);
	return 0;
}
