"""The terminal: given back whatever ends the console, used sparingly, at any size and of any
kind, and never believed when it pastes."""
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
import time

import rig
from console import Console, environment
from rig import expect, expect_equal

DEMO = ("--demo", "--demo-seed", "1", "--demo-still")


def demo(place, *options, **more):
    screen = Console(place, *DEMO, *options, **more)
    screen.wait("The demo fleet is t", 60)
    screen.quiet(0.2)
    return screen


def ends(screen, how, wanted, at="alt"):
    expect_equal(screen.tty(), ("raw", at), "the terminal while it runs")
    how()
    expect_equal(screen.end(20), wanted, "the end")
    expect_equal(screen.tty(), ("cooked", "main"), "the terminal after it")
    expect(screen.cursor()[2], "the cursor shows again")


def the_terminal_comes_back_after_q(place):
    screen = Console(place)
    screen.wait("LIVE")
    ends(screen, lambda: screen.send("q"), "exit 0")


def the_terminal_comes_back_after_signals_to_end(place):
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        screen = Console(place)
        screen.wait("LIVE")
        ends(screen, lambda: screen.signal(number), f"exit {128 + number}")


def the_terminal_comes_back_after_crashes(place):
    quiet = "handle_segv=0:handle_abort=0:detect_leaks=0"
    for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE):
        screen = Console(place, ASAN_OPTIONS=quiet)
        screen.wait("LIVE")
        ends(screen, lambda: screen.signal(number), f"signal {int(number)}")


def ctrl_c_twice_at_the_top_quits(place):
    screen = Console(place)
    screen.wait("LIVE")
    screen.press("\\x03").quiet(0.3)
    expect_equal(screen.tty(), ("raw", "alt"), "the terminal after one Ctrl-c")
    ends(screen, lambda: screen.send("\\x03"), "exit 0")


def a_hangup_ends_it_and_its_service(place):
    screen = Console(place)
    screen.wait("LIVE")
    with open(f"/proc/{screen.pid()}/task/{screen.pid()}/children", encoding="ascii") as f:
        service = int(f.read().split()[0])
    screen.order("hangup")
    expect(screen.end(20) in ("exit 129", "signal 1"), "the end after a hangup")
    rig.wait_for("the service's end", lambda: not os.path.exists(f"/proc/{service}"))


def ctrl_z_stops_it_and_fg_brings_it_back(place):
    env = environment(place, PS1="ready> ")
    screen = rig.Screen(place, ["/bin/bash", "--norc", "-i"], env=env)
    screen.wait("ready>").send(f"{rig.ONECLICK}\\r")
    screen.wait("LIVE").wait("No devices yet").send("\\x1a")
    screen.wait("Stopped").wait("ready>")
    expect_equal(screen.tty()[1], "main", "the screen while it is stopped")
    screen.send("echo so $((6*7))\\r")
    screen.wait("so 42").send("fg\\r")
    screen.wait("LIVE").wait("No devices yet")
    expect_equal(screen.tty(), ("raw", "alt"), "the terminal after fg")
    screen.send("q")
    screen.wait("ready>").send("exit\\r")
    expect_equal(screen.end(), "exit 0")


def every_size_is_drawn(place):
    for rows, cols in ((5, 20), (8, 40), (24, 80), (40, 120)):
        screen = demo(place, rows=rows, cols=cols)
        for key in "12345":
            screen.press(key)
        screen.press("4", "G030PM0" if cols > 40 else "00065H").wait("89%")
        screen.leave()


def it_follows_the_terminal_through_all_sizes(place):
    screen = demo(place)
    screen.press("jjj", "G030PM045702389K")
    for rows, cols in ((5, 20), (1, 1), (40, 120), (2, 200), (60, 10), (8, 40), (3, 3),
                       (200, 300), (24, 80)):
        screen.resize(rows, cols)
        screen.press("?").press("\\e").quiet(0.05)
        expect_equal(len(screen.rows()), rows, "rows")
    screen.wait("[4 Devices]").wait(">  G030PM045702389K")
    row, _, shown = screen.cursor()
    expect(shown and "G030PM045702389K" in screen.rows()[row], "the cursor is on its row")
    screen.leave()


