/* Tags of devices and projects: one engine, the resource behind it chosen by the ARN. */
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/model/arn.h"
#include "oneclick/store/devices.h"
#include "oneclick/store/projects.h"
#include "parts.h"

struct tagged {
	enum arn_kind kind;
	struct device device;
	struct project project;
	struct pairs *tags;
};

static enum err
find_device(
	struct handling *h, const struct arn *arn, struct tagged *out, struct fault *why)
{
	enum err err = own_device(h, arn->name, ERR_NOT_FOUND, &out->device, why);

	if (err == ERR_NONE)
		out->tags = json_read_pairs(h->ctx, out->device.tags);
	return err;
}

static enum err
find_project(
	struct handling *h, const struct arn *arn, struct tagged *out, struct fault *why)
{
	enum err err =
		projects_find(h->tx, h->ctx, h->account, arn->name, &out->project, why);

	if (err == ERR_NOT_FOUND)
		return fault(why, err, "There is no project %s.", arn->name);
	if (err == ERR_NONE)
		out->tags = json_read_pairs(h->ctx, out->project.tags);
	return err;
}

static enum err
find_tagged(struct handling *h, struct tagged *out, struct fault *why)
{
	struct arn arn;
	enum err err = arn_parse(h->ask->resource_arn, &arn, why);

	if (err != ERR_NONE)
		return err;
	if (strcmp(arn.region, h->settings->region) || strcmp(arn.account, h->account))
		return fault(why, ERR_NOT_FOUND,
			"%s is of another region or account than %s and %s.",
			h->ask->resource_arn, h->settings->region, h->account);
	*out = (struct tagged){ .kind = arn.kind };
	if (arn.kind == ARN_DEVICE)
		return find_device(h, &arn, out, why);
	return find_project(h, &arn, out, why);
}

/* Devices answer 204 without a body, projects an empty object. */
static enum err
save_tagged(struct handling *h, struct tagged *tagged, struct fault *why)
{
	const char *json = json_write_pairs(h->ctx, tagged->tags);
	enum err err;

	if (tagged->kind == ARN_DEVICE) {
		tagged->device.tags = json;
		return devices_save(h->tx, &tagged->device, why);
	}
	tagged->project.tags = json;
	err = projects_save(h->tx, &tagged->project, why);
	return err == ERR_NONE ? nothing_write(h) : err;
}

enum err
handle_ListTagsForResource(struct handling *h, struct fault *why)
{
	struct json j = json_to(h->out);
	struct tagged tagged;
	enum err err = find_tagged(h, &tagged, why);

	if (err != ERR_NONE)
		return err;
	json_open(&j, '{');
	json_key(&j, "tags");
	json_pairs(&j, tagged.tags);
	json_close(&j, '}');
	return ERR_NONE;
}

enum err
handle_TagResource(struct handling *h, struct fault *why)
{
	struct tagged tagged;
	enum err err = find_tagged(h, &tagged, why);

	if (err != ERR_NONE)
		return err;
	pairs_merge(tagged.tags, h->ask->tags);
	err = tags_check(tagged.tags, why);
	return err == ERR_NONE ? save_tagged(h, &tagged, why) : err;
}

enum err
handle_UntagResource(struct handling *h, struct fault *why)
{
	const struct texts *keys = &h->ask->tag_keys;
	struct tagged tagged;
	enum err err = find_tagged(h, &tagged, why);

	if (err != ERR_NONE)
		return err;
	for (size_t i = 0; i < keys->count; i++)
		pairs_remove(tagged.tags, keys->item[i]);
	return save_tagged(h, &tagged, why);
}
