#include <string.h>

#include "inside.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/json.h"
#include "oneclick/data/number.h"

enum { SAMPLES_MAX = 256, EXPECTED_MAX = 64 };

static const char nothing[] = "nothing", refused[] = "refused";

/* The samples of one profile, in their order: names that one tells are known to the next.
 */
struct trial {
	struct reading *r;
	const struct profiles *alone;
	struct pairs *names;
	const char *field; /* "samples[0]" */
	struct buf *got;   /* what the sample gave, as text */
	const struct value *expect;
	size_t seen;
};

static const char *
find_name(void *arg, const char *profile, const char *name)
{
	const struct trial *trial = arg;

	(void)profile;
	return pairs_get(trial->names, name);
}

/* ---- sightings as text, to be compared and to be shown ---- */

/* The key is compared only where the sample tells one. */
static void
write_sighting(struct buf *out, const struct sighting *seen, bool with_key)
{
	char number[NUMBER_SIZE], iso[MOMENT_ISO_SIZE];

	if (out->len)
		buf_text(out, "; ");
	if (seen->alias_from) {
		buf_format(out, "alias %s to %s", seen->alias_from, seen->alias_to);
		return;
	}
	buf_format(out, "deviceId %s", seen->device_id ? seen->device_id : "missing");
	if (seen->is_click)
		buf_format(out, ", clickType %s", event_kind_name(seen->kind));
	if (seen->life >= 0) {
		number_write(seen->life, number);
		buf_format(out, ", remainingLife %s", number);
	}
	if (seen->online >= 0)
		buf_format(out, ", online %s", seen->online ? "true" : "false");
	if (seen->reported_at) {
		moment_to_iso(seen->reported_at, iso);
		buf_format(out, ", reportedTime %s", iso);
	}
	if (with_key && seen->key)
		buf_format(out, ", key %s", seen->key);
}

static const struct value *
find_expected(const struct trial *trial, size_t i)
{
	const struct value *expect = trial->expect;

	if (expect->kind != VALUE_LIST)
		return i == 0 ? expect : NULL;
	return i < expect->count ? &expect->item[i] : NULL;
}

static void
take_sighting(void *arg, const struct sighting *seen)
{
	struct trial *trial = arg;
	const struct value *expected = find_expected(trial, trial->seen++);

	if (seen->alias_from)
		pairs_set(trial->names, seen->alias_from, seen->alias_to);
	write_sighting(trial->got, seen, value_get(expected, "key") != NULL);
}

/* ---- what is expected ---- */

static enum err
read_life(const struct trial *trial, const struct value *map, struct sighting *out)
{
	out->life = value_number(map, "remainingLife", -1);
	if (!value_get(map, "remainingLife") || (out->life >= 0 && out->life <= 100))
		return ERR_NONE;
	return refuse_at(trial->r, value_get(map, "remainingLife"), trial->field,
		"remainingLife is a number from 0 to 100");
}

static enum err
read_click(const struct trial *trial, const struct value *map, struct sighting *out)
{
	static const char *const clicks[] = { "SINGLE", "DOUBLE", "LONG" };
	unsigned which = 3;
	enum err err =
		read_word(trial->r, map, trial->field, "clickType", clicks, 3, &which);

	out->is_click = which < 3;
	if (out->is_click)
		event_kind_from_name(clicks[which], &out->kind);
	return err;
}

static enum err
read_rest(const struct trial *trial, const struct value *map, struct sighting *out)
{
	const struct value *online = value_get(map, "online");
	const struct value *at = value_get(map, "reportedTime");

	if (online && online->kind != VALUE_BOOL)
		return refuse_at(
			trial->r, online, trial->field, "online is true or false");
	out->online = online ? online->yes : -1;
	if (at &&
		(at->kind != VALUE_TEXT || !moment_from_iso(at->text, &out->reported_at)))
		return refuse_at(trial->r, at, trial->field,
			"reportedTime is a time like 2026-05-14T09:30:00Z");
	return ERR_NONE;
}

static enum err
read_expected(const struct trial *trial, const struct value *map, struct buf *out)
{
	static const char *const keys[] = { "deviceId", "clickType", "remainingLife",
		"online", "reportedTime", "key", "alias", "to" };
	const struct reading *r = trial->r;
	struct sighting seen = { .life = -1, .online = -1 };
	enum err err =
		check_keys(r, map, trial->field, keys, sizeof(keys) / sizeof(*keys));

	if (!err)
		err = read_text(r, map, trial->field, "deviceId", &seen.device_id);
	if (!err)
		err = read_text(r, map, trial->field, "key", &seen.key);
	if (!err)
		err = read_text(r, map, trial->field, "alias", &seen.alias_from);
	if (!err)
		err = read_text(r, map, trial->field, "to", &seen.alias_to);
	if (!err)
		err = read_click(trial, map, &seen);
	if (!err)
		err = read_life(trial, map, &seen);
	if (!err)
		err = read_rest(trial, map, &seen);
	if (!err && !seen.alias_from != !seen.alias_to)
		return refuse_at(r, map, trial->field, "alias and to go together");
	if (!err)
		write_sighting(out, &seen, true);
	return err;
}

