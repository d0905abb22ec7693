#include "oneclick/store/projects.h"
#include "oneclick/base/mem.h"

#include "db.h"

/* The columns of PROJECT in sql.c; texts are the row's own. */
static struct project
read_project(const struct query *q)
{
	return (struct project){
		.account = row_text(q, 0),
		.name = row_text(q, 1),
		.description = row_text(q, 2),
		.template_json = row_text(q, 3),
		.tags = row_text(q, 4),
		.created_at = row_int(q, 5),
		.updated_at = row_int(q, 6),
	};
}

static void
bind_project(struct query *q, const struct project *project)
{
	query_text(q, project->account);
	query_text(q, project->name);
	query_text(q, project->description);
	query_text(q, project->template_json);
	query_text(q, project->tags);
	query_int(q, project->created_at);
	query_int(q, project->updated_at);
}

static enum err
lacks(const char *name, struct fault *why)
{
	return fault(why, ERR_NOT_FOUND, "There is no project named \"%s\".", name);
}

enum err
projects_find(struct tx *tx, const void *ctx, const char *account, const char *name,
	struct project *out, struct fault *why)
{
	struct query q = query_on(tx, STMT_PROJECT_FIND);
	enum err err;

	query_text(&q, account);
	query_text(&q, name);
	if (!query_next(&q, &err, why))
		return err ? err : lacks(name, why);
	*out = read_project(&q);
	out->account = mem_text(ctx, out->account);
	out->name = mem_text(ctx, out->name);
	out->description = mem_text(ctx, out->description);
	out->template_json = mem_text(ctx, out->template_json);
	out->tags = mem_text(ctx, out->tags);
	query_end(&q);
	return ERR_NONE;
}

enum err
projects_add(struct tx *tx, const struct project *project, struct fault *why)
{
	struct query q = query_on(tx, STMT_PROJECT_ADD);
	enum err err;

	bind_project(&q, project);
	err = query_run(&q, why);
	if (err == ERR_CONFLICT)
		return fault(why, err, "There is already a project named \"%s\".",
			project->name);
	return err;
}

enum err
projects_save(struct tx *tx, const struct project *project, struct fault *why)
{
	struct query q = query_on(tx, STMT_PROJECT_SAVE);
	bool changed;
	enum err err;

	bind_project(&q, project);
	err = query_change(&q, &changed, why);
	return err || changed ? err : lacks(project->name, why);
}

enum err
projects_remove(struct tx *tx, const char *account, const char *name, struct fault *why)
{
	struct query q = query_on(tx, STMT_PROJECT_REMOVE);
	bool changed;
	enum err err;

	query_text(&q, account);
	query_text(&q, name);
	err = query_change(&q, &changed, why);
	return err || changed ? err : lacks(name, why);
}

enum err
projects_count(struct tx *tx, const char *account, int *out, struct fault *why)
{
	struct query q = query_on(tx, STMT_PROJECT_COUNT);
	enum err err;

	query_text(&q, account);
	if (query_next(&q, &err, why)) {
		*out = (int)row_int(&q, 0);
		query_end(&q);
	}
	return err;
}

enum err
projects_list(struct tx *tx, const char *account, const char *after, int limit,
	projects_fn fn, void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_PROJECT_LIST);
	enum err err;

	query_text(&q, account);
	query_text(&q, after);
	query_int(&q, limit);
	while (query_next(&q, &err, why)) {
		struct project project = read_project(&q);

		if (fn(arg, &project))
			continue;
		query_end(&q);
		break;
	}
	return err;
}
