#include "oneclick/console/filter.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/pattern.h"
#include "oneclick/data/record.h"

enum { TERMS_MAX = 32, TERM_MAX = 512, PASS_MAX = 1000 /* ms */ };

enum term_kind { TERM_CONTAINS, TERM_REGEX, TERM_FUZZY, TERM_FIELD };
enum compare { EQUAL, DIFFERENT, LESS, AT_MOST, MORE, AT_LEAST };

struct term {
	enum term_kind kind;
	bool not ;
	char text[TERM_MAX];
	struct pattern *pattern;
	size_t field;
	enum compare compare;
	double number;
};

struct filter {
	struct term term[TERMS_MAX];
	size_t count;
	int64_t since; /* ticks at which the pass over the rows began */
	struct fault gave_up;
};

/* The next term's text, quotes taken off; false at the end.  *fits says whether the whole
 * of it was taken. */
static bool
take_term(const char **at, char out[TERM_MAX], bool *fits)
{
	size_t n = 0;
	bool quoted = false;

	*at += strspn(*at, " \t");
	*fits = true;
	if (!**at)
		return false;
	for (; **at && (quoted || !isspace((unsigned char)**at)); (*at)++) {
		if (**at == '"')
			quoted = !quoted;
		else if (n < TERM_MAX - 1)
			out[n++] = **at;
		else
			*fits = false;
	}
	out[n] = '\0';
	return true;
}

static const char *
find_operator(const char *text, enum compare *compare, size_t *len)
{
	static const struct {
		const char *sign;
		enum compare compare;
	} signs[] = { { "!=", DIFFERENT }, { "<=", AT_MOST }, { ">=", AT_LEAST },
		{ "<", LESS }, { ">", MORE }, { "=", EQUAL } };
	const char *at = text + strspn(text, "abcdefghijklmnopqrstuvwxyz_-");

	for (size_t i = 0; at > text && i < sizeof(signs) / sizeof(signs[0]); i++) {
		*len = strlen(signs[i].sign);
		if (strncmp(at, signs[i].sign, *len) == 0) {
			*compare = signs[i].compare;
			return at;
		}
	}
	return NULL;
}

