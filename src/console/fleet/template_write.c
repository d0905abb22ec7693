/* A fleet as a CloudFormation template in JSON, which fleet_read_template reads back. */
#include <stdio.h>

#include "fleet.h"
#include "oneclick/data/json.h"

#define TYPE "AWS::IoT1Click::"

static void
open_resource(struct json *j, const char *kind, size_t number)
{
	char name[32];

	snprintf(name, sizeof name, "%s%zu", kind, number + 1);
	json_key(j, name);
	json_open(j, '{');
	snprintf(name, sizeof name, TYPE "%s", kind);
	json_member_text(j, "Type", name);
	json_key(j, "Properties");
	json_open(j, '{');
}

static void
close_resource(struct json *j)
{
	json_close(j, '}');
	json_close(j, '}');
}

static void
write_device_template(struct json *j, const struct device_template *template)
{
	json_key(j, template->name);
	json_open(j, '{');
	json_member_text(j, "DeviceType", template->type ? template->type : "button");
	json_key(j, "CallbackOverrides");
	json_pairs(j, template->callbacks);
	json_close(j, '}');
}

static void
write_project(struct json *j, const struct fleet_project *project)
{
	const struct placement_template *template = project->template;

	json_member_text(j, "ProjectName", project->name);
	if (project->description)
		json_member_text(j, "Description", project->description);
	json_key(j, "PlacementTemplate");
	json_open(j, '{');
	json_key(j, "DefaultAttributes");
	json_pairs(j, template ? template->defaults : NULL);
	json_key(j, "DeviceTemplates");
	json_open(j, '{');
	for (size_t i = 0; template && i < template->count; i++)
		write_device_template(j, &template->templates[i]);
	json_close(j, '}');
	json_close(j, '}');
}

static void
write_placement(struct json *j, const struct fleet_placement *placement)
{
	json_member_text(j, "ProjectName", placement->project);
	json_member_text(j, "PlacementName", placement->name);
	json_key(j, "Attributes");
	json_pairs(j, placement->attributes);
	json_key(j, "AssociatedDevices");
	json_pairs(j, placement->devices);
}

void
fleet_write_template(struct buf *out, const struct fleet *fleet)
{
	struct json j = json_seen_to(out);

	json_open(&j, '{');
	json_member_text(&j, "AWSTemplateFormatVersion", "2010-09-09");
	json_key(&j, "Resources");
	json_open(&j, '{');
	for (size_t i = 0; i < fleet->projects; i++) {
		open_resource(&j, "Project", i);
		write_project(&j, &fleet->project[i]);
		close_resource(&j);
	}
	for (size_t i = 0; i < fleet->placements; i++) {
		open_resource(&j, "Placement", i);
		write_placement(&j, &fleet->placement[i]);
		close_resource(&j);
	}
	for (size_t i = 0; i < fleet->devices; i++) {
		open_resource(&j, "Device", i);
		json_member_text(&j, "DeviceId", fleet->device[i].id);
		json_member_bool(&j, "Enabled", fleet->device[i].enabled == 1);
		close_resource(&j);
	}
	json_close(&j, '}');
	json_close(&j, '}');
	buf_char(out, '\n');
}
