#!/usr/bin/python3
"""Both programs, started with standard descriptors that are closed or full."""
import json
import os
import subprocess

import console
import rig
from rig import expect, expect_equal

CLOSED = [(0,), (1,), (2,), (0, 1, 2)]  # the unit test has every combination


def start(place, argv, closed, **env):
    """As a shell's `<&- >&- 2>&-` does; what is left open is read back."""
    shell = "exec \"$@\" " + " ".join(f"{fd}{'<' if fd == 0 else '>'}&-" for fd in closed)
    return subprocess.run(["/bin/sh", "-c", shell, "sh", *argv], capture_output=True,
                          text=True, timeout=60 * rig.SLOW, stdin=subprocess.DEVNULL,
                          env=place.environment(AWS_DEFAULT_REGION=rig.REGION, **env))


def keys(key):
    return {"AWS_ACCESS_KEY_ID": key[0], "AWS_SECRET_ACCESS_KEY": key[1]}


def enabled(place, service, key):
    return console.ask(place, "devices", "list", service=service, key=key)[0]["enabled"]


def a_change_is_made_once_and_told_by_the_status(place):
    service = rig.Service(place)
    key = service.key()
    service.register(console.IDS[0], code="C-1234567890")
    console.run(place, "claim", "C-1234567890", service=service, key=key)
    for closed in CLOSED:
        enable = not enabled(place, service, key)
        words = ["device", "enable" if enable else "disable", console.IDS[0]]
        done = start(place, [rig.ONECLICK, "--endpoint", service.url, *words], closed,
                     **keys(key))
        expect(done.returncode in (0, 1), f"{closed}: {done.returncode} {done.stderr}")
        expect_equal(enabled(place, service, key), enable, f"enabled, {closed} closed")


def what_only_prints_fails_where_it_cannot(place):
    service = rig.Service(place)
    key = service.key()
    service.register(console.IDS[0])
    own = ["--state", service.state]
    words = [[rig.ONECLICK, "--help"], [rig.ONECLICK, "--version"],
             [rig.ONECLICK, "--dump-keys"], [rig.ONECLICK, "--dump-commands"],
             [rig.ONECLICK, "--check-config"], [rig.ONECLICK, "profile", "list"],
             [rig.ONECLICK, "--endpoint", service.url, "devices", "list"],
             [rig.ONECLICKD, "--help"], [rig.ONECLICKD, "--version"],
             [rig.ONECLICKD, "--check-config"],
             [rig.ONECLICKD, "key", "list", *own],
             [rig.ONECLICKD, "user", "list", *own],
             [rig.ONECLICKD, "account", "list", *own],
             [rig.ONECLICKD, "audit", "verify", *own]]
    for argv in words:
        for closed in [(), *CLOSED]:
            done = start(place, argv, closed, **keys(key))
            expect_equal(done.returncode, 1 if 1 in closed else 0,
                         f"{argv[:3]} with {closed} closed: {done.stderr}")


def a_local_service_starts_and_ends_with_its_command(place):
    start(place, [rig.ONECLICK, "device", "register", console.IDS[1]], ())
    for closed in CLOSED:
        done = start(place, [rig.ONECLICK, "devices", "list", "--output", "json"], closed)
        expect_equal(done.returncode, 1 if 1 in closed else 0, f"{closed}: {done.stderr}")
        if 1 not in closed:
            expect_equal(json.loads(done.stdout), [], "devices")


def the_console_says_that_there_is_no_terminal(place):
    for closed in CLOSED:
        done = start(place, [rig.ONECLICK], closed)
        expect_equal(done.returncode, 2, f"the console with {closed} closed")


def the_service_runs_and_no_file_of_its_takes_their_place(place):
    for closed in CLOSED:
        service, port = place.join(f"state-{sum(1 << c for c in closed)}"), rig.free_port()
        shell = "exec \"$@\" " + " ".join(f"{fd}>&-" for fd in closed)
        child = subprocess.Popen(
            ["/bin/sh", "-c", shell, "sh", rig.ONECLICKD, "--listen", f"127.0.0.1:{port}",
             "--state", service], env=place.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            def answers():
                try:
                    return rig.http(f"http://127.0.0.1:{port}/healthz")[0] == 200
                except OSError:
                    return False
            rig.wait_for("the service", answers, 20)
            for fd in (0, 1, 2):
                expect_equal(os.readlink(f"/proc/{child.pid}/fd/{fd}"), "/dev/null",
                             f"descriptor {fd} with {closed} closed")
        finally:
            child.terminate()
            expect_equal(child.wait(20 * rig.SLOW), 0, f"its end with {closed} closed")


rig.run(globals())