static enum err
read_expectation(const struct trial *trial, struct buf *out)
{
	const struct value *expect = trial->expect;
	bool listed = expect->kind == VALUE_LIST;
	enum err err =
		listed ? check_list(trial->r, expect, trial->field, 1, EXPECTED_MAX)
		       : ERR_NONE;

	if (expect->kind == VALUE_TEXT &&
		(!strcmp(expect->text, nothing) || !strcmp(expect->text, refused)))
		return ERR_NONE;
	if (!listed && expect->kind != VALUE_MAP)
		return refuse_at(trial->r, expect, trial->field,
			"expect is {deviceId: ..., clickType: ...}, a list of such, "
			"nothing or "
			"refused");
	for (size_t i = 0; !err && i < (listed ? expect->count : 1); i++)
		err = read_expected(trial, find_expected(trial, i), out);
	return err;
}

/* ---- one sample ---- */

static enum err
read_payload(
	const struct trial *trial, const struct value *map, struct profile_message *out)
{
	const struct value *at = value_get(map, "payload");
	struct buf text;
	struct json j;

	if (!at)
		return refuse_at(trial->r, map, trial->field, "payload is missing");
	buf_init(&text, trial->got->ctx, BUF_NO_CAP);
	j = json_to(&text);
	if (at->kind == VALUE_TEXT)
		buf_text(&text, at->text);
	else if (at->kind != VALUE_NULL)
		json_value(&j, at);
	out->payload = text.data;
	out->size = text.len;
	return ERR_NONE;
}

static enum err
read_headers(
	const struct trial *trial, const struct value *map, struct profile_message *out)
{
	const struct value *at = value_get(map, "headers");

	if (!at)
		return ERR_NONE;
	out->headers = value_pairs(trial->got->ctx, at);
	for (size_t i = 0; out->headers && i < out->headers->count; i++)
		if (strpbrk(out->headers->row[i].key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
			return refuse_at(trial->r, at, trial->field,
				"names of headers are written in small letters");
	if (out->headers && out->via == VIA_HTTP)
		return ERR_NONE;
	return refuse_at(trial->r, at, trial->field,
		"headers are texts in a map, and go with path");
}

static enum err
read_message(
	const struct trial *trial, const struct value *map, struct profile_message *out)
{
	static const char *const keys[] = { "topic", "path", "payload", "retained",
		"headers", "expect" };
	const struct reading *r = trial->r;
	const struct value *retained = value_get(map, "retained");
	const char *topic, *path;
	enum err err =
		check_keys(r, map, trial->field, keys, sizeof(keys) / sizeof(*keys));

	if (!err)
		err = read_text(r, map, trial->field, "topic", &topic);
	if (!err)
		err = read_text(r, map, trial->field, "path", &path);
	if (!err && !topic == !path)
		return refuse_at(r, map, trial->field, "topic or path is needed");
	if (err)
		return err;
	*out = (struct profile_message){ .via = topic ? VIA_MQTT : VIA_HTTP,
		.topic = topic ? topic : path };
	if (retained && (retained->kind != VALUE_BOOL || path))
		return refuse_at(r, retained, trial->field,
			"retained is true or false, and goes with topic");
	out->retained = retained && retained->yes;
	err = read_payload(trial, map, out);
	return err ? err : read_headers(trial, map, out);
}

static enum err
compare(const struct trial *trial, const struct value *map, const char *expected,
	enum err result, const struct fault *why)
{
	bool wants_refusal = trial->expect->kind == VALUE_TEXT &&
			     !strcmp(trial->expect->text, refused);
	const char *got = trial->got->len ? trial->got->data : nothing;

	if (result && !wants_refusal)
		return refuse_at(
			trial->r, map, trial->field, "it is refused: %s", why->sentence);
	if (!result && wants_refusal)
		return refuse_at(trial->r, map, trial->field,
			"it should be refused, and gives %s", got);
	if (wants_refusal || !strcmp(*expected ? expected : nothing, got))
		return ERR_NONE;
	return refuse_at(trial->r, map, trial->field, "it gives %s; expected was %s", got,
		*expected ? expected : nothing);
}

static enum err
try_sample(struct trial *trial, const struct value *map)
{
	void *life = mem_life(trial->r->ctx);
	const struct profile_reader reader = {
		.saw = take_sighting, .alias = find_name, .arg = trial
	};
	struct profile_message message;
	struct buf got, expected;
	struct fault why;
	int matched;
	enum err err, result;

	buf_init(&got, life, BUF_NO_CAP);
	buf_init(&expected, life, BUF_NO_CAP);
	trial->got = &got;
	trial->seen = 0;
	err = read_message(trial, map, &message);
	trial->expect = value_get(map, "expect");
	if (!err && !trial->expect)
		err = refuse_at(trial->r, map, trial->field, "expect is missing");
	if (!err)
		err = read_expectation(trial, &expected);
	if (!err) {
		result = profiles_read(
			trial->alone, life, &message, &reader, &matched, &why);
		err = compare(trial, map, expected.data, result, &why);
	}
	mem_free(life);
	return err;
}

enum err
samples_check(
	struct reading *r, const struct profiles *alone, const struct value *samples)
{
	struct trial trial = { .r = r, .alone = alone, .names = pairs_new(r->ctx) };
	enum err err = check_list(r, samples, "samples", 1, SAMPLES_MAX);

	for (size_t i = 0; !err && i < samples->count; i++) {
		trial.field = mem_format(r->ctx, "samples[%zu]", i);
		err = try_sample(&trial, &samples->item[i]);
	}
	mem_free(trial.names);
	return err;
}
