"""Settings: from the file, the environment and the command line; checked before anything
opens, and read anew while the service runs."""
import os
import re
import signal
import subprocess
import threading
import time

import rig
from rig import expect, expect_equal

EXAMPLE = os.path.join(rig.HERE, "../../contrib/oneclick.yaml")
DEVICE = "G030PM0123456789"
CODE = "C-1234567890"


def put(place, name, text):
    os.makedirs(os.path.dirname(place.join(name)), exist_ok=True)
    path = place.write(name, text)
    os.chmod(path, 0o644)
    return path


def check(place, *words, **environment):
    return subprocess.run([rig.ONECLICKD, "--check-config", *words], text=True,
                          env=place.environment(**environment), capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=20 * rig.SLOW)


def options():
    """The names that --help lists before the first command."""
    said = subprocess.run([rig.ONECLICKD, "--help"], capture_output=True, text=True,
                          timeout=20 * rig.SLOW).stdout
    return re.findall(r"^  --([a-z-]+)", said.split("\n\n")[0], re.M)


def the_example_is_sound_as_it_is_and_with_all_its_lines(place):
    """But for its state, which lies where only root can make it."""
    with open(EXAMPLE, encoding="utf-8") as f:
        text = f.read().replace("/var/lib/oneclick", place.join("state"))
    path = put(place, "etc/oneclick.yaml", text)
    done = check(place, "--config", path)
    expect_equal((done.returncode, done.stdout), (0, f"{path}: ok\n"), done.stderr)
    text = re.sub(r"^#(?=[a-z ])", "", re.sub(r"^# .*$", "", text, flags=re.M), flags=re.M)
    for name in re.findall(r"/etc/oneclick/secrets/([\w.-]+)", text):
        os.chmod(put(place, "secrets/" + name, "secret\n"), 0o600)
    done = subprocess.run(["/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                           "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=x",
                           "-keyout", place.join("secrets/oneclick.example.key"),
                           "-out", place.join("secrets/oneclick.example.pem")],
                          capture_output=True, text=True, timeout=20 * rig.SLOW)
    expect_equal(done.returncode, 0, done.stderr)
    os.makedirs(place.join("profiles"))
    text = text.replace("/etc/oneclick/", place.join(""))
    done = check(place, "--config", put(place, "etc/oneclick.yaml", text))
    expect_equal((done.returncode, done.stdout), (0, f"{path}: ok\n"), done.stderr)


def the_example_has_every_option(place):
    with open(EXAMPLE, encoding="utf-8") as f:
        text = f.read()
    names = options()
    expect(len(names) > 8, f"--help lists {names}")
    for name in names:
        if name not in ("with-parent", "config", "check-config"):
            expect(re.search(f"^#?{name}: ", text, re.M), f"contrib/oneclick.yaml has no line #{name}: …")


def every_mistake_is_told_with_file_line_and_column(place):
    path = put(place, "etc/a.yaml", "region: x_1\nclaim-windw: 5m\n\nkeep-events: soon\n")
    more = put(place, "etc/conf.d/b.yaml", "clock-skew: 1m\nregion: us-west-2\n")
    done = check(place, "--config", path, ONECLICKD_KEEP_EVENTS="never")
    expect_equal(done.returncode, 78, done.stderr)
    expect_equal(done.stderr.splitlines(), [
        f'{more}:2:1: "region" stands in {path}:1:1 too; keep it in one file.',
        f"{path}:1:1: region takes a region like us-west-2, not 'x_1'.",
        f'{path}:2:1: "claim-windw" is not known here; did you mean "claim-window"?',
        f"{path}:4:1: keep-events takes a duration like 90s, 15m, 12h or 400d, not 'soon'.",
        "ONECLICKD_KEEP_EVENTS takes a duration like 90s, 15m, 12h or 400d, not 'never'."])


def every_wrong_destination_is_told_of(place):
    path = put(place, "a.yaml", """
destinations:
  - match: "arn:a*"
    webhok: {url: "https://x.example/"}
  - match: "arn:b*"
    webhook: {url: "https://x.example/", secret-file: """ + place.join("secret") + """}
  - match: "arn:c*"
    timeout: never
""")
    os.chmod(put(place, "secret", "whsec_" + "c2VjcmV0IHNlY3JldCBzZWNyZXQh\n"), 0o600)
    done = check(place, "--config", path)
    expect_equal(done.returncode, 78, done.stderr)
    expect_equal([line.split(": ")[0] for line in done.stderr.splitlines()],
                 [f"{path}:4:5", f"{path}:8:5"], done.stderr)


