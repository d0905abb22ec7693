/* Placements: a project's places, their attributes and the devices in them. */
#include "oneclick/base/mem.h"
#include "oneclick/store/devices.h"
#include "oneclick/store/projects.h"
#include "parts.h"

static enum err
check_new(struct handling *h, struct fault *why)
{
	const struct ask *ask = h->ask;
	struct project project;
	struct placement old;
	enum err err = own_project(h, &project, why);

	if (err != ERR_NONE)
		return err;
	err = placements_find(h->tx, h->ctx, h->account, ask->project_name,
		ask->placement_name, &old, why);
	if (err == ERR_NONE)
		return fault(why, ERR_CONFLICT,
			"Project %s has a placement %s already; choose another name.",
			ask->project_name, ask->placement_name);
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
handle_CreatePlacement(struct handling *h, struct fault *why)
{
	const struct ask *ask = h->ask;
	struct placement placement = {
		.account = h->account,
		.project = ask->project_name,
		.name = ask->placement_name,
		.attributes = ask->attributes ? json_write_pairs(h->ctx, ask->attributes)
					      : "{}",
		.created_at = h->now,
		.updated_at = h->now,
	};
	enum err err = check_new(h, why);

	if (err == ERR_NONE)
		err = placements_add(h->tx, &placement, why);
	return err == ERR_NONE ? nothing_write(h) : err;
}

static void
write_name(struct json *j, const struct placement *placement)
{
	json_member_text(j, "projectName", placement->project);
	json_member_text(j, "placementName", placement->name);
}

enum err
handle_DescribePlacement(struct handling *h, struct fault *why)
{
	struct json j = json_to(h->out);
	struct placement placement;
	enum err err = own_placement(h, &placement, why);

	if (err != ERR_NONE)
		return err;
	json_open(&j, '{');
	json_key(&j, "placement");
	json_open(&j, '{');
	write_name(&j, &placement);
	json_key(&j, "attributes");
	json_raw(&j, placement.attributes);
	dates_write(&j, placement.created_at, placement.updated_at);
	json_close(&j, '}');
	json_close(&j, '}');
	return ERR_NONE;
}

struct placement_page {
	struct paging page;
	struct json j;
};

static bool
list_placement(void *arg, const struct placement *placement)
{
	struct placement_page *list = arg;

	if (!paging_takes(&list->page, placement->name))
		return false;
	json_open(&list->j, '{');
	write_name(&list->j, placement);
	dates_write(&list->j, placement->created_at, placement->updated_at);
	json_close(&list->j, '}');
	return true;
}

enum err
handle_ListPlacements(struct handling *h, struct fault *why)
{
	const char *name = h->ask->project_name;
	struct placement_page list = { .j = json_to(h->out) };
	struct project project;
	enum err err = own_project(h, &project, why);

	if (err == ERR_NONE)
		err = paging_open(h, ERR_INVALID, name, &list.page, why);
	if (err != ERR_NONE)
		return err;
	json_open(&list.j, '{');
	json_key(&list.j, "placements");
	json_open(&list.j, '[');
	err = placements_list(h->tx, h->account, name, list.page.after,
		list.page.limit + 1, list_placement, &list, why);
	json_close(&list.j, ']');
	paging_close(h, &list.page, &list.j);
	json_close(&list.j, '}');
	return err;
}

/* What is given is set, "" takes a key away, the others stay (projects model). */
static enum err
change_attributes(struct handling *h, struct placement *placement, struct fault *why)
{
	struct pairs *all = json_read_pairs(h->ctx, placement->attributes);
	const struct pairs *change = h->ask->attributes;

	for (size_t i = 0; change && i < change->count; i++) {
		if (*change->row[i].value)
			pairs_set(all, change->row[i].key, change->row[i].value);
		else
			pairs_remove(all, change->row[i].key);
	}
	if (all->count > ATTRIBUTES_MAX)
		return fault(why, ERR_INVALID,
			"That makes %zu attributes; a placement has at most %d.",
			all->count, ATTRIBUTES_MAX);
	placement->attributes = json_write_pairs(h->ctx, all);
	return ERR_NONE;
}

static enum err
forget_context(struct handling *h, struct fault *why)
{
	return devices_forget_context(
		h->tx, h->account, h->ask->project_name, h->ask->placement_name, why);
}

enum err
handle_UpdatePlacement(struct handling *h, struct fault *why)
{
	struct placement placement;
	enum err err = own_placement(h, &placement, why);

	if (err == ERR_NONE)
		err = change_attributes(h, &placement, why);
	if (err != ERR_NONE)
		return err;
	placement.updated_at = h->now;
	err = placements_save(h->tx, &placement, why);
	if (err == ERR_NONE)
		err = forget_context(h, why);
	return err == ERR_NONE ? nothing_write(h) : err;
}

enum err
handle_DeletePlacement(struct handling *h, struct fault *why)
{
	const struct ask *ask = h->ask;
	struct pairs *devices = NULL;
	enum err err = own_slots(h, &devices, why);

	if (err == ERR_NONE && devices->count > 0)
		return fault(why, ERR_INVALID,
			"Placement %s still has devices (%s as %s); take them out of it "
			"first.",
			ask->placement_name, devices->row[0].value, devices->row[0].key);
	if (err == ERR_NONE)
		err = placements_remove(
			h->tx, h->account, ask->project_name, ask->placement_name, why);
	return err == ERR_NONE ? nothing_write(h) : err;
}

enum err
handle_GetDevicesInPlacement(struct handling *h, struct fault *why)
{
	struct json j = json_to(h->out);
	struct pairs *devices = NULL;
	enum err err = own_slots(h, &devices, why);

	if (err != ERR_NONE)
		return err;
	json_open(&j, '{');
	json_key(&j, "devices");
	json_pairs(&j, devices);
	json_close(&j, '}');
	return ERR_NONE;
}
