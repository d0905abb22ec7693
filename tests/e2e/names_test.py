"""Name servers that do not answer, and names with several addresses: nobody waits for either.
In a network and a mount of its own, so that no root is needed and nothing outside changes."""
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import console
import rig
from callbacks import ARN, DEVICE, OTHER, Fleet, webhook
from rig import expect, expect_equal

INSIDE = "ONECLICK_TEST_NAMES"
SERVER = "127.0.0.77"
HOSTS = "127.0.0.1 localhost\n::1 localhost both.test\n127.0.0.1 both.test\n"


def go_inside():
    """This test again, where we may say what the system's files are."""
    if os.environ.get(INSIDE):
        return
    words = ["/usr/bin/unshare", "--user", "--map-root-user", "--mount", "--net"]
    if subprocess.run([*words, "/bin/true"], capture_output=True, check=False).returncode:
        print("1..0 # SKIP user namespaces are not to be had here")
        sys.exit(0)
    os.environ[INSIDE] = "1"
    os.execv(words[0], [*words, sys.executable, os.path.abspath(__file__), *sys.argv[1:]])


def lay_over(path, text):
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as f:
        f.write(text)
    os.chmod(f.name, 0o644)
    subprocess.run(["/usr/bin/mount", "--bind", f.name, os.path.realpath(path)], check=True)
    os.remove(f.name)


def silence():
    """A name server that hears all and answers nothing; how often it was asked."""
    subprocess.run(["/usr/sbin/ip", "link", "set", "lo", "up"], check=True)
    lay_over("/etc/resolv.conf", f"nameserver {SERVER}\noptions timeout:5 attempts:2\n")
    lay_over("/etc/nsswitch.conf", "hosts: files dns\n")
    lay_over("/etc/hosts", HOSTS)
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((SERVER, 53))
    asked = []

    def hear():
        while True:
            asked.append(server.recv(2000))
    threading.Thread(target=hear, daemon=True).start()
    return asked


go_inside()
ASKED = silence()
# ms: any wait for a resolver is longer than 5 s
LONGEST = 2000


def worst(seconds, call):
    """Milliseconds of the slowest of many calls."""
    until, slowest = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        began = time.monotonic()
        call()
        slowest = max(slowest, (time.monotonic() - began) * 1000)
        time.sleep(0.02)
    return slowest


def fleet_with_silent_names(place, receiver):
    """Each kind of client has a name that no server answers for."""
    secret = place.write("password", "secret\n")
    os.chmod(secret, 0o600)
    return Fleet(
        place, webhook(receiver, ARN + "near", {"secret-file": None}),
        {"match": ARN + "web", "timeout": "2s",
         "webhook": {"url": "https://hook.silent.test/"}},
        {"match": ARN + "mail", "timeout": "2s",
         "mail": {"url": "smtp://mail.silent.test", "from": "a@example.org",
                  "to": "b@example.org", "subject": "s", "body": "b"}},
        {"match": ARN + "mqtt", "timeout": "2s",
         "mqtt": {"url": "mqtts://broker.silent.test", "topic": "clicks"}},
        devices=(DEVICE, OTHER), functions=("near", "web"),
        options=("--mqtt", "mqtts://in.silent.test", "--throttle", "0"),
        callbacks={"allow": ["127.0.0.0/8", "*.silent.test"]})


def silent_name_servers_slow_nothing_down(place):
    receiver = rig.Receiver(place)
    fleet = fleet_with_silent_names(place, receiver)
    service = fleet.service
    before = worst(2, lambda: fleet.press(DEVICE))
    for function in ("web", "mail", "mqtt"):
        fleet.call_back(OTHER, function)
        for _ in range(5):
            fleet.press(OTHER)
    rig.wait_for("questions", lambda: len(ASKED) >= 4)
    pressed = worst(12, lambda: fleet.press(DEVICE))
    healthy = worst(2, lambda: rig.http(service.url + "/healthz"))
    print(f"# worst press {before:.0f} ms, with silent name servers {pressed:.0f} ms; "
          f"/healthz {healthy:.0f} ms")
    expect(pressed < LONGEST and healthy < LONGEST,
           f"presses took {pressed} ms, /healthz {healthy} ms")
    receiver.wait(20)
    for _ in range(10):
        fleet.press(OTHER)
    began = time.monotonic()
    os.kill(service.process.child.pid, signal.SIGHUP)
    fleet.press(DEVICE)
    expect(time.monotonic() - began < LONGEST / 1000, "a reload keeps a press waiting")
    began = time.monotonic()
    service.process.child.terminate()
    service.process.child.wait(60)
    took = time.monotonic() - began
    print(f"# TERM {took * 1000:.0f} ms")
    expect_equal(service.process.child.returncode, 0, service.process.errors())
    expect(took < 5 * rig.SLOW, f"TERM took {took} s")


def a_command_gives_up_in_time_and_can_be_interrupted(place):
    def start():
        return subprocess.Popen(
            [rig.ONECLICK, "--endpoint", "https://console.silent.test", "devices", "list"],
            env=place.environment(AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE",
                                  AWS_SECRET_ACCESS_KEY="x" * 40),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    count = len(ASKED)
    command = start()
    rig.wait_for("a question", lambda: len(ASKED) > count)
    began = time.monotonic()
    command.send_signal(signal.SIGINT)
    command.communicate(timeout=60)
    expect(time.monotonic() - began < LONGEST / 1000, "Ctrl-c is heard at once")
    began = time.monotonic()
    command = start()
    said = command.communicate(timeout=120)[0].decode()
    expect_equal(command.returncode, 69, said)
    print(f"# oneclick gave up after {time.monotonic() - began:.1f} s: {said.strip()}")


def the_consoles_keys_are_heard(place):
    count = len(ASKED)
    screen = console.Console(
        place, "--endpoint", "https://console.silent.test",
        AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY="x" * 40)
    rig.wait_for("a question", lambda: len(ASKED) > count)
    screen.wait("Devices")
    tabs = iter("45" * 1000)
    slowest = worst(15, lambda: screen.key(next(tabs)))
    print(f"# slowest key {slowest:.0f} ms")
    expect(slowest < LONGEST, f"a key took {slowest} ms")
    began = time.monotonic()
    screen.leave()
    expect(time.monotonic() - began < LONGEST / 1000, "it ends at once")


def a_broker_is_found_at_the_second_address(place):
    """It listens on 127.0.0.1, and both.test is ::1 first."""
    broker = rig.Broker(place)
    receiver = rig.Receiver(place)
    fleet = Fleet(place, webhook(receiver, ARN + "near", {"secret-file": None}),
                  {"match": ARN + "mqtt", "mqtt": {"url": f"mqtt://both.test:{broker.port}",
                                                   "topic": f"oneclick/{OTHER}/event"}},
                  devices=(DEVICE, OTHER), functions=("mqtt", "near"),
                  options=("--mqtt", f"mqtt://both.test:{broker.port}"))
    rig.wait_for("the subscription", lambda: "Subscribed" in fleet.service.process.errors())
    fleet.press(DEVICE)
    fleet.wait_settled()
    expect_equal(fleet.deliveries(), [], "deliveries that wait")


rig.run(globals())
