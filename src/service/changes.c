#include "oneclick/service/changes.h"

#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"

static const char *
write_change(const void *ctx, enum op op, const struct ask *ask)
{
	const struct {
		const char *name, *value;
	} member[] = {
		{ "operation", op_info(op)->name },
		{ "projectName", ask->project_name },
		{ "placementName", ask->placement_name },
		{ "deviceTemplateName", ask->template_name },
		{ "deviceId", ask->device_id },
		{ "resourceArn", ask->resource_arn },
	};
	struct buf out;
	struct json j;

	buf_init(&out, ctx, BUF_NO_CAP);
	j = json_to(&out);
	json_open(&j, '{');
	for (size_t i = 0; i < sizeof(member) / sizeof(*member); i++)
		if (member[i].value)
			json_member_text(&j, member[i].name, member[i].value);
	json_close(&j, '}');
	return out.data;
}

void
changes_tell(struct hub *hub, enum op op, const struct ask *ask, const char *account)
{
	void *life = mem_life(NULL);
	struct hub_change change = {
		.account = account,
		.project = ask->project_name,
		.device = ask->device_id,
		.json = write_change(life, op, ask),
	};

	hub_tell_change(hub, &change);
	mem_free(life);
}
