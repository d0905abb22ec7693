/* Projects, their placement templates, and placements (guide, "Projects, Templates, and
 * Placements"); limits as in the projects model and the guide's service limits. */
#ifndef ONECLICK_MODEL_PROJECT_H
#define ONECLICK_MODEL_PROJECT_H

#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/json.h"
#include "oneclick/data/pairs.h"
#include "oneclick/data/value.h"

enum {
	PROJECTS_MAX = 512,       /* an account and region */
	DEVICE_TEMPLATES_MAX = 5, /* a placement template */
	TAGS_MAX = 50,            /* a resource */
	ATTRIBUTES_MAX = 50,      /* a placement, or a template's defaults */
	NAME_MAX_LENGTH = 128,    /* of project, placement, template, attribute */
	DESCRIPTION_MAX_LENGTH = 500,
	ATTRIBUTE_VALUE_MAX_LENGTH = 800,
	CALLBACK_MAX_LENGTH = 200,
	TAG_KEY_MAX_LENGTH = 128,
	TAG_VALUE_MAX_LENGTH = 256,
};

#define CALLBACK_ON_CLICK "onClickCallback"

struct device_template {
	const char *name;
	const char *type;        /* "button"; NULL when it was not given */
	struct pairs *callbacks; /* callbackOverrides; never NULL once read */
};

struct placement_template {
	struct pairs *defaults; /* defaultAttributes; NULL when not given */
	struct device_template *templates;
	size_t count;
};

struct project {
	const char *account, *name, *description; /* description NULL when never given */
	const char *template_json;                /* placementTemplate; NULL when none */
	const char *tags;                         /* JSON object of texts */
	int64_t created_at, updated_at;           /* moments */
};

struct placement {
	const char *account, *project, *name;
	const char *attributes; /* JSON object of texts */
	int64_t created_at, updated_at;
};

/* Reads and checks a placementTemplate tree; the sentence names the member at fault. */
enum err placement_template_read(const void *ctx, const struct value *tree,
	struct placement_template **out, struct fault *why);
void placement_template_write(struct json *j, const struct placement_template *template);
const struct device_template *placement_template_find(
	const struct placement_template *template, const char *name);
/* UpdateProject: what is given of callbacks and defaults changes ("" takes one away), the
 * rest stays; the set of names may not change. `old` NULL: the project had no template. */
enum err placement_template_update(const void *ctx, const struct placement_template *old,
	const struct placement_template *change, struct placement_template **out,
	struct fault *why);

/* What holds for the tags of either API: their number and lengths, and no "aws:". */
enum err tags_check(const struct pairs *tags, struct fault *why);

#endif
