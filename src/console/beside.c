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

static const char *
name_file(const struct beside *beside)
{
	return beside->arguments > 0 ? beside->argument[0] : beside->options->file;
}

static enum err
read_fleet(const void *ctx, const struct beside *beside, struct beside_input *out,
	struct fault *why)
{
	return fleet_command_read(ctx, name_file(beside), &out->text, why);
}

static void
run_fleet(const void *ctx, struct beside *beside)
{
	const struct headless_options *options = beside->options;
	const struct fleet_command command = {
		.client = beside->client,
		.action = beside->action,
		.file = name_file(beside),
		.text = beside->input->text,
		.region = options->context->region,
		.account = options->context->account,
		.dry_run = options->dry_run,
		.prune = options->prune,
		.yes = options->yes,
		.format = options->format,
		.done = beside->done,
		.arg = beside->arg,
	};

	fleet_command_start(ctx, &command);
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

static enum err
read_simulation(const void *ctx, const struct beside *beside, struct beside_input *out,
	struct fault *why)
{
	return simulate_read(ctx, beside->options->user, beside->argument,
		beside->arguments, &out->body, why);
}

static void
simulate(const void *ctx, struct beside *beside)
{
	(void)ctx;
	client_extra(beside->client, EXTRA_SIMULATE_POLICY, NULL, beside->input->body,
		take_simulated, beside);
}

static const struct row {
	enum action_id action;
	void (*start)(const void *ctx, struct beside *beside);
	enum err (*read)(const void *ctx, const struct beside *beside,
		struct beside_input *out, struct fault *why);
} rows[] = {
	{ ACTION_APPLY, run_fleet, read_fleet },
	{ ACTION_FLEET_IMPORT, run_fleet, read_fleet },
	{ ACTION_FLEET_EXPORT, run_fleet, NULL },
	{ ACTION_DELIVERIES_LIST, list_deliveries, NULL },
	{ ACTION_REPLAY, replay_deliveries, NULL },
	{ ACTION_AUDIT_EXPORT, export_audit, NULL },
	{ ACTION_POLICY_SIMULATE, simulate, read_simulation },
};

static const struct row *
find_row(enum action_id action)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].action == action)
			return &rows[i];
	return NULL;
}

enum err
beside_read(const void *ctx, const struct beside *beside, struct beside_input *out,
	struct fault *why)
{
	const struct row *row = find_row(beside->action);

	return row && row->read ? row->read(ctx, beside, out, why) : ERR_NONE;
}

bool
beside_start(const void *ctx, const struct beside *beside)
{
	const struct row *row = find_row(beside->action);
	struct beside *kept;

	if (!row)
		return false;
	kept = mem_new(ctx, struct beside);
	*kept = *beside;
	row->start(ctx, kept);
	return true;
}
