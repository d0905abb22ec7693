"""Our own MQTT listener: real clients, odd ones, and what each costs the others."""
import json
import os
import resource
import socket
import struct
import subprocess
import threading
import time

import mqtt_packets
import rig
from mqtt_packets import packet, text
from rig import expect, expect_equal

DEVICE = "G030PM0123456789"
OTHER = "G030PM0123456780"
CODE = "C-1234567890"
TOPIC = f"oneclick/{DEVICE}/event"


class Start:
    """A service that listens, two claimed devices and their tokens."""

    def __init__(self, place, *options):
        self.port = rig.free_port()
        self.service = rig.Service(
            place, "--mqtt-listen", f"127.0.0.1:{self.port}", *options)
        self.tokens = self.service.register(DEVICE, OTHER, code=CODE)
        self.devices = rig.botocore_client(
            self.service, self.service.key(), "iot1click-devices", retries=3)
        self.devices.claim_devices_by_claim_code(ClaimCode=CODE)

    def clicks(self, device=DEVICE):
        pages = self.devices.get_paginator("list_device_events").paginate(
            DeviceId=device, FromTimeStamp="2020-01-01", ToTimeStamp="2100-01-01",
            PaginationConfig={"PageSize": 250})
        return [json.loads(e["StdEvent"]) for p in pages for e in p["Events"]]

    def wait_clicks(self, count, device=DEVICE):
        rig.wait_for(f"{count} clicks", lambda: len(self.clicks(device)) >= count, 30)
        expect_equal(len(self.clicks(device)), count, "clicks")

    def log(self, words):
        rig.wait_for(f"{words!r} in the log",
                     lambda: words in self.service.process.errors())

    def peer(self, **connect):
        return Peer(self, **connect)


def pub(start, *more, payload='{"clickType":"SINGLE"}', device=DEVICE, token=None, qos=1,
        topic=None):
    """mosquitto_pub, the real one."""
    words = ["/usr/bin/mosquitto_pub", "-h", "127.0.0.1", "-p", str(start.port), "-q",
             str(qos), "-u", device, "-P", token or start.tokens[device], "-t",
             topic or f"oneclick/{device}/event", *more]
    if "-l" not in more:
        words += ["-m", payload]
    return subprocess.run(words, input=payload if "-l" in more else None, text=True,
                          capture_output=True, timeout=60 * rig.SLOW)


def connect(user=DEVICE, *words, **more):
    return mqtt_packets.connect(user, *words, **more)


def publish(payload, number=1, topic=TOPIC, dup=False):
    return mqtt_packets.publish(payload, number, topic, dup)


class Peer:
    """A connection of raw packets."""

    def __init__(self, start, sign_in=True, **words):
        self.socket = socket.create_connection(("127.0.0.1", start.port))
        self.socket.settimeout(20 * rig.SLOW)
        if sign_in:
            words.setdefault("password", start.tokens[words.get("user", DEVICE)])
            self.send(connect(**words))
            expect_equal(self.read(4), b"\x20\x02\x00\x00", "CONNACK")

    def send(self, *packets):
        self.socket.sendall(b"".join(packets))
        return self

    def read(self, count):
        got = b""
        while len(got) < count:
            more = self.socket.recv(count - len(got))
            if not more:
                break
            got += more
        return got

    def acks(self, *numbers):
        wanted = b"".join(b"\x40\x02" + struct.pack(">H", n) for n in numbers)
        expect_equal(self.read(len(wanted)), wanted, "PUBACKs")

    def closed(self, after=b""):
        got = self.rest()
        expect_equal(got, after, "what came before the end")

    def rest(self):
        got = b""
        try:
            while True:
                more = self.socket.recv(4096)
                if not more:
                    return got
                got += more
        except ConnectionResetError:
            return got


def presses_of_real_clients_are_stored(place):
    start = Start(place)
    for qos in (0, 1):
        done = pub(start, qos=qos, payload=json.dumps(
            {"clickType": "DOUBLE", "remainingLife": 50 - qos}))
        expect_equal((done.returncode, done.stderr), (0, ""), f"QoS {qos}")
    start.wait_clicks(2)
    expect_equal([(c["clickType"], c["remainingLife"]) for c in start.clicks()],
                 [("DOUBLE", 50.0), ("DOUBLE", 49.0)])


