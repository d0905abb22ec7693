"""Every action without a screen: what it prints, and how it ends."""
import csv
import datetime
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import time

import botocore.exceptions

import rig
from rig import expect, expect_equal

A, B, C, D = (f"G030PM000000000{i}" for i in range(1, 5))
CODE = "C-1234567890"
DONE, FAILED, USAGE, PARTLY, REFUSED, NOT_AUTHORISED = range(6)
UNREACHABLE, CONFIG = 69, 78
FULL, READER = "AWSIoT1ClickFullAccess", "AWSIoT1ClickReadOnlyAccess"
ARN = "arn:aws:iot1click:us-west-2:000000000000:"

PROJECT = """\
projectName: MeetingRooms
description: Which rooms are liked
tags: {owner: facilities}
placementTemplate:
  defaultAttributes: {Room: none, phone: "+15550100"}
  deviceTemplates:
    Satisfied: {deviceType: button}
    Unsatisfied:
      deviceType: button
      callbackOverrides: {onClickCallback: "arn:aws:lambda:us-west-2:000000000000:function:f"}
"""


class Cli:
    """The oneclick command, against a service with a key or with what env says."""

    def __init__(self, place, service=None, key=None, **env):
        self.place = place
        if service:
            env.update(AWS_ENDPOINT_URL=service.url, AWS_DEFAULT_REGION=rig.REGION)
        if key:
            env.update(AWS_ACCESS_KEY_ID=key[0], AWS_SECRET_ACCESS_KEY=key[1])
        self.env = place.environment(**env)

    def run(self, *words, **env):
        done = subprocess.run([rig.ONECLICK, *words], env=dict(self.env, **env),
                              capture_output=True, stdin=subprocess.DEVNULL,
                              timeout=60 * rig.SLOW)
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
        expect("Sanitizer" not in done.stderr and "runtime error" not in done.stderr,
               f"oneclick {' '.join(words)}: {done.stderr}")
        return done

    def ends(self, status, says, *words, **env):
        """It must end so, with `says` on standard error and one line only."""
        done = self.run(*words, **env)
        what = f"oneclick {' '.join(words)}"
        expect_equal(done.returncode, status, f"status of {what} ({done.stdout}"
                     f"{done.stderr})")
        expect(says in done.stderr, f"{what}: {done.stderr!r} lacks {says!r}")
        expect(all(line.startswith("oneclick: ") for line in done.stderr.splitlines()),
               f"{what}: each line says who speaks: {done.stderr!r}")
        return done

    def __call__(self, *words, **env):
        return self.ends(DONE, "", *words, **env).stdout

    def json(self, *words, **env):
        return json.loads(self(*words, "--output", "json", **env))


def start(place, *options):
    service = rig.Service(place, *options)
    tokens = service.register(A, B, code=CODE)
    tokens.update(service.register(C, D))
    key = service.key()
    return service, tokens, Cli(place, service, key), key


def plain(thing):
    """An answer of botocore's in the contract's own spelling."""
    if isinstance(thing, dict):
        return {k[:1].lower() + k[1:]: plain(v) for k, v in thing.items()
                if k not in ("ResponseMetadata", "NextToken", "nextToken")}
    if isinstance(thing, list):
        return [plain(v) for v in thing]
    if isinstance(thing, datetime.datetime):
        return int(thing.timestamp())
    return thing


def records(service):
    with sqlite3.connect(f"file:{service.state}/oneclick.db?mode=ro", uri=True) as db:
        return [json.loads(r[0]) for r in db.execute("SELECT record FROM audit ORDER BY pos")]


# ---- every command, once good and once bad ------------------------------------------------

# In an order in which each finds what the ones before it left.  None: prints nothing.
GOOD = [
    ("claim", CODE), {"claimCode": CODE, "total": 2},
    ("claim", C), {"state": "CLAIM_INITIATED"},
    ("claim finish", C, "floor=2", "door=left"), {"state": "CLAIMED"},
    ("devices list",), None,
    ("device show", C), None,
    ("device enable", A, B, C), None,
    ("device disable", B), None,
    ("device methods", A), None,
    ("device invoke", A, "getDeviceHealthParameters"), None,
    ("device events", A), [],
    ("project create", "project.yaml"), None,
    ("projects list",), None,
    ("project show", "MeetingRooms"), None,
    ("project update", "MeetingRooms", "update.yaml"), None,
    ("placement create", "MeetingRooms", "room-217", "Room=217"), None,
    ("placement update", "MeetingRooms", "room-217", "Room=217b"), None,
    ("placements list", "MeetingRooms"), None,
    ("placement show", "MeetingRooms", "room-217"), None,
    ("associate", "MeetingRooms", "room-217", "Satisfied", A), None,
    ("placement devices", "MeetingRooms", "room-217"), {"devices": {"Satisfied": A}},
    ("dissociate", "MeetingRooms", "room-217", "Satisfied", "--yes"), None,
    ("tags set", ARN + "devices/" + A, "owner=alice", "k="), None,
    ("tags list", ARN + "devices/" + A), {"tags": {"k": "", "owner": "alice"}},
    ("tags remove", ARN + "devices/" + A, "k"), None,
    ("tags set", ARN + "projects/MeetingRooms", "a=1"), None,
    ("tags list", ARN + "projects/MeetingRooms"), {"tags": {"a": "1",
                                                            "owner": "facilities"}},
    ("tags remove", ARN + "projects/MeetingRooms", "a"), None,
    ("placement delete", "MeetingRooms", "room-217", "--yes"), None,
    ("project delete", "MeetingRooms", "--yes"), None,
    ("device unclaim", A, B, "--yes"), None,
]
# Tried in other tests; which file that is.
ELSEWHERE = {"press": "headless", "device register": "headless", "events follow": "headless",
             "apply": "fleet", "fleet import": "fleet", "fleet export": "fleet",
             "deliveries list": "guide", "deliveries replay": "guide",
             "profile list": "profile", "profile check": "profile", "profile test": "profile",
             "policy simulate": "access", "audit export": "observe"}

