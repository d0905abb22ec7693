#include "oneclick/base/digest.h"
#include "oneclick/store/events.h"
#include "parts.h"

enum err
change_note(struct handling *h, const struct device *device, enum event_kind kind,
	struct fault *why)
{
	char id[UUID_SIZE];
	struct event event = {
		.at = h->now,
		.reported_at = h->now,
		.account = h->account,
		.device_id = device->id,
		.event_id = id,
		.kind = kind,
		.life = device->life,
		.context = device->context,
	};

	digest_uuid(id);
	return events_append(h->tx, &event, why);
}
