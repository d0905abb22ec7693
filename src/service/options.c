#include "options.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/data/record.h"

enum { ROWS_MAX = 32, ACCOUNT_DIGITS = 12, REGION_MAX = 32, NAME_WIDTH = 28 };

/* ---- one value ---- */

static bool
read_duration(const char *text, int64_t *out)
{
	static const struct {
		char letter;
		int64_t ms;
	} units[] = {
		{ 's', 1000 },
		{ 'm', 60 * 1000 },
		{ 'h', 60 * 60 * 1000 },
		{ 'd', 24 * 60 * 60 * 1000 },
	};
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 6 || text[digits] == '\0' || text[digits + 1] != '\0')
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (text[digits] == units[i].letter) {
			*out = atoi(text) * units[i].ms;
			return *out > 0;
		}
	return false;
}

static bool
is_account(const char *text)
{
	return strlen(text) == ACCOUNT_DIGITS &&
	       strspn(text, "0123456789") == ACCOUNT_DIGITS;
}

static bool
is_region(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n <= REGION_MAX && text[n] == '\0';
}

static enum err
refuse(const struct option_row *row, const char *text, const char *takes,
	struct fault *why)
{
	return fault(
		why, ERR_INVALID, "%s takes %s, not '%.100s'.", row->name, takes, text);
}

static enum err
set(const struct option_row *row, const char *text, void *out, struct fault *why)
{
	void *member = (char *)out + row->at;

	switch (row->kind) {
	case OPTION_DURATION:
		if (!read_duration(text, member))
			return refuse(
				row, text, "a duration like 90s, 15m, 12h or 400d", why);
		return ERR_NONE;
	case OPTION_FLAG:
		*(bool *)member = true;
		return ERR_NONE;
	case OPTION_ACCOUNT:
		if (!is_account(text))
			return refuse(row, text, "an account of 12 digits", why);
		break;
	case OPTION_REGION:
		if (!is_region(text))
			return refuse(row, text, "a region like us-west-2", why);
		break;
	case OPTION_TEXT:
	case OPTION_WORD:
		if (*text == '\0')
			return refuse(row, text, row->takes, why);
		break;
	}
	*(const char **)member = text;
	return ERR_NONE;
}

static enum err
set_defaults(const struct option_row *rows, size_t count, void *out, struct fault *why)
{
	enum err err = ERR_NONE;

	for (size_t i = 0; !err && i < count; i++)
		if (rows[i].otherwise)
			err = set(&rows[i], rows[i].otherwise, out, why);
	return err;
}

/* ---- the command line ---- */

/* The row that `word` names, up to its '='; bare words go to the OPTION_WORD row. */
static const struct option_row *
find_row(const struct option_row *rows, size_t count, const char *word)
{
	size_t n = strcspn(word, "=");

	for (size_t i = 0; i < count; i++) {
		if (rows[i].kind == OPTION_WORD && word[0] != '-')
			return &rows[i];
		if (strlen(rows[i].name) == n && memcmp(rows[i].name, word, n) == 0)
			return &rows[i];
	}
	return NULL;
}

static enum err
refuse_unknown(
	const struct option_row *rows, size_t count, const char *word, struct fault *why)
{
	const char *names[ROWS_MAX], *near;

	for (size_t i = 0; i < count; i++)
		names[i] = rows[i].name;
	near = nearest_word(word, names, count);
	if (near)
		return fault(why, ERR_INVALID,
			"There is no option '%.100s'; did you mean %s?", word, near);
	return fault(why, ERR_INVALID,
		"There is no option '%.100s'; --help lists what there is.", word);
}

/* The value of the option at argv[*at], which may be the next word. */
static enum err
find_value(const struct option_row *row, int argc, char **argv, int *at,
	const char **value, struct fault *why)
{
	const char *equals = strchr(argv[*at], '=');

	*value = argv[*at];
	if (row->kind == OPTION_WORD)
		return ERR_NONE;
	if (row->kind == OPTION_FLAG) {
		if (equals)
			return fault(why, ERR_INVALID, "%s takes nothing.", row->name);
		return ERR_NONE;
	}
	if (equals) {
		*value = equals + 1;
		return ERR_NONE;
	}
	if (++*at == argc)
		return fault(why, ERR_INVALID, "%s takes %s; it is missing.", row->name,
			row->takes);
	*value = argv[*at];
	return ERR_NONE;
}

enum err
options_read(const struct option_row *rows, size_t count, int argc, char **argv,
	void *out, struct fault *why)
{
	bool seen[ROWS_MAX] = { false };
	enum err err = set_defaults(rows, count, out, why);

	for (int i = 0; !err && i < argc; i++) {
		const struct option_row *row = find_row(rows, count, argv[i]);
		const char *value;

		if (!row)
			return refuse_unknown(rows, count, argv[i], why);
		if (seen[row - rows])
			return fault(why, ERR_INVALID, "%s was given twice.", row->name);
		seen[row - rows] = true;
		err = find_value(row, argc, argv, &i, &value, why);
		if (!err)
			err = set(row, value, out, why);
	}
	return err;
}

void
options_print(const struct option_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char words[80];
		snprintf(words, sizeof words, "%s%s%s", rows[i].name,
			rows[i].kind == OPTION_FLAG || rows[i].kind == OPTION_WORD ? ""
										   : " ",
			rows[i].kind == OPTION_FLAG || rows[i].kind == OPTION_WORD
				? ""
				: rows[i].takes);
		printf("  %-*s  %s", NAME_WIDTH, words, rows[i].help);
		if (rows[i].otherwise)
			printf(" (%s)", rows[i].otherwise);
		putchar('\n');
	}
}
