"""A service of one's own, where it cannot be made: what stands in the way is said, and what
to do about it."""
import os
import shutil
import subprocess

import rig
from rig import expect, expect_equal

DEVICE = "G030PM0123456789"


class Home:
    """A user's home; what is set to None is not set at all."""

    def __init__(self, place, **env):
        self.path = place.join("home")
        os.makedirs(self.path, 0o700)
        env = dict({"HOME": self.path, "XDG_RUNTIME_DIR": None, "XDG_STATE_HOME": None,
                    "XDG_CONFIG_HOME": None}, **env)
        self.env = {k: v for k, v in {**place.environment(), **env}.items() if v is not None}

    def run(self, *words, program=rig.ONECLICK):
        done = subprocess.run([program, *words], env=self.env, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60 * rig.SLOW)
        return done.returncode, done.stdout + done.stderr

    def register(self, **more):
        return self.run("device", "register", DEVICE, **more)


def told(got, *says):
    status, said = got
    expect(status != 0, f"it went well: {said}")
    for words in says:
        expect(words in said, f"{words!r} is not in {said!r}")


def without_a_home_there_is_no_place(place):
    told(Home(place, HOME=None).register(), "set HOME or XDG_STATE_HOME")


def a_home_that_cannot_be_written_is_named(place):
    home = Home(place, XDG_STATE_HOME=place.write("file", "") + "/state")
    told(home.register(), "cannot be made", "Not a directory")


def a_directory_others_may_enter_takes_no_socket(place):
    home = Home(place)
    run = os.path.join(home.path, ".local/state/oneclick/run")
    os.makedirs(run, 0o700)
    os.chmod(run, 0o755)
    told(home.register(), run, "chmod 700")
    os.rmdir(run)
    os.symlink(place.path, run)
    told(home.register(), run, "a directory of your own")


def a_path_too_long_for_a_socket_is_told(place):
    home = Home(place, XDG_STATE_HOME=place.join("x" * 100))
    told(home.register(), "socket")


def without_the_service_beside_it_the_command_says_so(place):
    home = Home(place, PATH="/nonexistent")
    alone = place.join("oneclick-alone")
    shutil.copy(rig.ONECLICK, alone)
    told(home.register(program=alone), "there is no oneclickd beside oneclick or in PATH")


def a_service_that_does_not_start_says_why(place):
    home = Home(place)
    os.makedirs(os.path.join(home.path, ".config/oneclick"), 0o700)
    config = os.path.join(home.path, ".config/oneclick/service.yaml")
    with open(config, "w", encoding="utf-8") as f:
        f.write("claim-window: soon\n")
    told(home.register(), "claim-window takes a duration")
    os.unlink(config)
    status, said = home.register()
    expect_equal(status, 0, said)


def what_there_is_no_store_for_is_not_asked(place):
    home = Home(place)
    told(home.run("devices", "list"), "There is no service to ask")
    expect(not os.path.exists(os.path.join(home.path, ".local/state/oneclick/oneclick.db")),
           "a store was made on the way to something else")


def a_read_only_session_registers_nothing(place):
    home = Home(place)
    status, said = home.register()
    expect_equal(status, 0, said)
    told(home.run("--read-only", "device", "register", "G030PM0123456780"), "read-only")
    told(home.run("device", "register", DEVICE), "registered already")


rig.run(globals())
