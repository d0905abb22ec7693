#include "keeper.h"

#include <pthread.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/thread.h"

enum keeper_state { RESTING, ASKED, SWEEPING, SWEPT, ENDING };

struct keeper {
	struct tx *tx;
	pthread_t thread;
	keeper_broken_fn broken;
	void *arg;
	pthread_mutex_t lock;
	pthread_cond_t asked;
	enum keeper_state state; /* guarded by the lock */
};

static bool
wait_for_work(struct keeper *keeper)
{
	bool work;

	pthread_mutex_lock(&keeper->lock);
	while (keeper->state != ASKED && keeper->state != ENDING)
		pthread_cond_wait(&keeper->asked, &keeper->lock);
	work = keeper->state == ASKED;
	if (work)
		keeper->state = SWEEPING;
	pthread_mutex_unlock(&keeper->lock);
	return work;
}

static void
note_swept(struct keeper *keeper)
{
	pthread_mutex_lock(&keeper->lock);
	if (keeper->state == SWEEPING)
		keeper->state = SWEPT;
	pthread_mutex_unlock(&keeper->lock);
}

static void *
run_keeper(void *arg)
{
	struct keeper *keeper = arg;
	struct fault why;

	while (wait_for_work(keeper)) {
		if (tx_sweep(keeper->tx, &why) == ERR_BROKEN)
			keeper->broken(keeper->arg, &why);
		note_swept(keeper);
	}
	return NULL;
}

struct keeper *
keeper_start(const void *ctx, const char *dir, keeper_broken_fn broken, void *arg)
{
	struct keeper *keeper = mem_new(ctx, struct keeper);

	if (!dir || backend_open(dir, LANE_WRITE, &keeper->tx, NULL)) {
		mem_free(keeper);
		return NULL;
	}
	keeper->broken = broken;
	keeper->arg = arg;
	pthread_mutex_init(&keeper->lock, NULL);
	pthread_cond_init(&keeper->asked, NULL);
	thread_need(&keeper->thread, run_keeper, keeper);
	return keeper;
}

bool
keeper_has_swept(struct keeper *keeper)
{
	bool swept;

	pthread_mutex_lock(&keeper->lock);
	swept = keeper->state == SWEPT;
	if (swept) {
		keeper->state = RESTING;
	} else if (keeper->state == RESTING) {
		keeper->state = ASKED;
		pthread_cond_signal(&keeper->asked);
	}
	pthread_mutex_unlock(&keeper->lock);
	return swept;
}

void
keeper_stop(struct keeper *keeper)
{
	if (!keeper)
		return;
	pthread_mutex_lock(&keeper->lock);
	keeper->state = ENDING;
	pthread_cond_signal(&keeper->asked);
	pthread_mutex_unlock(&keeper->lock);
	pthread_join(keeper->thread, NULL);
	backend_close(keeper->tx);
	pthread_cond_destroy(&keeper->asked);
	pthread_mutex_destroy(&keeper->lock);
	mem_free(keeper);
}
