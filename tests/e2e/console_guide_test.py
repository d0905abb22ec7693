"""The guide's own procedures, walked step by step at the keys: Claiming Devices, Creating a
Project, and the meeting rooms; afterwards the API must say what was meant."""
import rig
from console import Console, IDS, ask, run
from rig import expect, expect_equal

DESCRIPTION = ("Project used to track customer meeting room satisfaction, "
               "including A/V equipment")
BODY = "Either positive or negative meeting room feedback has been provided"


def claim(screen, *ids):
    """Steps 4 to 6 of Claiming Devices."""
    screen.press("1", "[1 Onboard]").wait("Claim devices (a)").wait("[ Claim ] (off)")
    screen.press("a").type(", ".join(ids))
    screen.wait(f"ok: {len(ids)} device ID").wait("[ Claim ]  Enter")
    screen.press("\\r", "not known").wait("R = regist")
    for i, name in enumerate(ids):
        screen.seek(name, "j").press("R").wait(f"{i + 1} waiting")
    for i, name in enumerate(reversed(ids)):
        screen.seek(name, "k").press("b").wait(f"{i + 1} claimed")
    expect("[4/4] claimed" in screen.row_of(ids[0]), f"the steps of a claim:\n{screen}")
    screen.press("d", "[4 Devices]")
    for name in ids:
        screen.wait(name)


def name_the_project(screen):
    screen.wait("Create a project").wait("Project name")
    screen.fill("Project name", "MeetingRoomSatisfaction")
    screen.fill("Description", DESCRIPTION).seek("[ Next ]").press("\\r")
    screen.wait("Program a device template")


def add_template(screen, button, number, name):
    """Start or Add, All button types, Device template name; Send email."""
    screen.seek(f"[ {button} ]").press("\\r", "> All button types").press("\\r")
    screen.wait(f"Device template {number} (All button types)")
    screen.fill("Device template name", name).wait(f"[{name}__")
    screen.wait("Send SMS").wait("Send email").wait("Custom action using a Lambda function")
    screen.press("\\t")
    if "(*) Send email" not in str(screen):
        screen.press("\\e[C", "(*) Send email")


def program_the_templates(screen):
    add_template(screen, "Start", 1, "Satisfied")
    screen.wait("Add another device template (if you need multiple devices per placement)")
    add_template(screen, "Add", 2, "Unsatisfied")
    screen.fill("Required email default value", "rooms@example.com")
    screen.fill("Required subject default value", "Meeting Room Feedback")
    screen.fill("Required body default value", BODY)


def give_attributes(screen):
    screen.press("\\t")
    screen.wait("Attribute key").wait("Default value")
    screen.type("Building").press("\\r").type("Headquarters").press("\\r").press("\\r")
    screen.type("Room").press("\\r").type("TBD")
    screen.seek("[ Review ]").press("\\r", "[ Create project ]")
    screen.wait("MeetingRoomSatisfaction").press("\\r")
    screen.wait("Project MeetingRoomSatisfaction is created")


def place_both(screen):
    """Where the guide's mobile app stood: the room's number, and the two buttons."""
    screen.press("\\r", "New placement in project MeetingRoomSatisfaction")
    screen.fill("Placement name", "room-217")
    for name, device in (("Satisfied", IDS[0]), ("Unsatisfied", IDS[1])):
        screen.wait(f"Device template {name}").key("\\t")
        screen.seek("Select device").type(device)
    screen.seek("[Building").seek("[Room").press("\\r")
    screen.press("\\x15217").wait("[217")
    screen.seek("[ Create placement ]").press("\\r", "room-217").wait("[3 Placements]")


def check_project(place):
    got = ask(place, "project", "show", "MeetingRoomSatisfaction")
    got = got.get("project", got)
    expect_equal(got["description"], DESCRIPTION)
    template = got["placementTemplate"]
    expect_equal(template["defaultAttributes"], {
        "email": "rooms@example.com", "subject": "Meeting Room Feedback", "body": BODY,
        "Building": "Headquarters", "Room": "TBD"}, "the default attributes")
    expect_equal(sorted(template["deviceTemplates"]), ["Satisfied", "Unsatisfied"])
    for name, one in template["deviceTemplates"].items():
        expect_equal(one["deviceType"], "button", name)
        expect_equal(list(one["callbackOverrides"]), ["onClickCallback"], name)
        expect("iot1click_onclick_email" in one["callbackOverrides"]["onClickCallback"],
               f"{name} sends email: {one}")


def check_placement(place):
    got = ask(place, "placement", "show", "MeetingRoomSatisfaction", "room-217")
    got = got.get("placement", got)
    expect_equal(got["attributes"]["Room"], "217", "the room's number")
    devices = ask(place, "placement", "devices", "MeetingRoomSatisfaction", "room-217")
    expect_equal(devices.get("devices", devices),
                 {"Satisfied": IDS[0], "Unsatisfied": IDS[1]}, "the devices placed")


def devices_are_claimed_as_the_guide_says_at_80x24(place):
    screen = Console(place)
    screen.wait("No devices yet")
    claim(screen, *IDS[:2])
    expect_equal([d["deviceId"] for d in ask(place, "devices", "list")], IDS[:2],
                 "the devices claimed")
    screen.leave()


def devices_are_claimed_as_the_guide_says_at_120x40(place):
    screen = Console(place, rows=40, cols=120)
    screen.wait("No devices yet")
    claim(screen, *IDS[:3])
    screen.leave()


def claim_stays_unavailable_while_a_value_is_malformed(place):
    screen = Console(place)
    screen.wait("No devices yet").press("1", "[ Claim ] (off)").press("a")
    screen.type("G030PM0000000001, G03OPM000000000")
    screen.wait("! G03OPM000000000").wait("[ Claim ] (off)")
    screen.press("\\r").quiet(0.3)
    expect("No claims in this batch yet" in str(screen), "nothing was claimed")
    screen.press("\\x15").type("G030PM0000000001").wait("[ Claim ]  Enter")
    screen.press("\\r", "R = register it")


def the_meeting_rooms_of_the_guide_are_made_at_the_keys(place):
    screen = Console(place)
    screen.wait("No devices yet")
    claim(screen, *IDS[:2])
    screen.press("1", "Create a project (p)").press("p")
    name_the_project(screen)
    program_the_templates(screen)
    give_attributes(screen)
    check_project(place)
    place_both(screen)
    check_placement(place)
    screen.press("4", IDS[0]).press("g+", "enabled")
    screen.press("5", "[5 Events]")
    run(place, "press", IDS[0], "double")
    rig.wait_for(f"a row that says DOUBLE, {IDS[0]} and room-217", lambda: any(
        "DOUBLE" in row and IDS[0] in row and "room-217" in row for row in screen.rows()))
    screen.leave()


if __name__ == "__main__":
    rig.run(globals())
