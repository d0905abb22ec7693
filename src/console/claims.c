#include "oneclick/console/claims.h"

#include <string.h>
#include <utlist.h>

#include "app_parts.h"
#include "oneclick/api/page.h"
#include "oneclick/base/moment.h"
#include "oneclick/console/job.h"

enum { LOOK_AGE = 5000 /* ms */ };

static int
release(struct claims *claims)
{
	HASH_CLEAR(hh, claims->by_text);
	return 0;
}

struct claims *
claims_new(const void *ctx)
{
	struct claims *claims = mem_new(ctx, struct claims);

	edit_init(&claims->box, claims, 0);
	talloc_set_destructor(claims, release);
	return claims;
}

size_t
claims_count(const struct claims *claims, enum claim_step step)
{
	size_t count = 0;

	for (size_t i = 0; i < claims->count; i++)
		count += claims->claim[i]->step == step;
	return count;
}

bool
claims_are_waiting(const struct claims *claims)
{
	return claims_count(claims, CLAIM_WAITING) > 0;
}

bool
claims_are_queued(const struct claims *claims)
{
	return claims->queue != NULL;
}

/* ---- the batch ---- */

struct claim *
claims_find(const struct claims *claims, const char *text)
{
	struct claim *claim;

	HASH_FIND_STR(claims->by_text, text, claim);
	return claim;
}

/* The claim whose call this answers; NULL if it went, or made another call since. */
static struct claim *
find_caller(const struct claims *claims, const struct request *request)
{
	struct claim *claim = claims_find(claims, request->subject);

	return claim && claim->call == request->generation ? claim : NULL;
}

static void
set_step(struct claim *claim, enum claim_step step)
{
	claim->step = step;
	claim->since = moment_ticks();
}

static void
leave_queue(struct claims *claims, struct claim *claim)
{
	if (claim->step == CLAIM_QUEUED)
		DL_DELETE(claims->queue, claim);
}

/* What its device's event said already stands, whatever a call of ours was told. */
static void
refuse(struct app *app, struct claim *claim, const struct fault *why)
{
	if (claim->step == CLAIM_CLAIMED)
		return;
	set_step(claim, why->code == ERR_NOT_FOUND ? CLAIM_UNKNOWN : CLAIM_REFUSED);
	if (!claim->why)
		claim->why = mem_new(claim, struct fault);
	*claim->why = *why;
	app->claims->refused++;
	app_say(app, NOTICE_WARN, "%s: %s", claim->text, why->sentence);
}

static void
note_call(struct claims *claims, struct claim *claim, struct request *request)
{
	claim->call = request->generation = ++claims->calls;
}

static void
note_claimed(struct app *app, struct claim *claim)
{
	set_step(claim, CLAIM_CLAIMED);
	app_say(app, NOTICE_INFO, "%s is claimed", claim->text);
	facts_stale(app, claim->text);
	facts_want(app, OP_DESCRIBE_DEVICE, "", claim->text);
}

static void
take_finished(struct app *app, struct request *request, const struct answer *answer)
{
	struct claim *claim = find_caller(app->claims, request);

	if (!claim || claim->step == CLAIM_CLAIMED)
		return;
	if (answer->code == ERR_PRECONDITION) {
		set_step(claim, CLAIM_WAITING);
		app_say(app, NOTICE_INFO, "%s: no press has come in yet",
			request->subject);
	} else if (answer->code) {
		refuse(app, claim, &answer->why);
	} else {
		note_claimed(app, claim);
	}
}

static void
finish(struct app *app, struct claim *claim)
{
	struct ask ask;

	ask_init(&ask);
	ask.device_id = claim->text;
	set_step(claim, CLAIM_FINISHING);
	note_call(app->claims, claim,
		app_call(app, OP_FINALIZE_DEVICE_CLAIM, &ask, claim->text, take_finished,
			app->claims));
}

static void
note_started(struct app *app, struct claim *claim, const struct answer *answer)
{
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
	} else if (claim->step != CLAIM_CLAIMED) {
		set_step(claim, CLAIM_WAITING);
	}
}

static void send_some(struct app *app);

static void
take_started(struct app *app, struct request *request, const struct answer *answer)
{
	struct claim *claim = find_caller(app->claims, request);

	app->claims->flying--;
	if (claim)
		note_started(app, claim, answer);
	send_some(app);
}

static void
send_claim(struct app *app, struct claim *claim)
{
	struct claims *claims = app->claims;
	enum op op = claim->code ? OP_CLAIM_DEVICES_BY_CLAIM_CODE
				 : OP_INITIATE_DEVICE_CLAIM;
	struct ask ask;

	ask_init(&ask);
	ask.device_id = ask.claim_code = claim->text;
	claim->pressed = false;
	leave_queue(claims, claim);
	set_step(claim, CLAIM_STARTING);
	claims->flying++;
	claims->begun++;
	note_call(claims, claim,
		app_call(app, op, &ask, claim->text, take_started, claims));
}

