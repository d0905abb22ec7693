#include "oneclick/data/pattern.h"

#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/base/utf8.h"

enum {
	STEPS_MAX = 20 * 1000, /* of one search */
	DEPTH_MAX = 2 * 1000,  /* branches kept open at once */
	HEAP_MAX_KIB = 1024,
	NESTING_MAX = 32, /* brackets within brackets */
	MESSAGE_SIZE = 128,
};

struct pattern {
	const char *text;
	pcre2_code *code;
	pcre2_match_context *limits;
};

static int
release(struct pattern *pattern)
{
	pcre2_code_free(pattern->code);
	pcre2_match_context_free(pattern->limits);
	return 0;
}

/* `offset` bytes into the pattern, as a person counts. */
static enum err
refuse(const char *text, int number, size_t offset, struct fault *why)
{
	char message[MESSAGE_SIZE] = "it is not understood";
	size_t letter = 1, used;

	pcre2_get_error_message(number, (PCRE2_UCHAR *)message, sizeof(message));
	for (size_t at = 0; at < offset && text[at]; at += used, letter++)
		utf8_next(text + at, strlen(text + at), &used);
	return fault(why, ERR_INVALID, "the pattern fails at its letter %zu: %s", letter,
		message);
}

static pcre2_code *
compile(const char *text, uint32_t options, int *number, size_t *offset)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	pcre2_code *code;

	if (!context)
		mem_abort("out of memory");
	pcre2_set_parens_nest_limit(context, NESTING_MAX);
	code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
		PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY | options,
		number, offset, context);
	pcre2_compile_context_free(context);
	return code;
}

static void
set_limits(struct pattern *pattern)
{
	pattern->limits = pcre2_match_context_create(NULL);
	if (!pattern->limits)
		mem_abort("out of memory");
	pcre2_set_match_limit(pattern->limits, STEPS_MAX);
	pcre2_set_depth_limit(pattern->limits, DEPTH_MAX);
	pcre2_set_heap_limit(pattern->limits, HEAP_MAX_KIB);
}

static enum err
compile_with(const void *ctx, const char *text, uint32_t options, struct pattern **out,
	struct fault *why)
{
	struct pattern *pattern;
	pcre2_code *code;
	size_t offset;
	uint32_t groups = 0;
	int number;

	if (strlen(text) > PATTERN_LENGTH_MAX)
		return fault(why, ERR_INVALID, "the pattern is longer than %d bytes",
			PATTERN_LENGTH_MAX);
	code = compile(text, options, &number, &offset);
	if (!code)
		return refuse(text, number, offset, why);
	pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
	if (groups >= PATTERN_GROUPS) {
		pcre2_code_free(code);
		return fault(why, ERR_INVALID,
			"the pattern has %u groups; at most %d are taken (write (?:...) "
			"where "
			"nothing is to be kept)",
			(unsigned)groups, PATTERN_GROUPS - 1);
	}
	pattern = mem_new(ctx, struct pattern);
	pattern->text = mem_text(pattern, text);
	pattern->code = code;
	set_limits(pattern);
	talloc_set_destructor(pattern, release);
	*out = pattern;
	return ERR_NONE;
}

enum err
pattern_compile(
	const void *ctx, const char *text, struct pattern **out, struct fault *why)
{
	return compile_with(ctx, text, 0, out, why);
}

enum err
pattern_compile_caseless(
	const void *ctx, const char *text, struct pattern **out, struct fault *why)
{
	return compile_with(ctx, text, PCRE2_CASELESS, out, why);
}

static void
take_groups(
	const char *text, pcre2_match_data *data, size_t count, struct pattern_found *out)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(data);

	out->count = count;
	for (size_t i = 0; i < count && i < PATTERN_GROUPS; i++)
		/* \K lets a match end before it begins; such a one holds nothing. */
		if (at[2 * i] != PCRE2_UNSET && at[2 * i] <= at[2 * i + 1])
			out->group[i] = (struct pattern_span){ text + at[2 * i],
				at[2 * i + 1] - at[2 * i] };
}

static enum err
give_up(const struct pattern *pattern, struct fault *why)
{
	return fault(why, ERR_INVALID,
		"the pattern %.80s takes too many steps over this text; make it simpler",
		pattern->text);
}

static bool
is_limit(int result)
{
	return result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_DEPTHLIMIT ||
	       result == PCRE2_ERROR_HEAPLIMIT;
}

enum err
pattern_find(const struct pattern *pattern, const char *text, size_t n,
	struct pattern_found *out, struct fault *why)
{
	pcre2_match_data *data;
	int result;

	*out = (struct pattern_found){ .count = 0 };
	if (n > PATTERN_TEXT_MAX)
		return fault(why, ERR_INVALID,
			"a text of %zu bytes is not searched; at most %d are", n,
			PATTERN_TEXT_MAX);
	data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
	if (!data)
		mem_abort("out of memory");
	result = pcre2_match(
		pattern->code, (PCRE2_SPTR)text, n, 0, 0, data, pattern->limits);
	if (result > 0)
		take_groups(text, data, (size_t)result, out);
	pcre2_match_data_free(data);
	return is_limit(result) ? give_up(pattern, why) : ERR_NONE;
}

struct pattern_span
pattern_first(const struct pattern_found *found)
{
	for (size_t i = 1; i < found->count; i++)
		if (found->group[i].text)
			return found->group[i];
	return found->group[0];
}
