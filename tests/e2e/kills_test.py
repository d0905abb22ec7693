"""kill -9 at any moment, under mixed load: what was acknowledged stays, is listed and is
delivered; nothing comes twice that was done with.

ONECLICK_KILLS is how often (6), ONECLICK_SEED what chance starts from."""
import collections
import json
import os
import random
import statistics
import threading
import time
import types

import books
import load
import rig
from rig import expect, expect_equal

KILLS = int(os.environ.get("ONECLICK_KILLS", 6))
SEED = int(os.environ.get("ONECLICK_SEED", time.time()))
# s after which a callback that went well is noted: only younger ones may come again.
NOTED = 2 * rig.SLOW
# s between two presses of a client: what is looked through at the end stays the same.
PAUSE = .01 * max(1, KILLS / 40)


class Ground:
    """A service with everything that can lose or double a press around it."""

    def __init__(self, place):
        self.place, self.books, self.load = place, books.Books(), load.Load()
        self.calm = threading.Event()
        self.broker = rig.Broker(place)
        self.receiver = rig.Receiver(place)
        self.receiver.answer = self.answer
        config = place.write("oneclick.yaml", json.dumps(
            {"destinations": [{"match": load.ARN + "*", "timeout": "3s",
                               "webhook": {"url": self.receiver.url}}],
             "callbacks": {"allow": ["127.0.0.0/8"]}}))
        os.chmod(config, 0o600)
        self.mqtt_port = rig.free_port()
        self.service = rig.Service(
            place, "--config", config, "--mqtt", self.broker.url, "--mqtt-listen",
            f"127.0.0.1:{self.mqtt_port}", "--throttle", "0")
        self.direct = load.name_devices(1, 8) + load.name_devices(2, 4)
        self.through_broker = load.name_devices(3, 2)
        # One is off and one has no callback: both are stored and neither is delivered.
        self.silent = load.name_devices(4, 1) + load.name_devices(5, 1)
        self.devices = self.direct + self.through_broker + self.silent
        self.tokens = self.service.register(*self.devices, code=load.CODE)
        self.key = self.service.key()
        load.place_devices(self.service, self.key, self.direct + self.through_broker,
                           self.silent[1:])

    def answer(self, _number, _one):
        """Mostly at once; some fail, some are cut, some are slow."""
        chance = random.random() if not self.calm.is_set() else 1
        if chance < .02:
            return 500
        if chance < .03:
            return "cut"
        if chance < .04:
            time.sleep(.5)
        return 200

    def press(self):
        for device in self.direct[:8] + self.silent:
            self.load.start(load.press_by_http, self.books, self.service, device,
                            self.tokens[device], PAUSE if device in self.direct else 10 * PAUSE)
        for device in self.direct[8:]:
            self.load.start(load.press_by_mqtt, self.books, self.mqtt_port, device,
                            self.tokens[device], PAUSE)
        for device in self.through_broker:
            self.load.start(load.press_by_mqtt, self.books, self.broker.port, device, None,
                            2 * PAUSE)
        load.add_changes(self.load, self.books, self.service, self.key, 2)

    def settled(self):
        return books.read_store(
            self.service.state,
            "SELECT (SELECT pos FROM cursor WHERE consumer = 'dispatch') ="
            " (SELECT max(pos) FROM event) AND NOT EXISTS"
            " (SELECT 1 FROM delivery WHERE state = 0)")[0][0]


def read_open(ground):
    """What the store says may be under way, or waits: (device, event id) each."""
    return set(books.read_store(
        ground.service.state,
        "SELECT d.id, e.event_id FROM event e JOIN device d ON d.num = e.device"
        " WHERE e.pos > (SELECT coalesce(max(pos), 0) FROM cursor"
        "                WHERE consumer = 'dispatch')"
        " OR e.pos IN (SELECT pos FROM delivery WHERE state = 0)"))


def kill_once(ground):
    """Ends the service and starts it; from when to when it was away."""
    time.sleep(random.choice((.05, .2, .5, .8, 1.2)) * (.5 + random.random()))
    went = time.time()
    rig.kill9(ground.service.process.child.pid)
    ground.service.process.child.wait()
    acked, changes = ground.books.snapshot()
    # What it sent is read before it sends again, so that one is told from the other.
    rig.wait_for("the receiver to read what was sent", ground.receiver.has_read_all)
    open_then = read_open(ground)
    ended = time.time()
    ground.service.start()
    came = time.time()
    # A broker's acknowledgement is not ours: those are looked for at the end.
    ground.books.check_events(ground.service.state, {
        a for a in acked if a[0] not in ground.through_broker})
    ground.books.check_changes(ground.service.state, changes)
    return types.SimpleNamespace(went=went, came=came, took=came - ended,
                                 open=open_then)


