/* Projects and placements in the store. Rules and limits live in model/project.h. */
#ifndef ONECLICK_STORE_PROJECTS_H
#define ONECLICK_STORE_PROJECTS_H

#include <stdbool.h>

#include "oneclick/base/fault.h"
#include "oneclick/model/project.h"
#include "oneclick/store/store.h"

enum err projects_find(struct tx *tx, const void *ctx, const char *account,
	const char *name, struct project *out, struct fault *why);
enum err projects_add(struct tx *tx, const struct project *project, struct fault *why);
enum err projects_save(struct tx *tx, const struct project *project, struct fault *why);
enum err projects_remove(
	struct tx *tx, const char *account, const char *name, struct fault *why);
enum err projects_count(struct tx *tx, const char *account, int *out, struct fault *why);

typedef bool (*projects_fn)(void *arg, const struct project *project);
enum err projects_list(struct tx *tx, const char *account, const char *after, int limit,
	projects_fn fn, void *arg, struct fault *why);

enum err placements_find(struct tx *tx, const void *ctx, const char *account,
	const char *project, const char *name, struct placement *out, struct fault *why);
enum err placements_add(
	struct tx *tx, const struct placement *placement, struct fault *why);
enum err placements_save(
	struct tx *tx, const struct placement *placement, struct fault *why);
enum err placements_remove(struct tx *tx, const char *account, const char *project,
	const char *name, struct fault *why);
/* The first placement's name of a project, or NULL: what stands in the way of a delete. */
enum err placements_first(struct tx *tx, const void *ctx, const char *account,
	const char *project, const char **out, struct fault *why);

typedef bool (*placements_fn)(void *arg, const struct placement *placement);
enum err placements_list(struct tx *tx, const char *account, const char *project,
	const char *after, int limit, placements_fn fn, void *arg, struct fault *why);

#endif
