"""The store under what disks, clocks, locks and hands do to it: nothing that was
acknowledged is lost without a word, and nothing is acknowledged that is not kept."""
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
import time

import presses
import rig
from rig import expect, expect_equal

DEVICE = "G030PM0000000001"
CODE = "C-1234567890"


def start(place, *options):
    service = rig.Service(place, *options)
    token = service.register(DEVICE, code=CODE)[DEVICE]
    key = service.key()
    rig.botocore_client(service, key, "iot1click-devices", 3).claim_devices_by_claim_code(
        ClaimCode=CODE)
    return service, token, key


def press(service, token, seconds=20):
    """The status, or None when there was no answer."""
    try:
        return rig.http(service.url + "/ingest/oneclick", "POST",
                        f'{{"deviceId":"{DEVICE}","clickType":"SINGLE"}}',
                        {"Authorization": "Bearer " + token}, timeout=seconds)[0]
    except OSError:
        return None


def ready(service):
    began = time.monotonic()
    status, _, body = rig.http(service.url + "/readyz", timeout=10)
    return status, body, time.monotonic() - began


def run(place, *words):
    return subprocess.run([rig.ONECLICKD, *words], env=place.environment(),
                          capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          timeout=60 * rig.SLOW)


def ends(service, status):
    """It must end by itself, with this status; what it said."""
    got = service.process.child.wait(30 * rig.SLOW)
    said = service.process.errors()
    expect_equal(got, status, said)
    return said


# ---- what lies under it is taken away ----

def what_is_taken_away_is_noticed_before_the_next_acknowledgement(place):
    def rename(path):
        os.rename(path, path + ".gone")

    def replace(path):
        shutil.copy(path, path + ".new")
        os.replace(path + ".new", path)

    def cut(path):
        os.truncate(path, os.path.getsize(path) // 2)

    def restore_by_hand(path):
        backup = path + ".backup"
        done = run(place, "backup", backup, "--state", os.path.dirname(path))
        expect_equal(done.returncode, 0, done.stderr)
        shutil.copyfile(backup, path)

    rows = [
        ("the directory", "", shutil.rmtree, "removed"),
        ("the directory's name", "", rename, "removed"),
        ("the file", "oneclick.db", os.unlink, "removed"),
        ("the file's content", "oneclick.db", restore_by_hand, "written over"),
        ("a copy in its place", "oneclick.db", replace, "replaced"),
        ("its log", "oneclick.db-wal", os.unlink, "removed"),
        ("half of its log", "oneclick.db-wal", cut, "cut off"),
        ("the lock", "oneclickd.lock", os.unlink, "removed"),
    ]
    for number, (what, name, take, word) in enumerate(rows):
        service = rig.Service(place, state=f"fleet{number}")
        token = service.register(DEVICE)[DEVICE]
        for _ in range(3):
            expect_equal(press(service, token), 200, what)
        take(os.path.join(service.state, name).rstrip("/"))
        for _ in range(3):
            expect(press(service, token, 5) != 200, f"{what}: a press was acknowledged")
        said = ends(service, 74)
        # A read that met the cut first is said in SQLite's words.
        expect((f"was {word} while it was in use" in said or
                (word == "cut off" and "cannot be read or written" in said)) and
               "nothing more is acknowledged" in said, f"{what}: {said}")


def a_log_cut_while_it_was_away_is_said_at_the_start(place):
    service, token, _ = start(place)
    for _ in range(200):
        expect_equal(press(service, token), 200)
    service.process.kill()
    log = os.path.join(service.state, "oneclick.db-wal")
    os.truncate(log, os.path.getsize(log) // 2)
    service.start()
    said = service.process.errors()
    got = re.search(r"its events end at position (\d+), and (\d+) had been committed, "
                    r"so (\d+) are missing", said)
    expect(got, said)
    kept = presses.rows(service, "SELECT max(pos) FROM event")[0][0]
    expect_equal([int(g) for g in got.groups()][0::2], [kept, int(got[2]) - kept])
    expect(int(got[3]) > 20, said)
    expect_equal(press(service, token), 200, "and it goes on")
    service.process.kill()
    service.start()
    expect_equal(service.process.errors().count("are missing"), said.count("are missing"),
                 "it is said once")


def a_kill_says_nothing_is_missing(place):
    service, token, _ = start(place)
    for _ in range(3):
        for _ in range(20):
            expect_equal(press(service, token), 200)
        service.process.kill()
        service.start()
    expect("missing" not in service.process.errors(), service.process.errors())


# ---- a full disk ----

def a_full_disk_refuses_says_so_and_recovers(place):
    """The limit on the size of files stands for the disk's."""
    service, token, key = start(place)
    pid = service.process.child.pid
    expect_equal(ready(service)[0], 200)
    limits = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    size = os.path.getsize(os.path.join(service.state, "oneclick.db-wal"))
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, limits[1]))
    time.sleep(1.1)
    refused = [press(service, token) for _ in range(50)]
    expect(200 not in refused[1:], refused)
    status, body, took = ready(service)
    expect_equal(status, 503, body)
    expect("full" in body and took < 2, f"{took} {body}")
    stored = presses.count(service)
    time.sleep(5)
    said = [line.split(" ", 1)[1] for line in service.process.errors().splitlines()
            if "full" in line]
    expect(said and len(said) == len(set(said)), f"the log repeats itself: {said}")
    resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
    rig.wait_for("ready again", lambda: ready(service)[0] == 200)
    expect_equal(press(service, token), 200)
    expect_equal(presses.count(service), stored + 1)
    expect_equal(service.process.child.poll(), None)