def check_listed(ground, stored):
    devices = rig.botocore_client(ground.service, ground.key, "iot1click-devices", 3)
    for device in ground.devices:
        pages = devices.get_paginator("list_device_events").paginate(
            DeviceId=device, FromTimeStamp="2020-01-01", ToTimeStamp="2100-01-01",
            PaginationConfig={"PageSize": 250})
        expect_equal(sum(len(page["Events"]) for page in pages),
                     sum(d == device for d, _ in stored), f"listed events of {device}")


def tell(ground, press, kills):
    """What happened to a press, and when the kills around it were."""
    tries = [(one.at, getattr(one, "status", "cut")) for one in ground.receiver.got
             if one.id == press[1]]
    near = [("away", k.went, k.came) for k in kills
            if tries[0][0] - 5 < k.went < tries[-1][0] + 1]
    return f"{tries} {near}"


def check_delivered(ground, stored, kills):
    """Each press of a device with a callback came, always the same; the repetitions."""
    wanted = {s for s in stored if s[0] not in ground.silent}
    answered, bodies = collections.defaultdict(list), collections.defaultdict(set)
    tried = {}  # when each came first, however that ended
    for one in ground.receiver.got:
        body = json.loads(one.body)
        press = (body["deviceInfo"]["deviceId"], one.id)
        tried.setdefault(press, one.at)
        bodies[press].add(json.dumps(body, sort_keys=True))
        if getattr(one, "status", None) == 200:
            answered[press].append(one.at)
    ghosts, missing = set(bodies) - wanted, wanted - set(answered)
    expect(not ghosts, f"{len(ghosts)} deliveries of nothing: {sorted(ghosts)[:3]}")
    expect(not missing, f"{len(missing)} presses not delivered: {sorted(missing)[:3]}")
    changed = [k for k, v in bodies.items() if len(v) > 1]
    expect(not changed, f"{len(changed)} came with two contents: {changed[:3]}")
    repeats = 0
    for press, times in answered.items():
        for first, again in zip(times, times[1:]):
            repeats += 1
            expect(any(press in k.open and tried[press] <= k.came and
                       k.went - NOTED <= first and k.went <= again for k in kills),
                   f"{press} came, was answered and came again {again - first:.1f} s later, "
                   "and no kill found it under way: " + tell(ground, press, kills))
    return repeats


def what_was_acknowledged_outlives_kill_9(place):
    random.seed(SEED)
    ground = Ground(place)
    ground.press()
    kills = []
    for n in range(KILLS):
        kills.append(kill_once(ground))
        if n % 5 == 4:
            ground.service.command("audit", "verify")
    ground.load.end()
    ground.calm.set()
    rig.wait_for("all to be delivered", ground.settled, 120)
    acked, changes = ground.books.snapshot()
    rig.wait_for("what the broker has", lambda: acked <= {(d, e) for d, e in books.read_store(
        ground.service.state, "SELECT d.id, e.event_id FROM event e JOIN device d"
        " ON d.num = e.device")}, 30)
    rig.wait_for("all to be delivered", ground.settled, 120)
    stored = ground.books.check_events(ground.service.state, acked)
    ground.books.check_changes(ground.service.state, changes)
    recorded = ground.books.check_audit(ground.service.state)
    ground.service.command("audit", "verify")
    check_listed(ground, stored)
    repeats = check_delivered(ground, stored, kills)
    expect(not ground.books.problems, f"{ground.books.problems[:5]}")
    expect(acked, "nothing was acknowledged")
    starts = [k.took for k in kills]
    expect(statistics.median(starts) < 2 * rig.SLOW, f"a start takes {max(starts):.1f} s")
    under_way = sum(len(k.open) for k in kills)
    expect(repeats <= under_way, f"{repeats} repeats of {under_way} that were under way")
    print(f"# seed {SEED}: {KILLS} kills, {len(acked)} presses acknowledged, 0 lost, "
          f"0 ghosts, {recorded} changes recorded, {repeats} repeats "
          f"({repeats / KILLS:.1f} a kill, "
          f"{under_way / KILLS:.1f} were under way), a start takes "
          f"{statistics.median(starts) * 1000:.0f} ms, at most {max(starts) * 1000:.0f}")


rig.run(globals())
