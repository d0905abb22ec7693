"""What every end-to-end test stands on: the real service, the real aws command, a real
broker and the real console in a real terminal; a fresh directory and free ports for each.

A test is a function whose name says what holds; run(globals()) runs them in order and
prints TAP.  Nothing is mocked, nothing waits longer than it says.
"""
import base64
import hmac
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import types
import urllib.parse

import aws_command

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("ONECLICK_BUILD", os.path.join(HERE, "../../build/release"))
ONECLICK = os.path.join(BUILD, "oneclick")
ONECLICKD = os.path.join(BUILD, "oneclickd")
SCREEN = os.path.join(BUILD, "tests/tools/screen")
GOLDEN = os.path.join(HERE, "../golden")
AWS = aws_command.AWS
REGION = "us-west-2"
SLOW = 4 if "asan" in BUILD or "tsan" in BUILD else 1  # sanitizers take their time


class Failed(Exception):
    pass


class Skipped(Exception):
    """What this machine lacks for a test; tests/run.sh lists it."""


def expect(holds, sentence):
    if not holds:
        raise Failed(sentence)


def expect_equal(got, wanted, what="value"):
    expect(got == wanted, f"{what}: got {got!r}, wanted {wanted!r}")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, holds, seconds=10.0):
    until = time.monotonic() + seconds * SLOW
    while True:
        got = holds()
        if got:
            return got
        if time.monotonic() > until:
            raise Failed(f"waited {seconds * SLOW:g} s for {what}")
        time.sleep(0.02)


class Place:
    """A fresh directory that is kept, and named, when the test fails."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="oneclick-test-")
        self.closing = []

    def join(self, *names):
        return os.path.join(self.path, *names)

    def write(self, name, text):
        path = self.join(name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def environment(self, **more):
        """Nothing of the caller's home, region or keys reaches the programs."""
        env = {k: v for k, v in os.environ.items()
               if not k.startswith(("AWS_", "ONECLICK_", "ONECLICKD_", "XDG_", "SSH_",
                                    "TMUX", "NOTIFY_", "LISTEN_", "STATE_DIR"))
               and k not in ("NO_COLOR", "LINES", "COLUMNS", "PYTHONPATH")}
        env.update(HOME=self.path, TMPDIR=self.path, LANG="C.UTF-8", TZ="UTC",
                   PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                   XDG_STATE_HOME=self.join("state-home"),
                   XDG_CONFIG_HOME=self.join("config-home"),
                   XDG_RUNTIME_DIR=self.join("run"), ONECLICKD_CONFIG="none",
                   TERM="xterm-256color", AWS_PAGER="")
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            env[name] = ":".join(filter(None, [
                env.get(name), "log_path=" + self.join("sanitizer")]))
        env.update(more)
        os.makedirs(self.join("run"), mode=0o700, exist_ok=True)
        return env

    def reports(self):
        """What the sanitizers of all programs started here wrote, their ends included."""
        found = ""
        for name in sorted(os.listdir(self.path)):
            if name.startswith("sanitizer."):
                with open(self.join(name), encoding="utf-8", errors="replace") as f:
                    found += f"{name}: {f.read()[:4000]}\n"
        return found

    def close(self, keep):
        for thing in reversed(self.closing):
            try:
                thing.close()
            except Exception:  # the test's own failure matters more
                traceback.print_exc()
        self.closing = []
        reports = self.reports()
        expect(not reports, f"a sanitizer spoke: {reports}")
        if not keep:
            shutil.rmtree(self.path, ignore_errors=True)


def find_leaks(env):
    """For what runs for long.  In commands, which end at once, leaks do no harm, and to look
    for them takes longer than they do."""
    return dict(env, ASAN_OPTIONS=env["ASAN_OPTIONS"] + ":detect_leaks=1")


