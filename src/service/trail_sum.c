/* The trail's sums: of whatever has no record of its own. */
#include <stdio.h>
#include <string.h>

#include "oneclick/base/moment.h"
#include "oneclick/service/trail.h"
#include "tally.h"
#include "trail_parts.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

/* Of what was refused, and of what monitoring asks all day, which would fill the trail. */
void
trail_open_sums(struct trail *trail, struct service *service)
{
	trail->refusals = tally_new(trail, service, MINUTE);
	trail->answers = tally_new(trail, service, HOUR);
}

void
trail_close_sums(struct trail *trail)
{
	tally_close(trail->refusals);
	tally_close(trail->answers);
	trail->refusals = trail->answers = NULL;
}

void
trail_tell_lost(struct trail *trail)
{
	const struct settings *settings = &trail->service->settings;
	const struct request request = { .peer = "local", .at = moment_now() };
	const struct audit_sum lost = trail->lost;
	const struct audit_note note = {
		.op = OP_NONE,
		.name = "LoseAuditRecords",
		.source = "oneclickd",
		.is_write = true,
		.request = &request,
		.region = settings->region,
		.account = settings->account,
		.error = "NotWritten",
		.sentence = "So many audit records could not be written.",
		.sum = &lost,
	};
	struct buf out;

	trail->lost = (struct audit_sum){ 0 };
	buf_init(&out, NULL, BUF_NO_CAP);
	audit_record(&out, &note);
	trail_add(trail, request.at, note.account, note.name, out.data);
	buf_release(&out);
}

static void
add(struct service *service, const struct tally_note *note)
{
	struct trail *trail = service->trail;
	bool often = !note->error && !note->repeated;

	if (trail->refusals)
		tally_add(often ? trail->answers : trail->refusals, note);
}

void
trail_refused(struct service *service, const char *peer, const char *name,
	const char *kind, const char *sentence)
{
	const struct request request = { .peer = peer, .at = moment_now() };
	const struct tally_note note = {
		.name = name,
		.error = kind,
		.sentence = sentence,
		.request = &request,
	};

	add(service, &note);
}

/* What never was a whole request has no moment of its own. */
void
trail_reply(struct service *service, const struct exchange *exchange, const char *name)
{
	struct request request = exchange->request;
	const struct tally_note note = {
		.name = name,
		.error = exchange->reply.error,
		.sentence = exchange->reply.sentence,
		.request = &request,
		.principal = exchange->who,
		.is_write = exchange->is_write,
		.repeated = exchange->repeated,
	};

	if (request.at == 0)
		request.at = moment_now();
	if (!exchange->recorded)
		add(service, &note);
}
