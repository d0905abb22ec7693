"""Presses as they come: followed, held while somebody reads, kept when the service goes, and
none missed when it is back; and how a low battery looks, in colour and without."""
import re

import rig
from console import Console, IDS
from rig import expect, expect_equal

CODE = "C-1234567890"


def fleet(place, lives=()):
    service = rig.Service(place)
    tokens = service.register(*IDS, code=CODE)
    key = service.key()
    devices = rig.botocore_client(service, key, "iot1click-devices")
    devices.claim_devices_by_claim_code(ClaimCode=CODE)
    for name, life in zip(IDS, lives):
        expect_equal(rig.press(service, tokens[name], name, remainingLife=life)[0], 200)
    return service, key, tokens


def press(service, tokens, i, **more):
    expect_equal(rig.press(service, tokens[IDS[i]], IDS[i], **more)[0], 200, "a press")


def watch(place, service, key, **more):
    screen = Console(place, service=service, key=key, **more)
    return screen.wait("LIVE").wait(IDS[-1])


def the_stream_is_followed_and_held_while_one_reads(place):
    service, key, tokens = fleet(place)
    screen = watch(place, service, key).press("5", "FOLLOW")
    for i in range(4):
        press(service, tokens, i)
        screen.wait(IDS[i])
    expect(IDS[3] in screen.cursor_row(), f"the newest is under the cursor:\n{screen}")
    screen.press("kk", "PAUSE")
    held = screen.cursor_row()
    press(service, tokens, 0, click="LONG")
    press(service, tokens, 1, click="LONG")
    screen.wait("2 new below")
    expect_equal(screen.cursor_row(), held, "the row that is read")
    screen.press("f", "FOLLOW").gone("new below")
    expect(IDS[1] in screen.cursor_row(), f"the newest again:\n{screen}")


def losing_the_service_keeps_the_data_and_nothing_is_missed_after(place):
    service, key, tokens = fleet(place)
    screen = watch(place, service, key).press("5", "FOLLOW")
    press(service, tokens, 0)
    screen.wait(IDS[0])
    service.process.kill()
    screen.wait("OFFLINE", 20).press("4", "data from").wait(IDS[0])
    screen.press("g").press("+").wait("Not sent")
    service.start()
    press(service, tokens, 1, click="DOUBLE")
    press(service, tokens, 2, click="LONG")
    screen.wait("LIVE", 30).gone("data from")
    screen.press("5", "DOUBLE").wait("LONG")
    expect_equal(re.findall("SINGLE|DOUBLE|LONG", str(screen)),
                 ["SINGLE", "DOUBLE", "LONG"], "the presses, in their order")
    expect("gap" not in str(screen), f"nothing is missing:\n{screen}")
    screen.press("4").press("g").press("+").wait("enabled")


def low_batteries_are_told_by_word_symbol_and_colour(place):
    service, key, tokens = fleet(place, lives=(4, 50, 19.5, 21))
    screen = watch(place, service, key)
    rows = {name: screen.row_of(name) for name in IDS}
    for name, low in zip(IDS, (True, False, True, False)):
        expect_equal(("LOW" in rows[name], "!" in rows[name]), (low, low), rows[name])
    at = next(i for i, r in enumerate(screen.rows()) if IDS[2] in r)
    col = screen.rows()[at].index("LOW")
    cell = next(c for c in screen.cells() if c[:2] == [str(at), str(col)])
    expect(cell[4] != "-", f"LOW has a colour: {cell}")


def without_colour_the_text_is_the_same(place):
    service, key, tokens = fleet(place, lives=(4, 50, 19.5, 21))
    texts = []
    for env in ({}, {"NO_COLOR": "1"}):
        screen = watch(place, service, key, **env)
        screen.press("2", "[2 Projects]").press("4", IDS[3]).quiet(0.2)
        texts.append(re.sub(r"(now|\d+s) ", "", str(screen)).split())
        screen.leave()
        coloured = re.findall(rb"\x1b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9\d|10\d)[;\d]*m",
                              screen.said())
        expect_equal(bool(coloured), not env, f"colours with {env}: {coloured[:5]}")
    expect_equal(texts[1], texts[0], "the text")


