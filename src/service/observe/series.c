#include "series.h"

#include <string.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"

#define uthash_fatal(reason) mem_abort(reason)
#include <uthash.h>

#define OTHER "other"

struct cell {
	struct series_row row;
	UT_hash_handle hh;
};

struct series {
	size_t labels, edge_count;
	const double *edges;
	struct cell *cells;
	struct series_row *first, **last;
	struct buf key; /* of the row looked for */
};

/* The hash's table is not talloc's. */
static int
forget_cells(struct series *series)
{
	HASH_CLEAR(hh, series->cells);
	return 0;
}

struct series *
series_new(const void *ctx, size_t labels, const double *edges, size_t edge_count)
{
	struct series *series = mem_new(ctx, struct series);

	series->labels = labels;
	series->edges = edges;
	series->edge_count = edge_count;
	series->last = &series->first;
	buf_init(&series->key, series, BUF_NO_CAP);
	talloc_set_destructor(series, forget_cells);
	return series;
}

/* No label has the separator: they are names, ARNs and words of ours. */
static void
write_key(struct series *series, const char *const *labels)
{
	buf_clear(&series->key);
	for (size_t i = 0; i < series->labels; i++) {
		buf_text(&series->key, labels[i]);
		buf_char(&series->key, '\n');
	}
}

static struct cell *
add_cell(struct series *series, const char *const *labels)
{
	struct cell *cell = mem_new(series, struct cell);

	for (size_t i = 0; i < series->labels; i++)
		cell->row.label[i] = mem_text(series, labels[i]);
	cell->row.key = mem_text(series, series->key.data);
	HASH_ADD_KEYPTR(hh, series->cells, cell->row.key, series->key.len, cell);
	*series->last = &cell->row;
	series->last = &cell->row.next;
	return cell;
}

static struct series_row *
find_row(struct series *series, const char *const *labels)
{
	struct cell *cell;

	write_key(series, labels);
	HASH_FIND(hh, series->cells, series->key.data, series->key.len, cell);
	if (!cell)
		cell = add_cell(series, labels);
	return &cell->row;
}

void
series_add(struct series *series, const char *const *labels, double value)
{
	struct series_row *row = find_row(series, labels);
	size_t i = 0;

	row->count++;
	row->sum += value;
	while (i < series->edge_count && value > series->edges[i])
		i++;
	if (i < series->edge_count)
		row->under[i]++;
}

void
series_merge(struct series *series, const char *const *labels, uint64_t count, double sum,
	const uint64_t *under)
{
	struct series_row *row = find_row(series, labels);

	row->count += count;
	row->sum += sum;
	for (size_t i = 0; i < series->edge_count; i++)
		row->under[i] += under[i];
}

const struct series_row *
series_rows(const struct series *series)
{
	return series->first;
}

const double *
series_edges(const struct series *series, size_t *count)
{
	*count = series->edge_count;
	return series->edges;
}

struct name {
	const char *text;
	UT_hash_handle hh;
};

struct roster {
	size_t max;
	struct name *known;
};

static int
forget_roster(struct roster *roster)
{
	HASH_CLEAR(hh, roster->known);
	return 0;
}

struct roster *
roster_new(const void *ctx, size_t max)
{
	struct roster *roster = mem_new(ctx, struct roster);

	roster->max = max;
	talloc_set_destructor(roster, forget_roster);
	return roster;
}

const char *
roster_keep(struct roster *roster, const char *text)
{
	struct name *name;

	HASH_FIND_STR(roster->known, text, name);
	if (name)
		return name->text;
	if (HASH_COUNT(roster->known) >= roster->max)
		return OTHER;
	name = mem_new(roster, struct name);
	name->text = mem_text(roster, text);
	HASH_ADD_KEYPTR(hh, roster->known, name->text, strlen(name->text), name);
	return name->text;
}
