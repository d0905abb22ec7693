"""The example configuration of contrib/mosquitto: the real broker started with it."""
import json
import os
import socket
import sqlite3
import subprocess
import time

import rig
from rig import expect, expect_equal

EXAMPLE = os.path.join(rig.HERE, "../../contrib/mosquitto")
DEVICE, OTHER = "G030PM0123456789", "G030PM0123456780"
PASSWORDS = {"oneclick": "service", DEVICE: "one", OTHER: "two", "zigbee2mqtt": "three"}


class Installed:
    """The files where Debian has them, but below a directory of ours."""

    def __init__(self, place):
        self.place, self.port = place, rig.free_port()
        etc = place.join("mosquitto")
        os.makedirs(os.path.join(etc, "conf.d"))
        os.makedirs(os.path.join(etc, "lib"))
        for name, to in (("oneclick.conf", "conf.d/oneclick.conf"),
                         ("oneclick.acl", "oneclick.acl")):
            with open(os.path.join(EXAMPLE, name), encoding="ascii") as f:
                text = f.read()
            text = text.replace("/etc/mosquitto", etc)
            text = text.replace("listener 1883 ", f"listener {self.port} ")
            place.write("mosquitto/" + to, text)
        passwords = os.path.join(etc, "oneclick.passwd")
        open(passwords, "w", encoding="ascii").close()
        os.chmod(passwords, 0o600)
        for user, password in PASSWORDS.items():
            subprocess.run(["/usr/bin/mosquitto_passwd", "-b", passwords, user, password],
                           check=True, capture_output=True, timeout=60)
        # As Debian's own file says it, but for the log.
        self.config = place.write("mosquitto/mosquitto.conf", f"""
persistence true
persistence_location {etc}/lib/
include_dir {etc}/conf.d
user root
""")
        self.child = None
        place.closing.append(self)
        self.start()

    def start(self):
        with open(self.place.join("mosquitto.log"), "ab") as log:
            self.child = subprocess.Popen(["/usr/sbin/mosquitto", "-c", self.config],
                                          stdout=log, stderr=log)

        def answers():
            expect(self.child.poll() is None, "mosquitto refuses its configuration: " +
                   open(self.place.join("mosquitto.log"), encoding="utf-8").read())
            with socket.socket() as s:
                return s.connect_ex(("127.0.0.1", self.port)) == 0
        rig.wait_for("mosquitto", answers)

    def client(self, program, user, *words, **more):
        who = ["-u", user, "-P", PASSWORDS[user]] if user else []
        return subprocess.run(
            [f"/usr/bin/mosquitto_{program}", "-h", "127.0.0.1", "-p", str(self.port), *who,
             *words], capture_output=True, text=True, timeout=60, **more)

    def kill(self):
        self.child.kill()
        self.child.wait()

    def close(self):
        if self.child.poll() is None:
            self.child.terminate()
            self.child.wait(10)


def start(place):
    broker = Installed(place)
    password = place.write("password", PASSWORDS["oneclick"] + "\n")
    os.chmod(password, 0o600)
    service = rig.Service(place, "--mqtt", f"mqtt://oneclick@127.0.0.1:{broker.port}",
                          "--mqtt-password-file", password)
    service.register(DEVICE, OTHER)
    rig.wait_for("the subscription", lambda: "ubscribed" in service.process.errors())
    return broker, service


def stored(service):
    """How many clicks the log has."""
    name = [f for f in os.listdir(service.state) if f.endswith(".db")][0]
    with sqlite3.connect(f"file:{service.state}/{name}?mode=ro", uri=True) as db:
        return db.execute("SELECT count(*) FROM event WHERE kind <= 2").fetchone()[0]


def a_device_is_heard_as_itself_alone(place):
    broker, service = start(place)
    press = json.dumps({"clickType": "SINGLE"})
    for user, device in ((DEVICE, OTHER), (OTHER, DEVICE), ("zigbee2mqtt", DEVICE),
                         ("oneclick", DEVICE)):
        broker.client("pub", user, "-q", "1", "-t", f"oneclick/{device}/event", "-m", press)
    nobody = broker.client("pub", None, "-t", f"oneclick/{DEVICE}/event", "-m", press)
    expect(nobody.returncode != 0, "the broker lets nobody in without a password")
    done = broker.client("pub", DEVICE, "-q", "1", "-t", f"oneclick/{DEVICE}/event", "-m",
                         press)
    expect_equal(done.returncode, 0, done.stderr)
    rig.wait_for("the press", lambda: stored(service) == 1)
    spy = subprocess.Popen(
        ["/usr/bin/mosquitto_sub", "-h", "127.0.0.1", "-p", str(broker.port), "-u", OTHER,
         "-P", PASSWORDS[OTHER], "-t", "#", "-W", "2"], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True)
    time.sleep(0.5)
    broker.client("pub", DEVICE, "-q", "1", "-t", f"oneclick/{DEVICE}/event", "-m", press)
    expect_equal(spy.communicate()[0], "", "what another device hears")
    rig.wait_for("the second press", lambda: stored(service) == 2)
    time.sleep(0.2)
    expect_equal(stored(service), 2)


def what_the_broker_acknowledged_outlives_it(place):
    """Its last write may be under way: mosquitto 2.0 acknowledges first."""
    broker, service = start(place)
    service.process.kill()
    lines = "".join(json.dumps({"clickType": "SINGLE", "eventId": f"e{i}"}) + "\n"
                    for i in range(20))
    done = broker.client("pub", DEVICE, "-q", "1", "-i", "d", "-t",
                         f"oneclick/{DEVICE}/event", "-l", input=lines)
    expect_equal(done.returncode, 0, done.stderr)
    broker.kill()
    broker.start()
    service.start()
    rig.wait_for("19 of 20 at least", lambda: stored(service) >= 19, 30)


rig.run(globals())
