/* GET /metrics: read by a machine that has no access key. */
#include <string.h>
#include <strings.h>

#include "../secret.h"
#include "expose.h"
#include "observe.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/service/metrics.h"

#define TYPE_TEXT "text/plain; version=0.0.4; charset=utf-8"
#define TYPE_OPEN "application/openmetrics-text; version=1.0.0; charset=utf-8"

/* ---- who may read ---- */

static bool
has_token(const struct request *request, const char *path)
{
	static const char scheme[] = "Bearer ";
	const char *given = request_header(request, "Authorization"), *token;
	unsigned char left[DIGEST_SIZE], right[DIGEST_SIZE];
	void *life;
	bool same = false;
	struct fault why;

	if (!path || !given || strncasecmp(given, scheme, strlen(scheme)) != 0)
		return false;
	given += strlen(scheme);
	life = mem_life(NULL);
	if (secret_read(life, path, &token, &why)) {
		log_retry(LOG_ERROR, "the token of /metrics cannot be read: %s",
			why.sentence);
	} else {
		digest_sha256(given, strlen(given), left);
		digest_sha256(token, strlen(token), right);
		same = *token && digest_is_equal(left, right, sizeof left);
	}
	mem_free(life);
	return same;
}

/* An address proves nothing: a proxy on this machine asks for somebody else, and need not
 * say so. */
static bool
may_read(const struct service *service, const struct request *request)
{
	return request->local || has_token(request, service->settings.metrics_token_file);
}

/* ---- /metrics ---- */

struct reading {
	struct job job;
	struct exchange *exchange;
	struct scrape scrape;
};

static enum err
run_scrape(struct job *job, struct tx *tx)
{
	return scrape_read(tx, &((struct reading *)job)->scrape, &job->why);
}

static bool
wants_open_metrics(const struct request *request)
{
	const char *accept = request_header(request, "Accept");

	return accept && strstr(accept, "application/openmetrics-text");
}

static void
done_scrape(struct job *job)
{
	struct reading *reading = (struct reading *)job;
	struct exchange *exchange = reading->exchange;
	bool open = wants_open_metrics(&exchange->request);

	if (job->result) {
		reply_problem(
			&exchange->reply, problem_of(job->result), job->why.sentence);
	} else {
		exchange->reply.status = 200;
		exchange->reply.type = open ? TYPE_OPEN : TYPE_TEXT;
		expose(&exchange->reply.body, open, &reading->scrape);
	}
	exchange_send(exchange);
}

void
metrics_take(struct service *service, struct exchange *exchange)
{
	struct reading *reading = mem_new(exchange->http, struct reading);

	if (!may_read(service, &exchange->request)) {
		reply_problem(&exchange->reply, PROBLEM_ACCESS_DENIED,
			"Over TCP the metrics are read with the token of "
			"--metrics-token-file, as \"Authorization: Bearer TOKEN\"; "
			"over the Unix socket, without.");
		exchange_send(exchange);
		return;
	}
	reading->job =
		(struct job){ .lane = LANE_READ, .run = run_scrape, .done = done_scrape };
	reading->exchange = exchange;
	reading->scrape.service = service;
	reading->scrape.state = service->settings.state;
	reading->scrape.now = exchange->request.at;
	reading->scrape.dispatch = dispatch_counts(service);
	lanes_submit(service->lanes, &reading->job);
}
