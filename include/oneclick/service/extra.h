/*
 * Calls beside the contract: one path from authentication to audit record for all of them,
 * on a lane, like an operation's.  Rows of api/extras.def come in at their paths; the doors
 * of other AWS APIs (CloudTrail, CloudWatch) bring rows of their own.
 */
#ifndef ONECLICK_SERVICE_EXTRA_H
#define ONECLICK_SERVICE_EXTRA_H

#include "oneclick/api/extra.h"
#include "oneclick/base/buf.h"
#include "oneclick/data/json.h"
#include "oneclick/data/pairs.h"
#include "oneclick/data/value.h"
#include "oneclick/service/principal.h"
#include "oneclick/service/service.h"

struct extra_call {
	const void *ctx; /* lives as long as the request */
	struct tx *tx;
	const struct settings *settings;
	const unsigned char *secret; /* signs page tokens */
	const struct principal *principal;
	const struct pairs *query; /* decoded */
	const struct value *body;  /* JSON object; NULL when there is no body */
	int64_t now;
	const char *request_id;
	struct buf *out;  /* the reply's body */
	const char *type; /* its Content-Type; NULL: JSON */
};
typedef enum err (*extra_fn)(struct extra_call *call, struct fault *why);

struct extra_row {
	const char *name, *action;
	const char *resource; /* what a policy names; "*" */
	const char *source;   /* of the audit record: "iot1click.amazonaws.com" */
	const char *signing;  /* the signature's service; NULL: the contract's */
	bool is_write;
	extra_fn handle;
	/* How a refusal is worded; NULL: as the contract does. */
	void (*refuse)(struct reply *reply, enum problem problem, const char *sentence);
};

/* Answers a request at the path of a row of extras.def. */
void extra_take(struct service *service, struct exchange *exchange, enum extra extra);
/* Answers it by this row; `query` and `body` (either may be NULL: then the request's own
 * query, and no body) live as long as the exchange's http. */
void extra_run(struct service *service, struct exchange *exchange,
	const struct extra_row *row, const struct pairs *query, const struct value *body);

/* The handlers of extras.def. */
#define EXTRA(id, name, ...) \
	enum err handle_##name(struct extra_call *call, struct fault *why);
#include "oneclick/api/extras.def"
#undef EXTRA

/* maxResults of the query, 1 to 250, or 100; ERR_INVALID says so. */
enum err extra_limit(const struct extra_call *call, int *out, struct fault *why);
/* Lists by position, newest first: where this page begins, `first` when there is no
 * nextToken; and the nextToken of the page after the position `last`. `query` words what is
 * listed. */
enum err extra_before(const struct extra_call *call, const char *query, int64_t first,
	int64_t *out, struct fault *why);
void extra_go_on(
	const struct extra_call *call, struct json *j, const char *query, int64_t last);

#endif
