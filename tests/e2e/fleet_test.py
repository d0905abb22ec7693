"""Whole fleets: applied from a CloudFormation template, imported and exported as CSV."""
import csv
import json
import os

import rig
from headless_test import Cli as Words, DONE, FAILED, PARTLY, REFUSED, USAGE
from rig import expect, expect_equal

A, B, C, D = (f"G030PM000000000{i}" for i in range(1, 5))
CODE = "C-1234567890"

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Building: {Type: String, Default: North}
Resources:
  Sales:
    Type: AWS::IoT1Click::Project
    Properties:
      ProjectName: SalesPersonNotification
      Description: Customers call their salesperson
      PlacementTemplate:
        DefaultAttributes: {Building: !Ref Building, Floor: 1}
        DeviceTemplates:
          NotificationButton:
            DeviceType: button
            CallbackOverrides:
              onClickCallback: arn:aws:lambda:us-west-2:123456789012:function:SendSMSLambda
  Jones:
    Type: AWS::IoT1Click::Placement
    Properties:
      ProjectName: !GetAtt Sales.ProjectName
      PlacementName: !Sub "${Building}-Jones"
      Attributes: {CustomerName: Mr. Jones, SalesPersonPhoneNumber: 1-555-555-1234}
      AssociatedDevices: {NotificationButton: !GetAtt Button.DeviceId}
  Button:
    Type: AWS::IoT1Click::Device
    Properties: {DeviceId: %s, Enabled: true}
  Topic:
    Type: AWS::SNS::Topic
""" % A


class Cli(Words):
    """The same, where the first word may be several."""

    def run(self, first, *words, **env):
        return super().run(*first.split(), *words, **env)


def start(place):
    service = rig.Service(place)
    service.register(A, B, code=CODE)
    service.register(C, D)
    cli = Cli(place, service, service.key())
    cli("claim", CODE)
    return service, cli


def steps(text):
    return [(s.get("step"), s["subject"], s["result"]) for s in
            map(json.loads, text.splitlines())]


def a_template_is_planned_then_applied_and_applied_again_changes_nothing(place):
    service, cli = start(place)
    path = place.write("sales.yaml", TEMPLATE)
    wanted = [("CreateProject", "SalesPersonNotification"),
              ("CreatePlacement", "SalesPersonNotification/North-Jones"),
              ("AssociateDeviceWithPlacement", "SalesPersonNotification/North-Jones"),
              ("UpdateDeviceState", A)]
    dry = cli.ends(DONE, "passed over, being of other types: 1", "apply", "-f", path, "--dry-run")
    expect_equal(steps(dry.stdout), [(*w, "would") for w in wanted], "the plan")
    expect_equal(cli.json("projects list"), [], "projects after a dry run")
    expect_equal(steps(cli("apply", "-f", path)), [(*w, "done") for w in wanted], "steps")
    shown = cli.json("placement show", "SalesPersonNotification", "North-Jones")
    expect_equal(shown["placement"]["attributes"]["CustomerName"], "Mr. Jones", "attribute")
    project = cli.json("project show", "SalesPersonNotification")["project"]
    expect_equal(project["placementTemplate"]["defaultAttributes"],
                 {"Building": "North", "Floor": "1"}, "default attributes")
    again = cli.ends(DONE, "nothing to do", "apply", path)
    expect_equal(again.stdout, "", "steps of the second time")


def what_changed_in_the_template_is_all_that_changes(place):
    service, cli = start(place)
    cli("apply", place.write("one.yaml", TEMPLATE))
    two = (TEMPLATE.replace("Mr. Jones", "Ms. Jones").replace(A, B)
           .replace("SendSMSLambda", "Other").replace(", Floor: 1", ""))
    path = place.write("two.yaml", two)
    refused = cli.ends(REFUSED, "take something away", "apply", path)
    expect("UpdatePlacement" in refused.stdout, "the plan is shown when it is refused")
    done = [json.loads(s) for s in cli("apply", path, "--yes").splitlines()]
    expect_equal([(s["step"], s.get("detail", "")) for s in done], [
        ("UpdateProject", "Floor goes, was 1; onClickCallback: arn:aws:lambda:us-west-2:"
         "123456789012:function:Other, was arn:aws:lambda:us-west-2:123456789012:function:"
         "SendSMSLambda"),
        ("UpdatePlacement", "CustomerName: Ms. Jones, was Mr. Jones"),
        ("DisassociateDeviceFromPlacement", f"{A} leaves NotificationButton"),
        ("AssociateDeviceWithPlacement", f"{B} becomes NotificationButton"),
        ("UpdateDeviceState", "enabled")], "steps")
    cli.ends(DONE, "nothing to do", "apply", path)


def placements_the_file_does_not_name_go_only_when_pruning(place):
    service, cli = start(place)
    path = place.write("sales.yaml", TEMPLATE)
    cli("apply", path)
    cli("placement create", "SalesPersonNotification", "left-over")
    cli("associate", "SalesPersonNotification", "left-over", "NotificationButton", B)
    cli.ends(DONE, "nothing to do", "apply", path)
    cli.ends(REFUSED, "--yes", "apply", path, "--prune")
    expect_equal(steps(cli("apply", path, "--prune", "--yes")), [
        ("DisassociateDeviceFromPlacement", "SalesPersonNotification/left-over", "done"),
        ("DeletePlacement", "SalesPersonNotification/left-over", "done")], "steps")


def the_account_of_a_template_is_found_out(place):
    service, cli = start(place)
    path = place.write("account.yaml", """\
