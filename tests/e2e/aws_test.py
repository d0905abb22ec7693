"""The unchanged aws command against all 29 operations, in the order a fleet is built and
taken down: claim, project, placement, press, tags, methods, and the way back."""
import json
import time

import rig
from rig import expect, expect_equal

BUTTON = "G030PM0123456789"
OTHER = "G030PM0123456788"
LAMBDA = "arn:aws:lambda:us-west-2:123456789012:function:empty"
TEMPLATE = {
    "defaultAttributes": {"City": "Seattle"},
    "deviceTemplates": {
        "empty-dumpster-request": {"deviceType": "button",
                                   "callbackOverrides": {"onClickCallback": LAMBDA}}},
}
PLACEMENT = ["--project-name", "SeattleDumpsters", "--placement-name", "customer217"]


def start(place):
    service = rig.Service(place)
    aws = rig.Aws(service, service.key(account="123456789012"))
    return service, aws


def devices_are_claimed_used_and_given_back_with_the_aws_command(place):
    service, aws = start(place)
    token = service.register(BUTTON, OTHER)[BUTTON]
    one = ["--device-id", BUTTON]

    expect_equal(aws.devices("list-devices"), {"Devices": []}, "an empty fleet")
    aws.refused("ResourceNotFoundException", "iot1click-devices", "describe-device", *one)
    expect_equal(aws.devices("initiate-device-claim", *one), {"State": "CLAIM_INITIATED"})
    aws.refused("PreconditionFailedException", "iot1click-devices",
                "finalize-device-claim", *one)
    status, _, body = rig.press(service, token, BUTTON)
    expect_equal(status, 200, body)
    expect_equal(aws.devices("finalize-device-claim", *one, "--tags", '{"Driver Phone": "123"}'),
                 {"State": "CLAIMED"})
    aws.refused("ResourceConflictException", "iot1click-devices", "initiate-device-claim",
                *one)

    got = aws.devices("describe-device", *one)["DeviceDescription"]
    expect_equal(got, {
        "Arn": f"arn:aws:iot1click:us-west-2:123456789012:devices/{BUTTON}",
        "Attributes": {}, "DeviceId": BUTTON, "Enabled": False, "RemainingLife": 99.95,
        "Type": "button", "Tags": {"Driver Phone": "123"}})
    expect_equal(aws.devices("update-device-state", *one, "--enabled"), None)
    expect_equal(aws.devices("list-devices", "--device-type", "button"),
                 {"Devices": [dict(got, Enabled=True)]})

    expect_equal(aws.devices("get-device-methods", *one), {"DeviceMethods": [
        {"MethodName": name} for name in (
            "getDeviceHealthParameters", "setDeviceHealthMonitorCallback",
            "getDeviceHealthMonitorCallback", "setOnClickCallback",
            "getOnClickCallback")]}, "the five methods, in their order")
    method = lambda kind, name: ["--device-method", f"DeviceType={kind},MethodName={name}"]
    got = aws.devices("invoke-device-method", *one,
                      *method("device", "getDeviceHealthParameters"))
    expect_equal(json.loads(got["DeviceMethodResponse"]), {"remainingLife": 99.95})
    said = aws.refused("InvalidRequestException", "iot1click-devices",
                       "invoke-device-method", *one,
                       *method("device", "getDeviceHealthParameters"),
                       "--device-method-parameters", "")
    expect("A request parameter was invalid." in said, said)
    callback = json.dumps({"deviceId": BUTTON, "callback": {"awsLambdaArn": LAMBDA}})
    aws.devices("invoke-device-method", *one, *method("button", "setOnClickCallback"),
                "--device-method-parameters", callback)
    got = aws.devices("invoke-device-method", *one,
                      *method("button", "getOnClickCallback"))
    expect_equal(json.loads(got["DeviceMethodResponse"])["callback"],
                 {"awsLambdaArn": LAMBDA})

    today = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime())
    events = aws.devices("list-device-events", *one, "--from-time-stamp", today,
                         "--to-time-stamp", "2100-01-01")["Events"]
    expect_equal(len(events), 1, "events")
    expect_equal(events[0]["Device"], {"Attributes": {}, "DeviceId": BUTTON,
                                       "Type": "button"})
    std = json.loads(events[0]["StdEvent"])
    expect_equal(list(std), ["clickType", "reportedTime", "certificateId", "remainingLife",
                             "testMode"], "members of stdEvent")
    expect_equal((std["clickType"], std["remainingLife"], std["testMode"]),
                 ("SINGLE", 99.95, False))

    arn = f"arn:aws:iot1click:us-west-2:123456789012:devices/{BUTTON}"
    aws.devices("tag-resource", "--resource-arn", arn, "--tags", "Team=West")
    expect_equal(aws.devices("list-tags-for-resource", "--resource-arn", arn),
                 {"Tags": {"Driver Phone": "123", "Team": "West"}})
    aws.devices("untag-resource", "--resource-arn", arn, "--tag-keys", "Team", "Absent")
    expect_equal(aws.devices("list-tags-for-resource", "--resource-arn", arn),
                 {"Tags": {"Driver Phone": "123"}})

    expect_equal(aws.devices("unclaim-device", *one), {"State": "UNCLAIMED"})
    aws.refused("ResourceNotFoundException", "iot1click-devices", "describe-device", *one)


