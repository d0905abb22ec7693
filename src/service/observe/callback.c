#include "oneclick/base/mem.h"
#include "oneclick/service/metrics.h"
#include "oneclick/store/metrics.h"

static enum err
add_error(struct tx *tx, const char *account, const char *dimension, const char *value,
	int64_t at, struct fault *why)
{
	void *life = mem_life(NULL);
	struct pairs *pairs = pairs_new(life);
	enum err err;

	pairs_set(pairs, dimension, value);
	err = metrics_add(
		tx, account, METRIC_ERRORS, metrics_dimensions(life, pairs), at, 1, why);
	mem_free(life);
	return err;
}

enum err
metrics_callback_failed(struct tx *tx, const char *account, const char *callback,
	const char *project, int64_t at, struct fault *why)
{
	enum err err = add_error(tx, account, "Callback", callback, at, why);

	if (!err && project && *project)
		err = add_error(tx, account, "Project", project, at, why);
	return err;
}