def told(done, path):
    """LINE:COLUMN, or the name of what said it, of each line that was told; all in order."""
    return [line.removeprefix(path + ":").split(": ")[0] for line in done.stderr.splitlines()]


def one_mistake_hides_no_other(place):
    """A key that stands twice, what is no YAML, and mistakes in every section, in one pass."""
    path = put(place, "a.yaml", """region: x_1
region: us-west-2
claim-window: 15
state: /proc/nope
throttle: 1e9
no-replay-check: "yes"
account: 12
listen: 300.1.1.1:80
mqtt-listen: "[::g]:1883"
mqtt: http://x
mqtt-ca: /none
tls-cert: /none
keep-events: [1d]
socket: {a: b
keep-audit: 7 weeks
destinations:
  - match: front-desk
    max-in-flight: 0
    webhook: {url: "ftp://x", ur: x}
  - match: "arn:aws:lambda:*"
    webhook: {url: "https://x.example/", secret-file: /none}
  - match: "arn:aws:lambda:*:*:function:f"
    ordered: maybe
    exec: {command: [/none], user: nobody}
  - webhok: {url: "https://x.example/"}
  - 7
callbacks:
  allow: [10.0.0.0/33, "x y", 10.0.0.0/8]
  deny: []
profiles:
  directory: /none
  secrets: {none: /none}
metrics-token-file: /none
claim-windw: 1m
""")
    done = check(place, "--config", path, "--clok-skew", "1m", "--keep-metrics", "never",
                 ONECLICKD_KEEP_METRICS="soon", ONECLICKD_MQTT_PASSWORD_FILE="/none",
                 ONECLICKD_CLAIM_WINDW="5m", ONECLICKD_PORT="tcp://10.0.0.1:80")
    expect_equal(done.returncode, 78, done.stderr)
    found = told(done, path)
    for at in ("2:1", "1:1", "3:1", "4:1", "5:1", "6:1", "7:1", "8:1", "9:1", "10:1", "11:1",
               "12:1", "13:1", "15:1", "17:5", "18:5", "19:15", "19:31", "21:42", "22:5",
               "23:5", "24:12", "25:5", "26:5", "28:11", "28:24", "29:3", "31:3", "32:13", "33:1",
               "34:1"):
        expect(at in found, f"nothing is said of {at}:\n{done.stderr}")
    for words in ("ONECLICKD_KEEP_METRICS takes", "ONECLICKD_MQTT_PASSWORD_FILE: ",
                  "ONECLICKD_CLAIM_WINDW is no variable of ours; did you mean "
                  "ONECLICKD_CLAIM_WINDOW?", "--keep-metrics takes",
                  "'--clok-skew'; did you mean --clock-skew?"):
        expect(words in done.stderr, f"{words} is not said:\n{done.stderr}")
    expect("ONECLICKD_PORT" not in done.stderr, done.stderr)
    expect_equal(len(set(done.stderr.splitlines())), len(done.stderr.splitlines()),
                 f"something is said twice:\n{done.stderr}")


def what_yaml_cannot_read_costs_one_member(place):
    for text, wanted in [
            ("a: [1\nclaim-windw: 5m\n", ["2:1", "1:1"]),
            ("region: 'x\nclaim-windw: 5m\n", None),
            ("claim-window: 5m\n\tregion: x\nkeep-events: 1d\nx: 1\n", ["2:1", "4:1"]),
            ("region: us-west-2\nregion: us-west-2\nregion: a b\n", ["2:1", "3:1"]),
            ("region: !!int 3\nkeep-events: soon\n", ["1:9", "2:1"]),
            ("- a\n", ["1:1"]), ("region\n", ["1:1"])]:
        path = put(place, "a.yaml", text)
        done = check(place, "--config", path)
        expect_equal(done.returncode, 78, f"{text!r}: {done.stdout}")
        expect(wanted is None or set(told(done, path)) >= set(wanted[:1]) and
               len(told(done, path)) >= len(wanted), f"{text!r}: {done.stderr}")


