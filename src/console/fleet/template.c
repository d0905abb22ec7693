/* CloudFormation templates: AWS::IoT1Click::Project, ::Placement and ::Device, as the
 * CloudFormation user guide has them; other resources are somebody else's. */
#include <stdio.h>
#include <string.h>

#include "fleet.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/data/record.h"
#include "oneclick/data/yaml.h"

#define TYPE "AWS::IoT1Click::"

enum { FOLLOW_MAX = 8 }; /* references to references */

struct reading {
	const void *ctx;
	const char *path;
	const struct value *resources, *parameters;
	struct fleet *fleet;
	struct fault *why;
};

/* return refuse(...) in one line, as with fault() itself. */
#define refuse(r, at, ...) refuse_at((r), (at), __VA_ARGS__)

static enum err refuse_at(const struct reading *r, const struct value *at,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

static enum err
refuse_at(const struct reading *r, const struct value *at, const char *format, ...)
{
	char sentence[FAULT_SENTENCE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	if (at && at->line)
		return fault(r->why, ERR_INVALID, "%.100s:%d:%d: %s", r->path, at->line,
			at->column, sentence);
	return fault(r->why, ERR_INVALID, "%.100s: %s", r->path, sentence);
}

/* ---- what a value comes down to -------------------------------------------------------
 */

static enum err resolve(
	const struct reading *r, const struct value *value, int depth, const char **out);

static const char *
write_scalar(const void *ctx, const struct value *value)
{
	struct buf out;
	struct json j;

	if (value->kind == VALUE_TEXT)
		return value->text;
	buf_init(&out, ctx, BUF_NO_CAP);
	j = json_to(&out);
	json_value(&j, value);
	return out.data;
}

/* The property that names a resource of this type; and the name when it has none. */
static const char *
naming_property(const char *type)
{
	if (strcmp(type, TYPE "Project") == 0)
		return "ProjectName";
	if (strcmp(type, TYPE "Placement") == 0)
		return "PlacementName";
	if (strcmp(type, TYPE "Device") == 0)
		return "DeviceId";
	return NULL;
}

static enum err
resolve_name(const struct reading *r, const char *logical, const struct value *at,
	int depth, const char **out)
{
	const struct value *resource = value_get(r->resources, logical);
	const char *type = value_text(resource, "Type");
	const char *naming = type ? naming_property(type) : NULL;
	const struct value *given;

	if (!naming)
		return refuse(r, at,
			"\"%.60s\" is no project, placement or device of this template, "
			"nor a parameter with a default: write what it stands for.",
			logical);
	given = value_get(value_get(resource, "Properties"), naming);
	*out = logical;
	return given ? resolve(r, given, depth + 1, out) : ERR_NONE;
}

static enum err
resolve_ref(const struct reading *r, const char *name, const struct value *at, int depth,
	const char **out)
{
	const struct value *parameter = value_get(r->parameters, name);
	const struct value *otherwise = value_get(parameter, "Default");

	if (otherwise && otherwise->kind != VALUE_MAP && otherwise->kind != VALUE_LIST) {
		*out = write_scalar(r->ctx, otherwise);
		return ERR_NONE;
	}
	return resolve_name(r, name, at, depth, out);
}

/* "Logical.Attribute", or a list of the two: only the names are known before it is made. */
static enum err
resolve_attribute(
	const struct reading *r, const struct value *value, int depth, const char **out)
{
	const char *text = value->kind == VALUE_TEXT ? value->text : NULL, *dot;

	if (value->kind == VALUE_LIST && value->count == 2 &&
		value->item[0].kind == VALUE_TEXT && value->item[1].kind == VALUE_TEXT)
		text = mem_format(
			r->ctx, "%s.%s", value->item[0].text, value->item[1].text);
	dot = text ? strchr(text, '.') : NULL;
	if (!dot)
		return refuse(r, value, "GetAtt takes a resource and its attribute.");
	if (!strcmp(dot, ".ProjectName") || !strcmp(dot, ".PlacementName") ||
		!strcmp(dot, ".DeviceId"))
		return resolve_name(r, mem_textn(r->ctx, text, (size_t)(dot - text)),
			value, depth, out);
	return refuse(r, value,
		"GetAtt %.60s is not known before AWS makes it: write what it stands "
		"for.",
		text);
}

/* "${Name}" and "${Logical.Attribute}" in a text; "${!x}" stands for "${x}". */
static enum err
resolve_sub(
	const struct reading *r, const struct value *value, int depth, const char **out)
{
	struct buf text;
	const char *at = value->text, *open;
	enum err err = ERR_NONE;

	if (value->kind != VALUE_TEXT)
		return refuse(r, value, "Sub takes one text here.");
	buf_init(&text, r->ctx, BUF_NO_CAP);
	while (!err && (open = strstr(at, "${")) != NULL) {
		const char *close = strchr(open, '}'), *found = "";
		struct value name = {
			.kind = VALUE_TEXT, .line = value->line, .column = value->column
		};

		if (!close)
			return refuse(r, value, "Sub has a ${ without its }.");
		buf_add(&text, at, (size_t)(open - at));
		name.text = mem_textn(r->ctx, open + 2, (size_t)(close - open - 2));
		if (*name.text == '!')
			buf_format(&text, "${%s}", name.text + 1);
		else if (strchr(name.text, '.'))
			err = resolve_attribute(r, &name, depth, &found);
		else
			err = resolve_ref(r, name.text, value, depth, &found);
		buf_text(&text, found);
		at = close + 1;
	}
	buf_text(&text, at);
	*out = text.data;
	return err;
}

static enum err
resolve_function(
	const struct reading *r, const struct value *value, int depth, const char **out)
{
	const char *name = value->key[0];
	const struct value *inner = &value->item[0];

	if ((!strcmp(name, "Ref") || !strcmp(name, "!Ref")) && inner->kind == VALUE_TEXT)
		return resolve_ref(r, inner->text, value, depth, out);
	if (!strcmp(name, "Fn::GetAtt") || !strcmp(name, "!GetAtt"))
		return resolve_attribute(r, inner, depth, out);
	if (!strcmp(name, "Fn::Sub") || !strcmp(name, "!Sub"))
		return resolve_sub(r, inner, depth, out);
	return refuse(r, value,
		"%.40s is not followed here; Ref, GetAtt and Sub are. Write what it "
		"stands for.",
		name);
}

static enum err
resolve(const struct reading *r, const struct value *value, int depth, const char **out)
{
	if (depth > FOLLOW_MAX)
		return refuse(r, value, "The references go round in a circle.");
	if (value->kind == VALUE_MAP && value->count == 1)
		return resolve_function(r, value, depth, out);
	if (value->kind == VALUE_MAP || value->kind == VALUE_LIST ||
		value->kind == VALUE_NULL)
		return refuse(r, value, "This takes a text, not %s.",
			value_kind_name(value->kind));
	*out = write_scalar(r->ctx, value);
	return ERR_NONE;
}

/* ---- members --------------------------------------------------------------------------
 */

static enum err
check_keys(const struct reading *r, const struct value *map, const char *const *known,
	size_t count, const char *what)
{
	for (size_t i = 0; i < map->count; i++) {
		const char *near = nearest_word(map->key[i], known, count);

		if (near && !strcmp(near, map->key[i]))
			continue;
		return refuse(r, &map->item[i], "%s has no \"%.60s\"%s%s%s", what,
			map->key[i], near ? "; did you mean " : "", near ? near : "",
			near ? "?" : ".");
	}
	return ERR_NONE;
}

static enum err
get_text(const struct reading *r, const struct value *map, const char *name,
	const char **out)
{
	const struct value *value = value_get(map, name);

	*out = NULL;
	return value ? resolve(r, value, 0, out) : ERR_NONE;
}

/* A map; or, as templates made by other tools have it, a text that is a JSON object. */
static enum err
get_map(const struct reading *r, const struct value *map, const char *name,
	const struct value **out)
{
	const struct value *value = value_get(map, name);
	struct fault why;

	*out = NULL;
	if (!value)
		return ERR_NONE;
	*out = value;
	if (value->kind == VALUE_TEXT &&
		json_parse(r->ctx, value->text, strlen(value->text), out, &why))
		return refuse(r, value, "%s: %.200s", name, why.sentence);
	if ((*out)->kind != VALUE_MAP)
		return refuse(r, value, "%s takes a map, not %s.", name,
			value_kind_name((*out)->kind));
	return ERR_NONE;
}

static enum err
get_pairs(const struct reading *r, const struct value *map, const char *name,
	struct pairs **out)
{
	const struct value *found;
	enum err err = get_map(r, map, name, &found);

	*out = NULL;
	if (err || !found)
		return err;
	*out = pairs_new(r->ctx);
	for (size_t i = 0; !err && i < found->count; i++) {
		const char *text = NULL;

		err = resolve(r, &found->item[i], 0, &text);
		if (!err)
			pairs_set(*out, found->key[i], text);
	}
	return err;
}

#define CHECK_KEYS(r, map, what, ...) \
	check_keys((r), (map), (const char *const[]){ __VA_ARGS__ }, \
		sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *), \
		(what))

/* ---- resources ------------------------------------------------------------------------
 */

static enum err
read_device_template(
	const struct reading *r, const struct value *map, struct device_template *out)
{
	enum err err;

	if (map->kind != VALUE_MAP)
		return refuse(r, map, "A device template takes a map, not %s.",
			value_kind_name(map->kind));
	err = CHECK_KEYS(r, map, "A device template", "DeviceType", "CallbackOverrides");
	if (!err)
		err = get_text(r, map, "DeviceType", &out->type);
	if (!err)
		err = get_pairs(r, map, "CallbackOverrides", &out->callbacks);
	if (!out->callbacks)
		out->callbacks = pairs_new(r->ctx);
	return err;
}

static enum err
read_placement_template(
	const struct reading *r, const struct value *map, struct placement_template *out)
{
	const struct value *templates;
	enum err err = CHECK_KEYS(
		r, map, "A placement template", "DefaultAttributes", "DeviceTemplates");

	if (!err)
		err = get_pairs(r, map, "DefaultAttributes", &out->defaults);
	if (!err)
		err = get_map(r, map, "DeviceTemplates", &templates);
	if (err || !templates)
		return err;
	out->templates = mem_array(r->ctx, struct device_template, templates->count);
	for (; !err && out->count < templates->count; out->count++) {
		out->templates[out->count].name = templates->key[out->count];
		err = read_device_template(
			r, &templates->item[out->count], &out->templates[out->count]);
	}
	return err;
}

static enum err
read_project(const struct reading *r, const char *logical, const struct value *at,
	const struct value *map)
{
	struct placement_template *template = mem_new(r->ctx, struct placement_template);
	const struct value *tree;
	const char *name, *description;
	struct fleet_project *project;
	enum err err = CHECK_KEYS(
		r, map, "A project", "ProjectName", "Description", "PlacementTemplate");

	if (!err)
		err = get_text(r, map, "ProjectName", &name);
	if (!err)
		err = get_text(r, map, "Description", &description);
	if (!err)
		err = get_map(r, map, "PlacementTemplate", &tree);
	if (!err && !tree)
		err = refuse(r, at, "%.60s has no PlacementTemplate.", logical);
	if (!err)
		err = read_placement_template(r, tree, template);
	if (err)
		return err;
	project = fleet_project(r->fleet, name ? name : logical);
	if (project->line)
		return refuse(r, at, "The project %.60s stands twice.", project->name);
	project->description = description;
	project->template = template;
	project->line = at->line ? at->line : 1;
	return ERR_NONE;
}

static enum err
read_placement(const struct reading *r, const char *logical, const struct value *at,
	const struct value *map)
{
	const char *project, *name;
	struct pairs *attributes = NULL, *devices = NULL;
	struct fleet_placement *placement;
	enum err err = CHECK_KEYS(r, map, "A placement", "ProjectName", "PlacementName",
		"Attributes", "AssociatedDevices");

	if (!err)
		err = get_text(r, map, "ProjectName", &project);
	if (!err && !project)
		err = refuse(r, at, "%.60s has no ProjectName.", logical);
	if (!err)
		err = get_text(r, map, "PlacementName", &name);
	if (!err)
		err = get_pairs(r, map, "Attributes", &attributes);
	if (!err)
		err = get_pairs(r, map, "AssociatedDevices", &devices);
	if (err)
		return err;
	placement = fleet_placement(r->fleet, project, name ? name : logical);
	if (placement->line)
		return refuse(r, at, "The placement %.60s of %.60s stands twice.",
			placement->name, project);
	pairs_merge(placement->attributes, attributes);
	pairs_merge(placement->devices, devices);
	placement->is_whole = true;
	placement->line = at->line ? at->line : 1;
	return ERR_NONE;
}

static enum err
read_device(const struct reading *r, const char *logical, const struct value *at,
	const struct value *map)
{
	const char *id, *enabled;
	struct fleet_device *device;
	enum err err = CHECK_KEYS(r, map, "A device", "DeviceId", "Enabled");

	if (!err)
		err = get_text(r, map, "DeviceId", &id);
	if (!err)
		err = get_text(r, map, "Enabled", &enabled);
	if (!err && (!id || !enabled))
		err = refuse(r, at, "%.60s takes DeviceId and Enabled.", logical);
	if (!err && strcmp(enabled, "true") != 0 && strcmp(enabled, "false") != 0)
		err = refuse(r, at, "Enabled takes true or false, not %.60s.", enabled);
	if (err)
		return err;
	device = fleet_device(r->fleet, id);
	if (device->line)
		return refuse(r, at, "The device %.60s stands twice.", id);
	device->enabled = strcmp(enabled, "true") == 0;
	device->line = at->line ? at->line : 1;
	return ERR_NONE;
}

static const struct kind {
	const char *type;
	enum err (*read)(const struct reading *r, const char *logical,
		const struct value *at, const struct value *map);
} kinds[] = {
	{ TYPE "Project", read_project },
	{ TYPE "Placement", read_placement },
	{ TYPE "Device", read_device },
};

static enum err
read_resource(const struct reading *r, const char *logical, const struct value *resource,
	size_t *passed)
{
	static const struct value nothing = { .kind = VALUE_MAP };
	const char *type = value_text(resource, "Type");
	const struct value *map = value_get(resource, "Properties");

	if (!type)
		return refuse(r, resource, "%.60s has no Type.", logical);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(type, kinds[i].type))
			return kinds[i].read(r, logical, resource, map ? map : &nothing);
	if (!strncmp(type, TYPE, strlen(TYPE)))
		return refuse(r, resource, "There is no %.80s.", type);
	++*passed;
	return ERR_NONE;
}

