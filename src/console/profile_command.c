#include "profile_command.h"

#include <stdio.h>
#include <string.h>

#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/console/action.h"
#include "oneclick/console/console.h"
#include "oneclick/data/json.h"
#include "oneclick/model/profile.h"

enum { PAYLOAD_MAX = 4 * 1024 * 1024 };

struct run {
	const struct profile_command *command;
	void *life;
	const char *const *argument;
	size_t arguments;
	struct output *output;
	struct buf rows; /* {"profiles": [...]} or {"sightings": [...]}, being written */
	struct json json;
	struct pairs *names;
	size_t seen;
};

static void
complain(const struct run *run, const char *sentence)
{
	fprintf(stderr, "oneclick: %s\n", text_safe_z(run->life, sentence).text);
}

static int
refuse(const struct run *run, const struct fault *why, int status)
{
	complain(run, why->sentence);
	return status;
}

/* What is not there was named wrongly; what is there is wrong itself. */
static int
refuse_file(const struct run *run, const struct fault *why)
{
	return refuse(run, why, why->code == ERR_NOT_FOUND ? EXIT_USAGE : EXIT_CONFIG);
}

/* ---- rows out ---- */

static void
begin_rows(struct run *run, const char *items)
{
	buf_init(&run->rows, run->life, BUF_NO_CAP);
	run->json = json_to(&run->rows);
	json_open(&run->json, '{');
	json_key(&run->json, items);
	json_open(&run->json, '[');
}

static int
put_rows(struct run *run, const char *items)
{
	const struct value *tree;
	struct fault why;

	json_close(&run->json, ']');
	json_close(&run->json, '}');
	if (json_parse(run->life, run->rows.data, run->rows.len, &tree, &why))
		return refuse(run, &why, EXIT_FAILED);
	output_begin_list(run->output, items);
	output_page(run->output, tree);
	output_end(run->output);
	if (output_check(run->output, &why))
		return refuse(run, &why, EXIT_FAILED);
	return EXIT_DONE;
}

static void
add_profile(struct run *run, const struct profile *profile)
{
	struct json *j = &run->json;

	json_open(j, '{');
	json_member_text(j, "profile", profile_name(profile));
	json_member_text(j, "origin", profile_origin(profile));
	json_member_text(j, "register", profile_registers(profile) ? "auto" : "manual");
	if (profile_rated_clicks(profile) > 0)
		json_member_int(j, "ratedClicks", profile_rated_clicks(profile));
	json_member_int(j, "messages", (int64_t)profile_messages(profile));
	json_member_int(j, "samples", (int64_t)profile_samples(profile));
	json_close(j, '}');
}

/* ---- list, check ---- */

static int
list(struct run *run)
{
	struct profiles *profiles;
	struct fault why;

	if (profiles_load(
		    run->life, run->arguments ? run->argument[0] : NULL, &profiles, &why))
		return refuse_file(run, &why);
	begin_rows(run, "profiles");
	for (size_t i = 0; i < profiles_count(profiles); i++)
		add_profile(run, profiles_at(profiles, i));
	return put_rows(run, "profiles");
}

static int
check(struct run *run)
{
	struct profiles *profiles;
	struct fault why;
	int status = EXIT_DONE, written;

	begin_rows(run, "profiles");
	for (size_t i = 0; i < run->arguments; i++)
		if (profiles_load_file(run->life, run->argument[i], &profiles, &why))
			status = refuse_file(run, &why);
		else
			add_profile(run, profiles_at(profiles, 0));
	written = put_rows(run, "profiles");
	return status ? status : written;
}

/* ---- test ---- */

static const char *
find_name(void *arg, const char *profile, const char *name)
{
	const struct run *run = arg;

	(void)profile;
	return pairs_get(run->names, name);
}

static void
add_said(struct json *j, const struct sighting *seen)
{
	char iso[MOMENT_ISO_SIZE];

	if (seen->is_click)
		json_member_text(j, "clickType", event_kind_name(seen->kind));
	if (seen->life >= 0) {
		json_key(j, "remainingLife");
		json_number(j, seen->life);
	}
	if (seen->online >= 0)
		json_member_bool(j, "online", seen->online);
	if (seen->reported_at) {
		moment_to_iso(seen->reported_at, iso);
		json_member_text(j, "reportedTime", iso);
	}
	if (seen->key)
		json_member_text(j, "key", seen->key);
	if (seen->window)
		json_member_int(j, "windowSeconds", seen->window / 1000);
}

static void
add_sighting(void *arg, const struct sighting *seen)
{
	struct run *run = arg;
	struct json *j = &run->json;

	run->seen++;
	json_open(j, '{');
	if (seen->device_id)
		json_member_text(j, "deviceId", seen->device_id);
	add_said(j, seen);
	if (seen->alias_from) {
		json_member_text(j, "alias", seen->alias_from);
		json_member_text(j, "to", seen->alias_to);
	}
	json_close(j, '}');
}

