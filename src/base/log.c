#include "oneclick/base/log.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

void
log_to(FILE *stream)
{
	atomic_store(&chosen, stream);
	atomic_store(&is_chosen, true);
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

void
log_line(enum log_level level, const char *format, ...)
{
	FILE *stream = atomic_load(&is_chosen) ? atomic_load(&chosen) : stderr;
	struct safe_text text;
	va_list args;
	char *raw;

	if (!stream)
		return;
	va_start(args, format);
	raw = mem_vformat(NULL, format, args);
	va_end(args);
	text = text_safe_z(raw, raw);
	flockfile(stream);
	begin_line(stream, level);
	fprintf(stream, "%s\n", text.text);
	fflush(stream);
	funlockfile(stream);
	mem_free(raw);
}
