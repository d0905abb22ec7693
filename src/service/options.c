#include "options.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/number.h"
#include "oneclick/data/record.h"
#include "oneclick/net/mqtt.h"
#include "oneclick/net/networks.h"

enum {
	ROWS_MAX = 48,
	ACCOUNT_DIGITS = 12,
	REGION_MAX = 32,
	NAME_WIDTH = 28,
	COUNT_MAX = 1000 * 1000,
	PORT_MAX = 65535,
	HOST_MAX = 255,
	SOCKET_PATH_MAX = 108, /* of sockaddr_un */
};

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

static bool
read_flag(const char *text, bool *out)
{
	*out = strcmp(text, "true") == 0;
	return *out || strcmp(text, "false") == 0;
}

static bool
read_count(const char *text, int64_t *out)
{
	return number_read_int(text, strlen(text), out) && *out >= 0 && *out <= COUNT_MAX;
}

/* An address in numbers, or a name; what is all digits and dots is meant to be an address. */
static bool
is_host(const char *text, size_t n)
{
	char host[HOST_MAX + 1];
	unsigned char address[sizeof(struct in6_addr)];
	bool bracketed = n > 2 && text[0] == '[' && text[n - 1] == ']';

	if (n == 0 || n > HOST_MAX)
		return false;
	memcpy(host, text + bracketed, n - 2 * bracketed);
	host[n - 2 * bracketed] = '\0';
	if (bracketed)
		return inet_pton(AF_INET6, host, address) == 1;
	if (host[strspn(host, "0123456789.")] == '\0')
		return inet_pton(AF_INET, host, address) == 1;
	for (const char *at = host; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("-._", *at))
			return false;
	return true;
}

/* As listen_on takes it; whether it can be had shows when it is opened. */
static bool
is_place(const char *text)
{
	const char *colon = strrchr(text, ':');
	int64_t port;

	if (strncmp(text, "fd:", 3) == 0)
		return text[3] != '\0';
	if (strncmp(text, "unix:", 5) == 0)
		return text[5] == '/' && strlen(text + 5) < SOCKET_PATH_MAX;
	return colon && is_host(text, (size_t)(colon - text)) &&
	       number_read_int(colon + 1, strlen(colon + 1), &port) && port >= 0 &&
	       port <= PORT_MAX;
}

static enum err
check_networks(const char *text, struct fault *why)
{
	struct networks *networks;
	void *life = mem_life(NULL);
	enum err err = networks_read(life, text, &networks, why);

	mem_free(life);
	return err;
}

static bool
is_choice(const char *choices, const char *text)
{
	size_t n = strlen(text);

	for (const char *at = choices; *at; at += strspn(at, "|")) {
		size_t size = strcspn(at, "|");

		if (size == n && strncmp(at, text, n) == 0)
			return true;
		at += size;
	}
	return false;
}

static enum err
check_broker(const char *url, struct fault *why)
{
	struct mqtt_address address;
	void *life = mem_life(NULL);
	enum err err = mqtt_address_read(life, url, &address, why);

	mem_free(life);
	return err;
}

/* A value as it came: what it is called where it was said, and its text. */
struct said {
	const char *name, *text;
};

static enum err
refuse(const struct said *said, const char *takes, struct fault *why)
{
	return fault(why, ERR_INVALID, "%s takes %s, not '%.100s'.", said->name, takes,
		said->text);
}

