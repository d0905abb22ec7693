#include "presented.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/uri.h"

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define BLANKS " \t"

/* ---- what the parts are made of, to the last byte ---- */

static bool
is_credential(const char *text)
{
	return text[strspn(text, UPPER LOWER DIGITS "-_./")] == '\0';
}

/* SigV4 has the names sorted, so that each stands once. */
static bool
is_header_list(const char *text)
{
	const char *before = "";
	size_t before_len = 0;

	for (;; text++) {
		size_t n = strspn(text, LOWER DIGITS "!#$%&'*+-.^_`|~");
		size_t shorter = n < before_len ? n : before_len;
		int order = memcmp(before, text, shorter);

		if (n == 0 || order > 0 || (order == 0 && n <= before_len))
			return false;
		before = text;
		before_len = n;
		text += n;
		if (*text != ';')
			return *text == '\0';
	}
}

static bool
is_signature(const char *text)
{
	return strspn(text, DIGITS "abcdef") == DIGEST_HEX_SIZE - 1 &&
	       text[DIGEST_HEX_SIZE - 1] == '\0';
}

static const struct form {
	bool (*is)(const char *text);
	const char *takes;
} a_credential = { is_credential, "KEY/DATE/REGION/" SIGN_SERVICE "/" SIGN_TERMINATOR },
  a_header_list = { is_header_list,
	  "names of headers in lower case and in order, each once, with ';' between" },
  a_signature = { is_signature, "64 hexadecimal digits in lower case" };

/* A named part of a signature, where it goes, whether it must be there, and its form. */
struct part {
	const char *name;
	size_t at;
	bool required;
	const struct form *form; /* NULL: judged elsewhere */
};

#define PART(name, member, required, form) \
	{ \
		(name), offsetof(struct presented, member), (required), (form) \
	}

static const struct part header_parts[] = {
	PART("Credential", credential, true, &a_credential),
	PART("SignedHeaders", headers, true, &a_header_list),
	PART("Signature", signature, true, &a_signature),
};

static const struct part query_parts[] = {
	PART("X-Amz-Algorithm", algorithm, true, NULL),
	PART("X-Amz-Credential", credential, true, &a_credential),
	PART("X-Amz-Date", moment, true, NULL),
	PART("X-Amz-Expires", expires, true, NULL),
	PART("X-Amz-SignedHeaders", headers, true, &a_header_list),
	PART("X-Amz-Signature", signature, true, &a_signature),
	PART("X-Amz-Security-Token", token, false, NULL),
};

enum {
	HEADER_PARTS = sizeof header_parts / sizeof *header_parts,
	QUERY_PARTS = sizeof query_parts / sizeof *query_parts,
};

static const char **
member_of(struct presented *presented, const struct part *part)
{
	return (const char **)((char *)presented + part->at);
}

/* Takes NAME=VALUE into its member; a part stands once. */
static enum err
take_part(const struct part *parts, size_t count, const char *name, const char *value,
	struct presented *out, enum problem *problem, struct fault *why)
{
	for (size_t i = 0; i < count; i++) {
		const char **member = member_of(out, &parts[i]);
		if (strcmp(parts[i].name, name) != 0)
			continue;
		if (*member)
			return nobody(problem, why, PROBLEM_INCOMPLETE_SIGNATURE,
				"The signature's part %s stands twice; send it once.",
				name);
		*member = value;
		return ERR_NONE;
	}
	return nobody(problem, why, PROBLEM_INCOMPLETE_SIGNATURE,
		"A signature has no part '%.64s' here.", name);
}

static enum err
check_parts(const struct part *parts, size_t count, struct presented *out,
	enum problem *problem, struct fault *why)
{
	for (size_t i = 0; i < count; i++) {
		const char **member = member_of(out, &parts[i]);
		if (parts[i].required && (!*member || !**member))
			return nobody(problem, why, PROBLEM_INCOMPLETE_SIGNATURE,
				"The signature has no %s.", parts[i].name);
		if (parts[i].form && !parts[i].form->is(*member))
			return nobody(problem, why, PROBLEM_INCOMPLETE_SIGNATURE,
				"%s takes %s, and nothing else.", parts[i].name,
				parts[i].form->takes);
	}
	return ERR_NONE;
}

