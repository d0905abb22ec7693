/* Facts: what is known of a request, by condition key; each is found out when a policy
 * asks for it, tags of the store too. */
#ifndef ONECLICK_SERVICE_AUTH_FACTS_H
#define ONECLICK_SERVICE_AUTH_FACTS_H

#include "oneclick/service/policy.h"
#include "oneclick/service/principal.h"

struct facts {
	const void *ctx; /* what is found lives as long */
	struct tx *tx;
	const struct settings *settings;
	int64_t now;
	const struct request *request;     /* NULL: none, it is only supposed */
	const struct principal *principal; /* NULL: nobody in particular */
	const char *account;               /* whose resources are looked at */
	const char *resource;
	const struct pairs *request_tags; /* to be set; NULL: none */
	const struct texts *tag_keys;     /* to be removed; NULL: none */
	const struct value *supposed; /* condition keys and values that are taken as they
				       * are said; NULL: none */
	const struct pairs *resource_tags; /* found; NULL: not yet asked for */
	enum err err;                      /* of the store, when it was asked */
	struct fault why;
};

/* A policy's view of it; good as long as `facts`. */
struct policy_context facts_context(struct facts *facts);

#endif