static enum err
set(const struct option_row *row, const struct said *said, void *out, struct fault *why)
{
	void *member = (char *)out + row->at;

	switch (row->kind) {
	case OPTION_DURATION:
		if (!read_duration(said->text, member))
			return refuse(said, "a duration like 90s, 15m, 12h or 400d", why);
		return ERR_NONE;
	case OPTION_COUNT:
		if (!read_count(said->text, member))
			return refuse(said, "a number from 0 to 1000000", why);
		return ERR_NONE;
	case OPTION_FLAG:
		if (!read_flag(said->text, member))
			return refuse(said, "true or false", why);
		return ERR_NONE;
	case OPTION_ACCOUNT:
		if (!is_account(said->text))
			return refuse(said, "an account of 12 digits", why);
		break;
	case OPTION_REGION:
		if (!is_region(said->text))
			return refuse(said, "a region like us-west-2", why);
		break;
	case OPTION_PLACE:
		if (!is_place(said->text))
			return refuse(said, row->takes, why);
		break;
	case OPTION_NETWORKS:
		if (check_networks(said->text, why))
			return ERR_INVALID;
		break;
	case OPTION_CHOICE:
		if (!is_choice(row->takes, said->text))
			return refuse(said, row->takes, why);
		break;
	case OPTION_BROKER:
		if (check_broker(said->text, why))
			return ERR_INVALID;
		break;
	case OPTION_TEXT:
	case OPTION_WORD:
		if (*said->text == '\0')
			return refuse(said, row->takes, why);
		break;
	}
	*(const char **)member = said->text;
	return ERR_NONE;
}

void
options_set_defaults(const struct option_row *rows, size_t count, void *out)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].otherwise)
			set(&rows[i], &(struct said){ rows[i].name, rows[i].otherwise },
				out, NULL);
}

/* ---- the environment ---- */

void
options_name_variable(const struct option_row *row, char out[OPTION_VARIABLE_SIZE])
{
	size_t n = strlen(OPTION_VARIABLE_PREFIX);

	memcpy(out, OPTION_VARIABLE_PREFIX, n);
	for (const char *at = row->name + 2; *at && n < OPTION_VARIABLE_SIZE - 1; at++)
		out[n++] = (char)(*at == '-' ? '_' : toupper((unsigned char)*at));
	out[n] = '\0';
}

enum err
options_read_variable(const struct option_row *row, void *out, struct fault *why)
{
	char name[OPTION_VARIABLE_SIZE];
	struct said said = { .name = name };

	options_name_variable(row, name);
	said.text = getenv(name);
	return said.text && *said.text ? set(row, &said, out, why) : ERR_NONE;
}

/* ---- the file ---- */

/* Networks may stand as a list. */
static const char *
join(const void *ctx, const struct value *list)
{
	char *all = mem_text(ctx, "");

	for (size_t i = 0; i < list->count; i++) {
		if (list->item[i].kind != VALUE_TEXT)
			return NULL;
		all = mem_format(
			ctx, "%s%s%s", all, i > 0 ? ", " : "", list->item[i].text);
	}
	return all;
}

static const char *
text_of(const void *ctx, const struct option_row *row, const struct value *value)
{
	switch (value->kind) {
	case VALUE_TEXT:
		return mem_text(ctx, value->text);
	case VALUE_INT:
		return mem_format(ctx, "%lld", (long long)value->whole);
	case VALUE_BOOL:
		return value->yes ? "true" : "false";
	case VALUE_NUMBER:
		return mem_format(ctx, "%g", value->number);
	case VALUE_LIST:
		return row->kind == OPTION_NETWORKS ? join(ctx, value) : NULL;
	case VALUE_NULL:
	case VALUE_MAP:
		break;
	}
	return NULL;
}

/* "scheme://user:password@host": others may read the file. */
static bool
has_password(const char *text)
{
	const char *authority = strstr(text, "://");
	const char *colon, *at;

	if (!authority)
		return false;
	authority += strlen("://");
	at = strchr(authority, '@');
	colon = strchr(authority, ':');
	return at && colon && colon < at;
}

