#include "lookup.h"

#include <netdb.h>
#include <pthread.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/thread.h"

struct lookup {
	pthread_mutex_t lock; /* over cancelled, finished and the sending of wake */
	bool cancelled, finished;
	struct loop_wake *wake;
	char *host;
	struct addresses found;
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

/* A hosts file may name an address twice. */
static void
add(struct addresses *found, const struct addrinfo *from)
{
	char *text = found->text[found->count];

	if (getnameinfo(from->ai_addr, from->ai_addrlen, text, ADDRESS_ROOM, NULL, 0,
		    NI_NUMERICHOST))
		return;
	for (size_t i = 0; i < found->count; i++)
		if (strcmp(found->text[i], text) == 0)
			return;
	found->count++;
}

static void
resolve(struct lookup *lookup)
{
	struct addrinfo wish = { .ai_socktype = SOCK_STREAM }, *all = NULL;

	lookup->rc = getaddrinfo(lookup->host, NULL, &wish, &all);
	for (struct addrinfo *at = all; at && lookup->found.count < ADDRESSES_MAX;
		at = at->ai_next)
		add(&lookup->found, at);
	if (lookup->rc == 0 && lookup->found.count == 0)
		lookup->rc = EAI_NONAME;
	if (all)
		freeaddrinfo(all);
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
	struct addresses found;
	int rc;

	pthread_mutex_lock(&lookup->lock);
	rc = lookup->rc;
	found = lookup->found;
	pthread_mutex_unlock(&lookup->lock);
	loop_wake_stop(lookup->wake);
	free_lookup(lookup);
	if (rc == 0)
		fn(to, &found, NULL);
	else
		fn(to, NULL, gai_strerror(rc));
}

static bool
start_thread(struct lookup *lookup)
{
	pthread_t thread;

	return thread_start(&thread, run, lookup) && pthread_detach(thread) == 0;
}

struct lookup *
lookup_start(struct loop *loop, const char *host, lookup_fn fn, void *arg)
{
	struct lookup *lookup = mem_new(NULL, struct lookup);

	pthread_mutex_init(&lookup->lock, NULL);
	lookup->host = mem_text(lookup, host);
	lookup->fn = fn;
	lookup->arg = arg;
	lookup->wake = loop_wake_new(loop, finish, lookup);
	if (!start_thread(lookup)) {
		lookup->rc = EAI_AGAIN; /* as of a server that is too busy */
		lookup->finished = true;
		loop_wake_send(lookup->wake);
	}
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

const char *
addresses_next(struct addresses *addresses)
{
	if (!addresses_are_left(addresses))
		return NULL;
	return addresses->text[addresses->next++];
}

bool
addresses_are_left(const struct addresses *addresses)
{
	return addresses->next < addresses->count;
}