# ---- a store that others hold ----

class Held:
    """The store's write lock, held by another program."""

    def __init__(self, service):
        self.db = sqlite3.connect(os.path.join(service.state, "oneclick.db"),
                                  isolation_level=None, timeout=30)

    def __enter__(self):
        self.db.execute("BEGIN IMMEDIATE")

    def __exit__(self, *_):
        self.db.execute("ROLLBACK")
        self.db.close()


def a_held_store_is_not_ready_and_keeps_the_presses(place):
    service, token, _ = start(place)
    got = []
    with Held(service):
        thread = threading.Thread(target=lambda: got.append(press(service, token, 60)))
        thread.start()
        for _ in range(3):
            status, body, took = ready(service)
            expect_equal(status, 503, body)
            expect(took < 4 * rig.SLOW and "another program" in body, f"{took} {body}")
        expect_equal(rig.http(service.url + "/healthz")[0], 200)
        service.process.child.send_signal(signal.SIGHUP)
        time.sleep(2)
        expect_equal(rig.http(service.url + "/healthz", timeout=2)[0], 200,
                     "while it waits to read its settings")
    thread.join(60)
    expect_equal(got, [200])
    rig.wait_for("ready again", lambda: ready(service)[0] == 200)
    said = service.process.errors()
    expect_equal(said.count("holds the store's lock"), 1, said)
    expect("is free again" in said, said)
    rig.wait_for("the settings", lambda: "were read anew" in service.process.errors())


