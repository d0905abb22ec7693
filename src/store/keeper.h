/* The keeper puts the backend's log in order on a thread and a connection of its own, so
 * that the writer, and all who wait for it, need not. */
#ifndef ONECLICK_STORE_KEEPER_H
#define ONECLICK_STORE_KEEPER_H

#include "backend.h"

struct keeper;
/* On the keeper's thread: storage failed. */
typedef void (*keeper_broken_fn)(void *arg, const struct fault *why);

/* NULL when there is no connection to be had for it. */
struct keeper *keeper_start(
	const void *ctx, const char *dir, keeper_broken_fn broken, void *arg);
/* To be asked again and again while the log is untidy: false until a sweep that began
 * after the first time of asking has ended; then true, once. */
bool keeper_has_swept(struct keeper *keeper);
void keeper_stop(struct keeper *keeper);

#endif