def where_the_state_can_be_kept_is_looked_at(place):
    for where, ok in [("/proc/nope", False), ("/proc", False), ("/dev/null/x", False),
                      ("/etc/passwd", False), ("/sys/x/y", False), (place.join("new/er"), True),
                      (place.path, True)]:
        for words, says in ((["--state", where], "--state: "), ([], "ONECLICKD_STATE: ")):
            done = check(place, *words, **({} if words else {"ONECLICKD_STATE": where}))
            expect_equal(done.returncode, 0 if ok else 78, f"{where}: {done.stderr}")
            expect(ok or done.stderr.startswith(says), done.stderr)
    expect(not os.path.exists(place.join("new")), "a check makes nothing")
    expect_equal([n for n in os.listdir(place.path) if n.startswith(".oneclick")], [])


def what_would_not_start_is_told_of(place):
    for text, wanted in [
            ("listen: 8080", ":1:1: listen takes ADDRESS:PORT, not '8080'."),
            ("listen: 127.0.0.1:70000", ":1:1: listen takes ADDRESS:PORT, not '127.0.0.1:70000'."),
            ("mqtt-listen: 1883", ":1:1: mqtt-listen takes ADDRESS:PORT, not '1883'."),
            ("mqtt: http://x", ":1:1: The broker's address must be mqtt://"),
            ("mqtt: mqtt://127.0.0.1:99999", ":1:1: The broker's address must be mqtt://"),
            ("mqtt-password-file: /none", ":1:1: mqtt-password-file: The secret /none is not used: "),
            ("mqtt-ca: /none", ":1:1: mqtt-ca: /none cannot be read: No such file or directory."),
            ("tls-cert: /none", ":1:1: tls-cert: tls-key is missing"),
            ("tls-key: /none", ":1:1: tls-key: tls-cert is missing"),
            ("listen: '300.1.1.1:80'", ":1:1: listen takes ADDRESS:PORT"),
            ("listen: 'a b:80'", ":1:1: listen takes ADDRESS:PORT"),
            ("listen: 'fd:'", ":1:1: listen takes ADDRESS:PORT"),
            ("listen: 'unix:x'", ":1:1: listen takes ADDRESS:PORT"),
            ("metrics-token-file: /none", ":1:1: metrics-token-file: The secret /none is not used: ")]:
        done = check(place, "--config", put(place, "a.yaml", text + "\n"))
        expect_equal(done.returncode, 78, f"{text}: {done.stdout}")
        expect(wanted in done.stderr, f"{text}: {done.stderr}")
    for text in ("listen: \"[::1]:0\"", "listen: fd:http", "listen: localhost:80"):
        done = check(place, "--config", put(place, "a.yaml", text + "\n"))
        expect_equal(done.returncode, 0, f"{text}: {done.stderr}")


def a_destination_whose_files_are_missing_is_told_of(place):
    path = put(place, "a.yaml", """
destinations:
  - mail: {url: "smtp://mail.example.com", from: a@b.example, user: me,
           password-file: /nowhere}
  - match: "arn:b*"
    lambda: {credentials-file: /nowhere}
  - match: "arn:c*"
    exec: {command: [/nowhere], user: nobody}
""")
    done = check(place, "--config", path)
    expect_equal(done.returncode, 78, done.stdout)
    expect_equal([line.split(": ")[0] for line in done.stderr.splitlines()],
                 [f"{path}:4:12", f"{path}:6:14", f"{path}:8:12"], done.stderr)


def no_file_is_no_mistake_and_a_missing_one_is(place):
    expect_equal(check(place).returncode, 0, "none")
    done = check(place, "--config", place.join("missing.yaml"))
    expect_equal(done.returncode, 78, done.stderr)
    expect("missing.yaml: No such file" in done.stderr, done.stderr)


def a_service_with_a_wrong_configuration_does_not_start(place):
    path = put(place, "a.yaml", "claim-windw: 5m\n")
    done = subprocess.run([rig.ONECLICKD, "--config", path, "--state", place.join("s")],
                          env=place.environment(), capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=20 * rig.SLOW)
    expect_equal(done.returncode, 78, done.stderr)
    expect(f"{path}:1:1: " in done.stderr, done.stderr)
    expect(not os.path.exists(place.join("s")), "nothing was made")


