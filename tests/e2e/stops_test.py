"""The service ends, breaks off and reloads under load, with the status that is right: 0 for
TERM, 74 for storage that fails, and a reload ends nothing.

ONECLICK_STOPS is how often it is stopped for each number of clients (1)."""
import errno
import os
import signal
import threading
import time

import books
import faults
import load
import rig
from rig import expect, expect_equal

STOPS = int(os.environ.get("ONECLICK_STOPS", 1))
CLIENTS = (1, 4, 16, 24)


class Ground:
    def __init__(self, place):
        self.place, self.mqtt_port = place, rig.free_port()
        self.receiver = rig.Receiver(place)
        config = place.write("oneclick.yaml", f"""
destinations:
- match: "{load.ARN}*"
  webhook: {{url: "{self.receiver.url}"}}
callbacks: {{allow: [127.0.0.0/8]}}
""")
        os.chmod(config, 0o600)
        self.service = rig.Service(
            place, "--config", config, "--mqtt-listen", f"127.0.0.1:{self.mqtt_port}",
            "--throttle", "0")
        self.devices = load.name_devices(1, max(CLIENTS)) + load.name_devices(2, 1)
        self.tokens = self.service.register(*self.devices, code=load.CODE)
        self.key = self.service.key()
        load.place_devices(self.service, self.key, self.devices[:4], self.devices[4:])
        self.books, self.changes = books.Books(), books.Changes("p0")
        self.books.changes.append(self.changes)

    def press(self, clients):
        """Keep-alive clients at work, a tenth of them (at least one) changing things."""
        work = load.Load()
        for device in self.devices[:clients]:
            work.start(load.press_by_http, self.books, self.service, device,
                       self.tokens[device], .001)
        work.start(load.press_by_mqtt, self.books, self.mqtt_port, self.devices[-1],
                   self.tokens[self.devices[-1]], .001)
        work.start(load.change_by_api, self.books, self.service, self.key, self.changes, .01)
        return work

    def wait_work(self):
        """Until the load is taken, so that a stop meets it."""
        before = len(self.books.acked)
        rig.wait_for("presses to be taken", lambda: len(self.books.acked) > before + 20, 20)

    def wait_end(self, what):
        """The status, and what was said; a service that hangs is ended."""
        child = self.service.process.child
        limit = threading.Timer(30 * rig.SLOW, child.kill)
        limit.start()
        status = child.wait()
        limit.cancel()
        expect(status != -signal.SIGKILL, f"{what} did not end it within {30 * rig.SLOW} s: "
               f"{self.service.process.errors()[-800:]}")
        return status


def stop_once(ground, clients):
    work = ground.press(clients)
    try:
        ground.wait_work()
        began = time.monotonic()
        ground.service.process.child.terminate()
        status = ground.wait_end("TERM")
        took = time.monotonic() - began
        expect(status == 0, f"TERM under {clients} clients ended it with {status}: "
               f"{ground.service.process.errors()[-1500:]}")
    finally:
        work.end()
    ground.service.start()
    acked, changes = ground.books.snapshot()
    ground.books.check_events(ground.service.state, acked)
    ground.books.check_changes(ground.service.state, changes)
    return took


def a_stop_under_any_load_ends_with_0(place):
    ground, times = Ground(place), []
    for clients in CLIENTS:
        for _ in range(STOPS):
            times.append(stop_once(ground, clients))
    expect(not ground.books.problems, f"{ground.books.problems[:3]}")
    print(f"# {len(times)} stops under load, all with status 0, at most {max(times):.1f} s")


def asked_again_and_again_it_ends_with_0(place):
    ground = Ground(place)
    child = ground.service.process.child
    ending = threading.Event()

    def ask_on():
        while child.returncode is None and not ending.wait(.001):
            os.kill(child.pid, signal.SIGTERM)  # not reaped before wait_end sees it

    for _ in range(3):
        work = ground.press(4)
        try:
            ground.wait_work()
            asking = threading.Thread(target=ask_on)
            asking.start()
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
            ending.set()
            asking.join()
            expect_equal(ground.wait_end("TERM"), 0, "status")
        finally:
            work.end()
        ending.clear()
        ground.service.start()
        child = ground.service.process.child


def storage_that_fails_under_load_ends_with_74(place):
    ground = Ground(place)
    page = faults.Page(place, ground.service.state)
    for clients in CLIENTS[1:]:
        for call, error in (("sync", errno.EIO), ("write", errno.EIO)):
            ground.service.close()
            page.calm()
            plain = place.environment
            place.environment = lambda **more: page.environment(plain(**more), call)
            ground.service.start()
            place.environment = plain
            work = ground.press(clients)
            try:
                ground.wait_work()
                page.fail(call, error, nth=1, length=faults.EVER)
                expect_equal(ground.wait_end("storage that fails"), 74, "status after a "
                             f"failed {call} under {clients} clients")
            finally:
                work.end()
            page.calm()
            ground.service.start()
            ground.books.check_events(ground.service.state, ground.books.snapshot()[0])


def reloads_under_load_end_nothing(place):
    ground = Ground(place)
    work = ground.press(8)
    ground.wait_work()
    for n in range(1, 11):
        ground.service.process.child.send_signal(signal.SIGHUP)
        rig.wait_for("the reload", lambda: open(ground.service.process.log_path).read()
                     .count("read anew") >= n)
        ground.wait_work()
    work.end()
    expect_equal(ground.service.process.child.poll(), None, "status")
    expect(not ground.books.problems, f"{ground.books.problems[:3]}")
    ground.books.check_events(ground.service.state, ground.books.snapshot()[0])


rig.run(globals())