/* ---- the Authorization header ---- */

/* What stands around a part, and is no part of it. */
static char *
trim(char *piece)
{
	size_t n;

	piece += strspn(piece, BLANKS);
	for (n = strlen(piece); n > 0 && strchr(BLANKS, piece[n - 1]); n--)
		piece[n - 1] = '\0';
	return piece;
}

static enum err
read_header_part(
	char *piece, struct presented *out, enum problem *problem, struct fault *why)
{
	char *equals = strchr(piece, '=');

	if (!equals)
		return nobody(problem, why, PROBLEM_INCOMPLETE_SIGNATURE,
			"The Authorization header takes parts like NAME=VALUE with "
			"commas between them.");
	*equals = '\0';
	return take_part(
		header_parts, HEADER_PARTS, piece, equals + 1, out, problem, why);
}

static enum err
read_header(const void *ctx, const char *text, struct presented *out,
	enum problem *problem, struct fault *why)
{
	char *rest = mem_text(ctx, text);

	out->algorithm = strsep(&rest, " ");
	if (strcmp(out->algorithm, SIGN_ALGORITHM) != 0)
		return nobody(problem, why, PROBLEM_INCOMPLETE_SIGNATURE,
			"The Authorization header takes " SIGN_ALGORITHM
			" and its parts, nothing else.");
	while (rest) {
		char *piece = strsep(&rest, ",");
		enum err err = read_header_part(trim(piece), out, problem, why);
		if (err)
			return err;
	}
	return check_parts(header_parts, HEADER_PARTS, out, problem, why);
}

/* ---- the query ---- */

/* Of the parameters only those of a signature matter here; one whose name is theirs in
 * another spelling would be one thing to us and another to who signed it. */
static enum err
read_parameter(const void *ctx, const char *text, size_t n, struct presented *out,
	enum problem *problem, struct fault *why)
{
	const char *equals = memchr(text, '=', n);
	size_t name_size = equals ? (size_t)(equals - text) : n;
	char *name = uri_decoded(ctx, text, name_size, NULL), *value;

	if (!name)
		return nobody(problem, why, PROBLEM_MALFORMED_QUERY,
			"The query has a malformed escape.");
	if (strncasecmp(name, "X-Amz-", strlen("X-Amz-")) != 0)
		return ERR_NONE;
	value = equals ? uri_decoded(ctx, equals + 1, n - name_size - 1, NULL)
		       : mem_text(ctx, "");
	if (!value)
		return nobody(problem, why, PROBLEM_MALFORMED_QUERY,
			"The query has a malformed escape.");
	name = mem_textn(ctx, text, name_size);
	out->in_query = true;
	return take_part(query_parts, QUERY_PARTS, name, value, out, problem, why);
}

static enum err
read_query(const void *ctx, const char *query, struct presented *out,
	enum problem *problem, struct fault *why)
{
	while (query && *query) {
		size_t n = strcspn(query, "&");
		enum err err = read_parameter(ctx, query, n, out, problem, why);
		if (err)
			return err;
		query += n + (query[n] == '&');
	}
	return ERR_NONE;
}

enum err
presented_read(const void *ctx, const struct request *request, struct presented *out,
	enum problem *problem, struct fault *why)
{
	const char *header = request_header(request, "Authorization");
	const char *token = request_header(request, "X-Amz-Security-Token");
	enum err err;

	*out = (struct presented){ 0 };
	err = read_query(ctx, request->query, out, problem, why);
	if (err)
		return err;
	if (header && out->in_query)
		return nobody(problem, why, PROBLEM_INCOMPLETE_SIGNATURE,
			"The request is signed both by header and in its query; sign it "
			"one way.");
	out->nothing = !header && !out->in_query;
	if (header)
		err = read_header(ctx, header, out, problem, why);
	else if (out->in_query)
		err = check_parts(query_parts, QUERY_PARTS, out, problem, why);
	if (err)
		return err;
	if (header)
		out->moment = request_header(request, "X-Amz-Date");
	if (token)
		out->token = token;
	return ERR_NONE;
}
