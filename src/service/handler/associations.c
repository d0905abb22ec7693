/* Associations: a device put into a placement's slot, and taken out of it. */
#include "oneclick/base/mem.h"
#include "oneclick/model/product.h"
#include "oneclick/service/context.h"
#include "oneclick/store/devices.h"
#include "oneclick/store/projects.h"
#include "parts.h"

static enum err
find_template(struct handling *h, struct fault *why)
{
	const struct ask *ask = h->ask;
	struct placement_template *template;
	struct project project;
	enum err err = own_project(h, &project, why);

	if (err == ERR_NONE)
		err = own_template(h, &project, &template, why);
	if (err == ERR_NONE && !placement_template_find(template, ask->template_name))
		return fault(why, ERR_NOT_FOUND, "Project %s has no device template %s.",
			ask->project_name, ask->template_name);
	return err;
}

static enum err
check_free(struct handling *h, const struct device *device, const struct pairs *slots,
	struct fault *why)
{
	const struct ask *ask = h->ask;
	const char *holder = pairs_get(slots, ask->template_name);

	if (device_is_placed(device))
		return fault(why, ERR_CONFLICT,
			"Device %s is in placement %s of project %s; take it out of "
			"there first.",
			device->id, device->placement, device->project);
	if (holder)
		return fault(why, ERR_CONFLICT,
			"Device %s is %s of placement %s; take it out of there first.",
			holder, ask->template_name, ask->placement_name);
	return ERR_NONE;
}

/* The devices beside it have a new neighbour, so their contexts are made anew as well. */
static enum err
place(struct handling *h, struct device *device, struct fault *why)
{
	const struct ask *ask = h->ask;
	enum err err = devices_forget_context(
		h->tx, h->account, ask->project_name, ask->placement_name, why);

	if (err != ERR_NONE)
		return err;
	device->project = ask->project_name;
	device->placement = ask->placement_name;
	device->template_name = ask->template_name;
	device->context = 0;
	err = devices_save(h->tx, device, why);
	if (err == ERR_NONE)
		err = context_settle(h->tx, h->ctx, device, why);
	if (err == ERR_NONE)
		err = devices_save_click(h->tx, device, why);
	return err == ERR_NONE ? change_note(h, device, EVENT_PLACED, why) : err;
}

enum err
handle_AssociateDeviceWithPlacement(struct handling *h, struct fault *why)
{
	const char *id = h->ask->device_id;
	struct pairs *slots = NULL;
	struct device device;
	enum err err = device_id_check(id, why);

	if (err == ERR_NONE)
		err = find_template(h, why);
	if (err == ERR_NONE)
		err = own_slots(h, &slots, why);
	if (err == ERR_NONE)
		err = own_device(h, id, ERR_NOT_FOUND, &device, why);
	if (err == ERR_NONE)
		err = check_free(h, &device, slots, why);
	if (err == ERR_NONE)
		err = place(h, &device, why);
	return err == ERR_NONE ? nothing_write(h) : err;
}

/* The log is told with the context the device had until now. */
static enum err
remove_device(struct handling *h, const char *id, struct fault *why)
{
	const struct ask *ask = h->ask;
	struct device device;
	enum err err = own_device(h, id, ERR_NOT_FOUND, &device, why);

	if (err == ERR_NONE)
		err = context_settle(h->tx, h->ctx, &device, why);
	if (err == ERR_NONE)
		err = change_note(h, &device, EVENT_REMOVED, why);
	if (err != ERR_NONE)
		return err;
	device.project = device.placement = device.template_name = NULL;
	device.context = 0;
	err = devices_save(h->tx, &device, why);
	if (err == ERR_NONE)
		err = devices_forget_context(
			h->tx, h->account, ask->project_name, ask->placement_name, why);
	return err;
}

enum err
handle_DisassociateDeviceFromPlacement(struct handling *h, struct fault *why)
{
	const struct ask *ask = h->ask;
	struct pairs *slots = NULL;
	const char *id;
	enum err err = own_slots(h, &slots, why);

	if (err != ERR_NONE)
		return err;
	id = pairs_get(slots, ask->template_name);
	if (!id)
		return fault(why, ERR_NOT_FOUND,
			"Placement %s has no device for the template %s.",
			ask->placement_name, ask->template_name);
	err = remove_device(h, id, why);
	return err == ERR_NONE ? nothing_write(h) : err;
}
