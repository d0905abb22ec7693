#include "keyring.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <utlist.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/child.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/json.h"

enum {
	OUTPUT_MAX = 64 * 1024, /* bytes of what the program prints, and of what it says */
	PATIENCE_MS = 60 * 1000,
	MARGIN_MS = 2 * 60 * 1000, /* fetched again so long before they expire */
	VALUES_MAX = 1000,
	SAID_MAX = 160, /* bytes of its complaint that are shown */
};

/* One of its outputs. */
struct stream {
	struct keyring *keys;
	int fd; /* our end of the pipe; -1: none */
	struct loop_watch *watch;
	struct buf text;
};

struct keyring {
	struct loop *loop;
	struct creds creds;
	void *fetched; /* the memory of those that the program printed; NULL: none */
	struct child *child; /* the program, while it runs */
	struct loop_timer *limit;
	struct stream output, errors;
	bool is_late, is_loud;
	int problem; /* why it did not start, not told yet; 0: it did */
	struct keyring_wait *waiting;
	unsigned round; /* how often those who wait were told */
	bool *gone;     /* while they are told: set when one of them frees us */
};

/* ---- the keys ---- */

static const char *const *
copy_words(const void *ctx, const char *const *words)
{
	size_t n = 0;
	const char **copy;

	if (!words)
		return NULL;
	while (words[n])
		n++;
	copy = mem_array(ctx, const char *, n + 1);
	for (size_t i = 0; i < n; i++)
		copy[i] = mem_text(copy, words[i]);
	return copy;
}

static void on_limit(void *arg);

struct keyring *
keyring_new(const void *ctx, struct loop *loop, const struct creds *from)
{
	struct keyring *keys = mem_new(ctx, struct keyring);

	keys->loop = loop;
	keys->output = keys->errors = (struct stream){ .keys = keys, .fd = -1 };
	if (!from)
		return keys;
	keys->creds = (struct creds){
		.access_key = mem_text(keys, from->access_key),
		.secret = mem_text(keys, from->secret),
		.session_token = mem_text(keys, from->session_token),
		.source = mem_text(keys, from->source),
		.process = copy_words(keys, from->process),
	};
	if (from->process)
		keys->limit = loop_timer_new(loop, on_limit, keys);
	return keys;
}

bool
keyring_is_ready(const struct keyring *keys)
{
	const struct creds *creds = &keys->creds;

	if (!creds->process)
		return true;
	return creds->access_key &&
	       (!creds->expires || moment_now() < creds->expires - MARGIN_MS);
}

const struct creds *
keyring_creds(const struct keyring *keys)
{
	return keys->creds.access_key ? &keys->creds : NULL;
}

static void
wipe(struct keyring *keys)
{
	const char *const *process = keys->creds.process;
	const char *source = keys->creds.source;

	creds_wipe(&keys->creds);
	keys->creds.process = process;
	keys->creds.source = source;
	mem_free(keys->fetched);
	keys->fetched = NULL;
}

/* ---- what the program printed ---- */

static enum err
refuse(const struct keyring *keys, struct fault *why, const char *what, const char *said)
{
	void *life = mem_life(NULL);

	fault(why, ERR_INTERNAL, "No keys from the %s, %.100s: %s%s%s", keys->creds.source,
		text_safe_z(life, keys->creds.process[0]).text, what, *said ? ": " : ".",
		said);
	mem_free(life);
	return why->code;
}

static enum err
read_expiration(const struct value *tree, int64_t *expires)
{
	const struct value *value = value_get(tree, "Expiration");

	*expires = 0;
	if (!value || value->kind == VALUE_NULL)
		return ERR_NONE;
	if (value->kind != VALUE_TEXT || !moment_from_iso(value->text, expires))
		return ERR_INVALID;
	return ERR_NONE;
}

static enum err
read_keys(struct keyring *keys, struct fault *why)
{
	void *life = mem_life(keys);
	const struct buf *text = &keys->output.text;
	const struct value *tree;
	struct creds got = keys->creds;
	struct fault bad;

	wipe(keys);
	keys->fetched = life;
	if (json_parse_capped(life, text->data, text->len, VALUES_MAX, &tree, &bad))
		return refuse(keys, why, "it printed no JSON", bad.sentence);
	if (value_int(tree, "Version", 0) != 1)
		return refuse(keys, why, "what it printed has no \"Version\": 1", "");
	got.access_key = value_text(tree, "AccessKeyId");
	got.secret = value_text(tree, "SecretAccessKey");
	got.session_token = value_text(tree, "SessionToken");
	if (!got.access_key || !got.secret)
		return refuse(keys, why,
			"what it printed lacks AccessKeyId or SecretAccessKey", "");
	if (read_expiration(tree, &got.expires))
		return refuse(keys, why,
			"its Expiration is no time such as 2026-12-01T12:00:00Z", "");
	if (got.expires && got.expires <= moment_now())
		return refuse(keys, why, "the keys it printed have expired", "");
	keys->creds = got;
	return ERR_NONE;
}

/* The last line of what it complained of. */
static const char *
read_complaint(const void *ctx, const struct buf *text)
{
	size_t n = text->len;
	const char *line;

	while (n > 0 && strchr(" \t\r\n", text->data[n - 1]))
		n--;
	line = n > 0 ? memrchr(text->data, '\n', n) : NULL;
	line = line ? line + 1 : text->data;
	n -= (size_t)(line - text->data);
	return text_safe(ctx, line, n < SAID_MAX ? n : SAID_MAX).text;
}

