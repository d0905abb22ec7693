#include "cloudtrail.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cloudtrail_record.h"
#include "oneclick/api/page.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/store/audit.h"

enum {
	RESULTS_MAX = 50,
	LOOK_MAX = 2000,   /* records at one call */
	PARSE_MAX = 500,   /* of them, taken apart */
	SLACK = 60 * 1000, /* ms: records of reads are written behind their requests */
};

#define DAY (INT64_C(24) * 60 * 60 * 1000)
#define SHOWN_FOR (90 * DAY)

struct lookup {
	struct extra_call *call;
	struct json j;
	const char *key, *value; /* of the attribute; NULL: none */
	const char *needle;      /* what a record with the value has in it; NULL: any */
	int64_t from, to;        /* moments, both included, in whole seconds */
	int64_t left;            /* results that still fit */
	int looked, parsed;
	int64_t last; /* position of the record last looked at */
	bool more;
};

/* ---- what was asked ---- */

static enum err
read_attribute(struct lookup *l, struct fault *why)
{
	const struct value *list = value_get(l->call->body, "LookupAttributes");
	struct buf needle;
	struct json j;

	if (!list || list->kind == VALUE_NULL || list->count == 0)
		return ERR_NONE;
	if (list->kind != VALUE_LIST || list->count != 1)
		return fault(why, ERR_INVALID, "LookupAttributes takes one attribute.");
	l->key = value_text(&list->item[0], "AttributeKey");
	l->value = value_text(&list->item[0], "AttributeValue");
	if (!l->key || !l->value || !record_has_key(l->key))
		return fault(why, ERR_INVALID,
			"A lookup attribute has an AttributeKey (EventId, EventName, "
			"ReadOnly, Username, ResourceType, ResourceName, EventSource or "
			"AccessKeyId) and an AttributeValue.");
	if (strcmp(l->key, "ReadOnly") == 0 || strcmp(l->key, "ResourceType") == 0)
		return ERR_NONE;
	buf_init(&needle, l->call->ctx, BUF_NO_CAP);
	j = json_to(&needle);
	json_text(&j, l->value);
	l->needle = needle.data;
	return ERR_NONE;
}

/* Seconds since 1970, whole or not, or a text. */
static enum err
read_moment(const struct lookup *l, const char *name, int64_t *out, struct fault *why)
{
	const struct value *at = value_get(l->call->body, name);
	double seconds;

	if (!at || at->kind == VALUE_NULL)
		return ERR_NONE;
	if (at->kind == VALUE_TEXT && moment_from_iso(at->text, out))
		return ERR_NONE;
	seconds = value_number(l->call->body, name, -1);
	if (at->kind == VALUE_INT)
		seconds = (double)at->whole;
	if (!(seconds >= 0 && seconds < 253402300800.0))
		return fault(why, ERR_CONFLICT, "%s takes a time, in seconds since 1970.",
			name);
	*out = (int64_t)floor(seconds) * 1000;
	return ERR_NONE;
}

static enum err
read_asked(struct lookup *l, struct fault *why)
{
	const struct value *max = value_get(l->call->body, "MaxResults");
	const char *category = value_text(l->call->body, "EventCategory");
	enum err err = read_attribute(l, why);

	l->from = l->call->now - SHOWN_FOR;
	l->to = l->call->now + SLACK;
	if (!err)
		err = read_moment(l, "StartTime", &l->from, why);
	if (!err)
		err = read_moment(l, "EndTime", &l->to, why);
	if (err)
		return err;
	if (l->from > l->to)
		return fault(why, ERR_CONFLICT, "StartTime must not be after EndTime.");
	if (category)
		return fault(why, ERR_INVALID,
			"There are no insight events here; leave EventCategory out.");
	l->left = value_int(l->call->body, "MaxResults", RESULTS_MAX);
	if (l->left < 1 || l->left > RESULTS_MAX || (max && max->kind != VALUE_INT))
		return fault(
			why, ERR_PRECONDITION, "MaxResults takes 1 to %d.", RESULTS_MAX);
	return ERR_NONE;
}

/* A token is tied to the account and the attribute. */
static const char *
word_query(const struct lookup *l)
{
	return mem_format(l->call->ctx, "LookupEvents %s %s %s",
		l->call->principal->account, l->key ? l->key : "",
		l->value ? l->value : "");
}

/* Where to begin: after the page before, or at the end of the time asked for. */
static enum err
find_before(struct lookup *l, const char *query, int64_t *out, struct fault *why)
{
	const char *token = value_text(l->call->body, "NextToken"), *before;
	enum err err;

	if (!token)
		return audit_seek(l->call->tx, l->to + SLACK, out, why);
	err = page_token_read(
		l->call->ctx, l->call->secret, query, token, ERR_RANGE, &before, why);
	if (!err)
		*out = strtoll(before, NULL, 10);
	return err;
}

/* ---- looking ---- */

/* Whole seconds, as the records say them. */
static bool
is_in_time(const struct lookup *l, int64_t at)
{
	return at / 1000 >= l->from / 1000 && at / 1000 <= l->to / 1000;
}

/* One that cannot be taken apart is shown as it is. */
static void
show(struct lookup *l, int64_t at, const char *json)
{
	void *life = mem_life(NULL);
	struct record record;

	l->parsed++;
	if (record_of(life, json, &record, NULL))
		record = (struct record){ 0 };
	if (!l->key || record_matches(&record, l->key, l->value)) {
		record_write(&l->j, &record, at, json);
		l->left--;
	}
	mem_free(life);
}

/* Stops before what does not fit, and where all that follows is too old. */
static bool
look(void *arg, int64_t pos, int64_t at, const char *json)
{
	struct lookup *l = arg;

	if (at < l->from - SLACK)
		return false;
	if (l->left == 0 || l->parsed == PARSE_MAX || l->looked == LOOK_MAX) {
		l->more = true;
		return false;
	}
	l->looked++;
	l->last = pos;
	if (!is_in_time(l, at) || (l->needle && !strstr(json, l->needle)))
		return true;
	show(l, at, json);
	return true;
}

enum err
handle_LookupEvents(struct extra_call *call, struct fault *why)
{
	struct lookup l = { .call = call, .j = json_to(call->out) };
	const char *query;
	int64_t before = 0;
	enum err err = read_asked(&l, why);

	if (err)
		return err;
	query = word_query(&l);
	err = find_before(&l, query, &before, why);
	if (err)
		return err;
	call->type = "application/x-amz-json-1.1";
	json_open(&l.j, '{');
	json_key(&l.j, "Events");
	json_open(&l.j, '[');
	err = audit_list(
		call->tx, call->principal->account, before, LOOK_MAX + 1, look, &l, why);
	json_close(&l.j, ']');
	if (l.more)
		json_member_text(&l.j, "NextToken",
			page_token_make(call->ctx, call->secret, query,
				mem_format(call->ctx, "%lld", (long long)l.last)));
	json_close(&l.j, '}');
	return err;
}