BAD = [
    (USAGE, "DEVICE|CODE", "claim"),
    (USAGE, "4 letters", "claim", "x"),
    (FAILED, "not known here", "claim", "G030PM9999999999"),
    (NOT_AUTHORISED, "unknown or was used", "claim", "C-0000000000"),  # the contract's 403
    (FAILED, "initiate one first", "claim finish", D),
    (USAGE, "KEY=VALUE", "claim finish", D, "floor"),
    (USAGE, "takes no arguments", "devices list", "all"),
    (FAILED, D, "device show", D),
    (FAILED, D, "device enable", D),
    (FAILED, D, "device disable", D),
    (FAILED, D, "device methods", D),
    (FAILED, "danceABit", "device invoke", A, "danceABit"),
    (USAGE, "DEVICE METHOD", "device invoke", A),
    (FAILED, D, "device events", D),
    (USAGE, "yesterday", "device events", A, "yesterday"),
    (FAILED, "", "device events", A, "2026-05-02", "2026-05-01"),
    (USAGE, "missing.yaml", "project create", "missing.yaml"),
    (USAGE, "takes no arguments", "projects list", "all"),
    (FAILED, "absent", "project show", "absent"),
    (FAILED, "absent", "project update", "absent", "update.yaml"),
    (FAILED, "absent", "project delete", "absent", "--yes"),
    (REFUSED, "--yes", "project delete", "absent"),
    (FAILED, "absent", "placement create", "absent", "room"),
    (FAILED, "absent", "placement update", "absent", "room", "a=b"),
    (FAILED, "absent", "placements list", "absent"),
    (FAILED, "absent", "placement show", "absent", "room"),
    (FAILED, "absent", "placement devices", "absent", "room"),
    (FAILED, "absent", "placement delete", "absent", "room", "--yes"),
    (REFUSED, "--yes", "placement delete", "absent", "room"),
    (FAILED, "absent", "associate", "absent", "room", "t", A),
    (USAGE, "PROJECT PLACEMENT TEMPLATE DEVICE", "associate", "p"),
    (FAILED, "absent", "dissociate", "absent", "room", "t", "--yes"),
    (REFUSED, "--yes", "dissociate", "absent", "room", "t"),
    (USAGE, "ARN", "tags list", "room"),
    (FAILED, "absent", "tags list", ARN + "projects/absent"),
    (USAGE, "KEY=VALUE", "tags set", ARN + "devices/" + A, "owner"),
    (FAILED, D, "tags set", ARN + "devices/" + D, "owner=me"),
    (FAILED, D, "tags remove", ARN + "devices/" + D, "owner"),
    (REFUSED, "--yes", "device unclaim", A),
    (FAILED, D, "device unclaim", D, "--yes"),
]


def write_files(place):
    place.write("project.yaml", PROJECT)
    place.write("update.yaml", "description: changed\n")


def full(place, words):
    return [place.join(w) if w.endswith(".yaml") else w for w in words]


def split(words):
    """A command as a row spells it, with its arguments."""
    return [*words[0].split(), *words[1:]]


def every_command_does_what_it_says(place):
    service, tokens, cli, key = start(place)
    write_files(place)
    for words, wanted in zip(GOOD[::2], GOOD[1::2]):
        if words[0] == "claim finish":
            expect_equal(rig.press(service, tokens[C], C)[0], 200)
        said = cli(*split(full(place, words)), "--output", "json")
        if wanted is not None:
            expect_equal(json.loads(said), wanted, " ".join(words))
    aws = rig.Aws(service, key)
    left = aws.devices("list-devices")["Devices"]
    expect_equal([(d["DeviceId"], d["Enabled"], d["Tags"]) for d in left],
                 [(C, True, {"door": "left", "floor": "2"})], "what is left")
    expect_equal(aws.projects("list-projects")["projects"], [])