static enum err
read_pairs(struct run *run, const char *option, const struct texts *texts, bool lower,
	struct pairs **out, struct fault *why)
{
	*out = pairs_new(run->life);
	for (size_t i = 0; i < texts->count; i++) {
		const char *equals = strchr(texts->item[i], '=');
		char *key;

		if (!equals || equals == texts->item[i])
			return fault(why, ERR_INVALID,
				"%s takes NAME=VALUE, not \"%.60s\".", option,
				texts->item[i]);
		key = mem_textn(
			run->life, texts->item[i], (size_t)(equals - texts->item[i]));
		for (char *c = key; lower && *c; c++)
			*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 'a' - 'A') : *c;
		pairs_set(*out, key, equals + 1);
	}
	return ERR_NONE;
}

static enum err
read_payload(struct run *run, struct profile_message *out, struct fault *why)
{
	const char *text = run->command->payload;
	struct buf content;
	enum err err;

	if (*text != '@') {
		out->payload = text;
		out->size = strlen(text);
		return ERR_NONE;
	}
	err = file_read_input(run->life, text + 1, PAYLOAD_MAX, &content, why);
	if (err)
		return err;
	out->payload = content.data;
	out->size = content.len;
	return ERR_NONE;
}

static enum err
read_message(struct run *run, struct profile_message *out, struct fault *why)
{
	const struct profile_command *command = run->command;
	struct pairs *headers;
	enum err err;

	if (!command->topic || !command->payload)
		return fault(why, ERR_INVALID,
			"`profile test` takes a message: --topic TOPIC --payload TEXT.");
	*out = (struct profile_message){ .topic = command->topic,
		.retained = command->retained };
	out->via = strncmp(command->topic, "/ingest/", 8) ? VIA_MQTT : VIA_HTTP;
	err = read_pairs(run, "--header", &command->headers, true, &headers, why);
	if (!err)
		err = read_pairs(
			run, "--alias", &command->names, false, &run->names, why);
	if (out->via == VIA_HTTP)
		out->headers = headers;
	else if (!err && headers->count > 0)
		err = fault(why, ERR_INVALID,
			"--header goes with the path of HTTP: --topic /ingest/...");
	return err ? err : read_payload(run, out, why);
}

static enum err
load(struct run *run, struct profiles **out, struct fault *why)
{
	const char *word = run->argument[0], *dot = strrchr(word, '.');

	if (strchr(word, '/') || file_is_nameless(word) || (dot && !strcmp(dot, ".yaml")))
		return profiles_load_file(run->life, word, out, why);
	return profiles_load_shipped(run->life, word, out, why);
}

static void
explain_silence(const struct run *run, int matched)
{
	if (run->seen)
		return;
	if (!matched)
		complain(run, "The profile reads no such message: look at its topics and "
			      "where.");
	else if (run->command->retained)
		complain(run,
			"The profile knows this message, and passes it over: what a "
			"broker had retained is no click.");
	else
		complain(run, "The profile knows this message, and it says nothing new.");
}

static int
test(struct run *run)
{
	const struct profile_reader reader = {
		.saw = add_sighting, .alias = find_name, .arg = run
	};
	struct profiles *profiles;
	struct profile_message message;
	struct fault why;
	int matched, written;
	enum err err = read_message(run, &message, &why);

	if (err)
		return refuse(run, &why, EXIT_USAGE);
	if (load(run, &profiles, &why))
		return refuse_file(run, &why);
	begin_rows(run, "sightings");
	err = profiles_read(profiles, run->life, &message, &reader, &matched, &why);
	written = put_rows(run, "sightings");
	if (err)
		return refuse(run, &why, EXIT_FAILED);
	explain_silence(run, matched);
	return written;
}

/* ---- which ---- */

static const struct action *
find(const char *const *words, size_t count, size_t *used)
{
	const struct action *action =
		action_find(words, count, ACTION_ON_COMMAND_LINE, used);

	if (action && (action->id == ACTION_PROFILE_LIST ||
			      action->id == ACTION_PROFILE_CHECK ||
			      action->id == ACTION_PROFILE_TEST))
		return action;
	return NULL;
}

bool
profile_command_is(const char *const *words, size_t count)
{
	size_t used;

	return find(words, count, &used) != NULL;
}

static int
run_action(struct run *run, const struct action *action)
{
	struct fault why;

	if (action_check_count(action, run->arguments, &why))
		return refuse(run, &why, EXIT_USAGE);
	if (action->id == ACTION_PROFILE_LIST)
		return list(run);
	return action->id == ACTION_PROFILE_CHECK ? check(run) : test(run);
}

int
profile_command_run(const struct profile_command *command)
{
	struct run run = { .command = command, .life = mem_life(NULL) };
	size_t used;
	const struct action *action = find(command->words, command->count, &used);
	int status;

	run.output = output_new(run.life, command->format);
	run.argument = command->words + used;
	run.arguments = command->count - used;
	status = run_action(&run, action);
	mem_free(run.life);
	return status;
}
