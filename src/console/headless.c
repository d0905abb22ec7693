#include "oneclick/console/headless.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "beside.h"
#include "errand.h"
#include "headless_words.h"
#include "oneclick/api/page.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/client/live.h"
#include "oneclick/client/pages.h"
#include "oneclick/console/console.h"
#include "oneclick/model/product.h"

enum { FINISH_AGAIN_MS = 1000 };

struct headless {
	const struct headless_options *options;
	const struct action *action;
	const char *const *argument;
	size_t arguments;
	struct output *output;
	struct client *client;
	struct beside_input input;
	struct errand *errand; /* all of them, and which is under way */
	size_t errands, at, failed;
	struct live *live;
	struct loop_timer *timer;
	struct pages pages; /* of the list under way */
	bool begun;         /* a list's output */
	bool followed;      /* the stream was open once */
	bool over;          /* nothing more is to be waited for */
	int status;
};

static void run_errand(struct headless *run);

/* ---- how it ends ----------------------------------------------------------------------
 */

static void
complain(const char *subject, const struct fault *why)
{
	void *life = mem_life(NULL);

	fprintf(stderr, "oneclick: %s%s%s\n", text_safe_z(life, subject).text,
		*subject ? ": " : "", text_safe_z(life, why->sentence).text);
	mem_free(life);
}

static void
end(struct headless *run, int status)
{
	run->status = status;
	run->over = true;
	loop_stop(run->options->loop);
}

static int
status_of(enum err code, bool sent)
{
	switch (code) {
	case ERR_NONE:
		return EXIT_DONE;
	case ERR_FORBIDDEN:
		return sent ? EXIT_NOT_AUTHORISED : EXIT_REFUSED;
	case ERR_LINK:
		return EXIT_UNREACHABLE;
	case ERR_INVALID:
		return sent ? EXIT_FAILED : EXIT_USAGE;
	case ERR_NOT_FOUND:
	case ERR_CONFLICT:
	case ERR_PRECONDITION:
	case ERR_RANGE:
	case ERR_THROTTLED:
	case ERR_INTERNAL:
	case ERR_BROKEN:
		break;
	}
	return EXIT_FAILED;
}

static void
end_refused(struct headless *run, const struct fault *why)
{
	complain("", why);
	end(run, status_of(why->code, false));
}

static void
next_errand(struct headless *run)
{
	run->begun = false;
	run->pages = (struct pages){ 0 };
	if (++run->at < run->errands)
		run_errand(run);
	else if (run->failed && run->failed < run->errands)
		end(run, EXIT_PARTLY);
	else
		end(run, run->failed ? run->status : EXIT_DONE);
}

/* O and 0, I and 1 look alike on a label. */
static void
offer_correction(const struct errand *errand)
{
	void *life = mem_life(NULL);
	const char *mended = device_id_mend(life, errand->subject);

	if (mended)
		fprintf(stderr, "oneclick: did you mean %s?\n",
			text_safe_z(life, mended).text);
	mem_free(life);
}

/* The maker's part is ours on our own service; the service cannot know who asks. */
static void
offer_registration(const struct headless *run)
{
	const struct errand *errand = &run->errand[run->at];

	if (run->options->local && errand->op == OP_INITIATE_DEVICE_CLAIM)
		fprintf(stderr,
			"oneclick: on your own service, first say: oneclick device "
			"register %s\n",
			errand->subject);
}

/* A lost link fails the rest as well; anything else is one thing's own trouble. */
static void
fail_errand(struct headless *run, const struct answer *answer)
{
	complain(run->errand[run->at].subject, &answer->why);
	if (answer->code == ERR_NOT_FOUND && run->errand[run->at].ask.device_id) {
		offer_correction(&run->errand[run->at]);
		offer_registration(run);
	}
	run->failed++;
	run->status = status_of(answer->code, answer->status != 0);
	if (answer->code == ERR_LINK)
		end(run, EXIT_UNREACHABLE);
	else
		next_errand(run);
}

/* ---- calls ----------------------------------------------------------------------------
 */

static void on_answer(void *arg, const struct answer *answer);

static void
call(struct headless *run)
{
	struct errand *errand = &run->errand[run->at];

	client_call(run->client, errand->op, &errand->ask, on_answer, run);
}

static bool
is_list(enum op op)
{
	return op == OP_LIST_DEVICES || op == OP_LIST_PROJECTS ||
	       op == OP_LIST_PLACEMENTS || op == OP_LIST_DEVICE_EVENTS ||
	       op == OP_GET_DEVICE_METHODS;
}

static void
take_page(struct headless *run, const struct answer *answer)
{
	struct errand *errand = &run->errand[run->at];
	struct answer refused = { .status = answer->status };
	const char *token;

	refused.code = pages_take(&run->pages, answer->body, output_items(errand->op),
		&token, &refused.why);
	if (refused.code) {
		fail_errand(run, &refused);
		return;
	}
	if (!run->begun)
		output_begin(run->output, errand->op);
	run->begun = true;
	output_page(run->output, answer->body);
	if (!output_flush(run->output)) { /* nobody reads what else there is */
		end(run, EXIT_FAILED);
		return;
	}
	mem_free((char *)errand->ask.next_token);
	errand->ask.next_token = mem_text(run->errand, token);
	if (token) {
		call(run);
		return;
	}
	output_end(run->output);
	next_errand(run);
}

