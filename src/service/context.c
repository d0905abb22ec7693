#include "oneclick/service/context.h"

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/model/project.h"
#include "oneclick/store/devices.h"
#include "oneclick/store/events.h"
#include "oneclick/store/projects.h"

/* All that a context is written from. */
struct scene {
	const struct device *device;
	struct placement_template *template; /* NULL when the project has none */
	struct pairs *attributes;
	struct pairs *devices;
};

static enum err
read_template(const void *ctx, const char *json, struct placement_template **out,
	struct fault *why)
{
	const struct value *tree;
	enum err err;

	if (!json)
		return ERR_NONE;
	err = json_parse(ctx, json, strlen(json), &tree, why);
	if (err == ERR_NONE)
		err = placement_template_read(ctx, tree, out, why);
	return err;
}

static enum err
read_scene(struct tx *tx, const void *ctx, struct scene *out, struct fault *why)
{
	const struct device *device = out->device;
	struct project project;
	struct placement placement;
	enum err err;

	err = projects_find(tx, ctx, device->account, device->project, &project, why);
	if (err == ERR_NONE)
		err = placements_find(tx, ctx, device->account, device->project,
			device->placement, &placement, why);
	if (err == ERR_NONE)
		err = devices_in_placement(tx, ctx, device->account, device->project,
			device->placement, &out->devices, why);
	if (err == ERR_NONE)
		err = read_template(ctx, project.template_json, &out->template, why);
	if (err != ERR_NONE)
		return err;
	out->attributes = pairs_new(ctx);
	if (out->template)
		pairs_merge(out->attributes, out->template->defaults);
	pairs_merge(out->attributes, json_read_pairs(ctx, placement.attributes));
	return ERR_NONE;
}

static const char *
find_own_callback(const void *ctx, const char *on_click)
{
	const struct value *tree;

	if (!on_click || json_parse(ctx, on_click, strlen(on_click), &tree, NULL))
		return NULL;
	return value_text(value_get(tree, "callback"), "awsLambdaArn");
}

static const char *
find_callback(const void *ctx, const struct scene *scene)
{
	const struct device_template *template = NULL;
	const char *arn = NULL;

	if (scene->template)
		template = placement_template_find(
			scene->template, scene->device->template_name);
	if (template)
		arn = pairs_get(template->callbacks, CALLBACK_ON_CLICK);
	if (!arn || !*arn)
		arn = find_own_callback(ctx, scene->device->on_click);
	return arn ? arn : "";
}

static const char *
write_scene(const void *ctx, const struct scene *scene)
{
	struct buf out;
	struct json j;

	buf_init(&out, ctx, BUF_NO_CAP);
	j = json_to(&out);
	json_open(&j, '{');
	json_member_text(&j, "projectName", scene->device->project);
	json_member_text(&j, "placementName", scene->device->placement);
	json_member_text(&j, "deviceTemplateName", scene->device->template_name);
	json_key(&j, "attributes");
	json_pairs(&j, scene->attributes);
	json_key(&j, "devices");
	json_pairs(&j, scene->devices);
	json_member_text(&j, "callback", find_callback(ctx, scene));
	json_close(&j, '}');
	return out.data;
}

enum err
context_settle(struct tx *tx, const void *ctx, struct device *device, struct fault *why)
{
	struct scene scene = { .device = device };
	void *life;
	enum err err;

	if (device->context != 0 || !device_is_placed(device))
		return ERR_NONE;
	life = mem_life(ctx);
	err = read_scene(tx, life, &scene, why);
	if (err == ERR_NONE)
		err = events_context(
			tx, write_scene(life, &scene), &device->context, why);
	mem_free(life);
	return err;
}
