#include "deliveries_command.h"

#include <string.h>

#include "oneclick/api/page.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/uri.h"
#include "oneclick/client/pages.h"
#include "replay.h"

struct run {
	struct deliveries_command command;
	struct pages pages; /* of a list */
	bool begun;
	const char *body; /* of a replay */
	size_t named;     /* events it asks for by their IDs; 0: all, or a range */
	int64_t replayed;
};

/* ---- listing ---- */

static void take_page(void *arg, const struct answer *answer);

static void
ask_page(struct run *run, const char *token)
{
	const struct deliveries_command *command = &run->command;
	struct buf query;

	buf_init(&query, run, BUF_NO_CAP);
	page_query(&query, token);
	if (command->arguments > 0) {
		buf_text(&query, "&state=");
		uri_encode(&query, command->argument[0], strlen(command->argument[0]));
	}
	client_extra(
		command->client, EXTRA_LIST_DELIVERIES, query.data, NULL, take_page, run);
	buf_release(&query);
}

static void
take_page(void *arg, const struct answer *answer)
{
	struct run *run = arg;
	struct output *output = run->command.output;
	struct answer page = *answer;
	const char *token;

	if (!page.code)
		page.code = pages_take(
			&run->pages, page.body, "deliveries", &token, &page.why);
	if (page.code) {
		run->command.done(run->command.arg, &page);
		return;
	}
	if (!run->begun)
		output_begin_list(output, "deliveries");
	run->begun = true;
	output_page(output, page.body);
	if (token && output_flush(output)) {
		ask_page(run, token);
		return;
	}
	output_end(output);
	run->command.done(run->command.arg, NULL);
}

void
deliveries_list_start(const void *ctx, const struct deliveries_command *command)
{
	struct run *run = mem_new(ctx, struct run);

	run->command = *command;
	ask_page(run, NULL);
}

/* ---- replaying ---- */

static void
end_replay(struct run *run)
{
	struct answer answer = { .code = ERR_NOT_FOUND };

	if (run->replayed >= (int64_t)run->named) {
		run->command.done(run->command.arg, NULL);
		return;
	}
	fault(&answer.why, answer.code,
		"%lld of %zu go again; what else was named is no dead letter: "
		"`deliveries list dead` shows those there are.",
		(long long)run->replayed, run->named);
	run->command.done(run->command.arg, &answer);
}

/* More than the service takes at once come in several calls. */
static void
take_replayed(void *arg, const struct answer *answer)
{
	struct run *run = arg;
	struct value count = { .kind = VALUE_INT };
	const char *key = "replayed";
	struct value sum = { .kind = VALUE_MAP };

	if (answer->code) {
		run->command.done(run->command.arg, answer);
		return;
	}
	run->replayed += value_int(answer->body, "replayed", 0);
	if (value_bool(answer->body, "more", false)) {
		client_extra(run->command.client, EXTRA_REPLAY_DELIVERIES, NULL,
			run->body, take_replayed, run);
		return;
	}
	count.whole = run->replayed;
	sum.item = &count;
	sum.key = &key;
	sum.count = 1;
	output_answer(run->command.output, &sum);
	end_replay(run);
}

enum err
deliveries_replay_start(
	const void *ctx, const struct deliveries_command *command, struct fault *why)
{
	struct run *run = mem_new(ctx, struct run);

	run->command = *command;
	run->body =
		replay_body(run, command->argument, command->arguments, &run->named, why);
	if (!run->body)
		return ERR_INVALID;
	client_extra(command->client, EXTRA_REPLAY_DELIVERIES, NULL, run->body,
		take_replayed, run);
	return ERR_NONE;
}
