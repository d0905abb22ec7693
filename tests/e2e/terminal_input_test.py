"""What a terminal may send although nobody pressed a key: reports of modes another program
left on, answers to questions of others, whole, cut and interrupted, and random bytes.  None
of it is a key: nothing is written, nothing ends, nothing changes on the screen.

ONECLICK_FUZZ_BYTES sets how many random bytes are sent (200000), ONECLICK_FUZZ_SEED which.
"""
import os
import random

import rig
from console import Console
from console_readonly_test import READS, fleet, requests
from rig import expect, expect_equal

FUZZ_BYTES = int(os.environ.get("ONECLICK_FUZZ_BYTES", "200000"))
FUZZ_SEED = int(os.environ.get("ONECLICK_FUZZ_SEED", "1"))

# Where a click would enable the first device, open its row, or quit: column 11, row 3, and
# column 81 are '+', '#' and 'q' in the old encoding.
REPORTS = {
    "X10": [b"\x1b[M #+", b"\x1b[M +*", b"\x1b[M q#", b"\x1b[M#q#", b"\x1b[M`+#", b"\x1b[MC++",
            b"\x1b[M#\xff\xff", b"\x1b[M#\0\0", b"\x1b[M#D\xe9"],
    "UTF-8 mouse": [b"\x1b[M \xc2\x80+", b"\x1b[M#\xc3\xa9\xc3\xa9", b"\x1b[M\xc2\xa0q+"],
    "SGR mouse": [b"\x1b[<0;81;3M\x1b[<0;81;3m", b"\x1b[<64;5;5M", b"\x1b[<35;43;43M"],
    "urxvt mouse": [b"\x1b[32;81;3M", b"\x1b[96;5;5M", b"\x1b[35;43;43M"],
    "pixel mouse": [b"\x1b[<0;810;333M"],
    "focus": [b"\x1b[I", b"\x1b[O"],
    "kitty keys": [b"\x1b[113;5u", b"\x1b[43;1:3u", b"\x1b[1;1:3B", b"\x1b[57414;129u",
                   b"\x1b[?31u"],
    "modifyOtherKeys": [b"\x1b[27;5;113~", b"\x1b[27;6;43~"],
    "win32 keys": [b"\x1b[81;16;113;1;0;1_", b"\x1b[187;13;43;0;0;1_"],
    "keypad": [b"\x1bOk", b"\x1bOq", b"\x1bO5P"],
    "DA": [b"\x1b[?64;1;2;6;9;15;22c", b"\x1b[>41;370;0c", b"\x1bP!|00000000\x1b\\"],
    "DSR": [b"\x1b[0n", b"\x1b[12;40R", b"\x1b[?12;40;1R", b"\x1b[?997;1n", b"\x1b[?13n"],
    "modes and sizes": [b"\x1b[?2026;2$y", b"\x1b[4;2$y", b"\x1b[8;24;80t",
                        b"\x1b[48;24;80;600;800t", b"\x1b[2;1;1;128;128;1;0x"],
    "paste left on": [b"\x1b[201~"],
    "OSC": [b"\x1b]11;rgb:0000/0000/0000\x07", b"\x1b]11;rgb:0/0/0\x1b\\",
            b"\x1b]52;c;K3FECg==\x1b\\", b"\x1b]lq+D\r\x1b\\", b"\x1b]L\xe2\x9c\x93q\x1b\\",
            b"\x1b]4;1;rgb:ff/00/00\x9c"],
    "DCS": [b"\x1bP>|XTerm(370)\x1b\\", b"\x1bP1+r544e=787465726d\x1b\\",
            b"\x1bPq+D\r\x07q\x1b\\", b"\x1bP" + b"q+" * 3000 + b"\x1b\\"],
    "SOS": [b"\x1bXq+D\r\x07q\x1b\\", b"\x98q+D\x9c"],
    "PM": [b"\x1b^q+D\r\x1b\\", b"\x9eq+D\x9c"],
    "APC": [b"\x1b_Gi=1;OK\x1b\\", b"\x1b_q+D\x1b\\", b"\x9fq+D\xc2\x9c"],
    "8 bits": [b"\x9b<0;81;3M", b"\x9bM q#", b"\x9b?64;1c", b"\xc2\x9b?64;1c", b"\x8fq",
               b"\x90q+D\x9c", b"\x9dlq+D\x9c", b"\xc2\x9dlq+D\xc2\x9c"],
    "character sets": [b"\x1b(B", b"\x1b%G"],
    "called off": [b"\x1b[1;2\x18", b"\x1b]lq+D\x1a"],
    "over-long": [b"\x1b[" + b"1;" * 5000 + b"M", b"\x1b[<" + b"0;81;3;" * 500 + b"M"],
    "broken": [b"\xff+q", b"\xe2\x82", b"\xc3(+", b"q\x80\x81+"],
}


def escaped(data):
    return "".join(f"\\x{b:02x}" for b in data)


def inject(screen, data):
    for at in range(0, len(data), 4000):
        screen.send(escaped(data[at:at + 4000]))


