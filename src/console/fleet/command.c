#include "command.h"

#include <stdio.h>
#include <string.h>

#include "account.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/console/console.h"
#include "oneclick/data/json.h"
#include "plan.h"
#include "survey.h"

struct carrying {
	struct fleet_command command;
	struct fleet *wanted;
	struct plan *plan;
	size_t at, done, failed;
	bool *is_bad; /* by step: it, or an earlier one of its line, failed */
};

static void
complain(const struct fault *why)
{
	void *life = mem_life(NULL);

	fprintf(stderr, "oneclick: %s\n", text_safe_z(life, why->sentence).text);
	mem_free(life);
}

static void
end(struct carrying *c, int status)
{
	c->command.done(c->command.arg, status);
}

static int
status_of(enum err code)
{
	if (code == ERR_LINK)
		return EXIT_UNREACHABLE;
	return code == ERR_FORBIDDEN ? EXIT_NOT_AUTHORISED : EXIT_FAILED;
}

/* ---- telling --------------------------------------------------------------------------
 */

static const char *
name_step(const struct step *step)
{
	return step->op == OP_NONE ? "-" : op_info(step->op)->name;
}

static void
tell_json(const struct step *step, const char *result, const char *why)
{
	struct buf out;
	struct json j;

	buf_init(&out, NULL, BUF_NO_CAP);
	j = json_seen_to(&out);
	json_open(&j, '{');
	if (step->line)
		json_member_int(&j, "line", step->line);
	if (step->op != OP_NONE)
		json_member_text(&j, "step", name_step(step));
	json_member_text(&j, "subject", step->subject);
	if (*step->detail)
		json_member_text(&j, "detail", step->detail);
	json_member_text(&j, "result", result);
	if (*why)
		json_member_text(&j, "error", why);
	json_close(&j, '}');
	puts(out.data);
	buf_release(&out);
}

/* "line 3  CreatePlacement MeetingRooms/room-217 (Room: 217): done" */
static void
tell_words(const struct step *step, const char *result, const char *why)
{
	void *life = mem_life(NULL);
	const char *detail = text_safe_z(life, step->detail).text;

	if (step->line)
		printf("line %d  ", step->line);
	printf("%s %s%s%s%s: %s%s%s\n", name_step(step),
		text_safe_z(life, step->subject).text, *detail ? " (" : "", detail,
		*detail ? ")" : "", result, *why ? ": " : "",
		text_safe_z(life, why).text);
	mem_free(life);
}

static void
tell(const struct carrying *c, const struct step *step, const char *result,
	const char *why)
{
	if (c->command.format == OUTPUT_JSON)
		tell_json(step, result, why);
	else
		tell_words(step, result, why);
}

/* ---- carrying out ---------------------------------------------------------------------
 */

static void next_step(struct carrying *c);

/* What a row asks for hangs together: after a failure the rest of it is left alone. */
static void
spoil(struct carrying *c, const struct step *step)
{
	for (size_t i = 0; i < c->plan->count; i++)
		if (&c->plan->step[i] == step ||
			(step->line && c->plan->step[i].line == step->line))
			c->is_bad[i] = true;
	c->failed++;
}

static void
tell_end(const struct carrying *c)
{
	size_t left = c->plan->count - c->done - c->failed;

	fprintf(stderr,
		"oneclick: %zu done, %zu failed, %zu not tried. Said again, the command "
		"does what is left.\n",
		c->done, c->failed, left);
}

/* The link is lost, and with it all that would follow. */
static void
give_up(struct carrying *c)
{
	for (size_t i = c->at; i < c->plan->count; i++)
		tell(c, &c->plan->step[i], "passed over", "");
	tell_end(c);
	end(c, EXIT_UNREACHABLE);
}

static void
take_answer(void *arg, const struct answer *answer)
{
	struct carrying *c = arg;
	const struct step *step = &c->plan->step[c->at];

	if (answer->code) {
		tell(c, step, "failed", answer->why.sentence);
		spoil(c, step);
	} else {
		tell(c, step, "done", "");
		c->done++;
	}
	c->at++;
	if (answer->code == ERR_LINK)
		give_up(c);
	else
		next_step(c);
}

static void
finish(struct carrying *c)
{
	if (c->plan->count == 0)
		fprintf(stderr, "oneclick: nothing to do; all of it is as it should "
				"be.\n");
	else if (c->failed)
		tell_end(c);
	if (c->failed)
		end(c, c->done ? EXIT_PARTLY : EXIT_FAILED);
	else
		end(c, EXIT_DONE);
}

static void
next_step(struct carrying *c)
{
	for (; c->at < c->plan->count; c->at++) {
		const struct step *step = &c->plan->step[c->at];

		if (step->op == OP_NONE) {
			tell(c, step, "failed", "");
		} else if (c->is_bad[c->at]) {
			tell(c, step, "passed over", "");
		} else {
			client_call(
				c->command.client, step->op, &step->ask, take_answer, c);
			return;
		}
	}
	finish(c);
}

