#include "oneclick/console/export.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app_parts.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/csv.h"
#include "oneclick/data/json.h"

/* A column's value as text; ages become the moments they count from. */
static const char *
write_value(const struct table *table, size_t row, size_t column, char out[64])
{
	double number;

	if (table->class->column[column].kind == FILTER_TEXT)
		return table->class->text(table, row, column);
	number = table->class->number(table, row, column);
	*out = '\0';
	if (isnan(number))
		return out;
	if (table->class->column[column].kind == FILTER_AGE)
		moment_to_iso(table->times.now - (int64_t)number, out);
	else
		snprintf(out, 64, "%g", number);
	return out;
}

static void
write_csv(const struct table *table, struct buf *out)
{
	char text[64];

	for (size_t i = 0; i < table->class->columns; i++) {
		buf_text(out, i ? "," : "");
		csv_write(out, table->class->column[i].name);
	}
	buf_text(out, "\r\n");
	for (size_t at = 0; at < table->count; at++) {
		for (size_t i = 0; i < table->class->columns; i++) {
			buf_text(out, i ? "," : "");
			csv_write(out, write_value(table, table->row[at], i, text));
		}
		buf_text(out, "\r\n");
	}
}

static void
write_member(struct json *json, const struct table *table, size_t row, size_t column)
{
	char text[64];
	const char *value = write_value(table, row, column, text);

	json_key(json, table->class->column[column].name);
	if (table->class->column[column].kind == FILTER_NUMBER)
		json_raw(json, *value ? value : "null");
	else
		json_text(json, *value ? value : NULL);
}

static void
write_json(const struct table *table, struct buf *out)
{
	struct json json = json_seen_to(out);

	json_open(&json, '[');
	for (size_t at = 0; at < table->count; at++) {
		json_open(&json, '{');
		for (size_t i = 0; i < table->class->columns; i++)
			write_member(&json, table, table->row[at], i);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	buf_char(out, '\n');
}

static void
indent(struct buf *out, int depth)
{
	buf_char(out, '\n');
	for (int i = 0; i < depth; i++)
		buf_text(out, "  ");
}

void
export_tree(struct buf *out, const struct value *tree, int depth)
{
	bool map = tree->kind == VALUE_MAP;
	struct json json = json_to(out);

	if ((!map && tree->kind != VALUE_LIST) || !tree->count) {
		json_value(&json, tree);
		return;
	}
	buf_char(out, map ? '{' : '[');
	for (size_t i = 0; i < tree->count; i++) {
		buf_text(out, i ? "," : "");
		indent(out, depth + 1);
		if (map) {
			json = json_to(out);
			json_text(&json, tree->key[i]);
			buf_text(out, ": ");
		}
		export_tree(out, &tree->item[i], depth + 1);
	}
	indent(out, depth);
	buf_char(out, map ? '}' : ']');
}

/* ---- the file ---- */

static void
export_to(struct app *app, void *arg, const char *path, size_t chosen)
{
	const struct table *table = app->pane->table;
	size_t n = strlen(path);
	struct fault why;
	struct buf text;

	(void)arg;
	(void)chosen;
	if (!table || !n)
		return;
	buf_init(&text, app, BUF_NO_CAP);
	if (n > 5 && strcmp(path + n - 5, ".json") == 0)
		write_json(table, &text);
	else
		write_csv(table, &text);
	if (text.full)
		app_say(app, NOTICE_ERROR,
			"That is too much for one file; filter it first");
	else if (file_write(path, &text, &why))
		app_say(app, NOTICE_ERROR, "%s", why.sentence);
	else
		app_say(app, NOTICE_INFO, "%zu rows written to %s%s", table->count, path,
			table_shelf(table)->more
				? "; the service has more, which the list does not hold"
				: "");
	buf_release(&text);
}

void
export_ask(struct pane *pane, const struct args *args)
{
	char name[64];

	if (args->count) {
		export_to(pane->app, NULL, args->word[0], 0);
		return;
	}
	snprintf(name, sizeof(name), "%s.csv", pane_name(pane->class->id));
	app_ask(pane->app, SAFE("Export to (.csv or .json): "), name, export_to, NULL);
}
