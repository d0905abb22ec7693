/* oneclickd audit export. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/json.h"
#include "oneclick/store/audit.h"

enum {
	AT_ONCE = 500,     /* records of one transaction */
	FOLLOW_EVERY = 1,  /* s */
	SLACK = 60 * 1000, /* ms: records of reads are written behind their requests */
};

/* ---- export ---- */

struct exporting {
	int64_t from, to; /* moments, [from, to) */
	int64_t after;    /* position of the last one looked at */
	int looked;       /* in this step */
};

static bool
print_seen(const char *record)
{
	struct buf line;
	bool is_out;

	buf_init(&line, NULL, BUF_NO_CAP);
	json_see(&line, record, strlen(record));
	is_out = puts(line.data) >= 0;
	buf_release(&line);
	return is_out;
}

static bool
print_record(void *arg, int64_t pos, int64_t at, const char *record)
{
	struct exporting *exporting = arg;

	exporting->after = pos;
	exporting->looked++;
	if (at < exporting->from || at >= exporting->to)
		return true;
	return print_seen(record);
}

static enum err
print_some(struct tx *tx, void *arg, struct fault *why)
{
	struct exporting *exporting = arg;

	exporting->looked = 0;
	return audit_follow(tx, exporting->after, AT_ONCE, print_record, exporting, why);
}

static enum err
find_first(struct tx *tx, void *arg, struct fault *why)
{
	struct exporting *exporting = arg;
	int64_t pos;
	enum err err = audit_seek(tx, exporting->from - SLACK, &pos, why);

	exporting->after = pos > 0 ? pos - 1 : 0;
	return err;
}

static enum err
read_moment(const char *option, const char *text, int64_t *out, struct fault *why)
{
	if (!text || moment_from_iso(text, out))
		return ERR_NONE;
	return fault(why, ERR_INVALID,
		"%s takes a time like 2018-05-04T23:26:33Z, or a date, not '%.40s'.",
		option, text);
}

static enum err
check_output(struct fault *why)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return ERR_NONE;
	return fault(why, ERR_INVALID,
		"The records could not be written to standard output; those that were "
		"are not all.");
}

static enum err export(struct store *store, const void *ctx,
	const struct command_words *words, struct fault *why) {
	struct exporting exporting = { .to = INT64_MAX };
	enum err err = read_moment("--from", words->from, &exporting.from, why);

	(void)ctx; if (!err) err = read_moment("--to", words->to, &exporting.to, why);
	if (!err) err = store_read(store, find_first, &exporting, why);
	exporting.looked = AT_ONCE;
	while (!err && (exporting.looked == AT_ONCE || words->follow)){
		if (exporting.looked < AT_ONCE) sleep(FOLLOW_EVERY);
		err = store_read(store, print_some, &exporting, why);
		if (!err) err = check_output(why); }
return err;
}

static const struct option_row export_rows[] = {
	COMMAND_ROW("--from", OPTION_TEXT, from, NULL, "TIME",
		"only what was asked at that time or later"),
	COMMAND_ROW("--to", OPTION_TEXT, to, NULL, "TIME", "and before that one"),
	COMMAND_ROW("--follow", OPTION_FLAG, follow, NULL, "",
		"go on with new records as they come"),
	COMMAND_ROW_STATE,
};

const struct command command_audit_export = {
	.noun = "audit",
	.verb = "export",
	.reads = true,
	COMMAND_ROWS(export_rows),
	.run = export,
	.help = "print the records of all requests, oldest first, one JSON object a line",
};
