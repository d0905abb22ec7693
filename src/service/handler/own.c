#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/store/devices.h"
#include "oneclick/store/projects.h"
#include "parts.h"

static enum err
miss_device(const char *id, struct fault *why)
{
	return fault(why, ERR_NOT_FOUND,
		"Device %s is not claimed by this account; look at its ID, or claim it.",
		id);
}

enum err
own_device(struct handling *h, const char *id, enum err pending, struct device *out,
	struct fault *why)
{
	enum err err = devices_find_own(h->tx, h->ctx, h->account, id, out, why);

	if (err == ERR_NOT_FOUND)
		return miss_device(id, why);
	if (err != ERR_NONE || out->state == DEVICE_CLAIMED)
		return err;
	if (!device_is_of(out, h->account, h->now, h->settings->claim_window))
		return miss_device(id, why);
	return fault(why, pending,
		"Device %s is only being claimed; press its button, then finalize the "
		"claim.",
		id);
}

enum err
own_project(struct handling *h, struct project *out, struct fault *why)
{
	const char *name = h->ask->project_name;
	enum err err = projects_find(h->tx, h->ctx, h->account, name, out, why);

	if (err == ERR_NOT_FOUND)
		return fault(why, err, "There is no project %s.", name);
	return err;
}

enum err
own_placement(struct handling *h, struct placement *out, struct fault *why)
{
	const struct ask *ask = h->ask;
	enum err err = placements_find(h->tx, h->ctx, h->account, ask->project_name,
		ask->placement_name, out, why);

	if (err == ERR_NOT_FOUND)
		return fault(why, err, "There is no placement %s in project %s.",
			ask->placement_name, ask->project_name);
	return err;
}

enum err
own_slots(struct handling *h, struct pairs **out, struct fault *why)
{
	struct placement placement;
	enum err err = own_placement(h, &placement, why);

	if (err == ERR_NONE)
		err = devices_in_placement(h->tx, h->ctx, h->account, placement.project,
			placement.name, out, why);
	return err;
}

enum err
own_template(struct handling *h, const struct project *project,
	struct placement_template **out, struct fault *why)
{
	const char *json = project->template_json;
	const struct value *tree;
	enum err err;

	if (!json) {
		*out = mem_new(h->ctx, struct placement_template);
		return ERR_NONE;
	}
	err = json_parse(h->ctx, json, strlen(json), &tree, why);
	if (err == ERR_NONE)
		err = placement_template_read(h->ctx, tree, out, why);
	if (err != ERR_NONE)
		return fault_at(
			why, ERR_INTERNAL, "The template of project %s", project->name);
	return ERR_NONE;
}
