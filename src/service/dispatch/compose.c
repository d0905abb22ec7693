#include "oneclick/service/compose.h"

#include <string.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/json.h"
#include "oneclick/model/arn.h"

#define SEEED_PREFIX "P5SJVQ"
/* What captured events of these buttons say of their firmware; ours report none. */
#define SEEED_FIRMWARE "1.8.0"

/* All that an event is written from. */
struct scene {
	const char *region;
	const struct event *event;
	const struct value *context;
	const char *project; /* NULL: not placed */
	bool is_seeed;
};

static void
write_device(struct json *j, const struct scene *scene)
{
	static const char *const members[] = { "projectName", "placementName",
		"deviceTemplateName" };

	json_open(j, '{');
	json_member_text(j, "deviceId", scene->event->device_id);
	json_member_text(j, "type", "button");
	json_key(j, "remainingLife");
	json_number(j, scene->event->life);
	json_key(j, "attributes");
	json_open(j, '{');
	if (scene->project)
		json_member_text(j, "projectRegion", scene->region);
	for (size_t i = 0; scene->project && i < sizeof members / sizeof *members; i++)
		json_member_text(j, members[i], value_text(scene->context, members[i]));
	json_close(j, '}');
	json_close(j, '}');
}

static void
write_click(struct json *j, const struct scene *scene)
{
	char iso[MOMENT_ISO_SIZE];

	moment_to_iso(scene->event->reported_at, iso);
	json_key(j, "buttonClicked");
	json_open(j, '{');
	json_member_text(j, "clickType", event_kind_name(scene->event->kind));
	json_member_text(j, "reportedTime", iso);
	if (scene->is_seeed) {
		json_key(j, "additionalInfo");
		json_open(j, '{');
		json_member_text(j, "version", SEEED_FIRMWARE);
		json_close(j, '}');
	}
	json_close(j, '}');
}

static void
write_condition(struct json *j, const struct scene *scene)
{
	json_key(j, "deviceHealthMonitor");
	json_open(j, '{');
	json_key(j, "condition");
	json_value(j, value_get(scene->context, "condition"));
	json_close(j, '}');
}

static void
write_map(struct json *j, const struct value *context, const char *key)
{
	const struct value *map = value_get(context, key);

	json_key(j, key);
	if (map)
		json_value(j, map);
	else
		json_pairs(j, NULL);
}

static void
write_placement(struct json *j, const struct scene *scene)
{
	json_key(j, "placementInfo");
	json_open(j, '{');
	json_member_text(j, "projectName", scene->project);
	json_member_text(j, "placementName", value_text(scene->context, "placementName"));
	write_map(j, scene->context, "attributes");
	write_map(j, scene->context, "devices");
	json_close(j, '}');
}

/* The raw message of these buttons: its time is a number, its topic their prefix. */
static void
write_payload(struct json *j, const struct scene *scene)
{
	const struct event *event = scene->event;
	char certificate[DIGEST_HEX_SIZE];

	digest_sha256_hex(event->device_id, strlen(event->device_id), certificate);
	json_key(j, "devicePayload");
	json_open(j, '{');
	json_member_text(j, "clickType", event_kind_name(event->kind));
	json_member_text(j, "serialNumber", event->device_id);
	json_key(j, "remainingLife");
	json_number(j, event->life);
	json_member_text(j, "version", SEEED_FIRMWARE);
	json_member_text(j, "certificateId", certificate);
	json_member_int(j, "reportedTime", event->reported_at);
	json_member_text(j, "topic", "/Devices/Button/" SEEED_PREFIX);
	json_close(j, '}');
}

static void
write_scene(struct buf *out, const struct scene *scene)
{
	struct json j = json_to(out);
	bool is_click = event_is_click(scene->event->kind);

	json_open(&j, '{');
	json_key(&j, "deviceInfo");
	write_device(&j, scene);
	json_key(&j, "deviceEvent");
	json_open(&j, '{');
	if (is_click)
		write_click(&j, scene);
	else
		write_condition(&j, scene);
	json_close(&j, '}');
	if (is_click && scene->project)
		write_placement(&j, scene);
	if (is_click && scene->is_seeed)
		write_payload(&j, scene);
	json_close(&j, '}');
}

static const struct event *
copy_event(const void *ctx, const struct event *event)
{
	struct event *copy = mem_new(ctx, struct event);

	*copy = *event;
	copy->account = mem_text(copy, event->account);
	copy->device_id = mem_text(copy, event->device_id);
	copy->event_id = mem_text(copy, event->event_id);
	copy->context_json = NULL;
	return copy;
}

static enum err
read_context(const void *ctx, const struct event *event, const struct value **out,
	struct fault *why)
{
	const char *json = event->context_json ? event->context_json : "";
	enum err err = json_parse(ctx, json, strlen(json), out, why);

	if (!err && (*out)->kind != VALUE_MAP)
		err = fault(why, ERR_INVALID, "It is %s.", value_kind_name((*out)->kind));
	if (!err)
		return ERR_NONE;
	fault_at(why, ERR_INTERNAL, "The context of event %s cannot be read",
		event->event_id);
	return ERR_INTERNAL;
}

enum err
compose(const void *ctx, const char *region, const struct event *event,
	struct parcel *out, struct fault *why)
{
	struct scene scene = { .region = region, .event = copy_event(ctx, event) };
	struct buf json;
	enum err err = read_context(ctx, event, &scene.context, why);

	if (err)
		return err;
	scene.project = value_text(scene.context, "projectName");
	scene.is_seeed =
		strncmp(event->device_id, SEEED_PREFIX, sizeof SEEED_PREFIX - 1) == 0;
	buf_init(&json, ctx, BUF_NO_CAP);
	write_scene(&json, &scene);
	*out = (struct parcel){
		.event = scene.event,
		.callback = value_text(scene.context, "callback"),
		.source = arn_format(
			ctx, ARN_DEVICE, region, event->account, event->device_id),
		.json = json.data,
		.json_len = json.len,
		.project = scene.project,
		.placement = value_text(scene.context, "placementName"),
		.template_name = value_text(scene.context, "deviceTemplateName"),
		.attributes = value_pairs(ctx, value_get(scene.context, "attributes")),
	};
	if (!out->callback)
		out->callback = "";
	if (!out->attributes)
		out->attributes = pairs_new(ctx);
	return ERR_NONE;
}