def many_messages_of_one_connection_are_each_stored_once_in_order(place):
    start = Start(place)
    total = 1000
    lines = "".join(json.dumps({"clickType": "SINGLE", "remainingLife": 100 - i / 20,
                                "eventId": f"m{i}"}) + "\n" for i in range(total))
    for _ in range(2):  # the second time all are known
        done = pub(start, "-l", payload=lines)
        expect_equal((done.returncode, done.stderr), (0, ""))
    got = start.clicks()
    expect_equal(len(got), total)
    expect_equal([c["remainingLife"] for c in got], [100 - i / 20 for i in range(total)])


def a_pipelined_flood_is_acknowledged_in_order(place):
    start = Start(place)
    peer = start.peer()
    numbers = range(1, 501)
    peer.send(*[publish({"clickType": "LONG"}, n) for n in numbers])
    peer.acks(*numbers)
    start.wait_clicks(500)


def packets_may_come_a_byte_at_a_time_and_before_connack(place):
    start = Start(place)
    peer = start.peer(sign_in=False)
    peer.send(connect(password=start.tokens[DEVICE]), publish({"clickType": "LONG"}, 7))
    expect_equal(peer.read(8), b"\x20\x02\x00\x00\x40\x02\x00\x07")
    slow = start.peer(sign_in=False)
    slow.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in connect(password=start.tokens[DEVICE], client="slow") + publish(
            {"clickType": "SINGLE"}, 9):
        slow.send(bytes([byte]))
    expect_equal(slow.read(8), b"\x20\x02\x00\x00\x40\x02\x00\x09")
    start.wait_clicks(2)


def a_repeated_packet_is_one_event(place):
    start = Start(place)
    peer = start.peer()
    peer.send(publish({"clickType": "SINGLE"}, 1))
    peer.acks(1)
    peer.send(publish({"clickType": "SINGLE"}, 1, dup=True))
    peer.acks(1)
    # A new packet may use the number again once it was acknowledged.
    peer.send(publish({"clickType": "SINGLE"}, 1))
    peer.acks(1)
    peer.send(publish({"clickType": "DOUBLE"}, 1, dup=True))
    peer.acks(1)
    start.wait_clicks(3)
    # Over connections an eventId tells.
    for _ in range(3):
        again = start.peer(client="again")
        again.send(publish({"clickType": "LONG", "eventId": "e"}, 5, dup=True))
        again.acks(5)
    start.wait_clicks(4)


def what_is_no_event_gets_no_puback_and_ends_the_connection(place):
    """PUBACK says that it is kept, and nothing else can say that it is not."""
    start = Start(place)
    bad = [b"", b"{", b"[]", b'{"clickType":"TRIPLE"}', b'{"clickType":1}',
           b'{"deviceId":"' + OTHER.encode() + b'","clickType":"SINGLE"}', b"\xff",
           b'{"clickType":"SINGLE","clickType":"SINGLE"}', b"x" * 8000]
    for i, payload in enumerate(bad):
        start.peer().send(publish(payload, i + 1)).closed()
    start.log("refused; the last, 127.0.0.1 as " + DEVICE)
    expect_equal(start.clicks(), [])
    # What came before it and with it counts, so that one bad message holds up no other.
    start.peer().send(publish({"clickType": "SINGLE"}, 1), publish(b"{}", 2),
                      publish({"clickType": "LONG"}, 3)).closed(
                          b"\x40\x02\x00\x01\x40\x02\x00\x03")
    start.wait_clicks(2)
    # With QoS 0 nothing was asked for, and nothing is promised.
    peer = start.peer()
    peer.send(publish(b"{}", 0), publish({"clickType": "DOUBLE"}, 7)).acks(7)
    start.wait_clicks(3)
    counts = {line.split("{")[0]: int(line.rsplit(" ", 1)[1]) for line in
              start.service.metrics()[2].splitlines()
              if "unreadable" in line and line[0] != "#"}
    expect_equal(sorted(counts.values()), [len(bad) + 1, len(bad) + 2], f"{counts}")


def a_press_is_taken_without_a_member_that_makes_no_sense(place):
    """By each of the ways in, alike."""
    start = Start(place)
    odd = ['"remainingLife":101', '"remainingLife":"full"', '"reportedTime":"noon"',
           '"eventId":""', '"eventId":[1]', '"deviceId":7', '"x":1', '"remainingLife":{}']
    peer = start.peer()
    for i, more in enumerate(odd):
        peer.send(publish(b'{"clickType":"SINGLE",%s}' % more.encode(), i + 1)).acks(i + 1)
    start.wait_clicks(len(odd))
    start.log("was left out: ")
    for more in ('"remainingLife":101', '"rssi":-70'):
        status, _, body = rig.http(
            start.service.url + "/ingest/oneclick", "POST",
            '{"deviceId":"%s","clickType":"LONG",%s}' % (DEVICE, more),
            {"Authorization": "Bearer " + start.tokens[DEVICE]})
        expect_equal(status, 200, body)
        expect_equal("was left out" in body, "101" in more, body)
    start.wait_clicks(len(odd) + 2)
    peer.send(publish({"clickType": "SINGLE", "remainingLife": "88", "eventId": 5}, 50)).acks(50)
    start.wait_clicks(len(odd) + 3)
    expect_equal([c["remainingLife"] for c in start.clicks()][-1], 88.0)


