#include "oneclick/data/csv.h"

#include <string.h>

#include "oneclick/base/mem.h"

enum { FIELDS_MAX = 256 };

static const char byte_order_mark[] = "\xEF\xBB\xBF";

struct csv
csv_over(const char *text, size_t n)
{
	if (n >= 3 && memcmp(text, byte_order_mark, 3) == 0) {
		text += 3;
		n -= 3;
	}
	return (struct csv){ .at = text, .end = text + n, .next = 1 };
}

/* The length of the line end at csv->at; 0 if there is none. */
static size_t
measure_break(const struct csv *csv)
{
	size_t left = (size_t)(csv->end - csv->at);

	if (left >= 1 && csv->at[0] == '\n')
		return 1;
	return left >= 2 && csv->at[0] == '\r' && csv->at[1] == '\n' ? 2 : 0;
}

/* Past the line end, if one is here. */
static bool
take_break(struct csv *csv)
{
	size_t n = measure_break(csv);

	csv->at += n;
	csv->next += n > 0;
	return n > 0;
}

static bool
is_field_over(const struct csv *csv)
{
	return csv->at == csv->end || *csv->at == ',' || measure_break(csv) > 0;
}

static enum err
add_byte(struct csv *csv, struct buf *out, struct fault *why)
{
	if (*csv->at == '\0')
		return fault(why, ERR_INVALID, "line %d: a NUL is no text", csv->next);
	csv->next += *csv->at == '\n';
	buf_char(out, *csv->at++);
	return ERR_NONE;
}

static enum err
end_quoted(struct csv *csv, struct fault *why)
{
	if (is_field_over(csv))
		return ERR_NONE;
	return fault(why, ERR_INVALID, "line %d: text stands after a closing quote",
		csv->next);
}

static enum err
read_quoted(struct csv *csv, struct buf *out, struct fault *why)
{
	int opened = csv->next;
	enum err err;

	for (csv->at++; csv->at < csv->end;) {
		if (*csv->at == '"' && (++csv->at == csv->end || *csv->at != '"'))
			return end_quoted(csv, why);
		err = add_byte(csv, out, why);
		if (err)
			return err;
	}
	return fault(why, ERR_INVALID, "line %d: a quote is never closed", opened);
}

static enum err
read_bare(struct csv *csv, struct buf *out, struct fault *why)
{
	enum err err = ERR_NONE;

	while (!err && !is_field_over(csv)) {
		if (*csv->at == '"')
			return fault(why, ERR_INVALID,
				"line %d: a quote stands inside a field that does not "
				"begin with one",
				csv->next);
		err = add_byte(csv, out, why);
	}
	return err;
}

static enum err
read_field(struct csv *csv, struct buf *out, struct fault *why)
{
	buf_clear(out);
	if (csv->at < csv->end && *csv->at == '"')
		return read_quoted(csv, out, why);
	return read_bare(csv, out, why);
}

static enum err
read_row(struct csv *csv, const void *ctx, const char **row, size_t *count,
	struct buf *out, struct fault *why)
{
	enum err err;

	for (;; csv->at++) {
		if (*count == FIELDS_MAX)
			return fault(why, ERR_INVALID, "line %d: more than %d fields",
				csv->line, FIELDS_MAX);
		err = read_field(csv, out, why);
		if (err)
			return err;
		row[(*count)++] = mem_textn(ctx, out->data, out->len);
		if (csv->at == csv->end || *csv->at != ',')
			break;
	}
	take_break(csv);
	return ERR_NONE;
}

enum err
csv_next(struct csv *csv, const void *ctx, const char *const **fields, size_t *count,
	struct fault *why)
{
	const char **row;
	struct buf out;
	enum err err;

	while (take_break(csv))
		continue;
	*fields = NULL;
	*count = 0;
	if (csv->at == csv->end)
		return ERR_NONE;
	csv->line = csv->next;
	row = mem_array(ctx, const char *, FIELDS_MAX);
	buf_init(&out, row, BUF_NO_CAP);
	err = read_row(csv, row, row, count, &out, why);
	buf_release(&out);
	if (err)
		mem_free(row);
	else
		*fields = mem_resize(ctx, row, const char *, *count);
	return err;
}

/* ---- writing ---- */

/* With a ' or more before it, too: a text that had one already must get its own. */
static bool
would_run(const char *field)
{
	static const char *const signs[] = { "=", "+", "-", "@", "\t", "\r", "\n",
		"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20" };

	field += strspn(field, "'");
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (strncmp(field, signs[i], strlen(signs[i])) == 0)
			return true;
	return false;
}

const char *
csv_plain(const char *field)
{
	return *field == '\'' && would_run(field) ? field + 1 : field;
}

void
csv_write(struct buf *out, const char *field)
{
	const char *guard;
	size_t n;

	if (!field || !*field)
		return;
	n = strlen(field);
	guard = would_run(field) ? "'" : "";
	if (!strpbrk(field, ",\"\r\n") && *field != ' ' && field[n - 1] != ' ') {
		buf_text(out, guard);
		buf_text(out, field);
		return;
	}
	buf_char(out, '"');
	buf_text(out, guard);
	for (; *field; field++) {
		if (*field == '"')
			buf_char(out, '"');
		buf_char(out, *field);
	}
	buf_char(out, '"');
}
