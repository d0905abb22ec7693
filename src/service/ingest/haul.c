#include "intake.h"
#include "oneclick/base/mem.h"

struct haul *
haul_new(const void *ctx, struct intake *intake)
{
	struct haul *haul = mem_new(ctx, struct haul);

	haul->intake = intake;
	haul->counts = counts_new(haul);
	return haul;
}

static void
add(struct haul *haul, const struct sighting *saw, bool retained)
{
	if (haul->count == haul->room) {
		haul->room = haul->room ? haul->room * 2 : 8;
		haul->item = mem_resize(haul, haul->item, struct haul_item, haul->room);
	}
	haul->item[haul->count++] =
		(struct haul_item){ .saw = *saw, .retained = retained };
}

static const char *
name_of(const struct sighting *saw)
{
	return saw->profile ? profile_name(saw->profile) : COUNTS_OWN;
}

static void
refuse(struct haul *haul, const char *profile, enum ingest_result result,
	const struct fault *why)
{
	counts_add(haul->counts, profile, result);
	haul->refused++;
	haul->last = *why;
}

void
haul_refuse(struct haul *haul, const char *profile, const struct fault *why)
{
	refuse(haul, profile, INGEST_UNREADABLE, why);
}

void
haul_add_report(struct haul *haul, const struct report *report)
{
	const struct sighting saw = report_sighting(haul, report);

	add(haul, &saw, false);
}

/* ---- messages of profiles ---- */

struct reading {
	struct haul *haul;
	const struct profile_message *message;
};

/* A name known already needs no write; gateways tell all of theirs again and again. */
static bool
is_news(struct haul *haul, const struct sighting *saw)
{
	bool is_new = false;
	struct fault why;

	if (names_set(haul->intake->names, name_of(saw), saw->alias_from, saw->alias_to,
		    &is_new, &why) != ERR_NONE)
		haul_refuse(haul, name_of(saw), &why);
	return is_new;
}

static void
take_sighting(void *arg, const struct sighting *saw)
{
	struct reading *reading = arg;

	if (saw->device_id || is_news(reading->haul, saw))
		add(reading->haul, saw, reading->message->retained);
}

static const char *
find_name(void *arg, const char *profile, const char *name)
{
	const struct reading *reading = arg;

	return names_get(reading->haul->intake->names, profile, name);
}

static enum err
read_message(struct haul *haul, const struct profile_message *message, struct fault *why)
{
	int matched;
	struct reading reading = { haul, message };
	const struct profile_reader reader = { take_sighting, find_name, &reading };

	if (message->size > MESSAGE_MAX)
		return fault(why, ERR_INVALID,
			"The message has %zu bytes; at most %d are taken.", message->size,
			MESSAGE_MAX);
	return profiles_read(
		haul->intake->kit->profiles, haul, message, &reader, &matched, why);
}

void
haul_add_message(struct haul *haul, const struct profile_message *message)
{
	size_t before = haul->count;
	struct fault why;

	if (read_message(haul, message, &why) != ERR_NONE) {
		fault_at(&why, why.code, "%.80s", message->topic);
		haul_refuse(haul, COUNTS_NONE, &why);
	} else if (haul->count == before) {
		counts_add(haul->counts, COUNTS_NONE,
			message->retained ? INGEST_RETAINED : INGEST_UNMAPPED);
	}
}

bool
haul_has_keyless(const struct haul *haul, size_t count)
{
	for (size_t i = count; i < haul->count; i++)
		if (haul->item[i].saw.is_click && !haul->item[i].saw.key)
			return true;
	return false;
}

void
haul_drop(struct haul *haul, size_t count)
{
	for (size_t i = count; i < haul->count; i++)
		counts_add(haul->counts, name_of(&haul->item[i].saw), INGEST_DUPLICATE);
	haul->count = count;
}

/* ---- on the lane ---- */

static bool
is_at_fault(enum err err)
{
	return err == ERR_INVALID || err == ERR_NOT_FOUND || err == ERR_FORBIDDEN;
}

/* A gateway tells of everything it has; only an unknown device that was pressed is worth
 * a line. */
static void
count_fault(struct haul *haul, const struct sighting *saw, const struct fault *why)
{
	enum ingest_result result =
		why->code == ERR_NOT_FOUND ? INGEST_UNKNOWN : INGEST_UNREADABLE;

	if (saw->is_click || result != INGEST_UNKNOWN)
		refuse(haul, name_of(saw), result, why);
	else
		counts_add(haul->counts, name_of(saw), result);
}

static enum err
store_item(struct haul *haul, struct tx *tx, const struct sighting *saw,
	const struct ingest_terms *terms, struct fault *why)
{
	struct event event;
	enum ingest_result result;
	enum err err = ingest_see(tx, haul, saw, terms, &event, &result, why);

	if (err != ERR_NONE && !is_at_fault(err))
		return err;
	if (err != ERR_NONE) {
		count_fault(haul, saw, why);
		return ERR_NONE;
	}
	counts_add(haul->counts, name_of(saw), result);
	haul->taken += result == INGEST_TAKEN;
	haul->again += result == INGEST_DUPLICATE;
	return ERR_NONE;
}

enum err
haul_store(struct haul *haul, struct tx *tx, const char *token, int64_t claim_window,
	int64_t now, struct fault *why)
{
	struct ingest_terms terms = {
		.token = token, .claim_window = claim_window, .now = now
	};
	struct fault inner;
	enum err err = ERR_NONE;

	for (size_t i = 0; err == ERR_NONE && i < haul->count; i++) {
		terms.retained = haul->item[i].retained;
		err = store_item(haul, tx, &haul->item[i].saw, &terms, &inner);
	}
	return err == ERR_NONE ? err : fault(why, err, "%s", inner.sentence);
}

/* ---- on the loop again ---- */

/* What was not stored comes again, and must be news again then. */
static void
forget_names(struct haul *haul)
{
	for (size_t i = 0; i < haul->count; i++) {
		const struct sighting *saw = &haul->item[i].saw;

		if (!saw->device_id)
			names_forget(haul->intake->names, name_of(saw), saw->alias_from);
	}
}

void
haul_settle(struct haul *haul, struct service *service, bool stored)
{
	if (!stored) {
		forget_names(haul);
		return;
	}
	counts_merge(service->counts, haul->counts);
	if (haul->count > 0)
		hub_tell(service->hub);
}
