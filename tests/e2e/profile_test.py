"""Product profiles from the command line: what they list, check and read, without any
service, and what they say of a file that is wrong."""
import csv
import glob
import io
import json
import os
import re
import subprocess

import rig
from rig import expect, expect_equal

DONE, FAILED, USAGE, CONFIG = 0, 1, 2, 78
PROFILES = sorted(glob.glob(os.path.join(rig.HERE, "../../profiles/*.yaml")))

REMOTE = """\
profile: acme-remote
idPrefix: ACME
messages:
  - via: mqtt
    topic: acme/{serial}/press
    deviceId: {topic: serial, case: upper}
    button: {ptr: /key}
    clickType: {ptr: /kind, map: {short: SINGLE, long: LONG}}
    dedupe: {key: [{ptr: /n}], windowSeconds: 60}
samples:
  - topic: acme/a1/press
    payload: {key: left, kind: short, n: 7}
    expect: {deviceId: ACMEA1.left, clickType: SINGLE, key: '7'}
"""


class Cli:
    """The oneclick command, which must never begin a service of its own here."""

    def __init__(self, place):
        self.place, self.env = place, place.environment()

    def run(self, status, *words):
        done = subprocess.run([rig.ONECLICK, *words], env=self.env, capture_output=True,
                              text=True, cwd=self.place.path, stdin=subprocess.DEVNULL,
                              timeout=60 * rig.SLOW)
        what = f"oneclick {' '.join(words)}"
        expect_equal(done.returncode, status,
                     f"status of {what} ({done.stdout}{done.stderr})")
        expect(all(line.startswith("oneclick: ") for line in done.stderr.splitlines()),
               f"{what}: each line says who speaks: {done.stderr!r}")
        for name in ("state-home", "config-home", "run/oneclick"):
            expect(not os.path.exists(self.place.join(name)), f"{what} made {name}")
        return done

    def json(self, *words):
        done = self.run(DONE, *words)
        return json.loads(done.stdout)

    def says(self, status, sentence, *words):
        done = self.run(status, *words)
        expect_equal(done.stderr, f"oneclick: {sentence}\n", f"{' '.join(words)} says")
        return done.stdout


def the_built_in_profiles_are_listed(place):
    cli = Cli(place)
    rows = cli.json("profile", "list")
    expect_equal([r["profile"] for r in rows],
                 [os.path.basename(p)[:-5] for p in PROFILES], "profiles")
    expect(all(r["origin"] == "built-in" and r["samples"] > 2 for r in rows), str(rows))
    expect_equal({r["profile"]: r.get("ratedClicks") for r in rows}["tasmota"], 2000,
                 "clicks of one without battery")
    table = cli.run(DONE, "profile", "list", "--output", "table").stdout.splitlines()
    expect(table[0].startswith("profile ") and len(table) == len(rows) + 1, str(table))
    lines = list(csv.reader(io.StringIO(
        cli.run(DONE, "profile", "list", "--output", "csv").stdout)))
    expect_equal([r[0] for r in lines], ["profile"] + [r["profile"] for r in rows])


def a_directory_of_ones_own_is_listed_with_them(place):
    cli = Cli(place)
    os.mkdir(place.join("mine"))
    path = place.write("mine/a.yaml", REMOTE)
    rows = {r["profile"]: r for r in cli.json("profile", "list", place.join("mine"))}
    expect_equal(rows["acme-remote"], {
        "profile": "acme-remote", "origin": path, "register": "manual",
        "ratedClicks": 2000, "messages": 1, "samples": 1})
    place.write("mine/b.yaml", REMOTE)
    cli.says(CONFIG, f"{place.join('mine')}/b.yaml: profile: the name \"acme-remote\" is "
             f"that of {path}; give each its own", "profile", "list", place.join("mine"))
    cli.run(USAGE, "profile", "list", place.join("none"))


def every_file_we_ship_passes_the_check(place):
    rows = Cli(place).json("profile", "check", *PROFILES)
    expect_equal([r["origin"] for r in rows], PROFILES)


def a_profile_in_error_is_told_by_file_line_and_field(place):
    cli = Cli(place)
    cases = [
        ("map: {short", "mapp: {short", "8:29: messages[0].clickType: there is no \"mapp\" "
         "here; did you mean map"),
        ("{short: SINGLE", "{on: SINGLE", "8:35: messages[0].clickType: write 'on' in quotes: "
         "other readers of YAML take the bare word for true or false"),
        ("topic: serial", "topic: seral", "6:16: messages[0].deviceId: the topic has no "
         "{seral}; did you mean serial"),
        ("clickType: SINGLE", "clickType: LONG", "11:5: samples[0]: it gives deviceId "
         "ACMEA1.left, clickType SINGLE, key 7; expected was deviceId ACMEA1.left, clickType "
         "LONG, key 7"),
        ("case: upper", "re: '('", "6:31: messages[0].deviceId: re: the pattern fails at its "
         "letter 2: missing closing parenthesis"),
        ("via: mqtt", "via: [mqtt", "5:10: did not find expected ',' or ']'"),
    ]
    for old, new, sentence in cases:
        path = place.write("p.yaml", REMOTE.replace(old, new, 1))
        done = cli.run(CONFIG, "profile", "check", path)
        expect_equal(done.stderr, f"oneclick: {path}:{sentence}\n", new)
        expect_equal(json.loads(done.stdout), [])