static enum err
read_resources(struct reading *r, const struct value *tree, size_t *passed)
{
	enum err err = ERR_NONE;

	r->resources = value_get(tree, "Resources");
	r->parameters = value_get(tree, "Parameters");
	if (!r->resources || r->resources->kind != VALUE_MAP)
		return refuse(r, tree, "A template has Resources, a map by name.");
	for (size_t i = 0; !err && i < r->resources->count; i++)
		err = read_resource(
			r, r->resources->key[i], &r->resources->item[i], passed);
	return err;
}

/* JSON is YAML too, but a JSON template may be larger than we take YAML. */
static enum err
parse(const void *ctx, const char *path, const struct buf *text,
	const struct value **tree, struct fault *why)
{
	size_t blank = strspn(text->data, " \t\r\n");
	enum err err;

	if (text->data[blank] != '{')
		return yaml_parse_tagged(ctx, path, text->data, text->len, tree, why);
	err = json_parse(ctx, text->data, text->len, tree, why);
	return err ? fault_at(why, err, "%.100s", path) : ERR_NONE;
}

enum err
fleet_read_template(const void *ctx, const char *path, struct fleet **out, size_t *passed,
	struct fault *why)
{
	struct fleet *fleet = fleet_new(ctx);
	struct reading r = { .ctx = fleet, .path = path, .fleet = fleet, .why = why };
	const struct value *tree;
	struct buf text;
	enum err err = file_read(fleet, path, FLEET_FILE_MAX, &text, why);

	*passed = 0;
	if (!err)
		err = parse(fleet, path, &text, &tree, why);
	if (!err)
		err = read_resources(&r, tree, passed);
	if (err)
		mem_free(fleet);
	else
		*out = fleet;
	return err;
}
