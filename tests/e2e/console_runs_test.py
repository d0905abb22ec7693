"""Runs of many changes: Ctrl-c stops them whole, q asks, a signal tells, and what is said of
them is what the service has."""
import re
import signal
import sqlite3

import rig
from console import Console
from rig import expect, expect_equal

CODE = "C-1234567890"
MANY = 600


def fleet(place):
    service = rig.Service(place, "--throttle", "0")
    names = [f"G030PM00{i:08d}" for i in range(MANY)]
    service.register(*names, code=CODE)
    key = service.key()
    devices = rig.botocore_client(service, key, "iot1click-devices")
    devices.claim_devices_by_claim_code(ClaimCode=CODE)
    screen = Console(place, service=service, key=key)
    screen.wait("LIVE").wait(f"> Devices").wait(f" {MANY}", 30)
    return service, screen


def enabled(service):
    with sqlite3.connect(f"file:{service.state}/oneclick.db?mode=ro", uri=True) as db:
        return db.execute("SELECT count(*) FROM device WHERE enabled").fetchone()[0]


def begin(screen):
    screen.press("*").press("+", f"Enable {MANY} devices").press("\\t").press("\\r", "sent ")


def ctrl_c_stops_a_run_and_says_what_was_done(place):
    service, screen = fleet(place)
    begin(screen)
    screen.press("\\x03", "Stopped:")
    said = re.search(r"(\d+) of (\d+) devices enabled, (\d+) not begun", str(screen))
    expect(said, f"how far it came:\n{screen}")
    done, total, left = map(int, said.groups())
    expect_equal((total, done + left), (MANY, MANY), "what was said")
    expect_equal(enabled(service), done, "what is enabled")
    screen.press("\\\\").leave()


def q_asks_before_it_leaves_a_run_and_says_what_is_lost(place):
    service, screen = fleet(place)
    begin(screen)
    screen.press("q", "Leave the console").wait("not begun")
    screen.press("\\r").gone("Leave the console")
    screen.wait(f"{MANY} devices enabled", 60)
    expect_equal(enabled(service), MANY, "what is enabled")
    screen.leave()


def a_signal_tells_what_was_not_done(place):
    _, screen = fleet(place)
    begin(screen)
    screen.signal(signal.SIGTERM)
    expect_equal(screen.end(20), "exit 143", "the end")
    expect(re.search(rb"ended before this was done:\r?\n.*of 600 devices enabled.*not begun",
                     screen.said()), "what was not done is told")


if __name__ == "__main__":
    rig.run(globals())