def one_bad_file_does_not_hide_the_others(place):
    cli = Cli(place)
    good = place.write("good.yaml", REMOTE)
    bad = place.write("bad.yaml", REMOTE.replace("samples:", "sample:"))
    done = cli.run(CONFIG, "profile", "check", bad, good, "--output", "json")
    expect_equal([r["origin"] for r in json.loads(done.stdout)], [good])
    expect_equal(done.stderr, f"oneclick: {bad}:10:1: profile: there is no \"sample\" here; "
                 "did you mean samples\n")
    cli.run(USAGE, "profile", "check", place.join("none.yaml"))
    cli.says(USAGE, "`profile check` takes PATH...", "profile", "check")


def a_message_is_read_as_the_service_would(place):
    cli = Cli(place)
    path = place.write("p.yaml", REMOTE)
    expect_equal(cli.json("profile", "test", path, "--topic", "acme/b2/press", "--payload",
                          '{"key":"right","kind":"long","n":8}'),
                 [{"deviceId": "ACMEB2.right", "clickType": "LONG", "key": "8",
                   "windowSeconds": 60}])
    table = cli.run(DONE, "profile", "test", path, "--topic", "acme/b2/press", "--payload",
                    '{"kind":"long"}', "--output", "table").stdout.splitlines()
    expect(table[0].startswith("deviceId ") and table[1].split() == ["ACMEB2", "LONG"],
           str(table))
    expect_equal(cli.json("profile", "test", "soracom-button-enterprise", "--topic",
                          "/ingest/soracom", "--header", "X-Device-DSN=7MF6JK2000123456",
                          "--header=X-Soracom-Timestamp=1778751000250", "--payload",
                          '{"clickTypeName":"DOUBLE","batteryLevel":0.5}'),
                 [{"deviceId": "7MF6JK2000123456", "clickType": "DOUBLE",
                   "remainingLife": 50, "reportedTime": "2026-05-14T09:30:00.250Z"}])


def names_and_files_may_be_given(place):
    cli = Cli(place)
    path = place.write("message.json", '{"action":"2_double","battery":41}')
    words = ["profile", "test", "zigbee2mqtt", "--topic", "zigbee2mqtt/Hall/by the door",
             "--payload", "@" + path]
    expect_equal(cli.json(*words, "--alias", "Hall/by the door=00158D0001A2B3C4"),
                 [{"deviceId": "ZIGB00158D0001A2B3C4.2", "clickType": "DOUBLE",
                   "remainingLife": 41}])
    out = cli.says(FAILED, 'zigbee2mqtt messages[1].deviceId: no ID is known for the name '
                   '"Hall/by the door" (yet)', *words)
    expect_equal(json.loads(out), [])


def silence_is_explained(place):
    cli = Cli(place)
    nothing = "The profile knows this message, and it says nothing new."
    old = ("The profile knows this message, and passes it over: what a broker had retained "
           "is no click.")
    other = "The profile reads no such message: look at its topics and where."
    flic = ["profile", "test", "flic-hub-mqtt", "--topic", "flic/BF39-A1/action",
            "--payload"]
    expect_equal(cli.says(DONE, nothing, *flic, "ok"), "[]\n")
    expect_equal(cli.says(DONE, old, *flic, "click", "--retained"), "[]\n")
    expect_equal(cli.says(DONE, other, "profile", "test", "tasmota", "--topic", "a/b",
                          "--payload", "{}"), "[]\n")


def what_cannot_be_read_is_refused(place):
    cli = Cli(place)
    cli.says(FAILED, "the payload is no JSON: line 1, column 1: 'c' stands where a value "
             "should be", "profile", "test", "tasmota", "--topic", "stat/a/RESULT",
             "--payload", "click")
    cli.says(USAGE, "`profile test` takes a message: --topic TOPIC --payload TEXT.",
             "profile", "test", "tasmota", "--topic", "a")
    cli.says(USAGE, "--header takes NAME=VALUE, not \"x\".", "profile", "test", "tasmota",
             "--topic", "/ingest/a", "--payload", "a", "--header", "x")
    cli.says(USAGE, "--header goes with the path of HTTP: --topic /ingest/...", "profile",
             "test", "tasmota", "--topic", "a", "--payload", "a", "--header", "x=y")
    cli.says(USAGE, "there is no profile \"tasmotta\"; did you mean tasmota", "profile",
             "test", "tasmotta", "--topic", "a", "--payload", "a")
    path = place.write("p.yaml", "profile: x\n")
    cli.says(CONFIG, f"{path}:1:1: messages: it is missing", "profile", "test", path,
             "--topic", "a", "--payload", "a")


def the_example_of_the_handbook_works(place):
    """profiles/README.md: its profile passes, and its commands do what they say."""
    cli = Cli(place)
    with open(os.path.join(rig.HERE, "../../profiles/README.md"), encoding="utf-8") as f:
        text = f.read()
    example = re.search(r"```yaml\n(.*?)```", text, re.S).group(1)
    path = place.write("mine.yaml", example)
    expect_equal(len(cli.json("profile", "check", path)), 1)
    expect_equal(cli.json("profile", "test", path, "--topic", "acme/a1/press", "--payload",
                          '{"kind":"short"}'),
                 [{"deviceId": "ACMEA1", "clickType": "SINGLE"}])


def a_broken_configuration_is_in_nobodys_way(place):
    cli = Cli(place)
    broken = place.write("config.yaml", "contexts: [")
    expect(cli.json("--config", broken, "profile", "list"), "nothing was listed")
    expect(cli.json("--endpoint", "https://127.0.0.1:1", "profile", "list"), "nothing")


if __name__ == "__main__":
    rig.run(globals())