def every_command_tells_what_is_wrong(place):
    service, tokens, cli, key = start(place)
    write_files(place)
    cli("claim", CODE)
    for status, says, *words in BAD:
        done = cli.ends(status, says, *split(full(place, words)))
        expect(done.stderr.count("\n") == 1, f"one sentence: {done.stderr!r}")
        expect_equal(done.stdout, "", f"output of {' '.join(words)}")


def the_tests_run_each_command_of_the_help(place):
    listed = Cli(place)("--help").split("\nCommands\n")[1].split("\nExit")[0]
    commands = {re.split(r" +[A-Z\[]|  ", line[2:])[0] for line in listed.splitlines()
                if re.match("  [a-z]", line)}
    expect_equal({w[0] for w in GOOD[::2]} | set(ELSEWHERE), commands, "commands run well")
    expect_equal({r[2] for r in BAD} | set(ELSEWHERE), commands, "commands run badly")
    for command, name in ELSEWHERE.items():
        with open(os.path.join(rig.HERE, name + "_test.py"), encoding="utf-8") as f:
            words = '(?:",)? "?'.join(command.split())
            expect(re.search(f'"{words}', f.read()), f"{name}_test.py says {command}")


# ---- what is printed ------------------------------------------------------------------------

def lists_are_those_that_botocore_reads(place):
    service, tokens, cli, key = start(place)
    write_files(place)
    devices = rig.botocore_client(service, key, "iot1click-devices")
    projects = rig.botocore_client(service, key, "iot1click-projects")
    cli("claim", CODE)
    cli("project", "create", place.join("project.yaml"))
    for room in ("b", "a"):
        cli("placement", "create", "MeetingRooms", room, "Room=" + room)
    cli("associate", "MeetingRooms", "a", "Satisfied", A)
    cli("device", "enable", A)
    for click in ("SINGLE", "DOUBLE", "LONG"):
        rig.press(service, tokens[A], A, click)
    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.timezone.utc)
    words = dict(DeviceId=A, FromTimeStamp=now - day, ToTimeStamp=now + day)
    for command, wanted in (
            (["devices", "list"], devices.list_devices()["Devices"]),
            (["device", "methods", A], devices.get_device_methods(DeviceId=A)
             ["DeviceMethods"]),
            (["device", "events", A], devices.list_device_events(**words)["Events"]),
            (["projects", "list"], projects.list_projects()["projects"]),
            (["placements", "list", "MeetingRooms"],
             projects.list_placements(projectName="MeetingRooms")["placements"])):
        got = cli.json(*command)
        expect(len(wanted) > 0, f"{command} lists something")
        expect_equal(got, plain(wanted), " ".join(command))
    for command, wanted in (
            (["device", "show", A], devices.describe_device(DeviceId=A)),
            (["project", "show", "MeetingRooms"],
             projects.describe_project(projectName="MeetingRooms")),
            (["placement", "show", "MeetingRooms", "a"],
             projects.describe_placement(projectName="MeetingRooms", placementName="a"))):
        wanted.pop("ResponseMetadata")
        got = cli.json(*command)
        if "project" in wanted:  # template names are the caller's, and keep their letters
            expect_equal(got["project"].pop("placementTemplate"),
                         wanted["project"].pop("placementTemplate"))
        if "placement" in wanted:
            expect_equal(got["placement"].pop("attributes"),
                         wanted["placement"].pop("attributes"))
        expect_equal(got, plain(wanted), " ".join(command))


def a_thousand_devices_in_every_format(place):
    service = rig.Service(place)
    ids = [f"G030PM{i:010d}" for i in range(999)] + ["ZIGB588E81FFFE112233.left"]
    service.register(*ids, code=CODE)
    key = service.key()
    cli = Cli(place, service, key)
    rig.botocore_client(service, key, "iot1click-devices").claim_devices_by_claim_code(
        ClaimCode=CODE)
    list_as = ["devices", "list", "--output"]
    expect_equal([d["deviceId"] for d in cli.json("devices", "list")], ids, "JSON")
    rows = list(csv.DictReader(io.StringIO(cli(*list_as, "csv"))))
    expect_equal([r["deviceId"] for r in rows], ids, "CSV")
    expect_equal((rows[0]["enabled"], rows[0]["type"]), ("false", "button"))
    lines = cli(*list_as, "text").splitlines()
    expect_equal([line.split("\t")[0] for line in lines], ids, "text, without a heading")
    lines = cli(*list_as, "table").splitlines()
    expect(lines[0].startswith("deviceId  "), f"a heading: {lines[0]!r}")
    expect_equal([line.split()[0] for line in lines[1:]], ids, "table")
    expect_equal(cli("devices", "list"), cli(*list_as, "json"), "JSON into a pipe")
    cli.ends(USAGE, "json, text, csv or table", *list_as, "xml")


