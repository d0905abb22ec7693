"""The guide's two examples of projects, as it tells them, with Debian's aws command; and the
wizard's Send SMS and Send email once a gateway is configured."""
import json
import os
import urllib.parse

import rig
from headless_test import Cli
from rig import expect, expect_equal

LAMBDA = "arn:aws:lambda:us-west-2:123456789012:function:"
CODE = "C-1234567890"


def configure(place, *destinations):
    path = place.write("oneclick.yaml", json.dumps({"destinations": list(destinations)}))
    os.chmod(path, 0o600)
    return path


def start(place, devices, *destinations):
    """A service with these destinations, an aws command, and claimed, enabled buttons."""
    service = rig.Service(place, "--config", configure(place, *destinations))
    tokens = service.register(*devices, code=CODE)
    aws = rig.Aws(service, service.key())
    aws.devices("claim-devices-by-claim-code", "--claim-code", CODE)
    return service, tokens, aws


def enable(service, devices):
    """As aws does it, of many in one process."""
    api = rig.botocore_client(service, service.key("operator"), "iot1click-devices")
    for one in devices:
        api.update_device_state(DeviceId=one, Enabled=True)


def template(default_attributes, functions):
    return json.dumps({
        "defaultAttributes": default_attributes,
        "deviceTemplates": {name: {"deviceType": "button", "callbackOverrides": {
            "onClickCallback": LAMBDA + function}} for name, function in functions.items()}})


def form_of(request):
    return dict(urllib.parse.parse_qsl(request.body.decode(), keep_blank_values=True))


# ---- Example 1 ---------------------------------------------------------------------------

CUSTOMERS = {f"customer-{n}": {"CustomerName": name, "SalesPersonPhoneNumber": f"1-555-555-12{n:02}",
                               "device": f"G030PM000001{n:04}"}
             for n, name in enumerate(["Mr. Jones", "Ms. Smith", "Mr. Ångström & Söhne",
                                       "Ms. O'Neill", "Dr. {{CustomerName}}", "Mr. 李",
                                       "Ms. Li=Wu&x=1", "Mr. $(id)", "Ms. Zoë", "Mr. Ten"])}


def a_customers_click_sends_an_sms_with_his_name_to_his_salesperson(place):
    gateway = rig.Receiver(place)
    buttons = [c["device"] for c in CUSTOMERS.values()]
    service, tokens, aws = start(place, buttons, {
        "match": LAMBDA + "SendSMSLambda",
        "sms": {"url": gateway.url, "form": {
            "To": "{{SalesPersonPhoneNumber}}",
            "Body": "{{CustomerName}} would like to be called."}}})
    aws.projects("create-project", "--project-name", "SalesPersonNotification",
                 "--placement-template", template(
                     {"CustomerName": "", "SalesPersonPhoneNumber": ""},
                     {"NotificationButton": "SendSMSLambda"}))
    api = rig.botocore_client(service, service.key("keeper"), "iot1click-projects")
    for name, customer in CUSTOMERS.items():
        api.create_placement(
            projectName="SalesPersonNotification", placementName=name,
            attributes={k: customer[k] for k in ("CustomerName", "SalesPersonPhoneNumber")})
        api.associate_device_with_placement(
            projectName="SalesPersonNotification", placementName=name,
            deviceTemplateName="NotificationButton", deviceId=customer["device"])
    enable(service, buttons)
    for customer in CUSTOMERS.values():
        expect_equal(rig.press(service, tokens[customer["device"]], customer["device"])[0],
                     200, "the click")
    sent = {form_of(r)["To"]: form_of(r)["Body"] for r in gateway.wait(len(CUSTOMERS))}
    expect_equal(len(gateway.got), len(CUSTOMERS), "SMS")
    for customer in CUSTOMERS.values():
        expect_equal(sent[customer["SalesPersonPhoneNumber"]],
                     f"{customer['CustomerName']} would like to be called.", "the SMS")


# ---- Example 2 ---------------------------------------------------------------------------

ROOMS = [str(1001 + n) for n in range(50)]


def room_devices(n):
    return {"ThumbsUp": f"G030PM00000{2 * n:05}", "ThumbsDown": f"G030PM00000{2 * n + 1:05}"}


