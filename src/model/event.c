#include "oneclick/model/event.h"

#include <string.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/json.h"

static const char *const names[EVENT_KINDS + 1] = {
	[EVENT_SINGLE] = "SINGLE",
	[EVENT_DOUBLE] = "DOUBLE",
	[EVENT_LONG] = "LONG",
	[EVENT_CLAIM_STARTED] = "CLAIM_STARTED",
	[EVENT_CLAIMED] = "CLAIMED",
	[EVENT_UNCLAIMED] = "UNCLAIMED",
	[EVENT_ENABLED] = "ENABLED",
	[EVENT_DISABLED] = "DISABLED",
	[EVENT_PLACED] = "PLACED",
	[EVENT_REMOVED] = "REMOVED",
	[EVENT_ONLINE] = "ONLINE",
	[EVENT_OFFLINE] = "OFFLINE",
	[EVENT_LIFE_LOW] = "LIFE_LOW",
	[EVENT_NOT_HEARD] = "NOT_HEARD",
	[EVENT_KINDS] = "",
};

const char *
event_kind_name(enum event_kind kind)
{
	return names[kind];
}

bool
event_kind_from_name(const char *name, enum event_kind *kind)
{
	for (size_t i = 0; i < EVENT_KINDS; i++)
		if (strcmp(name, names[i]) == 0) {
			*kind = (enum event_kind)i;
			return true;
		}
	return false;
}

bool
event_is_click(enum event_kind kind)
{
	return kind <= EVENT_LONG;
}

static void
write_time(struct json *j, const char *key, int64_t at)
{
	char iso[MOMENT_ISO_SIZE];
	moment_to_iso(at, iso);
	json_member_text(j, key, iso);
}

void
event_write_std(struct buf *out, const struct event *event)
{
	char certificate[DIGEST_HEX_SIZE];
	digest_sha256_hex(event->device_id, strlen(event->device_id), certificate);
	struct json j = json_to(out);
	j.spaced = true;
	json_open(&j, '{');
	json_member_text(&j, "clickType", event_kind_name(event->kind));
	write_time(&j, "reportedTime", event->reported_at);
	json_member_text(&j, "certificateId", certificate);
	json_key(&j, "remainingLife");
	json_number(&j, event->life);
	json_member_bool(&j, "testMode", false);
	json_close(&j, '}');
}

static void
write_context(struct json *j, const char *context)
{
	static const char *const shown[] = { "projectName", "placementName",
		"deviceTemplateName", "attributes", "condition" };
	const struct value *tree;
	void *life = mem_life(NULL);
	if (json_parse(life, context, strlen(context), &tree, NULL) == ERR_NONE)
		for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
			const struct value *value = value_get(tree, shown[i]);
			if (value == NULL)
				continue;
			json_key(j, shown[i]);
			json_value(j, value);
		}
	mem_free(life);
}

void
event_write_live(struct buf *out, const struct event *event)
{
	struct json j = json_to(out);
	json_open(&j, '{');
	json_member_text(&j, "kind", event_kind_name(event->kind));
	json_member_text(&j, "deviceId", event->device_id);
	write_time(&j, "at", event->at);
	write_time(&j, "reportedTime", event->reported_at);
	json_key(&j, "remainingLife");
	json_number(&j, event->life);
	json_member_text(&j, "eventId", event->event_id);
	json_member_int(&j, "seq", event->seq);
	if (event->context_json != NULL)
		write_context(&j, event->context_json);
	json_close(&j, '}');
}
