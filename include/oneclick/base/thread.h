/* Threads of ours: they never take signals, which are the loop's. */
#ifndef ONECLICK_BASE_THREAD_H
#define ONECLICK_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* False when there is no thread to be had. */
bool thread_start(pthread_t *thread, void *(*fn)(void *), void *arg);

/* The same for one that nothing works without: it aborts the program then. */
void thread_need(pthread_t *thread, void *(*fn)(void *), void *arg);

#endif