def thumbs_up_and_down_reach_their_functions_with_the_rooms_number(place):
    positive, negative = rig.Receiver(place), rig.Receiver(place)
    devices = [d for n in range(len(ROOMS)) for d in room_devices(n).values()]
    service, tokens, aws = start(
        place, devices,
        {"match": LAMBDA + "PositiveFeedbackLambda", "webhook": {"url": positive.url}},
        {"match": LAMBDA + "NegativeFeedbackLambda", "webhook": {"url": negative.url}})
    aws.projects("create-project", "--project-name", "MeetingRoomFeedback",
                 "--placement-template", template(
                     {"MeetingRoomNumber": "unknown"},
                     {"ThumbsUp": "PositiveFeedbackLambda",
                      "ThumbsDown": "NegativeFeedbackLambda"}))
    api = rig.botocore_client(service, service.key("keeper"), "iot1click-projects")
    for n, room in enumerate(ROOMS):
        api.create_placement(projectName="MeetingRoomFeedback", placementName=f"room-{room}",
                             attributes={"MeetingRoomNumber": room})
        for name, device in room_devices(n).items():
            api.associate_device_with_placement(
                projectName="MeetingRoomFeedback", placementName=f"room-{room}",
                deviceTemplateName=name, deviceId=device)
    enable(service, devices)
    for n in range(len(ROOMS)):
        up, down = room_devices(n).values()
        rig.press(service, tokens[up], up)
        if n % 5 == 0:
            rig.press(service, tokens[down], down, "DOUBLE")
    positive.wait(50)
    negative.wait(10)
    for receiver, slot, click, rooms in ((positive, "ThumbsUp", "SINGLE", ROOMS),
                                         (negative, "ThumbsDown", "DOUBLE", ROOMS[::5])):
        events = receiver.events()
        expect_equal(sorted(e["placementInfo"]["attributes"]["MeetingRoomNumber"]
                            for e in events), rooms, f"rooms of {slot}")
        for event in events:
            room = event["placementInfo"]["attributes"]["MeetingRoomNumber"]
            both = room_devices(ROOMS.index(room))
            expect_equal(event["deviceInfo"]["deviceId"], both[slot], "the button")
            expect_equal(event["deviceEvent"]["buttonClicked"]["clickType"], click, "click")
            expect_equal(event["placementInfo"]["devices"], both, "devices of the room")
            expect_equal(event["placementInfo"]["projectName"], "MeetingRoomFeedback",
                         "project")


def a_room_without_a_number_has_the_projects_default(place):
    positive = rig.Receiver(place)
    service, tokens, aws = start(
        place, ["G030PM0000000001"],
        {"match": LAMBDA + "*", "webhook": {"url": positive.url}})
    aws.projects("create-project", "--project-name", "MeetingRoomFeedback",
                 "--placement-template", template({"MeetingRoomNumber": "unknown"},
                                                  {"ThumbsUp": "PositiveFeedbackLambda"}))
    aws.projects("create-placement", "--project-name", "MeetingRoomFeedback",
                 "--placement-name", "cellar")
    aws.projects("associate-device-with-placement", "--project-name", "MeetingRoomFeedback",
                 "--placement-name", "cellar", "--device-template-name", "ThumbsUp",
                 "--device-id", "G030PM0000000001")
    aws.devices("update-device-state", "--device-id", "G030PM0000000001", "--enabled")
    rig.press(service, tokens["G030PM0000000001"], "G030PM0000000001")
    positive.wait(1)
    aws.projects("update-placement", "--project-name", "MeetingRoomFeedback",
                 "--placement-name", "cellar", "--attributes", "MeetingRoomNumber=-1")
    rig.press(service, tokens["G030PM0000000001"], "G030PM0000000001")
    positive.wait(2)
    expect_equal([e["placementInfo"]["attributes"]["MeetingRoomNumber"]
                  for e in positive.events()], ["unknown", "-1"], "room numbers")


# ---- the wizard's own functions, and what the keeper sees of them ---------------------------

