"""Read-only is one mechanism below everything: whatever is typed, nothing that writes
reaches the service."""
import json
import random
import sqlite3
import subprocess

import rig
from console import Console, IDS, environment, run
from rig import expect, expect_equal

READS = {"StreamEvents", "ListReadyDevices", "ListDeliveries", "ListDevices", "DescribeDevice",
         "ListDeviceEvents", "GetDeviceMethods", "ListProjects", "DescribeProject", "ListPlacements", "DescribePlacement",
         "GetDevicesInPlacement", "ListTagsForResource"}
KEYS = {"Enter": "\\r", "Space": " ", "Down": "\\e[B", "Up": "\\e[A", "Home": "\\e[H",
        "End": "\\e[F", "PgDn": "\\e[6~", "PgUp": "\\e[5~", "Right": "\\e[C", "Left": "\\e[D",
        "Tab": "\\t", "Shift-Tab": "\\e[Z", "Esc": "\\e", "Backspace": "\\x7f", "F5": "\\e[15~",
        "F1": "\\eOP", "WheelDown": "\\e[<65;5;5M", "WheelUp": "\\e[<64;5;5M", "\\": "\\\\"}
ARGUMENTS = {"DEVICE": IDS[0], "CODE": "C-1234567890", "PROJECT": "Rooms",
             "PLACEMENT": "room-1", "TEMPLATE": "Satisfied", "FILE": "x.json",
             "METHOD": "getDeviceHealthParameters", "KEY=VALUE": "Room=9", "CLICK": "SINGLE",
             "ARN": f"arn:aws:iot1click:us-west-2:000000000000:devices/{IDS[0]}",
             "KEY": "Room", "PARAMETERS": "{}", "TEXT": "room-1", "NAME": "battery"}


def fleet(place):
    """A service with a project, a placement and devices, and its auditor's key."""
    service = rig.Service(place)
    code = "C-1234567890"
    service.register(*IDS[:3], code=code)
    key = service.key()
    devices = rig.botocore_client(service, key, "iot1click-devices")
    projects = rig.botocore_client(service, key, "iot1click-projects")
    devices.claim_devices_by_claim_code(ClaimCode=code)
    projects.create_project(projectName="Rooms", placementTemplate={
        "defaultAttributes": {"Room": "TBD"},
        "deviceTemplates": {"Satisfied": {"deviceType": "button", "callbackOverrides": {}}}})
    projects.create_placement(projectName="Rooms", placementName="room-1")
    projects.associate_device_with_placement(
        projectName="Rooms", placementName="room-1", deviceTemplateName="Satisfied",
        deviceId=IDS[0])
    return service, key


def requests(service):
    """Names of the operations the audit table has, in their order."""
    with sqlite3.connect(f"file:{service.state}/oneclick.db?mode=ro", uri=True) as db:
        return [json.loads(r)["eventName"] for r, in
                db.execute("SELECT record FROM audit ORDER BY pos")]


def all_keys(place):
    """Every chord the key map knows, as bytes, and those no key stands for."""
    listed = subprocess.run([rig.ONECLICK, "--dump-keys"], env=environment(place),
                            capture_output=True, text=True, check=True).stdout
    chords = {c.split(":", 1)[1] if ":" in c[1:] else c
              for line in listed.splitlines() for c in line.split("\t")[1].split()}
    out = []
    for chord in sorted(chords - {"Ctrl-c", "q"}):
        if chord.startswith("Ctrl-"):
            out.append("\\x%02x" % (ord(chord[5]) & 31))
        else:
            out.append(KEYS.get(chord, chord))
    return out


def all_commands(place):
    """Every command, without arguments and with all it may take."""
    listed = subprocess.run([rig.ONECLICK, "--dump-commands"], env=environment(place),
                            capture_output=True, text=True, check=True).stdout
    out = []
    for line in listed.splitlines():
        words, usage = line.split("\t")[:2]
        if words in ("quit", "demo"):
            continue
        values = [ARGUMENTS.get(w.strip("[].").split("|")[0].rstrip("."), "x")
                  for w in usage.split()]
        out += [words] + ([" ".join([words, *values])] if values else [])
    return out


class Crawler:
    def __init__(self, screen):
        self.screen, self.actions = screen, 0

    def do(self, keys):
        self.screen.send(keys)
        self.screen.quiet(0.004)
        self.actions += 1

    def out(self, pane):
        """Out of what was opened, to a pane; an Esc needs a moment to be one."""
        self.screen.send("\\e")
        self.screen.quiet(0.028)
        self.do(pane)

    def keys(self, keys, places):
        for place in places:
            for key in keys:
                self.out(place[0])
                for step in (*place[1:], key, "\\r"):
                    self.do(step)

    def commands(self, commands, panes):
        for pane in panes:
            for command in commands:
                self.out(pane)
                self.do(":" + command)
                self.do("\\r")
                self.do("\\r")

    def wander(self, keys, count):
        """The same way each time."""
        drawn = random.Random(1)
        for _ in range(count):
            self.do(drawn.choice(keys))


def nothing_that_writes_gets_out_of_a_read_only_console(place):
    service, key = fleet(place)
    before = len(requests(service))
    screen = Console(place, "--read-only", service=service, key=key)
    screen.wait("READ-ONLY").wait(IDS[0])
    crawler = Crawler(screen)
    crawler.keys(all_keys(place), (["1"], ["2"], ["3"], ["4"], ["5"], ["2", "v"], ["3", "v"],
                                   ["4", "v"], ["6"]))
    crawler.commands(all_commands(place), "4")
    crawler.wander(all_keys(place), 800)
    expect(crawler.actions > 1000, f"actions tried: {crawler.actions}")
    screen.wait("READ-ONLY")
    crawler.out("\\e")
    crawler.out("4")
    screen.wait("[4 Dev")
    made = requests(service)[before:]
    expect("ListDevices" in made and "DescribeProject" in made, f"it did read: {set(made)}")
    expect_equal(set(made) - READS, set(), "operations that write")


def the_crawler_does_write_where_it_may(place):
    """So that the test above can fail."""
    service, key = fleet(place)
    before = len(requests(service))
    screen = Console(place, service=service, key=key)
    screen.wait(IDS[0])
    crawler = Crawler(screen)
    crawler.keys(["+", "-", "i"], (["4"], ["4", "v"]))
    expect(set(requests(service)[before:]) - READS, "operations that write arrived")


def read_only_cannot_be_left_and_says_who_asked_for_it(place):
    service, key = fleet(place)
    config = place.write("config.yaml", f"""
context: audit
contexts:
  audit: {{endpoint: "{service.url}", region: {rig.REGION}, read_only: true}}
""")
    screen = Console(place, "--config", config, key=key)
    screen.wait("READ-ONLY").wait(IDS[0])
    screen.press("4").press("+", "read-only").press("g", IDS[0])
    screen.command("why", "read")
    screen.leave()


def without_a_screen_read_only_refuses_with_its_own_status(place):
    service, key = fleet(place)
    before = len(requests(service))
    for words in (["device", "enable", IDS[0]], ["project", "delete", "Rooms"],
                  ["claim", IDS[2]], ["placement", "create", "Rooms", "room-2"],
                  ["tags", "set", ARGUMENTS["ARN"], "a=b"]):
        run(place, "--read-only", "--yes", *words, service=service, key=key, status=4)
    run(place, "--read-only", "devices", "list", service=service, key=key)
    expect_equal(set(requests(service)[before:]) - READS, set(), "operations that write")


if __name__ == "__main__":
    rig.run(globals())
