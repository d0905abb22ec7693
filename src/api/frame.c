#include "oneclick/api/frame.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID_DIGITS_MAX = 18 };

void
frame_write(struct buf *out, int64_t id, const char *event, const char *data)
{
	assert(strpbrk(data, "\r\n") == NULL);
	if (id >= 0)
		buf_format(out, "id: %lld\n", (long long)id);
	buf_format(out, "event: %s\ndata: %s\n\n", event, data);
}

void
frame_write_heartbeat(struct buf *out, int64_t id)
{
	buf_format(out, "id: %lld\n:\n\n", (long long)id);
}

void
frame_write_comment(struct buf *out, const char *text)
{
	assert(strpbrk(text, "\r\n") == NULL);
	buf_format(out, ": %s\n\n", text);
}

void
frame_reader_init(struct frame_reader *reader, const void *ctx,
	void (*got)(void *arg, int64_t id, const char *event, const char *data),
	void *arg)
{
	*reader = (struct frame_reader){ .id = -1, .got = got, .arg = arg };
	buf_init(&reader->line, ctx, FRAME_MAX);
	buf_init(&reader->data, ctx, FRAME_MAX);
}

static void
finish_frame(struct frame_reader *reader)
{
	struct buf *data = &reader->data;
	if (data->len > 0) {
		data->data[data->len - 1] = '\0';
		reader->got(reader->arg, reader->id,
			reader->event[0] != '\0' ? reader->event : "message", data->data);
	}
	buf_clear(data);
	reader->event[0] = '\0';
}

static void
take_id(struct frame_reader *reader, const char *value)
{
	size_t n = strspn(value, "0123456789");
	if (n == 0 || n > ID_DIGITS_MAX || value[n] != '\0')
		return;
	reader->id = strtoll(value, NULL, 10);
	reader->heard++;
}

static void
take_line(struct frame_reader *reader, char *line)
{
	if (*line == '\0') {
		finish_frame(reader);
		return;
	}
	size_t n = strcspn(line, ":");
	char *value = line + n + (line[n] == ':');
	value += *value == ' ';
	line[n] = '\0';
	if (strcmp(line, "data") == 0) {
		buf_text(&reader->data, value);
		buf_char(&reader->data, '\n');
	} else if (strcmp(line, "event") == 0) {
		snprintf(reader->event, sizeof reader->event, "%s", value);
	} else if (strcmp(line, "id") == 0) {
		take_id(reader, value);
	}
}

static void
finish_line(struct frame_reader *reader)
{
	struct buf *line = &reader->line;
	if (line->len > 0 && line->data[line->len - 1] == '\r')
		line->data[line->len - 1] = '\0';
	take_line(reader, line->data);
	buf_clear(line);
}

enum err
frame_reader_feed(
	struct frame_reader *reader, const char *bytes, size_t n, struct fault *why)
{
	const char *end = bytes + n;
	while (bytes < end) {
		const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
		buf_add(&reader->line, bytes,
			(size_t)((stop != NULL ? stop : end) - bytes));
		if (!reader->line.full && stop != NULL)
			finish_line(reader);
		if (reader->line.full || reader->data.full)
			return fault(why, ERR_INVALID,
				"The live stream sent a frame of more than %d bytes.",
				FRAME_MAX);
		bytes = stop != NULL ? stop + 1 : end;
	}
	return ERR_NONE;
}
