"""What a fleet's keeper does in a day: look, sort, filter, mark, enable, place, take out,
give up; by keys and by the command line of the console."""
import base64
import os

import rig
from console import Console, IDS, ask
from rig import expect, expect_equal

CODE = "C-1234567890"


class Fleet:
    """A service with four devices of ours, a project with two templates, two placements."""

    def __init__(self, place):
        self.service = rig.Service(place)
        self.tokens = self.service.register(*IDS, code=CODE)
        self.key = self.service.key()
        self.devices = rig.botocore_client(self.service, self.key, "iot1click-devices")
        self.projects = rig.botocore_client(self.service, self.key, "iot1click-projects")
        self.devices.claim_devices_by_claim_code(ClaimCode=CODE)
        one = {"deviceType": "button", "callbackOverrides": {}}
        self.projects.create_project(projectName="Rooms", placementTemplate={
            "defaultAttributes": {"Room": "TBD"},
            "deviceTemplates": {"Satisfied": one, "Unsatisfied": one}})
        for room in ("room-1", "room-2"):
            self.projects.create_placement(projectName="Rooms", placementName=room)
        self.place_device("room-1", IDS[0])
        for name, life in zip(IDS, (90, 5, 50, 20)):
            rig.press(self.service, self.tokens[name], name, remainingLife=life)

    def place_device(self, room, device, template="Satisfied"):
        self.projects.associate_device_with_placement(
            projectName="Rooms", placementName=room, deviceTemplateName=template,
            deviceId=device)

    def open(self, place, *options, **more):
        screen = Console(place, *options, service=self.service, key=self.key, **more)
        return screen.wait("LIVE").wait(IDS[-1]).wait("5% LOW")

    def enabled(self):
        got = self.devices.list_devices(MaxResults=50)["Devices"]
        return sorted(d["DeviceId"] for d in got if d["Enabled"])

    def owned(self):
        return sorted(d["DeviceId"] for d in self.devices.list_devices()["Devices"])

    def placed(self, room):
        return self.projects.get_devices_in_placement(
            projectName="Rooms", placementName=room)["devices"]


def shown(screen):
    """The devices of the list, from the top."""
    return [w for row in screen.rows() for w in row.split() if w in IDS]


def one_device_is_enabled_and_disabled_at_once(place):
    fleet = Fleet(place)
    screen = fleet.open(place)
    screen.press("g").press("+").wait("enabled")
    rig.wait_for("the device", lambda: fleet.enabled() == IDS[:1])
    expect("enabled" in screen.row_of(IDS[0]), "its row says so")
    screen.press("-").wait("disabled")
    rig.wait_for("the device", lambda: fleet.enabled() == [])
    screen.leave()


def many_are_enabled_after_a_question_that_defaults_to_cancel(place):
    fleet = Fleet(place)
    screen = fleet.open(place)
    screen.press("*", "4 marked").press("+", "> [ Cancel ]").press("\\r")
    screen.gone("[ Cancel ]")
    expect_equal(fleet.enabled(), [], "nothing after Cancel")
    screen.press("+", "[ Cancel ]").press("\\t").press("\\r").gone("[ Cancel ]")
    rig.wait_for("all four", lambda: fleet.enabled() == IDS)
    screen.leave()


def unclaiming_takes_the_count_typed_and_defaults_to_cancel(place):
    fleet = Fleet(place)
    screen = fleet.open(place)
    screen.press("G").press(" ").press("k").press(" ", "2 marked").press("D", "Unclaim 2")
    screen.wait("> [ Cancel ]").wait("[ Unclaim 2 ] (off)").press("\\r")
    screen.gone("[ Cancel ]")
    expect_equal(fleet.owned(), IDS, "after Enter at once")
    screen.press("D", "Type the number 2").seek("Type the number 2").type("3")
    screen.wait("(off)").press("\\x7f").type("2").gone("(off)")
    screen.press("\\t").press("\\t").quiet(0.05)
    if "> [ Unclaim 2 ]" not in str(screen):
        screen.press("\\t", "> [ Unclaim 2 ]")
    screen.press("\\r").gone("Unclaim 2")
    rig.wait_for("two of four", lambda: fleet.owned() == IDS[:2])
    screen.gone(IDS[3]).leave()


