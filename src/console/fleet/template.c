/* CloudFormation templates: AWS::IoT1Click::Project, ::Placement and ::Device, as the
 * CloudFormation user guide has them; other resources are somebody else's. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "fleet.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/data/record.h"
#include "oneclick/data/yaml.h"
#include "template_parts.h"

#define refuse(r, at, ...) template_refuse((r), (at), __VA_ARGS__)

/* ---- members --------------------------------------------------------------------------
 */

static enum err
check_keys(const struct template_reading *r, const struct value *map,
	const char *const *known, size_t count, const char *what)
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
get_text(const struct template_reading *r, const struct value *map, const char *name,
	const char **out)
{
	const struct value *value = value_get(map, name);

	*out = NULL;
	return value ? template_text(r, value, out) : ERR_NONE;
}

/* A map; or, as templates made by other tools have it, a text that is a JSON object. NULL
 * when it is not there. */
static enum err
read_map(const struct template_reading *r, const struct value *value, const char *name,
	const struct value **out)
{
	struct fault why;

	if (template_settle(r, value, out))
		return ERR_INVALID;
	if (*out && (*out)->kind == VALUE_TEXT &&
		json_parse(r->ctx, (*out)->text, strlen((*out)->text), out, &why))
		return refuse(r, value, "%s: %.200s", name, why.sentence);
	if (!*out)
		return ERR_NONE;
	if (template_function(*out) && !template_calls(*out, "Condition"))
		return refuse(r, value,
			"%s takes a map; %.40s is not followed in place of one.", name,
			(*out)->key[0]);
	if ((*out)->kind != VALUE_MAP)
		return refuse(r, value, "%s takes a map, not %s.", name,
			value_words(r->ctx, *out));
	return ERR_NONE;
}

static enum err
get_map(const struct template_reading *r, const struct value *map, const char *name,
	const struct value **out)
{
	const struct value *value = value_get(map, name);

	*out = NULL;
	return value ? read_map(r, value, name, out) : ERR_NONE;
}

static enum err
get_pairs(const struct template_reading *r, const struct value *map, const char *name,
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

		err = template_text(r, &found->item[i], &text);
		if (err && !found->item[i].line) /* JSON in a text */
			return fault_at(r->why, err, "%s, %.60s", name, found->key[i]);
		if (text)
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
read_device_template(const struct template_reading *r, const struct value *map,
	struct device_template *out)
{
	enum err err = read_map(r, map, "A device template", &map);

	if (err || !map)
		return err;
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
read_placement_template(const struct template_reading *r, const struct value *map,
	struct placement_template *out)
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
	for (size_t i = 0; !err && i < templates->count; i++) {
		struct device_template *one = &out->templates[out->count];

		one->name = templates->key[i];
		err = read_device_template(r, &templates->item[i], one);
		out->count += one->callbacks != NULL;
	}
	return err;
}

static enum err
read_project(const struct template_reading *r, const char *logical,
	const struct value *at, const struct value *map)
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
read_placement(const struct template_reading *r, const char *logical,
	const struct value *at, const struct value *map)
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
read_device(const struct template_reading *r, const char *logical, const struct value *at,
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
	if (!err && strcasecmp(enabled, "true") != 0 && strcasecmp(enabled, "false") != 0)
		err = refuse(r, at, "Enabled takes true or false, not %.60s.", enabled);
	if (err)
		return err;
	device = fleet_device(r->fleet, id);
	if (device->line)
		return refuse(r, at, "The device %.60s stands twice.", id);
	device->enabled = strcasecmp(enabled, "true") == 0;
	device->line = at->line ? at->line : 1;
	return ERR_NONE;
}

static const struct kind {
	const char *type;
	enum err (*read)(const struct template_reading *r, const char *logical,
		const struct value *at, const struct value *map);
} kinds[] = {
	{ TEMPLATE_TYPE "Project", read_project },
	{ TEMPLATE_TYPE "Placement", read_placement },
	{ TEMPLATE_TYPE "Device", read_device },
};

/* What stands beside Type and Properties. The policies say what becomes of a resource that
 * the file no longer has, or that is replaced, which we never do. */
static enum err
check_attributes(const struct template_reading *r, const char *logical,
	const struct value *resource)
{
	static const char *const others[] = { "CreationPolicy", "UpdatePolicy" };
	const struct value *found;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		found = value_get(resource, others[i]);
		if (found)
			return refuse(r, found, "%s is not for %.60s: leave it out.",
				others[i], logical);
	}
	return CHECK_KEYS(r, resource, logical, "Type", "Properties", "Condition",
		"DependsOn", "Metadata", "DeletionPolicy", "UpdateReplacePolicy");
}