Resources:
  Rating:
    Type: AWS::IoT1Click::Project
    Properties:
      ProjectName: Rating
      PlacementTemplate:
        DeviceTemplates:
          good:
            DeviceType: button
            CallbackOverrides:
              onClickCallback: !Sub "arn:aws:lambda:us-west-2:${AWS::AccountId}:function:x"
""")
    cli("apply", "-f", path)
    told = rig.botocore_client(service, service.key(), "iot1click-projects").describe_project(
        projectName="Rating")["project"]
    account = told["arn"].split(":")[4]
    expect_equal(told["placementTemplate"]["deviceTemplates"]["good"]["callbackOverrides"],
                 {"onClickCallback": f"arn:aws:lambda:us-west-2:{account}:function:x"})


def a_template_that_cannot_be_sends_nothing_and_says_where(place):
    service, cli = start(place)
    path = place.write("sales.yaml", TEMPLATE.replace(A, C))
    said = cli.ends(FAILED, "nothing was sent", "apply", path)
    expect("it is not claimed here" in said.stdout, f"why not: {said.stdout}")
    expect_equal(cli.json("projects list"), [], "projects")
    for bad, says in [
            ("Resources: {P: {Type: AWS::IoT1Click::Projekt}}", ":1:"),
            (TEMPLATE.replace("CustomerName:", "CustomerName: !ImportValue"),
             "!ImportValue is not followed"),
            (TEMPLATE.replace("Attributes: {C", "Atributes: {C"), "did you mean Attributes?"),
            (TEMPLATE.replace("Enabled: true", "Enabled: maybe"), "true or false"),
            (TEMPLATE.replace("!Ref Building", "!Ref Bilding"), '"Bilding" is no'),
            (TEMPLATE.replace("!GetAtt Button.DeviceId", "!GetAtt Button.Arn"), "not known"),
            ("{", "line 1, column 2"), ("", "Resources"), ("Resources: [1]", "Resources")]:
        path = place.write("bad.yaml", bad)
        cli.ends(USAGE, says, "apply", path)
    cli.ends(USAGE, "No such file", "apply", place.join("none.yaml"))
    cli.ends(USAGE, "Say which file", "apply")


ROWS = f"""\
project,placement,template,deviceId,claimCode,enabled,attr:Room,attr:phone
MeetingRooms,room-1,Up,{A},{CODE},true,101,+15550100
MeetingRooms,room-1,Down,{B},{CODE},yes,,
MeetingRooms,room-2,Up,{C},,true,102,"a ""b"", c"
MeetingRooms,room-3,,,,,103,
Elsewhere,room-4,Up,{D},,true,104,
"""
PROJECT = ("projectName: MeetingRooms\nplacementTemplate: {deviceTemplates: "
           "{Up: {deviceType: button}, Down: {deviceType: button}}}\n")


def rows_of_a_csv_stand_for_themselves(place):
    service = rig.Service(place)
    service.register(A, B, code=CODE)
    service.register(C, D)
    cli = Cli(place, service, service.key())
    cli("project create", place.write("project.yaml", PROJECT))
    path = place.write("fleet.csv", ROWS)
    dry = cli.ends(FAILED, "", "fleet import", path, "--dry-run", "--output", "text")
    expect(f"line 2  ClaimDevicesByClaimCode {A} (by the code {CODE}): would" in dry.stdout,
           f"the dry run tells each row: {dry.stdout}")
    done = cli.ends(PARTLY, "failed", "fleet import", path)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    bad = {s["line"] for s in told if s["result"] != "done"}
    expect_equal(bad, {4, 6}, "rows that failed")
    expect(any("not claimed" in s.get("detail", "") for s in told if s["line"] == 4), "why 4")
    expect(any("no such project" in s.get("detail", "") for s in told if s["line"] == 6),
           "why 6")
    shown = cli.json("placement show", "MeetingRooms", "room-1")["placement"]
    expect_equal(shown["attributes"], {"Room": "101", "phone": "+15550100"}, "attributes")
    expect_equal(cli.json("placement devices", "MeetingRooms", "room-1")["devices"],
                 {"Down": B, "Up": A}, "devices")
    expect(cli.json("device show", A)["deviceDescription"]["enabled"], "A is enabled")
    again = cli.ends(FAILED, "failed", "fleet import", path)
    expect(all(s["result"] != "done" for s in map(json.loads, again.stdout.splitlines())),
           f"the second time does nothing that is done: {again.stdout}")


def what_is_exported_imports_to_the_same(place):
    service, cli = start(place)
    cli("project create", place.write("project.yaml", PROJECT))
    good = "".join(ROWS.splitlines(True)[:3] + ROWS.splitlines(True)[4:5])
    cli("fleet import", place.write("fleet.csv", good))
    out = place.join("out.csv")
    cli.ends(DONE, "projects 1, placements 2, devices 2", "fleet export", out)
    with open(out, newline="", encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    expect_equal([(r["placement"], r["deviceId"], r["attr:Room"]) for r in rows],
                 [("room-1", B, "101"), ("room-1", A, "101"), ("room-3", "", "103")],
                 "rows, in the order of their names whatever came first")
    expect_equal(rows[0]["attr:phone"], "'+15550100", "what a spreadsheet would run is quoted")
    cli.ends(DONE, "nothing to do", "fleet import", out)
    whole = place.join("out.json")
    cli("fleet export", whole)
    cli.ends(DONE, "nothing to do", "apply", whole)
    expect_equal(os.stat(whole).st_mode & 0o777, 0o600, "mode of the export")
    other = rig.Service(place, state="other")
    other.register(A, B, code=CODE)
    second = Cli(place, other, other.key())
    second("claim", CODE)
    second("apply", whole)
    expect_equal(second("fleet export", "-"), cli("fleet export", "-"), "the copied fleet")


def a_csv_that_contradicts_itself_is_refused_with_its_line(place):
    service, cli = start(place)
    head = "project,placement,template,deviceId,enabled,attr:Room\n"
    for rows, says in [
            ("projekt\n", "did you mean project"),
            (head + f"P,a,Up,{A},maybe,1\n", "fleet.csv:2: enabled takes true or false"),
            (head + f"P,a,Up,{A},,1\nP,b,Up,{A},,1\n", "fleet.csv:3: an earlier row names"),
            (head + f"P,a,Up,{A},,1\nP,a,Up,{B},,1\n", "fleet.csv:3: an earlier row fills"),
            (head + f"P,a,Up,{A},,1\nP,a,Down,{B},,2\n", "another value of Room"),
            (head + f"P,,Up,{A},,1\n", "missing: placement"),
            (head + "P,a,Up,,,1\n", "there is no deviceId"),
            (head + "P,a\n", "This row has 2 fields"), ("", "is empty"),
            (head + 'P,"a\n', "fleet.csv")]:
        cli.ends(USAGE, says, "fleet import", place.write("fleet.csv", rows))


def a_read_only_session_may_plan_but_not_apply(place):
    service, cli = start(place)
    path = place.write("sales.yaml", TEMPLATE)
    cli.ends(REFUSED, "read-only", "--read-only", "apply", path)
    dry = cli.run("--read-only", "apply", path, "--dry-run")
    expect_equal(dry.returncode, DONE, "a dry run when read-only")
    expect_equal(len(dry.stdout.splitlines()), 4, "steps planned")


if __name__ == "__main__":
    rig.run(globals())
