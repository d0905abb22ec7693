#include "oneclick/base/log.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"

static const char *const level_name[] = {
	[LOG_INFO] = "info",
	[LOG_WARN] = "warn",
	[LOG_ERROR] = "error",
};

static _Atomic(FILE *) chosen; /* NULL until log_to: stderr is no constant */
static atomic_bool is_chosen;

void
log_to(FILE *stream)
{
	atomic_store(&chosen, stream);
	atomic_store(&is_chosen, true);
}

void
log_line(enum log_level level, const char *format, ...)
{
	FILE *stream = atomic_load(&is_chosen) ? atomic_load(&chosen) : stderr;
	char when[MOMENT_ISO_SIZE];
	struct safe_text text;
	va_list args;
	char *raw;

	if (!stream)
		return;
	va_start(args, format);
	raw = mem_vformat(NULL, format, args);
	va_end(args);
	text = text_safe_z(raw, raw);
	moment_to_iso(moment_now(), when);
	fprintf(stream, "%s %s %s\n", when, level_name[level], text.text);
	fflush(stream);
	mem_free(raw);
}
