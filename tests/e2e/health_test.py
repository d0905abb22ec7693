"""Health events: life below what was asked for, and devices not heard, told once to the
callback that asked; by the guide's five methods, with the aws command."""
import json
import sqlite3

import rig
from presses import Stream, rows
from rig import expect_equal

DEVICE, CODE = "G030PM0123456789", "C-1234567890"
ARN = "arn:aws:lambda:us-west-2:012345678910:function:MyHealthListener"
HOUR = 60 * 60 * 1000


def start(place):
    service = rig.Service(place)
    token = service.register(DEVICE, code=CODE)[DEVICE]
    key = service.key()
    aws = rig.Aws(service, key)
    aws.devices("claim-devices-by-claim-code", "--claim-code", CODE)
    aws.devices("update-device-state", "--device-id", DEVICE, "--enabled")
    return service, token, key, aws


def invoke(aws, kind, method, parameters=None):
    words = ["invoke-device-method", "--device-id", DEVICE, "--device-method",
             json.dumps({"DeviceType": kind, "MethodName": method})]
    if parameters is not None:
        words += ["--device-method-parameters", json.dumps(parameters)]
    return json.loads(aws.devices(*words)["DeviceMethodResponse"])


def watch(aws, condition, arn=ARN):
    return invoke(aws, "device", "setDeviceHealthMonitorCallback",
                  {"deviceId": DEVICE, "callback": {"awsLambdaArn": arn},
                   "condition": condition})


def told(service, kind):
    """Condition and life of each health event of this kind, all of them due."""
    found = rows(service, "SELECT json, life, due FROM event JOIN context c ON c.num = context "
                 "WHERE kind = ? ORDER BY pos", kind)
    expect_equal([r[2] for r in found], [1] * len(found), "due")
    return [(json.loads(r[0])["condition"], r[1]) for r in found]


LIFE_LOW, NOT_HEARD = 12, 13


def the_five_methods_are_the_guides(place):
    service, token, key, aws = start(place)
    names = [m["MethodName"] for m in
             aws.devices("get-device-methods", "--device-id", DEVICE)["DeviceMethods"]]
    expect_equal(names, ["getDeviceHealthParameters", "setDeviceHealthMonitorCallback",
                         "getDeviceHealthMonitorCallback", "setOnClickCallback",
                         "getOnClickCallback"])
    expect_equal(invoke(aws, "device", "getDeviceHealthParameters"), {"remainingLife": 100})
    wish = {"deviceId": DEVICE, "callback": {"awsLambdaArn": ARN},
            "condition": {"remainingLifeLowerThan": 10}}
    expect_equal(watch(aws, wish["condition"]), {})
    expect_equal(invoke(aws, "device", "getDeviceHealthMonitorCallback"), wish)
    del wish["condition"]
    invoke(aws, "button", "setOnClickCallback", wish)
    expect_equal(invoke(aws, "button", "getOnClickCallback"), wish)
    for condition in ({}, {"remainingLifeLowerThan": 101}, {"remainingLifeLowerThan": "10"},
                      {"notHeardForHours": 0}, {"notHeardForHours": 1.5},
                      {"notHeardForHours": 8761}, {"batteryLowerThan": 3}):
        done = aws.run("iot1click-devices", "invoke-device-method", "--device-id", DEVICE,
                       "--device-method", json.dumps(
                           {"MethodName": "setDeviceHealthMonitorCallback"}),
                       "--device-method-parameters", json.dumps(
                           {"callback": {"awsLambdaArn": ARN}, "condition": condition}))
        expect_equal((done.returncode, "InvalidRequestException" in done.stderr),
                     (254, True), f"{condition}: {done.stderr}")


def life_below_the_condition_is_told_once_and_seen_by_who_watches(place):
    service, token, key, aws = start(place)
    watch(aws, {"remainingLifeLowerThan": 10})
    stream = Stream(service, key)
    for life in (10.5, 5.4, 5.3):
        rig.press(service, token, DEVICE, remainingLife=life)
    seen = [stream.next() for _ in range(4)]
    expect_equal([(e, d["kind"]) for e, d in seen],
                 [("click", "SINGLE"), ("click", "SINGLE"), ("state", "LIFE_LOW"),
                  ("click", "SINGLE")])
    expect_equal((seen[2][1]["condition"], seen[2][1]["remainingLife"]),
                 ({"remainingLifeLowerThan": 10}, 5.4))
    expect_equal(told(service, LIFE_LOW), [({"remainingLifeLowerThan": 10}, 5.4)])
    expect_equal(len(aws.devices(
        "list-device-events", "--device-id", DEVICE, "--from-time-stamp", "2020-01-01",
        "--to-time-stamp", "2100-01-01")["Events"]), 3, "clicks listed")


def a_crossing_is_told_once_though_the_service_restarts(place):
    service, token, key, aws = start(place)
    watch(aws, {"remainingLifeLowerThan": 50})
    rig.press(service, token, DEVICE, remainingLife=40)
    service.process.kill()
    service.start()
    for life in (39, 60, 49):
        rig.press(service, token, DEVICE, remainingLife=life)
    expect_equal([life for _, life in told(service, LIFE_LOW)], [40, 49])


def a_device_not_heard_is_told_of_once_until_it_is_heard_again(place):
    """The time that passes is taken off what the store remembers."""
    service, token, key, aws = start(place)
    watch(aws, {"notHeardForHours": 24, "remainingLifeLowerThan": 10})
    rig.press(service, token, DEVICE)

    def pass_hours(hours):
        service.process.close()
        name = rows(service, "SELECT file FROM pragma_database_list")[0][0]
        with sqlite3.connect(name) as db:
            db.execute("UPDATE device SET seen_at = seen_at - ?1, "
                       "quiet_at = max(quiet_at - ?1, 0)", (hours * HOUR,))
        service.start()
    pass_hours(23)
    pass_hours(1)
    rig.wait_for("the event", lambda: told(service, NOT_HEARD))
    expect_equal(told(service, NOT_HEARD), [({"notHeardForHours": 24}, 99.95)])
    pass_hours(100)
    rig.press(service, token, DEVICE)
    pass_hours(24)
    rig.wait_for("the event", lambda: len(told(service, NOT_HEARD)) == 2)
    aws.devices("update-device-state", "--device-id", DEVICE, "--no-enabled")
    rig.press(service, token, DEVICE)
    pass_hours(24)
    rig.wait_for("the look", lambda: rows(service, "SELECT quiet_at FROM device") == [(0,)])
    expect_equal(len(told(service, NOT_HEARD)), 2, "nothing is told of a disabled device")


rig.run(globals())