def an_ascii_locale_gets_ascii_alone(place):
    service, key, tokens = fleet(place, lives=(4, 50))
    screen = watch(place, service, key, LANG="C", LC_ALL="C")
    for keys in ("1", "2", "3", "5", "?", "\\e", "4", "D", "\\e"):
        screen.press(keys)
    screen.leave()
    said = screen.said()
    expect(max(said) < 128 and b"\x0e" not in said and b"\x1b(0" not in said,
           f"bytes beyond ASCII: {[b for b in said if b > 127][:9]}")


def hostile_texts_never_reach_the_terminal_raw(place):
    service, key, tokens = fleet(place)
    projects = rig.botocore_client(service, key, "iot1click-projects")
    evil = ("\x1b]0;owned\x07\x1b[2J\x9b31m", "\u202eevil\u2066", "\u4f1a\u8b70\u5ba4" * 20,
            "e\u0301" * 100, "\U0001f600" * 30, "x" * 490)
    for i, text in enumerate(evil):
        projects.create_project(
            projectName=f"p{i}", description=text, tags={"k": text[:200]},
            placementTemplate={"deviceTemplates": {}, "defaultAttributes": {"a": text}})
        projects.create_placement(projectName=f"p{i}", placementName="room",
                                  attributes={"a": text})
    for rows, cols in ((24, 80), (40, 120)):
        screen = watch(place, service, key, rows=rows, cols=cols)
        screen.press("2", "p5")
        for row in screen.rows()[3:9]:
            expect(re.match(r"[> ]  p\d ", row), f"columns stand where they stood: {row!r}")
        for i in range(6):
            screen.press("g" + "j" * i).press("\\r").press("J").press("\\e").press("\\e")
            screen.press("2", "[2 Projects]")
        screen.press("3", "room").press("\\r").press("\\e")
        screen.leave()
        said = screen.said()
        expect(b"p5" in said, "the transcript is there")
        for bad in (b"\x1b]0;", b"owned\x07", b"\xc2\x9b", "\u202e".encode(),
                    "\u2066".encode()):
            expect(bad not in said, f"{bad} reached the terminal")


def what_another_shell_makes_changes_and_deletes_shows(place):
    service, key, _ = fleet(place)
    other = rig.botocore_client(service, key, "iot1click-projects")
    screen = watch(place, service, key).press("2", "[2 Projects]")
    other.create_project(projectName="Rooms", description="first", placementTemplate={
        "defaultAttributes": {"Room": "TBD"},
        "deviceTemplates": {"desk": {"deviceType": "button", "callbackOverrides": {}}}})
    screen.wait("Rooms").press("v", "first")
    other.update_project(projectName="Rooms", description="second")
    screen.wait("second").press("3", "[3 Placements]")
    other.create_placement(projectName="Rooms", placementName="room-1")
    screen.wait("room-1").press("\\r", "Room = TBD")
    other.update_placement(projectName="Rooms", placementName="room-1",
                           attributes={"Room": "2.114"})
    screen.wait("Room = 2.114")
    other.associate_device_with_placement(projectName="Rooms", placementName="room-1",
                                          deviceTemplateName="desk", deviceId=IDS[0])
    screen.wait("desk: " + IDS[0]).press("\\e", "[3 Placements]")
    other.disassociate_device_from_placement(projectName="Rooms", placementName="room-1",
                                             deviceTemplateName="desk")
    other.delete_placement(projectName="Rooms", placementName="room-1")
    screen.wait("No placements yet").press("2", "[2 Projects]").press("2", "Rooms")
    other.delete_project(projectName="Rooms")
    screen.gone("Rooms").leave()


if __name__ == "__main__":
    rig.run(globals())
