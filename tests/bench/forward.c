/*
 * forward: the plainest program that brings clicks to a webhook, to hold the service
 * against.
 *
 *   forward mqtt BROKER-PORT HOOK-PORT [FILE]    clicks from a broker, QoS 1
 *   forward http LISTEN-PORT HOOK-PORT [FILE]    clicks by HTTP POST
 *
 * It knows no devices and keeps nothing; with FILE it appends each batch to it and syncs
 * it before the batch is acknowledged and forwarded.  Each click is one POST of its own
 * over one of 16 connections, as the service does it.
 */
#include "wire.h"

enum { HOOKS = 16 };
enum { FROM_BROKER, LISTENER, FROM_CLIENT, TO_HOOK };

struct click {
	struct link *from; /* whom to answer */
	int id;
	size_t at, len; /* of its bytes in `batch` */
};

static int epoll, hook_port, file = -1;
static struct link *hooks[HOOKS];
static struct bytes batch; /* clicks not yet stored */
static struct click clicks[65536];
static size_t count;
static struct bytes queue; /* whole POSTs that wait for a free connection */

static void
feed_hooks(void)
{
	for (size_t i = 0; i < HOOKS && queue.at < queue.len; i++) {
		const char *post = queue.data + queue.at;
		size_t n;

		if (hooks[i]->busy)
			continue;
		memcpy(&n, post, sizeof n);
		put(&hooks[i]->out, post + sizeof n, n);
		queue.at += sizeof n + n;
		hooks[i]->busy = true;
		flush_out(epoll, hooks[i]);
	}
}

static void
forward(const struct click *click)
{
	char head[160];
	size_t n = (size_t)snprintf(head, sizeof head,
		"POST /hook HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: "
		"application/json\r\nContent-Length: %zu\r\n\r\n",
		hook_port, click->len);
	size_t whole = n + click->len;

	put(&queue, &whole, sizeof whole);
	put(&queue, head, n);
	put(&queue, batch.data + click->at, click->len);
}

static void
answer(const struct click *click)
{
	if (click->from->kind == FROM_BROKER)
		put_puback(&click->from->out, click->id);
	else
		put_text(&click->from->out,
			"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
}

static void
settle(void)
{
	if (count == 0)
		return;
	if (file >= 0 && (write(file, batch.data, batch.len) != (ssize_t)batch.len ||
				 fdatasync(file) != 0))
		die("file");
	for (size_t i = 0; i < count; i++) {
		answer(&clicks[i]);
		forward(&clicks[i]);
	}
	for (size_t i = 0; i < count; i++)
		flush_out(epoll, clicks[i].from);
	count = 0;
	batch.at = batch.len = 0;
	feed_hooks();
}

static void
take(struct link *from, int id, const char *body, size_t n)
{
	if (count == sizeof clicks / sizeof *clicks)
		settle();
	clicks[count++] =
		(struct click){ .from = from, .id = id, .at = batch.len, .len = n };
	put(&batch, body, n);
}

static void
read_link(struct link *link)
{
	struct packet packet;
	const char *body;
	size_t n;
	int status;

	if (!fill(link)) {
		if (link->kind != FROM_CLIENT)
			exit(0);
		drop(link);
		return;
	}
	if (link->kind == FROM_BROKER)
		while (next_packet(&link->in, &packet)) {
			if (packet.type == 3)
				take(link, packet.id, packet.body, packet.len);
		}
	else
		while (next_http(&link->in, &body, &n, &status)) {
			if (link->kind == FROM_CLIENT)
				take(link, 0, body, n);
			else
				link->busy = false;
		}
}

static void
serve(void)
{
	struct epoll_event events[256];

	for (;;) {
		int ready = epoll_wait(epoll, events, 256, -1);

		for (int i = 0; i < ready; i++) {
			struct link *link = events[i].data.ptr;

			if (events[i].events & EPOLLOUT)
				flush_out(epoll, link);
			if (link->kind == LISTENER)
				take_link(epoll, link, FROM_CLIENT);
			else if (events[i].events & (EPOLLIN | EPOLLHUP))
				read_link(link);
		}
		settle();
		feed_hooks();
	}
}

int
main(int argc, char **argv)
{
	struct link *in;

	if (argc < 4)
		return 2;
	epoll = epoll_create1(EPOLL_CLOEXEC);
	hook_port = atoi(argv[3]);
	if (argc > 4)
		file = open(argv[4], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	for (size_t i = 0; i < HOOKS; i++)
		hooks[i] = dial(epoll, hook_port, TO_HOOK);
	if (strcmp(argv[1], "mqtt") == 0) {
		in = dial(epoll, atoi(argv[2]), FROM_BROKER);
		put_connect(&in->out, "forward", NULL, NULL);
		put_subscribe(&in->out, "oneclick/+/event");
		flush_out(epoll, in);
	} else {
		open_listener(epoll, atoi(argv[2]), LISTENER);
	}
	puts("ready");
	fflush(stdout);
	serve();
}
