"""The live stream: every event once, in order, resumed where it was cut; and only for those
who may see it."""
import http.client
import json

import botocore.auth
import botocore.awsrequest
import botocore.credentials

import rig
from rig import expect, expect_equal

DEVICE, OTHER, CODE = "G030PM0123456789", "G030PM0123456788", "C-1234567890"


class Stream:
    def __init__(self, service, key, query="", after=None):
        request = botocore.awsrequest.AWSRequest(method="GET",
                                                 url=service.url + "/stream" + query)
        botocore.auth.SigV4Auth(botocore.credentials.Credentials(*key), "iot1click",
                                rig.REGION).add_auth(request)
        headers = dict(request.prepare().headers)
        if after is not None:
            headers["Last-Event-ID"] = str(after)
        self.link = http.client.HTTPConnection("127.0.0.1", service.port,
                                               timeout=30 * rig.SLOW)
        self.link.request("GET", "/stream" + query, headers=headers)
        self.got = self.link.getresponse()
        service.place.closing.append(self)

    def next(self):
        """The next frame of the log: (id, event, data)."""
        frame = {}
        while True:
            line = self.got.readline().decode().rstrip("\n")
            if not line and frame.get("event") == "change":
                frame = {}
            if not line and "data" in frame:
                return int(frame["id"]), frame["event"], json.loads(frame["data"])
            if ": " in line and not line.startswith(":"):
                name, value = line.split(": ", 1)
                frame[name] = value
            if not line and self.got.isclosed():
                raise rig.Failed("the stream ended")

    def close(self):
        self.link.close()


def start(place):
    service = rig.Service(place)
    tokens = service.register(DEVICE, OTHER, code=CODE)
    key = service.key()
    devices = rig.botocore_client(service, key, "iot1click-devices")
    return service, tokens, key, devices


def clicks_and_changes_of_state_arrive_as_they_happen(place):
    service, tokens, key, devices = start(place)
    stream = Stream(service, key)
    expect_equal((stream.got.status, stream.got.getheader("Content-Type")),
                 (200, "text/event-stream"))
    devices.claim_devices_by_claim_code(ClaimCode=CODE)
    kinds = [stream.next() for _ in range(2)]
    expect_equal([(k[1], k[2]["kind"]) for k in kinds], [("state", "CLAIMED")] * 2)
    devices.update_device_state(DeviceId=DEVICE, Enabled=True)
    expect_equal(stream.next()[2]["kind"], "ENABLED")
    rig.press(service, tokens[DEVICE], DEVICE, "LONG", remainingLife=7)
    _, event, data = stream.next()
    expect_equal((event, data["kind"], data["deviceId"], data["remainingLife"]),
                 ("click", "LONG", DEVICE, 7))
    expect("projectName" not in data, "it is not placed")
    projects = rig.botocore_client(service, key, "iot1click-projects")
    projects.create_project(projectName="p", placementTemplate={
        "defaultAttributes": {"Building": "HQ", "Room": "TBD"},
        "deviceTemplates": {"t": {"deviceType": "button"}}})
    projects.create_placement(projectName="p", placementName="l",
                              attributes={"Room": "217"})
    projects.associate_device_with_placement(projectName="p", placementName="l",
                                             deviceTemplateName="t", deviceId=DEVICE)
    expect_equal(stream.next()[2]["kind"], "PLACED")
    rig.press(service, tokens[DEVICE], DEVICE)
    data = stream.next()[2]
    expect_equal({k: data[k] for k in ("projectName", "placementName",
                                       "deviceTemplateName", "attributes")},
                 {"projectName": "p", "placementName": "l", "deviceTemplateName": "t",
                  "attributes": {"Building": "HQ", "Room": "217"}},
                 "the context at the time of the click, defaults under the placement's")
    projects.update_placement(projectName="p", placementName="l",
                              attributes={"Room": "218"})
    rig.press(service, tokens[DEVICE], DEVICE)
    expect_equal(stream.next()[2]["attributes"]["Room"], "218")


def a_stream_that_was_cut_goes_on_where_it_was(place):
    service, tokens, key, devices = start(place)
    devices.claim_devices_by_claim_code(ClaimCode=CODE)
    stream = Stream(service, key)
    ids = [json.loads(rig.press(service, tokens[DEVICE], DEVICE)[2])["eventId"]
           for _ in range(10)]
    seen = [stream.next() for _ in range(4)]
    stream.close()
    service.process.kill()
    service.start()
    stream = Stream(service, key, after=seen[-1][0])
    seen += [stream.next() for _ in range(6)]
    expect_equal([d["eventId"] for _, _, d in seen], ids)
    expect_equal([i for i, _, _ in seen], list(range(seen[0][0], seen[0][0] + 10)),
                 "gapless positions")


def a_stream_cut_before_its_first_event_misses_nothing_either(place):
    service, tokens, key, devices = start(place)
    devices.claim_devices_by_claim_code(ClaimCode=CODE)
    stream = Stream(service, key)
    name, position = stream.got.readline().decode().split(": ")
    expect_equal(name, "id", "the first thing said is where the reader stands")
    stream.close()
    rig.press(service, tokens[DEVICE], DEVICE, "DOUBLE")
    expect_equal(Stream(service, key, after=int(position)).next()[2]["kind"], "DOUBLE")


def a_stream_can_be_narrowed_and_is_for_those_who_may(place):
    service, tokens, key, devices = start(place)
    devices.claim_devices_by_claim_code(ClaimCode=CODE)
    stream = Stream(service, key, "?deviceId=" + OTHER)
    rig.press(service, tokens[DEVICE], DEVICE)
    rig.press(service, tokens[OTHER], OTHER, "DOUBLE")
    expect_equal(stream.next()[2]["deviceId"], OTHER)
    auditor = service.key("bob", "AWSIoT1ClickReadOnlyAccess")
    expect_equal(Stream(service, auditor).got.status, 200, "an auditor may watch")
    path = place.write("policy.json", json.dumps({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "iot1click:ListDevices", "Resource": "*"}}))
    expect_equal(Stream(service, service.key("c", path)).got.status, 403)
    expect_equal(rig.http(service.url + "/stream")[0], 403, "nobody")
    other = Stream(service, service.key("eve", account="111111111111"), after=0)
    rig.press(service, tokens[DEVICE], DEVICE)
    other.link.sock.settimeout(1.0)
    try:
        raise rig.Failed(f"another account saw {other.next()}")
    except (TimeoutError, OSError):
        pass


def health_is_told_without_a_signature(place):
    service, _, _, _ = start(place)
    status, headers, body = rig.http(service.url + "/healthz")
    expect_equal((status, headers["content-type"], json.loads(body)["status"]),
                 (200, "application/json", "ok"))


rig.run(globals())
