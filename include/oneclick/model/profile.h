/*
 * Product profiles: how the messages of other makers' buttons are read.  A profile is one
 * YAML file, compiled at load to tables of rows and patterns; no expressions, no scripts.
 * It carries its own sample messages, and one whose samples fail is refused with file,
 * line and field.  Those that lie in profiles/ are compiled in; a directory of the
 * operator's adds to them, or replaces one by its name.  The language is told in
 * profiles/README.md.
 *
 * A message goes in, sightings come out: what it says of which device.  Nothing here knows
 * whether a device is registered, or whether the message came before.
 */
#ifndef ONECLICK_MODEL_PROFILE_H
#define ONECLICK_MODEL_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/pairs.h"
#include "oneclick/model/event.h"

enum profile_via { VIA_MQTT, VIA_HTTP };

struct profile_message {
	enum profile_via via;
	const char *topic; /* of MQTT; the path of HTTP, as "/ingest/soracom" */
	const char *payload;
	size_t size;
	bool retained;
	const struct pairs *headers; /* of HTTP, names in lower case; NULL of MQTT */
};

/* How the sender of an HTTP message proves who it is. */
enum profile_verify { VERIFY_TOKEN, VERIFY_BEARER, VERIFY_BASIC, VERIFY_SORACOM_BEAM };

struct profile; /* one product */
const char *profile_name(const struct profile *profile);
const char *profile_origin(const struct profile *profile); /* "built-in", or its file */
bool profile_registers(const struct profile *profile);     /* register: auto */
/* 0 when the product reports its life and names no rating. */
int profile_rated_clicks(const struct profile *profile);
size_t profile_messages(const struct profile *profile); /* its rows */
size_t profile_samples(const struct profile *profile);

/* One thing a message says.  Texts live as long as the ctx it was read into. */
struct sighting {
	const struct profile *profile;
	const char *device_id; /* prefix, ID and ".button"; passes device_id_check; NULL
	                        * of an alias */
	bool is_click;
	enum event_kind kind; /* of a click */
	double life;          /* percent; negative when not said */
	int online;           /* 1, 0, or -1 when not said */
	int64_t reported_at;  /* a moment; 0 when not said */
	const char *key;      /* what tells a repetition; NULL: nothing does */
	int64_t window;       /* ms in which the same key is a repetition; 0: the usual */
	const char *alias_from, *alias_to; /* a friendly name and the ID behind it */
};

struct profiles;

/* The built-in ones and those of `dir` (NULL: none), each having passed its samples. */
enum err profiles_load(
	const void *ctx, const char *dir, struct profiles **out, struct fault *why);
/* One file alone, checked the same way: `oneclick profile check FILE`. */
enum err profiles_load_file(
	const void *ctx, const char *path, struct profiles **out, struct fault *why);
/* One built-in one alone; ERR_NOT_FOUND names the nearest. */
enum err profiles_load_shipped(
	const void *ctx, const char *name, struct profiles **out, struct fault *why);
size_t profiles_count(const struct profiles *profiles);
const struct profile *profiles_at(const struct profiles *profiles, size_t i);

/* The MQTT topic filters that together cover all profiles, none covered by another. */
const char *const *profiles_filters(const struct profiles *profiles, size_t *count);
/* The profile that takes messages at this HTTP path, or NULL, and how they are verified. */
const struct profile *profiles_at_path(
	const struct profiles *profiles, const char *path, enum profile_verify *verify);

typedef void (*sighting_fn)(void *arg, const struct sighting *sighting);
/* The ID behind a friendly name, or NULL when it is not known (yet). */
typedef const char *(*alias_fn)(void *arg, const char *profile, const char *name);
struct profile_reader {
	sighting_fn saw;
	alias_fn alias;
	void *arg;
};
/* Calls saw for each sighting of the message, in its order; *matched tells how many rows of
 * profiles took it, or passed it over because it was retained (a message no profile knows, and one that says nothing new, is no
 * failure: no sighting).  ERR_INVALID when a row took it and could make nothing of a
 * member: what, where; the rest of it has been told nevertheless, so that no click is lost
 * for a battery's sake.  Profiles are only read: several threads may do this at once. */
enum err profiles_read(const struct profiles *profiles, const void *ctx,
	const struct profile_message *message, const struct profile_reader *reader,
	int *matched, struct fault *why);

#endif
