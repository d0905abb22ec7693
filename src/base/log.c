#include "oneclick/base/log.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log_repeat.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"

static const char *const level_name[] = {
	[LOG_INFO] = "info",
	[LOG_WARN] = "warn",
	[LOG_ERROR] = "error",
};

/* Of syslog, as the journal reads them: informational, warning, error. */
static const int level_priority[] = {
	[LOG_INFO] = 6,
	[LOG_WARN] = 4,
	[LOG_ERROR] = 3,
};

static _Atomic(FILE *) chosen; /* NULL until log_to: stderr is no constant */
static atomic_bool is_chosen, is_journal;

static struct log_repeat repeat; /* guarded by the lock */
static pthread_mutex_t repeat_lock = PTHREAD_MUTEX_INITIALIZER;

void
log_to(FILE *stream)
{
	atomic_store(&chosen, stream);
	atomic_store(&is_chosen, true);
	pthread_mutex_lock(&repeat_lock);
	repeat = (struct log_repeat){ 0 };
	pthread_mutex_unlock(&repeat_lock);
}

void
log_for_journal(void)
{
	const char *named = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat of;

	if (named && sscanf(named, "%llu:%llu", &device, &inode) == 2 &&
		fstat(STDERR_FILENO, &of) == 0 && of.st_dev == device &&
		of.st_ino == inode)
		atomic_store(&is_journal, true);
}

static void
begin_line(FILE *stream, enum log_level level)
{
	char when[MOMENT_ISO_SIZE];

	if (atomic_load(&is_journal)) {
		fprintf(stream, "<%d>", level_priority[level]);
		return;
	}
	moment_to_iso(moment_now(), when);
	fprintf(stream, "%s %s ", when, level_name[level]);
}

static void
write_line(FILE *stream, enum log_level level, const char *text, uint64_t unsaid)
{
	flockfile(stream);
	begin_line(stream, level);
	fputs(text, stream);
	if (unsaid > 0)
		fprintf(stream, " (and %" PRIu64 " times since it was last said)", unsaid);
	fputc('\n', stream);
	fflush(stream);
	funlockfile(stream);
}

static bool
is_due(const char *text, uint64_t *unsaid)
{
	bool due;

	pthread_mutex_lock(&repeat_lock);
	due = log_repeat_is_due(&repeat, text, moment_now(), unsaid);
	pthread_mutex_unlock(&repeat_lock);
	return due;
}

__attribute__((format(printf, 3, 0))) static void
say(enum log_level level, bool may_repeat, const char *format, va_list args)
{
	FILE *stream = atomic_load(&is_chosen) ? atomic_load(&chosen) : stderr;
	char *raw = mem_vformat(NULL, format, args);
	struct safe_text text = text_safe_z(raw, raw);
	uint64_t unsaid = 0;

	if (stream && (may_repeat || is_due(text.text, &unsaid)))
		write_line(stream, level, text.text, unsaid);
	mem_free(raw);
}

void
log_line(enum log_level level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(level, true, format, args);
	va_end(args);
}

void
log_retry(enum log_level level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(level, false, format, args);
	va_end(args);
}