def answers_are_written_for_people_and_for_spreadsheets(place):
    service, tokens, cli, key = start(place)
    cli("claim", CODE)
    text = cli("device", "show", A, "--output", "text")
    expect("deviceDescription:\n" in text and f"  deviceId: {A}\n" in text, text)
    rows = list(csv.reader(io.StringIO(cli("device", "show", A, "--output", "csv"))))
    expect_equal(len({len(r) for r in rows}), 1, f"columns of each row of {rows}")


def on_a_terminal_a_list_is_a_table(place):
    service, tokens, cli, key = start(place)
    cli("claim", CODE)
    screen = rig.Screen(place, [rig.ONECLICK, "devices", "list"], 10, 120, env=cli.env)
    screen.wait(B)
    expect(screen.rows()[0].startswith("deviceId  "), str(screen))
    expect(b"\x1b" not in open(screen.transcript, "rb").read(), "no escape bytes")


def help_and_version_fit_a_narrow_screen(place):
    cli = Cli(place)
    expect(re.fullmatch(r"oneclick \d+\.\d+\.\d+\n", cli("--version")), "the version")
    said = cli("--help")
    expect("devices list" in said and "--read-only" in said, "commands and options")
    wide = [line for line in said.splitlines() if len(line) >= 80]
    expect_equal(wide, [], "lines of 80 columns and more")
    for line in said.split("\nCommands\n")[1].split("\nExit")[0].splitlines():
        expect(not line.endswith(" "), f"nothing is cut: {line!r}")
    expect("SINGLE, DOUBLE or LONG" in re.sub(r"\s+", " ", said), "whole sentences")


def nothing_without_a_terminal_has_escape_bytes(place):
    service, tokens, cli, key = start(place)
    cli("claim", CODE)
    for words in (["devices", "list", "--output", "table"], ["--help"], ["frob"], [],
                  ["--color", "direct", "devices", "list", "--output", "text"]):
        done = cli.run(*words, TERM="xterm-256color", COLORTERM="truecolor")
        expect("\x1b" not in done.stdout + done.stderr, f"{words}: an escape byte")
    cli.ends(USAGE, "no terminal")


HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil\r\n"


def hostile_words_reach_no_terminal(place):
    """Whatever another user wrote into tags and descriptions."""
    service, tokens, cli, key = start(place)
    cli("claim", CODE)
    devices = rig.botocore_client(service, key, "iot1click-devices")
    projects = rig.botocore_client(service, key, "iot1click-projects")
    took = 0
    for call, words in (
            (devices.tag_resource, dict(ResourceArn=ARN + "devices/" + A,
                                        Tags={"note": HOSTILE})),
            (projects.create_project, dict(projectName="p", description=HOSTILE)),
            (projects.create_project, dict(projectName="p")),
            (projects.create_placement, dict(projectName="p", placementName="r",
                                             attributes={"a": HOSTILE}))):
        try:
            call(**words)
            took += 1
        except botocore.exceptions.ClientError as e:
            expect(e.response["ResponseMetadata"]["HTTPStatusCode"] < 500, str(e))
    expect(took >= 2, "the service keeps some of it")
    for words in (["devices", "list"], ["device", "show", A], ["project", "show", "p"],
                  ["placement", "show", "p", "r"], ["projects", "list"],
                  ["device", "show", HOSTILE], ["project", "show", HOSTILE],
                  ["frob" + HOSTILE], ["--" + HOSTILE],
                  ["tags", "list", "arn:" + HOSTILE],
                  ["devices", "list", "--context", HOSTILE]):
        for output in ("text", "table", "csv", "json"):
            done = cli.run(*words, "--output", output)
            for part in (done.stdout, done.stderr):
                bad = [c for c in part if c != "\n" and c != "\t" and
                       (c < " " or "\x7f" <= c < "\xa0" or
                        c == "\u202e" and output != "json")]
                expect(not bad, f"{words} --output {output}: {part!r}")


def a_project_goes_out_and_comes_back_as_a_file(place):
    service, tokens, cli, key = start(place)
    write_files(place)
    cli("project", "create", place.join("project.yaml"))
    shown = cli.json("project", "show", "MeetingRooms")["project"]
    expect_equal((shown["description"], shown["tags"]),
                 ("Which rooms are liked", {"owner": "facilities"}))
    again = {k: shown[k] for k in ("description", "tags", "placementTemplate")}
    path = place.write("again.yaml", json.dumps(dict(again, projectName="Again")))
    cli("project", "create", path)
    copy = cli.json("project", "show", "Again")["project"]
    expect_equal({k: copy[k] for k in again}, again, "what came back")
    cli.ends(FAILED, "MeetingRooms", "project", "create", place.join("project.yaml"))
    path = place.write("bad.yaml", "projectName: p\ndescripton: x\n")
    cli.ends(USAGE, "bad.yaml:2", "project", "create", path)
    path = place.write("bad.yaml", "projectName: [p\n")
    cli.ends(USAGE, "bad.yaml", "project", "create", path)
    path = place.write("bad.yaml", "description: nameless\n")
    cli.ends(USAGE, "projectName", "project", "create", path)
    expect_equal(len(cli.json("projects", "list")), 2, "projects")