def terminals_of_other_kinds_are_understood(place):
    for term in ("vt220", "xterm-ghostty", "linux", "tmux-256color", "xterm-direct"):
        screen = Console(place, TERM=term)
        screen.wait("No devices yet").press("2", "[2 Projects]")
        ends(screen, lambda: screen.send("q"), "exit 0",
             "main" if term in ("vt220", "linux") else "alt")


COLOURED = """\
name: coloured
assumes: dark
roles:
  tab.current: {fg: "#ffaf00", bg: "#000087", attr: [bold]}
  column:      {fg: bright-cyan}
  link.live:   {fg: "#00ff5f"}
"""


def every_depth_of_colour_is_drawn(place):
    theme = place.write("coloured.yaml", COLOURED)
    for term, options, env, colour in (
            ("xterm-256color", ("--color", "256"), {}, b"38;5;"),
            ("xterm-256color", ("--color", "direct"), {}, b"38;5;"),
            ("xterm-direct", ("--color", "direct"), {}, b"38:2:"),
            ("xterm-direct", ("--color", "256"), {}, b"3"),
            ("xterm", ("--color", "16"), {}, b"3"),
            ("xterm-256color", ("--color", "never"), {}, None),
            ("xterm-256color", (), {"NO_COLOR": "1"}, None),
            ("xterm-256color", (), {"NO_COLOR": ""}, b"9"),
            ("vt220", ("--color", "256"), {}, None)):
        screen = Console(place, "--theme", theme, *options, TERM=term, **env)
        screen.wait("No devices yet").press("2", "[2 Projects]").leave()
        said = re.findall(rb"\x1b\[([0-9;:]*)m", screen.said())
        coloured = [one for one in said if re.match(rb"(.*;)?(3[0-8]|9[0-7])([;:].*)?$", one)]
        expect(bool(coloured) == (colour is not None), f"{term} {options} {env}: {coloured[:3]}")
        expect(not colour or any(colour in one for one in coloured),
               f"{term} {options}: {coloured[:3]}")


def what_is_no_terminal_is_told_how_to_go_on(place):
    done = subprocess.run([rig.ONECLICK], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, env=place.environment(), timeout=60)
    expect(done.returncode == 2 and "Give a command" in done.stderr, done.stderr)


def a_colour_or_theme_that_is_none_is_told_before_the_screen_opens(place):
    for option, value, status, says in (
            ("--color", "sometimes", "exit 78", b"auto, never, 16, 256 or direct"),
            ("--theme", "no-such-theme", "exit 78", b"no-such-theme")):
        screen = Console(place, option, value)
        expect_equal(screen.end(), status, option)
        expect(says in screen.said(), f"{option}: {screen.said()}")


def over_ssh_the_mouse_and_the_pace_are_asked_for(place):
    screen = demo(place, SSH_CONNECTION="192.0.2.1 1 192.0.2.2 22", ESCDELAY="200")
    screen.press("M", "ouse").press("M").press("M").press("jj").press("\\x0c").leave()
    said = screen.said()
    expect(b"\x1b[?1000h" in said and b"\x1b[?1000l" in said, "the mouse")
    expect(b"\x1b[5n" in said, "the pace was asked for")


class Bare:
    """The console in a terminal without a screen behind it, so of any size and kind."""

    def __init__(self, place, rows=24, cols=80, **env):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        self.child = subprocess.Popen(
            [rig.ONECLICK, *DEMO], stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, env=place.environment(**env))
        os.close(slave)
        self.said = bytearray()
        threading.Thread(target=self.drain, daemon=True).start()

    def drain(self):
        try:
            while (more := os.read(self.master, 65536)):
                self.said.extend(more)
        except OSError:
            pass  # its end

    def end(self):
        self.child.send_signal(signal.SIGTERM)
        try:
            expect_equal(self.child.wait(30 * rig.SLOW), 128 + signal.SIGTERM, "the end")
        finally:
            self.child.kill()
            os.close(self.master)


def a_terminal_of_no_size_ends_like_any(place):
    for rows, cols in ((0, 0), (1, 1), (2, 200), (24, 0), (0, 80)):
        bare = Bare(place, rows, cols)
        rig.wait_for("a frame", lambda: len(bare.said) > 20, 20)
        os.write(bare.master, b"jjk2413")
        time.sleep(0.3)
        expect(bare.child.poll() is None, f"{rows}x{cols}: it ended: {bare.said}")
        bare.end()


