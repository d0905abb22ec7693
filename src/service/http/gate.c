#include "oneclick/service/gate.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "oneclick/api/route.h"

/* A request under inspection, and how it is refused. */
struct inspection {
	const struct request *request;
	const char *version;
	enum problem *problem;
	struct fault *why;
};

/* return refuse(...) in one line, as with fault() itself. */
#define refuse(i, how, ...) \
	(*(i)->problem = (how), fault((i)->why, ERR_INVALID, __VA_ARGS__))

static enum err
check_version(const struct inspection *i)
{
	if (strcmp(i->version, "HTTP/1.1") == 0 || strcmp(i->version, "HTTP/1.0") == 0)
		return ERR_NONE;
	return refuse(i, PROBLEM_INVALID_REQUEST,
		"This service speaks HTTP/1.1; the request says another version.");
}

static enum err
check_method(const struct inspection *i)
{
	static const char *const known[] = { "GET", "HEAD", "POST", "PUT", "DELETE" };

	for (size_t k = 0; k < sizeof known / sizeof *known; k++)
		if (strcmp(i->request->method, known[k]) == 0)
			return ERR_NONE;
	return refuse(i, PROBLEM_NOT_IMPLEMENTED,
		"No request here has the method '%.16s'; send GET, HEAD, POST, PUT or "
		"DELETE.",
		i->request->method);
}

static enum err
check_target(const struct inspection *i)
{
	const char *target = i->request->target;

	if (strlen(target) > REQUEST_TARGET_MAX)
		return refuse(i, PROBLEM_TARGET_TOO_LONG,
			"The request's target is longer than %d bytes.",
			REQUEST_TARGET_MAX);
	if (target[0] != '/')
		return refuse(i, PROBLEM_INVALID_REQUEST,
			"The request's target must be a path that begins with '/', or "
			"http:// with a host before it.");
	for (const char *at = target; *at; at++)
		if (*at <= ' ' || *at >= 0x7f || *at == '\\' || *at == '#')
			return refuse(i, PROBLEM_INVALID_REQUEST,
				"The request's target has the byte 0x%02x, which must be "
				"percent-encoded.",
				(unsigned char)*at);
	return ERR_NONE;
}

static enum err
check_path(const struct inspection *i)
{
	*i->problem = PROBLEM_INVALID_REQUEST;
	return route_check_path(i->request->path, i->why);
}

static enum err
check_query(const struct inspection *i)
{
	const char *at = i->request->query ? i->request->query : "";

	while ((at = strchr(at, '%')) != NULL) {
		if (!isxdigit((unsigned char)at[1]) || !isxdigit((unsigned char)at[2]) ||
			(at[1] == '0' && at[2] == '0'))
			return refuse(i, PROBLEM_MALFORMED_QUERY,
				"The query has a '%%' that is not followed by two "
				"hexadecimal digits other than 00.");
		at += 3;
	}
	return ERR_NONE;
}

static enum err
check_head_size(const struct inspection *i)
{
	const struct request *request = i->request;
	size_t size = 0;

	if (request->header_count > REQUEST_HEADERS_MAX)
		return refuse(i, PROBLEM_HEAD_TOO_LARGE,
			"The request has more than %d header lines.",
			REQUEST_HEADERS_MAX);
	for (size_t h = 0; h < request->header_count; h++)
		size += strlen(request->header[h].name) +
			strlen(request->header[h].value) + strlen(": \r\n");
	if (size > REQUEST_HEAD_MAX)
		return refuse(i, PROBLEM_HEAD_TOO_LARGE,
			"The request's header lines are longer than %d bytes together.",
			REQUEST_HEAD_MAX);
	return ERR_NONE;
}

/* RFC 9110, 5.6.2: what a name may be made of. */
static bool
is_token(const char *name)
{
	const char *at = name;

	while (isalnum((unsigned char)*at) || (*at && strchr("!#$%&'*+-.^_`|~", *at)))
		at++;
	return at > name && *at == '\0';
}

static bool
is_printable(const char *value)
{
	for (; *value; value++)
		if ((*value > 0 && *value < ' ' && *value != '\t') || *value == 0x7f)
			return false;
	return true;
}

static enum err
check_header_letters(const struct inspection *i)
{
	const struct sign_header *header = i->request->header;

	for (size_t h = 0; h < i->request->header_count; h++) {
		if (!is_token(header[h].name))
			return refuse(i, PROBLEM_INVALID_REQUEST,
				"Header line %zu has no proper name; a name is letters, "
				"digits and dashes up to the ':', with no blank.",
				h + 1);
		if (!is_printable(header[h].value))
			return refuse(i, PROBLEM_INVALID_REQUEST,
				"The header %.64s has a control character in its value.",
				header[h].name);
	}
	return ERR_NONE;
}

