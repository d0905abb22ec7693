#include "columns.h"

#include <math.h>
#include <string.h>

#include "../states.h"

/* What one member of a row may hold. */
union held {
	uint32_t word, count;
	float life;
	int64_t moment;
};

static union held
read_member(const struct table *table, size_t row, size_t column)
{
	static const size_t sizes[] = {
		[HOLDS_WORD] = sizeof(uint32_t),
		[HOLDS_COUNT] = sizeof(uint32_t),
		[HOLDS_LIFE] = sizeof(float),
		[HOLDS_MOMENT] = sizeof(int64_t),
	};
	const struct table_column *of = &table->class->column[column];
	const char *at = table_at(table, row);
	union held held = { 0 };

	memcpy(&held, at + of->at, sizes[of->holds]);
	return held;
}

const char *
columns_text(const struct table *table, size_t row, size_t column)
{
	if (table->class->column[column].holds != HOLDS_WORD)
		return "";
	return words_text(table->state->words, read_member(table, row, column).word);
}

double
columns_number(const struct table *table, size_t row, size_t column)
{
	union held held = read_member(table, row, column);

	switch (table->class->column[column].holds) {
	case HOLDS_COUNT:
		return held.count;
	case HOLDS_LIFE:
		return (double)held.life;
	case HOLDS_MOMENT:
		return held.moment ? (double)(table->times.now - held.moment) : NAN;
	case HOLDS_OWN:
	case HOLDS_WORD:
		break;
	}
	return NAN;
}

void
columns_cell(const struct table *table, const void *ctx, size_t row, size_t column,
	struct list_cell *cell)
{
	union held held = read_member(table, row, column);

	switch (table->class->column[column].holds) {
	case HOLDS_COUNT:
		cell->text = text_safe_format(ctx, "%u", held.count);
		break;
	case HOLDS_LIFE:
		cell->text = states_battery(table->state, ctx, held.life, &cell->role);
		break;
	case HOLDS_MOMENT:
		cell->text = times_short(&table->times, ctx, held.moment);
		break;
	case HOLDS_OWN:
	case HOLDS_WORD:
		cell->text = (struct safe_text){ table->class->text(table, row, column) };
		break;
	}
}

uint64_t
columns_key(const struct table *table, size_t row)
{
	return read_member(table, row, table->class->name).word;
}
