#include <assert.h>
#include <string.h>
#include <strings.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"
#include "policy_match.h"
#include "policy_rows.h"

enum { ARN_LAST = 5 }; /* the segment that may have colons of its own, from 0 */

/* A word being taken apart. */
struct cutting {
	struct policy_reading *r;
	const char *whole; /* for the sentence */
	enum policy_signs signs;
	int segment; /* of an ARN */
	struct buf text;
	struct policy_word *out;
};

/* ---- pieces ---- */

static void
add_piece(struct cutting *cut, struct policy_piece piece)
{
	struct policy_word *out = cut->out;

	out->piece = mem_resize(
		cut->r->policy, out->piece, struct policy_piece, out->count + 1);
	out->piece[out->count++] = piece;
}

static void
end_text(struct cutting *cut)
{
	if (cut->text.len == 0 && cut->out->count > 0)
		return;
	add_piece(cut, (struct policy_piece){ .text = mem_textn(cut->r->policy,
						      cut->text.data, cut->text.len) });
	buf_clear(&cut->text);
}

/* The statement knows all its variables: without a value for each it says nothing. */
static void
add_variable(struct cutting *cut, struct policy_piece piece)
{
	struct policy_statement *statement = cut->r->statement;

	end_text(cut);
	add_piece(cut, piece);
	statement->variable = mem_resize(cut->r->policy, statement->variable,
		struct policy_piece, statement->variables + 1);
	statement->variable[statement->variables++] = piece;
}

/* ---- variables ---- */

static enum err
refuse(const struct cutting *cut, const char *what)
{
	return fault(cut->r->why, ERR_INVALID, "Statement %zu: %s '%.100s' %s.",
		cut->r->number, cut->r->member, cut->whole, what);
}

static enum err
check_key(const struct cutting *cut, const char *key)
{
	const char *near;
	bool many;

	if (policy_key_is_known(key, &near, &many) && many)
		return refuse(cut, "has a variable with more than one value");
	if (key[strcspn(key, "'\"{}$")] != '\0' || !strchr(key, ':'))
		return refuse(cut,
			"has a variable that is none: it takes ${KEY} or "
			"${KEY, 'DEFAULT'} with a condition key, ${*}, ${?} or ${$}");
	if (!policy_key_is_known(key, &near, &many))
		policy_warn(cut->r,
			"Statement %zu never applies: no request has the key '%.100s' of "
			"%s '%.100s'.",
			cut->r->number, key, cut->r->member, cut->whole);
	return ERR_NONE;
}

/* After the comma: 'DEFAULT' and nothing else; NULL if it is not that. */
static const char *
read_default(const struct cutting *cut, const char *text, const char *end)
{
	while (text < end && *text == ' ')
		text++;
	while (end > text && end[-1] == ' ')
		end--;
	if (end - text < 2 || *text != '\'' || end[-1] != '\'' ||
		memchr(text + 1, '\'', (size_t)(end - text) - 2))
		return NULL;
	return mem_textn(cut->r->policy, text + 1, (size_t)(end - text) - 2);
}

/* The variable between `text` and `end`, which are within its braces. */
static enum err
read_variable(struct cutting *cut, const char *text, const char *end)
{
	struct policy_piece piece = { 0 };
	const char *comma = memchr(text, ',', (size_t)(end - text));
	enum err err;

	if (end - text == 1 && strchr("*?$", *text)) {
		buf_char(&cut->text, *text);
		return ERR_NONE;
	}
	piece.key =
		mem_textn(cut->r->policy, text, (size_t)((comma ? comma : end) - text));
	err = check_key(cut, piece.key);
	if (!err && comma) {
		piece.otherwise = read_default(cut, comma + 1, end);
		if (!piece.otherwise)
			err = refuse(cut, "has a default that does not stand in '...'");
	}
	if (!err)
		add_variable(cut, piece);
	return err;
}

/* AWS fills variables in after the fifth colon of a resource's ARN only: before it, one
 * stands for its own letters, and names no region or account there is. */
static void
add_as_it_stands(struct cutting *cut, const char *text, const char *end)
{
	buf_add(&cut->text, text, (size_t)(end - text));
	policy_warn(cut->r,
		"Statement %zu: %s '%.100s' has a variable before its fifth colon, where "
		"none is filled in; it is nobody's ARN.",
		cut->r->number, cut->r->member, cut->whole);
}

/* ---- wildcards ---- */

static bool
is_free(const struct cutting *cut, const char *text)
{
	if (cut->signs == SIGNS_FREE || cut->segment >= ARN_LAST)
		return true;
	return cut->signs == SIGNS_RESOURCE && *text == '*' &&
	       (text[1] == ':' || text[1] == '\0');
}

static void
add_letter(struct cutting *cut, const char *text)
{
	bool is_sign = cut->signs != SIGNS_LITERAL && (*text == '*' || *text == '?');

	if (*text == ':')
		cut->segment++;
	if (!is_sign)
		buf_char(&cut->text, *text);
	else if (*text == '*')
		buf_char(&cut->text, is_free(cut, text) ? MATCH_RUN : MATCH_RUN_IN);
	else
		buf_char(&cut->text, is_free(cut, text) ? MATCH_ONE : MATCH_ONE_IN);
}

enum err
policy_word_read(struct policy_reading *r, const char *text, enum policy_signs signs,
	struct policy_word *out)
{
	struct cutting cut = { .r = r, .whole = text, .signs = signs, .out = out };
	enum err err = ERR_NONE;

	*out = (struct policy_word){ 0 };
	buf_init(&cut.text, NULL, BUF_NO_CAP);
	while (!err && *text) {
		const char *end;

		if (!r->has_variables || text[0] != '$' || text[1] != '{') {
			add_letter(&cut, text++);
			continue;
		}
		end = strchr(text, '}');
		if (!end)
			err = refuse(&cut, "has a '${' without its '}'");
		else if (signs == SIGNS_RESOURCE && cut.segment < ARN_LAST)
			add_as_it_stands(&cut, text, end + 1);
		else
			err = read_variable(&cut, text + 2, end);
		text = end ? end + 1 : text;
	}
	end_text(&cut);
	buf_release(&cut.text);
	return err;
}

/* ---- values in their place ---- */

/* What is not UTF-8 could be taken for a wildcard, and is no value; nor is an empty text,
 * which would make "projects/${aws:PrincipalTag/team}*" everybody's. */
const char *
policy_variable(const struct policy_piece *piece, const struct policy_context *context)
{
	struct texts found = context->find(context->arg, piece->key);

	if (found.count != 1 || !*found.item[0] ||
		!utf8_is_valid(found.item[0], strlen(found.item[0])))
		return piece->otherwise;
	return found.item[0];
}

const char *
policy_word_fill(const void *ctx, const struct policy_word *word,
	const struct policy_context *context)
{
	struct buf out;

	if (word->count == 1) {
		assert(word->piece[0].text); /* there is a text behind each variable */
		return word->piece[0].text;
	}
	buf_init(&out, ctx, BUF_NO_CAP);
	for (size_t i = 0; i < word->count; i++) {
		const struct policy_piece *piece = &word->piece[i];
		buf_text(&out,
			piece->text ? piece->text : policy_variable(piece, context));
	}
	return out.data;
}
