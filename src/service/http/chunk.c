/* Takes the chunked coding apart; see chunk.h. */
#include "chunk.h"

#include <assert.h>
#include <ctype.h>

enum {
	DIGITS_MAX = 8,
	AROUND_MAX = 8 * 1024, /* bytes of extensions and trailers */
};

static size_t
value_of(char digit)
{
	if (isdigit((unsigned char)digit))
		return (size_t)(digit - '0');
	return (size_t)(tolower((unsigned char)digit) - 'a') + 10;
}

/* The size's line ends: a size of nought is the last. */
static enum chunk_state
end_size(struct chunks *chunks)
{
	chunks->line = 0;
	chunks->last = '\0';
	return chunks->left > 0 ? CHUNK_DATA : CHUNK_TRAILER;
}

static enum chunk_state
take_size(struct chunks *chunks, char c)
{
	if (isxdigit((unsigned char)c) && chunks->last != '\r') {
		chunks->left = chunks->left * 16 + value_of(c);
		return ++chunks->digits > DIGITS_MAX ? CHUNK_BAD : CHUNK_SIZE;
	}
	if (chunks->digits == 0)
		return CHUNK_BAD;
	if (c == '\n' && chunks->last == '\r')
		return end_size(chunks);
	if (c == ';' && chunks->last != '\r')
		return CHUNK_EXTENSION;
	if (c != '\r' || chunks->last == '\r')
		return CHUNK_BAD;
	chunks->last = c;
	return CHUNK_SIZE;
}

/* Of an extension or a trailer: no controls, and a CR before the LF alone. */
static bool
is_sound(const struct chunks *chunks, char c)
{
	if (chunks->last == '\r' || c == '\n')
		return chunks->last == '\r' && c == '\n';
	return c == '\r' || c == '\t' || !iscntrl((unsigned char)c);
}

static enum chunk_state
take_extension(struct chunks *chunks, char c)
{
	if (!is_sound(chunks, c) || ++chunks->around > AROUND_MAX)
		return CHUNK_BAD;
	if (c == '\n')
		return end_size(chunks);
	chunks->last = c;
	return CHUNK_EXTENSION;
}

static enum chunk_state
take_data_end(struct chunks *chunks, char c)
{
	if (c == '\r' && chunks->last == '\0') {
		chunks->last = c;
		return CHUNK_DATA_END;
	}
	if (c != '\n' || chunks->last != '\r')
		return CHUNK_BAD;
	chunks->last = '\0';
	chunks->digits = 0;
	return CHUNK_SIZE;
}

static enum chunk_state
take_trailer(struct chunks *chunks, char c)
{
	bool empty = chunks->line == 1; /* the CR alone */

	if (!is_sound(chunks, c) || ++chunks->around > AROUND_MAX)
		return CHUNK_BAD;
	chunks->line = c == '\n' ? 0 : chunks->line + 1;
	chunks->last = c == '\n' ? '\0' : c;
	return c == '\n' && empty ? CHUNK_DONE : CHUNK_TRAILER;
}

static enum chunk_state
take_byte(struct chunks *chunks, char c)
{
	switch (chunks->state) {
	case CHUNK_SIZE:
		return take_size(chunks, c);
	case CHUNK_EXTENSION:
		return take_extension(chunks, c);
	case CHUNK_DATA_END:
		return take_data_end(chunks, c);
	case CHUNK_TRAILER:
		return take_trailer(chunks, c);
	case CHUNK_DATA:
	case CHUNK_DONE:
	case CHUNK_BAD:
		break;
	}
	assert(!"a byte of the coding where there is none");
	return CHUNK_BAD;
}

static size_t
take_data(struct chunks *chunks, const char *bytes, size_t n, struct buf *body)
{
	if (n > chunks->left)
		n = chunks->left;
	buf_add(body, bytes, n);
	chunks->left -= n;
	if (chunks->left == 0)
		chunks->state = CHUNK_DATA_END;
	return n;
}

size_t
chunks_take(struct chunks *chunks, const char *bytes, size_t n, struct buf *body)
{
	size_t at = 0;

	while (at < n && chunks->state != CHUNK_DONE && chunks->state != CHUNK_BAD) {
		if (chunks->state == CHUNK_DATA)
			at += take_data(chunks, bytes + at, n - at, body);
		else
			chunks->state = take_byte(chunks, bytes[at++]);
	}
	return at;
}
