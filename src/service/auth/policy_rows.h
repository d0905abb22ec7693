/* A policy as it is asked: statements whose words are patterns over real names. */
#ifndef ONECLICK_SERVICE_AUTH_POLICY_ROWS_H
#define ONECLICK_SERVICE_AUTH_POLICY_ROWS_H

#include <stdint.h>

#include "oneclick/data/value.h"
#include "oneclick/service/policy.h"

/* ---- words ---- */

/* A piece of a word: a pattern (policy_match.h), or a variable. */
struct policy_piece {
	const char *text;      /* NULL: a variable */
	const char *key;       /* whose value stands here */
	const char *otherwise; /* when the request has none; NULL: nothing can */
};

struct policy_word {
	struct policy_piece *piece;
	size_t count;
};

struct policy_words {
	struct policy_word *item;
	size_t count;
};

/* ---- conditions ---- */

/* One value of a condition, as its operator's family reads it. */
struct policy_operand {
	struct policy_word word; /* of texts and ARNs */
	double number;
	int64_t moment;
	bool yes;
	struct {
		bool wide; /* IPv6 */
		unsigned char net[16];
		int bits;
	} address;
	struct {
		const unsigned char *data;
		size_t len;
	} bytes;
};

enum policy_set { SET_NONE, SET_ALL, SET_ANY };

struct policy_operator;

/* One operator on one key. */
struct policy_test {
	const struct policy_operator *how;
	enum policy_set set;
	bool if_exists;
	const char *key;
	struct policy_operand *operand;
	size_t count;
};

/* ---- statements ---- */

struct policy_statement {
	bool deny;
	bool other_actions, other_resources; /* NotAction, NotResource */
	struct policy_words actions, resources;
	struct policy_test *test;
	size_t tests;
	struct policy_piece *variable; /* those of all its words */
	size_t variables;
};

struct policy {
	struct policy_statement *statement;
	size_t count;
	struct texts warnings;
};

/* ---- reading ---- */

/* A document being read, and where in it we are. */
struct policy_reading {
	struct policy *policy; /* what is read lives as long as it */
	bool has_variables;    /* ${...} means something: Version 2012-10-17 */
	struct policy_statement *statement;
	size_t number;      /* of the statement, from 1 */
	const char *member; /* of the statement: "Action", "Condition StringLike" */
	const struct value *at; /* what is being read; NULL: the document as a whole */
	struct texts foreign;   /* the statement's actions of other services */
	struct fault *why;
};

void policy_warn(struct policy_reading *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* policy_word.c: what '*' and '?' mean in a word. */
enum policy_signs {
	SIGNS_LITERAL,  /* themselves */
	SIGNS_FREE,     /* any run, any one */
	SIGNS_RESOURCE, /* within a segment of the ARN, and beyond it from its end */
	SIGNS_ARN,      /* within a segment of the ARN */
};
enum err policy_word_read(struct policy_reading *r, const char *text,
	enum policy_signs signs, struct policy_word *out);
/* The pattern with values in the place of its variables, of which each has one; living as
 * long as ctx or the policy. */
const char *policy_word_fill(const void *ctx, const struct policy_word *word,
	const struct policy_context *context);
/* The variable's value; NULL when it has none. */
const char *policy_variable(
	const struct policy_piece *piece, const struct policy_context *context);

/* policy_document.c: the document of a managed policy's name or of a text, which may be what
 * `aws iam get-policy-version` printed; its values know their lines. */
enum err policy_document_read(const void *ctx, const char *text,
	const struct value **out, struct fault *why);

/* policy_condition.c */
enum err policy_condition_read(struct policy_reading *r, const struct value *condition);
bool policy_tests_hold(const void *ctx, const struct policy_statement *statement,
	const struct policy_context *context);

/* facts.c: whether requests can have this key; *near, if not, is one like it that
 * they can have, or NULL.  *many: with more than one value. */
bool policy_key_is_known(const char *key, const char **near, bool *many);

#endif
