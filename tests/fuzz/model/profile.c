/* Messages of other makers' buttons, read by all shipped profiles. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../fuzz.h"
#include "oneclick/model/product.h"
#include "oneclick/model/profile.h"

static void
check_sighting(void *arg, const struct sighting *saw)
{
	(void)arg;
	assert(saw->profile);
	assert(saw->device_id || (saw->alias_from && saw->alias_to));
	if (saw->device_id)
		assert(device_id_check(saw->device_id, NULL) == ERR_NONE);
	assert(saw->life <= 100 && saw->window >= 0);
	assert(saw->online >= -1 && saw->online <= 1);
}

static const char *
find_alias(void *arg, const char *profile, const char *name)
{
	(void)arg;
	(void)profile;
	return strlen(name) % 2 ? "G030PM0123456789" : NULL;
}

static const struct profiles *
load_once(void)
{
	static struct profiles *profiles;
	struct fault why;

	if (!profiles)
		assert(profiles_load(NULL, NULL, &profiles, &why) == ERR_NONE);
	return profiles;
}

void
fuzz(const void *life, const char *data, size_t n)
{
	const struct profile_reader reader = { .saw = check_sighting,
		.alias = find_alias };
	const char *topic = fuzz_line(life, &data, &n);
	const struct profile_message message = {
		.via = topic[0] == '/' ? VIA_HTTP : VIA_MQTT,
		.topic = topic,
		.payload = data,
		.size = n,
		.retained = n % 7 == 0,
		.headers = topic[0] == '/' ? pairs_new(life) : NULL,
	};
	struct fault why;
	int matched = 0;

	fuzz_check_fault(
		profiles_read(load_once(), life, &message, &reader, &matched, &why),
		&why);
}
