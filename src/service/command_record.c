#include "command_record.h"

#include <string.h>

#include "audit_event.h"
#include "audit_key.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/settings.h"
#include "signed_head.h"

#define MASK "****"

enum { VALUE_MAX = 256 }; /* bytes kept of a word */

/* What is a secret, or the customer's. */
static bool
is_masked(const char *name)
{
	return strcmp(name, "--tags") == 0 || strcmp(name, "--set") == 0 ||
	       strcmp(name, "--claim-code") == 0;
}

/* What was said, under the options' names without their dashes. */
static void
add_word(struct pairs *out, const struct option_row *row,
	const struct command_words *words)
{
	const void *at = (const char *)words + row->at;
	const char *name = row->name + strspn(row->name, "-"), *text;

	if (row->kind == OPTION_FLAG) {
		if (*(const bool *)at)
			pairs_set(out, name, "true");
		return;
	}
	text = *(const char *const *)at;
	if (text && strlen(text) > VALUE_MAX)
		text = mem_format(out, "%.*s... (cut, of %zu bytes)", (int)VALUE_MAX,
			text, strlen(text));
	if (text)
		pairs_set(out, name, is_masked(row->name) ? MASK : text);
}

static const char *
word_name(const void *ctx, const struct command *command)
{
	if (command->event)
		return command->event;
	return mem_format(ctx, "%s%s%s", command->noun, command->verb ? " " : "",
		command->verb ? command->verb : "");
}

static enum err
append(struct tx *tx, const struct command_record *record, struct fault *why)
{
	const struct command *command = record->command;
	const struct settings *settings = record->settings;
	const char *account = record->words->account;
	void *life = mem_life(NULL);
	struct pairs *asked = pairs_new(life);
	const struct audit_event event = {
		.name = word_name(life, command),
		.by_operator = true,
		.at = moment_now(),
		.region = settings->region,
		.account = account ? account : settings->account,
		.asked = asked,
		.made = record->words->made,
	};
	enum err err;

	for (size_t i = 0; i < command->count; i++)
		if (strcmp(command->rows[i].name, "--state") != 0)
			add_word(asked, &command->rows[i], record->words);
	err = audit_event_append(tx, &event, why);
	mem_free(life);
	return err;
}

enum err
command_record_change(struct tx *tx, void *arg, struct fault *why)
{
	const struct command_record *record = arg;
	struct audit_key key;
	enum err err = audit_key_need(record->key_path, &key, why);

	if (!err)
		err = audit_event_begin_key(tx, &key, record->settings, why);
	return err ? err : append(tx, record, why);
}

/* ---- of the whole store ---- */

struct whole {
	const struct command_record *record;
	const struct store *store;
	struct signed_head head;
};

static enum err
read_head(struct tx *tx, void *arg, struct fault *why)
{
	struct whole *whole = arg;
	struct audit_key key;
	enum err err = audit_key_read(whole->record->key_path, &key, why);

	return err ? err
		   : signed_head_read(
			     tx, &key, store_secret(whole->store), &whole->head, why);
}

static enum err
nothing(struct tx *tx, void *arg, struct fault *why)
{
	(void)tx, (void)arg, (void)why;
	return ERR_NONE;
}

enum err
command_record_whole(const struct command_record *record, struct fault *why)
{
	const char *state = record->settings->state;
	struct whole whole = { .record = record };
	struct store *store;
	void *life;
	enum err err = store_open(state, &store, why);

	if (err)
		return err;
	life = mem_life(NULL);
	whole.store = store;
	store_witness(store, command_record_change, (void *)(uintptr_t)record);
	err = store_write(store, nothing, NULL, why);
	if (!err)
		err = store_read(store, read_head, &whole, why);
	if (!err)
		err = signed_head_keep(
			signed_head_kept_path(life, state), &whole.head, why);
	store_close(store);
	mem_free(life);
	return err;
}
