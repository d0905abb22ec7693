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
	struct pairs *attributes;            /* of the placement, NULL when in none */
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

/* A wish is what set*Callback was told. */
static const struct value *
read_wish(const void *ctx, const char *wish)
{
	const struct value *tree = NULL;

	if (wish && json_parse(ctx, wish, strlen(wish), &tree, NULL) != ERR_NONE)
		return NULL;
	return tree;
}

static const char *
find_own_callback(const void *ctx, const char *wish)
{
	const char *arn =
		value_text(value_get(read_wish(ctx, wish), "callback"), "awsLambdaArn");

	return arn ? arn : "";
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
	return arn && *arn ? arn : find_own_callback(ctx, scene->device->on_click);
}

static void
write_place(struct json *j, const struct scene *scene)
{
	json_member_text(j, "projectName", scene->device->project);
	json_member_text(j, "placementName", scene->device->placement);
	json_member_text(j, "deviceTemplateName", scene->device->template_name);
	json_key(j, "attributes");
	json_pairs(j, scene->attributes);
}

static const char *
write_scene(const void *ctx, const struct scene *scene, const char *callback)
{
	struct buf out;
	struct json j;

	buf_init(&out, ctx, BUF_NO_CAP);
	j = json_to(&out);
	json_open(&j, '{');
	if (device_is_placed(scene->device)) {
		write_place(&j, scene);
		json_key(&j, "devices");
		json_pairs(&j, scene->devices);
	}
	json_member_text(&j, "callback", callback);
	json_close(&j, '}');
	return out.data;
}

static enum err
settle(struct tx *tx, const void *ctx, struct device *device, struct fault *why)
{
	struct scene scene = { .device = device };
	const char *callback;
	enum err err = ERR_NONE;

	if (device_is_placed(device))
		err = read_scene(tx, ctx, &scene, why);
	if (err != ERR_NONE)
		return err;
	callback = find_callback(ctx, &scene);
	device->calls = *callback != '\0';
	if (!device->calls && !device_is_placed(device))
		return ERR_NONE;
	return events_context(
		tx, write_scene(ctx, &scene, callback), &device->context, why);
}

enum err
context_settle(struct tx *tx, const void *ctx, struct device *device, struct fault *why)
{
	void *life;
	enum err err;

	if (device->context != 0)
		return ERR_NONE;
	device->calls = false;
	if (!device_is_placed(device) && !device->on_click)
		return ERR_NONE;
	life = mem_life(ctx);
	err = settle(tx, life, device, why);
	mem_free(life);
	return err;
}

static const char *
write_health(const void *ctx, const struct scene *scene, const struct value *wish,
	const char *condition)
{
	const struct value *all = value_get(wish, "condition");
	struct buf out;
	struct json j;

	buf_init(&out, ctx, BUF_NO_CAP);
	j = json_to(&out);
	json_open(&j, '{');
	if (device_is_placed(scene->device))
		write_place(&j, scene);
	json_member_text(
		&j, "callback", value_text(value_get(wish, "callback"), "awsLambdaArn"));
	json_key(&j, "condition");
	json_open(&j, '{');
	json_key(&j, condition);
	json_value(&j, value_get(all, condition));
	json_close(&j, '}');
	json_close(&j, '}');
	return out.data;
}

enum err
context_of_health(struct tx *tx, const void *ctx, const struct device *device,
	const char *condition, int64_t *out, struct fault *why)
{
	void *life = mem_life(ctx);
	const struct value *wish = read_wish(life, device->on_health);
	struct scene scene = { .device = device };
	enum err err = ERR_NONE;

	if (device_is_placed(device))
		err = read_scene(tx, life, &scene, why);
	if (err == ERR_NONE)
		err = events_context(
			tx, write_health(life, &scene, wish, condition), out, why);
	mem_free(life);
	return err;
}