/* ---- planning -------------------------------------------------------------------------
 */

static void
show_plan(const struct carrying *c)
{
	for (size_t i = 0; i < c->plan->count; i++) {
		const struct step *step = &c->plan->step[i];

		tell(c, step, step->op == OP_NONE ? "cannot" : "would", "");
	}
}

/* A template is one whole: if part of it cannot be, nothing is sent.  Rows of a CSV stand
 * for themselves. */
static bool
may_begin(struct carrying *c)
{
	const struct plan *plan = c->plan;

	if (plan->refused > 0 && c->command.action == ACTION_APPLY) {
		show_plan(c);
		fprintf(stderr,
			"oneclick: %zu steps cannot be taken: nothing was "
			"sent.\n",
			plan->refused);
		end(c, EXIT_FAILED);
		return false;
	}
	if (plan->taking_away > 0 && !c->command.yes) {
		show_plan(c);
		fprintf(stderr,
			"oneclick: %zu steps take something away: nothing was sent. If "
			"that is meant, say --yes.\n",
			plan->taking_away);
		end(c, EXIT_REFUSED);
		return false;
	}
	return true;
}

static void
take_survey(void *arg, enum err code, const struct fleet *found, const struct fault *why)
{
	struct carrying *c = arg;

	if (code) {
		complain(why);
		end(c, status_of(code));
		return;
	}
	c->plan = plan_make(c, c->wanted, found, c->command.prune);
	c->is_bad = mem_array(c, bool, c->plan->count + 1);
	if (c->command.dry_run) {
		show_plan(c);
		end(c, c->plan->refused ? EXIT_FAILED : EXIT_DONE);
		return;
	}
	if (!may_begin(c))
		return;
	for (size_t i = 0; i < c->plan->count; i++)
		if (c->plan->step[i].op == OP_NONE)
			spoil(c, &c->plan->step[i]);
	next_step(c);
}

/* ---- exporting ------------------------------------------------------------------------
 */

static bool
is_csv(const char *path)
{
	size_t n = strlen(path);

	return n > 4 && !strcmp(path + n - 4, ".csv");
}

static void
take_everything(
	void *arg, enum err code, const struct fleet *found, const struct fault *why)
{
	struct carrying *c = arg;
	struct fault failed;
	struct buf out;

	if (code) {
		complain(why);
		fprintf(stderr, "oneclick: nothing was written.\n");
		end(c, status_of(code));
		return;
	}
	buf_init(&out, c, BUF_NO_CAP);
	if (is_csv(c->command.file) || c->command.format == OUTPUT_CSV)
		fleet_write_rows(&out, found);
	else
		fleet_write_template(&out, found);
	if (file_write(c->command.file, &out, &failed)) {
		complain(&failed);
		end(c, EXIT_FAILED);
		return;
	}
	fprintf(stderr, "oneclick: written: projects %zu, placements %zu, devices %zu.\n",
		found->projects, found->placements, found->devices);
	end(c, EXIT_DONE);
}

/* ---- beginning ------------------------------------------------------------------------
 */

enum err
fleet_command_read(const void *ctx, const char *path, struct buf *text, struct fault *why)
{
	enum err err;

	if (!path)
		return fault(why, ERR_INVALID, "Say which file: oneclick apply -f FILE.");
	err = file_read_input(ctx, path, FLEET_FILE_MAX, text, why);
	if (err) /* a file that is not there is a wrong word like any other */
		why->code = ERR_INVALID;
	return err ? ERR_INVALID : ERR_NONE;
}

static enum err
read_wanted(struct carrying *c, const char *account, struct fault *why)
{
	const struct fleet_command *command = &c->command;
	const struct template_place place = { .region = command->region,
		.account = account };
	size_t passed = 0;
	enum err err;

	if (command->action == ACTION_FLEET_IMPORT)
		return fleet_read_rows(c, command->file, &command->text, &c->wanted, why);
	err = fleet_read_template(
		c, command->file, &command->text, &place, &c->wanted, &passed, why);
	if (!err && passed > 0)
		fprintf(stderr, "oneclick: passed over, being of other types: %zu.\n",
			passed);
	return err;
}

static void
begin(void *arg, const char *account)
{
	struct carrying *c = arg;
	struct fault why;

	if (read_wanted(c, account, &why)) {
		complain(&why);
		end(c, EXIT_USAGE);
		return;
	}
	survey_start(c, c->command.client, c->wanted, c->command.prune, take_survey, c);
}

void
fleet_command_start(const void *ctx, const struct fleet_command *command)
{
	struct carrying *c = mem_new(ctx, struct carrying);

	c->command = *command;
	if (command->action == ACTION_FLEET_EXPORT)
		survey_start(c, command->client, NULL, true, take_everything, c);
	else if (!command->account && strstr(command->text.data, "AWS::AccountId"))
		account_find(c, command->client, begin, c);
	else
		begin(c, command->account);
}
