#include "oneclick/base/thread.h"

#include <signal.h>

#include "oneclick/base/mem.h"

bool
thread_start(pthread_t *thread, void *(*fn)(void *), void *arg)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(thread, NULL, fn, arg) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

void
thread_need(pthread_t *thread, void *(*fn)(void *), void *arg)
{
	if (!thread_start(thread, fn, arg))
		mem_abort("no thread to be had");
}