/* Of a few claims each row tells; of many it is said in one line how they went. */
static void
say_begun(struct app *app)
{
	struct claims *claims = app->claims;

	if (claims->stopped)
		app_say(app, NOTICE_WARN,
			"Stopped: %zu claims begun, %zu refused; %zu not begun stand in "
			"the box again",
			claims->begun, claims->refused, claims->stopped);
	else if (claims->begun > JOB_AT_ONCE)
		app_say(app, claims->refused ? NOTICE_WARN : NOTICE_INFO,
			"%zu claims begun, %zu refused%s", claims->begun, claims->refused,
			claims->refused < claims->begun
				? "; press the button on each device"
				: "");
	claims->begun = claims->refused = claims->stopped = 0;
}

static void
send_some(struct app *app)
{
	struct claims *claims = app->claims;

	while (claims->queue && claims->flying < JOB_AT_ONCE)
		send_claim(app, claims->queue);
	if (!claims->flying)
		say_begun(app);
}

static void
enqueue(struct app *app, struct claim *claim)
{
	leave_queue(app->claims, claim);
	set_step(claim, CLAIM_QUEUED);
	DL_APPEND(app->claims->queue, claim);
	send_some(app);
}

static struct claim *
add_claim(struct claims *claims, const char *text)
{
	struct claim *claim = mem_new(claims, struct claim);

	if (claims->count == claims->room) {
		claims->room = claims->room ? claims->room * 2 : 16;
		claims->claim =
			mem_resize(claims, claims->claim, struct claim *, claims->room);
	}
	claims->claim[claims->count++] = claim;
	claim->text = mem_text(claim, text);
	claim->code = text[0] == 'C' && text[1] == '-';
	HASH_ADD_KEYPTR(
		hh, claims->by_text, claim->text, strlen(claim->text), claim);
	return claim;
}

/* Found, or added; NULL if the batch is full. */
static struct claim *
want_claim(struct claims *claims, const char *text)
{
	struct claim *claim = claims_find(claims, text);

	if (claim || claims->count == CLAIMS_MAX)
		return claim;
	return add_claim(claims, text);
}

/* What was claimed, and is still ours, is not claimed again; nor what is on its way. */
static bool
may_start(const struct app *app, const struct claim *claim)
{
	if (claim->step == CLAIM_CLAIMED)
		return devices_find(app->state, claim->text) == NO_ROW;
	return claim->step == CLAIM_READY || claim->step == CLAIM_REFUSED ||
	       claim->step == CLAIM_UNKNOWN;
}

bool
claims_start(struct app *app, const char *text)
{
	struct claim *claim = want_claim(app->claims, text);

	if (claim && may_start(app, claim))
		enqueue(app, claim);
	return claim != NULL;
}

void
claims_drop(struct claims *claims, struct claim *claim)
{
	size_t at = 0;

	while (claims->claim[at] != claim)
		at++;
	memmove(&claims->claim[at], &claims->claim[at + 1],
		(claims->count - at - 1) * sizeof(*claims->claim));
	claims->count--;
	leave_queue(claims, claim);
	HASH_DEL(claims->by_text, claim);
	mem_free(claim);
}

/* All of them in one pass: a batch may be long. */
static void
drop_queued(struct claims *claims)
{
	size_t kept = 0;

	for (size_t i = 0; i < claims->count; i++) {
		struct claim *claim = claims->claim[i];

		if (claim->step != CLAIM_QUEUED) {
			claims->claim[kept++] = claim;
			continue;
		}
		HASH_DEL(claims->by_text, claim);
		mem_free(claim);
	}
	claims->count = kept;
	claims->queue = NULL;
}

size_t
claims_stop(struct claims *claims)
{
	const struct claim *claim;
	struct buf text;
	size_t count = 0;

	buf_init(&text, claims, BUF_NO_CAP);
	buf_text(&text, claims->box.text);
	DL_FOREACH(claims->queue, claim)
	{
		buf_format(&text, "%s%s", text.len ? ", " : "", claim->text);
		count++;
	}
	if (count)
		edit_set(&claims->box, text.data);
	buf_release(&text);
	drop_queued(claims);
	claims->stopped += count;
	return count;
}

/* ---- devices heard that nobody claimed ---- */

/* What was ready and is not any more has been claimed elsewhere. */
static void
forget_ready(struct claims *claims)
{
	for (size_t i = claims->count; i-- > 0;)
		if (claims->claim[i]->step == CLAIM_READY &&
			claims->claim[i]->look != claims->looks)
			claims_drop(claims, claims->claim[i]);
}

/* New ones come last, so that no row moves away under a finger on Enter. */
static void
note_ready(struct claims *claims, const struct value *device)
{
	const char *id = text_safe_z(claims, value_text(device, "deviceId")).text;
	const char *profile = value_text(device, "profile");
	struct claim *claim = claims_find(claims, id);

	if (!claim) {
		claim = want_claim(claims, id);
		if (!claim)
			return;
		claim->by = text_safe_z(claim, profile ? profile : "").text;
		set_step(claim, CLAIM_READY);
	}
	claim->look = claims->looks;
}