def commands_find_the_state_that_the_file_names(place):
    put(place, "a.yaml", f"state: {place.join('named')}\n")
    subprocess.run([rig.ONECLICKD, "init"], check=True, timeout=20 * rig.SLOW,
                   stdout=subprocess.DEVNULL,
                   env=place.environment(ONECLICKD_CONFIG=place.join("a.yaml")))
    done = subprocess.run([rig.ONECLICKD, "key", "create", "--user", "u", "--policy",
                           "AWSIoT1ClickReadOnlyAccess"], capture_output=True, text=True,
                          env=place.environment(ONECLICKD_CONFIG=place.join("a.yaml")),
                          timeout=20 * rig.SLOW)
    expect_equal(done.returncode, 0, done.stderr)
    expect(os.path.exists(place.join("named/oneclick.db")), "the store is there")


def the_state_is_where_systemd_made_it(place):
    subprocess.run([rig.ONECLICKD, "init"], check=True, timeout=20 * rig.SLOW,
                   stdout=subprocess.DEVNULL,
                   env=place.environment(STATE_DIRECTORY=place.join("made")))
    done = subprocess.run([rig.ONECLICKD, "key", "list"], capture_output=True, text=True,
                          env=place.environment(STATE_DIRECTORY=place.join("made")),
                          timeout=20 * rig.SLOW)
    expect_equal(done.returncode, 0, done.stderr)
    expect(os.path.exists(place.join("made/oneclick.db")), "the store is there")


def reload(service, says):
    """SIGHUP, and waits for a line of the log that was not there before."""
    with open(service.process.log_path, encoding="utf-8") as f:
        before = len(f.read())

    def heard():
        with open(service.process.log_path, encoding="utf-8") as f:
            return says in f.read()[before:]
    service.process.child.send_signal(signal.SIGHUP)
    rig.wait_for(f"the log to say {says!r}", heard)


def claim_after(service, token, devices, seconds):
    """Whether a claim that is pressed so much later finishes."""
    devices.initiate_device_claim(DeviceId=DEVICE)
    time.sleep(seconds)
    rig.press(service, token, DEVICE)
    try:
        devices.finalize_device_claim(DeviceId=DEVICE)
        return True
    except devices.exceptions.ResourceConflictException as e:
        expect("has lapsed" in str(e), str(e))
        return False


def a_reload_changes_what_it_can_and_names_what_it_cannot(place):
    path = put(place, "a.yaml", "claim-window: 1s\n")
    service = rig.Service(place, "--config", path)
    token = service.register(DEVICE)[DEVICE]
    devices = rig.botocore_client(service, service.key(), "iot1click-devices")
    expect(not claim_after(service, token, devices, 1.3), "claimed after the window")
    put(place, "a.yaml", "claim-window: 10m\nregion: eu-west-1\n")
    reload(service, "needs a restart: region")
    expect(claim_after(service, token, devices, 1.3), "the window is longer now")


def a_wrong_reload_changes_nothing(place):
    path = put(place, "a.yaml", "claim-window: 10m\n")
    service = rig.Service(place, "--config", path)
    put(place, "a.yaml", "claim-window: 1s\nregoin: x\n")
    reload(service, f'{path}:2:1: "regoin" is not known here; did you mean "region"?')
    token = service.register(DEVICE)[DEVICE]
    devices = rig.botocore_client(service, service.key(), "iot1click-devices")
    expect(claim_after(service, token, devices, 1.3), "the window is the old one")


def reloads_disturb_nobody(place):
    path = put(place, "a.yaml", "claim-window: 10m\n")
    service = rig.Service(place, "--config", path)
    token = service.register(DEVICE)[DEVICE]
    stop, wrong, count = threading.Event(), [], [0]

    def load():
        while not stop.is_set():
            status, _, body = rig.press(service, token, DEVICE)
            count[0] += 1
            if status != 200:
                wrong.append(body)
    threads = [threading.Thread(target=load) for _ in range(3)]
    for t in threads:
        t.start()
    for n in range(20):
        put(place, "a.yaml", f"claim-window: {n + 1}m\n")
        reload(service, "the settings were read anew")
    stop.set()
    for t in threads:
        t.join()
    expect(count[0] > 20 and not wrong, f"{count[0]} presses, refused: {wrong[:3]}")


rig.run(globals())
