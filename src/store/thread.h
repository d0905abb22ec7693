/* Threads of the store: they never take signals, which are the loop's. */
#ifndef ONECLICK_STORE_THREAD_H
#define ONECLICK_STORE_THREAD_H

#include <pthread.h>

/* Aborts the program when there is no thread to be had. */
void thread_start(pthread_t *thread, void *(*fn)(void *), void *arg);

#endif