static enum err
judge(struct keyring *keys, int status, int signal, struct fault *why)
{
	void *life = mem_life(NULL);
	const char *said = read_complaint(life, &keys->errors.text);
	enum err err;

	if (keys->is_late)
		err = refuse(keys, why, "it ran for more than a minute and was ended", said);
	else if (keys->is_loud)
		err = refuse(keys, why, "it printed more than 64 KiB and was ended", "");
	else if (signal)
		err = refuse(keys, why, mem_format(life, "signal %d ended it", signal), said);
	else if (status)
		err = refuse(keys, why, mem_format(life, "it ended with %d", status), said);
	else
		err = read_keys(keys, why);
	mem_free(life);
	return err;
}

/* ---- running it ---- */

/* False when there is nothing more to read, now or ever. */
static bool
read_some(struct stream *stream)
{
	char piece[4096];
	ssize_t n = read(stream->fd, piece, sizeof piece);

	if (n > 0)
		buf_add(&stream->text, piece, (size_t)n);
	digest_wipe(piece, sizeof piece);
	if (n == 0 && stream->watch)
		loop_watch_set(stream->watch, 0);
	return n > 0;
}

static void
on_output(void *arg, int fd, int ready)
{
	struct stream *stream = arg;
	struct keyring *keys = stream->keys;

	(void)fd;
	(void)ready;
	read_some(stream);
	if (!stream->text.full || keys->is_loud || !keys->child)
		return;
	keys->is_loud = true;
	child_signal(keys->child, SIGKILL);
}

/* Our end of a pipe; the other, which the program gets, or -1 (errno). */
static int
open_stream(struct stream *stream)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	stream->fd = ends[0];
	fcntl(stream->fd, F_SETFL, O_NONBLOCK);
	buf_init(&stream->text, stream->keys, OUTPUT_MAX);
	stream->watch = loop_watch_new(
		stream->keys->loop, stream->fd, LOOP_READ, on_output, stream);
	return ends[1];
}

static void
close_stream(struct stream *stream)
{
	if (stream->fd < 0)
		return;
	if (stream->watch)
		loop_watch_stop(stream->watch);
	close(stream->fd);
	digest_wipe(stream->text.data, stream->text.room);
	buf_release(&stream->text);
	stream->watch = NULL;
	stream->fd = -1;
}

static void
close_streams(struct keyring *keys)
{
	close_stream(&keys->output);
	close_stream(&keys->errors);
}

static void begin(struct keyring *keys);

/* Whoever is told may wait anew, which is for the next time, or free us. */
static void
tell(struct keyring *keys, const struct fault *why)
{
	unsigned round = ++keys->round;
	bool gone = false;

	keys->gone = &gone;
	while (!gone && keys->waiting && keys->waiting->round != round) {
		struct keyring_wait *wait = keys->waiting;

		keyring_forget(keys, wait);
		wait->fn(wait->arg, why);
	}
	if (gone)
		return;
	keys->gone = NULL;
	if (keys->waiting)
		begin(keys);
}

static void
on_end(void *arg, int status, int signal)
{
	struct keyring *keys = arg;
	struct fault why;
	enum err err;

	keys->child = NULL;
	loop_timer_clear(keys->limit);
	while (!keys->output.text.full && read_some(&keys->output))
		continue;
	while (!keys->errors.text.full && read_some(&keys->errors))
		continue;
	err = judge(keys, status, signal, &why);
	close_streams(keys);
	tell(keys, err ? &why : NULL);
}

/* 0, or why the program does not run. */
static int
start(struct keyring *keys)
{
	const char *const *process = keys->creds.process;
	struct child_plan plan = {
		.env = (const char *const *)environ,
		.fds = { -1, open_stream(&keys->output), open_stream(&keys->errors) },
	};
	const char **argv = (const char **)copy_words(keys, process);
	int problem;

	argv[0] = child_find(argv, process[0]);
	plan.argv = argv;
	errno = ENOENT;
	keys->child = argv[0] ? child_start(keys->loop, &plan, on_end, keys) : NULL;
	problem = keys->child ? 0 : errno;
	mem_free(argv);
	for (int i = 1; i < 3; i++)
		if (plan.fds[i] >= 0)
			close(plan.fds[i]);
	return problem;
}

/* Too long; or told later, like any end, that it did not start. */
static void
on_limit(void *arg)
{
	struct keyring *keys = arg;
	struct fault why;

	if (keys->child) {
		keys->is_late = true;
		child_signal(keys->child, SIGKILL);
		return;
	}
	close_streams(keys);
	refuse(keys, &why, "it cannot be started", strerror(keys->problem));
	keys->problem = 0;
	tell(keys, &why);
}

static void
begin(struct keyring *keys)
{
	keys->is_late = keys->is_loud = false;
	keys->problem = start(keys);
	loop_timer_set(keys->limit, keys->problem ? 0 : PATIENCE_MS, 0);
}

void
keyring_await(struct keyring *keys, struct keyring_wait *wait)
{
	assert(!keyring_is_ready(keys));
	wait->round = keys->round;
	DL_APPEND(keys->waiting, wait);
	if (!keys->child && !keys->problem && !keys->gone)
		begin(keys);
}

void
keyring_forget(struct keyring *keys, struct keyring_wait *wait)
{
	if (wait->prev)
		DL_DELETE(keys->waiting, wait);
	wait->next = wait->prev = NULL;
}

void
keyring_free(struct keyring *keys)
{
	if (keys->gone)
		*keys->gone = true;
	if (keys->child)
		child_end(keys->child);
	close_streams(keys);
	if (keys->limit)
		loop_timer_stop(keys->limit);
	wipe(keys);
	mem_free(keys);
}