def devices_are_claimed_by_code(place):
    service, aws = start(place)
    ids = [f"B9GHXT00000000{i}" for i in range(9)]
    service.register(*ids, code="C-1234567890")
    aws.refused("ForbiddenException", "iot1click-devices", "claim-devices-by-claim-code",
                "--claim-code", "C-0000000000")
    expect_equal(aws.devices("claim-devices-by-claim-code", "--claim-code",
                             "C-1234567890"), {"ClaimCode": "C-1234567890", "Total": 9})
    aws.refused("ForbiddenException", "iot1click-devices", "claim-devices-by-claim-code",
                "--claim-code", "C-1234567890")
    expect_equal([d["DeviceId"] for d in aws.devices("list-devices")["Devices"]], ids)


def projects_and_placements_with_the_aws_command(place):
    service, aws = start(place)
    token = service.register(BUTTON, code="C-1234567890")[BUTTON]
    aws.devices("claim-devices-by-claim-code", "--claim-code", "C-1234567890")
    name = PLACEMENT[:2]

    expect_equal(aws.projects("list-projects"), {"projects": []})
    aws.projects("create-project", *name, "--description", "All dumpsters",
                 "--placement-template", json.dumps(TEMPLATE), "--tags", "Account=45215")
    aws.refused("ResourceConflictException", "iot1click-projects", "create-project", *name)
    aws.refused("InvalidRequestException", "iot1click-projects", "create-project",
                "--project-name", "no good")
    got = aws.projects("describe-project", *name)["project"]
    arn = "arn:aws:iot1click:us-west-2:123456789012:projects/SeattleDumpsters"
    expect_equal({k: v for k, v in got.items() if not k.endswith("Date")}, {
        "arn": arn, "projectName": "SeattleDumpsters", "description": "All dumpsters",
        "placementTemplate": TEMPLATE, "tags": {"Account": "45215"}})
    expect_equal(got["createdDate"], got["updatedDate"], "never updated")
    aws.projects("update-project", *name, "--description", "All dumpsters, hurry")
    expect_equal(aws.projects("describe-project", *name)["project"]["description"],
                 "All dumpsters, hurry")
    expect_equal([p["projectName"] for p in aws.projects("list-projects")["projects"]],
                 ["SeattleDumpsters"])

    aws.projects("create-placement", *PLACEMENT, "--attributes",
                 json.dumps({"location": "123 Any Street"}))
    aws.refused("ResourceConflictException", "iot1click-projects", "create-placement",
                *PLACEMENT)
    aws.projects("update-placement", *PLACEMENT, "--attributes", json.dumps({"bin": "3"}))
    got = aws.projects("describe-placement", *PLACEMENT)["placement"]
    expect_equal(got["attributes"], {"location": "123 Any Street", "bin": "3"},
                 "defaults are not copied, given keys are merged")
    expect_equal([p["placementName"] for p in
                  aws.projects("list-placements", *name)["placements"]], ["customer217"])

    slot = [*PLACEMENT, "--device-template-name", "empty-dumpster-request"]
    aws.refused("ResourceNotFoundException", "iot1click-projects",
                "associate-device-with-placement", *PLACEMENT, "--device-template-name",
                "other", "--device-id", BUTTON)
    aws.projects("associate-device-with-placement", *slot, "--device-id", BUTTON)
    aws.refused("ResourceConflictException", "iot1click-projects",
                "associate-device-with-placement", *slot, "--device-id", BUTTON)
    expect_equal(aws.projects("get-devices-in-placement", *PLACEMENT),
                 {"devices": {"empty-dumpster-request": BUTTON}})
    got = aws.devices("describe-device", "--device-id", BUTTON)["DeviceDescription"]
    expect_equal(got["Attributes"], {
        "projectRegion": "us-west-2", "projectName": "SeattleDumpsters",
        "placementName": "customer217", "deviceTemplateName": "empty-dumpster-request"})
    expect_equal(rig.press(service, token, BUTTON, "LONG")[0], 200)

    said = aws.refused("InvalidRequestException", "iot1click-devices", "unclaim-device",
                       "--device-id", BUTTON)
    expect("customer217" in said, "the sentence names the placement: " + said)
    aws.refused("InvalidRequestException", "iot1click-projects", "delete-placement",
                *PLACEMENT)
    aws.refused("InvalidRequestException", "iot1click-projects", "delete-project", *name)

    aws.projects("tag-resource", "--resource-arn", arn, "--tags", "Team=West")
    expect_equal(aws.projects("list-tags-for-resource", "--resource-arn", arn),
                 {"tags": {"Account": "45215", "Team": "West"}})
    aws.projects("untag-resource", "--resource-arn", arn, "--tag-keys", "Account")
    expect_equal(aws.projects("list-tags-for-resource", "--resource-arn", arn),
                 {"tags": {"Team": "West"}})

    aws.projects("disassociate-device-from-placement", *slot)
    aws.refused("ResourceNotFoundException", "iot1click-projects",
                "disassociate-device-from-placement", *slot)
    aws.projects("delete-placement", *PLACEMENT)
    aws.refused("ResourceNotFoundException", "iot1click-projects", "describe-placement",
                *PLACEMENT)
    aws.projects("delete-project", *name)
    expect_equal(aws.projects("list-projects"), {"projects": []})


