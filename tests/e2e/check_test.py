"""`oneclick --check-config`: every mistake in one pass, where it stands and what was meant."""
import os
import subprocess

import rig
from rig import expect, expect_equal

GOOD, CONFIG = 0, 78


def check(place, text=None, *words):
    if text is not None:
        os.makedirs(place.join("config-home", "oneclick"), exist_ok=True)
        place.write("config-home/oneclick/config.yaml", text)
    done = subprocess.run([rig.ONECLICK, "--check-config", *words], text=True,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          env=place.environment(), timeout=20 * rig.SLOW)
    return done.returncode, done.stdout, done.stderr


# The line, and what its complaint says.
MISTAKES = [
    ("context: prd", "did you mean \"prod\""),
    ("theme: termnal", "did you mean terminal"),
    ("read_only: yes", "read_only"),
    ("colour: always", "Nobody knows the key \"colour\""),
    ("contexts:", None),
    ("  prod:", None),
    ("    endpoint: htp://click.example", "Did you mean http"),
    ("    region: EU Central", "is no region"),
    ("    profile: nobdy", "did you mean nobody"),
    ("    account: 12345678901x", "is no account"),
    ("    ca_file: /nowhere/ca.pem", "/nowhere/ca.pem"),
    ("    theme: ./mine.yaml", "mine.yaml"),
    ("    regoin: x", "did you mean \"region\""),
    ("    plain: 1", "plain"),
    ("  dev: 7", "must be a map"),
    ("  clear: {endpoint: \"http://click.example\"}", "in the clear"),
    ("  path: {endpoint: \"https://click.example/x;y\"}", "letters, digits and -._~"),
    ("  pipe: {endpoint: \"https://click.example\", ca_file: PIPE}", "not a plain file"),
    ("  empty: {endpoint: \"https://click.example\", ca_file: EMPTY}", "no certificate"),
    ("keys:", None),
    ("  devices: {fly: F1}", "fly"),
]


def every_mistake_is_told_in_one_pass_with_its_place(place):
    os.mkfifo(place.join("pipe"))
    place.write("empty", "nothing")
    os.makedirs(place.join(".aws"))
    place.write(".aws/config", "[profile nobody]\naws_access_key_id = A\n"
                "aws_secret_access_key = s\n")
    lines = [line.replace("PIPE", place.join("pipe")).replace("EMPTY", place.join("empty"))
             for line, _ in MISTAKES]
    status, out, err = check(place, "\n".join(lines) + "\n")
    expect_equal(status, CONFIG, err)
    expect_equal(out, "", "standard output")
    said = err.splitlines()
    for i, (line, says) in enumerate(MISTAKES):
        found = [s for s in said if f"config.yaml:{i + 1}:" in s]
        if says is None:
            expect_equal(found, [], f"of {line!r}")
        else:
            expect_equal(len(found), 1, f"complaints of {line!r}: {found}; all are\n{err}")
            expect(says in found[0], f"{line!r}: {found[0]}")
    expect_equal(len(said), sum(says is not None for _, says in MISTAKES), err)


def every_mistake_of_a_theme_is_told_with_its_place(place):
    theme = place.write("mine.yaml", """name: mine
extends: termnal
colours: {}
roles:
  text: {fg: purpel, attr: [bold, blnk], simbol: x}
  txet: {fg: red}
  low: {symbol: ab}
""")
    places = ("2:", "3:", "5:", "5:", "5:", "6:", "7:")
    for status, out, err in (check(place, f"theme: {theme}\n"),
                             theme_alone(place, theme)):
        expect_equal((status, out), (CONFIG, ""), err)
        said = [line.split(theme + ":")[1] for line in err.splitlines()]
        for line, wanted in zip(sorted(said), places):
            expect(line.startswith(wanted), f"{line}, of\n{err}")
        expect_equal(len(said), len(places), err)


def theme_alone(place, theme):
    done = subprocess.run([rig.ONECLICK, "--check-theme", theme], text=True,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          env=place.environment(), timeout=20 * rig.SLOW)
    return done.returncode, done.stdout, done.stderr


def what_is_right_is_said_with_all_that_was_read(place):
    os.makedirs(place.join(".aws"))
    place.write(".aws/credentials", "[ops]\naws_access_key_id = A\n"
                "aws_secret_access_key = s\n")
    os.chmod(place.join(".aws/credentials"), 0o600)
    place.write("ca.pem", "-----BEGIN CERTIFICATE-----\n")
    status, out, err = check(place, f"""
contexts:
  prod: {{endpoint: "https://click.example:8443", region: eu-central-1, profile: ops,
         ca_file: {place.join("ca.pem")}, account: "123456789012"}}
""")
    expect_equal((status, err), (GOOD, ""), "status and complaints")
    for word in ("config.yaml: nothing wrong", "ca.pem", ".aws/credentials"):
        expect(word in out, f"{word}: {out}")


def what_cannot_be_read_at_all_is_told(place):
    for text, says in (("contexts: [", "config.yaml:2:1:"), ("a: 1\na: 2\n", "config.yaml:2:"),
                       ("- x\n", "must be a map")):
        status, out, err = check(place, text)
        expect(status == CONFIG and says in err, f"{text!r}: {status} {err}")
    os.mkfifo(place.join("pipe.yaml"))
    status, out, err = check(place, None, "--config", place.join("pipe.yaml"))
    expect(status == CONFIG and "not a plain file" in err, f"a pipe: {status} {err}")
    status, out, err = check(place, None, "--config", place.join("none.yaml"))
    expect(status == CONFIG and "none.yaml" in err, f"no file: {status} {err}")


def pipes_in_place_of_files_hold_nothing_up(place):
    """A theme, a certificate, a credentials file that nobody writes to."""
    pipe = place.join("pipe.yaml")
    os.mkfifo(pipe)
    for words, env in ((["--theme", pipe], {}), (["--ca-file", pipe], {}),
                       ([], {"AWS_CA_BUNDLE": pipe}),
                       ([], {"AWS_SHARED_CREDENTIALS_FILE": pipe}),
                       ([], {"AWS_CONFIG_FILE": pipe})):
        keys = {} if "SHARED" in str(env) or "CONFIG_FILE" in str(env) else {
            "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"}
        done = subprocess.run(
            [rig.ONECLICK, "--endpoint", "https://127.0.0.1:9", *words, "devices", "list"],
            capture_output=True, text=True, stdin=subprocess.DEVNULL,
            env=place.environment(**env, **keys), timeout=30 * rig.SLOW)
        expect(done.returncode != 0 and ("plain file" in done.stderr or words[:1] ==
               ["--theme"] or "no file" in done.stderr), f"{words} {env}: {done.stderr}")


rig.run(globals())
