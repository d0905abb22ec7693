/*
 * drive: presses buttons at a rate and takes the webhooks that come of them, in one
 * process and so by one clock.
 *
 *   drive http|mqtt PORT HOOK-PORT DEVICES RATE SECONDS
 *
 * DEVICES is a file of "ID TOKEN" lines.  RATE 0 is as fast as is acknowledged, over 64
 * connections: by HTTP with one click under way on each, by MQTT with four.  A click is
 * told by its device and its reported time, of which no device uses one twice.  First it
 * prints "listening"; after a line on standard input it begins.  At the end, before it
 * waits for the end of its input, it prints: sent, received, lost, doubled, clicks a second
 * from the first sent to the last received, p50 and p99 in milliseconds.
 */
#include "wire.h"

enum { WINDOW = 256, SENDERS = 64, PATIENCE = 20 };
enum { TO_SERVICE, LISTENER, FROM_HOOK };

struct device {
	char id[40], token[80];
	uint32_t used; /* clicks so far */
};

struct press {
	double sent;
	double came; /* 0: not yet */
};

static int epoll;
static bool by_mqtt;
static int port;
static struct device *devices;
static size_t device_count;
static struct press *presses; /* press n: of device n % count, its time n / count ms on */
static size_t room, sent, acknowledged, received, doubled;
static struct link *senders[SENDERS];
static int in_flight[SENDERS];
static double last_came;
static int64_t epoch; /* of the first click of each device, ms */

static void
read_devices(const char *path)
{
	FILE *f = fopen(path, "re");
	struct device one = { 0 };

	if (!f)
		die(path);
	while (fscanf(f, "%39s %79s", one.id, one.token) == 2) {
		devices = realloc(devices, (device_count + 1) * sizeof one);
		devices[device_count++] = one;
	}
	fclose(f);
}

static void
write_time(int64_t ms, char out[32])
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + 19, 13, ".%03dZ", (int)(ms % 1000));
}

static void
send_click(size_t s)
{
	struct device *device = &devices[sent % device_count];
	struct link *link = senders[s];
	char body[256], at[32], head[320];
	int n;

	if (sent == room) {
		room = room ? 2 * room : 65536;
		presses = realloc(presses, room * sizeof *presses);
	}
	write_time(epoch + (int64_t)(sent / device_count), at);
	n = snprintf(body, sizeof body,
		"{\"deviceId\":\"%s\",\"clickType\":\"SINGLE\",\"reportedTime\":\"%s\"}",
		device->id, at);
	presses[sent] = (struct press){ .sent = now() };
	sent++;
	in_flight[s]++;
	if (by_mqtt) {
		snprintf(head, sizeof head, "oneclick/%s/event", device->id);
		put_publish(&link->out, head, (int)(sent % 60000) + 1, body, (size_t)n);
	} else {
		put(&link->out, head,
			(size_t)snprintf(head, sizeof head,
				"POST /ingest/oneclick HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
				"Authorization: Bearer %s\r\n"
				"Content-Type: application/json\r\n"
				"Content-Length: %d\r\n\r\n",
				port, device->token, n));
		put(&link->out, body, (size_t)n);
	}
	flush_out(epoll, link);
}

/* A connection carries one HTTP request at a time; MQTT takes many. */
static bool
send_somewhere(void)
{
	int most = by_mqtt ? WINDOW / SENDERS : 1;
	size_t begin = sent % SENDERS;

	for (size_t k = 0; k < SENDERS; k++) {
		size_t s = (begin + k) % SENDERS;

		if (in_flight[s] < most) {
			send_click(s);
			return true;
		}
	}
	return false;
}

static size_t
find_device(const char *id, size_t n)
{
	for (size_t i = n > 6 ? strtoul(id + 6, NULL, 10) : 0; i < device_count; i++)
		if (strlen(devices[i].id) == n && memcmp(devices[i].id, id, n) == 0)
			return i;
	die("a webhook of an unknown device");
}

static const char *
find_value(const char *body, size_t n, const char *name)
{
	const char *at = memmem(body, n, name, strlen(name));

	if (!at)
		die("a webhook without what tells it");
	at += strlen(name);
	while (*at == ' ' || *at == ':' || *at == '"')
		at++;
	return at;
}

