#include "oneclick/store/marks.h"

#include "db.h"

enum err
marks_note(struct tx *tx, const struct marks *marks, struct fault *why)
{
	struct query q = query_on(tx, STMT_MARKS_NOTE);

	query_int(&q, marks->batch % MARKS_BATCHES);
	query_int(&q, marks->batch);
	query_int(&q, marks->at);
	query_int(&q, (int64_t)marks->count);
	query_blob(&q, marks->mark, marks->count * sizeof(*marks->mark));
	return query_run(&q, why);
}

enum err
marks_clear(struct tx *tx, struct fault *why)
{
	struct query q = query_on(tx, STMT_MARKS_CLEAR);

	return query_run(&q, why);
}

enum err
marks_list(struct tx *tx, marks_fn fn, void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_MARKS_LIST);
	enum err err;

	while (query_next(&q, &err, why)) {
		struct marks marks = {
			.batch = row_int(&q, 0),
			.at = row_int(&q, 1),
			.count = (size_t)row_int(&q, 2),
		};

		marks.mark = row_blob(&q, 3, marks.count * sizeof(*marks.mark));
		if (marks.mark)
			fn(arg, &marks);
	}
	return err;
}