/* NULL if the header stands more or less often than once. */
static const char *
find_single(const struct request *request, const char *name, size_t *times)
{
	const char *found = NULL;

	*times = 0;
	for (size_t h = 0; h < request->header_count; h++)
		if (strcasecmp(request->header[h].name, name) == 0) {
			found = request->header[h].value;
			++*times;
		}
	return *times == 1 ? found : NULL;
}

static enum err
check_single_headers(const struct inspection *i)
{
	static const char *const single[] = { "Authorization", "Connection",
		"Content-Length", "Content-Type", "Expect", "Host", "Transfer-Encoding",
		"X-Amz-Content-Sha256", "X-Amz-Date", "X-Amz-Security-Token" };
	size_t times;

	for (size_t k = 0; k < sizeof single / sizeof *single; k++) {
		find_single(i->request, single[k], &times);
		if (times > 1)
			return refuse(i, PROBLEM_INVALID_REQUEST,
				"The header %s stands %zu times; send it once.",
				single[k], times);
	}
	return ERR_NONE;
}

static enum err
check_host(const struct inspection *i)
{
	const char *host = request_header(i->request, "Host");

	if (!host && strcmp(i->version, "HTTP/1.0") == 0)
		return ERR_NONE;
	if (!host || !*host)
		return refuse(i, PROBLEM_INVALID_REQUEST,
			"The request has no Host header; send the host it is meant for.");
	for (; *host; host++)
		if (!isalnum((unsigned char)*host) && !strchr("-._:[]%", *host))
			return refuse(i, PROBLEM_INVALID_REQUEST,
				"The Host header takes a name or address and a port, "
				"nothing else.");
	return ERR_NONE;
}

static enum err
check_framing(const struct inspection *i)
{
	const char *length = request_header(i->request, "Content-Length");
	const char *coding = request_header(i->request, "Transfer-Encoding");

	if (coding && length)
		return refuse(i, PROBLEM_INVALID_REQUEST,
			"The request has both Content-Length and Transfer-Encoding; send "
			"one of them.");
	if (coding && strcmp(i->version, "HTTP/1.0") == 0)
		return refuse(i, PROBLEM_INVALID_REQUEST,
			"An HTTP/1.0 request has no Transfer-Encoding; send "
			"Content-Length.");
	if (coding && strcasecmp(coding, "chunked") != 0)
		return refuse(i, PROBLEM_NOT_IMPLEMENTED,
			"Transfer-Encoding takes 'chunked' alone here.");
	return ERR_NONE;
}

static enum err
check_length(const struct inspection *i)
{
	const char *length = request_header(i->request, "Content-Length");
	size_t bytes = 0;

	if (!length)
		return ERR_NONE;
	if (!*length || length[strspn(length, "0123456789")] != '\0')
		return refuse(i, PROBLEM_INVALID_REQUEST,
			"Content-Length takes a number of bytes in digits.");
	for (; *length && bytes <= REQUEST_BODY_MAX; length++)
		bytes = bytes * 10 + (size_t)(*length - '0');
	if (bytes > REQUEST_BODY_MAX)
		return refuse(i, PROBLEM_TOO_LARGE,
			"The request's body is longer than %d bytes.", REQUEST_BODY_MAX);
	return ERR_NONE;
}

static enum err
check_expectation(const struct inspection *i)
{
	const char *expect = request_header(i->request, "Expect");

	if (!expect || strcasecmp(expect, "100-continue") == 0)
		return ERR_NONE;
	return refuse(
		i, PROBLEM_INVALID_REQUEST, "Expect takes '100-continue' alone here.");
}

/* The order is part of the design: each stage relies on those before it. */
static enum err (*const stages[])(const struct inspection *) = {
	check_version,        /* a version whose rules we know */
	check_method,         /* a method that some request here has */
	check_target,         /* origin form, printable, not too long */
	check_path,           /* names one resource in one way: no dots, blanks, NULs */
	check_query,          /* escapes that decode */
	check_head_size,      /* not too many lines, not too long */
	check_header_letters, /* names are tokens, values have no controls */
	check_single_headers, /* what must not be said twice is said once */
	check_host,           /* says which host */
	check_framing,        /* one way only to find the body's end */
	check_length,         /* and it is not too far */
	check_expectation,    /* waits for nothing we would not say */
};

enum err
gate_check(const struct request *request, const char *version, enum problem *problem,
	struct fault *why)
{
	struct inspection inspection = {
		.request = request,
		.version = version,
		.problem = problem,
		.why = why,
	};

	for (size_t s = 0; s < sizeof stages / sizeof *stages; s++) {
		enum err err = stages[s](&inspection);
		if (err)
			return err;
	}
	return ERR_NONE;
}
