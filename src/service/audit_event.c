#include "audit_event.h"

#include <pwd.h>
#include <unistd.h>

#include "oneclick/base/digest.h"
#include "oneclick/api/problem.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/json.h"
#include "oneclick/service/trail.h"
#include "oneclick/store/audit.h"

#define SOURCE "oneclickd"

/* Who it is on this machine: it was the system that let them in, not a key of ours. The
 * service does not ask for its own name, which may take long. */
static void
write_identity(struct json *j, bool by_operator)
{
	const struct passwd *entry = by_operator ? getpwuid(getuid()) : NULL;
	char principal[32];

	snprintf(principal, sizeof principal, "uid:%lld", (long long)getuid());
	json_key(j, "userIdentity");
	json_open(j, '{');
	json_member_text(j, "type", by_operator ? "Operator" : "Service");
	json_member_text(j, "principalId", principal);
	json_member_int(j, "uid", (int64_t)getuid());
	json_member_text(j, "userName", entry ? entry->pw_name : NULL);
	json_close(j, '}');
}

static void
write_pairs(struct json *j, const char *key, const struct pairs *pairs)
{
	json_key(j, key);
	if (pairs && pairs->count > 0)
		json_pairs(j, pairs);
	else
		json_null(j);
}

/* Records have whole seconds. */
static void
write_time(struct json *j, int64_t at)
{
	char iso[MOMENT_ISO_SIZE];

	moment_to_iso(at, iso);
	iso[19] = 'Z';
	iso[20] = '\0';
	json_member_text(j, "eventTime", iso);
}

void
audit_event_write(struct buf *out, const struct audit_event *event)
{
	struct json j = json_to(out);
	char id[UUID_SIZE];

	json_open(&j, '{');
	json_member_text(&j, "eventVersion", "1.05");
	write_identity(&j, event->by_operator);
	write_time(&j, event->at);
	json_member_text(&j, "eventSource", SOURCE);
	json_member_text(&j, "eventName", event->name);
	json_member_text(&j, "awsRegion", event->region);
	json_member_text(&j, "sourceIPAddress", "local");
	json_member_text(&j, "userAgent", SOURCE "/" ONECLICK_VERSION);
	if (event->error) {
		json_member_text(&j, "errorCode", event->error);
		json_member_text(&j, "errorMessage", event->sentence);
	}
	write_pairs(&j, "requestParameters", event->asked);
	write_pairs(&j, "responseElements", event->made);
	json_member_text(&j, "requestID", NULL);
	digest_uuid(id);
	json_member_text(&j, "eventID", id);
	json_member_bool(&j, "readOnly", false);
	json_member_text(&j, "eventType", "AwsServiceEvent");
	json_member_text(&j, "recipientAccountId", event->account);
	json_close(&j, '}');
}

enum err
audit_event_append(struct tx *tx, const struct audit_event *event, struct fault *why)
{
	struct buf out;
	enum err err;

	buf_init(&out, NULL, BUF_NO_CAP);
	audit_event_write(&out, event);
	err = audit_append(tx, event->at, event->account, event->name, out.data, why);
	buf_release(&out);
	return err;
}

/* ---- the key ---- */

enum err
audit_event_begin_key(struct tx *tx, const struct audit_key *key,
	const struct settings *settings, struct fault *why)
{
	void *life = mem_life(NULL);
	struct pairs *asked = pairs_new(life);
	const struct audit_event event = {
		.name = "UseAuditKey",
		.at = moment_now(),
		.region = settings->region,
		.account = settings->account,
		.asked = asked,
	};
	char id[2 * AUDIT_KEY_ID_SIZE + 1];
	bool is_new;
	enum err err;

	audit_use_key(tx, key);
	err = audit_begin_key(tx, &is_new, why);
	digest_hex(key->id, sizeof key->id, id);
	pairs_set(asked, "keyId", id);
	if (!err && is_new)
		err = audit_event_append(tx, &event, why);
	mem_free(life);
	return err;
}

/* ---- the service's own ---- */

static void
tell(struct service *service, const char *name, const char *member, const char *value,
	const struct fault *why)
{
	void *life = mem_life(NULL);
	struct pairs *asked = pairs_new(life);
	const struct audit_event event = {
		.name = name,
		.at = moment_now(),
		.region = service->settings.region,
		.account = service->settings.account,
		.asked = asked,
		.error = why ? problem_name(problem_of(why->code)) : NULL,
		.sentence = why ? why->sentence : NULL,
	};
	struct buf out;

	if (value)
		pairs_set(asked, member, value);
	buf_init(&out, life, BUF_NO_CAP);
	audit_event_write(&out, &event);
	trail_add(service->trail, event.at, event.account, name, out.data);
	mem_free(life);
}

void
audit_service_start(struct service *service, const struct fault *loss)
{
	if (loss) {
		log_line(LOG_ERROR, "audit records were lost: %s", loss->sentence);
		tell(service, "LoseAuditRecords", NULL, NULL, loss);
	}
	tell(service, "StartService", "version", ONECLICK_VERSION, NULL);
}

void
audit_service_reload(
	struct service *service, const char *changed, const struct fault *why)
{
	tell(service, "ReloadSettings", "changed", changed, why);
}

void
audit_service_stop(struct service *service)
{
	tell(service, "StopService", NULL, NULL, NULL);
}
