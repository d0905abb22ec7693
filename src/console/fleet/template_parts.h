/* What reading a template's resources and working out its values share. */
#ifndef ONECLICK_SRC_CONSOLE_FLEET_TEMPLATE_PARTS_H
#define ONECLICK_SRC_CONSOLE_FLEET_TEMPLATE_PARTS_H

#include "fleet.h"
#include "oneclick/data/value.h"

#define TEMPLATE_TYPE "AWS::IoT1Click::"

struct template_reading {
	const void *ctx;
	const char *path;
	const struct template_place *place;
	const struct value *resources, *parameters, *conditions, *mappings;
	struct fleet *fleet;
	size_t *steps; /* taken so far: references may multiply one another */
	struct fault *why;
};

/* Always ERR_INVALID, with the path and, where `at` knows it, line and column. */
enum err template_refuse(const struct template_reading *r, const struct value *at,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What the value comes down to once its Fn::If are decided: *out is NULL for AWS::NoValue. */
enum err template_settle(const struct template_reading *r, const struct value *value,
	const struct value **out);
/* The same as a text, with all references and functions followed. Scalars without quotes
 * are the text as it was written. */
enum err template_text(
	const struct template_reading *r, const struct value *value, const char **out);
/* Whether the condition of that name holds; `at` is who asks. */
enum err template_condition(const struct template_reading *r, const struct value *name,
	const struct value *at, bool *out);

/* ---- between the two files of values ---- */

enum {
	TEMPLATE_FOLLOW_MAX = 16, /* references to references */
	TEMPLATE_STEPS_MAX = 1000 * 1000,
};

/* A function's argument, where the function stands, and how deep we are. */
struct template_call {
	const struct template_reading *r;
	const struct value *value, *at;
	int depth;
};

/* "If" of {Fn::If: ...} and of !If, "Ref" of both its forms; NULL for what is no function. */
const char *template_function(const struct value *value);
bool template_calls(const struct value *value, const char *function);
/* One more step so deep inside others; ERR_INVALID when it is too much. */
enum err template_step(
	const struct template_reading *r, const struct value *at, int depth);
/* As template_text, template_settle and template_condition, so deep inside another. */
enum err template_resolve(const struct template_reading *r, const struct value *value,
	int depth, const char **out);
enum err template_settle_at(const struct template_reading *r, const struct value *value,
	int depth, const struct value **out);
enum err template_decide(const struct template_reading *r, const struct value *name,
	const struct value *at, int depth, bool *out);

#endif