def every_operation_refuses_a_wrong_key_and_an_unknown_one(place):
    service, aws = start(place)
    key = service.key()
    wrong = rig.Aws(service, (key[0], "not" + key[1][3:]))
    unknown = rig.Aws(service, ("AKIAAAAAAAAAAAAAAAAA", key[1]))
    for api, words in CALLS:
        wrong.refused("InvalidSignatureException", "iot1click-" + api, *words)
    unknown.refused("UnrecognizedClientException", "iot1click-devices", "list-devices")
    elsewhere = rig.Aws(service, key, region="eu-west-1")
    elsewhere.refused("InvalidSignatureException", "iot1click-devices", "list-devices")


def a_read_only_key_reads_and_changes_nothing(place):
    service, _ = start(place)
    reader = rig.Aws(service, service.key("bob", "AWSIoT1ClickReadOnlyAccess"))
    for api, words in CALLS:
        reads = words[0].startswith(("describe-", "get-", "list-"))
        done = reader.run("iot1click-" + api, *words)
        expect(("AccessDeniedException" in done.stderr) != reads,
               f"{words[0]}: {done.stdout}{done.stderr}")


def every_operation_refuses_bad_arguments_with_its_own_error(place):
    service, _ = start(place)
    service.register(BUTTON, OTHER, code="C-1234567890")
    aws = rig.Aws(service, service.key())
    aws.devices("claim-devices-by-claim-code", "--claim-code", "C-1234567890")
    for api, code, words in BAD:
        said = aws.refused(code, "iot1click-" + api, *words)
        expect(len(said) > 15 and said.rstrip().endswith("."),
               f"{words[0]}: a whole sentence, not {said!r}")


ARN = "arn:aws:iot1click:us-west-2:000000000000:"
DEVICE = ["--device-id", BUTTON]
PLACED = ["--project-name", "p", "--placement-name", "l"]
SLOT = [*PLACED, "--device-template-name", "t"]
CALLS = [  # every command of both services
    ("devices", ["claim-devices-by-claim-code", "--claim-code", "C-1234567890"]),
    ("devices", ["describe-device", *DEVICE]),
    ("devices", ["finalize-device-claim", *DEVICE]),
    ("devices", ["get-device-methods", *DEVICE]),
    ("devices", ["initiate-device-claim", *DEVICE]),
    ("devices", ["invoke-device-method", *DEVICE]),
    ("devices", ["list-device-events", *DEVICE, "--from-time-stamp", "2026-01-01",
                 "--to-time-stamp", "2027-01-01"]),
    ("devices", ["list-devices"]),
    ("devices", ["list-tags-for-resource", "--resource-arn", ARN + "devices/" + BUTTON]),
    ("devices", ["tag-resource", "--resource-arn", ARN + "devices/" + BUTTON,
                 "--tags", "a=b"]),
    ("devices", ["unclaim-device", *DEVICE]),
    ("devices", ["untag-resource", "--resource-arn", ARN + "devices/" + BUTTON,
                 "--tag-keys", "a"]),
    ("devices", ["update-device-state", *DEVICE, "--enabled"]),
    ("projects", ["associate-device-with-placement", *SLOT, *DEVICE]),
    ("projects", ["create-placement", *PLACED]),
    ("projects", ["create-project", *PLACED[:2]]),
    ("projects", ["delete-placement", *PLACED]),
    ("projects", ["delete-project", *PLACED[:2]]),
    ("projects", ["describe-placement", *PLACED]),
    ("projects", ["describe-project", *PLACED[:2]]),
    ("projects", ["disassociate-device-from-placement", *SLOT]),
    ("projects", ["get-devices-in-placement", *PLACED]),
    ("projects", ["list-placements", *PLACED[:2]]),
    ("projects", ["list-projects"]),
    ("projects", ["list-tags-for-resource", "--resource-arn", ARN + "projects/p"]),
    ("projects", ["tag-resource", "--resource-arn", ARN + "projects/p", "--tags", "a=b"]),
    ("projects", ["untag-resource", "--resource-arn", ARN + "projects/p",
                  "--tag-keys", "a"]),
    ("projects", ["update-placement", *PLACED]),
    ("projects", ["update-project", *PLACED[:2]]),
]
assert len(CALLS) == 29