def watch(place, **more):
    """The console at a list whose cursor is on a device, and the calls so far."""
    service, key = fleet(place)
    screen = Console(place, service=service, key=key, **more)
    screen.wait("LIVE").wait("G030PM0000000003").press("4", "[4 Devices]").quiet(0.3)
    return screen, service, requests(service)


def changes(service, before):
    return [r for r in requests(service)[len(before):] if r not in READS]


def still(screen, service, before, shown, what):
    expect_equal(screen.rows(), shown, f"the screen after {what}")
    expect_equal(changes(service, before), [], f"what {what} changed")


def no_report_of_any_kind_is_a_key(place):
    screen, service, before = watch(place)
    shown = screen.rows()
    for kind, all_of_it in REPORTS.items():
        for report in all_of_it:
            inject(screen, report)
            screen.quiet(0.06)
            expect_equal(screen.rows(), shown, f"the screen after {kind} {report[:40]!r}")
        expect_equal(changes(service, before), [], f"what {kind} changed")
    screen.press("j").press("k").leave()


def reports_that_come_together_are_no_keys(place):
    screen, service, before = watch(place)
    shown = screen.rows()
    every = [r for kind in REPORTS.values() for r in kind]
    random.Random(FUZZ_SEED).shuffle(every)
    inject(screen, b"".join(every))
    screen.quiet(0.3)
    still(screen, service, before, shown, "all of them at once")
    screen.press("j").press("k").leave()


def a_report_that_comes_in_two_pieces_is_no_key(place):
    screen, service, before = watch(place)
    shown = screen.rows()
    for report in (b"\x1b[M +#", b"\x1b[<0;81;3M", b"\x1b]11;rgb:q+D\x1b\\", b"\x1bPq+D\x1b\\",
                   b"\x9bM q+", b"\x1b[113;5u", b"\x1b_q+\x1b\\"):
        for cut in range(2 if report[0] == 0x1b else 1, len(report)):
            inject(screen, report[:cut])
            screen.quiet(0.05)
            inject(screen, report[cut:])
            screen.quiet(0.05)
            if screen.rows() != shown and report[1:2] in (b"]", b"P", b"_") and cut == 2:
                screen.press("j").press("k")  # a letter with Alt was said to do nothing
                continue
            expect_equal(screen.rows(), shown, f"the screen after {report!r} cut at {cut}")
    expect_equal(changes(service, before), [], "what they changed")
    screen.leave()


def a_report_without_end_does_not_leave_the_keyboard_dead(place):
    screen, service, before = watch(place)
    for begun in (b"\x1b[", b"\x1b[M", b"\x1b]0;q", b"\x1bPq", b"\x1b[200~q+"):
        inject(screen, begun)
        screen.quiet(0.1)
        screen.press("\\x03").quiet(0.1)
        screen.press("2", "[2 Projects]").press("4", "[4 Devices]")
    expect_equal(changes(service, before), [], "what they changed")
    screen.leave()


def random_bytes_change_nothing(place):
    screen, service, before = watch(place)
    shown, chance, left = screen.rows(), random.Random(FUZZ_SEED), FUZZ_BYTES
    while left > 0:
        n = min(left, chance.randrange(64, 4096))
        inject(screen, chance.randbytes(n))
        left -= n
        if chance.random() < 0.02:
            screen.quiet(0.05)
            expect_equal(screen.rows(), shown, f"the screen, {left} bytes before the end")
    screen.quiet(0.3)
    still(screen, service, before, shown, f"{FUZZ_BYTES} random bytes")
    screen.press("\\x03").press("2", "[2 Projects]").leave()


def a_mouse_that_is_on_moves_the_cursor_and_no_more(place):
    screen, service, before = watch(place)
    screen.press("g").press("M", "Mouse on")
    for click in (b"\x1b[<0;10;5M\x1b[<0;10;5m", b"\x1b[M +%\x1b[M#+%", b"\x1b[32;10;5M"):
        screen.press("g").quiet(0.05)
        inject(screen, click)
        screen.quiet(0.1)
        expect_equal(screen.cursor()[0], 4, f"the row under the cursor after {click!r}")
    screen.press("*").press("+", "Enable 3 devices")
    for row in range(1, 25):
        inject(screen, b"".join(b"\x1b[<0;%d;%dM" % (col, row) for col in range(1, 80, 3)))
    screen.wait("Enable 3 devices").press("\\e").quiet(0.1)
    expect_equal(changes(service, before), [], "what clicks changed")
    screen.press("\\\\").press("M", "Mouse off").leave()


def modes_of_others_are_off_from_the_start_and_ours_at_the_end(place):
    screen, _, _ = watch(place)
    screen.press("M", "Mouse on").leave()
    said = screen.said()
    head, tail = said[:said.index(b"[4 Devices]")], said[-600:]
    for mode in (9, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2031, 2048, 9001):
        off = b"\x1b[?%dl" % mode
        expect(off in head, f"{off} at the start")
        expect(off in tail, f"{off} at the end")
    for other in (b"\x1b[=0u", b"\x1b[>4;0m", b"\x1b[?1l", b"\x1b>"):
        expect(other in head and other in tail, f"{other} at the start and at the end")
    expect(b"\x1b[?2004h" in head and b"\x1b[?2004l" in tail, "brackets around pastes")


if __name__ == "__main__":
    rig.run(globals())
