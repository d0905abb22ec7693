/* Devices: describing, listing, enabling, and their events. */
#include "oneclick/store/devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/model/arn.h"
#include "oneclick/store/events.h"
#include "parts.h"

/* A device's ARN is the same but for its ID in all rows of a list, so its beginning is
 * made once. */
struct describer {
	struct json j;
	const char *region;
	char arn[192];
	size_t arn_stem;
};

static struct describer
describe_to(struct handling *h)
{
	struct describer d = { .j = json_to(h->out), .region = h->settings->region };
	char *stem = arn_format(h->ctx, ARN_DEVICE, d.region, h->account, "");

	snprintf(d.arn, sizeof d.arn, "%s", stem);
	d.arn_stem = strlen(d.arn);
	return d;
}

/* The four attributes the projects side gives a placed device. */
static void
write_attributes(struct describer *d, const struct device *device)
{
	json_key(&d->j, "attributes");
	json_open(&d->j, '{');
	if (device_is_placed(device)) {
		json_member_text(&d->j, "projectRegion", d->region);
		json_member_text(&d->j, "projectName", device->project);
		json_member_text(&d->j, "placementName", device->placement);
		json_member_text(&d->j, "deviceTemplateName", device->template_name);
	}
	json_close(&d->j, '}');
}

static void
describe(struct describer *d, const struct device *device)
{
	size_t n = strnlen(device->id, sizeof d->arn - d->arn_stem - 1);

	memcpy(d->arn + d->arn_stem, device->id, n);
	d->arn[d->arn_stem + n] = '\0';
	json_open(&d->j, '{');
	json_member_text(&d->j, "arn", d->arn);
	write_attributes(d, device);
	json_member_text(&d->j, "deviceId", device->id);
	json_member_bool(&d->j, "enabled", device->enabled);
	json_key(&d->j, "remainingLife");
	json_number(&d->j, device->life);
	json_member_text(&d->j, "type", device->type);
	json_key(&d->j, "tags");
	json_raw(&d->j, device->tags);
	json_close(&d->j, '}');
}

enum err
handle_DescribeDevice(struct handling *h, struct fault *why)
{
	struct device device;
	struct describer d = describe_to(h);
	enum err err = own_device(h, h->ask->device_id, ERR_NOT_FOUND, &device, why);

	if (err != ERR_NONE)
		return err;
	json_open(&d.j, '{');
	json_key(&d.j, "deviceDescription");
	describe(&d, &device);
	json_close(&d.j, '}');
	return ERR_NONE;
}

struct device_page {
	struct paging page;
	struct describer d;
};

static bool
list_device(void *arg, const struct device *device)
{
	struct device_page *list = arg;

	if (!paging_takes(&list->page, device->id))
		return false;
	describe(&list->d, device);
	return true;
}

enum err
handle_ListDevices(struct handling *h, struct fault *why)
{
	const char *type = h->ask->device_type;
	struct device_page list = { .d = describe_to(h) };
	enum err err = paging_open(h, ERR_RANGE, type, &list.page, why);

	if (err != ERR_NONE)
		return err;
	json_open(&list.d.j, '{');
	json_key(&list.d.j, "devices");
	json_open(&list.d.j, '[');
	if (!type || !*type || strcmp(type, "button") == 0)
		err = devices_list(h->tx, h->account, list.page.after,
			list.page.limit + 1, list_device, &list, why);
	json_close(&list.d.j, ']');
	paging_close(h, &list.page, &list.d.j);
	json_close(&list.d.j, '}');
	return err;
}

enum err
handle_UpdateDeviceState(struct handling *h, struct fault *why)
{
	bool enabled = h->ask->enabled == 1, changes;
	struct device device;
	enum err err;

	if (h->ask->enabled < 0)
		return fault(why, ERR_INVALID,
			"enabled is missing; say true or false in the body.");
	err = own_device(h, h->ask->device_id, ERR_NOT_FOUND, &device, why);
	if (err != ERR_NONE)
		return err;
	changes = device.enabled != enabled;
	if (changes) {
		device_enable(&device, enabled, h->now);
		err = devices_save(h->tx, &device, why);
	}
	if (err == ERR_NONE && changes)
		err = change_note(
			h, &device, enabled ? EVENT_ENABLED : EVENT_DISABLED, why);
	return err == ERR_NONE ? nothing_write(h) : err;
}

struct event_page {
	struct paging page;
	struct json j;
	struct buf std; /* one stdEvent's text */
	const char *type;
};

static bool
list_event(void *arg, const struct event *event)
{
	struct event_page *list = arg;
	char key[24];

	snprintf(key, sizeof key, "%lld", (long long)event->pos);
	if (!paging_takes(&list->page, key))
		return false;
	buf_clear(&list->std);
	event_write_std(&list->std, event);
	json_open(&list->j, '{');
	json_key(&list->j, "device");
	json_open(&list->j, '{');
	json_key(&list->j, "attributes");
	json_pairs(&list->j, NULL);
	json_member_text(&list->j, "deviceId", event->device_id);
	json_member_text(&list->j, "type", list->type);
	json_close(&list->j, '}');
	json_key(&list->j, "stdEvent");
	json_textn(&list->j, list->std.data, list->std.len);
	json_close(&list->j, '}');
	return true;
}

static enum err
write_events(struct handling *h, struct event_page *list, struct fault *why)
{
	const struct ask *ask = h->ask;
	enum err err;

	json_open(&list->j, '{');
	json_key(&list->j, "events");
	json_open(&list->j, '[');
	err = events_list_device(h->tx, h->account, ask->device_id, ask->from, ask->to,
		strtoll(list->page.after, NULL, 10), list->page.limit + 1, list_event,
		list, why);
	json_close(&list->j, ']');
	paging_close(h, &list->page, &list->j);
	json_close(&list->j, '}');
	return err;
}

enum err
handle_ListDeviceEvents(struct handling *h, struct fault *why)
{
	const struct ask *ask = h->ask;
	struct event_page list = { .j = json_to(h->out) };
	struct device device;
	const char *what;
	enum err err = own_device(h, ask->device_id, ERR_NOT_FOUND, &device, why);

	if (err == ERR_NONE && ask->from > ask->to)
		err = fault(why, ERR_INVALID,
			"fromTimeStamp is after toTimeStamp; exchange them.");
	if (err != ERR_NONE)
		return err;
	what = mem_format(h->ctx, "%s %lld %lld", ask->device_id, (long long)ask->from,
		(long long)ask->to);
	err = paging_open(h, ERR_RANGE, what, &list.page, why);
	if (err != ERR_NONE)
		return err;
	list.type = device.type;
	buf_init(&list.std, h->ctx, BUF_NO_CAP);
	return write_events(h, &list, why);
}