def a_device_publishes_as_itself_alone(place):
    start = Start(place)
    for topic in (f"oneclick/{OTHER}/event", "oneclick/x", f"{TOPIC}/x", "$SYS/x",
                  f"ONECLICK/{DEVICE}/event"):
        start.peer().send(publish({"clickType": "SINGLE"}, 1, topic=topic)).closed()
    expect_equal(start.clicks() + start.clicks(OTHER), [])
    # What came before it counts.
    start.peer().send(
        publish({"clickType": "SINGLE"}, 1), publish(b"{}", 2, topic="a")).closed(
            b"\x40\x02\x00\x01")
    start.wait_clicks(1)


def only_the_devices_own_token_lets_it_in(place):
    start = Start(place)
    for words, code in (
            (dict(password="wrong"), 5),
            (dict(password=start.tokens[OTHER]), 5),
            (dict(user="G030PM9999999999", password=start.tokens[DEVICE]), 5),
            (dict(user="x" * 500, password="p"), 4),
            (dict(password=b"a\0b"), 4),
            (dict(), 4),
            (dict(user=None), 4),
            (dict(user="", password=""), 4)):
        peer = start.peer(sign_in=False)
        peer.send(connect(**words), publish({"clickType": "SINGLE"}, 1))
        expect_equal(peer.rest(), b"\x20\x02\x00" + bytes([code]), f"CONNACK to {words}")
    expect("Connection Refused: not authorised" in pub(start, token="bad").stderr,
           "mosquitto_pub is told")
    expect_equal(start.clicks(), [])


def guessing_takes_longer_each_time_and_delays_nobody_else(place):
    start = Start(place)
    took = []
    for _ in range(5):
        began = time.monotonic()
        start.peer(sign_in=False).send(connect(password="guess")).rest()
        took.append(time.monotonic() - began)
    expect(took[3] >= 0.9 and took[4] >= 1.9, f"answered after {took}")
    slow = start.peer(sign_in=False).send(connect(password="guess"))
    start.peer().send(publish({"clickType": "SINGLE"}, 1)).acks(1)
    slow.socket.close()
    start.wait_clicks(1)


def other_versions_are_told_so(place):
    start = Start(place)
    old = pub(start, "-V", "mqttv31")
    expect("unacceptable protocol version" in old.stderr, old.stderr)
    new = pub(start, "-V", "mqttv5")
    expect("unsupported protocol version" in new.stderr.lower(), new.stderr)
    expect(old.returncode and new.returncode, "both fail")


def what_is_not_taken_ends_the_connection(place):
    start = Start(place)
    for name, sent in (
            ("SUBSCRIBE", packet(0x82, b"\0\1" + text("#") + b"\0")),
            ("QoS 2", packet(0x34, text(TOPIC) + b"\0\1{}")),
            ("PUBREL", b"\x62\x02\0\1"),
            ("malformed", b"\xFF\0"),
            ("too long", b"\x30\xFF\xFF\x7F"),
            ("CONNECT twice", connect(password="x")),
            ("no identifier", packet(0x32, text(TOPIC) + b"\0\0{}"))):
        peer = start.peer(client=name).send(sent)
        expect_equal(peer.rest(), b"", name)
    for name, sent in (
            ("HTTP", b"GET / HTTP/1.1\r\n\r\n"),
            ("TLS", b"\x16\x03\x01\x02\0\x01"),
            ("PINGREQ first", b"\xC0\0"),
            ("PUBLISH first", publish({"clickType": "SINGLE"})),
            ("a will", connect(flags=0x06) + text("t") + text("m")),
            ("a long CONNECT", connect(client="x" * 6000, password="p")[:5000])):
        expect_equal(start.peer(sign_in=False).send(sent).rest(), b"", name)
    empty = start.peer(sign_in=False).send(
        connect(client="", flags=0xC0, password=start.tokens[DEVICE]))
    expect_equal(empty.rest(), b"\x20\x02\0\x02", "no client ID and a session to keep")
    expect_equal(start.clicks(), [])
    done = pub(start)
    expect_equal(done.returncode, 0, f"the listener lives: {done.stderr}")


