"""What `make` does about packages that are missing: as root, with sudo, without; with
stand-ins for the programs it calls."""
import os
import subprocess

import rig
from rig import expect, expect_equal

DEPS = os.path.join(rig.HERE, "../tools/deps.sh")
LACKING = 'case "$*" in *lacking*|*nginx*) exit 1;; esac; echo "install ok installed"'


def deps(place, *packages, uid=1000, **programs):
    """Its end, and what it called."""
    bin_, log = place.join("bin"), place.join("called")
    os.makedirs(bin_, exist_ok=True)
    stand_ins = {"id": f"echo {uid}", "apt_get": "true", "service": "exit 3",
                 "systemctl": "true", "dpkg_query": LACKING,
                 "sudo": '[ "$1" = -n ] && shift; exec "$@"', **programs}
    for name, does in stand_ins.items():
        path = place.write("bin/" + name.replace("_", "-"),
                           f'#!/bin/sh\necho "{name.replace("_", "-")} $*" >>{log}\n{does}\n')
        os.chmod(path, 0o755)
    done = subprocess.run([DEPS, *packages], capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL,
                          env=place.environment(PATH=f"{bin_}:/usr/bin:/bin"))
    with open(log, encoding="utf-8") as f:
        return done, f.read()


def nothing_is_called_when_nothing_is_missing(place):
    done, called = deps(place, "make", "git")
    expect_equal((done.returncode, done.stdout + done.stderr), (0, ""))
    expect("apt-get" not in called and "sudo" not in called, called)


def what_apt_says_is_seen_while_it_works(place):
    done, called = deps(place, "make", "lacking", uid=0, apt_get='echo "Setting up $1"')
    expect_equal(done.returncode, 0, done.stderr)
    expect("Setting up install" in done.stdout, done.stdout)
    expect("apt-get install -y" in called and "make" not in called.split("apt-get")[-1], called)


def old_lists_are_read_anew(place):
    once = f'[ "$1" = update ] && touch {place.join("new")}; [ -e {place.join("new")} ]'
    done, called = deps(place, "lacking", uid=0, apt_get=once)
    expect_equal(done.returncode, 0, done.stderr)
    expect("apt-get update" in called, called)


def who_may_not_install_is_told_the_one_line(place):
    for programs in ({"sudo": "exit 1"}, {"apt_get": "exit 100"}):
        done, called = deps(place, "lacking", "make", "lacking-too", **programs)
        expect_equal(done.returncode, 1)
        expect("\n    apt-get update && apt-get install -y --no-install-recommends "
               "lacking lacking-too\n" in done.stderr, done.stderr)


def a_daemon_that_came_with_its_package_is_put_to_rest(place):
    done, called = deps(place, "nginx", "lacking", service="true")
    expect_equal(done.returncode, 0, done.stderr)
    expect("service nginx stop" in called and "mosquitto" not in called, called)
    expect("stopped nginx" in done.stdout, done.stdout)


def elsewhere_than_on_debian_the_list_is_printed(place):
    os.makedirs(place.join("empty"))
    os.symlink("/bin/bash", place.join("empty/bash"))
    done = subprocess.run(["/bin/bash", DEPS, "make", "git"], capture_output=True, text=True,
                          env={"PATH": place.join("empty")}, timeout=60)
    expect_equal((done.returncode, done.stdout),
                 (0, "oneclick needs these (Debian's names): make git\n"))


def nothing_is_written_to_a_name_that_can_be_guessed(place):
    with open(DEPS, encoding="utf-8") as f:
        expect("/tmp" not in f.read(), "deps.sh writes to /tmp")


if __name__ == "__main__":
    rig.run(globals())
