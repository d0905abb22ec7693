/*
 * Intake: what messages of other makers' devices are read with.  Product profiles, the
 * secrets by which their HTTP senders prove themselves, and the friendly names gateways
 * gave their devices.
 *
 * The configuration's section:
 *
 *   profiles:
 *     directory: /etc/oneclick/profiles     more profiles, or ours replaced by name
 *     secrets: {soracom-button: /etc/oneclick/soracom.key}
 *
 * All of it is read anew when the configuration is; what is wrong then changes nothing.
 */
#ifndef ONECLICK_SERVICE_INTAKE_H
#define ONECLICK_SERVICE_INTAKE_H

#include "oneclick/service/counts.h"
#include "oneclick/service/ingest.h"
#include "oneclick/service/service.h"

enum {
	MESSAGE_MAX = 4 * 1024 * 1024, /* bytes; a gateway's list of devices is long */
	NAMES_MAX = 65536,             /* friendly names of all gateways */
	NAME_LENGTH_MAX = 256,         /* bytes of one */
};

struct intake;

/* Lives as long as ctx. The friendly names are read from the store, which must not have
 * been given to lanes yet. */
enum err intake_open(const void *ctx, const struct settings *settings,
	struct store *store, struct intake **out, struct fault *why);
/* While no job is under way. */
void intake_reload(struct service *service);
/* The section's check, as config.h has it. */
void intake_check(const void *ctx, const struct value *section, const struct value *file,
	struct config_check *check);

const struct profiles *intake_profiles(const struct intake *intake);
/* Whether the sender of an HTTP message is who the profile says it must be: ERR_FORBIDDEN
 * says why not.  By VERIFY_TOKEN, *token is what it showed, which is the device's to be
 * checked with each sighting. */
enum err intake_verify(const struct intake *intake, const struct profile *profile,
	enum profile_verify verify, const struct request *request, int64_t clock_skew,
	const char **token, struct fault *why);

/* ---- messages on their way into one transaction ---- */

struct haul_item {
	struct sighting saw;
	bool retained;
};

struct haul {
	struct intake *intake;
	struct haul_item *item;
	size_t count, room;
	struct counts *counts;
	uint64_t refused;      /* of all the messages, for a reason worth telling */
	struct fault last;     /* such reason */
	uint64_t taken, again; /* clicks stored, and those stored before */
};

struct haul *haul_new(const void *ctx, struct intake *intake);
/* On the loop: what is in it is added, and what is not is counted. */
void haul_add_report(struct haul *haul, const struct report *report);
void haul_add_message(struct haul *haul, const struct profile_message *message);
/* Whether some click among those after the first `count` has nothing by which it would be
 * known again; and to let go of those, which are. */
bool haul_has_keyless(const struct haul *haul, size_t count);
void haul_drop(struct haul *haul, size_t count);
/* The message was at fault, says `why`. */
void haul_refuse(struct haul *haul, const char *profile, const struct fault *why);
/* On the writer lane.  What is wrong with a sighting is counted and leaves the others
 * alone; a failure is the store's. */
enum err haul_store(struct haul *haul, struct tx *tx, const char *token,
	int64_t claim_window, int64_t now, struct fault *why);
/* On the loop, when that is committed or failed. */
void haul_settle(struct haul *haul, struct service *service, bool stored);

#endif
