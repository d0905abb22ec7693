"""The first start, with nothing configured: what it shows, where it keeps things, what it
opens, and what is left when it ends."""
import os
import subprocess

import rig
from console import Console, IDS, ask, run
from rig import expect, expect_equal


def children(pid):
    """Of a process and of theirs."""
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as f:
            for child in f.read().split():
                found += [int(child), *children(int(child))]
    return found


def name_of(pid):
    with open(f"/proc/{pid}/comm", encoding="ascii") as f:
        return f.read().strip()


def network_sockets(pid):
    """Of the internet, however they are used, in the network of this process."""
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        with open(f"/proc/{pid}/net/{table}", encoding="ascii") as f:
            found += f.readlines()[1:]
    return found


def alone(place, *words):
    """A console in a network of its own, where every socket is its or its service's: which
    descriptors a program has that allows no dumps, only root sees."""
    own = ["unshare", "--map-root-user", "--net"]
    if subprocess.run([*own, "true"], capture_output=True, check=False).returncode != 0:
        raise rig.Skipped("this machine gives a user no network namespace (unshare)")
    return Console(place, *words, before=own)


def files(top):
    return sorted(os.path.relpath(os.path.join(at, name), top)
                  for at, _, names in os.walk(top) for name in names)


def an_empty_fleet_shows_how_to_begin_and_offers_the_demo(place):
    screen = Console(place)
    screen.wait("No devices yet. Here is how to begin:")
    screen.wait("1 a  Onboard").wait("2 a  Create a project").wait(":demo")
    screen.command("demo", "demo >").wait("The demo fleet is there", 60)
    expect("G030PM" in str(screen), f"the demo fleet:\n{screen}")
    screen.leave()
    expect_equal(ask(place, "devices", "list"), [], "the fleet of one's own stays empty")


def other_empty_lists_say_what_to_do_too(place):
    screen = Console(place)
    screen.wait("No devices yet")
    for key, words in ("2", "a  creates"), ("3", "No placements yet"), ("5", "No event has come"):
        screen.press(key, words)
    screen.leave()


def the_first_start_keeps_to_its_own_place(place):
    before = set(os.listdir("/tmp"))
    screen = alone(place)
    screen.wait("LIVE")
    pids = [screen.pid(), *children(screen.pid())]
    expect_equal(sorted(map(name_of, pids)), ["oneclick", "oneclickd"], "the programs that run")
    expect_equal(network_sockets(screen.pid()), [], "sockets of the network")
    screen.leave()
    rig.wait_for("the end of all", lambda: not any(os.path.exists(f"/proc/{p}")
                                                   for p in pids))
    kept = [f for f in files(place.path) if not f.startswith(("transcript", "sanitizer"))]
    expect(kept and all(f.startswith(("state-home/oneclick/", "run/oneclick/"))
                        for f in kept), f"files kept: {kept}")
    expect(not [f for f in kept if f.endswith(".sock")], f"a socket is left: {kept}")
    for at, dirs, names in os.walk(place.join("state-home")):
        for name in dirs + names:
            mode = os.stat(os.path.join(at, name)).st_mode
            expect_equal(mode & 0o077, 0, f"what others may do with {name}")
    left = {n for n in set(os.listdir("/tmp")) - before if n.startswith("oneclick-demo")}
    expect_equal(left, set(), "files left in /tmp")


def what_was_there_is_there_at_the_next_start(place):
    screen = Console(place)
    screen.wait("No devices yet")
    run(place, "device", "register", IDS[0])
    run(place, "claim", IDS[0])
    run(place, "press", IDS[0])
    run(place, "claim", "finish", IDS[0])
    screen.press("4", IDS[0])
    screen.leave()
    Console(place).wait(IDS[0])


def two_consoles_share_one_service_and_the_second_outlives_the_first(place):
    first = Console(place)
    first.wait("LIVE")
    second = Console(place)
    second.wait("LIVE")
    expect_equal(children(second.pid()), [], "the second starts no service")
    first.leave()
    second.wait("OFFLINE")
    second.press("4", "data from")
    second.send("qqq")
    expect_equal(second.end(), "exit 0", "the end of the second")


def a_demo_is_thrown_away_at_its_end(place):
    screen = alone(place, "--demo", "--demo-seed", "1", "--demo-still")
    screen.wait("The demo fleet is there", 60).wait("demo >")
    pids = [screen.pid(), *children(screen.pid())]
    expect_equal(network_sockets(screen.pid()), [], "sockets of the network")
    expect([n for n in os.listdir(place.path) if n.startswith("oneclick-demo-")],
           "the demo lies in TMPDIR")
    screen.leave()
    rig.wait_for("the end of all", lambda: not any(os.path.exists(f"/proc/{p}")
                                                   for p in pids))
    expect_equal([f for f in files(place.path) if not f.startswith("transcript")], [],
                 "files left")


def the_demo_presses_its_buttons(place):
    screen = Console(place, "--demo", "--demo-seed", "1")
    screen.wait("The demo fleet is there", 60)
    screen.press("5", "[5 Events]").wait("SINGLE", 60)
    screen.leave()


def line_by_line_it_ends_with_its_input(place):
    """What a screen reader hears: sentences, and no escape among them."""
    heard = open(place.join("heard"), "w+b")
    console = subprocess.Popen(
        [rig.ONECLICK, "--linear", "--demo", "--demo-seed", "1", "--demo-still"],
        stdin=subprocess.PIPE, stdout=heard, env=place.environment())

    def hear(words):
        def there():
            with open(heard.name, "rb") as f:
                return words in f.read()
        rig.wait_for(f"{words} to be said", there, 60)

    hear(b"The demo fleet is there")
    for line, answer in ((b"projects", b". Projects. "), (b"1", b"back"),
                         (b"devices", b". Devices. "), (b"filter battery<20", b"filter battery"),
                         (b"copy", b"G030PM"), (b"conn", b"Endpoint"),
                         (b"nonsense", b"There is no command")):
        console.stdin.write(line + b"\n")
        console.stdin.flush()
        hear(answer)
    console.stdin.close()
    expect_equal(console.wait(60), 0, "the end of the input ends it")
    with open(heard.name, "rb") as f:
        expect(b"\x1b" not in f.read(), "an escape was said")


if __name__ == "__main__":
    rig.run(globals())
