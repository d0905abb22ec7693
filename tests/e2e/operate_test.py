"""Operating it: under a supervisor, backed up while it works, restored elsewhere, kept
small."""
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time

import rig
from rig import expect, expect_equal

CONTRIB = os.path.join(rig.HERE, "../../contrib")
DEVICE = "G030PM0123456789"
CODE = "C-1234567890"


class Supervisor:
    """The end of systemd's notification socket."""

    def __init__(self, place):
        self.path = place.join("notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        place.closing.append(self.socket)

    def environment(self, **more):
        return dict(NOTIFY_SOCKET=self.path, **more)

    def hear(self, seconds=10.0):
        """The next datagram's lines, or None."""
        self.socket.settimeout(seconds * rig.SLOW)
        try:
            return self.socket.recv(4096).decode().split("\n")
        except socket.timeout:
            return None

    def until(self, line):
        heard = []
        while line not in heard:
            more = self.hear()
            expect(more is not None, f"waited for {line}, heard {heard}")
            heard += more
        return heard

    def forget(self):
        while self.hear(0.05):
            pass


def supervised(place, *options, **environment):
    supervisor = Supervisor(place)
    env = place.environment(**supervisor.environment(**environment))
    process = rig.Process(place, "oneclickd", [
        rig.ONECLICKD, "--listen", "127.0.0.1:0", "--state", place.join("fleet"), *options],
        env=env)
    return supervisor, process


def the_supervisor_hears_of_start_reload_and_end(place):
    supervisor, process = supervised(place)
    heard = supervisor.until("READY=1")
    heard = heard if heard[-1].startswith("STATUS=") else heard + supervisor.hear()
    expect(any(h.startswith("STATUS=ready on http://127.0.0.1:") for h in heard), heard)
    process.child.send_signal(signal.SIGHUP)
    heard = supervisor.until("READY=1")
    expect_equal(heard[0], "RELOADING=1")
    since = int(re.fullmatch(r"MONOTONIC_USEC=(\d+)", heard[1])[1]) / 1e6
    expect(0 <= time.monotonic() - since < 60, f"{since} is not now")
    process.child.terminate()
    supervisor.until("STOPPING=1")
    expect_equal(process.child.wait(20 * rig.SLOW), 0, "exit status")


def the_journal_is_told_priorities_and_a_file_moments(place):
    for is_journal in (True, False):
        name = place.join(f"journal-{is_journal}.log")
        with open(name, "wb") as stream:
            of = os.fstat(stream.fileno())
            child = subprocess.Popen(
                [rig.ONECLICKD, "--listen", "127.0.0.1:0", "--state", place.join("fleet")],
                stderr=stream, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                env=place.environment(JOURNAL_STREAM=f"{of.st_dev}:{of.st_ino + 1 - is_journal}"))
            child.stdout.readline()
            child.send_signal(signal.SIGHUP)
            rig.wait_for("a line", lambda: os.path.getsize(name) > 0)
            child.terminate()
            expect_equal(child.wait(20 * rig.SLOW), 0, "exit status")
            child.stdout.close()
        with open(name, encoding="utf-8") as f:
            line = f.readline()
        wanted = r"<6>the settings .*" if is_journal else r"\d{4}-\S+Z info the settings .*"
        expect(re.fullmatch(wanted + "\n", line), line)


def its_pulse_stops_while_the_store_does_not_answer(place):
    supervisor, _ = supervised(place, WATCHDOG_USEC="400000")
    supervisor.until("WATCHDOG=1")
    supervisor.until("WATCHDOG=1")
    holder = sqlite3.connect(place.join("fleet/oneclick.db"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    time.sleep(0.3 * rig.SLOW)  # a pulse that was under way
    supervisor.forget()
    supervisor.socket.settimeout(1.5)
    try:
        heard = supervisor.socket.recv(4096)
    except socket.timeout:
        heard = None
    expect(heard is None, f"{heard} while the store was held")
    holder.execute("ROLLBACK")
    holder.close()
    supervisor.until("WATCHDOG=1")


def a_watchdog_of_another_process_is_not_ours(place):
    supervisor, _ = supervised(place, WATCHDOG_USEC="100000", WATCHDOG_PID="1")
    supervisor.until("READY=1")
    supervisor.socket.settimeout(0.5)
    try:
        heard = supervisor.socket.recv(4096)
    except socket.timeout:
        heard = None
    expect(heard is None, f"heard {heard}")


def the_units_are_sound(place):
    names = os.listdir(os.path.join(CONTRIB, "systemd"))
    for name in names:
        with open(os.path.join(CONTRIB, "systemd", name), encoding="utf-8") as f:
            text = f.read()
        place.write(name, text.replace("/usr/local/bin/oneclickd",
                                       os.path.abspath(rig.ONECLICKD)))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no",
                           *map(place.join, sorted(names))],
                          capture_output=True, text=True, timeout=60)
    expect_equal((done.returncode, done.stdout + done.stderr), (0, ""))
    done = subprocess.run(["systemd-analyze", "security", "--offline=true",
                           "--threshold=20", place.join("oneclickd.service")],
                          capture_output=True, text=True, timeout=60)
    expect_equal(done.returncode, 0, done.stdout[-400:])


def the_manual_pages_say_what_help_does(place):
    for program in (rig.ONECLICK, rig.ONECLICKD):
        said = subprocess.run([program, "--help"], capture_output=True, text=True,
                              env=place.environment(), timeout=20 * rig.SLOW).stdout
        page = subprocess.run([os.path.join(rig.HERE, "../tools/man.sh"), program, "1", "x"],
                              capture_output=True, text=True, env=place.environment(),
                              timeout=20 * rig.SLOW)
        expect_equal((page.returncode, page.stderr), (0, ""))
        lines = page.stdout.splitlines()
        expect_equal(lines[0].split()[:2], [".TH", os.path.basename(program).upper()])
        expect({".SH OPTIONS", ".SH COMMANDS", ".SH EXIT STATUS"} <= set(lines), lines)
        for line in lines:
            expect(not line.startswith(("'", ".")) or
                   line.split()[0] in (".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".br"), line)
        plain = page.stdout.replace("\\-", "-")
        for option in re.findall(r"^  (--[a-z-]+)", said, re.M):
            expect(f"\n\\fB{option}" in plain, f"{option} is not in the page")


def a_second_service_on_the_same_state_says_so(place):
    service = rig.Service(place)
    done = subprocess.run([rig.ONECLICKD, "--listen", "127.0.0.1:0", "--state",
                           service.state], env=place.environment(), capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, timeout=20 * rig.SLOW)
    expect_equal(done.returncode, 69, done.stderr)
    expect("Another oneclickd serves " + service.state in done.stderr, done.stderr)


def a_state_that_cannot_be_used_ends_it(place):
    for name in ("file", "foreign/oneclick.db"):
        os.makedirs(os.path.dirname(place.join(name)), exist_ok=True)
        place.write(name, "no store at all, but long enough to look at " * 20)
    for state, status in (("file", 78), ("foreign", 74)):
        done = subprocess.run([rig.ONECLICKD, "--listen", "127.0.0.1:0", "--state",
                               place.join(state)], env=place.environment(), text=True,
                              capture_output=True, stdin=subprocess.DEVNULL,
                              timeout=20 * rig.SLOW)
        expect_equal(done.returncode, status, done.stderr)
        expect("\noneclickd: " in "\n" + done.stderr, done.stderr)


# ---- backup ----

def load(service, token, seconds, pause):
    """Presses from one thread at about 1/pause a second; the acknowledged, with when."""
    acknowledged, stop = [], threading.Event()

    def press():
        n = 0
        until = time.monotonic() + seconds
        while not stop.is_set() and time.monotonic() < until:
            n += 1
            try:
                status, _, body = rig.press(service, token, DEVICE, eventId=f"e-{n}")
            except OSError:
                return
            if status == 200:
                acknowledged.append((json.loads(body)["eventId"], time.monotonic()))
            time.sleep(pause)
    thread = threading.Thread(target=press)
    thread.start()
    return acknowledged, stop, thread


def stored_ids(path):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        expect_equal(db.execute("PRAGMA integrity_check").fetchone()[0], "ok")
        return {r[0] for r in db.execute("SELECT event_id FROM event WHERE kind <= 2")}


def fleet_of(aws):
    """All but the life that presses take."""
    devices = aws.devices("list-devices")["Devices"]
    for device in devices:
        del device["RemainingLife"]
    return [devices, aws.projects("list-projects"),
            aws.projects("describe-placement", "--project-name", "Rooms",
                         "--placement-name", "one")]


def what_was_acknowledged_before_a_backup_is_in_it(place):
    """Under load, the service then killed, and the backup restored elsewhere."""
    service = rig.Service(place)
    token = service.register(DEVICE, code=CODE)[DEVICE]
    key = service.key()
    aws = rig.Aws(service, key)
    aws.devices("claim-devices-by-claim-code", "--claim-code", CODE)
    aws.projects("create-project", "--project-name", "Rooms")
    aws.projects("create-placement", "--project-name", "Rooms", "--placement-name", "one",
                 "--attributes", "Room=217")
    acknowledged, stop, thread = load(service, token, 30, 0.003)
    rig.wait_for("100 clicks", lambda: len(acknowledged) >= 100)
    began = time.monotonic()
    service.command("backup", place.join("fleet.backup"))
    after = len(acknowledged)
    rig.wait_for("more clicks", lambda: len(acknowledged) > after + 20)
    fleet = fleet_of(aws)
    service.process.kill()
    stop.set()
    thread.join()
    expect_equal(os.stat(place.join("fleet.backup")).st_mode & 0o777, 0o600, "mode")
    other = rig.Service.__new__(rig.Service)
    other.place, other.state = place, place.join("elsewhere")
    other.command("restore", place.join("fleet.backup"))
    before = {name for name, at in acknowledged if at < began}
    kept = stored_ids(place.join("elsewhere/oneclick.db"))
    expect(before and before <= kept, f"lost {sorted(before - kept)[:5]}")
    other.__init__(place, state="elsewhere")
    expect_equal(fleet_of(rig.Aws(other, key)), fleet, "the fleet")
    expect_equal(rig.press(other, token, DEVICE)[0], 200, "a press after the restore")


def a_restore_keeps_off_what_is_in_use_or_there(place):
    service = rig.Service(place)
    key = service.key("alice")
    service.command("backup", place.join("a.backup"))
    for words in (("restore", place.join("a.backup"), "--replace"), ("compact",)):
        done = service.command(*words, ok=False)
        expect(done.returncode != 0 and "Another oneclickd" in done.stderr, done.stderr)
    service.key("bob")
    service.process.close()
    service.command("compact")
    done = service.command("restore", place.join("a.backup"), ok=False)
    expect(done.returncode != 0 and "--replace" in done.stderr, done.stderr)
    expect("bob" in service.command("key", "list").stdout, "bob is still there")
    service.command("restore", "--replace", place.join("a.backup"))
    said = service.command("key", "list").stdout
    expect("alice" in said and "bob" not in said, said)
    service.start()
    rig.botocore_client(service, key, "iot1click-devices").list_devices()


def an_interrupted_backup_leaves_nothing(place):
    service = rig.Service(place)
    with sqlite3.connect(place.join("fleet/oneclick.db")) as db:
        db.execute("CREATE TABLE filler (bytes BLOB)")
        for _ in range(60):
            db.execute("INSERT INTO filler VALUES (randomblob(4000000))")
    backup = subprocess.Popen([rig.ONECLICKD, "backup", "--state", service.state,
                               place.join("b.backup")], env=place.environment(),
                              stderr=subprocess.PIPE, text=True)
    def beside():
        return [n for n in os.listdir(place.path) if n.startswith(("b.backup", ".oneclick-"))]
    rig.wait_for("its beginning", beside)
    backup.send_signal(signal.SIGINT)
    _, said = backup.communicate(timeout=60)
    expect(backup.returncode != 0 and "Stopped" in said, f"{backup.returncode} {said}")
    expect_equal(beside(), [])


# ---- retention ----

def what_is_older_than_it_is_kept_goes(place):
    path = place.write("a.yaml", "keep-events: 400d\n")
    os.chmod(path, 0o644)
    service = rig.Service(place, "--config", path)
    token = service.register(DEVICE, code=CODE)[DEVICE]
    devices = rig.botocore_client(service, service.key(), "iot1click-devices")
    devices.claim_devices_by_claim_code(ClaimCode=CODE)
    for _ in range(30):
        rig.press(service, token, DEVICE)
    for _ in range(5):
        devices.list_devices()

    def rows(table):
        with sqlite3.connect(f"file:{service.state}/oneclick.db?mode=ro", uri=True) as db:
            return db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    rig.wait_for("records of the reads", lambda: rows("audit") >= 6)
    expect(rows("event") > 30, "events are there")
    time.sleep(1.1)
    place.write("a.yaml", "keep-events: 1s\nkeep-audit: 1s\n")
    service.process.child.send_signal(signal.SIGHUP)
    rig.wait_for("the last ones to be all", lambda: rows("event") == 1 == rows("audit"))
    expect_equal(rig.press(service, token, DEVICE)[0], 200, "a press after that")


rig.run(globals())
