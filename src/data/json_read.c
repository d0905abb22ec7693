#include "oneclick/data/json.h"

#include <stdint.h>
#include <string.h>

#include "json_parts.h"
#include "oneclick/base/mem.h"

enum { LONGEST = 64 * 1024 * 1024 };

/* Where values stand is kept only for whoever asks. */
static enum err
parse(const void *ctx, const char *text, size_t n, size_t most, bool places,
	const struct value **out, struct fault *why)
{
	struct json_count count;
	enum err err;
	void *life;
	char *letters;

	if (n > LONGEST)
		return fault(why, ERR_INVALID, "the JSON text is longer than 64 MiB");
	life = mem_life(ctx);
	letters = mem_resize(life, NULL, char, n + 1);
	err = json_scan(places ? life : NULL, text, n, letters, &count, why);
	if (!err && count.values > most)
		err = fault(why, ERR_INVALID,
			"the JSON text holds %zu values, of %zu that are taken",
			count.values, most);
	if (!err)
		err = json_build(
			life, text, n, JSON_DEPTH_MAX, letters, &count, out, why);
	if (err)
		mem_free(life);
	return err;
}

enum err
json_parse(const void *ctx, const char *text, size_t n, const struct value **out,
	struct fault *why)
{
	return parse(ctx, text, n, SIZE_MAX, false, out, why);
}

enum err
json_parse_placed(const void *ctx, const char *text, size_t n, const struct value **out,
	struct fault *why)
{
	return parse(ctx, text, n, SIZE_MAX, true, out, why);
}

enum err
json_parse_capped(const void *ctx, const char *text, size_t n, size_t most,
	const struct value **out, struct fault *why)
{
	return parse(ctx, text, n, most, false, out, why);
}

struct pairs *
json_read_pairs(const void *ctx, const char *text)
{
	const struct value *map;
	struct pairs *pairs = NULL;
	void *life = mem_life(NULL);

	if (text && json_parse(life, text, strlen(text), &map, NULL) == ERR_NONE)
		pairs = value_pairs(ctx, map);
	mem_free(life);
	return pairs;
}
