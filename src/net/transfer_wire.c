/*
 * The sockets of transfers.  libcurl wants a connection watched only while a request is
 * under way on it, and asks anew for each; the loop goes on watching between them, which
 * saves it a handful of system calls a request.  So that no watch outlives its socket, all
 * are opened and closed here.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "oneclick/base/mem.h"
#include "transfer_curl.h"

#define uthash_fatal(reason) mem_abort(reason)
#include <uthash.h>

struct wire {
	struct transfers *transfers;
	int fd;
	bool ours;  /* opened here; else, as of a name looked up, it goes when unwanted */
	int wanted; /* what libcurl waits for; 0: nothing is under way */
	int watched; /* what the loop looks for */
	struct loop_watch *watch;
	UT_hash_handle hh;
};

static struct wire *
find(const struct transfers *transfers, int fd)
{
	struct wire *wire;

	HASH_FIND_INT(transfers->wires, &fd, wire);
	return wire;
}

static struct wire *
add(struct transfers *transfers, int fd, bool ours)
{
	struct wire *wire = mem_new(transfers, struct wire);

	*wire = (struct wire){ .transfers = transfers, .fd = fd, .ours = ours };
	HASH_ADD_INT(transfers->wires, fd, wire);
	return wire;
}

static void
drop(struct wire *wire)
{
	HASH_DEL(wire->transfers->wires, wire);
	loop_watch_stop(wire->watch);
	mem_free(wire);
}

static void
look_for(struct wire *wire, int ready)
{
	if (wire->watched == ready)
		return;
	wire->watched = ready;
	loop_watch_set(wire->watch, ready);
}

/* On a connection that rests this is its end, or a word out of turn: libcurl finds either
 * before it uses it again. */
static void
on_ready(void *arg, int fd, int ready)
{
	struct wire *wire = arg;
	int bits = 0;

	if (!wire->wanted) {
		look_for(wire, 0);
		return;
	}
	if (ready & LOOP_READ)
		bits |= CURL_CSELECT_IN;
	if (ready & LOOP_WRITE)
		bits |= CURL_CSELECT_OUT;
	transfers_act(wire->transfers, fd, bits);
}

static int
ready_bits(int what)
{
	if (what == CURL_POLL_IN)
		return LOOP_READ;
	if (what == CURL_POLL_OUT)
		return LOOP_WRITE;
	return what == CURL_POLL_INOUT ? LOOP_READ | LOOP_WRITE : 0;
}

int
wire_watch(CURL *easy, curl_socket_t fd, int what, void *arg, void *unused)
{
	struct transfers *transfers = arg;
	struct wire *wire = find(transfers, fd);
	int wanted = ready_bits(what);

	(void)easy, (void)unused;
	if (!wire && wanted)
		wire = add(transfers, fd, false);
	if (!wire)
		return 0;
	if (!wanted && !wire->ours) {
		drop(wire);
		return 0;
	}
	wire->wanted = wanted;
	if (wire->watch) {
		look_for(wire, wanted ? wanted : LOOP_READ);
	} else if (wanted) {
		wire->watched = wanted;
		wire->watch = loop_watch_new(transfers->loop, fd, wanted, on_ready, wire);
	}
	return 0;
}

curl_socket_t
wire_open(struct transfers *transfers, const struct curl_sockaddr *to)
{
	int fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);

	if (fd >= 0)
		add(transfers, fd, true);
	return fd;
}

int
wire_close(void *transfers, curl_socket_t fd)
{
	struct wire *wire = find(transfers, fd);

	if (wire)
		drop(wire);
	return close(fd);
}