def send_sms_works_out_of_the_box_once_a_gateway_is_configured(place):
    gateway = rig.Receiver(place)
    device = "G030PM0000000001"
    service, tokens, aws = start(place, [device], {"sms": {"url": gateway.url, "form": {
        "To": "{{phoneNumber}}", "Body": "{{message}}"}}})
    account = aws.devices("list-devices")["Devices"][0]["Arn"].split(":")[4]
    aws.projects("create-project", "--project-name", "Bell", "--placement-template",
                 json.dumps({"defaultAttributes": {"phoneNumber": "+15550100",
                                                   "message": "Ring at {{door}}: {{*}}"},
                             "deviceTemplates": {"Button": {
                                 "deviceType": "button", "callbackOverrides": {
                                     "onClickCallback": f"arn:aws:lambda:us-west-2:{account}"
                                     ":function:iot1click_onclick_sms"}}}}))
    aws.projects("create-placement", "--project-name", "Bell", "--placement-name", "north",
                 "--attributes", "door=North")
    aws.projects("associate-device-with-placement", "--project-name", "Bell",
                 "--placement-name", "north", "--device-template-name", "Button",
                 "--device-id", device)
    aws.devices("update-device-state", "--device-id", device, "--enabled")
    rig.press(service, tokens[device], device, "LONG")
    form = form_of(gateway.wait(1)[0])
    expect_equal(form["To"], "+15550100", "the number")
    expect(form["Body"].startswith("Ring at North: {"), f"the message: {form['Body']}")
    expect(form["Body"].endswith(f"\n(DSN: {device}, LONG)"), f"its end: {form['Body']}")


def a_low_battery_is_told_by_sms_to_the_placements_number(place):
    gateway = rig.Receiver(place)
    device = "G030PM0000000001"
    service, tokens, aws = start(place, [device], {
        "match": LAMBDA + "Battery", "sms": {"url": gateway.url, "form": {
            "To": "{{phoneNumber}}", "Body": "{{deviceId}} in {{placementName}}: battery"}}})
    aws.projects("create-project", "--project-name", "Bell", "--placement-template",
                 template({"phoneNumber": "+15550100"}, {"Button": ""}))
    aws.projects("create-placement", "--project-name", "Bell", "--placement-name", "north")
    aws.projects("associate-device-with-placement", "--project-name", "Bell",
                 "--placement-name", "north", "--device-template-name", "Button",
                 "--device-id", device)
    aws.devices("update-device-state", "--device-id", device, "--enabled")
    aws.devices("invoke-device-method", "--device-id", device, "--device-method",
                "DeviceType=device,MethodName=setDeviceHealthMonitorCallback",
                "--device-method-parameters",
                json.dumps({"callback": {"awsLambdaArn": LAMBDA + "Battery"},
                            "condition": {"remainingLifeLowerThan": 10}}))
    rig.press(service, tokens[device], device, remainingLife=5.4)
    rig.press(service, tokens[device], device, remainingLife=5.3)
    expect_equal(form_of(gateway.wait(1)[0]),
                 {"To": "+15550100", "Body": f"{device} in north: battery"}, "the SMS")
    expect_equal(len(gateway.got), 1, "told once")


def a_press_nobody_takes_is_a_dead_letter_until_someone_does(place):
    hook = rig.Receiver(place)
    device = "G030PM0000000001"
    service, tokens, aws = start(place, [device])
    key = service.key("keeper")
    cli = Cli(place, service, key)
    aws.devices("invoke-device-method", "--device-id", device, "--device-method",
                "DeviceType=button,MethodName=setOnClickCallback",
                "--device-method-parameters",
                json.dumps({"callback": {"awsLambdaArn": LAMBDA + "later"}}))
    aws.devices("update-device-state", "--device-id", device, "--enabled")
    rig.press(service, tokens[device], device)

    def dead():
        return json.loads(cli("deliveries", "list", "dead", "--output", "json"))
    letter = rig.wait_for("the dead letter", dead)[0]
    expect_equal(letter["callback"], LAMBDA + "later", "whom it calls")
    expect("destination" in letter["error"], f"why not: {letter['error']}")
    configure(place, {"match": LAMBDA + "later", "webhook": {"url": hook.url}})
    os.kill(service.process.child.pid, 1)
    rig.wait_for("the new destinations", lambda: "read anew" in service.process.errors())
    answer = json.loads(cli("deliveries", "replay", letter["eventId"], "--output", "json"))
    expect_equal(answer, {"replayed": 1}, "replayed")
    expect_equal(hook.wait(1)[0].id, letter["eventId"], "the event's ID")
    rig.wait_for("no dead letter", lambda: not dead())
    cli.ends(1, "0 of 1 go again", "deliveries", "replay", "no-such-event")
    cli.ends(2, "Say which", "deliveries", "replay")
    cli.ends(1, "waiting or dead", "deliveries", "list", "alive")


if __name__ == "__main__":
    rig.run(globals())
