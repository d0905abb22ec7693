/* A stream's frames are the same however its bytes are cut. */
#undef NDEBUG
#include <assert.h>

#include "../fuzz.h"
#include "oneclick/api/frame.h"

static void
note(void *arg, int64_t id, const char *event, const char *data)
{
	buf_format(arg, "%lld %s %s\n", (long long)id, event, data);
}

static enum err
read_in_steps(const void *life, const char *data, size_t n, size_t step, struct buf *seen)
{
	struct frame_reader reader;
	struct fault why;
	enum err err = ERR_NONE;

	buf_init(seen, life, BUF_NO_CAP);
	frame_reader_init(&reader, life, note, seen);
	for (size_t at = 0; !err && at < n; at += step) {
		err = frame_reader_feed(
			&reader, data + at, n - at < step ? n - at : step, &why);
		fuzz_check_fault(err, &why);
	}
	return err;
}

void
fuzz(const void *life, const char *data, size_t n)
{
	struct buf whole, bytes;
	enum err err = read_in_steps(life, data, n, n + 1, &whole);

	assert(read_in_steps(life, data, n, 1, &bytes) == err);
	assert(whole.len == bytes.len);
	for (size_t i = 0; i < whole.len; i++)
		assert(whole.data[i] == bytes.data[i]);
}