static void
wait_for_press(struct headless *run)
{
	struct errand *errand = &run->errand[run->at];

	fprintf(stderr, "oneclick: press %s once\n", errand->subject);
	errand->op = OP_FINALIZE_DEVICE_CLAIM;
	loop_timer_set(run->timer, FINISH_AGAIN_MS, 0);
}

static void
on_answer(void *arg, const struct answer *answer)
{
	struct headless *run = arg;
	enum op op = run->errand[run->at].op;

	if (answer->code == ERR_PRECONDITION && run->options->wait &&
		op == OP_FINALIZE_DEVICE_CLAIM) {
		loop_timer_set(run->timer, FINISH_AGAIN_MS, 0);
	} else if (answer->code) {
		fail_errand(run, answer);
	} else if (is_list(op)) {
		take_page(run, answer);
	} else if (op == OP_INITIATE_DEVICE_CLAIM && run->options->wait) {
		wait_for_press(run);
	} else {
		output_answer(run->output, answer->body);
		next_errand(run);
	}
}

static void
on_timer(void *arg)
{
	call(arg);
}

/* ---- what is no operation ---- */

static bool
is_own_service(const struct headless *run)
{
	const char *endpoint = run->options->context->endpoint;

	return run->options->local || (endpoint && !strncmp(endpoint, "unix:", 5));
}

/* A service that is not our own asks for the device's token; it is not for argv, where
 * others could read it. */
static void
press(struct headless *run)
{
	static const char *const clicks[] = { "SINGLE", "DOUBLE", "LONG" };
	const char *click = run->arguments > 1 ? run->argument[1] : "SINGLE";
	const char *token = getenv("ONECLICK_DEVICE_TOKEN");
	struct fault why;

	if (!is_own_service(run) && !(token && *token)) {
		fault(&why, ERR_INVALID,
			"Pressing at a service that is not your own takes the device's "
			"token: set ONECLICK_DEVICE_TOKEN to what its registration "
			"printed.");
		end_refused(run, &why);
		return;
	}
	for (size_t i = 0; i < 3; i++)
		if (!strcasecmp(click, clicks[i])) {
			client_press(run->client, run->argument[0], clicks[i], -1,
				token && *token ? token : NULL, on_answer, run);
			return;
		}
	fault(&why, ERR_INVALID, "A click is single, double or long, not \"%.40s\".",
		click);
	end_refused(run, &why);
}

static void
on_registered(void *arg, enum err code, const char *output, const struct fault *why)
{
	struct headless *run = arg;
	struct value token = { .kind = VALUE_TEXT };
	const char *key = "token";
	struct value body = { .kind = VALUE_MAP };

	if (code) {
		complain(run->argument[0], why);
		end(run, status_of(code, true));
		return;
	}
	token.text = mem_textn(run->output, output, strcspn(output, "\n"));
	body.item = &token;
	body.key = &key;
	body.count = 1;
	output_answer(run->output, &body);
	if (!output_flush(run->output))
		fprintf(stderr,
			"oneclick: %s is registered, but its token could not be written "
			"and is lost. On your own service a press needs none.\n",
			run->argument[0]);
	end(run, EXIT_DONE);
}

static void
register_device(struct headless *run)
{
	struct fault why;

	if (run->options->local) {
		local_register(run->options->local, run->argument[0],
			run->arguments > 1 ? run->argument[1] : NULL, NULL, on_registered,
			run);
		return;
	}
	fault(&why, ERR_INVALID,
		"Only the local service can be told of a new device; elsewhere its "
		"operator "
		"runs oneclickd device register.");
	end_refused(run, &why);
}

static void
on_event(void *arg, int64_t pos, const char *kind, const struct value *data)
{
	struct headless *run = arg;

	output_event(run->output, pos, kind, data);
	if (!output_flush(run->output))
		end(run, EXIT_FAILED);
}

/* A stream that never opened is not waited for, and nobody is let in by asking again. */
static void
on_state(void *arg, enum live_state state, const struct fault *why)
{
	struct headless *run = arg;

	run->followed = run->followed || state == LIVE_OPEN;
	if (state != LIVE_LOST)
		return;
	if (run->followed && why->code != ERR_FORBIDDEN) {
		complain("Trying again", why);
		return;
	}
	complain("", why);
	end(run, status_of(why->code, true));
}

static void
follow(struct headless *run)
{
	struct live_hooks hooks = { .event = on_event, .state = on_state, .arg = run };

	run->live = live_start(run->client, run->options->after, &hooks);
}

static void
end_beside(void *arg, int status)
{
	end(arg, status);
}