static void take_ready(struct app *, struct request *, const struct answer *);

static void
ask_ready(struct app *app, const char *token)
{
	struct claims *claims = app->claims;
	struct buf query;

	buf_init(&query, NULL, BUF_NO_CAP);
	page_query(&query, token);
	app_extra(app, EXTRA_LIST_READY, query.data, NULL, "new devices", take_ready,
		claims)
		->generation = claims->looks;
	buf_release(&query);
}

static void
take_ready(struct app *app, struct request *request, const struct answer *answer)
{
	const struct value *list = value_get(answer->body, "devices");
	struct claims *claims = app->claims;
	const char *token;
	struct fault why;

	if (answer->code || request->generation != claims->looks)
		return;
	if (pages_take(&claims->pages, answer->body, "devices", &token, &why)) {
		app_say(app, NOTICE_ERROR, "%s", why.sentence);
		return;
	}
	for (size_t i = 0; i < list->count; i++)
		if (value_text(&list->item[i], "deviceId"))
			note_ready(claims, &list->item[i]);
	if (token) {
		ask_ready(app, token);
		return;
	}
	forget_ready(claims);
	claims->looked_at = moment_now();
}

void
claims_look(struct app *app)
{
	if (!app->ready)
		return;
	app->claims->looked_at = 0;
	app->claims->looks++;
	app->claims->pages = (struct pages){ 0 };
	ask_ready(app, NULL);
}

void
claims_look_again(struct app *app)
{
	int64_t at = app->claims->looked_at;

	if (app->pane->class->id == PANE_ONBOARD && at && moment_now() - at >= LOOK_AGE)
		claims_look(app);
}

/* ---- what is done to one ---- */

void
claims_retry(struct app *app, struct claim *claim)
{
	if (claim->step == CLAIM_WAITING)
		finish(app, claim);
	else if (may_start(app, claim))
		enqueue(app, claim);
	else
		app_say(app, NOTICE_INFO, "%s: %s", claim->text,
			claims_step_text(claim->step).text);
}

static void
take_registered(struct app *app, struct request *request, const struct answer *answer)
{
	struct claim *claim = find_caller(app->claims, request);

	if (!claim)
		return;
	if (answer->code)
		refuse(app, claim, &answer->why);
	else
		enqueue(app, claim);
}

void
claims_register(struct app *app, const char *id)
{
	struct claims *claims = app->claims;
	bool is_new = !claims_find(claims, id);
	struct claim *claim = want_claim(claims, id);
	struct request *request;

	if (!claim) {
		app_say(app, NOTICE_WARN, "A batch holds %d values; D drops a row",
			CLAIMS_MAX);
	} else if (claim->code) {
		app_say(app, NOTICE_WARN,
			"%s is a claim code; devices are registered by their IDs", id);
	} else if (!is_new && claim->step != CLAIM_UNKNOWN &&
		   claim->step != CLAIM_REFUSED) {
		app_say(app, NOTICE_INFO, "%s is known already: %s", id,
			claims_step_text(claim->step).text);
	} else {
		request = app_request(app, OP_NONE, id, take_registered, claims);
		set_step(claim, CLAIM_STARTING);
		note_call(claims, claim, request);
		app->port.know(app->port.arg, request, id);
	}
}

static void
note_unclaimed(struct app *app, struct claim *claim)
{
	struct fault why;

	set_step(claim, CLAIM_WAITING);
	fault(&why, ERR_PRECONDITION, "It was given up since; r claims it again.");
	refuse(app, claim, &why);
}

void
claims_heard(struct app *app, const struct event_row *event)
{
	struct claim *claim = claims_find(
		app->claims, words_text(app->state->words, event->device));
	bool click = event->kind < EVENT_KINDS &&
		     event_is_click((enum event_kind)event->kind);

	if (!claim)
		return;
	if (event->kind == EVENT_CLAIMED && claim->step != CLAIM_CLAIMED &&
		claim->step != CLAIM_FINISHING && claim->step != CLAIM_QUEUED)
		note_claimed(app, claim);
	else if (event->kind == EVENT_UNCLAIMED && claim->step == CLAIM_CLAIMED)
		note_unclaimed(app, claim);
	else if (click && claim->step == CLAIM_STARTING)
		claim->pressed = true;
	else if (click && claim->step == CLAIM_WAITING)
		finish(app, claim);
}

struct safe_text
claims_step_text(enum claim_step step)
{
	static const struct safe_text texts[] = {
		[CLAIM_READY] = { "[0/4] heard, not claimed" },
		[CLAIM_QUEUED] = { "[0/4] waits for its turn" },
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
	case CLAIM_QUEUED:
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
