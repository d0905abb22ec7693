"""Power cuts: whatever part of what was not yet synced is lost, torn or out of order, the
service starts on what is left and has all that it acknowledged.  Stores that sync less must
lose here, which shows that the test can see.

ONECLICK_CUTS is how many cuts (10), ONECLICK_SEED what chance starts from."""
import http.client
import json
import os
import random
import shutil
import subprocess
import time

import books
import disk
import faults
import load
import rig
from rig import expect

CUTS = int(os.environ.get("ONECLICK_CUTS", 10))
SEED = int(os.environ.get("ONECLICK_SEED", time.time()))
CONTROLS = max(6, CUTS // 20)


class Ground:
    """A service whose writes are written down, and moments of its life."""

    def __init__(self, place, shim="cut", **more):
        self.place, self.books, self.load = place, books.Books(), load.Load()
        self.service = rig.Service(place, "--throttle", "0", state="live")
        self.devices = load.name_devices(1, 8)
        self.tokens = self.service.register(*self.devices, code=load.CODE)
        self.key = self.service.key()
        load.place_devices(self.service, self.key, self.devices)
        self.service.close()
        self.before = place.join("before")
        shutil.copytree(self.service.state, self.before)
        self.journal = place.join("journal")
        self.start(shim, **more)

    def start(self, shim, **more):
        plain = self.place.environment
        self.place.environment = lambda **words: faults.preload(
            plain(**words), shim, FAULT_DIR=self.service.state,
            FAULT_JOURNAL=self.journal, **more)
        self.service.start()
        self.place.environment = plain

    def press(self):
        for device in self.devices:
            self.load.start(load.press_by_http, self.books, self.service, device,
                            self.tokens[device], .001)
        load.add_changes(self.load, self.books, self.service, self.key, 2, pause=.005)

    def moments(self, count):
        """(position in the journal, what was acknowledged before), at chance."""
        found = []
        for _ in range(count):
            time.sleep(random.random() * .08)
            known = self.books.snapshot()
            found.append((os.stat(self.journal).st_size, known))
        self.load.end()
        rig.kill9(self.service.process.child.pid)
        self.service.process.child.wait()
        return found


def open_after(place, directory, device, token):
    """The service starts on what a cut left, and takes one more press."""
    port = rig.free_port()
    env = place.environment()
    child = subprocess.Popen(
        [rig.ONECLICKD, "--listen", f"127.0.0.1:{port}", "--state", directory], env=env,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        ready = child.stdout.readline()
        expect("ready" in ready, "it does not start on what the cut left: " +
               (child.stderr.read() if not ready else ready))
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=20 * rig.SLOW)
        link.request("POST", "/ingest/oneclick", json.dumps(
            {"deviceId": device, "clickType": "LONG", "eventId": "after"}),
            {"Authorization": "Bearer " + token})
        got = link.getresponse()
        expect(got.status == 200, f"a press afterwards: {got.status} {got.read()}")
        link.close()
    finally:
        child.terminate()
        _, said = child.communicate(timeout=20 * rig.SLOW)
    expect(child.returncode == 0, f"it ended with {child.returncode}: {said}")
    audit = subprocess.run([rig.ONECLICKD, "audit", "verify", "--state", directory],
                           env=env, capture_output=True, text=True, timeout=60 * rig.SLOW)
    expect(audit.returncode == 0, f"audit verify: {audit.stdout}{audit.stderr}")
    sound = books.read_store(directory, "PRAGMA integrity_check")
    expect(sound == [("ok",)], f"the store is damaged: {sound[:3]}")


def cut_at(ground, log, number, moment):
    """Whether something was at risk; what is wrong afterwards raises."""
    position, (acked, changes) = moment
    log.read(position)
    after = ground.place.join("after")
    shutil.rmtree(after, ignore_errors=True)
    os.mkdir(after, 0o700)
    at_risk = log.cut(SEED * 100003 + number, after)
    device = ground.devices[0]
    ground.books.send(device, "after")
    open_after(ground.place, after, device, ground.tokens[device])
    ground.books.check_events(after, acked)
    ground.books.check_changes(after, changes)
    return at_risk > 0


def survive_cuts(place, count, **shim):
    """(cuts at which something was at risk, what was wrong by cut)"""
    random.seed(SEED)
    ground = Ground(place, **shim)
    ground.press()
    moments = ground.moments(count)
    expect(not ground.books.problems, f"{ground.books.problems[:5]}")
    log, risky, wrong = disk.Disk(ground.before, ground.journal), 0, []
    for number, moment in enumerate(moments):
        try:
            risky += cut_at(ground, log, number, moment)
        except rig.Failed as e:
            wrong.append(f"cut {number} of seed {SEED}: {e}")
            risky += 1
    log.close()
    return ground, risky, wrong


def what_was_acknowledged_outlives_a_power_cut(place):
    ground, risky, wrong = survive_cuts(place, CUTS)
    expect(not wrong, f"{len(wrong)} of {CUTS}; {wrong[:3]}")
    expect(risky > CUTS // 2, f"only {risky} of {CUTS} cuts could have lost anything")
    print(f"# seed {SEED}: {CUTS} cuts ({risky} with something at risk), "
          f"{len(ground.books.acked)} presses acknowledged, 0 lost, 0 ghosts")


def must_lose(place, name, **shim):
    _, _, wrong = survive_cuts(place, CONTROLS, **shim)
    print(f"# {name}: {len(wrong)} of {CONTROLS} cuts lost something, as they must")
    expect(wrong, f"{name} lost nothing in {CONTROLS} cuts: the test is blind")


def a_store_that_syncs_at_checkpoints_only_loses_in_this_test(place):
    must_lose(place, "synchronous=NORMAL", shim="loose", FAULT_SYNCHRONOUS="NORMAL")


def a_disk_that_ignores_syncs_loses_in_this_test(place):
    must_lose(place, "syncs ignored", FAULT_LIE="1")


rig.run(globals())
