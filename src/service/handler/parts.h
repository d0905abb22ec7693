/* What the handlers share: finding what is the caller's own, pages, and the log. */
#ifndef ONECLICK_SRC_SERVICE_HANDLER_PARTS_H
#define ONECLICK_SRC_SERVICE_HANDLER_PARTS_H

#include <stdbool.h>

#include "oneclick/api/page.h"
#include "oneclick/data/json.h"
#include "oneclick/model/device.h"
#include "oneclick/model/project.h"
#include "oneclick/service/handler.h"

/* One function an operation; the two of a tag operation are one, told apart by its API.
 */
#define OP(id, name, ...) enum err handle_##name(struct handling *h, struct fault *why);
#include "oneclick/api/ops.def"
#undef OP

/* The caller's claimed device of this ID.  Anyone else's is ERR_NOT_FOUND; one whose
 * claim is pending is `pending`. */
enum err own_device(struct handling *h, const char *id, enum err pending,
	struct device *out, struct fault *why);
/* The project, or the placement, the ask names. */
enum err own_project(struct handling *h, struct project *out, struct fault *why);
enum err own_placement(struct handling *h, struct placement *out, struct fault *why);
/* Template name to device ID of the placement the ask names. */
enum err own_slots(struct handling *h, struct pairs **out, struct fault *why);
/* The project's template as a struct; an empty one when it has none. */
enum err own_template(struct handling *h, const struct project *project,
	struct placement_template **out, struct fault *why);

/* Tells the log that the device has changed. */
enum err change_note(struct handling *h, const struct device *device,
	enum event_kind kind, struct fault *why);

/* A list's page: rows are asked for up to limit + 1, the last one only to know that there
 * is more. */
struct paging {
	const void *ctx;
	const char *query; /* what page.h ties its tokens to */
	const char *after; /* the key to go on after, "" from the start */
	int limit, count;
	bool more;
	const char *last; /* the key of the page's last row, once it is full */
};
/* `bad` as in page.h; `what`, if not NULL, words the rest of the query. */
enum err paging_open(struct handling *h, enum err bad, const char *what,
	struct paging *out, struct fault *why);
/* Counts a row in; false when it is the one too many, and the list stops. */
bool paging_takes(struct paging *page, const char *key);
/* nextToken, if there is more. */
void paging_close(struct handling *h, const struct paging *page, struct json *j);

/* Epoch seconds, as the projects API has its dates. */
void dates_write(struct json *j, int64_t created_at, int64_t updated_at);
/* {} */
enum err nothing_write(struct handling *h);

#endif