static void
fail_beside(void *arg, const struct fault *why, bool sent)
{
	complain("", why);
	end(arg, status_of(why->code, sent));
}

static struct beside
make_beside(struct headless *run)
{
	return (struct beside){
		.options = run->options,
		.input = &run->input,
		.action = run->action->id,
		.client = run->client,
		.output = run->output,
		.argument = run->argument,
		.arguments = run->arguments,
		.done = end_beside,
		.failed = fail_beside,
		.arg = run,
	};
}

static bool
runs_beside(struct headless *run)
{
	const struct beside beside = make_beside(run);

	return beside_start(run->output, &beside);
}

static void
run_errand(struct headless *run)
{
	if (run->action->id == ACTION_EVENTS_FOLLOW)
		follow(run);
	else if (run->action->id == ACTION_PRESS)
		press(run);
	else if (run->action->id == ACTION_DEVICE_REGISTER)
		register_device(run);
	else if (!runs_beside(run))
		call(run);
}

/* ---- beginning ------------------------------------------------------------------------
 */

static void
begin(struct headless *run)
{
	const char *endpoint =
		run->options->local ? local_endpoint(run->options->local) : NULL;
	struct fault why;

	if (context_client(run->output, run->options->loop, run->options->context,
		    endpoint, &run->client, &why))
		end_refused(run, &why);
	else
		run_errand(run);
}

static void
on_ready(void *arg, enum err code, const struct fault *why)
{
	struct headless *run = arg;

	if (!code) {
		begin(run);
		return;
	}
	complain("", why);
	end(run, EXIT_UNREACHABLE);
}

/* The client would refuse as well; but what is refused anyway should not start a service,
 * nor say first that something else is wrong. */
static enum err
check_read_only(const struct headless *run, struct fault *why)
{
	const char *by = run->options->context->read_only_by;

	if (!by || !action_is_write(run->action) || run->options->dry_run)
		return ERR_NONE;
	return fault(why, ERR_FORBIDDEN,
		"`%s` changes something, and this session is read-only (%s): nothing was "
		"sent.",
		run->action->words, by);
}

static enum err
check_yes(const struct headless *run, struct fault *why)
{
	if (run->options->yes || run->action->confirm == CONFIRM_NONE ||
		run->action->confirm == CONFIRM_ASK_MANY)
		return ERR_NONE;
	return fault(why, ERR_FORBIDDEN,
		"%s: nothing was sent. If that is meant, say --yes.", run->action->help);
}

static enum err
read_input(struct headless *run, struct fault *why)
{
	const struct beside beside = make_beside(run);

	return beside_read(run->output, &beside, &run->input, why);
}

static enum err
read_command(struct headless *run, struct fault *why)
{
	const struct headless_options *options = run->options;
	size_t used;
	enum err err;

	run->action = action_find(
		options->words, options->count, ACTION_ON_COMMAND_LINE, &used);
	if (!run->action)
		return headless_refuse_unknown(options, why);
	run->argument = options->words + used;
	run->arguments = options->count - used;
	err = errands_read(run->output, run->action, run->argument, run->arguments,
		&run->errand, &run->errands, why);
	for (size_t i = 0; i < run->errands && is_list(run->action->op) &&
			   run->action->op != OP_GET_DEVICE_METHODS;
		i++)
		run->errand[i].ask.max_results = PAGE_MAX;
	if (!err)
		err = check_read_only(run, why);
	if (!err)
		err = check_yes(run, why);
	return err ? err : read_input(run, why);
}

static void
on_interrupt(void *arg)
{
	end(arg, 128 + SIGINT);
}

static void
on_terminate(void *arg)
{
	end(arg, 128 + SIGTERM);
}

static void
run_to_the_end(struct headless *run)
{
	struct loop *loop = run->options->loop;
	struct loop_signal *interrupt = loop_signal_new(loop, SIGINT, on_interrupt, run);
	struct loop_signal *terminate = loop_signal_new(loop, SIGTERM, on_terminate, run);

	run->timer = loop_timer_new(loop, on_timer, run);
	if (run->options->local)
		local_when_ready(run->options->local, on_ready, run);
	else
		begin(run);
	if (!run->over)
		loop_run(loop);
	live_stop(run->live);
	client_free(run->client);
	loop_timer_stop(run->timer);
	loop_signal_stop(interrupt);
	loop_signal_stop(terminate);
}

int
headless_run(const struct headless_options *options)
{
	struct headless run = { .options = options };
	void *life = mem_life(NULL);
	struct fault why;

	run.output = output_new(life, options->format);
	if (read_command(&run, &why)) {
		complain("", &why);
		run.status = why.code == ERR_FORBIDDEN ? EXIT_REFUSED : EXIT_USAGE;
	} else {
		run_to_the_end(&run);
	}
	if (output_check(run.output, &why)) {
		complain("", &why);
		run.status = run.status == EXIT_DONE ? EXIT_FAILED : run.status;
	}
	mem_free(life);
	return run.status;
}
