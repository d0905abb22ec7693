"""A service that works for long: load of every kind, something breaking every ten seconds,
and neither memory nor descriptors that only grow.

ONECLICK_SOAK is how many seconds (10)."""
import os
import random
import re
import signal
import statistics
import time

import books
import load
import rig
from rig import expect

SECONDS = float(os.environ.get("ONECLICK_SOAK", 10))
EVERY = min(10, SECONDS / 4)  # s between two things that break
# MiB the memory may grow between the second quarter and the last, without the store's
# caches: those fill as the store grows, and end at CACHES (4 MiB of who writes, 2 of each
# that reads, and what the pages' own keeping takes).
GROWTH = 2 + SECONDS / 3600
CACHES = 4 + 3 * 2 + 2


class Ground:
    def __init__(self, place):
        self.mqtt_port, self.broker = rig.free_port(), rig.Broker(place)
        self.receiver = rig.Receiver(place)
        config = place.write("oneclick.yaml", f"""
destinations:
- match: "{load.ARN}*"
  webhook: {{url: "{self.receiver.url}"}}
callbacks: {{allow: [127.0.0.0/8]}}
""")
        os.chmod(config, 0o600)
        self.service = rig.Service(
            place, "--config", config, "--mqtt", self.broker.url, "--mqtt-listen",
            f"127.0.0.1:{self.mqtt_port}", "--throttle", "0")
        self.direct, self.brokered = load.name_devices(1, 8), load.name_devices(2, 2)
        self.tokens = self.service.register(*self.direct, *self.brokered, code=load.CODE)
        self.key = self.service.key()
        load.place_devices(self.service, self.key, self.direct + self.brokered)
        self.books, self.load = books.Books(), load.Load()

    def press(self):
        for device in self.direct[:6]:
            self.load.start(load.press_by_http, self.books, self.service, device,
                            self.tokens[device], .03)
        for device in self.direct[6:]:
            self.load.start(load.press_by_mqtt, self.books, self.mqtt_port, device,
                            self.tokens[device], .1)
        for device in self.brokered:
            self.load.start(load.press_by_mqtt, self.books, self.broker.port, device, None,
                            .1)
        load.add_changes(self.load, self.books, self.service, self.key, 2, pause=.2)

    # ---- what breaks ----

    def reload(self):
        self.service.process.child.send_signal(signal.SIGHUP)

    def lose_broker(self):
        self.broker.kill()
        time.sleep(.5)
        self.broker.start()

    def lose_receiver(self):
        self.receiver.down()
        time.sleep(.5)
        self.receiver.up()

    def fail_callbacks(self):
        self.receiver.answer = random.choice((200, 500, "cut", 503))

    # ---- what is measured ----

    def sample(self):
        """(MiB resident without the store's, open descriptors, MiB of the store's)"""
        proc = f"/proc/{self.service.process.child.pid}"
        with open(proc + "/statm", encoding="ascii") as f:
            pages = int(f.read().split()[1])
        store = float(re.search(r"^oneclick_storage_memory_bytes (\S+)$",
                                self.service.metrics()[2], re.M)[1]) / 2 ** 20
        return (pages * os.sysconf("SC_PAGE_SIZE") / 2 ** 20 - store,
                len(os.listdir(proc + "/fd")), store)

    def settled(self):
        return books.read_store(
            self.service.state, "SELECT (SELECT pos FROM cursor WHERE consumer ="
            " 'dispatch') = (SELECT max(pos) FROM event)")[0][0]


def nothing_grows_and_nothing_is_lost_in_the_long_run(place):
    ground = Ground(place)
    breaks = (ground.reload, ground.lose_broker, ground.lose_receiver,
              ground.fail_callbacks)
    ground.press()
    began, samples, broken = time.monotonic(), [], 0
    while time.monotonic() - began < SECONDS:
        time.sleep(min(1, SECONDS / 20))
        samples.append(ground.sample())
        if time.monotonic() - began > (broken + 1) * EVERY:
            breaks[broken % len(breaks)]()
            broken += 1
        expect(ground.service.process.child.poll() is None, "the service ended: " +
               ground.service.process.errors()[-800:])
    ground.receiver.answer = 200
    ground.load.end()
    acked, changes = ground.books.snapshot()
    rig.wait_for("all to be stored", lambda: acked <= set(books.read_store(
        ground.service.state, "SELECT d.id, e.event_id FROM event e JOIN device d"
        " ON d.num = e.device")), 60)
    rig.wait_for("the log to be read", ground.settled, 60)
    ground.books.check_events(ground.service.state, acked)
    ground.books.check_changes(ground.service.state, changes)
    ground.books.check_audit(ground.service.state)
    ground.service.command("audit", "verify")
    expect(not ground.books.problems, f"{ground.books.problems[:3]}")
    quarter = len(samples) // 4
    early, late = samples[quarter:2 * quarter], samples[-quarter:]
    memory = [statistics.median(s[0] for s in part) for part in (early, late)]
    # At most: how many connections a receiver has at once comes and goes.
    files = [max(s[1] for s in part) for part in (early, late)]
    cache = max(s[2] for s in samples)
    print(f"# {SECONDS:g} s, {len(acked)} presses acknowledged, 0 lost, {broken} things "
          f"broken; memory {memory[0]:.1f} to {memory[1]:.1f} MiB and {cache:.1f} of the "
          f"store's, descriptors {files[0]:.0f} to {files[1]:.0f}")
    # A sanitizer keeps what was freed.
    expect(rig.SLOW > 1 or memory[1] < memory[0] + GROWTH,
           f"memory grew from {memory[0]:.1f} to {memory[1]:.1f} MiB")
    expect(cache < CACHES, f"the store holds {cache:.1f} MiB of memory")
    expect(files[1] <= files[0] + 4, f"descriptors grew from {files[0]} to {files[1]}")


rig.run(globals())
