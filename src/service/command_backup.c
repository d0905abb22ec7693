/* oneclickd backup, beside a running service; restore and compact, without one. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "command.h"
#include "lock.h"
#include "oneclick/store/backup.h"

static volatile sig_atomic_t stopped;

static void
stop(int signum)
{
	(void)signum;
	stopped = 1;
}

/* The copy then ends by itself and leaves nothing. */
static void
hear_signals(void)
{
	struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESTART };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

struct progress {
	bool shown; /* standard error is a terminal */
	int percent;
};

static bool
show_progress(void *arg, int64_t done, int64_t total)
{
	struct progress *progress = arg;
	int percent = total > 0 ? (int)(done * 100 / total) : 0;

	if (progress->shown && percent != progress->percent)
		fprintf(stderr, "\r%3d%%", percent);
	progress->percent = percent;
	return !stopped;
}

static void
clear_progress(const struct progress *progress)
{
	if (progress->shown)
		fprintf(stderr, "\r    \r");
}

static enum err
need_file(const struct command_words *words, const char *example, struct fault *why)
{
	if (words->file)
		return ERR_NONE;
	return fault(why, ERR_INVALID, "Say which file, as in: oneclickd %s.", example);
}

static enum err
run_backup(const char *state, const struct command_words *words, struct fault *why)
{
	struct progress progress = { .shown = isatty(STDERR_FILENO), .percent = -1 };
	enum err err = need_file(words, "backup fleet.backup", why);

	if (err)
		return err;
	hear_signals();
	err = backup_write(state, words->file, show_progress, &progress, why);
	clear_progress(&progress);
	return err;
}

static enum err
run_restore(const char *state, const struct command_words *words, struct fault *why)
{
	struct progress progress = { .shown = isatty(STDERR_FILENO), .percent = -1 };
	enum err err = need_file(words, "restore fleet.backup", why);
	int lock = -1;

	if (!err)
		err = lock_state(state, &lock, why);
	if (err)
		return err;
	hear_signals();
	err = backup_restore(
		words->file, state, words->replace, show_progress, &progress, why);
	clear_progress(&progress);
	if (lock >= 0)
		close(lock);
	return err;
}

static enum err
run_compact(const char *state, const struct command_words *words, struct fault *why)
{
	int lock = -1;
	enum err err = lock_state(state, &lock, why);

	(void)words;
	if (!err)
		err = backup_compact(state, why);
	if (lock >= 0)
		close(lock);
	return err;
}

/* ---- their words ---- */

static const struct option_row backup_rows[] = {
	COMMAND_ROW_STATE,
	COMMAND_ROW("FILE", OPTION_WORD, file, NULL, "FILE", "to write; 0600"),
};

static const struct option_row restore_rows[] = {
	COMMAND_ROW_STATE,
	COMMAND_ROW("FILE", OPTION_WORD, file, NULL, "FILE", "that backup wrote"),
	COMMAND_ROW("--replace", OPTION_FLAG, replace, NULL, "",
		"although there is a store: it is lost"),
};

const struct command command_backup = {
	.noun = "backup",
	.event = "BackupStore",
	COMMAND_ROWS(backup_rows),
	.run_at = run_backup,
	.help = "the whole store into one file, while the service runs",
};

const struct command command_restore = {
	.noun = "restore",
	.event = "RestoreStore",
	COMMAND_ROWS(restore_rows),
	.run_at = run_restore,
	.help = "the store from such a file, while no service runs",
};

static const struct option_row compact_rows[] = { COMMAND_ROW_STATE };

const struct command command_compact = {
	.noun = "compact",
	.event = "CompactStore",
	COMMAND_ROWS(compact_rows),
	.run_at = run_compact,
	.help = "give room back to the disk, while no service runs",
};