static enum err
find_field(const char *name, size_t len, const struct filter_field *field, size_t fields,
	size_t *out, struct fault *why)
{
	const char *names[32], *near;
	char word[TERM_MAX];

	memcpy(word, name, len);
	word[len] = '\0';
	for (*out = 0; *out < fields; (*out)++)
		if (strcmp(field[*out].name, word) == 0)
			return ERR_NONE;
	for (size_t i = 0; i < fields && i < 32; i++)
		names[i] = field[i].name;
	near = nearest_word(word, names, fields < 32 ? fields : 32);
	return fault(why, ERR_INVALID, "there is no field \"%s\" here%s%s%s", word,
		near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static enum err
read_number(const char *text, bool age, double *out, struct fault *why)
{
	static const struct {
		char unit;
		double ms;
	} units[] = { { 's', 1e3 }, { 'm', 6e4 }, { 'h', 36e5 }, { 'd', 864e5 },
		{ 'w', 6048e5 } };
	char *end;

	*out = strtod(text, &end);
	if (end == text || !isfinite(*out))
		return fault(why, ERR_INVALID, "\"%s\" is not a number", text);
	if (!age)
		return *end && strcmp(end, "%") != 0
			       ? fault(why, ERR_INVALID, "\"%s\" is not a number", text)
			       : ERR_NONE;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (*end == units[i].unit && !end[1]) {
			*out *= units[i].ms;
			return ERR_NONE;
		}
	return fault(why, ERR_INVALID, "\"%s\" is not an age such as 30s, 5m, 12h or 7d",
		text);
}

static enum err
read_field_term(struct term *term, const char *text, const char *sign, size_t len,
	const struct filter_field *field, size_t fields, struct fault *why)
{
	enum err err =
		find_field(text, (size_t)(sign - text), field, fields, &term->field, why);
	const char *value = sign + len;

	if (err)
		return err;
	term->kind = TERM_FIELD;
	memmove(term->text, value, strlen(value) + 1);
	if (field[term->field].kind != FILTER_TEXT)
		return read_number(term->text, field[term->field].kind == FILTER_AGE,
			&term->number, why);
	if (term->compare != EQUAL && term->compare != DIFFERENT)
		return fault(why, ERR_INVALID,
			"\"%s\" is a text: it takes = or !=", field[term->field].name);
	return ERR_NONE;
}

static enum err
read_regex(const void *ctx, struct term *term, struct fault *why)
{
	size_t n = strlen(term->text);
	enum err err;

	memmove(term->text, term->text + 1, n);
	if (n > 2 && term->text[n - 2] == '/')
		term->text[n - 2] = '\0';
	term->kind = TERM_REGEX;
	err = pattern_compile_caseless(ctx, term->text, &term->pattern, why);
	return err ? fault_at(why, err, "/%.80s/", term->text) : ERR_NONE;
}

static enum err
read_term(const void *ctx, struct term *term, const struct filter_field *field, size_t fields,
	struct fault *why)
{
	const char *sign;
	size_t len;

	if (term->text[0] == '!' && term->text[1]) {
		term->not = true;
		memmove(term->text, term->text + 1, strlen(term->text));
	}
	if (term->text[0] == '/' && term->text[1])
		return read_regex(ctx, term, why);
	sign = find_operator(term->text, &term->compare, &len);
	if (sign)
		return read_field_term(term, term->text, sign, len, field, fields, why);
	term->kind = TERM_CONTAINS;
	if (term->text[0] == '~' && term->text[1]) {
		term->kind = TERM_FUZZY;
		memmove(term->text, term->text + 1, strlen(term->text));
	}
	return ERR_NONE;
}

enum err
filter_parse(const void *ctx, const char *text, const struct filter_field *field,
	size_t fields, struct filter **out, struct fault *why)
{
	struct filter *filter = mem_new(ctx, struct filter);
	char word[TERM_MAX];
	enum err err = ERR_NONE;
	bool fits;

	while (!err && take_term(&text, word, &fits)) {
		struct term *term = &filter->term[filter->count];

		if (!fits || filter->count == TERMS_MAX) {
			err = fault(why, ERR_INVALID,
				"a filter has at most %d terms of at most %d letters",
				TERMS_MAX, TERM_MAX - 1);
			break;
		}
		memcpy(term->text, word, TERM_MAX);
		err = read_term(filter, term, field, fields, why);
		filter->count += !err;
	}
	filter_begin(filter);
	if (err)
		mem_free(filter);
	else
		*out = filter;
	return err;
}

/* '*' stands for any run of letters; letter case does not matter. */
static bool
match_glob(const char *glob, const char *text)
{
	const char *star = NULL, *retry = NULL;

	while (*text) {
		if (*glob == '*') {
			star = ++glob;
			retry = text;
		} else if (tolower((unsigned char)*glob) ==
			   tolower((unsigned char)*text)) {
			glob++;
			text++;
		} else if (star) {
			glob = star;
			text = ++retry;
		} else {
			return false;
		}
	}
	return glob[strspn(glob, "*")] == '\0';
}

static bool
match_fuzzy(const char *letters, const char *text)
{
	for (; *letters && *text; text++)
		letters +=
			tolower((unsigned char)*letters) == tolower((unsigned char)*text);
	return !*letters;
}

/* A pattern that takes too long, over one text or over all, is given up for the whole pass:
 * nothing it was written for may hold up the keys. */
static bool
match_pattern(struct filter *filter, const struct term *term, const char *text)
{
	struct pattern_found found;

	if (filter->gave_up.code)
		return false;
	if (moment_ticks() - filter->since > PASS_MAX) {
		fault(&filter->gave_up, ERR_INVALID,
			"the pattern %.80s takes too long over this list; make it simpler",
			term->text);
		return false;
	}
	if (pattern_find(term->pattern, text, strlen(text), &found, &filter->gave_up))
		return false;
	return found.count > 0;
}

static bool
match_text(struct filter *filter, const struct term *term, const char *text)
{
	switch (term->kind) {
	case TERM_CONTAINS:
		return strcasestr(text, term->text) != NULL;
	case TERM_REGEX:
		return match_pattern(filter, term, text);
	case TERM_FUZZY:
		return match_fuzzy(term->text, text);
	case TERM_FIELD:
		break;
	}
	return match_glob(term->text, text);
}

/* What is not known satisfies no comparison. */
static bool
match_number(const struct term *term, double number)
{
	switch (term->compare) {
	case EQUAL:
		return number == term->number;
	case DIFFERENT:
		return !isnan(number) && number != term->number;
	case LESS:
		return number < term->number;
	case AT_MOST:
		return number <= term->number;
	case MORE:
		return number > term->number;
	case AT_LEAST:
		return number >= term->number;
	}
	return false;
}

static bool
match_term(struct filter *filter, const struct term *term,
	const struct filter_rows *rows, size_t row)
{
	size_t at = term->field;

	if (term->kind == TERM_FIELD && rows->field[at].kind != FILTER_TEXT)
		return match_number(term, rows->number(rows->arg, row, at));
	if (term->kind == TERM_FIELD)
		return match_text(filter, term, rows->text(rows->arg, row, at)) ==
		       (term->compare == EQUAL);
	for (size_t i = 0; i < rows->fields; i++)
		if (rows->field[i].kind == FILTER_TEXT &&
			match_text(filter, term, rows->text(rows->arg, row, i)))
			return true;
	return false;
}

void
filter_begin(struct filter *filter)
{
	if (filter)
		filter->since = moment_ticks();
}

enum err
filter_gave_up(const struct filter *filter, struct fault *why)
{
	if (!filter || !filter->gave_up.code)
		return ERR_NONE;
	return fault(why, filter->gave_up.code, "%s", filter->gave_up.sentence);
}

bool
filter_match(struct filter *filter, const struct filter_rows *rows, size_t row)
{
	for (size_t i = 0; filter && i < filter->count; i++)
		if (match_term(filter, &filter->term[i], rows, row) ==
			filter->term[i].not )
			return false;
	return true;
}

bool
filter_is_empty(const struct filter *filter)
{
	return !filter || !filter->count;
}
