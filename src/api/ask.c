#include "ask_row.h"

#include <assert.h>
#include <string.h>

enum {
	ON_DEVICES = 1 << OP_API_DEVICES,
	ON_PROJECTS = 1 << OP_API_PROJECTS,
	ON_BOTH = ON_DEVICES | ON_PROJECTS
};

struct row {
	struct field field;
	int apis;
};

#define AT(member) offsetof(struct ask, member)

/* Name, kind, member, least and most, then letters and longest value; and the APIs it is
 * so limited in (api models; what a model leaves open has the limit of the other). */
static const struct row rows[] = {
	{{ "claimCode", FIELD_TEXT, AT(claim_code), 1, 40, 0, 0 },                         ON_BOTH},
	{ { "deviceId", FIELD_TEXT, AT(device_id), 1, 32, 0, 0 },                          ON_BOTH},
	{ { "deviceType", FIELD_TEXT, AT(device_type), 0, 128, 0, 0 },                     ON_BOTH},
	{ { "resourceArn", FIELD_TEXT, AT(resource_arn), 1, 256, 0, 0 },                   ON_BOTH},
	{ { "projectName", FIELD_TEXT, AT(project_name), 1, NAME_MAX_LENGTH, LETTERS_NAME,
		  0 },
         ON_BOTH										  },
	{ { "placementName", FIELD_TEXT, AT(placement_name), 1, NAME_MAX_LENGTH,
		  LETTERS_NAME, 0 },
         ON_BOTH										  },
	{ { "deviceTemplateName", FIELD_TEXT, AT(template_name), 1, NAME_MAX_LENGTH,
		  LETTERS_NAME, 0 },
         ON_BOTH										  },
	{ { "description", FIELD_TEXT, AT(description), 0, DESCRIPTION_MAX_LENGTH, 0, 0 },
         ON_BOTH										  },
	{ { "deviceMethod", FIELD_TREE, AT(method_tree), 0, 0, 0, 0 },                     ON_BOTH},
	{ { "deviceMethodParameters", FIELD_TEXT, AT(method_parameters), 0, 0, 0, 0 },
         ON_BOTH										  },
	{ { "nextToken", FIELD_TEXT, AT(next_token), 1, 1024, 0, 0 },                      ON_BOTH},
	{ { "maxResults", FIELD_INT, AT(max_results), 1, 250, 0, 0 },                      ON_BOTH},
	{ { "enabled", FIELD_FLAG, AT(enabled), 0, 0, 0, 0 },                              ON_BOTH},
	{ { "fromTimeStamp", FIELD_TIME, AT(from), 0, 0, 0, 0 },                           ON_BOTH},
	{ { "toTimeStamp", FIELD_TIME, AT(to), 0, 0, 0, 0 },                               ON_BOTH},
	{ { "attributes", FIELD_PAIRS, AT(attributes), 0, ATTRIBUTES_MAX, 0,
		  ATTRIBUTE_VALUE_MAX_LENGTH },
         ON_BOTH										  },
	{ { "tags", FIELD_PAIRS, AT(tags), 0, TAGS_MAX, 0, TAG_VALUE_MAX_LENGTH },
         ON_DEVICES									       },
	{ { "tags", FIELD_PAIRS, AT(tags), 1, TAGS_MAX, LETTERS_TAG_KEY,
		  TAG_VALUE_MAX_LENGTH },
         ON_PROJECTS									      },
	{ { "tagKeys", FIELD_TEXTS, AT(tag_keys), 1, TAGS_MAX, 0, 0 },                     ON_BOTH},
	{ { "placementTemplate", FIELD_TREE, AT(template_tree), 0, 0, 0, 0 },              ON_BOTH},
};
enum { ROWS = sizeof rows / sizeof *rows };

const struct field ask_method_rows[ASK_METHOD_ROWS] = {
	{"deviceType",  FIELD_TEXT, AT(method_type), 0, 128, 0, 0},
	{ "methodName", FIELD_TEXT, AT(method_name), 0, 128, 0, 0},
};

void
ask_init(struct ask *ask)
{
	*ask = (struct ask){ 0 };
	for (size_t i = 0; i < ROWS; i++)
		field_clear(&rows[i].field, ask);
}

static const struct field *
find_field(enum op_api api, const char *name, size_t n)
{
	for (size_t i = 0; i < ROWS; i++) {
		const char *mine = rows[i].field.name;
		if ((rows[i].apis & 1 << api) != 0 && strncmp(mine, name, n) == 0 &&
			mine[n] == '\0')
			return &rows[i].field;
	}
	return NULL;
}

const struct field *
ask_field(enum op_api api, const char *name)
{
	return find_field(api, name, strlen(name));
}

bool
ask_next_word(enum op_api api, const char **at, struct ask_word *word)
{
	const char *name = *at + strspn(*at, " ");
	size_t n = strcspn(name, " !");
	if (n == 0)
		return false;
	word->field = find_field(api, name, n);
	assert(word->field != NULL);
	word->required = name[n] == '!';
	*at = name + n + word->required;
	return true;
}

const struct field *
ask_next_label(enum op_api api, const char **at)
{
	const char *name = strchr(*at, '{');
	if (name == NULL)
		return NULL;
	size_t n = strcspn(++name, "}");
	const struct field *field = find_field(api, name, n);
	assert(field != NULL);
	*at = name + n + 1;
	return field;
}

const char *
ask_text(const struct field *field, const struct ask *ask)
{
	assert(field->kind == FIELD_TEXT);
	return *(const char *const *)((const char *)ask + field->at);
}
