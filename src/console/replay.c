#include "replay.h"

#include <string.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/json.h"

/* To now, when only one time is given. */
static void
write_range(struct json *j, const char *const *time, size_t count)
{
	char now[MOMENT_ISO_SIZE];

	moment_to_iso(moment_now(), now);
	json_member_text(j, "from", time[0]);
	json_member_text(j, "to", count > 1 ? time[1] : now);
}

static void
write_ids(struct json *j, const char *const *id, size_t count)
{
	json_key(j, "eventIds");
	json_open(j, '[');
	for (size_t i = 0; i < count; i++)
		json_text(j, id[i]);
	json_close(j, ']');
}

char *
replay_body(const void *ctx, const char *const *word, size_t count, size_t *named,
	struct fault *why)
{
	int64_t moment;
	struct buf out;
	struct json j;

	buf_init(&out, ctx, BUF_NO_CAP);
	*named = 0;
	j = json_to(&out);
	json_open(&j, '{');
	if (count == 0) {
		fault(why, ERR_INVALID,
			"Say which: event IDs as `deliveries list` shows them, all, or "
			"from one time to another.");
		return NULL;
	}
	if (count == 1 && strcmp(word[0], "all") == 0)
		json_member_bool(&j, "all", true);
	else if (moment_from_iso(word[0], &moment) && count <= 2)
		write_range(&j, word, count);
	else
		write_ids(&j, word, *named = count);
	json_close(&j, '}');
	return out.data;
}