# ---- how it ends ----------------------------------------------------------------------------

def the_exit_status_says_how_it_went(place):
    service, tokens, cli, key = start(place)
    cli("claim", CODE)
    cli.ends(DONE, "", "device", "enable", A, B)
    cli.ends(FAILED, D, "device", "enable", D)
    cli.ends(USAGE, "did you mean \"devices list\"", "devics", "list")
    cli.ends(USAGE, "device show", "device")
    cli.ends(USAGE, "--read-only", "--read-onyl", "devices", "list")
    cli.ends(USAGE, "--output needs FORMAT", "devices", "list", "--output")
    cli.ends(USAGE, "--after", "events", "follow", "--after", "now")
    cli.ends(PARTLY, D, "device", "enable", A, D, B)
    cli.ends(REFUSED, "--yes", "device", "unclaim", A)
    reader = Cli(place, service, service.key("bob", READER))
    expect_equal(len(reader.json("devices", "list")), 2, "a reader reads")
    done = reader.ends(NOT_AUTHORISED, "iot1click:UpdateDeviceState", "device", "enable", A)
    expect("bob" in done.stderr, f"who may not: {done.stderr}")
    Cli(place, service, (key[0], "x" * 40)).ends(NOT_AUTHORISED, "", "devices", "list")
    Cli(place, service, ("AKIAAAAAAAAAAAAAAAAA", "x" * 40)).ends(
        NOT_AUTHORISED, "", "devices", "list")
    cli.ends(CONFIG, "credentials", "devices", "list", AWS_ACCESS_KEY_ID="")
    cli.ends(CONFIG, "AWS_SECRET_ACCESS_KEY", "devices", "list", AWS_SECRET_ACCESS_KEY="")


def a_service_that_is_not_there_is_told(place):
    port = rig.free_port()
    cli = Cli(place, key=("AKIAAAAAAAAAAAAAAAAA", "x" * 40))
    for endpoint, says in ((f"http://127.0.0.1:{port}", f"127.0.0.1:{port}"),
                           ("https://nowhere.invalid", "nowhere.invalid"),
                           ("unix:" + place.join("absent.sock"), "absent.sock")):
        done = cli.ends(UNREACHABLE, says, "devices", "list", "--endpoint", endpoint)
        expect(done.stderr.count("\n") == 1, done.stderr)
    service = rig.Service(place)
    cli.ends(UNREACHABLE, "", "devices", "list", "--endpoint",
             f"https://127.0.0.1:{service.port}")
    cli.ends(USAGE, "https://HOST", "devices", "list", "--endpoint", "nonsense")
    cli.ends(REFUSED, "--plain", "devices", "list", "--endpoint", "http://192.0.2.1")


def a_press_elsewhere_takes_the_token_of_the_device(place):
    service, tokens, cli, key = start(place)
    cli("claim", CODE)
    cli.ends(USAGE, "ONECLICK_DEVICE_TOKEN", "press", A)
    cli.ends(NOT_AUTHORISED, "token", "press", A, ONECLICK_DEVICE_TOKEN="guessed")
    cli.ends(USAGE, "single, double or long", "press", A, "triple",
             ONECLICK_DEVICE_TOKEN=tokens[A])
    cli("press", A, "long", ONECLICK_DEVICE_TOKEN=tokens[A])
    expect_equal([json.loads(e["stdEvent"])["clickType"]
                  for e in cli.json("device", "events", A)], ["LONG"])


# ---- read-only ------------------------------------------------------------------------------

WRITES = [
    ("claim", CODE), ("claim finish", A), ("device enable", A), ("device disable", A),
    ("device unclaim", A, "--yes"), ("project create", "project.yaml"),
    ("device invoke", A, "setOnClickCallback", "{}"),
    ("project update", "p", "update.yaml"), ("project delete", "p", "--yes"),
    ("placement create", "p", "r"), ("placement update", "p", "r", "a=b"),
    ("placement delete", "p", "r", "--yes"), ("associate", "p", "r", "t", A),
    ("dissociate", "p", "r", "t", "--yes"), ("tags set", ARN + "devices/" + A, "a=b"),
    ("tags remove", ARN + "devices/" + A, "a"), ("press", A), ("device register", D),
    ("apply", "fleet.yaml"), ("fleet import", "fleet.csv"), ("deliveries replay", "all"),
]


