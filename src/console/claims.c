#include "oneclick/console/claims.h"

#include <ctype.h>
#include <string.h>

#include "app_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/model/product.h"

enum { LOOK_AGE = 5000 /* ms */ };

struct claims *
claims_new(const void *ctx)
{
	struct claims *claims = mem_new(ctx, struct claims);

	edit_init(&claims->box, claims, 0);
	return claims;
}

size_t
claims_count(const struct claims *claims, enum claim_step step)
{
	size_t count = 0;

	for (size_t i = 0; i < claims->count; i++)
		count += claims->claim[i].step == step;
	return count;
}

bool
claims_are_waiting(const struct claims *claims)
{
	return claims_count(claims, CLAIM_WAITING) > 0;
}

/* ---- reading the box ---- */

static bool
is_code(const char *text)
{
	return text[0] == 'C' && text[1] == '-';
}

static void
check_entry(const void *ctx, struct claim_entry *entry)
{
	entry->code = is_code(entry->text);
	if (entry->code && !claim_code_is_well_formed(entry->text))
		entry->verdict = fault(&entry->why, ERR_INVALID,
			"%s is no claim code: C- and 10 to 38 letters, digits or -",
			entry->text);
	if (entry->code)
		return;
	entry->verdict = device_id_check(entry->text, &entry->why);
	if (!entry->verdict && product_of(entry->text))
		return;
	entry->mended = device_id_mend(ctx, entry->text);
	if (!entry->verdict && entry->mended)
		entry->verdict = fault(&entry->why, ERR_INVALID,
			"%s: O and 0, I and 1 are easily confused", entry->text);
}

static bool
is_new(const struct claim_entry *entry, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(entry[i].text, text) == 0)
			return false;
	return true;
}

struct claim_entry *
claims_read(const void *ctx, const char *text, size_t *count)
{
	struct claim_entry *entry = mem_array(ctx, struct claim_entry, CLAIMS_MAX);

	*count = 0;
	while (*count < CLAIMS_MAX) {
		size_t n;
		char *word;

		text += strspn(text, ", ;\t\r\n");
		n = strcspn(text, ", ;\t\r\n");
		if (!n)
			break;
		word = mem_textn(ctx, text, n);
		for (char *at = word; *at; at++)
			*at = (char)toupper((unsigned char)*at);
		text += n;
		if (!is_new(entry, *count, word))
			continue;
		entry[*count].text = text_safe_z(ctx, word).text;
		check_entry(ctx, &entry[(*count)++]);
	}
	return entry;
}

/* ---- the batch ---- */

static size_t
find_claim(const struct claims *claims, const char *text)
{
	for (size_t i = 0; i < claims->count; i++)
		if (strcmp(claims->claim[i].text, text) == 0)
			return i;
	return claims->count;
}

static void
set_step(struct claim *claim, enum claim_step step)
{
	claim->step = step;
	claim->since = moment_ticks();
}

static void
refuse(struct app *app, struct claim *claim, const struct fault *why)
{
	set_step(claim, why->code == ERR_NOT_FOUND ? CLAIM_UNKNOWN : CLAIM_REFUSED);
	claim->why = *why;
	app_say(app, NOTICE_WARN, "%s: %s", claim->text, why->sentence);
}

static void
take_finished(struct app *app, struct request *request, const struct answer *answer)
{
	struct claims *claims = app->claims;
	size_t at = find_claim(claims, request->subject);

	if (at == claims->count)
		return;
	if (answer->code == ERR_PRECONDITION) {
		set_step(&claims->claim[at], CLAIM_WAITING);
		app_say(app, NOTICE_INFO, "%s: no press has come in yet",
			request->subject);
	} else if (answer->code) {
		refuse(app, &claims->claim[at], &answer->why);
	} else {
		set_step(&claims->claim[at], CLAIM_CLAIMED);
		app_say(app, NOTICE_INFO, "%s is claimed", request->subject);
		facts_stale(app, request->subject);
		facts_want(app, OP_DESCRIBE_DEVICE, "", request->subject);
	}
}

static void
finish(struct app *app, struct claim *claim)
{
	struct ask ask;

	ask_init(&ask);
	ask.device_id = claim->text;
	set_step(claim, CLAIM_FINISHING);
	app_call(app, OP_FINALIZE_DEVICE_CLAIM, &ask, claim->text, take_finished,
		app->claims);
}

static void
take_started(struct app *app, struct request *request, const struct answer *answer)
{
	struct claims *claims = app->claims;
	size_t at = find_claim(claims, request->subject);
	struct claim *claim = &claims->claim[at];

	if (at == claims->count)
		return;
	if (answer->code) {
		refuse(app, claim, &answer->why);
	} else if (claim->code) {
		set_step(claim, CLAIM_CLAIMED);
		claim->total = value_int(answer->body, "total", 0);
		app_say(app, NOTICE_INFO, "Claim code accepted: %lld devices claimed",
			(long long)claim->total);
		load_devices(app);
	} else if (claim->pressed) {
		finish(app, claim);
	} else {
		set_step(claim, CLAIM_WAITING);
	}
}

static void
send_claim(struct app *app, struct claim *claim)
{
	struct ask ask;

	ask_init(&ask);
	ask.device_id = ask.claim_code = claim->text;
	claim->pressed = false;
	set_step(claim, CLAIM_STARTING);
	app_call(app,
		claim->code ? OP_CLAIM_DEVICES_BY_CLAIM_CODE : OP_INITIATE_DEVICE_CLAIM,
		&ask, claim->text, take_started, app->claims);
}

