#include "table_order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"

/* A row with what it is sorted by, so that comparing needs no look at the row. */
struct keyed {
	uint64_t key;
	uint32_t row;
};

/* Maps numbers to integers of the same order; what is not known comes last either way. */
static uint64_t
order_number(double number, bool descending)
{
	uint64_t bits;

	if (isnan(number))
		return UINT64_MAX;
	memcpy(&bits, &number, sizeof(bits));
	bits = bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
	return descending ? ~bits : bits;
}

/* The eight bytes after those that all texts share. */
static uint64_t
order_text(const char *text, size_t skip)
{
	uint64_t key = 0;

	for (size_t i = 0; i < skip && *text; i++)
		text++;
	for (int i = 0; i < 8; i++) {
		key = key << 8 | (unsigned char)*text;
		text += *text != '\0';
	}
	return key;
}

static int
compare(const void *left, const void *right, void *arg)
{
	const struct table *table = arg;
	const struct keyed *a = left, *b = right;
	int order = (a->key > b->key) - (a->key < b->key);

	if (table->class->column[table->sort].kind == FILTER_TEXT) {
		if (!order)
			order = strcmp(
				table->class->text(table, a->row, (size_t)table->sort),
				table->class->text(table, b->row, (size_t)table->sort));
		if (table->descending)
			order = -order;
	}
	return order ? order : (a->row > b->row) - (a->row < b->row);
}

static size_t
shared_prefix(const struct table *table)
{
	const char *first = table->class->text(table, table->row[0], (size_t)table->sort);
	size_t shared = strlen(first);

	for (size_t i = 1; i < table->count && shared; i++) {
		const char *text =
			table->class->text(table, table->row[i], (size_t)table->sort);
		size_t n = 0;

		while (n < shared && text[n] == first[n])
			n++;
		shared = n;
	}
	return shared;
}

static void
read_keys(const struct table *table, struct keyed *out)
{
	size_t column = (size_t)table->sort;
	bool text = table->class->column[column].kind == FILTER_TEXT;
	size_t skip = text ? shared_prefix(table) : 0;

	for (size_t i = 0; i < table->count; i++) {
		uint32_t row = table->row[i];

		out[i].row = row;
		out[i].key =
			text ? order_text(table->class->text(table, row, column), skip)
			     : order_number(table->class->number(table, row, column),
				       table->descending);
	}
}

static void
merge(struct table *table, const struct keyed *keyed, size_t had)
{
	size_t a = 0, b = had;

	for (size_t i = 0; i < table->count; i++) {
		bool left = b == table->count ||
			    (a < had && compare(&keyed[a], &keyed[b], table) <= 0);

		table->row[i] = keyed[left ? a++ : b++].row;
	}
}

/* In shelf order rows are moved only when one returns to its place. */
static void
order_by_nature(struct table *table, size_t had)
{
	for (size_t i = had; i < table->count; i++) {
		uint32_t row = table->row[i];
		size_t at = i;

		for (; at > 0 && table->row[at - 1] > row; at--)
			;
		memmove(&table->row[at + 1], &table->row[at],
			(i - at) * sizeof(*table->row));
		table->row[at] = row;
	}
}

/* The common case: a page of what is sorted already, coming after what is there. */
static bool
is_in_order(struct table *table, size_t had)
{
	size_t column = (size_t)table->sort;
	struct keyed a = { 0 }, b = { 0 };

	if (table->class->column[column].kind != FILTER_TEXT)
		return false;
	for (size_t i = had ? had : 1; i < table->count; i++) {
		a.row = table->row[i - 1];
		b.row = table->row[i];
		if (compare(&a, &b, table) > 0)
			return false;
	}
	return true;
}

void
order_rows(struct table *table, size_t had)
{
	struct keyed *keyed;

	if (table->sort == TABLE_BY_NATURE || !table->count) {
		order_by_nature(table, had);
		return;
	}
	if (is_in_order(table, had))
		return;
	keyed = mem_array(table, struct keyed, table->count);
	read_keys(table, keyed);
	qsort_r(keyed + had, table->count - had, sizeof(*keyed), compare, table);
	merge(table, keyed, had);
	mem_free(keyed);
}
