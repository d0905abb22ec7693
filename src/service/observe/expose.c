#include "expose.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "oneclick/data/number.h"

/* `extra` is a label of the format's own ("le"), NULL: none. */
static void
write_label(struct buf *out, char before, const char *name, const char *value)
{
	buf_char(out, before);
	buf_text(out, name);
	buf_text(out, "=\"");
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			buf_char(out, '\\');
		if (*value == '\n')
			buf_text(out, "\\n");
		else
			buf_char(out, *value);
	}
	buf_char(out, '"');
}

static void
write_number(struct buf *out, double value)
{
	char text[NUMBER_SIZE];

	number_write(value, text);
	buf_text(out, text);
}

static void
write_sample(struct exposition *x, const char *suffix, const char *const *labels,
	const char *edge, double value)
{
	char before = '{';

	buf_text(x->out, x->family->name);
	buf_text(x->out, suffix);
	for (size_t i = 0; labels && i < SERIES_LABELS && x->family->label[i]; i++) {
		write_label(x->out, before, x->family->label[i], labels[i]);
		before = ',';
	}
	if (edge) {
		write_label(x->out, before, "le", edge);
		before = ',';
	}
	buf_text(x->out, before == ',' ? "} " : " ");
	write_number(x->out, value);
	buf_char(x->out, '\n');
}

void
expose_value(struct exposition *x, const char *const *labels, double value)
{
	write_sample(x, x->family->kind == FAMILY_COUNTER ? "_total" : "", labels, NULL,
		value);
}

/* OpenMetrics wants whole numbers with a ".0". */
static void
write_edge(char *out, size_t room, double edge)
{
	snprintf(out, room, edge == floor(edge) ? "%.1f" : "%g", edge);
}

void
expose_bins(
	struct exposition *x, const char *const *labels, const struct expose_bins *bins)
{
	uint64_t within = 0;

	for (size_t i = 0; i < bins->edges; i++) {
		char edge[32];

		within += bins->under[i];
		write_edge(edge, sizeof edge, bins->edge[i]);
		write_sample(x, "_bucket", labels, edge, (double)within);
	}
	write_sample(x, "_bucket", labels, "+Inf", (double)bins->count);
	write_sample(x, "_sum", labels, NULL, bins->sum);
	write_sample(x, "_count", labels, NULL, (double)bins->count);
}

void
expose_series(struct exposition *x, const struct series *series)
{
	struct expose_bins bins;

	bins.edge = series_edges(series, &bins.edges);
	for (const struct series_row *row = series_rows(series); row; row = row->next) {
		bins.under = row->under;
		bins.count = row->count;
		bins.sum = row->sum;
		if (x->family->kind == FAMILY_HISTOGRAM)
			expose_bins(x, row->label, &bins);
		else
			expose_value(x, row->label, (double)row->count);
	}
}

static void
write_head(struct exposition *x)
{
	static const char *const kinds[] = { "counter", "gauge", "histogram" };
	const struct family *family = x->family;
	const char *suffix =
		family->kind == FAMILY_COUNTER && !x->open_metrics ? "_total" : "";

	buf_format(x->out, "# HELP %s%s %s\n", family->name, suffix, family->help);
	buf_format(x->out, "# TYPE %s%s %s\n", family->name, suffix, kinds[family->kind]);
}

void
expose(struct buf *out, bool open_metrics, const struct scrape *scrape)
{
	struct exposition x = { .out = out, .open_metrics = open_metrics };

	for (size_t i = 0; i < family_count; i++) {
		x.family = &family_table[i];
		write_head(&x);
		x.family->write(&x, scrape);
	}
	if (open_metrics)
		buf_text(out, "# EOF\n");
}
