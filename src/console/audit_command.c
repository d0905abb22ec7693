#include "audit_command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/api/page.h"
#include "oneclick/base/mem.h"
#include "oneclick/client/pages.h"
#include "oneclick/data/json.h"

struct run {
	struct audit_command command;
	struct pages pages;
	FILE *file;
	char *beside; /* where it is written until it is whole; NULL: standard output */
};

/* ---- the file ---- */

/* The file goes with the run, however that ends; what is not whole is removed. */
static int
close_file(struct run *run)
{
	if (run->file && run->beside) {
		fclose(run->file);
		unlink(run->beside);
	}
	return 0;
}

static bool
open_file(struct run *run)
{
	int fd;

	if (strcmp(run->command.path, "-") == 0) {
		run->file = stdout;
		return true;
	}
	run->beside = mem_format(run, "%s.XXXXXX", run->command.path);
	fd = mkstemp(run->beside);
	run->file = fd < 0 ? NULL : fdopen(fd, "w");
	return run->file != NULL;
}

static bool
finish_file(struct run *run)
{
	bool whole = fflush(run->file) == 0 && !ferror(run->file);

	if (!run->beside)
		return whole;
	whole = whole && fsync(fileno(run->file)) == 0 &&
		rename(run->beside, run->command.path) == 0;
	if (whole) {
		fclose(run->file);
		run->file = NULL;
	}
	return whole;
}

static void
fail_file(struct run *run)
{
	struct answer answer = { .code = ERR_INTERNAL };

	fault(&answer.why, ERR_INTERNAL, "%s cannot be written: %s.",
		run->beside ? run->command.path : "Standard output", strerror(errno));
	run->command.done(run->command.arg, &answer);
}

/* ---- the pages ---- */

static void take_page(void *arg, const struct answer *answer);

static void
ask_page(struct run *run, const char *token)
{
	struct buf query;

	buf_init(&query, run, BUF_NO_CAP);
	page_query(&query, token);
	client_extra(run->command.client, EXTRA_LIST_RECORDS, query.data, NULL, take_page,
		run);
	buf_release(&query);
}

static void
write_records(struct run *run, const struct value *records)
{
	struct buf line;

	buf_init(&line, run, BUF_NO_CAP);
	for (size_t i = 0; i < records->count; i++) {
		struct json j = json_to(&line);

		json_value(&j, &records->item[i]);
		buf_char(&line, '\n');
		fwrite(line.data, 1, line.len, run->file);
		buf_clear(&line);
	}
	buf_release(&line);
}

static void
take_page(void *arg, const struct answer *answer)
{
	struct run *run = arg;
	struct answer page = *answer;
	const char *token;

	if (!page.code)
		page.code = pages_take(
			&run->pages, page.body, "records", &token, &page.why);
	if (page.code) {
		run->command.done(run->command.arg, &page);
		return;
	}
	write_records(run, value_get(page.body, "records"));
	if (ferror(run->file))
		fail_file(run);
	else if (token)
		ask_page(run, token);
	else if (finish_file(run))
		run->command.done(run->command.arg, NULL);
	else
		fail_file(run);
}

void
audit_export_start(const void *ctx, const struct audit_command *command)
{
	struct run *run = mem_new(ctx, struct run);

	run->command = *command;
	talloc_set_destructor(run, close_file);
	if (open_file(run))
		ask_page(run, NULL);
	else
		fail_file(run);
}