INVALID, ABSENT = "InvalidRequestException", "ResourceNotFoundException"
NOBODY = ["--device-id", "G030PM9999999999"]
NAMELESS = ["--project-name", "no name", "--placement-name", "l"]
DEEP = '{"deviceTemplates": {"t": {"deviceType": "sensor"}}}'
BAD = [  # every command again, with arguments the contract has an answer for
    ("devices", INVALID, ["claim-devices-by-claim-code", "--claim-code", "nonsense"]),
    ("devices", ABSENT, ["describe-device", *NOBODY]),
    ("devices", "ResourceConflictException", ["finalize-device-claim", *DEVICE]),
    ("devices", INVALID, ["get-device-methods", "--device-id", "x" * 33]),
    ("devices", "ResourceConflictException", ["initiate-device-claim", *DEVICE]),
    ("devices", INVALID, ["invoke-device-method", *DEVICE, "--device-method",
                          "DeviceType=button,MethodName=selfDestruct"]),
    ("devices", "RangeNotSatisfiableException",
     ["list-device-events", *DEVICE, "--from-time-stamp", "2026-01-01",
      "--to-time-stamp", "2027-01-01", "--next-token", "made-up"]),
    ("devices", INVALID, ["list-devices", "--max-results", "251"]),
    ("devices", ABSENT, ["list-tags-for-resource", "--resource-arn", ARN + "devices/no"]),
    ("devices", ABSENT, ["tag-resource", "--resource-arn", ARN + "devices/no",
                         "--tags", "a=b"]),
    ("devices", ABSENT, ["unclaim-device", *NOBODY]),
    ("devices", INVALID, ["untag-resource", "--resource-arn", "arn:aws:s3:::bucket",
                          "--tag-keys", "a"]),
    ("devices", INVALID, ["update-device-state", *DEVICE]),
    ("projects", ABSENT, ["associate-device-with-placement", *SLOT, *DEVICE]),
    ("projects", ABSENT, ["create-placement", *PLACED]),
    ("projects", INVALID, ["create-project", *PLACED[:2], "--placement-template", DEEP]),
    ("projects", ABSENT, ["delete-placement", *PLACED]),
    ("projects", ABSENT, ["delete-project", *PLACED[:2]]),
    ("projects", INVALID, ["describe-placement", *NAMELESS]),
    ("projects", INVALID, ["describe-project", *NAMELESS[:2]]),
    ("projects", ABSENT, ["disassociate-device-from-placement", *SLOT]),
    ("projects", ABSENT, ["get-devices-in-placement", *PLACED]),
    ("projects", ABSENT, ["list-placements", *PLACED[:2]]),
    ("projects", INVALID, ["list-projects", "--next-token", "made-up"]),
    ("projects", ABSENT, ["list-tags-for-resource", "--resource-arn", ARN + "projects/no"]),
    ("projects", INVALID, ["tag-resource", "--resource-arn", ARN + "projects/no",
                           "--tags", '{"no blanks": "b"}']),
    ("projects", ABSENT, ["untag-resource", "--resource-arn", ARN + "projects/no",
                          "--tag-keys", "a"]),
    ("projects", INVALID, ["update-placement", *PLACED, "--attributes",
                           '{"a": "' + "x" * 801 + '"}']),
    ("projects", INVALID, ["update-project", *PLACED[:2], "--description", "d" * 501]),
]
assert [w[0] for _, _, w in BAD] == [w[0] for _, w in CALLS]

rig.run(globals())
