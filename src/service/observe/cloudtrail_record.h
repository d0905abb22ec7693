/* One audit record as LookupEvents tells of it. */
#ifndef ONECLICK_SERVICE_OBSERVE_CLOUDTRAIL_RECORD_H
#define ONECLICK_SERVICE_OBSERVE_CLOUDTRAIL_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/data/json.h"

enum { RECORD_RESOURCES = 4 };

struct record_resource {
	const char *type, *name;
};

struct record {
	const char *id, *name, *source, *user, *access_key; /* NULL: not in it */
	bool read_only;
	struct record_resource resource[RECORD_RESOURCES];
	size_t resources;
};

/* Takes the record apart; its texts live as long as ctx. */
enum err record_of(
	const void *ctx, const char *json, struct record *out, struct fault *why);
/* "EventId" and its like, and whether the record has the value. */
bool record_has_key(const char *key);
bool record_matches(const struct record *record, const char *key, const char *value);
void record_write(
	struct json *j, const struct record *record, int64_t at, const char *json);

#endif