def read_only_sends_no_change_whoever_says_it(place):
    service, tokens, cli, key = start(place)
    write_files(place)
    cli("claim", CODE)
    rows = [line.split("\t") for line in cli("--dump-commands").splitlines()]
    commands = {r[2] for r in BAD} | set(ELSEWHERE)
    expect_equal({r[0] for r in rows if r[2] == "W" and r[0] in commands},
                 {w[0] for w in WRITES}, "the commands that write")
    before = len(records(service))
    config = place.write("ro.yaml", "read_only: true\n")
    context = place.write("ctx.yaml", "contexts:\n  audit:\n    read_only: true\n"
                          f"    endpoint: {service.url}\n")
    for name, words, env in (
            ("--read-only", ["--read-only"], {}),
            ("ONECLICK_READ_ONLY", [], {"ONECLICK_READ_ONLY": "1"}),
            ("read_only", ["--config", config], {}),
            ("ctx.yaml:", ["--config", context, "--context", "audit"], {})):
        for row in WRITES:
            cli.ends(REFUSED, "read-only", *words, *split(full(place, row)), **env)
        for no in ({"ONECLICK_READ_ONLY": "0"}, {"ONECLICK_READ_ONLY": "no"}):
            if not env:
                cli.ends(REFUSED, "read-only", *words, "device", "enable", A, **no)
        expect_equal(len(cli.json(*words, "devices", "list", **env)), 2,
                     f"devices read with {name}")
    after = rig.wait_for("four reads", lambda: len(records(service)) >= before + 4 and
                         records(service))
    expect_equal({r["eventName"] for r in after[before:]}, {"ListDevices"},
                 "what arrived at the service")
    cli("device", "enable", A, ONECLICK_READ_ONLY="0")


def the_local_service_has_a_configuration_of_its_users(place):
    os.makedirs(place.join("config-home", "oneclick"), mode=0o700)
    path = place.write("config-home/oneclick/service.yaml", "keep-events: 1 year\n")
    os.chmod(path, 0o600)
    cli = Cli(place)
    cli.ends(UNREACHABLE, "service.yaml:1:", "device", "register", A)
    place.write("config-home/oneclick/service.yaml", "keep-events: 365d\n")
    cli.json("device", "register", A)
    expect_equal(cli.json("devices", "list"), [], "devices")


# ---- configuration --------------------------------------------------------------------------

def configure(place, text):
    os.makedirs(place.join("config-home", "oneclick"), exist_ok=True)
    place.write("config-home/oneclick/config.yaml", text)


def contexts_name_endpoint_region_and_profile(place):
    service, tokens, cli, key = start(place, "--region", "eu-west-1")
    os.makedirs(place.join(".aws"))
    place.write(".aws/credentials", f"[field]\naws_access_key_id = {key[0]}\n"
                f"aws_secret_access_key = {key[1]}\n[default]\n"
                "aws_access_key_id = AKIAAAAAAAAAAAAAAAAA\n"
                f"aws_secret_access_key = {'x' * 40}\n")
    place.write(".aws/config", f"[profile office]\nregion = eu-west-1\n"
                f"aws_access_key_id = {key[0]}\naws_secret_access_key = {key[1]}\n"
                f"endpoint_url = {service.url}\n")
    configure(place, f"""
context: field
contexts:
  field: {{endpoint: "{service.url}", region: eu-west-1, profile: field}}
  other: {{endpoint: "{service.url}", region: eu-west-1}}
  bare: {{profile: office}}
""")
    cli = Cli(place)
    expect_equal(cli("devices", "list"), "[]\n", "the default context")
    cli("devices", "list", "--context", "bare")
    cli("devices", "list", ONECLICK_CONTEXT="bare")
    cli("devices", "list", "--context=other", "--profile=field")
    cli("devices", "list", "--context", "other", AWS_PROFILE="field")
    cli.ends(NOT_AUTHORISED, "", "devices", "list", "--context", "other")
    cli.ends(CONFIG, "nobody", "devices", "list", "--profile", "nobody")
    cli.ends(CONFIG, "did you mean \"field\"", "devices", "list", "--context", "feild")
    wrong = cli.ends(NOT_AUTHORISED, "", "devices", "list", "--region", "us-east-1")
    expect("eu-west-1" in wrong.stderr or "region" in wrong.stderr, wrong.stderr)


def variables_of_aws_are_read(place):
    service, tokens, cli, key = start(place, "--region", "eu-west-1")
    keys = dict(AWS_ACCESS_KEY_ID=key[0], AWS_SECRET_ACCESS_KEY=key[1])
    cli = Cli(place)
    cli("devices", "list", AWS_ENDPOINT_URL=service.url, AWS_REGION="eu-west-1", **keys)
    cli("devices", "list", AWS_ENDPOINT_URL=service.url, AWS_REGION="eu-west-1",
        AWS_DEFAULT_REGION="us-east-1", **keys)
    cli("devices", "list", "--endpoint", service.url, "--region", "eu-west-1",
        AWS_ENDPOINT_URL="http://127.0.0.1:1", AWS_REGION="us-east-1", **keys)
    path = place.write("mine", f"[default]\naws_access_key_id={key[0]}\n"
                       f"aws_secret_access_key={key[1]}\n")
    cli("devices", "list", AWS_ENDPOINT_URL=service.url, AWS_REGION="eu-west-1",
        AWS_SHARED_CREDENTIALS_FILE=path)


