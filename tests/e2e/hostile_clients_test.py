"""Clients that mean no good, or are broken: however many and however slow, they shut out
nobody who comes from another address, and the port answers when they are gone."""
import os
import resource
import select
import signal
import socket
import time

import rig
from rig import expect, expect_equal

# A pattern's connections: more than the service lets in at once.
MANY = 4000 if os.environ.get("ONECLICK_HOSTILE") == "long" else 1100
HEAD = b"GET /healthz HTTP/1.1\r\nHost: h\r\n"


class Crowd:
    """Connections from one or several loopback addresses; what they say at once."""

    def __init__(self, place, port, count, sources=("127.0.0.2",), says=b"", settled=True):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
        self.links = []
        place.closing.append(self)
        for i in range(count):
            link = socket.socket()
            link.bind((sources[i % len(sources)], 0))
            link.setblocking(False)
            try:
                link.connect(("127.0.0.1", port))
            except BlockingIOError:
                pass
            self.links.append(link)
        if settled:
            self.settle()
        self.say(says)

    def settle(self):
        """Until all are connected."""
        until = time.monotonic() + 20 * rig.SLOW
        poll = select.poll()
        for link in self.links:
            poll.register(link, select.POLLOUT)
        left = len(self.links)
        while left and time.monotonic() < until:
            for fd, _ in poll.poll(1000):
                poll.unregister(fd)
                left -= 1

    def say(self, text):
        for link in self.links:
            if text:
                try:
                    link.send(text)
                except OSError:
                    pass

    def open(self):
        """Those the service has not ended."""
        count = 0
        for link in self.links:
            try:
                count += link.recv(1, socket.MSG_PEEK) != b""
            except BlockingIOError:
                count += 1
            except OSError:
                pass
        return count

    def close(self):
        for link in self.links:
            link.close()
        self.links = []


def honest(service, source="127.0.0.1"):
    """Seconds that one ordinary request takes from this address."""
    began = time.monotonic()
    with socket.socket() as link:
        link.settimeout(15 * rig.SLOW)
        link.bind((source, 0))
        link.connect(("127.0.0.1", service.own_port))
        link.sendall(HEAD + b"\r\n")
        got = link.recv(4096)
    expect(got.startswith(b"HTTP/1.1 200 "), got)
    return time.monotonic() - began


def answers(service, source="127.0.0.1"):
    """A second on a machine that has nothing else to do; here no more than it can be."""
    took = honest(service, source)
    expect(took < 2 * rig.SLOW, f"an honest client waited {took:.1f} s")


PATTERNS = {
    "idle": b"",
    "a head that does not end": HEAD,
    "half a first line": b"GE",
    "a body that does not come": b"POST /ingest/oneclick HTTP/1.1\r\nHost: h\r\n"
                                 b"Content-Length: 100000\r\n\r\n",
    "a chunk that does not come": b"POST /x HTTP/1.1\r\nHost: h\r\n"
                                  b"Transfer-Encoding: chunked\r\n\r\nffff\r\n",
    "rubbish": b"\x00\x01\x02\r\n\r\n",
    "replies that nobody reads": (HEAD + b"\r\n") * 300,
}


def many_from_one_address_shut_out_nobody_else(place):
    service = rig.Service(place)
    for name, says in PATTERNS.items():
        crowd = Crowd(place, service.own_port, MANY, says=says)
        answers(service)
        crowd.close()
        answers(service, "127.0.0.2")


def many_from_many_addresses_shut_out_nobody_else(place):
    service = rig.Service(place)
    sources = [f"127.0.1.{i}" for i in range(1, 101)]
    for name, says in PATTERNS.items():
        crowd = Crowd(place, service.own_port, MANY, sources, says)
        answers(service)
        crowd.close()
        answers(service, sources[0])


def one_address_holds_no_more_than_its_share(place):
    service = rig.Service(place)
    crowd = Crowd(place, service.own_port, MANY)
    answers(service)
    rig.wait_for("the surplus to be ended", lambda: crowd.open() <= 250)


def all_ending_in_one_turn_leave_the_port_alive(place):
    service = rig.Service(place)
    crowd = Crowd(place, service.own_port, MANY, [f"127.0.1.{i}" for i in range(1, 101)])
    child = service.process.child
    child.send_signal(signal.SIGSTOP)
    more = Crowd(place, service.own_port, 200, ("127.0.0.3",), HEAD, settled=False)
    crowd.close()
    more.close()
    child.send_signal(signal.SIGCONT)
    answers(service)


def a_drip_of_bytes_buys_no_time(place):
    """A head has ten seconds, however often a byte of it comes."""
    service = rig.Service(place)
    with socket.create_connection(("127.0.0.1", service.own_port)) as link:
        link.settimeout(0.5)
        began, got = time.monotonic(), b""
        while not got and time.monotonic() - began < 25 * rig.SLOW:
            try:
                link.send(b"G" if time.monotonic() - began < 0.2 else b"x")
                got = link.recv(4096)
            except socket.timeout:
                pass
            except OSError:
                break
        expect(got.startswith(b"HTTP/1.1 408 "), got)
        expect(b"RequestTimeoutException" in got and b"Connection: close" in got, got)


def the_mqtt_port_shuts_out_nobody_either(place):
    port = rig.free_port()
    service = rig.Service(place, "--mqtt-listen", f"127.0.0.1:{port}")
    token = service.register("G030PM0123456789")["G030PM0123456789"]
    crowd = Crowd(place, port, 2 * MANY, says=b"\x10")
    import subprocess
    done = subprocess.run(
        ["/usr/bin/mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-q", "1", "-u",
         "G030PM0123456789", "-P", token, "-t", "oneclick/G030PM0123456789/event", "-m",
         '{"clickType":"SINGLE"}'], capture_output=True, text=True, timeout=60 * rig.SLOW)
    expect_equal(done.returncode, 0, done.stderr)
    crowd.close()


rig.run(globals())
