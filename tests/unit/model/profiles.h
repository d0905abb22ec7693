/* What the tests of profiles stand on: profiles written in a line, messages read, and what
 * came of it as text. */
#ifndef TESTS_UNIT_MODEL_PROFILES_H
#define TESTS_UNIT_MODEL_PROFILES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/model/profile.h"

/* A life and a directory of its own; the files in it. */
struct place {
	void *life;
	char dir[32];
	struct pairs *names; /* aliases that are known */
};

static inline int
begin(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	place->life = mem_life(NULL);
	place->names = pairs_new(place->life);
	strcpy(place->dir, "/tmp/oneclick-test-XXXXXX");
	assert_non_null(mkdtemp(place->dir));
	*state = place;
	return 0;
}

static inline int
end(void **state)
{
	struct place *place = *state;
	char *command = mem_format(place->life, "rm -r %s", place->dir);

	assert_int_equal(system(command), 0);
	mem_free(place->life);
	free(place);
	return 0;
}

static inline const char *
write_bytes(struct place *place, const char *name, const char *text, size_t n)
{
	char *path = mem_format(place->life, "%s/%s", place->dir, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
	return path;
}

static inline const char *
write_file(struct place *place, const char *name, const char *text)
{
	return write_bytes(place, name, text, strlen(text));
}

/* A whole profile around these messages, in YAML's flow style. */
static inline const char *
wrap(struct place *place, const char *messages)
{
	return mem_format(place->life,
		"profile: test\nidPrefix: TEST\nmessages: [%s]\n"
		"samples: [{topic: none/of/these, payload: '', expect: nothing}]\n",
		messages);
}

/* The set of one file with this text, or NULL and the sentence less the file's path and
 * colon. */
static inline const struct profiles *
load(struct place *place, const char *text, struct fault *why)
{
	const char *path = write_file(place, "p.yaml", text);
	struct profiles *profiles = NULL;

	if (!profiles_load_file(place->life, path, &profiles, why)) {
		assert_int_equal(profiles_count(profiles), 1);
		return profiles;
	}
	assert_int_equal(why->code, ERR_INVALID);
	assert_null(profiles);
	assert_memory_equal(why->sentence, path, strlen(path));
	memmove(why->sentence, why->sentence + strlen(path) + 1,
		strlen(why->sentence) - strlen(path));
	return NULL;
}

/* The sentence, which must tell where; NULL when the profile is taken. */
static inline const char *
refusal(struct place *place, const char *text)
{
	struct fault *why = mem_new(place->life, struct fault);
	int line, column, used = 0;

	if (load(place, text, why))
		return NULL;
	assert_int_equal(sscanf(why->sentence, "%d:%d: %n", &line, &column, &used), 2);
	assert_true(line > 0 && column > 0 && used > 0);
	return why->sentence + used;
}

struct ear {
	struct buf heard;
	struct place *place;
};

static inline void
hear(void *arg, const struct sighting *seen)
{
	struct buf *out = &((struct ear *)arg)->heard;
	char iso[MOMENT_ISO_SIZE];

	if (out->len)
		buf_text(out, "; ");
	if (seen->alias_from)
		buf_format(out, "%s = %s", seen->alias_from, seen->alias_to);
	else
		buf_text(out, seen->device_id);
	if (seen->is_click)
		buf_format(out, " %s", event_kind_name(seen->kind));
	if (seen->life >= 0)
		buf_format(out, " %g%%", seen->life);
	if (seen->online >= 0)
		buf_text(out, seen->online ? " online" : " offline");
	if (seen->reported_at) {
		moment_to_iso(seen->reported_at, iso);
		buf_format(out, " at %s", iso);
	}
	if (seen->key)
		buf_format(out, " key %s %lld", seen->key, (long long)seen->window);
}

static inline const char *
know(void *arg, const char *profile, const char *name)
{
	const struct ear *ear = arg;

	assert_string_equal(profile, "test");
	return pairs_get(ear->place->names, name);
}

/* All that came of the message, then "! " and the sentence if there is one. */
static inline const char *
read_message(struct place *place, const struct profiles *profiles,
	const struct profile_message *message, int *matched)
{
	struct ear ear = { .place = place };
	struct profile_reader reader = { .saw = hear, .alias = know, .arg = &ear };
	struct fault why;

	buf_init(&ear.heard, place->life, BUF_NO_CAP);
	if (profiles_read(profiles, place->life, message, &reader, matched, &why)) {
		assert_int_equal(why.code, ERR_INVALID);
		buf_format(&ear.heard, "! %s", why.sentence);
	}
	return ear.heard.data;
}

static inline const char *
read_text(struct place *place, const struct profiles *profiles, const char *topic,
	const char *payload)
{
	struct profile_message message = {
		.topic = topic, .payload = payload, .size = strlen(payload)
	};
	int matched;

	return read_message(place, profiles, &message, &matched);
}

/* Messages of a profile, one that comes, and what is heard. */
struct reading {
	const char *messages, *topic, *payload, *result;
};

static inline void
expect_heard(struct place *place, const struct reading *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct fault why;
		const struct profiles *profiles =
			load(place, wrap(place, rows[i].messages), &why);

		if (!profiles)
			fail_msg("%s: %s", rows[i].messages, why.sentence);
		assert_string_equal(
			read_text(place, profiles, rows[i].topic, rows[i].payload),
			rows[i].result);
	}
}
#define EXPECT(place, rows) expect_heard(place, rows, sizeof(rows) / sizeof(*(rows)))

#endif