def an_unknown_key_is_told_and_passed_over(place):
    service, tokens, cli, key = start(place)
    configure(place, "raed_only: true\ncontexts:\n  a:\n    endpiont: x\n    region: us-west-2\n")
    done = cli.run("devices", "list")
    expect_equal((done.returncode, done.stdout), (DONE, "[]\n"), done.stderr)
    for says in ("config.yaml:1:", "did you mean \"read_only\"",
                 "config.yaml:4:", "did you mean \"endpoint\""):
        expect(says in done.stderr, f"{done.stderr!r} lacks {says!r}")
    done = cli.ends(CONFIG, "did you mean \"read_only\"", "--check-config")
    expect_equal(done.stderr.count("\n"), 2, "warnings")
    configure(place, "keys: {devices list: x}\nread_only: maybe\n")
    cli.ends(CONFIG, "config.yaml:2:", "--check-config")
    configure(place, "contexts: [\n")
    cli.ends(CONFIG, "config.yaml", "--check-config")
    cli.ends(CONFIG, "config.yaml", "devices", "list")
    configure(place, "read_only: false\n")
    expect("nothing wrong" in cli("--check-config"), "a good file is called so")
    os.remove(place.join("config-home/oneclick/config.yaml"))
    expect("there is none" in cli("--check-config"), "no file is called so")
    cli.ends(CONFIG, "absent.yaml", "--config", place.join("absent.yaml"), "devices", "list")


# ---- the local service ----------------------------------------------------------------------

def command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError:  # it has just ended
        return ""


def the_local_service_needs_no_keys_and_no_tokens(place):
    cli = Cli(place)
    cli.ends(UNREACHABLE, "device register", "devices", "list")
    cli.json("device", "register", B, CODE)
    expect_equal(cli("devices", "list"), "[]\n")
    cli.ends(FAILED, "device register", "claim", A)
    token = cli.json("device", "register", A)["token"]
    expect(len(token) == 40, f"a token: {token}")
    cli.ends(FAILED, A, "device", "register", A)
    cli.ends(FAILED, "4 letters", "device", "register", "x")
    cli.ends(FAILED, D, "press", D)
    cli.ends(USAGE, "single, double or long", "press", A, "triple")
    cli("claim", A)
    cli("press", A)
    expect_equal(cli.json("claim", "finish", A), {"state": "CLAIMED"})
    expect_equal(cli.json("claim", CODE)["total"], 1)
    cli("device", "enable", A)
    for click in ("single", "Double", "LONG"):
        cli("press", A, click)
    got = [json.loads(e["stdEvent"])["clickType"] for e in cli.json("device", "events", A)]
    expect_equal(sorted(got)[-3:], ["LONG", "SINGLE", "SINGLE"], "clicks")
    cli.ends(REFUSED, "read-only", "--read-only", "press", A)
    cli.ends(REFUSED, "read-only", "--read-only", "device", "register", C)
    cli.ends(REFUSED, "read-only", "--read-only", "claim", B)
    expect_equal([p for p in os.listdir("/proc") if p.isdigit() and
                  place.path in command_line(p)], [], "services left behind")
    expect(not os.listdir(place.join("run")) or all(
        not name.endswith(".sock") for name in os.listdir(place.join("run", "oneclick"))),
        "sockets left behind")