class Process:
    """A program under test, ended by its pid."""

    def __init__(self, place, name, argv, ready=None, env=None, stdin=subprocess.DEVNULL):
        self.log_path = place.join(name + ".log")
        self.log = open(self.log_path, "ab")
        self.child = subprocess.Popen(argv, stdin=stdin, stdout=subprocess.PIPE,
                                      stderr=self.log,
                                      env=find_leaks(env or place.environment()))
        place.closing.append(self)
        self.ready_line = self.wait_ready(ready) if ready else ""

    def wait_ready(self, ready):
        os.set_blocking(self.child.stdout.fileno(), False)
        seen = b""

        def look():
            nonlocal seen
            more = self.child.stdout.read()
            seen += more or b""
            if self.child.poll() is not None:
                raise Failed(f"{self.child.args[0]} ended with {self.child.returncode} "
                             f"before it was ready: {self.errors()}")
            return ready.encode() in seen and seen.endswith(b"\n")
        wait_for(f"{ready!r} from {self.child.args[0]}", look, 20)
        return seen.decode().strip().splitlines()[-1]

    def errors(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()[-4000:]

    def kill(self):
        self.child.kill()
        self.child.wait()

    def close(self):
        if self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(20 * SLOW)
            except subprocess.TimeoutExpired:
                self.child.kill()
                raise Failed(f"{self.child.args[0]} did not end within {20 * SLOW} s")
        self.log.close()
        if self.child.stdout:
            self.child.stdout.close()
        if self.child.stdin:
            self.child.stdin.close()


class Service:
    """oneclickd on a free port, with keys made by its own command."""

    METRICS_TOKEN = "a-long-enough-token"

    def __init__(self, place, *options, state="fleet", port=0, metrics=True):
        if metrics and "--metrics-token-file" not in options:
            token = place.write("metrics.token", self.METRICS_TOKEN + "\n")
            os.chmod(token, 0o600)
            options += ("--metrics-token-file", token)
        self.place, self.options = place, options
        self.state = place.join(state)
        self.own_port = port or free_port()  # its own; `port` may be a proxy's
        self.front = None
        self.start()

    def start(self):
        import fronts
        self.process = Process(
            self.place, "oneclickd",
            [ONECLICKD, "--listen", f"127.0.0.1:{self.own_port}", "--state", self.state,
             *self.options], ready="oneclickd: ready on ")
        where = f"http://127.0.0.1:{self.own_port}"
        if "--socket" in self.options:
            where += " and unix:" + self.options[self.options.index("--socket") + 1]
        expect_equal(self.process.ready_line, f"oneclickd: ready on {where}",
                     "the ready line")
        self.front = self.front or fronts.open_front(self.place, self.own_port)
        self.port = self.front.port if self.front else self.own_port
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    def command(self, *words, ok=True):
        done = subprocess.run([ONECLICKD, *words, "--state", self.state],
                              env=self.place.environment(), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=60 * SLOW)
        expect(not ok or done.returncode == 0,
               f"oneclickd {' '.join(words)}: {done.returncode} {done.stderr}")
        return done

    def metrics(self, token=METRICS_TOKEN, **headers):
        """Status, headers and text of /metrics."""
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return http(self.url + "/metrics", headers=headers)

    def key(self, user="alice", policy="AWSIoT1ClickFullAccess", account=None):
        words = ["key", "create", "--user", user, "--policy", policy]
        if account:
            words += ["--account", account]
        lines = dict(line.split("=", 1) for line in
                     self.command(*words).stdout.splitlines() if "=" in line)
        return lines["AWS_ACCESS_KEY_ID"], lines["AWS_SECRET_ACCESS_KEY"]

    def register(self, *ids, code=None):
        """Makes devices known; the token of each."""
        path = self.place.write("devices.csv", "deviceId,claimCode\n" + "".join(
            f"{i},{code or ''}\n" for i in ids))
        rows = self.command("device", "register", "--csv", path).stdout.splitlines()
        tokens = dict(r.split(",", 1) for r in rows if not r.startswith("deviceId"))
        expect_equal(set(tokens), set(ids), "registered devices")
        return tokens

    def close(self):
        self.process.close()


class Aws:
    """The aws command of Debian, against our endpoint."""

    def __init__(self, service, key, region=REGION):
        self.service, self.called = service, {}
        self.env = service.place.environment(
            AWS_ACCESS_KEY_ID=key[0], AWS_SECRET_ACCESS_KEY=key[1],
            AWS_DEFAULT_REGION=region, AWS_MAX_ATTEMPTS="1")

    def run(self, *words):
        """Bytes signed twice within a second are one call and get the first reply: what is
        meant twice waits for another second."""
        if words in self.called and time.time() - self.called[words] < 2:
            time.sleep(2 - (time.time() - self.called[words]))
        self.called[words] = time.time()
        return aws_command.run(["--endpoint-url", self.service.url, *words], self.env,
                               60 * SLOW)

    def __call__(self, *words):
        done = self.run(*words)
        expect(done.returncode == 0, f"aws {' '.join(words)}: {done.returncode} {done.stderr}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def devices(self, *words):
        return self("iot1click-devices", *words)

    def projects(self, *words):
        return self("iot1click-projects", *words)

    def refused(self, code, *words):
        """The call must fail with this error code; its sentence."""
        done = self.run(*words)
        expect_equal(done.returncode, 254, f"exit status of aws {' '.join(words)} "
                     f"({done.stdout}{done.stderr})")
        expect(f"({code})" in done.stderr, f"aws {' '.join(words)}: wanted {code}, got "
               f"{done.stderr.strip()}")
        return done.stderr.strip().split("operation", 1)[-1].split(":", 1)[-1].strip()


def botocore_client(service, key, name, retries=0):
    import botocore.session
    from botocore.config import Config
    session = botocore.session.Session()
    session.set_credentials(*key)
    return session.create_client(
        name, region_name=REGION, endpoint_url=service.url,
        config=Config(retries={"max_attempts": retries}, read_timeout=30 * SLOW))


def http(url, method="GET", body=None, headers=None, timeout=20):
    """One plain HTTP exchange: status, headers (lower case), body text."""
    import http.client as client
    at = urllib.parse.urlsplit(url)
    link = client.HTTPConnection(at.hostname, at.port, timeout=timeout * SLOW)
    try:
        target = at.path + ("?" + at.query if at.query else "")
        link.request(method, target, body=body, headers=headers or {})
        got = link.getresponse()
        return got.status, {k.lower(): v for k, v in got.getheaders()}, got.read().decode()
    finally:
        link.close()


def press(service, token, device, click="SINGLE", **more):
    report = dict(deviceId=device, clickType=click, **more)
    return http(service.url + "/ingest/oneclick", "POST", json.dumps(report),
                {"Authorization": "Bearer " + token, "Content-Type": "application/json"})


class Broker:
    """A real mosquitto that keeps what it acknowledged."""

    def __init__(self, place):
        self.place, self.port = place, free_port()
        self.directory = place.join("mosquitto")
        os.makedirs(self.directory, exist_ok=True)
        self.config = place.write("mosquitto.conf", f"""
listener {self.port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {self.directory}/
autosave_interval 1
autosave_on_changes true
max_queued_messages 0
user root
""")
        self.url = f"mqtt://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.child = subprocess.Popen(["/usr/sbin/mosquitto", "-c", self.config],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.place.closing.append(self)

        def answers():
            with socket.socket() as s:
                return s.connect_ex(("127.0.0.1", self.port)) == 0
        wait_for("mosquitto", answers)

    def kill(self):
        self.child.kill()
        self.child.wait()

    def close(self):
        if self.child.poll() is None:
            self.child.terminate()
            self.child.wait(10)


class Receiver:
    """A webhook's other side: keeps all that it was sent, checks the signatures itself, and
    answers as `answer` says: a status, or a function of the number of the request (from 1)
    and what it holds.  A function may return a status, (status, headers[, body]), "hang"
    (no answer), "cut" (half of one), or sleep first."""

    def __init__(self, place, secrets=()):
        self.port, self.secrets = free_port(), list(secrets)
        self.got, self.problems, self.answer = [], [], 200
        self.ahead = 0  # seconds the sender's clock is
        self.lock, self.links, self.listener = threading.Lock(), set(), None
        self.url = f"http://127.0.0.1:{self.port}/clicks"
        self.up()
        place.closing.append(self)

    def up(self):
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def down(self):
        """Nothing listens there any more, and what was open is reset."""
        if not self.listener:
            return
        listener, self.listener = self.listener, None
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        with self.lock:
            links, self.links = self.links, set()
        for link in links:
            try:
                link.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def has_read_all(self):
        """No connection is open, and none waits to be accepted."""
        waiting = select.select([self.listener], [], [], 0)[0]
        with self.lock:
            return not waiting and not self.links

    def accept(self, listener):
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            with self.lock:
                self.links.add(link)
            threading.Thread(target=self.serve, args=(link,), daemon=True).start()

    def serve(self, link):
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with link, link.makefile("rb") as reader:
            try:
                while self.take(link, reader):
                    pass
            except OSError:
                pass
        with self.lock:
            self.links.discard(link)

    def take(self, link, reader):
        first = reader.readline().decode().split()
        if not first:
            return False
        headers = {}
        while (line := reader.readline().decode().strip()):
            name, value = line.split(":", 1)
            headers[name.lower()] = value.strip()
        body = reader.read(int(headers.get("content-length", 0)))
        one = types.SimpleNamespace(method=first[0], target=first[1], headers=headers,
                                    body=body, at=time.time(), id=headers.get("webhook-id"))
        problem = self.check(one)
        with self.lock:
            self.got.append(one)
            number = len(self.got)
            if problem:
                self.problems.append(problem)
        answer = self.answer(number, one) if callable(self.answer) else self.answer
        if answer == "hang":
            reader.read()
            return False
        if answer == "cut":
            link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            link.shutdown(socket.SHUT_RDWR)
            return False
        status, more, *body = answer if isinstance(answer, tuple) else (answer, {})
        one.status, body = status, b"".join(body)
        lines = [f"HTTP/1.1 {status} So", f"Content-Length: {len(body)}"]
        lines += [f"{k}: {v}" for k, v in more.items()]
        link.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        return True

    def check(self, one):
        """Standard Webhooks, from its text: HMAC-SHA256 of id.timestamp.body."""
        if not self.secrets:
            return None
        stamp = one.headers.get("webhook-timestamp", "0")
        if abs(int(stamp) - self.ahead - time.time()) > 300:
            return f"its timestamp is {stamp}"
        signed = f"{one.id}.{stamp}.".encode() + one.body
        wanted = {"v1," + base64.b64encode(hmac.new(
            base64.b64decode(s.removeprefix("whsec_")) if s.startswith("whsec_")
            else s.encode(), signed, "sha256").digest()).decode() for s in self.secrets}
        given = set(one.headers.get("webhook-signature", "").split())
        return None if given == wanted else f"signed {given}, wanted {wanted}"

    def ids(self, status=None):
        """Of what came, in its order; of what was answered with this status."""
        with self.lock:
            return [r.id for r in self.got
                    if status is None or getattr(r, "status", None) == status]

    def events(self):
        with self.lock:
            return [json.loads(r.body) for r in self.got]

    def wait(self, count, seconds=10):
        wait_for(f"{count} requests ({len(self.got)} came)",
                 lambda: len(self.got) >= count, seconds)
        return self.got

    def close(self):
        self.down()
        expect(not self.problems, f"{len(self.problems)} bad signatures: {self.problems[:2]}")


class Clock:
    """The clock of the programs started after it, to be set while they run.  Either it
    alone is set, and what counts the time that passes goes on as it is; or so much time
    `passes`."""

    LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"

    def __init__(self, place, passes=False):
        self.place, self.path = place, place.join("clock")
        self.set(0)
        plain = place.environment
        place.environment = lambda **more: plain(
            LD_PRELOAD=self.LIBRARY, FAKETIME_TIMESTAMP_FILE=self.path,
            FAKETIME_NO_CACHE="1", DONT_FAKE_MONOTONIC="0" if passes else "1",
            ASAN_OPTIONS="verify_asan_link_order=0:" + plain()["ASAN_OPTIONS"], **more)

    def set(self, seconds):
        """That much ahead of the real one."""
        self.place.write("clock.new", f"{seconds:+d}s\n")
        os.replace(self.place.join("clock.new"), self.path)


class Screen:
    """A program in a terminal of our own, its screen read by libvterm."""

    def __init__(self, place, argv, rows=24, cols=80, env=None):
        self.place = place
        self.transcript = place.join("transcript")
        self.child = subprocess.Popen(
            [SCREEN, str(rows), str(cols), self.transcript, "--", *argv],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=place.path,
            env=find_leaks(env or place.environment()))
        place.closing.append(self)

    def order(self, text):
        self.child.stdin.write(text + "\n")
        self.child.stdin.flush()
        return self.child.stdout.readline().rstrip("\n")

    def send(self, keys):
        expect_equal(self.order("send " + keys), "ok", "send")

    def wait(self, text, seconds=10):
        got = self.order(f"wait {int(seconds * 1000 * SLOW)} {text}")
        expect(got == "ok", f"waited for {text!r} ({got}); the screen is\n{self}")
        return self

    def gone(self, text, seconds=10):
        got = self.order(f"gone {int(seconds * 1000 * SLOW)} {text}")
        expect(got == "ok", f"{text!r} did not go ({got}); the screen is\n{self}")
        return self

    def press(self, keys, then=None):
        self.send(keys)
        return self.wait(then) if then else self

    def key(self, keys):
        """Sends and waits for what it brings: microseconds until then, and bytes."""
        took, count = self.order("key " + keys).split()[1:]
        return int(took), int(count)

    def quiet(self, seconds=0.2):
        return int(self.order(f"quiet {int(seconds * 1000)}").split()[1])

    def rows(self):
        count = int(self.order("dump").split()[1])
        return [self.child.stdout.readline().rstrip("\n") for _ in range(count)]

    def __str__(self):
        return "\n".join(self.rows())

    def cells(self):
        count = int(self.order("cells").split()[1])
        return [self.child.stdout.readline().rstrip("\n").split(" ") for _ in range(count)]

    def cursor(self):
        row, col, shown = map(int, self.order("cursor").split()[1:])
        return row, col, bool(shown)

    def tty(self):
        return tuple(self.order("tty").split()[1:])

    def signal(self, number):
        self.order(f"signal {int(number)}")

    def pid(self):
        return int(self.order("pid").split()[1])

    def resize(self, rows, cols):
        self.order(f"resize {rows} {cols}")

    def end(self, seconds=10):
        return self.order(f"end {int(seconds * 1000 * SLOW)}")

    def said(self):
        """Every byte the program wrote; it is over with then."""
        self.close()
        with open(self.transcript, "rb") as f:
            return f.read()

    def close(self):
        if self.child.poll() is None:
            try:
                self.child.stdin.close()
            except BrokenPipeError:
                pass
            self.child.wait(10)
        self.child.stdout.close()


def golden(name, text):
    """Compares with tests/golden/NAME, or writes it when GOLDEN=write."""
    path = os.path.join(GOLDEN, name)
    if os.environ.get("GOLDEN") == "write":
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return
    with open(path, encoding="utf-8") as f:
        wanted = f.read()
    expect(text == wanted, f"differs from {name}; got\n{text}\nwanted\n{wanted}")


def run(names):
    """Runs every function of the file that takes a place and whose name is a sentence, in
    the order they stand."""
    os.environ.setdefault("ASAN_OPTIONS", "detect_leaks=0")
    os.environ.setdefault("LSAN_OPTIONS", "print_suppressions=0:suppressions=" +
                          os.path.join(HERE, "lsan.supp"))
    only = sys.argv[1:]
    tests = [(n, f) for n, f in names.items()
             if isinstance(f, types.FunctionType) and f.__module__ == "__main__"
             and f.__code__.co_varnames[:1] == ("place",) and f.__code__.co_argcount == 1
             and n.count("_") > 1 and (not only or n in only)]
    if not tests:
        print("not ok no such test")
        sys.exit(1)
    failed = 0
    for name, test in tests:
        place, words = Place(), name.replace("_", " ")
        began = time.monotonic()
        why = lacks = None
        try:
            test(place)
        except Skipped as e:
            lacks = e
        except Exception as e:
            why = str(e) if isinstance(e, Failed) else traceback.format_exc()
        try:
            place.close(keep=why is not None)
        except Exception as e:
            why = f"{why}\n{e}" if why else str(e)
        took = time.monotonic() - began
        if lacks and why is None:
            print(f"ok {words} # SKIP {lacks}", flush=True)
        elif why is None:
            print(f"ok {words} ({took:.1f} s)", flush=True)
        else:
            failed += 1
            print(f"not ok {words} ({took:.1f} s)")
            print("\n".join("#   " + line for line in why.splitlines()))
            print(f"#   kept in {place.path}", flush=True)
    sys.exit(1 if failed else 0)


def kill9(pid):
    os.kill(pid, signal.SIGKILL)