def a_subscriber_is_turned_away(place):
    start = Start(place)
    done = subprocess.run(
        ["/usr/bin/mosquitto_sub", "-h", "127.0.0.1", "-p", str(start.port), "-u", DEVICE,
         "-P", start.tokens[DEVICE], "-t", "#", "-W", "3"], text=True, capture_output=True,
        timeout=60)
    expect_equal(done.stdout, "")
    start.log("SUBSCRIBE is not taken")


def silence_beyond_the_keepalive_ends_the_connection(place):
    start = Start(place)
    peer = start.peer(keepalive=1)
    for _ in range(3):
        time.sleep(1)
        expect_equal(peer.send(b"\xC0\0").read(2), b"\xD0\0", "PINGRESP")
    began = time.monotonic()
    peer.closed()
    took = time.monotonic() - began
    expect(1.4 < took, f"closed after {took}")
    start.log("silent longer than its keepalive")


def who_connects_anew_takes_the_place_of_its_older_connection(place):
    start = Start(place)
    first = start.peer(client="same")
    other = start.peer(client="same", user=OTHER)
    second = start.peer(client="same")
    first.closed()
    for peer, topic in ((second, TOPIC), (other, f"oneclick/{OTHER}/event")):
        peer.send(publish({"clickType": "SINGLE"}, 3, topic=topic)).acks(3)


def a_device_has_a_few_connections_at_most(place):
    start = Start(place)
    peers = [start.peer(client=f"c{i}") for i in range(9)]
    peers[0].closed()
    for i, peer in enumerate(peers[1:]):
        peer.send(publish({"clickType": "SINGLE"}, i + 1)).acks(i + 1)
    start.wait_clicks(8)


def a_peer_that_reads_nothing_or_says_nothing_costs_only_itself(place):
    start = Start(place)
    idle = [start.peer(sign_in=False) for _ in range(100)]
    deaf = start.peer(client="deaf")
    deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.socket.setblocking(False)
    flood, sent = b"\xC0\0" * 8192, 0
    until = time.monotonic() + 3
    while time.monotonic() < until:
        try:
            sent += deaf.socket.send(flood)
        except BlockingIOError:
            time.sleep(0.05)
    began = time.monotonic()
    start.peer(client="good").send(publish({"clickType": "SINGLE"}, 1)).acks(1)
    expect(time.monotonic() - began < 2 * rig.SLOW, "another is served meanwhile")
    began = time.monotonic()
    for peer in idle:
        peer.closed()
    expect(time.monotonic() - began < 15 * rig.SLOW, "the silent ones were ended")
    start.log("did not sign in")
    expect_equal(pub(start).returncode, 0, "the listener lives")
    start.wait_clicks(2)


def connections_beyond_the_limit_are_closed_and_the_others_live(place):
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(
        resource.RLIMIT_NOFILE)[1]))
    start = Start(place)
    first = start.peer(client="first")
    peers = [start.peer(sign_in=False) for _ in range(2100)]
    start.log("It had not signed in when others needed the room.")
    expect_equal(peers[0].rest(), b"", "what the longest waiting one hears")
    first.send(publish({"clickType": "SINGLE"}, 1)).acks(1)
    for peer in peers:
        peer.socket.close()
    rig.wait_for("room", lambda: pub(start).returncode == 0)