static void
take_hook(const char *body, size_t n)
{
	const char *id = find_value(body, n, "\"deviceId\"");
	const char *at = find_value(body, n, "\"reportedTime\"");
	size_t device = find_device(id, strcspn(id, "\"")), which;
	struct tm tm = { 0 };

	strptime(at, "%Y-%m-%dT%H:%M:%S", &tm);
	which = (size_t)((int64_t)timegm(&tm) * 1000 + atoi(at + 20) - epoch) *
			device_count +
		device;
	if (which >= sent)
		die("a webhook of a click not made");
	doubled += presses[which].came != 0;
	received += presses[which].came == 0;
	presses[which].came = last_came = now();
}

static void
read_sender(struct link *link)
{
	struct packet packet;
	const char *body;
	size_t n, s = 0;
	int status;

	while (senders[s] != link)
		s++;
	if (!fill(link))
		die("the service hung up");
	if (by_mqtt)
		while (next_packet(&link->in, &packet)) {
			in_flight[s] -= packet.type == 4;
			acknowledged += packet.type == 4;
		}
	else
		while (next_http(&link->in, &body, &n, &status)) {
			if (status != 200) {
				fprintf(stderr, "%d %.*s\n", status, (int)n, body);
				exit(1);
			}
			in_flight[s]--;
			acknowledged++;
		}
}

static void
read_hook(struct link *link)
{
	const char *body;
	size_t n;
	int status;

	if (!fill(link)) {
		drop(link);
		return;
	}
	while (next_http(&link->in, &body, &n, &status)) {
		take_hook(body, n);
		put_text(&link->out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	}
	flush_out(epoll, link);
}

static void
turn(int wait)
{
	struct epoll_event events[256];
	int ready = epoll_wait(epoll, events, 256, wait);

	for (int i = 0; i < ready; i++) {
		struct link *link = events[i].data.ptr;

		if (events[i].events & EPOLLOUT)
			flush_out(epoll, link);
		if (link->kind == LISTENER)
			take_link(epoll, link, FROM_HOOK);
		else if (link->kind == FROM_HOOK)
			read_hook(link);
		else
			read_sender(link);
	}
}

static void
drive(double rate, double seconds)
{
	double began = now(), due;

	while ((due = now() - began) < seconds) {
		bool full = false;

		if (rate > 0)
			while (!full && (double)sent < due * rate)
				full = !send_somewhere();
		else
			while (sent - received < 8 * WINDOW && send_somewhere())
				;
		turn(rate > 0 && rate <= 2000 ? 0 : 1);
	}
	for (double until = now() + PATIENCE;
		now() < until && (received < sent || acknowledged < sent);)
		turn(10);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
report(void)
{
	double *took = malloc((received + 1) * sizeof *took);
	size_t n = 0;

	for (size_t i = 0; i < sent; i++)
		if (presses[i].came > 0)
			took[n++] = presses[i].came - presses[i].sent;
	qsort(took, n, sizeof *took, compare);
	printf("%zu %zu %zu %zu %.1f %.3f %.3f\n", sent, received, sent - received,
		doubled, n ? (double)n / (last_came - presses[0].sent) : 0,
		n ? took[n / 2] * 1e3 : 0, n ? took[n * 99 / 100] * 1e3 : 0);
}

int
main(int argc, char **argv)
{
	char line[8];

	if (argc != 7)
		return 2;
	by_mqtt = strcmp(argv[1], "mqtt") == 0;
	port = atoi(argv[2]);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	read_devices(argv[4]);
	epoch = (int64_t)time(NULL) * 1000 - 3600 * 1000;
	open_listener(epoll, atoi(argv[3]), LISTENER);
	puts("listening");
	fflush(stdout);
	if (!fgets(line, sizeof line, stdin))
		return 1;
	for (size_t s = 0; s < SENDERS; s++) {
		senders[s] = dial(epoll, port, TO_SERVICE);
		if (by_mqtt) {
			snprintf(line, sizeof line, "d%zu", s);
			put_connect(&senders[s]->out, line, NULL, NULL);
			flush_out(epoll, senders[s]);
		}
	}
	drive(atof(argv[5]), atof(argv[6]));
	report();
	fflush(stdout);
	if (fgets(line, sizeof line, stdin)) /* others are still to be looked at */
		return 1;
	return 0;
}
