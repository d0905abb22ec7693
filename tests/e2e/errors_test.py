"""One call of the system fails, the n-th, once or from then on: wherever it is, what was
acknowledged is stored, the store is sound and opens again, nothing hangs or crashes, and
whatever ended in failure says why.

ONECLICK_FAULTS is how many places are tried for each kind of call and failure; without it
each kind of call fails once, somewhere."""
import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import threading

import botocore.exceptions

import books
import faults
import load
import rig
from rig import expect

PLACES = int(os.environ.get("ONECLICK_FAULTS", 0))
DEVICES = load.name_devices(1, 3)
SANITIZED = rig.SLOW > 1  # its own allocator stands before ours
# Family of calls, and the failures it may meet.  Locks that never work again are what a
# program that holds the store is: everything waits for it, and that is not a case of these.
KINDS = (("write", (errno.EIO, errno.ENOSPC, faults.SHORT)), ("sync", (errno.EIO,)),
         ("open", (errno.EIO, errno.EMFILE)), ("read", (errno.EIO,)),
         ("truncate", (errno.EIO,)), ("map", (errno.ENOMEM,)), ("remove", (errno.EIO,)),
         ("rename", (errno.EIO,)), ("lock", (errno.ENOLCK,)), ("memory", (errno.ENOMEM,)))
# What a program may end with that met a fault: failed, usage, taken, broken, configuration.
STATUSES = (1, 2, 69, 74, 78)


