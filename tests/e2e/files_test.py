#!/usr/bin/python3
"""Files and pipes, in and out: what is printed once, what a name may lead to, and that
nothing makes a store on the way to something else."""
import http.server
import json
import os
import stat
import subprocess
import threading

import rig
from headless_test import Cli as Words, DONE, FAILED, UNREACHABLE, USAGE
from rig import expect, expect_equal

A, B, C = (f"G030PM000000000{i}" for i in range(1, 4))
CODE = "C-1234567890"
POLICY = ('{"Version": "2012-10-17", "Statement": '
          '[{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
PROJECT = ("projectName: MeetingRooms\nplacementTemplate: {deviceTemplates: "
           "{Up: {deviceType: button}}}\n")


class Cli(Words):
    """The same, where the first word may be several."""

    def run(self, first, *words, **env):
        return super().run(*first.split(), *words, **env)


def start(place):
    service = rig.Service(place)
    service.register(A, B, code=CODE)
    cli = Cli(place, service, service.key(policy=place.write("all.json", POLICY)))
    cli("claim", CODE)
    return service, cli


def daemon(place, *words, shell=None, **more):
    argv = [rig.ONECLICKD, *words]
    if shell:
        argv = ["/bin/bash", "-c", f'"$@" {shell}', "sh", *argv]
    return subprocess.run(argv, env=place.environment(), text=True, timeout=60 * rig.SLOW,
                          stderr=subprocess.PIPE, **{"stdin": subprocess.DEVNULL,
                                                     "stdout": subprocess.PIPE, **more})


def closed_pipe():
    """The end of a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    return os.fdopen(writer, "wb")


# ---- what is printed once ----

def rows(service, *words):
    return service.command(*words).stdout.splitlines()


def a_secret_that_could_not_be_handed_out_never_counts(place):
    service = rig.Service(place)
    first = service.key()
    state = ["--state", service.state]
    batch = place.write("batch.csv", f"deviceId\n{A}\n{B}\n")
    commands = [("key", "create", "--user", "bob", "--policy", "AWSIoT1ClickFullAccess"),
                ("key", "rotate", first[0]), ("device", "register", C),
                ("device", "register", "--csv", batch)]
    for words in commands:
        with open("/dev/full", "wb") as full:
            done = daemon(place, *words, *state, stdout=full)
        expect_equal(done.returncode, 1, f"{words} to a full disk: {done.stderr}")
        expect("No space left" in done.stderr and "nothing was made" in done.stderr,
               f"{words}: {done.stderr}")
        with closed_pipe() as gone:
            done = daemon(place, *words, *state, stdout=gone)
        expect_equal(done.returncode, 1, f"{words} to nobody: {done.stderr}")
        done = daemon(place, *words, *state, shell=">&-")
        expect_equal(done.returncode, 1, f"{words} to a closed descriptor: {done.stderr}")
    expect_equal(len(rows(service, "key", "list")), 1, "keys")
    expect_equal([r.split("\t")[1] for r in rows(service, "user", "list")], ["alice"],
                 "users")
    expect_equal(len(service.register(A, B, C)), 3, "devices that were not registered")


def what_was_printed_and_then_not_made_is_said_so(place):
    service = rig.Service(place)
    batch = place.write("batch.csv", f"{A}\n{A}\n")
    done = service.command("device", "register", "--csv", batch, ok=False)
    expect_equal((done.returncode, done.stdout), (1, ""), "a batch that cannot be")
    expect("line 2" in done.stderr, done.stderr)
    batch = place.write("batch.csv", f"deviceId,claimCode\n{A},\n{B[:12]}")
    done = service.command("device", "register", "--csv", batch, ok=False)
    expect("line 3: This row has 1 of the first one's 2 fields" in done.stderr, done.stderr)
    expect_equal(len(service.register(A, B)), 2, "devices that were not registered")


def every_command_fails_when_its_last_word_cannot_be_written(place):
    service, cli = start(place)
    out = ["--state", service.state]
    for words in [("key", "list"), ("user", "list"), ("user", "show", "alice"),
                  ("account", "list"), ("audit", "verify"), ("audit", "export")]:
        with open("/dev/full", "wb") as full:
            done = daemon(place, *words, *out, stdout=full)
        expect(done.returncode == 1 and done.stderr, f"{words}: {done}")
    for words in [("--help",), ("--version",)]:
        with open("/dev/full", "wb") as full:
            expect_equal(daemon(place, *words, stdout=full).returncode, 1, words)
    for words in [("devices", "list"), ("devices", "list", "--output", "csv"),
                  ("device", "show", A), ("projects", "list"), ("fleet", "export", "-"),
                  ("deliveries", "list"), ("profile", "list"), ("audit", "export", "-"),
                  ("--help",), ("--version",)]:
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [rig.ONECLICK, "--endpoint", service.url, *words], stdout=full,
                stderr=subprocess.PIPE, text=True, env=cli.env, stdin=subprocess.DEVNULL,
                timeout=60 * rig.SLOW)
        expect(done.returncode not in (0, None) and done.stderr, f"{words}: {done}")


# ---- what a name may lead to ----

def kind(path):
    return stat.S_IFMT(os.lstat(path).st_mode)


def an_export_replaces_regular_files_only(place):
    service, cli = start(place)
    target, link, fifo = place.join("target"), place.join("link"), place.join("fifo")
    place.write("target", "old")
    os.chmod(target, 0o640)
    os.symlink("target", link)
    for words in (("fleet export", link), ("audit export", link)):
        place.write("target", "old")
        cli(*words)
        expect_equal(kind(link), stat.S_IFLNK, f"{words}: the link")
        expect_equal(os.lstat(target).st_mode & 0o777, 0o640, f"{words}: permissions")
        with open(target, encoding="utf-8") as f:
            expect(f.read() != "old", f"{words}: the link's file is the new one")
        os.path.exists(fifo) or os.mkfifo(fifo)
        cli.ends(FAILED, "nobody reads this pipe", *words[:1], fifo)
        got = []
        reader = threading.Thread(target=lambda: got.append(open(fifo, "rb").read()))
        reader.start()
        rig.wait_for("its export", lambda: cli.run(words[0], fifo).returncode == DONE)
        reader.join(20)
        expect(got and got[0].startswith(b"{"), f"{words}: what came out: {got}")
        expect_equal(kind(fifo), stat.S_IFIFO, f"{words}: the pipe")
        cli.ends(FAILED, "No space left", *words[:1], "/dev/full")
        cli(*words[:1], "/dev/null")
        expect_equal(kind("/dev/full"), stat.S_IFCHR, "the device")
        cli.ends(FAILED, "it is a directory", *words[:1], place.path)
        whole = subprocess.run(["/bin/bash", "-c", f'"$@" {words[0]} >(cat; echo end)', "sh",
                                rig.ONECLICK, "--endpoint", service.url],
                               env=cli.env, capture_output=True, text=True)
        expect_equal(whole.returncode, DONE, whole.stderr)
    expect_equal([n for n in os.listdir(place.path) if n.startswith(".oneclick")], [],
                 "what is left beside")


def a_backup_is_put_where_a_link_leads_and_nowhere_else(place):
    service = rig.Service(place)
    os.symlink("real.backup", place.join("link"))
    service.command("backup", place.join("link"))
    expect_equal(kind(place.join("link")), stat.S_IFLNK, "the link")
    expect_equal(os.lstat(place.join("real.backup")).st_mode & 0o777, 0o600, "the backup")
    for path in ("/dev/full", "/dev/null", "-", place.path):
        done = service.command("backup", path, ok=False)
        expect(done.returncode != 0 and done.stderr, f"{path}: {done}")
    expect_equal(kind("/dev/full"), stat.S_IFCHR, "the device")
    expect(not os.path.exists("/dev/.oneclick"), "nothing is left in /dev")


class Hollow(http.server.BaseHTTPRequestHandler):
    """A service whose answers lack what they must have."""
    body = b"{}"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


def an_answer_that_lacks_something_is_no_empty_fleet(place):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hollow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    cli = Cli(place, AWS_ENDPOINT_URL=f"http://127.0.0.1:{server.server_port}",
              AWS_DEFAULT_REGION=rig.REGION, AWS_ACCESS_KEY_ID="AKIA" + 16 * "A",
              AWS_SECRET_ACCESS_KEY="x")
    out = place.join("out")
    for body in (b"{}", b'{"projects": null, "devices": null}',
                 b'{"projects": [{}], "devices": []}', b'{"devices": [], "projects": ""}'):
        Hollow.body = body
        for words in (("fleet export", out), ("audit export", out)):
            done = cli.ends(FAILED, "oneclick: ", *words)
            expect(not os.path.exists(out), f"{words} {body}: a file: {done.stderr}")
    server.shutdown()
    server.server_close()


# ---- pipes in ----

def manifests_and_policies_come_out_of_pipes(place):
    service, cli = start(place)
    own = ["--state", service.state]
    policy, project = place.write("p.json", POLICY), place.write("p.yaml", PROJECT)

    def shell(line):
        done = subprocess.run(
            ["/bin/bash", "-c", line], capture_output=True, text=True, timeout=60 * rig.SLOW,
            env=dict(cli.env, ONECLICK=f"{rig.ONECLICK} --endpoint {service.url}",
                     ONECLICKD=rig.ONECLICKD, STATE=" ".join(own)))
        expect_equal(done.returncode, 0, f"{line}: {done.stdout}{done.stderr}")
        return done.stdout

    shell(f"$ONECLICK project create <(cat {project})")
    shell(f"sed s/Meeting/Living/ {project} | $ONECLICK project create /dev/stdin")
    shell(f"sed s/Meeting/Bed/ {project} | $ONECLICK project create -")
    expect_equal(len(cli.json("projects list")), 3, "projects")
    shell(f"$ONECLICKD user create a --policy <(cat {policy}) $STATE")
    shell(f"cat {policy} | $ONECLICKD user create b --policy /dev/stdin $STATE")
    shell(f"cat {policy} | $ONECLICKD user create c --policy - $STATE")
    expect_equal({r.split("\t")[2] for r in rows(service, "user", "list")
                  if r.split("\t")[1] in "abc"}, {"policy"}, "what the policies are called")
    shell(f"$ONECLICKD key create --user d --policy <(cat {policy}) $STATE")
    shell(f"echo {C} | $ONECLICKD device register --csv - $STATE")
    shell(f"$ONECLICK fleet export - | $ONECLICK apply -f /dev/stdin")
    shell(f"$ONECLICK fleet export out.csv; $ONECLICK fleet import <(cat out.csv); rm out.csv")
    shell(f"$ONECLICK policy simulate <(cat {policy}) iot1click:ListDevices '*'")
    profile = os.path.join(rig.HERE, "../../profiles")
    profile = os.path.join(profile, sorted(n for n in os.listdir(profile)
                                           if n.endswith(".yaml"))[0])
    shell(f"$ONECLICK profile check <(cat {profile})")


# ---- no store on the way ----

def nothing_makes_a_store_on_the_way_to_something_else(place):
    cli = Cli(place)
    for words in [("devices list",), ("--read-only audit export", place.join("audit")),
                  ("fleet export", place.join("fleet")), ("events follow",),
                  ("project create", place.write("p.yaml", PROJECT)), ("press", A)]:
        done = cli.ends(UNREACHABLE, "no store of your own in " +
                        place.join("state-home/oneclick"), *words)
        expect("--endpoint" in done.stderr, f"{words}: {done.stderr}")
    expect(not os.path.exists(place.join("audit")), "no evidence of nothing")
    cli.ends(USAGE, "no command", "devces lst")
    for words in [("key", "create", "--user", "a", "--policy", "AWSIoT1ClickFullAccess"),
                  ("key", "list"), ("device", "register", A), ("audit", "export"),
                  ("audit", "verify"), ("user", "list"), ("account", "create")]:
        for state in ([], ["--state", place.join("elsewhere")]):
            done = daemon(place, *words, *state)
            where = state[1] if state else place.join("state-home/oneclick")
            expect_equal(done.returncode, 1, f"{words}: {done.stderr}")
            expect(f"There is no store in {where}" in done.stderr, f"{words}: {done.stderr}")
    expect(not os.path.exists(place.join("state-home")), "no store at home")
    expect(not os.path.exists(place.join("elsewhere")), "no store elsewhere")
    expect_equal(daemon(place, "init", "--state", place.join("elsewhere")).returncode, 0,
                 "an empty store that was asked for")
    relative = daemon(place, "init", "--state", "here", cwd=place.path)
    expect_equal((relative.returncode, relative.stderr), (0, ""), "a store made in .")
    expect_equal(daemon(place, "init", "--state", place.join("elsewhere")).returncode, 1,
                 "a second one")
    expect_equal(daemon(place, "key", "list", "--state", place.join("elsewhere")).returncode,
                 0, "its keys")
    cli.json("device register", A)
    expect_equal(cli("devices list"), "[]\n", "the fleet that was begun")


# ---- text that would not be seen ----

def json_escapes_what_would_not_be_seen_and_reads_back(place):
    service, cli = start(place)
    odd = "a\u202eb\u200b\ue000\ufeff\u2066=\U000e0041é"
    cli("project create", place.write("p.yaml", PROJECT))
    cli("placement create", "MeetingRooms", "room-1", "Room=" + odd, "Sum==1+1",
        "Quote='=2", 'Json="\\u0041"')
    wanted = {"Room": odd, "Sum": "=1+1", "Quote": "'=2", "Json": '"\\u0041"'}
    for words in (("placement show", "MeetingRooms", "room-1"), ("fleet export", "-")):
        said = cli(*words, "--output", "json")
        expect(not any(c in said for c in odd[1:-1] if ord(c) > 127), f"{words}: {said!r}")
        expect("é" in said, f"{words}: what is seen stays")
        expect("\\u202e" in said and "\\udb40\\udc41" in said, f"{words}: {said!r}")
    shown = cli.json("placement show", "MeetingRooms", "room-1")["placement"]["attributes"]
    expect_equal(shown, wanted, "attributes")
    out = place.join("fleet.csv")
    cli("fleet export", out)
    with open(out, encoding="utf-8") as f:
        text = f.read()
    expect(not any(c in text for c in odd[1:-1] if ord(c) > 127), f"the CSV: {text!r}")
    expect(",'=1+1" in text and ",''=2" in text, f"no spreadsheet runs it: {text}")
    cli.ends(DONE, "nothing to do", "fleet import", out)
    for shape in ("csv", "text", "table"):
        said = cli("placement show", "MeetingRooms", "room-1", "--output", shape)
        expect(not any(c in said for c in odd[1:-1] if ord(c) > 127), f"{shape}: {said!r}")


rig.run(globals())
