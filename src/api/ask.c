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

#define ROW(on, called, sort, member, least, most, letter, longest) \
	{ \
		{ called, FIELD_##sort, offsetof(struct ask, member), least, most, \
			LETTERS_##letter, longest }, \
			ON_##on \
	}

/* APIs it is so limited in, name, kind, member, least and most, letters, longest value of
 * a map (api models; what the one leaves open has the limit of the other). */
static const struct row rows[] = {
	ROW(BOTH, "claimCode", TEXT, claim_code, 1, 40, ANY, 0),
	ROW(BOTH, "deviceId", TEXT, device_id, 1, 32, ANY, 0),
	ROW(BOTH, "deviceType", TEXT, device_type, 0, 128, ANY, 0),
	ROW(BOTH, "resourceArn", TEXT, resource_arn, 1, 256, ANY, 0),
	ROW(BOTH, "projectName", TEXT, project_name, 1, NAME_MAX_LENGTH, NAME, 0),
	ROW(BOTH, "placementName", TEXT, placement_name, 1, NAME_MAX_LENGTH, NAME, 0),
	ROW(BOTH, "deviceTemplateName", TEXT, template_name, 1, NAME_MAX_LENGTH, NAME, 0),
	ROW(BOTH, "description", TEXT, description, 0, DESCRIPTION_MAX_LENGTH, ANY, 0),
	ROW(BOTH, "deviceMethod", TREE, method_tree, 0, 0, ANY, 0),
	ROW(BOTH, "deviceMethodParameters", TEXT, method_parameters, 0, 0, ANY, 0),
	ROW(BOTH, "nextToken", TEXT, next_token, 1, 1024, ANY, 0),
	ROW(BOTH, "maxResults", INT, max_results, 1, 250, ANY, 0),
	ROW(BOTH, "enabled", FLAG, enabled, 0, 0, ANY, 0),
	ROW(BOTH, "fromTimeStamp", TIME, from, 0, 0, ANY, 0),
	ROW(BOTH, "toTimeStamp", TIME, to, 0, 0, ANY, 0),
	ROW(BOTH, "attributes", PAIRS, attributes, 0, ATTRIBUTES_MAX, ANY,
		ATTRIBUTE_VALUE_MAX_LENGTH),
	ROW(DEVICES, "tags", PAIRS, tags, 0, TAGS_MAX, ANY, TAG_VALUE_MAX_LENGTH),
	ROW(PROJECTS, "tags", PAIRS, tags, 1, TAGS_MAX, TAG_KEY, TAG_VALUE_MAX_LENGTH),
	ROW(BOTH, "tagKeys", TEXTS, tag_keys, 1, TAGS_MAX, ANY, 0),
	ROW(BOTH, "placementTemplate", TREE, template_tree, 0, 0, ANY, 0),
};
enum { ROWS = sizeof rows / sizeof *rows };

const struct field ask_method_rows[ASK_METHOD_ROWS] = {
	{ "deviceType", FIELD_TEXT, offsetof(struct ask, method_type), 0, 128, 0, 0 },
	{ "methodName", FIELD_TEXT, offsetof(struct ask, method_name), 0, 128, 0, 0 },
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
