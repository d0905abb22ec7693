#include "lookup.h"

#include <netdb.h>
#include <pthread.h>
#include <string.h>

#include "oneclick/base/mem.h"

struct lookup {
	pthread_mutex_t lock; /* over cancelled, finished and the sending of wake */
	bool cancelled, finished;
	struct loop_wake *wake;
	char *host;
	char address[NI_MAXHOST];
	int rc; /* getaddrinfo's */
	lookup_fn fn;
	void *arg;
};

static void
free_lookup(struct lookup *lookup)
{
	pthread_mutex_destroy(&lookup->lock);
	mem_free(lookup);
}

static void
resolve(struct lookup *lookup)
{
	struct addrinfo wish = { .ai_socktype = SOCK_STREAM }, *found = NULL;

	lookup->rc = getaddrinfo(lookup->host, NULL, &wish, &found);
	if (lookup->rc == 0)
		lookup->rc = getnameinfo(found->ai_addr, found->ai_addrlen,
			lookup->address, sizeof lookup->address, NULL, 0, NI_NUMERICHOST);
	if (found)
		freeaddrinfo(found);
}

/* Whoever comes last, this thread or the one that cancels, frees. */
static void *
run(void *arg)
{
	struct lookup *lookup = arg;
	bool cancelled;

	resolve(lookup);
	pthread_mutex_lock(&lookup->lock);
	lookup->finished = true;
	cancelled = lookup->cancelled;
	if (!cancelled)
		loop_wake_send(lookup->wake);
	pthread_mutex_unlock(&lookup->lock);
	if (cancelled)
		free_lookup(lookup);
	return NULL;
}

static void
finish(void *arg)
{
	struct lookup *lookup = arg;
	lookup_fn fn = lookup->fn;
	void *to = lookup->arg;
	char address[NI_MAXHOST];
	int rc;

	pthread_mutex_lock(&lookup->lock);
	rc = lookup->rc;
	memcpy(address, lookup->address, sizeof address);
	pthread_mutex_unlock(&lookup->lock);
	loop_wake_stop(lookup->wake);
	free_lookup(lookup);
	if (rc == 0)
		fn(to, address, NULL);
	else
		fn(to, NULL, gai_strerror(rc));
}

struct lookup *
lookup_start(struct loop *loop, const char *host, lookup_fn fn, void *arg)
{
	struct lookup *lookup = mem_new(NULL, struct lookup);
	pthread_attr_t detached;
	pthread_t thread;

	pthread_mutex_init(&lookup->lock, NULL);
	lookup->host = mem_text(lookup, host);
	lookup->fn = fn;
	lookup->arg = arg;
	lookup->wake = loop_wake_new(loop, finish, lookup);
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &detached, run, lookup) != 0)
		mem_abort("no thread to look a name up");
	pthread_attr_destroy(&detached);
	return lookup;
}

void
lookup_cancel(struct lookup *lookup)
{
	bool finished;

	pthread_mutex_lock(&lookup->lock);
	lookup->cancelled = true;
	finished = lookup->finished;
	loop_wake_stop(lookup->wake);
	pthread_mutex_unlock(&lookup->lock);
	if (finished)
		free_lookup(lookup);
}