def a_device_is_looked_at_from_all_sides(place):
    fleet = Fleet(place)
    screen = fleet.open(place, rows=60)
    screen.press("g").press("\\r", "Placement  room-1").wait("Template   Satisfied")
    screen.press("J", f'"{IDS[0]}"').press("\\e", "Placement  room-1")
    screen.press("\\e").press("L", "Placement  room-1").wait("SINGLE")
    screen.press("\\e", "all projects > Devices").leave()


def a_method_is_chosen_and_called(place):
    fleet = Fleet(place)
    screen = fleet.open(place)
    screen.press("g").press("i", "Call which method?").wait("getDeviceHealthParameters")
    screen.seek("getDeviceHealthParameters", "j").press("\\r").wait("remainingLife")
    screen.leave()


def a_placement_is_made_changed_filled_and_emptied(place):
    fleet = Fleet(place)
    screen = fleet.open(place)
    screen.command("placements Rooms", "Rooms > Placements").wait("room-2")
    screen.press("a", "New placement in project Rooms")
    screen.fill("Placement name", "room-3").seek("[ Create placement ]").press("\\r")
    screen.wait("[3 Placements]").wait("room-3")
    got = fleet.projects.describe_placement(projectName="Rooms", placementName="room-3")
    expect_equal(got["placement"]["attributes"].get("Room", "TBD"), "TBD")
    screen.command("goto room-3").press("e", "Placement attributes")
    screen.seek("[Room").press("\\r").press("\\x15303").seek("[ Update placement ]").press("\\r")
    rig.wait_for("the attribute", lambda: fleet.projects.describe_placement(
        projectName="Rooms", placementName="room-3")["placement"]["attributes"].get(
            "Room") == "303")
    screen.wait("[3 Placements]").command("goto room-3").press("m", "Place a device")
    screen.wait("[Rooms_").wait("[room-3_").fill("Device  ", IDS[2])
    screen.fill("Device template", "Satisfied").seek("[ Place device ]").press("\\r")
    rig.wait_for("the device in it", lambda: fleet.placed("room-3") == {"Satisfied": IDS[2]})
    screen.wait("[3 Placements]").command("goto room-3").press("x", "[ Cancel ]").press("\\r")
    screen.gone("[ Cancel ]")
    expect(fleet.placed("room-3"), "Cancel leaves it there")
    screen.press("x", "[ Cancel ]").press("\\t").press("\\r").gone("[ Cancel ]")
    rig.wait_for("the empty placement", lambda: fleet.placed("room-3") == {})
    screen.leave()


def what_is_copied_goes_to_the_terminal(place):
    fleet = Fleet(place)
    screen = fleet.open(place)
    screen.press("g").press("y", "to the clipboard").leave()
    expect(b"\033]52;c;" + base64.b64encode(IDS[0].encode()) + b"\033\\" in screen.said(),
           "what the terminal was sent")


def inside_tmux_what_is_copied_goes_to_tmux(place):
    """A stand-in for tmux that keeps what it is given, and in which words."""
    fleet = Fleet(place)
    buffer = place.join("buffer")
    os.chmod(place.write("tmux", f"#!/bin/sh\n{{ echo $*; cat; }} >{buffer}.new\n"
                         f"mv {buffer}.new {buffer}\n"), 0o700)
    screen = fleet.open(place, TMUX="socket,1,0",
                        PATH=f"relative::/nowhere:{place.path}:{os.environ['PATH']}")
    screen.press("g").press("y", "to the clipboard")
    rig.wait_for("tmux", lambda: os.path.exists(buffer))
    with open(buffer, encoding="utf-8") as f:
        expect_equal(f.read(), "load-buffer -w -\n" + IDS[0])
    screen.leave()
    expect(b"\033]52;" not in screen.said(), "the terminal is not told as well")


