"""Events leave: the guide's event at a webhook, at least once and with one id, whatever the
other side does meanwhile; and nothing twice for no reason."""
import json
import os
import threading
import time

import rig
from rig import expect, expect_equal

DEVICE = "G030PM0123456789"
CODE = "C-1234567890"
ARN = "arn:aws:lambda:us-west-2:123456789012:function:"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def configure(place, *destinations, **sections):
    """The configuration file: destinations are maps, written as YAML takes JSON."""
    secret = place.write("secret", SECRET + "\n")
    os.chmod(secret, 0o600)
    text = json.dumps(dict(destinations=list(destinations), **sections), indent=1)
    return place.write("oneclick.yaml", text.replace("SECRET_FILE", secret))


def webhook(receiver, match=ARN + "*", **more):
    """A destination; what is not said of the webhook is said of the destination."""
    hook = {"url": receiver.url, "secret-file": "SECRET_FILE"}
    hook.update(more.pop("hook", {}))
    return dict(match=match, webhook=hook, **more)


def start(place, *destinations, devices=(DEVICE,), options=(), function="notify", **sections):
    config = configure(place, *destinations, **sections)
    service = rig.Service(place, "--config", config, *options)
    tokens = service.register(*devices, code=CODE)
    api = rig.botocore_client(service, service.key(), "iot1click-devices", retries=3)
    api.claim_devices_by_claim_code(ClaimCode=CODE)
    for i, device in enumerate(devices):
        api.update_device_state(DeviceId=device, Enabled=True)
        call_back(api, device, function if isinstance(function, str) else function[i])
    return service, tokens, api


def call_back(api, device, function, method="setOnClickCallback", **more):
    api.invoke_device_method(
        DeviceId=device, DeviceMethod={"DeviceType": "button", "MethodName": method},
        DeviceMethodParameters=json.dumps(dict(
            callback={"awsLambdaArn": ARN + function}, **more)))


def press(service, tokens, device=DEVICE, click="SINGLE", **more):
    status, _, body = rig.press(service, tokens[device], device, click, **more)
    expect_equal(status, 200, body)
    return json.loads(body)["eventId"]


def a_click_leaves_as_the_guide_has_it(place):
    receiver = rig.Receiver(place, [SECRET])
    service, tokens, _ = start(place, webhook(receiver))
    event_id = press(service, tokens, reportedTime="2026-05-04T23:26:33.747Z",
                     remainingLife=97.65)
    receiver.wait(1)
    one = receiver.got[0]
    expect_equal((one.method, one.target, one.id), ("POST", "/clicks", event_id))
    expect_equal(one.headers["content-type"], "application/json")
    expect_equal(one.body.decode(),
                 '{"deviceInfo":{"deviceId":"G030PM0123456789","type":"button",'
                 '"remainingLife":97.65,"attributes":{}},"deviceEvent":{"buttonClicked":'
                 '{"clickType":"SINGLE","reportedTime":"2026-05-04T23:26:33.747Z"}}}')


rig.run(globals())
