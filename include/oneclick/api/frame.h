/* Server-Sent Events: writing one, and reading them from bytes as they come. */
#ifndef ONECLICK_API_FRAME_H
#define ONECLICK_API_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/fault.h"

/* A stream without events beats this often. A reader that has heard nothing for two and a
 * half of these has lost its service; each costs a reader some 30 bytes. */
enum { FRAME_HEARTBEAT_MS = 5 * 1000 };

/* `id` negative: no id line.  data must be one line. */
void frame_write(struct buf *out, int64_t id, const char *event, const char *data);
/* A comment line, with the position a reader cut off now goes on after. */
void frame_write_heartbeat(struct buf *out, int64_t id);
/* What a person at the wire reads, and no reader of events does; one line. */
void frame_write_comment(struct buf *out, const char *text);

struct frame_reader {
	struct buf line;
	char event[32];
	int64_t id;   /* the last one seen, -1 before any */
	size_t heard; /* events and heartbeats, each by its id */
	struct buf data;
	void (*got)(void *arg, int64_t id, const char *event, const char *data);
	void *arg;
};
enum { FRAME_MAX = 64 * 1024 }; /* bytes of one line or one frame's data */
void frame_reader_init(struct frame_reader *reader, const void *ctx,
	void (*got)(void *arg, int64_t id, const char *event, const char *data),
	void *arg);
/* ERR_INVALID when a line or frame passes FRAME_MAX. */
enum err frame_reader_feed(
	struct frame_reader *reader, const char *bytes, size_t n, struct fault *why);

#endif