def spread(count):
    """The first, the last, and others between, PLACES in all."""
    if count <= PLACES:
        return range(1, count + 1)
    return sorted({1 + i * (count - 1) // max(1, PLACES - 1) for i in range(PLACES)})


def choose(call, errors, seen):
    """(error, nth, length) to be tried of this many calls."""
    if not PLACES:
        return [(errors[0], (seen + 1) // 2, 1)] if seen else []
    lengths = (1,) if call == "lock" else (1, faults.EVER)
    return [(error, nth, length) for error in errors for length in lengths
            for nth in spread(seen)]


def check_end(status, said, call):
    """How a program ended that met a fault."""
    if call == "memory" and status == -signal.SIGABRT:
        expect("out of memory" in said, f"it aborted and said {said[-300:]!r}")
        return
    expect(status == 0 or status in STATUSES, f"it ended with {status}: {said[-600:]}")
    expect(status == 0 or said.strip(), f"it ended with {status} and said nothing")


class Ground:
    """A small fleet to begin each case with, and a page of faults."""

    def __init__(self, place):
        self.place, self.state = place, place.join("fleet")
        self.mqtt_port = rig.free_port()
        service = rig.Service(place, "--throttle", "0")
        self.tokens = service.register(*DEVICES, code=load.CODE)
        self.key = service.key()
        load.place_devices(service, self.key, DEVICES)
        for n in range(30):
            rig.press(service, self.tokens[DEVICES[n % 3]], DEVICES[n % 3], eventId=f"b{n}")
        service.close()
        self.base = place.join("base")
        shutil.copytree(self.state, self.base)
        self.page = faults.Page(place, self.state)
        self.serial = 0

    def fresh(self):
        shutil.rmtree(self.state, ignore_errors=True)
        shutil.copytree(self.base, self.state)

    def cases(self, call, errors, run):
        """Runs once to count the calls, then once for each place, error and duration.
        `run` is given what to fail; what is wrong raises."""
        run(dict(call=call))
        seen, wrong = self.page.seen, []
        chosen = choose(call, errors, seen)
        for error, nth, length in chosen:
            try:
                run(dict(call=call, error=error, nth=nth, length=length))
            except rig.Failed as e:
                wrong.append(f"{call} {nth} of {seen}, {errno.errorcode.get(error, 'short')},"
                             f" {'once' if length == 1 else 'for ever'}: {e}")
        return len(chosen), wrong


def sweep(place, name, run_of, kinds=KINDS):
    """All kinds of failures over one scenario; tells how many, fails with all that is wrong."""
    ground = Ground(place)
    run, count, wrong = run_of(ground), 0, []
    for call, errors in kinds:
        if call == "memory" and SANITIZED:
            continue
        more, bad = ground.cases(call, errors, run)
        count, wrong = count + more, wrong + bad
    print(f"# {name}: {count} faults, {len(wrong)} with something wrong")
    expect(not wrong, f"{len(wrong)} of {count}:\n" + "\n".join(wrong[:10]))
    expect(count, "there was nothing to fail")


# ---- the service ------------------------------------------------------------------------

class Life:
    """One life of the service under a fault, and what it acknowledged in it."""

    def __init__(self, ground, fault, armed_at_start):
        self.ground, self.fault, self.books = ground, fault, books.Books()
        self.changes = books.Changes("p0")
        self.books.changes.append(self.changes)
        self.port = rig.free_port()
        if armed_at_start:
            ground.page.fail(**fault)
        else:
            ground.page.calm()
        self.child = subprocess.Popen(
            [rig.ONECLICKD, "--listen", f"127.0.0.1:{self.port}", "--state", ground.state,
             "--mqtt-listen", f"127.0.0.1:{ground.mqtt_port}", "--throttle", "0"],
            env=ground.page.environment(ground.place.environment(), fault["call"]),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True)
        self.said = []
        self.reader = threading.Thread(
            target=lambda: self.said.extend(self.child.stderr), daemon=True)
        self.reader.start()
        self.watchdog = threading.Timer(40 * rig.SLOW, self.child.kill)
        self.watchdog.start()
        self.ready = "ready" in self.child.stdout.readline()
        if not armed_at_start:
            ground.page.fail(**fault)

    url = property(lambda self: f"http://127.0.0.1:{self.port}")

    def name(self):
        self.ground.serial += 1
        return f"e{self.ground.serial}"

    def press_by_http(self, device):
        sent_as = self.name()
        self.books.send(device, sent_as)
        try:
            status, _, body = rig.press(self, self.ground.tokens[device], device,
                                        eventId=sent_as)
        except OSError:
            return
        if status == 200:
            self.books.acknowledge(device, sent_as, json.loads(body)["eventId"])
        else:
            expect(status in (500, 503), f"a press got {status} {body}")

    def press_by_mqtt(self, device, count):
        names = {n + 1: self.name() for n in range(count)}
        try:
            link = load.MqttLink(self.ground.mqtt_port, device, self.ground.tokens[device],
                                 device)
            for number, sent_as in names.items():
                self.books.send(device, sent_as)
                link.link.sendall(load.mqtt_packets.publish(
                    {"clickType": "LONG", "eventId": sent_as}, number,
                    f"oneclick/{device}/event"))
            for _ in names:
                self.books.acknowledge(device, names[link.acknowledged()])
            link.link.close()
        except OSError:
            pass

    def change_all(self):
        """Each kind of change once; an acknowledged one must have its record."""
        projects = rig.botocore_client(self, self.ground.key, "iot1click-projects")
        devices = rig.botocore_client(self, self.ground.key, "iot1click-devices")
        project, device = f"Q{self.ground.serial}", DEVICES[2]
        arn = f"arn:aws:iot1click:{rig.REGION}:000000000000:devices/{device}"
        self.changes.last = self.ground.serial
        steps = (
            (projects.update_placement, dict(projectName="P", placementName="p0",
                                             attributes={"n": str(self.changes.last)})),
            (projects.create_project, dict(projectName=project)),
            (projects.update_project, dict(projectName=project, description="d")),
            (projects.create_placement, dict(projectName=project, placementName="x")),
            (projects.delete_placement, dict(projectName=project, placementName="x")),
            (projects.delete_project, dict(projectName=project)),
            (projects.disassociate_device_from_placement, dict(
                projectName="P", placementName="p2", deviceTemplateName="b")),
            (projects.associate_device_with_placement, dict(
                projectName="P", placementName="p2", deviceTemplateName="b",
                deviceId=device)),
            (devices.tag_resource, dict(ResourceArn=arn, Tags={"a": project})),
            (devices.untag_resource, dict(ResourceArn=arn, TagKeys=["a"])),
            (devices.update_device_state, dict(DeviceId=device, Enabled=False)),
            (devices.invoke_device_method, dict(DeviceId=device, DeviceMethod={
                "DeviceType": "button", "MethodName": "setDeviceHealthMonitorCallback"},
                DeviceMethodParameters=json.dumps({"callback": {
                    "awsLambdaArn": load.ARN + project}}))),
            (devices.unclaim_device, dict(DeviceId=device)),
            (devices.claim_devices_by_claim_code, dict(ClaimCode=load.CODE)),
        )
        for call, words in steps:
            try:
                reply = call(**words)["ResponseMetadata"]
            except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
                if self.child.poll() is not None:
                    return
                continue
            self.changes.requests.append(reply["HTTPHeaders"]["x-amzn-requestid"])
            if call is steps[0][0]:
                self.changes.acked = self.changes.last

    def end(self):
        """(status, what it said)"""
        if self.child.poll() is None:
            self.child.terminate()
        status = self.child.wait()
        self.watchdog.cancel()
        self.reader.join()
        self.child.stdout.close()
        self.child.stderr.close()
        return status, "".join(self.said)


def check_store(ground, life):
    """Afterwards and without faults: it starts, and all that was acknowledged is there."""
    service = rig.Service(ground.place, "--throttle", "0")
    for n in range(30):
        life.books.send(DEVICES[n % 3], f"b{n}")
    life.books.check_events(ground.state, life.books.snapshot()[0])
    life.books.check_changes(ground.state, [life.changes])
    known = {json.loads(r[0]).get("requestID") for r in books.read_store(
        ground.state, "SELECT record FROM audit")}
    lost = [i for i in life.changes.requests if i not in known]
    expect(not lost, f"{len(lost)} acknowledged changes have no record")
    service.command("audit", "verify")
    service.close()
    sound = books.read_store(ground.state, "PRAGMA integrity_check")
    expect(sound == [("ok",)], f"the store is damaged: {sound[:2]}")


def run_service(ground, armed_at_start):
    def run(fault):
        ground.fresh()
        life = Life(ground, fault, armed_at_start)
        try:
            if life.ready:
                for device in DEVICES[:2]:
                    life.press_by_http(device)
                life.change_all()
                life.press_by_mqtt(DEVICES[0], 4)
                life.press_by_http(DEVICES[1])
        finally:
            status, said = life.end()
        expect(status != -signal.SIGKILL, f"it hung: {said[-600:]}")
        check_end(status, said, fault["call"])
        check_store(ground, life)
    return run


def the_service_survives_faults_from_its_start(place):
    sweep(place, "service from its start", lambda ground: run_service(ground, True))


def the_service_survives_faults_under_load(place):
    sweep(place, "service under load", lambda ground: run_service(ground, False))


# ---- commands and migration -------------------------------------------------------------

def run_command(ground, fault, *words):
    """(status, output); how it ended is looked at."""
    ground.page.fail(**fault)
    try:
        done = subprocess.run(
            [rig.ONECLICKD, *words, "--state", ground.state],
            env=ground.page.environment(ground.place.environment(), fault["call"]),
            capture_output=True, text=True, timeout=40 * rig.SLOW,
            stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise rig.Failed(f"{' '.join(words)} hung")
    check_end(done.returncode, done.stderr, fault["call"])
    return done.returncode, done.stdout


def count_events(path):
    """Events of a sound store, or -1."""
    link = sqlite3.connect(path)
    try:
        sound = link.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return link.execute("SELECT count(*) FROM event").fetchone()[0] if sound else -1
    except sqlite3.DatabaseError:
        return -1
    finally:
        link.close()


def run_backup(ground):
    ground.page.directory = ground.place.path
    path = ground.place.join("copy.backup")
    whole = count_events(os.path.join(ground.base, "oneclick.db"))

    def run(fault):
        ground.fresh()
        with open(path, "w", encoding="utf-8") as f:
            f.write("an older one")
        status, _ = run_command(ground, fault, "backup", path)
        with open(path, "rb") as f:
            older = f.read() == b"an older one"
        expect(older or count_events(path) == whole, "half a backup has the name")
        expect(status != 0 or not older, "status 0, and the older backup is there")
        left = [n for n in os.listdir(ground.place.path) if n.startswith("copy.backup.")]
        expect(not left or fault["length"] > 1 or fault["call"] in ("remove", "memory"),
               f"it left {left}")
    return run


def run_restore(ground):
    ground.page.directory = ground.place.path
    path = ground.place.join("whole.backup")
    ground.fresh()
    subprocess.run([rig.ONECLICKD, "backup", path, "--state", ground.state], check=True,
                   env=ground.place.environment(), timeout=60 * rig.SLOW)
    whole = count_events(path)

    def run(fault):
        ground.fresh()
        store = os.path.join(ground.state, "oneclick.db")
        link = sqlite3.connect(store)
        link.execute("DELETE FROM event WHERE pos = (SELECT max(pos) FROM event)")
        link.commit()
        link.close()
        status, _ = run_command(ground, fault, "restore", "--replace", path)
        events = count_events(store)
        expect(events in (whole, whole - 1), f"neither store: {events} events")
        expect(status != 0 or events == whole, "status 0, and the old store is there")
    return run


def run_key(ground):
    def run(fault):
        ground.fresh()
        status, out = run_command(ground, fault, "key", "create", "--user", "bob",
                                  "--policy", "AWSIoT1ClickReadOnlyAccess")
        stored = books.read_store(
            ground.state, "SELECT id FROM access_key WHERE user = 'bob' AND revoked_at = 0")
        told = [line.split("=")[1] for line in out.splitlines() if "KEY_ID" in line]
        expect(status != 0 or (stored and told == [stored[0][0]]),
               f"status 0, told {told}, stored {stored}")
    return run


def run_migration(ground):
    shutil.rmtree(ground.base)
    os.mkdir(ground.base, 0o700)
    link = sqlite3.connect(os.path.join(ground.base, "oneclick.db"))
    with open(os.path.join(rig.HERE, "store_v1.sql"), encoding="utf-8") as f:
        link.executescript(f.read())
    link.close()
    os.chmod(os.path.join(ground.base, "oneclick.db"), 0o600)

    def run(fault):
        ground.fresh()
        run_command(ground, fault, "user", "list")
        service = rig.Service(ground.place)
        devices = rig.botocore_client(
            service, ("AKIAOLDOLDOLDOLDOLDA", "secret" * 6 + "secr"), "iot1click-devices")
        expect(len(devices.list_device_events(
            DeviceId="G030PM0000000001", FromTimeStamp="2020-01-01",
            ToTimeStamp="2100-01-01")["Events"]) == 2, "the old events are not listed")
        service.close()
    return run


def a_backup_is_whole_or_the_older_one_stays(place):
    sweep(place, "backup", run_backup)


def a_restore_puts_one_store_or_the_other(place):
    sweep(place, "restore", run_restore)


def a_key_that_is_told_is_stored(place):
    sweep(place, "key create", run_key)


def a_store_of_old_is_migrated_whole_or_not_at_all(place):
    sweep(place, "migration", run_migration)


rig.run(globals())
