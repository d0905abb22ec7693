/* Reads the head of a request; see head.h. */
#include "head.h"

#include <assert.h>
#include <string.h>

#include "oneclick/base/mem.h"

enum { END_SIZE = 2 }; /* CR LF */

enum head_found
head_find(const char *bytes, size_t n, size_t *seen)
{
	assert(*seen <= n);
	for (;;) {
		const char *line = bytes + *seen, *end = memchr(line, '\n', n - *seen);
		size_t size = end ? (size_t)(end - line) + 1 : n - *seen;

		if (memchr(line, '\0', size) ||
			(end && (size < END_SIZE || end[-1] != '\r')))
			return HEAD_BAD;
		if (!end)
			return HEAD_PART;
		if (size == END_SIZE && *seen == 0)
			return HEAD_BAD;
		*seen += size;
		if (size == END_SIZE)
			return HEAD_WHOLE;
	}
}

/* Cuts the next line out of the head: its text, without its end. */
static char *
cut_line(char **at)
{
	char *line = *at, *end = strstr(line, "\r\n");

	assert(end);
	*end = '\0';
	*at = end + END_SIZE;
	return line;
}

/* "METHOD TARGET VERSION". A blank too many is left in the target, which takes none. */
static enum err
read_first_line(
	char *line, struct request *request, const char **version, struct fault *why)
{
	char *first = strchr(line, ' '), *last = strrchr(line, ' ');

	if (!first || first == last)
		return fault(why, ERR_INVALID,
			"The first line is not a method, a target and a version with one "
			"blank between them.");
	*first = *last = '\0';
	request->method = line;
	request->target = first + 1;
	*version = last + 1;
	return ERR_NONE;
}

static char *
trim(char *value)
{
	char *end;

	value += strspn(value, " \t");
	end = value + strlen(value);
	while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	return value;
}

static enum err
read_header(char *line, size_t number, struct sign_header *out, struct fault *why)
{
	char *colon = strchr(line, ':');

	if (*line == ' ' || *line == '\t')
		return fault(why, ERR_INVALID,
			"Header line %zu is folded; send each header on one line.",
			number);
	if (!colon)
		return fault(why, ERR_INVALID,
			"Header line %zu has no colon; a header is NAME: VALUE.", number);
	*colon = '\0';
	*out = (struct sign_header){ .name = line, .value = trim(colon + 1) };
	return ERR_NONE;
}

static size_t
count_lines(const char *at, const char *end)
{
	size_t count = 0;

	while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		at++;
		count++;
	}
	return count;
}

enum err
head_read(const void *ctx, char *head, size_t n, struct request *request,
	const char **version, struct fault *why)
{
	char *at = head, *end = head + n - END_SIZE;
	enum err err;

	assert(n >= 2 * END_SIZE && memcmp(end, "\r\n", END_SIZE) == 0);
	err = read_first_line(cut_line(&at), request, version, why);
	request->header = mem_array(ctx, struct sign_header, count_lines(at, end) + 1);
	while (!err && at < end) {
		struct sign_header *header = &request->header[request->header_count++];

		err = read_header(cut_line(&at), request->header_count, header, why);
	}
	return err;
}