def claim_waits_for_the_press_and_finishes(place):
    cli = Cli(place)
    cli("device", "register", A)
    cli("device", "register", B)
    waiting = subprocess.Popen(
        [rig.ONECLICK, "claim", A, B, "--wait", "--output", "json"], env=cli.env,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        for device in (A, B):
            expect_equal(waiting.stderr.readline(), f"oneclick: press {device} once\n")
            cli("press", device)
        said, errors = waiting.communicate(timeout=20 * rig.SLOW)
    finally:
        waiting.kill()
        waiting.wait()
    expect_equal((waiting.returncode, errors), (DONE, ""))
    expect_equal([json.loads(line) for line in said.splitlines()],
                 [{"state": "CLAIMED"}] * 2)
    expect_equal([d["deviceId"] for d in cli.json("devices", "list")], [A, B])


def readme(heading, kind):
    """The first block of that kind below the heading."""
    with open(os.path.join(rig.HERE, "../../README.md"), encoding="utf-8") as f:
        text = f.read().split(f"\n## {heading}\n")[1]
    return text.split(f"```{kind}\n")[1].split("```")[0]


def the_readme_s_commands_do_what_it_says(place):
    cli = Cli(place)
    path = place.write("rooms.yaml", readme("Without a screen", "yaml"))
    followed = None
    for line in readme("Without a screen", "sh").splitlines():
        words = line.split("#")[0].replace("rooms.yaml", path).split()[1:]
        if "--wait" in words:
            waiting = subprocess.Popen([rig.ONECLICK, *words], env=cli.env,
                                       stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
            waiting.stderr.readline()
            cli("press", words[1])
            expect_equal(waiting.wait(20 * rig.SLOW), 0, line)
            waiting.stderr.close()
        elif words[:2] == ["events", "follow"]:
            followed = Follower(cli, *words[2:], "--after", "0")
            kinds = [followed.next()["kind"] for _ in range(6)]
            expect_equal(kinds, ["CLAIM_STARTED", "SINGLE", "CLAIMED", "PLACED", "ENABLED",
                                 "DOUBLE"])
        else:
            cli(*words)
    expect(followed, "the block ends with events")
    configure(place, readme("A service for many", "yaml"))
    os.makedirs(place.join(".aws"))
    place.write(".aws/credentials", "".join(
        f"[{name}]\naws_access_key_id = A\naws_secret_access_key = S\n"
        for name in ("field", "auditor")))
    os.chmod(place.join(".aws/credentials"), 0o600)
    expect("nothing wrong" in cli("--check-config"), "the configuration shown is a good one")


# ---- events ---------------------------------------------------------------------------------

class Follower:
    def __init__(self, cli, *words):
        self.child = subprocess.Popen(
            [rig.ONECLICK, "events", "follow", *words], env=cli.env,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        cli.place.closing.append(self)

    def next(self):
        return json.loads(self.child.stdout.readline())

    def next_click(self):
        while True:
            event = self.next()
            if event["event"] == "click":
                return event

    def end(self, number=signal.SIGINT):
        self.child.send_signal(number)
        self.child.wait(10 * rig.SLOW)
        return self.child.returncode

    def close(self):
        self.child.kill()
        self.child.wait()
        self.child.stdout.close()
        self.child.stderr.close()


def events_are_followed_as_they_happen_and_after_a_position(place):
    service, tokens, cli, key = start(place)
    cli("claim", CODE)
    cli("device", "enable", A)
    cli.ends(USAGE, "takes no arguments", "events", "follow", A)
    all_of_it = Follower(cli, "--output", "json", "--after", "0")
    before = [all_of_it.next() for _ in range(3)]
    expect_equal([e["deviceId"] for e in before], [A, B, A], "two claims, one enabling")
    expect("click" not in {e["event"] for e in before}, "nobody pressed yet")
    clicks = []
    for click in ("SINGLE", "DOUBLE", "LONG"):
        rig.press(service, tokens[A], A, click)
        clicks.append(all_of_it.next_click())  # it came before the next press
    expect_equal([c["kind"] for c in clicks], ["SINGLE", "DOUBLE", "LONG"])
    expect_equal({c["deviceId"] for c in clicks}, {A})
    resumed = Follower(cli, "--output", "json", "--after", str(clicks[0]["pos"]))
    expect_equal([resumed.next() for _ in range(2)], clicks[1:], "the rest")
    expect_equal(all_of_it.end(), 128 + signal.SIGINT)
    expect_equal(resumed.end(signal.SIGTERM), 128 + signal.SIGTERM)
    for output in ("csv", "text", "table"):
        rows = Follower(cli, "--output", output, "--after", str(clicks[1]["pos"]))
        line = rows.child.stdout.readline()
        expect("LONG" in line and A in line, f"{output}: {line!r}")
        rows.end()


def a_follower_outlives_the_service_and_misses_nothing(place):
    service, tokens, cli, key = start(place)
    cli("claim", CODE)
    cli("device", "enable", A)
    follower = Follower(cli, "--output", "json", "--after", "0")
    rig.press(service, tokens[A], A)
    expect_equal(follower.next_click()["kind"], "SINGLE")
    service.close()
    said = follower.child.stderr.readline()
    expect("closed the live stream" in said and "again" in said, f"the loss: {said!r}")
    service.start()
    rig.press(service, tokens[A], A, "DOUBLE")
    expect_equal(follower.next_click()["kind"], "DOUBLE")


def a_follower_that_is_not_let_in_ends(place):
    service, tokens, cli, key = start(place)
    policy = place.write("policy.json", json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "iot1click:ListDevices", "Resource": "*"}]}))
    one = Cli(place, service, service.key("carol", policy))
    expect_equal(one("devices", "list"), "[]\n")
    one.ends(NOT_AUTHORISED, "carol", "events", "follow")
    cli.ends(UNREACHABLE, "127.0.0.1:1", "events", "follow", "--endpoint",
             "http://127.0.0.1:1")


def a_closed_pipe_ends_a_follower(place):
    service, tokens, cli, key = start(place)
    cli("claim", CODE)
    follower = Follower(cli, "--output", "json", "--after", "0")
    follower.next()
    follower.child.stdout.close()
    rig.press(service, tokens[A], A)
    cli("device", "enable", A)
    until = time.monotonic() + 10 * rig.SLOW
    while follower.child.poll() is None and time.monotonic() < until:
        rig.press(service, tokens[A], A)
        time.sleep(0.1)
    expect_equal(follower.child.returncode, FAILED, "how it ended")
    follower.child.stdout = open(os.devnull)


if __name__ == "__main__":
    rig.run(globals())
