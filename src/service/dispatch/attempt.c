#include "attempt.h"

#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/base/utf8.h"

/* What nobody looks at is not kept: enough for the sentence of a fault. */
enum { ANSWER_MAX = 64 * 1024, ANSWER_SHOWN = 160 };

struct attempt *
attempt_new(struct loop *loop, outcome_fn fn, void *arg)
{
	struct attempt *attempt = mem_new(NULL, struct attempt);

	attempt->loop = loop;
	attempt->fn = fn;
	attempt->arg = arg;
	attempt->began = moment_ticks();
	attempt->judge = attempt_judge;
	attempt->report.retry_after = -1;
	return attempt;
}

void
attempt_end(struct attempt *attempt, const struct outcome_report *report)
{
	struct outcome_report told = *report;
	outcome_fn fn = attempt->fn;
	void *arg = attempt->arg;

	told.took = moment_ticks() - attempt->began;
	attempt_cancel(attempt);
	fn(arg, &told);
}

void
attempt_cancel(void *handle)
{
	struct attempt *attempt = handle;

	if (attempt->transfer)
		transfer_cancel(attempt->transfer);
	loop_timer_stop(attempt->soon);
	mem_free(attempt);
}

/* ---- outcomes in words ---- */

/* Cut where a letter ends. */
static void
keep_sentence(struct outcome_report *report, const char *text)
{
	struct safe_text safe = text_safe_z(NULL, text);
	size_t n = 0, used = 0, len = strlen(safe.text);

	while (n < len && utf8_next(safe.text + n, len - n, &used) >= 0 &&
		n + used < sizeof report->sentence)
		n += used;
	memcpy(report->sentence, safe.text, n);
	report->sentence[n] = '\0';
	mem_free((void *)safe.text);
}

static void __attribute__((format(printf, 3, 0)))
set(struct outcome_report *report, enum outcome outcome, const char *format, va_list args)
{
	char *text = mem_vformat(NULL, format, args);

	report->outcome = outcome;
	keep_sentence(report, text);
	mem_free(text);
}

void
outcome_set(struct outcome_report *report, enum outcome outcome, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(report, outcome, format, args);
	va_end(args);
}

void
outcome_set_answer(struct outcome_report *report, enum outcome outcome,
	const struct transfer_reply *reply)
{
	if (reply->len > 0)
		outcome_set(report, outcome, "HTTP %d: %.*s", reply->status, ANSWER_SHOWN,
			reply->body);
	else
		outcome_set(report, outcome, "HTTP %d, without a word.", reply->status);
}

static bool
is_worth_another(int status)
{
	return status == 408 || status == 425 || status == 429 || status >= 500;
}

void
attempt_judge(const struct transfer_reply *reply, struct outcome_report *report)
{
	bool good = reply->status >= 200 && reply->status < 300;

	report->retry_after = reply->retry_after;
	/* An answer too long to be kept has still said that all is well. */
	if (good && (reply->code == ERR_NONE || reply->too_long))
		outcome_set(report, OUTCOME_DELIVERED, "%s", "");
	else if (reply->code != ERR_NONE)
		outcome_set(report,
			reply->code == ERR_FORBIDDEN ? OUTCOME_NEVER : OUTCOME_AGAIN,
			"%s", reply->why.sentence);
	else if (reply->status == 410)
		outcome_set_answer(report, OUTCOME_GONE, reply);
	else if (is_worth_another(reply->status))
		outcome_set_answer(report, OUTCOME_AGAIN, reply);
	else
		outcome_set_answer(report, OUTCOME_NEVER, reply);
}

/* ---- outcomes that are clear at once ---- */

static void
on_soon(void *arg)
{
	struct attempt *attempt = arg;

	attempt_end(attempt, &attempt->report);
}

struct attempt *
attempt_refuse(struct attempt *attempt, enum outcome outcome, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(&attempt->report, outcome, format, args);
	va_end(args);
	attempt->soon = loop_timer_new(attempt->loop, on_soon, attempt);
	loop_timer_set(attempt->soon, 0, 0);
	return attempt;
}

/* ---- requests ---- */

void
attempt_answer(void *arg, const struct transfer_reply *reply)
{
	struct attempt *attempt = arg;

	attempt->transfer = NULL;
	attempt->judge(reply, &attempt->report);
	attempt_end(attempt, &attempt->report);
}

struct attempt *
attempt_post(struct attempt *attempt, const struct sink_world *world,
	const struct attempt_post *post)
{
	struct transfer_request request = {
		.origin = &post->endpoint->origin,
		.method = "POST",
		.target = post->target ? post->target : post->endpoint->target,
		.headers = post->headers,
		.header_count = post->header_count,
		.body = post->body,
		.done = attempt_answer,
		.total = post->timeout,
		.body_max = ANSWER_MAX,
		.reach = world->reach,
		.arg = attempt,
	};

	attempt->transfer = transfer_start(world->transfers, &request);
	return attempt;
}
