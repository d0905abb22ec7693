#include "oneclick/store/store.h"

#include <assert.h>
#include <string.h>

#include "inside.h"
#include "oneclick/base/mem.h"

enum err
store_open(const char *dir, struct store **out, struct fault *why)
{
	struct store *store = mem_new(NULL, struct store);
	enum err err = backend_open(dir, LANE_WRITE, &store->tx, why);

	if (!err)
		err = backend_prepare(store->tx, store->secret, why);
	if (err) {
		store_close(store);
		return err;
	}
	store->dir = mem_text(store, dir);
	*out = store;
	return ERR_NONE;
}

int64_t
store_memory(void)
{
	return backend_memory();
}

bool
store_is_there(const char *dir)
{
	return backend_is_there(dir);
}

enum err
store_open_to_read(const char *dir, struct store **out, struct fault *why)
{
	struct store *store;
	bool writable;
	enum err err = backend_find(dir, &writable, why);

	if (err)
		return err;
	if (writable)
		return store_open(dir, out, why);
	store = mem_new(NULL, struct store);
	err = backend_open_to_read(dir, &store->tx, store->secret, why);
	if (err) {
		store_close(store);
		return err;
	}
	store->dir = mem_text(store, dir);
	*out = store;
	return ERR_NONE;
}

enum err
store_try(const char *dir, struct fault *why)
{
	return backend_try(dir, why);
}

void
store_close(struct store *store)
{
	if (!store)
		return;
	assert(!store->lent);
	if (store->tx)
		backend_close(store->tx);
	digest_wipe(store->secret, sizeof(store->secret));
	mem_free(store);
}

void
store_guard(struct store *store, const char *path)
{
	assert(!store->lent);
	tx_guard(store->tx, path);
}

const unsigned char *
store_secret(const struct store *store)
{
	return store->secret;
}

void
store_witness(struct store *store, store_fn fn, void *arg)
{
	store->witness = fn;
	store->witness_arg = arg;
}

static enum err
run_alone(struct store *store, enum lane lane, store_fn fn, void *arg, struct fault *why)
{
	enum err err;

	assert(!store->lent);
	err = tx_begin(store->tx, lane, why);
	if (err)
		return err;
	err = fn(store->tx, arg, why);
	if (!err && lane == LANE_WRITE && store->witness)
		err = store->witness(store->tx, store->witness_arg, why);
	if (err) {
		tx_rollback(store->tx);
		return err;
	}
	return tx_commit(store->tx, why);
}

enum err
store_write(struct store *store, store_fn fn, void *arg, struct fault *why)
{
	enum err err = run_alone(store, LANE_WRITE, fn, arg, why);

	return err ? err : tx_tidy(store->tx, why);
}

enum err
store_read(struct store *store, store_fn fn, void *arg, struct fault *why)
{
	return run_alone(store, LANE_READ, fn, arg, why);
}
