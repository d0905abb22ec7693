/* The sub-commands: work on the store beside a service or without one, and print what
 * came of it. */
#ifndef ONECLICK_SERVICE_COMMAND_H
#define ONECLICK_SERVICE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/fault.h"
#include "oneclick/data/pairs.h"
#include "oneclick/service/settings.h"
#include "oneclick/store/store.h"
#include "options.h"

/* What the options of all sub-commands fill; each table names its own. */
struct command_words {
	const char *state; /* NULL: what the service's settings say */
	const char *user, *policy, *account;
	const char *id; /* of a key or a device, or a user's name */
	const char *name, *tags, *remove;
	const char *csv, *claim_code;
	const char *file; /* a backup */
	bool replace;
	const char *from, *to, *head; /* of audit records */
	const char *key; /* that signs them; NULL: the service's */
	bool follow;
	const struct settings *settings; /* of a service started here */
	struct pairs *made; /* what came of it, for its audit record; never NULL */
};

/* A row of such a table, and the one all tables have. */
#define COMMAND_ROW(name, kind, member, otherwise, takes, help) \
	{ \
		(name), (kind), offsetof(struct command_words, member), (otherwise), \
			(takes), (help), SCOPE_WORDS \
	}
#define COMMAND_ROW_STATE \
	COMMAND_ROW("--state", OPTION_TEXT, state, NULL, "DIR", \
		"where the service keeps everything")
#define COMMAND_ROWS(table) .rows = (table), .count = sizeof(table) / sizeof *(table)

struct command {
	const char *noun, *verb; /* "key" "create"; "backup" NULL */
	const char *event;       /* of its audit record, if it changes something */
	const struct option_row *rows;
	size_t count;
	bool reads; /* and changes nothing: run may have a store that cannot be written to */
	/* One of the two: with the store open, or by the state directory's name. */
	enum err (*run)(struct store *store, const void *ctx,
		const struct command_words *words, struct fault *why);
	enum err (*run_at)(
		const char *state, const struct command_words *words, struct fault *why);
	const char *help;
};

extern const struct command command_account_create, command_account_list,
	command_user_create, command_user_list, command_user_show, command_user_delete,
	command_user_policy, command_user_tag, command_key_create, command_key_list,
	command_key_revoke, command_key_rotate, command_device_register, command_backup,
	command_restore, command_compact, command_init, command_audit_export,
	command_audit_verify;

/* Runs the sub-command argv[1] argv[2]; false if they name none. */
bool command_run(int argc, char **argv, int *status);
void command_print_help(void);

#endif