def odd_surroundings_are_lived_with(place):
    for env in ({"LANG": "C"}, {"LANG": "de_DE.ISO-8859-1"}, {"LANG": "xx_YY"},
                {"COLUMNS": "abc", "LINES": "-3"}, {"COLUMNS": "99999999999"},
                {"TZ": "Nowhere/Land"}, {"TERM": "vt100"}, {"TERM": "screen"},
                {"TERM": "rxvt"}, {"TERM": "sun"}, {"TERM": "putty"}):
        bare = Bare(place, **env)
        rig.wait_for(f"a frame with {env}", lambda: b"Devices" in bare.said, 20)
        bare.end()


def a_terminal_that_can_do_nothing_is_spoken_to_line_by_line(place):
    for term in ("dumb", ""):
        screen = Console(place, TERM=term)
        screen.wait("line by line").wait("No devices yet").send("help\\rquit\\rquit\\r")
        expect_equal(screen.end(), "exit 0", f"the end with TERM={term}")
        expect_equal(screen.tty(), ("cooked", "main"), "the terminal after it")
        said = screen.said()
        expect(b"No devices yet" in said and b"\x1b" not in said, f"{term}: {said}")


def a_terminal_nobody_knows_is_driven_as_its_nearest_and_says_so(place):
    screen = Console(place, TERM="nothing-anyone-knows-of")
    screen.wait("does not know the terminal").wait("No devices yet").leave()


def without_a_terminal_it_gives_advice_and_no_escape(place):
    import subprocess
    done = subprocess.run([rig.ONECLICK], env=environment(place), capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=60)
    expect_equal((done.returncode, done.stdout), (2, b""), "the end and the output")
    expect(b"\x1b" not in done.stderr and b"oneclick --help" in done.stderr,
           f"the advice: {done.stderr}")


def idle_it_sends_nothing(place):
    screen = demo(place)
    screen.press("jj").quiet(5)  # what the fleet itself changed is read again
    before = screen.quiet(0.1)
    screen.order("gone 5000 [4 Devices]")
    expect_equal(screen.quiet(0.1) - before, 0, "bytes in five idle seconds")


def a_step_and_a_held_key_cost_few_bytes(place):
    screen = demo(place, rows=60)
    steps = sorted(screen.key("j")[1] for _ in range(10))
    expect(0 < steps[5] <= 240, f"bytes of a step: {steps}")
    screen.press("g").quiet(0.2)
    before = screen.quiet(0.1)
    screen.send("j" * 40)
    spent = screen.quiet(0.3) - before
    expect_equal(screen.cursor()[0], 43, "the screen's row of row 41")
    expect(spent <= 4096, f"bytes of forty steps at once: {spent}")


def held_keys_go_as_far_as_pressed_ones(place):
    screen = demo(place)
    screen.send("j" * 40)
    screen.quiet(0.3)
    names = sorted(row.split()[1] for row in screen.rows() if row.startswith("> "))
    held = names[0]
    screen.press("g")
    for _ in range(40):
        screen.press("j")
    screen.wait(">  " + held)


def a_paste_in_a_list_does_nothing(place):
    screen = demo(place)
    before = screen.rows()[2:22]
    for paste in ("\\e[200~q\\nD\\n\\e[201~", "\\e[200~:device unclaim\\r1\\r\\e[201~",
                  "\\e[200~" + "qD-x" * 500 + "\\e[201~"):
        screen.send(paste)
        screen.quiet(0.2)
        expect_equal(screen.rows()[2:22], before, "the list after a paste")
    screen.wait("[4 Devices]")
    screen.leave()


def malformed_input_is_swallowed(place):
    screen = demo(place)
    for noise in ("\\xff\\xfe\\xc3", "\\e[999999999999;1~", "\\e]0;title", "\\x07",
                  "\\e[<0;999;999M", "\\eP" + "x" * 3000 + "\\e\\\\", "\\xe2\\x82"):
        screen.send(noise)
        screen.quiet(0.1)
    screen.press("\\e").press("4", "[4 Devices]").wait("G030PM0")
    screen.leave()


if __name__ == "__main__":
    rig.run(globals())
