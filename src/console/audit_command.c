#include "audit_command.h"

#include "oneclick/api/page.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/client/pages.h"
#include "oneclick/data/json.h"

struct run {
	struct audit_command command;
	struct pages pages;
	struct file_out *file;
};

/* ---- the file ---- */

static void
fail_file(struct run *run, const struct fault *why)
{
	struct answer answer = { .code = ERR_INTERNAL, .why = *why };

	answer.why.code = ERR_INTERNAL; /* no wrong word of the command line */
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

static enum err
write_records(struct run *run, const struct value *records, struct fault *why)
{
	enum err err = ERR_NONE;
	struct buf line;

	buf_init(&line, run, BUF_NO_CAP);
	for (size_t i = 0; !err && i < records->count; i++) {
		struct json j = json_seen_to(&line);

		json_value(&j, &records->item[i]);
		buf_char(&line, '\n');
		err = file_add(run->file, line.data, line.len, why);
		buf_clear(&line);
	}
	buf_release(&line);
	return err;
}

static void
take_page(void *arg, const struct answer *answer)
{
	struct run *run = arg;
	struct answer page = *answer;
	const char *token;
	struct fault why;

	if (!page.code)
		page.code = pages_take(
			&run->pages, page.body, "records", &token, &page.why);
	if (page.code)
		run->command.done(run->command.arg, &page);
	else if (write_records(run, value_get(page.body, "records"), &why))
		fail_file(run, &why);
	else if (token)
		ask_page(run, token);
	else if (file_commit(run->file, &why))
		fail_file(run, &why);
	else
		run->command.done(run->command.arg, NULL);
}

void
audit_export_start(const void *ctx, const struct audit_command *command)
{
	struct run *run = mem_new(ctx, struct run);
	struct fault why;

	run->command = *command;
	if (file_create(run, command->path, &run->file, &why))
		fail_file(run, &why);
	else
		ask_page(run, NULL);
}
