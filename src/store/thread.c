#include "thread.h"

#include <signal.h>

#include "oneclick/base/mem.h"

void
thread_start(pthread_t *thread, void *(*fn)(void *), void *arg)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(thread, NULL, fn, arg))
		mem_abort("no thread for the store");
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}