def it_ends_in_time_though_its_store_is_held(place):
    service, token, _ = start(place)
    with Held(service):
        threads = [threading.Thread(target=press, args=(service, token, 60))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(1)
        began = time.monotonic()
        service.process.child.terminate()
        expect_equal(service.process.child.wait(30 * rig.SLOW), 0)
        expect(time.monotonic() - began < 10 * rig.SLOW, time.monotonic() - began)
    for thread in threads:
        thread.join(60)


def many_probes_are_one_write(place):
    service, _, _ = start(place)

    def jobs():
        text = service.metrics()[2]
        return float(re.search(r"^oneclick_committed_jobs_total (\S+)$", text, re.M)[1])
    before, began = jobs(), time.monotonic()
    for _ in range(200):
        expect_equal(ready(service)[0], 200)
    seconds = time.monotonic() - began
    expect(jobs() - before < 10 + 3 * seconds, f"{jobs() - before} in {seconds} s")


def settings_read_anew_under_load_stall_nothing(place):
    service, token, key = start(place)
    stop, statuses = threading.Event(), []

    def load():
        while not stop.is_set():
            statuses.append(press(service, token))
    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(40):
        service.process.child.send_signal(signal.SIGHUP)
        time.sleep(0.05)
    stop.set()
    for thread in threads:
        thread.join(60)
    expect_equal(set(statuses), {200}, "what presses were answered")
    rig.wait_for("the settings", lambda: "were read anew" in service.process.errors())
    service.process.child.terminate()
    expect_equal(service.process.child.wait(20 * rig.SLOW), 0)


# ---- time that jumps ----

def table(service, name):
    return presses.rows(service, f"SELECT count(*) FROM {name}")[0][0]


def time_that_jumps_deletes_nothing(place):
    clock = rig.Clock(place)
    service, token, key = start(place)
    for _ in range(20):
        expect_equal(press(service, token), 200)
    names = ("event", "audit", "replay", "dedupe")
    before = [table(service, n) for n in names]

    def looks_over(what):
        """A round of tidying is over when its last chore is."""
        service.process.child.send_signal(signal.SIGHUP)
        time.sleep(3 * rig.SLOW)
        now = [table(service, n) for n in names]
        expect(all(n >= b for n, b in zip(now, before)), f"{what}: {before} became {now}")

    for days in (500, 4100, -9000, -20000, 0):
        clock.set(days * 86400)
        looks_over(f"{days} days off")
    said = service.process.errors()
    expect(4 <= said.count("clock jumped from") <= 6, said)
    for days in (500, 4100, -9000):
        service.process.child.terminate()
        expect_equal(service.process.child.wait(20 * rig.SLOW), 0)
        clock.set(days * 86400)
        service.start()
        looks_over(f"started {days} days off")
    clock.set(0)
    looks_over("right again")
    expect_equal(press(service, token), 200)


def what_is_removed_is_said_with_numbers(place):
    path = place.write("a.yaml", "keep-events: 400d\n")
    os.chmod(path, 0o644)
    service, token, _ = start(place, "--config", path)
    for _ in range(30):
        expect_equal(press(service, token), 200)
    time.sleep(1.1)
    place.write("a.yaml", "keep-events: 1s\n")
    service.process.child.send_signal(signal.SIGHUP)
    said = rig.wait_for("the words", lambda: re.search(
        r"info (\d+) old events were removed", service.process.errors()))
    expect(int(said[1]) >= 30, said[0])


# ---- opening ----

def what_a_person_must_mend_ends_it_with_78(place):
    service = rig.Service(place)
    service.close()
    with sqlite3.connect(os.path.join(service.state, "oneclick.db")) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    done = run(place, "--listen", "127.0.0.1:0", "--state", service.state)
    expect_equal(done.returncode, 78, done.stderr)
    expect("schema 99" in done.stderr and "newer" in done.stderr, done.stderr)
    expect_equal(run(place, "user", "list", "--state", service.state).returncode, 78)

    for mode in (0o777, 0o770, 0o707):
        state = place.join(f"open{mode:o}")
        expect_equal(run(place, "init", "--state", state).returncode, 0)
        os.chmod(state, mode)
        done = run(place, "--listen", "127.0.0.1:0", "--state", state)
        expect_equal(done.returncode, 78, done.stderr)
        expect(f"chmod go-w {state}" in done.stderr, done.stderr)
        expect_equal(run(place, "key", "create", "--user", "a", "--policy",
                         "AWSIoT1ClickReadOnlyAccess", "--state", state).returncode, 78)


def a_state_that_cannot_be_is_found_by_check_config(place):
    for state in ("/proc/nope", "/dev/null/x", place.write("plain", "x")):
        path = place.write("oneclick.yaml", f"state: {state}\n")
        os.chmod(path, 0o644)
        done = run(place, "--config", path, "--check-config")
        expect_equal(done.returncode, 78, f"{state}: {done.stderr}")
        expect(state in done.stderr, done.stderr)
    path = place.write("oneclick.yaml", f"state: {place.join('new/one')}\n")
    done = run(place, "--config", path, "--check-config")
    expect_equal(done.returncode, 0, done.stderr)
    expect(not os.path.exists(place.join("new")), "it made something")


def a_file_that_others_could_read_is_shut(place):
    service = rig.Service(place)
    service.close()
    path = os.path.join(service.state, "oneclick.db")
    os.chmod(path, 0o644)
    service.start()
    expect_equal(os.stat(path).st_mode & 0o777, 0o600)
    expect("others could read" in service.process.errors(), service.process.errors())


def a_medium_that_cannot_be_written_is_read(place):
    service, token, _ = start(place)
    expect_equal(press(service, token), 200)
    service.close()
    os.chmod(place.path, 0o755)
    nobody = 65534 if os.geteuid() == 0 else None
    for name in os.listdir(service.state) + [""]:
        path = os.path.join(service.state, name)
        os.chmod(path, 0o400 if name else 0o500)
        if nobody:
            os.chown(path, nobody, nobody)
    if nobody and not os.access(rig.ONECLICKD, os.X_OK):
        return
    try:
        before = {n: os.stat(os.path.join(service.state, n)).st_mtime_ns
                  for n in os.listdir(service.state)}
        for words in (["audit", "verify"], ["audit", "export"], ["user", "list"],
                      ["key", "list"], ["account", "list"], ["backup", "-"]):
            out = place.join("out")
            os.makedirs(out, exist_ok=True)
            os.chmod(out, 0o777)
            words = ["backup", os.path.join(out, "b")] if words[0] == "backup" else words
            done = subprocess.run([rig.ONECLICKD, *words, "--state", service.state],
                                  env=place.environment(), capture_output=True, text=True,
                                  stdin=subprocess.DEVNULL, user=nobody, cwd="/",
                                  timeout=60 * rig.SLOW)
            expect_equal(done.returncode, 0, f"{words}: {done.stderr}")
        now = {n: os.stat(os.path.join(service.state, n)).st_mtime_ns
               for n in os.listdir(service.state)}
        expect_equal(now, before, "what is beside it")
    finally:
        os.chmod(service.state, 0o700)


def what_only_reads_makes_no_store(place):
    for words in (["user", "list"], ["audit", "verify"], ["audit", "export"]):
        done = run(place, *words, "--state", place.join("none"))
        expect_equal(done.returncode, 1, done.stderr)
        expect("There is no store in " + place.join("none") in done.stderr, done.stderr)
        expect(not os.path.exists(place.join("none")), "it made one")


# ---- a stream whose key goes ----

def a_stream_ends_with_its_key(place):
    service, token, _ = start(place)
    changes = {
        "revoked": lambda key: service.command("key", "revoke", key[0]),
        "denied": lambda key: service.command(
            "user", "policy", "denied", "--attach", place.write(
                "deny.json", '{"Version":"2012-10-17","Statement":[{"Effect":"Deny",'
                '"Action":"*","Resource":"*"}]}')),
    }
    for name, change in changes.items():
        service.command("user", "create", name, "--policy", "AWSIoT1ClickFullAccess")
        lines = service.command("key", "create", "--user", name).stdout.splitlines()
        made = dict(line.split("=", 1) for line in lines if "=" in line)
        key = made["AWS_ACCESS_KEY_ID"], made["AWS_SECRET_ACCESS_KEY"]
        stream = socket.create_connection(("127.0.0.1", service.port), timeout=40 * rig.SLOW)
        headers = presses.signed(service, key, "/stream")
        headers.setdefault("Host", f"127.0.0.1:{service.port}")
        stream.sendall(("GET /stream HTTP/1.1\r\n" + "".join(
            f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n").encode())
        got = b""
        while b":\n\n" not in got:
            got += stream.recv(65536)
        expect_equal(press(service, token), 200)
        while b"event: click" not in got:
            more = stream.recv(65536)
            expect(more, f"{name}: it ended: {got}")
            got += more
        change(key)
        for _ in range(3):
            expect_equal(press(service, token), 200)
        after = b""
        while True:
            more = stream.recv(65536)
            if not more or b"\r\n0\r\n\r\n" in after + more:
                after += more
                break
            after += more
        stream.close()
        expect(b"event: click" not in after, f"{name}: {after}")
        expect(b": The access key" in after or b"denies it" in after, f"{name}: {after}")


rig.run(globals())