static enum err
read_ours(const struct template_reading *r, const struct kind *kind, const char *logical,
	const struct value *resource)
{
	static const struct value nothing = { .kind = VALUE_MAP };
	const struct value *condition = value_get(resource, "Condition"), *map;
	bool is_made = true;
	enum err err = check_attributes(r, logical, resource);

	if (!err && condition)
		err = template_condition(r, condition, condition, &is_made);
	if (!err && is_made)
		err = get_map(r, resource, "Properties", &map);
	if (err || !is_made)
		return err;
	return kind->read(r, logical, resource, map ? map : &nothing);
}

static enum err
read_resource(const struct template_reading *r, const char *logical,
	const struct value *resource, size_t *passed)
{
	const char *type = value_text(resource, "Type");

	if (!type)
		return refuse(r, resource, "%.60s has no Type.", logical);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(type, kinds[i].type))
			return read_ours(r, &kinds[i], logical, resource);
	if (!strncmp(type, TEMPLATE_TYPE, strlen(TEMPLATE_TYPE)))
		return refuse(r, resource, "There is no %.80s.", type);
	++*passed;
	return ERR_NONE;
}

/* ---- the sections ---------------------------------------------------------------------
 */

static bool
is_text(const struct value *value, const char *text)
{
	return value && value->kind == VALUE_TEXT && strcmp(value->text, text) == 0;
}

/* SAM changes resources of its own types alone; any other macro may change ours. */
static enum err
check_transform(const struct template_reading *r, const struct value *transform)
{
	if (transform && transform->kind == VALUE_LIST && transform->count == 1)
		transform = transform->item;
	if (!transform || is_text(transform, "AWS::Serverless-2016-10-31"))
		return ERR_NONE;
	return refuse(r, transform,
		"Transform is not carried out here: give the template as it is "
		"afterwards.");
}

/* Outputs, Metadata and Globals change nothing of ours; Rules could forbid all of it. */
static enum err
check_sections(const struct template_reading *r, const struct value *tree)
{
	const struct value *version = value_get(tree, "AWSTemplateFormatVersion");
	const struct value *rules = value_get(tree, "Rules");
	enum err err = check_transform(r, value_get(tree, "Transform"));

	if (err)
		return err;
	if (rules)
		return refuse(r, rules, "Rules are not checked here: leave them out.");
	if (version && !is_text(version, "2010-09-09"))
		return refuse(r, version,
			"There is one AWSTemplateFormatVersion, \"2010-09-09\".");
	return CHECK_KEYS(r, tree, "A template", "AWSTemplateFormatVersion",
		"Description", "Metadata", "Parameters", "Mappings", "Conditions",
		"Transform", "Globals", "Resources", "Outputs");
}

static enum err
read_resources(struct template_reading *r, const struct value *tree, size_t *passed)
{
	enum err err = ERR_NONE;

	r->resources = value_get(tree, "Resources");
	r->parameters = value_get(tree, "Parameters");
	r->conditions = value_get(tree, "Conditions");
	r->mappings = value_get(tree, "Mappings");
	if (!r->resources || r->resources->kind != VALUE_MAP)
		return refuse(r, tree, "A template has Resources, a map by name.");
	err = check_sections(r, tree);
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
	err = json_parse_placed(ctx, text->data, text->len, tree, why);
	return err ? fault_at(why, err, "%.100s", path) : ERR_NONE;
}

enum err
fleet_read_template(const void *ctx, const char *path, const struct buf *text,
	const struct template_place *place, struct fleet **out, size_t *passed,
	struct fault *why)
{
	struct fleet *fleet = fleet_new(ctx);
	size_t steps = 0;
	struct template_reading r = { .ctx = fleet,
		.path = path,
		.place = place,
		.fleet = fleet,
		.steps = &steps,
		.why = why };
	const struct value *tree;
	enum err err = parse(fleet, path, text, &tree, why);

	*passed = 0;
	if (!err)
		err = read_resources(&r, tree, passed);
	if (err)
		mem_free(fleet);
	else
		*out = fleet;
	return err;
}
