/*
 * An ask: what one call of an operation carries, the same struct on both sides.  The client
 * writes it into path, query and body; the service reads it back, checked against the field
 * table in ask.c, where each member of the contract stands once with its limits.
 */
#ifndef ONECLICK_API_ASK_H
#define ONECLICK_API_ASK_H

#include <stddef.h>
#include <stdint.h>

#include "oneclick/api/op.h"
#include "oneclick/base/fault.h"
#include "oneclick/data/pairs.h"
#include "oneclick/data/record.h"
#include "oneclick/model/project.h"

struct ask {
	const char *claim_code, *device_id, *device_type, *resource_arn;
	const char *project_name, *placement_name, *template_name;
	const char *description;
	const char *method_parameters;         /* deviceMethodParameters, a JSON text */
	const char *method_type, *method_name; /* deviceMethod's two members */
	const char *next_token;
	int enabled;                     /* -1 when absent */
	int64_t max_results;             /* FIELD_ABSENT_INT when absent */
	int64_t from, to;                /* moments, FIELD_ABSENT_INT when absent */
	struct pairs *attributes, *tags; /* NULL when absent */
	struct texts tag_keys;
	const struct placement_template *placement_template; /* NULL when absent */
	/* As read; writers leave them NULL. */
	const struct value *method_tree, *template_tree;
};

void ask_init(struct ask *ask); /* all members absent */

/* What came over the wire, less the signature. */
struct ask_source {
	const struct pairs *labels; /* decoded path labels */
	const char *query;          /* raw, after the '?'; NULL when there is none */
	const char *body;
	size_t body_len;
};
/* Reads and checks every member the operation's row names.  Members it does not name are
 * passed over, as the contract's clients expect. */
enum err ask_read(const void *ctx, enum op op, const struct ask_source *from,
	struct ask *out, struct fault *why);

struct ask_wire {
	const char *method;
	char *target; /* path and query, percent-encoded as SigV4 wants them */
	char *body;   /* NULL: no body and no Content-Type */
};
/* The same ask as a request; ERR_INVALID if a required member is absent. */
enum err ask_write(const void *ctx, enum op op, const struct ask *ask,
	struct ask_wire *out, struct fault *why);

/* What ask_read would say to the ask, found before it is sent. */
enum err ask_check(enum op op, const struct ask *ask, struct fault *why);

/* The field row of a contract member ("projectName"), for forms and flags; NULL if none. */
const struct field *ask_field(enum op_api api, const char *name);

#endif
