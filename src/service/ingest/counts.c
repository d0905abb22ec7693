#include "oneclick/service/counts.h"

#include <string.h>

#include "oneclick/base/mem.h"

static const char *const names[INGEST_RESULTS] = {
	[INGEST_TAKEN] = "taken",
	[INGEST_HEARD] = "heard",
	[INGEST_DUPLICATE] = "duplicate",
	[INGEST_UNKNOWN] = "unknown",
	[INGEST_UNMAPPED] = "unmapped",
	[INGEST_RETAINED] = "retained",
	[INGEST_UNREADABLE] = "unreadable",
};

const char *
ingest_result_name(enum ingest_result result)
{
	return names[result];
}

struct counts *
counts_new(const void *ctx)
{
	return mem_new(ctx, struct counts);
}

static struct counts_row *
find_row(struct counts *counts, const char *profile)
{
	struct counts_row *row;

	for (size_t i = 0; i < counts->count; i++)
		if (strcmp(counts->row[i].profile, profile) == 0)
			return &counts->row[i];
	counts->row =
		mem_resize(counts, counts->row, struct counts_row, counts->count + 1);
	row = &counts->row[counts->count++];
	*row = (struct counts_row){ .profile = mem_text(counts, profile) };
	return row;
}

void
counts_add(struct counts *counts, const char *profile, enum ingest_result result)
{
	find_row(counts, profile)->of[result]++;
}

void
counts_merge(struct counts *into, const struct counts *from)
{
	for (size_t i = 0; i < from->count; i++) {
		struct counts_row *row = find_row(into, from->row[i].profile);

		for (size_t r = 0; r < INGEST_RESULTS; r++)
			row->of[r] += from->row[i].of[r];
	}
}
