#include <math.h>
#include <string.h>

#include "inside.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/number.h"

enum {
	SHOWN_MAX = 60,   /* bytes of a foreign text in a sentence */
	NAME_BYTES = 256, /* of a name that is looked up; no longer one is known */
};

static const double LATEST = 253402300799999; /* the end of the year 9999, ms */

static enum err
refuse(const struct view *view, const struct pick *pick, struct fault *why,
	const char *value, const char *what)
{
	return fault(why, ERR_INVALID, "%s %s: \"%.*s\" is %s", view->profile->name,
		pick->field, SHOWN_MAX, value, what);
}

/* ---- sources ---- */

static const char *
find_at(const struct view *view, const struct pick *pick, const struct value *in)
{
	const char *text = NULL;

	for (size_t i = 0; !text && i < pick->ptrs; i++)
		text = scalar_text(view->ctx, pointer_find(&pick->ptr[i], in));
	return text;
}

static const char *
copy_span(const struct view *view, struct pattern_span span)
{
	return span.text ? mem_textn(view->ctx, span.text, span.n) : NULL;
}

static const char *
find_source(const struct view *view, const struct pick *pick)
{
	switch (pick->source) {
	case PICK_PTR:
		return find_at(view, pick, view->item);
	case PICK_ROOT:
		return find_at(view, pick, view->root);
	case PICK_TOPIC:
		return copy_span(view, view->level[pick->index]);
	case PICK_KEY:
		return copy_span(view, view->key.group[pick->index]);
	case PICK_HEADER:
		break;
	}
	return view->message->headers ? pairs_get(view->message->headers, pick->header)
				      : NULL;
}

/* ---- steps, in their order; each may turn the text to NULL: nothing there ---- */

static enum err
step_pattern(const struct view *view, const struct pick *pick, const char **text,
	struct fault *why)
{
	struct pattern_found found;
	enum err err = pattern_find(pick->re, *text, strlen(*text), &found, why);

	if (err)
		return fault_at(why, err, "%s %s", view->profile->name, pick->field);
	*text = found.count ? copy_span(view, pattern_first(&found)) : NULL;
	return ERR_NONE;
}

static const char *
strip(const struct view *view, const char *text, const char *letters)
{
	char *copy = mem_text(view->ctx, text), *to = copy;

	for (; *text; text++)
		if (!strchr(letters, *text))
			*to++ = *text;
	*to = '\0';
	return copy;
}

/* The letters of IDs and of words in messages are ASCII. */
static const char *
change_case(const struct view *view, const char *text, enum pick_case letters)
{
	char *copy = mem_text(view->ctx, text);

	for (char *c = copy; *c; c++)
		if (letters == CASE_UPPER && *c >= 'a' && *c <= 'z')
			*c = (char)(*c + 'A' - 'a');
		else if (letters == CASE_LOWER && *c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 'a' - 'A');
	return copy;
}

static enum err
step_alias(const struct view *view, const struct pick *pick, const char **text,
	struct fault *why)
{
	const char *id = NULL;

	if (strlen(*text) <= NAME_BYTES && view->reader->alias)
		id = view->reader->alias(view->reader->arg, view->profile->name, *text);
	if (id || pick->alias == ALIAS_OPTIONAL) {
		*text = id ? id : *text;
		return ERR_NONE;
	}
	return fault(why, ERR_NOT_FOUND,
		"%s %s: no ID is known for the name \"%.*s\" (yet)", view->profile->name,
		pick->field, SHOWN_MAX, *text);
}

static const char *
write_number(const struct view *view, double number)
{
	char text[NUMBER_SIZE];

	number_write(number, text);
	return mem_text(view->ctx, text);
}

/* Percent, to two decimals. */
static enum err
step_linear(const struct view *view, const struct pick *pick, const char **text,
	struct fault *why)
{
	const double *at = pick->linear;
	double x, y;

	if (!number_read(*text, strlen(*text), &x))
		return refuse(view, pick, why, *text, "no number");
	y = at[1] + (x - at[0]) / (at[2] - at[0]) * (at[3] - at[1]);
	y = fmin(fmax(y, 0), 100);
	*text = write_number(view, round(y * 100) / 100);
	return ERR_NONE;
}

/* Becomes whole milliseconds since 1970. */
static enum err
step_unit(const struct view *view, const struct pick *pick, const char **text,
	struct fault *why)
{
	double number;
	int64_t at;

	if (pick->unit == UNIT_RFC3339) {
		if (!moment_from_iso(*text, &at))
			return refuse(view, pick, why, *text, "no time");
	} else {
		if (!number_read(*text, strlen(*text), &number))
			return refuse(view, pick, why, *text, "no number");
		number *= pick->unit == UNIT_S ? 1000 : 1;
		if (!(number >= 0 && number <= LATEST))
			return refuse(view, pick, why, *text, "no time");
		at = llround(number);
	}
	*text = mem_format(view->ctx, "%lld", (long long)at);
	return ERR_NONE;
}

static enum err
take_steps(const struct view *view, const struct pick *pick, const char **text,
	struct fault *why)
{
	enum err err = ERR_NONE;

	if (*text && pick->re)
		err = step_pattern(view, pick, text, why);
	if (!err && *text && pick->strip)
		*text = strip(view, *text, pick->strip);
	if (!err && *text && pick->letters)
		*text = change_case(view, *text, pick->letters);
	if (!err && *text && pick->alias)
		err = step_alias(view, pick, text, why);
	if (!err && *text && pick->map)
		*text = pairs_get(pick->map, *text);
	if (!err && *text && pick->is_linear)
		err = step_linear(view, pick, text, why);
	if (!err && *text && pick->unit)
		err = step_unit(view, pick, text, why);
	return err;
}

/* An empty text is nothing; what one way does not give, the next may. */
enum err
pick_run(const struct view *view, const struct pick *pick, const char **out,
	struct fault *why)
{
	enum err failed = ERR_NONE;

	for (*out = NULL; pick && !*out; pick = pick->otherwise) {
		enum err err;

		*out = find_source(view, pick);
		err = take_steps(view, pick, out, why);
		if (err || (*out && !**out))
			*out = NULL;
		failed = err ? err : failed;
	}
	return *out ? ERR_NONE : failed;
}

/* ---- conditions ---- */

static enum err
holds(const struct view *view, const struct condition *condition, bool *hold,
	struct fault *why)
{
	const struct pick *pick = condition->pick;
	const char *text = find_source(view, pick);
	struct pattern_found found;
	enum err err;

	*hold = condition->absent_ok;
	if (!text)
		return ERR_NONE;
	err = pattern_find(pick->re, text, strlen(text), &found, why);
	*hold = !err && found.count > 0;
	return err ? fault_at(why, err, "%s %s", view->profile->name, pick->field)
		   : ERR_NONE;
}

enum err
conditions_hold(const struct view *view, const struct conditions *conditions, bool *hold,
	struct fault *why)
{
	enum err err = ERR_NONE;

	*hold = true;
	for (size_t i = 0; !err && *hold && i < conditions->count; i++)
		err = holds(view, &conditions->item[i], hold, why);
	return err;
}
