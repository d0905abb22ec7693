#include "beside.h"

#include "audit_command.h"
#include "deliveries_command.h"
#include "fleet/command.h"
#include "oneclick/base/mem.h"
#include "oneclick/console/console.h"
#include "simulate.h"

static void
fail_answer(const struct beside *beside, const struct answer *answer)
{
	beside->failed(beside->arg, &answer->why, answer->status != 0);
}

static void
end_pages(void *arg, const struct answer *answer)
{
	const struct beside *beside = arg;

	if (answer)
		fail_answer(beside, answer);
	else
		beside->done(beside->arg, EXIT_DONE);
}

static void
refuse(const struct beside *beside, const struct fault *why)
{
	beside->failed(beside->arg, why, false);
}

/* ---- one function a row ---- */

static void
run_fleet(const void *ctx, struct beside *beside)
{
	const struct headless_options *options = beside->options;
	const struct fleet_command command = {
		.client = beside->client,
		.action = beside->action,
		.file = beside->arguments > 0 ? beside->argument[0] : options->file,
		.dry_run = options->dry_run,
		.prune = options->prune,
		.yes = options->yes,
		.format = options->format,
		.done = beside->done,
		.arg = beside->arg,
	};
	struct fault why;

	if (command.file) {
		fleet_command_start(ctx, &command);
		return;
	}
	fault(&why, ERR_INVALID, "Say which file: oneclick apply -f FILE.");
	refuse(beside, &why);
}

static struct deliveries_command
word_deliveries(struct beside *beside)
{
	return (struct deliveries_command){
		.client = beside->client,
		.output = beside->output,
		.argument = beside->argument,
		.arguments = beside->arguments,
		.done = end_pages,
		.arg = beside,
	};
}

static void
list_deliveries(const void *ctx, struct beside *beside)
{
	const struct deliveries_command command = word_deliveries(beside);

	deliveries_list_start(ctx, &command);
}

static void
replay_deliveries(const void *ctx, struct beside *beside)
{
	const struct deliveries_command command = word_deliveries(beside);
	struct fault why;

	if (deliveries_replay_start(ctx, &command, &why))
		refuse(beside, &why);
}

static void
export_audit(const void *ctx, struct beside *beside)
{
	const struct audit_command command = {
		.client = beside->client,
		.path = beside->argument[0],
		.done = end_pages,
		.arg = beside,
	};

	audit_export_start(ctx, &command);
}

static void
take_simulated(void *arg, const struct answer *answer)
{
	const struct beside *beside = arg;
	const struct value *result = simulate_result(answer->body);

	if (answer->code) {
		fail_answer(beside, answer);
		return;
	}
	output_answer(beside->output, result ? result : answer->body);
	beside->done(beside->arg, simulate_status(result));
}

static void
simulate(const void *ctx, struct beside *beside)
{
	const char *body;
	struct fault why;

	if (simulate_read(ctx, beside->options->user, beside->argument, beside->arguments,
		    &body, &why))
		refuse(beside, &why);
	else
		client_extra(beside->client, EXTRA_SIMULATE_POLICY, NULL, body,
			take_simulated, beside);
}

static const struct {
	enum action_id action;
	void (*start)(const void *ctx, struct beside *beside);
} rows[] = {
	{ ACTION_APPLY, run_fleet },
	{ ACTION_FLEET_IMPORT, run_fleet },
	{ ACTION_FLEET_EXPORT, run_fleet },
	{ ACTION_DELIVERIES_LIST, list_deliveries },
	{ ACTION_REPLAY, replay_deliveries },
	{ ACTION_AUDIT_EXPORT, export_audit },
	{ ACTION_POLICY_SIMULATE, simulate },
};

bool
beside_start(const void *ctx, const struct beside *beside)
{
	struct beside *kept;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].action != beside->action)
			continue;
		kept = mem_new(ctx, struct beside);
		*kept = *beside;
		rows[i].start(ctx, kept);
		return true;
	}
	return false;
}