def filters_are_understood(place):
    fleet = Fleet(place)
    screen = fleet.open(place)
    for text, wanted in (("0003", IDS[2:3]), ("battery<20", IDS[1:2]), ("!0001", IDS[1:]),
                         ("project=Rooms", IDS[:1]), ("battery<=20 !0004", IDS[1:2]),
                         ("/000[13]$/", [IDS[0], IDS[2]]), ("nothing-like-it", [])):
        screen.press("/").press("\\x15" + text).press("\\r", f"{len(wanted)} of 4")
        expect_equal(shown(screen), wanted, text)
    screen.press("0").gone("of 4")
    expect_equal(shown(screen), IDS, "without a filter")
    screen.press("!", "1 of 4").wait(IDS[1])
    screen.press("\\e").gone("of 4").leave()


def lists_are_sorted_either_way_and_marks_stay_on_their_rows(place):
    fleet = Fleet(place)
    screen = fleet.open(place)
    screen.press("g").press(" ", "1 marked").command("sort battery", "BATTERY ^")
    rig.wait_for("by battery", lambda: shown(screen) == [IDS[1], IDS[3], IDS[2], IDS[0]])
    screen.press("S")
    rig.wait_for("turned", lambda: shown(screen) == [IDS[0], IDS[2], IDS[3], IDS[1]])
    expect("+" in screen.row_of(IDS[0])[:3], f"the mark:\n{screen}")
    screen.press("\\\\").gone("marked")
    screen.press("g").press("V").press("jj").press("V", "3 marked")
    screen.press("\\\\").gone("marked").press("s", "battery").press("\\e").leave()


def help_is_searched_and_runs_what_is_chosen(place):
    fleet = Fleet(place)
    screen = fleet.open(place)
    screen.press("?", "Help").press("/").type("clipboard").press("\\r", ":copy")
    screen.gone(":mark all").press("\\e").press("\\e")
    screen.press("4").press("?", "Help").press("/").type("mark all").press("\\r", ":mark all")
    screen.press("\\r", "4 marked").leave()


def commands_are_completed_and_wrong_ones_are_helped_on(place):
    fleet = Fleet(place)
    screen = fleet.open(place)
    screen.press(":").type("device en").press("\\t", ":device enable").type(IDS[2][:-1])
    screen.press("\\t", IDS[0]).press("\\e").gone(":device enable")
    screen.command("devcies", "did you mean").command("enable " + IDS[2])
    rig.wait_for("the device", lambda: fleet.enabled() == [IDS[2]])
    screen.press(":").press("\\e[A", "enable " + IDS[2]).press("\\e")
    screen.command("device enable NOSUCH").wait("NOSUCH").leave()


def history_and_escape_lead_back_as_it_was_left(place):
    fleet = Fleet(place)
    screen = fleet.open(place)
    screen.press("/").type("battery<60").press("\\r", "3 of 4").press("g").press("j")
    held = screen.cursor_row()
    screen.press("2", "[2 Projects]").press("[", "[4 Devices]").wait("battery<60")
    expect_equal(screen.cursor_row()[:22], held[:22], "the row under the cursor")
    screen.press("]", "[2 Projects]").press("[", "battery<60")
    screen.press(" ", "1 marked").press("\\r", "Product").press("?", "Help")
    screen.press("\\e", "Product").press("\\e", "battery<60")
    for _ in range(2):
        screen.press("\\e")
    screen.gone("battery<60").wait("[4 Devices]")
    screen.send("qqq")
    expect_equal(screen.end(), "exit 0")


def a_draft_is_kept_when_one_leaves_its_form(place):
    fleet = Fleet(place)
    screen = fleet.open(place)
    screen.press("2", "Rooms").press("a", "Create a project").fill("Project name", "Half")
    screen.press("\\e", "[2 Projects]").gone("Create a project")
    screen.press("a", "[Half_").press("\\e").gone("Create a project")
    screen.press("q", "Leave the console").wait("> [ Cancel ]").press("\\r")
    screen.gone("Leave the console").press("q", "Leave the console").press("\\t")
    screen.send("\\r")
    expect_equal(screen.end(), "exit 0")


if __name__ == "__main__":
    rig.run(globals())
