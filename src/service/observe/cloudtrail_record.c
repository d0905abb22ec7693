#include "cloudtrail_record.h"

#include <string.h>

/* Members of requestParameters that name what a call was about, under the types that
 * CloudFormation has for them. */
static const struct {
	const char *member, *type;
} resources[RECORD_RESOURCES] = {
	{ "deviceId", "AWS::IoT1Click::Device" },
	{ "projectName", "AWS::IoT1Click::Project" },
	{ "placementName", "AWS::IoT1Click::Placement" },
	{ "resourceArn", "AWS::IoT1Click::Resource" },
};

static void
find_resources(struct record *out, const struct value *parameters)
{
	for (size_t i = 0; i < RECORD_RESOURCES; i++) {
		const char *name = value_text(parameters, resources[i].member);

		if (name)
			out->resource[out->resources++] =
				(struct record_resource){ .type = resources[i].type,
					.name = name };
	}
}

enum err
record_of(const void *ctx, const char *json, struct record *out, struct fault *why)
{
	const struct value *tree, *who;
	enum err err = json_parse(ctx, json, strlen(json), &tree, why);

	if (err)
		return err;
	who = value_get(tree, "userIdentity");
	*out = (struct record){
		.id = value_text(tree, "eventID"),
		.name = value_text(tree, "eventName"),
		.source = value_text(tree, "eventSource"),
		.user = value_text(who, "userName"),
		.access_key = value_text(who, "accessKeyId"),
		.read_only = value_bool(tree, "readOnly", false),
	};
	find_resources(out, value_get(tree, "requestParameters"));
	return ERR_NONE;
}

/* ---- attributes ---- */

static bool
is_same(const char *have, const char *value)
{
	return have && strcmp(have, value) == 0;
}

static bool
has_id(const struct record *record, const char *value)
{
	return is_same(record->id, value);
}

static bool
has_name(const struct record *record, const char *value)
{
	return is_same(record->name, value);
}

static bool
has_read_only(const struct record *record, const char *value)
{
	return strcmp(value, record->read_only ? "true" : "false") == 0;
}

static bool
has_user(const struct record *record, const char *value)
{
	return is_same(record->user, value);
}

static bool
has_type(const struct record *record, const char *value)
{
	for (size_t i = 0; i < record->resources; i++)
		if (is_same(record->resource[i].type, value))
			return true;
	return false;
}

static bool
has_resource(const struct record *record, const char *value)
{
	for (size_t i = 0; i < record->resources; i++)
		if (is_same(record->resource[i].name, value))
			return true;
	return false;
}

static bool
has_source(const struct record *record, const char *value)
{
	return is_same(record->source, value);
}

static bool
has_access_key(const struct record *record, const char *value)
{
	return is_same(record->access_key, value);
}

static const struct attribute {
	const char *key;
	bool (*has)(const struct record *record, const char *value);
} attributes[] = {
	{ "EventId", has_id },
	{ "EventName", has_name },
	{ "ReadOnly", has_read_only },
	{ "Username", has_user },
	{ "ResourceType", has_type },
	{ "ResourceName", has_resource },
	{ "EventSource", has_source },
	{ "AccessKeyId", has_access_key },
};

static const struct attribute *
find_attribute(const char *key)
{
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
		if (strcmp(attributes[i].key, key) == 0)
			return &attributes[i];
	return NULL;
}

bool
record_has_key(const char *key)
{
	return find_attribute(key) != NULL;
}

bool
record_matches(const struct record *record, const char *key, const char *value)
{
	return find_attribute(key)->has(record, value);
}

/* ---- writing ---- */

static void
write_given(struct json *j, const char *key, const char *text)
{
	if (text && *text)
		json_member_text(j, key, text);
}

void
record_write(struct json *j, const struct record *record, int64_t at, const char *json)
{
	json_open(j, '{');
	write_given(j, "EventId", record->id);
	write_given(j, "EventName", record->name);
	json_member_text(j, "ReadOnly", record->read_only ? "true" : "false");
	write_given(j, "AccessKeyId", record->access_key);
	json_member_int(j, "EventTime", at / 1000);
	write_given(j, "EventSource", record->source);
	write_given(j, "Username", record->user);
	json_key(j, "Resources");
	json_open(j, '[');
	for (size_t i = 0; i < record->resources; i++) {
		json_open(j, '{');
		json_member_text(j, "ResourceType", record->resource[i].type);
		json_member_text(j, "ResourceName", record->resource[i].name);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_member_text(j, "CloudTrailEvent", json);
	json_close(j, '}');
}