static struct claim *
add_claim(struct claims *claims, const char *text)
{
	struct claim *claim;

	if (claims->count == claims->room) {
		claims->room = claims->room ? claims->room * 2 : 16;
		claims->claim =
			mem_resize(claims, claims->claim, struct claim, claims->room);
	}
	claim = &claims->claim[claims->count++];
	*claim = (struct claim){ .text = mem_text(claims, text), .code = is_code(text) };
	return claim;
}

void
claims_start(struct app *app, const char *text)
{
	struct claims *claims = app->claims;
	size_t at = find_claim(claims, text);

	if (at == claims->count && claims->count == CLAIMS_MAX) {
		app_say(app, NOTICE_WARN, "A batch holds %d values; D drops a row",
			CLAIMS_MAX);
		return;
	}
	send_claim(
		app, at < claims->count ? &claims->claim[at] : add_claim(claims, text));
}

static bool
is_listed(const struct value *list, const char *id)
{
	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++) {
		const char *one = value_text(&list->item[i], "deviceId");

		if (one && strcmp(one, id) == 0)
			return true;
	}
	return false;
}

/* What was ready and is not any more has been claimed elsewhere. */
static void
forget_ready(struct claims *claims, const struct value *list)
{
	for (size_t i = claims->count; i-- > 0;)
		if (claims->claim[i].step == CLAIM_READY &&
			!is_listed(list, claims->claim[i].text))
			claims_drop(claims, i);
}

/* New ones come last, so that no row moves away under a finger on Enter. */
static void
take_ready(struct app *app, struct request *request, const struct answer *answer)
{
	const struct value *list = value_get(answer->body, "devices");
	struct claims *claims = app->claims;

	(void)request;
	claims->looked_at = answer->code ? 0 : moment_now();
	if (answer->code)
		return;
	forget_ready(claims, list);
	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++) {
		const char *id = value_text(&list->item[i], "deviceId");
		const char *profile = value_text(&list->item[i], "profile");
		struct claim *claim;

		if (!id || claims->count == CLAIMS_MAX ||
			find_claim(claims, text_safe_z(claims, id).text) < claims->count)
			continue;
		claim = add_claim(claims, text_safe_z(claims, id).text);
		claim->by = text_safe_z(claims, profile ? profile : "").text;
		set_step(claim, CLAIM_READY);
	}
}

void
claims_look(struct app *app)
{
	if (!app->ready)
		return;
	app->claims->looked_at = 0;
	app_extra(app, EXTRA_LIST_READY, "maxResults=250", NULL, "new devices",
		take_ready, app->claims);
}

void
claims_look_again(struct app *app)
{
	int64_t at = app->claims->looked_at;

	if (app->pane->class->id == PANE_ONBOARD && at && moment_now() - at >= LOOK_AGE)
		claims_look(app);
}

void
claims_retry(struct app *app, size_t at)
{
	struct claim *claim = &app->claims->claim[at];

	if (claim->step == CLAIM_WAITING)
		finish(app, claim);
	else if (claim->step == CLAIM_READY || claim->step == CLAIM_REFUSED ||
		 claim->step == CLAIM_UNKNOWN)
		send_claim(app, claim);
}

static void
take_registered(struct app *app, struct request *request, const struct answer *answer)
{
	size_t at = find_claim(app->claims, request->subject);

	if (at == app->claims->count)
		return;
	if (answer->code)
		refuse(app, &app->claims->claim[at], &answer->why);
	else
		send_claim(app, &app->claims->claim[at]);
}

void
claims_register(struct app *app, const char *id)
{
	struct request *request =
		app_request(app, OP_NONE, id, take_registered, app->claims);

	if (find_claim(app->claims, id) == app->claims->count)
		add_claim(app->claims, id);
	set_step(&app->claims->claim[find_claim(app->claims, id)], CLAIM_STARTING);
	app->port.know(app->port.arg, request, id);
}

void
claims_heard(struct app *app, const struct event_row *event)
{
	struct claims *claims = app->claims;
	size_t at = find_claim(claims, words_text(app->state->words, event->device));
	struct claim *claim = &claims->claim[at];

	if (at == claims->count || event->kind == EVENT_KINDS ||
		!event_is_click((enum event_kind)event->kind))
		return;
	if (claim->step == CLAIM_STARTING)
		claim->pressed = true;
	if (claim->step == CLAIM_WAITING)
		finish(app, claim);
}

void
claims_drop(struct claims *claims, size_t at)
{
	memmove(&claims->claim[at], &claims->claim[at + 1],
		(claims->count - at - 1) * sizeof(*claims->claim));
	claims->count--;
}

struct safe_text
claims_step_text(enum claim_step step)
{
	static const struct safe_text texts[] = {
		[CLAIM_READY] = { "[0/4] heard, not claimed" },
		[CLAIM_STARTING] = { "[1/4] starting the claim" },
		[CLAIM_WAITING] = { "[2/4] waiting for a press" },
		[CLAIM_FINISHING] = { "[3/4] pressed, finishing" },
		[CLAIM_CLAIMED] = { "[4/4] claimed" },
		[CLAIM_REFUSED] = { "[!  ] refused" },
		[CLAIM_UNKNOWN] = { "[!  ] not known" },
	};

	return texts[step];
}

struct safe_text
claims_next_text(const struct claim *claim, bool local)
{
	switch (claim->step) {
	case CLAIM_READY:
		return SAFE("Enter = claim");
	case CLAIM_STARTING:
	case CLAIM_FINISHING:
		return SAFE("-");
	case CLAIM_WAITING:
		return local ? SAFE("press it, or b") : SAFE("press it");
	case CLAIM_CLAIMED:
		return SAFE("d = Done");
	case CLAIM_REFUSED:
		return SAFE("Enter = why, r = retry");
	case CLAIM_UNKNOWN:
		return local ? SAFE("R = register it") : SAFE("Enter = why, r = retry");
	}
	return SAFE("");
}
