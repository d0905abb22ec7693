/* A resolver for tests: this program's own getaddrinfo, which the libraries use as well.
 * Names come from a table; those that begin with "silent" are answered when names_answer is
 * called, with what their servers' silence comes to. All the rest is numeric. */
#ifndef ONECLICK_TESTS_NAMES_H
#define ONECLICK_TESTS_NAMES_H

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	const char *address[3];
} names[] = {
	{ "both.test", { "::1", "127.0.0.1" } },
	{ "twice.test", { "127.0.0.1", "127.0.0.1", "127.0.0.2" } },
	{ "mixed.test", { "169.254.7.7", "127.0.0.1" } },
	{ "closed.test", { "::1", "127.0.0.3" } },
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t answered;
	bool answers;
	int asked;
} silence = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0 };

static inline int
names_wait(void)
{
	pthread_mutex_lock(&silence.lock);
	silence.asked++;
	while (!silence.answers)
		pthread_cond_wait(&silence.answered, &silence.lock);
	pthread_mutex_unlock(&silence.lock);
	return EAI_AGAIN;
}

static inline void
names_answer(void)
{
	pthread_mutex_lock(&silence.lock);
	silence.answers = true;
	pthread_cond_broadcast(&silence.answered);
	pthread_mutex_unlock(&silence.lock);
}

static inline int
names_asked(void)
{
	int asked;

	pthread_mutex_lock(&silence.lock);
	asked = silence.asked;
	pthread_mutex_unlock(&silence.lock);
	return asked;
}

/* An entry and its address in one piece. */
struct names_entry {
	struct addrinfo info;
	struct sockaddr_in6 at;
};

static inline struct addrinfo *
names_entry(const char *address, const char *service)
{
	struct names_entry *entry = calloc(1, sizeof *entry);
	struct sockaddr_in *v4 = (struct sockaddr_in *)&entry->at;
	uint16_t port = htons((uint16_t)(service ? atoi(service) : 0));

	entry->info.ai_socktype = SOCK_STREAM;
	entry->info.ai_protocol = IPPROTO_TCP;
	entry->info.ai_addr = (struct sockaddr *)&entry->at;
	if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = port;
		entry->info.ai_addrlen = sizeof *v4;
	} else if (inet_pton(AF_INET6, address, &entry->at.sin6_addr) == 1) {
		entry->at.sin6_family = AF_INET6;
		entry->at.sin6_port = port;
		entry->info.ai_addrlen = sizeof entry->at;
	} else {
		free(entry);
		return NULL;
	}
	entry->info.ai_family = entry->info.ai_addr->sa_family;
	return &entry->info;
}

int
getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
	struct addrinfo **out)
{
	const char *const alone[3] = { name }, *const *address = alone;

	(void)hints;
	*out = NULL;
	if (strncmp(name, "silent", 6) == 0)
		return names_wait();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i].name) == 0)
			address = names[i].address;
	for (size_t i = 0; i < 3 && address[i]; i++) {
		*out = names_entry(address[i], service);
		if (!*out)
			return EAI_NONAME;
		out = &(*out)->ai_next;
	}
	return 0;
}

void
freeaddrinfo(struct addrinfo *list)
{
	while (list) {
		struct addrinfo *next = list->ai_next;

		free(list);
		list = next;
	}
}

#endif
