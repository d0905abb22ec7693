#include "hand_out.h"

#include "oneclick/base/file.h"

struct trial {
	store_fn fn;
	void *arg;
	bool went_well;
};

/* A failure is what undoes it. */
static enum err
try_out(struct tx *tx, void *arg, struct fault *why)
{
	struct trial *trial = arg;
	enum err err = trial->fn(tx, trial->arg, why);

	trial->went_well = !err;
	return err ? err : ERR_PRECONDITION;
}

enum err
hand_out(struct store *store, store_fn fn, void *arg, const struct buf *words,
	struct fault *why)
{
	struct trial trial = { .fn = fn, .arg = arg };
	struct fault reason;
	enum err err = store_write(store, try_out, &trial, why);

	if (!trial.went_well)
		return err;
	if (file_write("-", words, &reason))
		return fault(why, ERR_INVALID, "%s; nothing was made.", reason.sentence);
	err = store_write(store, fn, arg, &reason);
	if (err)
		return fault(why, err,
			"What was printed does not count: throw it away. %s",
			reason.sentence);
	return ERR_NONE;
}
