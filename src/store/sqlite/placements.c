#include "oneclick/base/mem.h"
#include "oneclick/store/projects.h"

#include "db.h"

/* The columns of PLACEMENT in sql.c; texts are the row's own. */
static struct placement
read_placement(const struct query *q)
{
	return (struct placement){
		.account = row_text(q, 0),
		.project = row_text(q, 1),
		.name = row_text(q, 2),
		.attributes = row_text(q, 3),
		.created_at = row_int(q, 4),
		.updated_at = row_int(q, 5),
	};
}

static void
bind_placement(struct query *q, const struct placement *placement)
{
	query_text(q, placement->account);
	query_text(q, placement->project);
	query_text(q, placement->name);
	query_text(q, placement->attributes);
	query_int(q, placement->created_at);
	query_int(q, placement->updated_at);
}

static enum err
lacks(const char *project, const char *name, struct fault *why)
{
	return fault(why, ERR_NOT_FOUND,
		"There is no placement named \"%s\" in the project \"%s\".", name,
		project);
}

enum err
placements_find(struct tx *tx, const void *ctx, const char *account, const char *project,
	const char *name, struct placement *out, struct fault *why)
{
	struct query q = query_on(tx, STMT_PLACEMENT_FIND);
	enum err err;

	query_text(&q, account);
	query_text(&q, project);
	query_text(&q, name);
	if (!query_next(&q, &err, why))
		return err ? err : lacks(project, name, why);
	*out = read_placement(&q);
	out->account = mem_text(ctx, out->account);
	out->project = mem_text(ctx, out->project);
	out->name = mem_text(ctx, out->name);
	out->attributes = mem_text(ctx, out->attributes);
	query_end(&q);
	return ERR_NONE;
}

enum err
placements_add(struct tx *tx, const struct placement *placement, struct fault *why)
{
	struct query q = query_on(tx, STMT_PLACEMENT_ADD);
	enum err err;

	bind_placement(&q, placement);
	err = query_run(&q, why);
	if (err == ERR_CONFLICT)
		return fault(why, err,
			"There is already a placement named \"%s\" in the project "
			"\"%s\".",
			placement->name, placement->project);
	return err;
}

enum err
placements_save(struct tx *tx, const struct placement *placement, struct fault *why)
{
	struct query q = query_on(tx, STMT_PLACEMENT_SAVE);
	bool changed;
	enum err err;

	bind_placement(&q, placement);
	err = query_change(&q, &changed, why);
	return err || changed ? err : lacks(placement->project, placement->name, why);
}

enum err
placements_remove(struct tx *tx, const char *account, const char *project,
	const char *name, struct fault *why)
{
	struct query q = query_on(tx, STMT_PLACEMENT_REMOVE);
	bool changed;
	enum err err;

	query_text(&q, account);
	query_text(&q, project);
	query_text(&q, name);
	err = query_change(&q, &changed, why);
	return err || changed ? err : lacks(project, name, why);
}

enum err
placements_first(struct tx *tx, const void *ctx, const char *account, const char *project,
	const char **out, struct fault *why)
{
	struct query q = query_on(tx, STMT_PLACEMENT_FIRST);
	enum err err;

	query_text(&q, account);
	query_text(&q, project);
	if (query_next(&q, &err, why)) {
		*out = mem_text(ctx, row_text(&q, 0));
		query_end(&q);
	} else if (!err) {
		*out = NULL;
	}
	return err;
}

enum err
placements_list(struct tx *tx, const char *account, const char *project,
	const char *after, int limit, placements_fn fn, void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_PLACEMENT_LIST);
	enum err err;

	query_text(&q, account);
	query_text(&q, project);
	query_text(&q, after);
	query_int(&q, limit);
	while (query_next(&q, &err, why)) {
		struct placement placement = read_placement(&q);

		if (fn(arg, &placement))
			continue;
		query_end(&q);
		break;
	}
	return err;
}