def nothing_acknowledged_is_lost_when_the_service_is_killed(place):
    start = Start(place)
    acknowledged, stop, lock = set(), threading.Event(), threading.Lock()

    def load(who):
        n = 0
        while not stop.is_set():
            try:
                peer = Peer(start, client=who)
                while not stop.is_set():
                    names = [f"{who}-{n + i}" for i in range(8)]
                    n += 8
                    peer.send(*[publish({"clickType": "SINGLE", "eventId": e}, i + 1)
                                for i, e in enumerate(names)])
                    got = peer.read(32)
                    with lock:
                        acknowledged.update(names[:len(got) // 4])
                    if len(got) < 32:
                        break
            except (OSError, rig.Failed):
                time.sleep(0.02)

    threads = [threading.Thread(target=load, args=(f"t{i}",)) for i in range(4)]
    for t in threads:
        t.start()
    for _ in range(5):
        time.sleep(0.4)
        start.service.process.kill()
        start.service.start()
    stop.set()
    for t in threads:
        t.join()
    expect(len(acknowledged) > 100, f"only {len(acknowledged)} were acknowledged")
    import sqlite3
    name = [f for f in os.listdir(start.service.state) if f.endswith(".db")][0]
    with sqlite3.connect(f"file:{start.service.state}/{name}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT count(*) FROM event WHERE kind <= 2").fetchone()[0]
    # The service makes an ID of an eventId: sending each again must add none.
    peer = start.peer(client="check")
    for i, e in enumerate(sorted(acknowledged)):
        peer.send(publish({"clickType": "SINGLE", "eventId": e}, i % 65535 + 1))
        peer.acks(i % 65535 + 1)
    with sqlite3.connect(f"file:{start.service.state}/{name}?mode=ro", uri=True) as db:
        expect_equal(db.execute("SELECT count(*) FROM event WHERE kind <= 2").fetchone()[0],
                     rows, "rows: all that was acknowledged was there")


def a_service_that_ends_closes_its_connections(place):
    start = Start(place)
    peers = [start.peer(client=str(i)) for i in range(5)]
    peers.append(start.peer(sign_in=False))
    peers[0].send(*[publish({"clickType": "SINGLE"}, n + 1) for n in range(50)])
    start.service.close()
    for peer in peers:
        peer.rest()


def handed_over(place, names, *options):
    """oneclickd as systemd's socket activation starts it: descriptors 3, 4, ... and names."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in names]
    ports = [s.getsockname()[1] for s in sockets]
    script = "".join(f"exec {3 + i}<&{s.fileno()}; " for i, s in enumerate(sockets))
    child = subprocess.Popen(
        ["/bin/bash", "-c", script + f"LISTEN_PID=$$ LISTEN_FDS={len(names)} "
         f"LISTEN_FDNAMES={':'.join(names)} exec \"$@\"", "sh", rig.ONECLICKD, "--state",
         place.join("fleet"), *options], env=place.environment(),
        pass_fds=[s.fileno() for s in sockets], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    for s in sockets:
        s.close()
    return child, ports


def sockets_that_systemd_opened_are_taken_by_name(place):
    # High numbers, so that what becomes 3 and 4 is nothing that is still needed.
    spare = [os.open("/dev/null", os.O_RDONLY) for _ in range(8)]
    child, (mqtt, http) = handed_over(
        place, ["mqtt", "http"], "--listen", "fd:http", "--mqtt-listen", "fd:mqtt")
    for fd in spare:
        os.close(fd)
    try:
        expect_equal(child.stdout.readline().strip(),
                     f"oneclickd: ready on http://127.0.0.1:{http}")
        expect_equal(rig.http(f"http://127.0.0.1:{http}/healthz")[0], 200)
        with socket.create_connection(("127.0.0.1", mqtt)) as peer:
            peer.sendall(connect(password="guess"))
            expect_equal(peer.recv(4), b"\x20\x02\x00\x05")
    finally:
        child.terminate()
        child.communicate(timeout=20 * rig.SLOW)


def a_socket_that_was_not_handed_over_is_told(place):
    child, _ = handed_over(place, ["http"], "--listen", "fd:http", "--mqtt-listen", "fd:mqtt")
    _, errors = child.communicate(timeout=20 * rig.SLOW)
    expect("No socket named mqtt was handed over" in errors, errors)
    done = subprocess.run([rig.ONECLICKD, "--listen", "fd:http", "--state",
                           place.join("fleet")], env=place.environment(),
                          capture_output=True, text=True, timeout=60)
    expect("FileDescriptorName=http" in done.stderr, done.stderr)


def an_address_that_is_taken_is_told(place):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        where = f"127.0.0.1:{s.getsockname()[1]}"
        done = subprocess.run(
            [rig.ONECLICKD, "--listen", "127.0.0.1:0", "--state", place.join("fleet"),
             "--mqtt-listen", where], env=place.environment(), capture_output=True,
            text=True, timeout=60)
    for bad, status in (("unix:/tmp/x", 78), ("nonsense", 2), ("127.0.0.1", 2),
                        (":1883", 2), ("fd:", 2)):
        refused = subprocess.run(
            [rig.ONECLICKD, "--listen", "127.0.0.1:0", "--state", place.join("fleet"),
             "--mqtt-listen", bad], env=place.environment(), capture_output=True, text=True,
            timeout=60)
        expect(refused.returncode == status and len(refused.stderr.splitlines()) == 1,
               f"{bad}: {refused.returncode} {refused.stderr}")
    expect(done.returncode == 69 and where in done.stderr and "--mqtt-listen" in done.stderr,
           f"{done.returncode} {done.stderr}")


rig.run(globals())