enum err
options_read_value(const void *ctx, const struct option_row *row,
	const struct value *value, void *out, struct fault *why)
{
	struct said said = { .name = row->name + 2, .text = text_of(ctx, row, value) };

	if (value->kind == VALUE_NULL)
		return ERR_NONE;
	if (!said.text)
		return fault(why, ERR_INVALID, "%s takes %s, not %s.", said.name,
			*row->takes ? row->takes : "true or false",
			value_kind_name(value->kind));
	/* YAML has dropped the zeros in front of them. */
	if (row->kind == OPTION_ACCOUNT && value->kind == VALUE_INT)
		return fault(why, ERR_INVALID,
			"%s takes 12 digits in quotes, so that they stay a text.",
			said.name);
	if (has_password(said.text))
		return fault(why, ERR_INVALID,
			"%s has a password in it; keep that in a file of its own, which "
			"%s-password-file names.",
			said.name, said.name);
	return set(row, &said, out, why);
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
		*value = "true";
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

/* The option at argv[*at], which moves on to its value; *row is NULL if there is none. */
static enum err
read_word(const struct option_row *rows, size_t count, int argc, char **argv, int *at,
	bool *seen, void *out, const struct option_row **row, struct fault *why)
{
	struct said said;
	enum err err;

	*row = find_row(rows, count, argv[*at]);
	if (!*row)
		return refuse_unknown(rows, count, argv[*at], why);
	said.name = (*row)->name;
	err = find_value(*row, argc, argv, at, &said.text, why);
	if (!err && seen[*row - rows])
		err = fault(why, ERR_INVALID, "%s was given twice.", said.name);
	seen[*row - rows] = true;
	return err ? err : set(*row, &said, out, why);
}

enum err
options_read_words(const struct option_row *rows, size_t count, int argc, char **argv,
	void *out, struct fault *why)
{
	bool seen[ROWS_MAX] = { false };
	const struct option_row *row;
	enum err err = ERR_NONE;

	for (int i = 0; !err && i < argc; i++)
		err = read_word(rows, count, argc, argv, &i, seen, out, &row, why);
	return err;
}

/* What follows an unknown option may be its value. */
static int
skip_value(int argc, char **argv, int at)
{
	if (argv[at][0] == '-' && !strchr(argv[at], '=') && at + 1 < argc &&
		argv[at + 1][0] != '-')
		at++;
	return at;
}

void
options_read_each(const struct option_row *rows, size_t count, int argc, char **argv,
	void *out, options_hear_fn hear, void *arg)
{
	bool seen[ROWS_MAX] = { false };

	for (int i = 0; i < argc; i++) {
		const struct option_row *row;
		struct fault why;
		enum err err = read_word(
			rows, count, argc, argv, &i, seen, out, &row, &why);

		hear(arg, row, err ? &why : NULL);
		if (!row)
			i = skip_value(argc, argv, i);
	}
}

enum err
options_read(const struct option_row *rows, size_t count, int argc, char **argv,
	void *out, struct fault *why)
{
	options_set_defaults(rows, count, out);
	return options_read_words(rows, count, argc, argv, out, why);
}

/* ---- two that were read ---- */

static size_t
size_of(enum option_kind kind)
{
	switch (kind) {
	case OPTION_TEXT:
	case OPTION_WORD:
	case OPTION_ACCOUNT:
	case OPTION_REGION:
	case OPTION_PLACE:
	case OPTION_NETWORKS:
	case OPTION_CHOICE:
	case OPTION_BROKER:
		break;
	case OPTION_DURATION:
	case OPTION_COUNT:
		return sizeof(int64_t);
	case OPTION_FLAG:
		return sizeof(bool);
	}
	return 0; /* a text */
}

bool
options_agree(const struct option_row *row, const void *a, const void *b)
{
	const void *left = (const char *)a + row->at, *right = (const char *)b + row->at;
	size_t size = size_of(row->kind);
	const char *was, *is;

	if (size > 0)
		return memcmp(left, right, size) == 0;
	was = *(const char *const *)left;
	is = *(const char *const *)right;
	return was && is ? strcmp(was, is) == 0 : was == is;
}

void
options_copy(const struct option_row *row, const void *from, void *to)
{
	size_t size = size_of(row->kind);

	memcpy((char *)to + row->at, (const char *)from + row->at,
		size > 0 ? size : sizeof(const char *));
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
