"""Clicks in by HTTP and from a real broker: stored once, acknowledged after the commit,
there after any crash of either side."""
import json
import subprocess
import threading
import time

import presses
import rig
from rig import expect, expect_equal

DEVICE = "G030PM0123456789"
CODE = "C-1234567890"


def start(place, *options):
    service = rig.Service(place, *options)
    token = service.register(DEVICE, code=CODE)[DEVICE]
    key = service.key()
    devices = rig.botocore_client(service, key, "iot1click-devices", retries=3)
    devices.claim_devices_by_claim_code(ClaimCode=CODE)
    return service, token, devices


def clicks(devices):
    return presses.clicks(devices, DEVICE)


def publish(broker, *payloads, device=DEVICE, retain=False):
    presses.publish(broker, f"oneclick/{device}/event", *payloads, retain=retain)


def presses_by_http_are_stored_with_all_they_say(place):
    service, token, devices = start(place)
    for click in ("SINGLE", "DOUBLE", "LONG"):
        status, _, body = rig.press(service, token, DEVICE, click)
        expect_equal((status, json.loads(body)["duplicate"]), (200, False), body)
    rig.press(service, token, DEVICE, "SINGLE", remainingLife=12.5,
              reportedTime="2026-03-01T10:00:00.5Z")
    got = clicks(devices)
    expect_equal([(c["clickType"], c["remainingLife"]) for c in got],
                 [("SINGLE", 12.5), ("SINGLE", 99.95), ("DOUBLE", 99.9), ("LONG", 99.85)])
    expect_equal(got[0]["reportedTime"], "2026-03-01T10:00:00.500Z")
    one = devices.describe_device(DeviceId=DEVICE)["DeviceDescription"]
    expect_equal(one["RemainingLife"], 12.5, "what the device reported last")


def the_command_line_presses_with_the_token_of_its_environment(place):
    service, token, devices = start(place)
    key = service.key("bob")
    words = [rig.ONECLICK, "--endpoint", service.url, "press", DEVICE, "double"]
    env = place.environment(AWS_ACCESS_KEY_ID=key[0], AWS_SECRET_ACCESS_KEY=key[1],
                            AWS_DEFAULT_REGION=rig.REGION)
    done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=60)
    expect(done.returncode != 0 and "token" in done.stderr, done.stderr)
    done = subprocess.run(words, env=dict(env, ONECLICK_DEVICE_TOKEN=token),
                          capture_output=True, text=True, timeout=60)
    expect_equal(done.returncode, 0, done.stderr)
    expect_equal([c["clickType"] for c in clicks(devices)], ["DOUBLE"])


def the_same_event_twice_is_one_event(place):
    service, token, devices = start(place)
    for _ in range(3):
        status, _, body = rig.press(service, token, DEVICE, eventId="e-1")
        expect_equal(status, 200, body)
    expect_equal(json.loads(body)["duplicate"], True)
    at = "2026-03-01T10:00:00.000Z"
    for _ in range(2):
        rig.press(service, token, DEVICE, reportedTime=at)
    rig.press(service, token, DEVICE)
    rig.press(service, token, DEVICE)
    expect_equal(len(clicks(devices)), 4, "one by id, one by its time, two without either")


def what_is_malformed_is_refused_with_a_sentence(place):
    service, token, devices = start(place)
    url = service.url + "/ingest/oneclick"
    right = {"Authorization": "Bearer " + token}
    good = json.dumps({"deviceId": DEVICE, "clickType": "SINGLE"})
    for body, says in {
            "": "", "{": "line 1", "[]": "", '{"clickType":"SINGLE"}': "deviceId",
            good.replace("SINGLE", "TRIPLE"): "clickType",
            good.replace("}", ',"deviceId":"x"}'): "twice"}.items():
        status, headers, said = rig.http(url, "POST", body, right)
        expect_equal((status, headers.get("x-amzn-errortype")),
                     (400, "InvalidRequestException"), f"{body}: {said}")
        expect(says in json.loads(said)["message"], f"{body}: {said}")
    for token_sent in (None, "Bearer wrong", "Bearer ", "Basic YTpi"):
        status, _, said = rig.http(url, "POST", good,
                                   {"Authorization": token_sent} if token_sent else {})
        expect(status in (401, 403), f"{token_sent}: {status} {said}")
    expect_equal(rig.http(url, "POST", "x" * 300_000, right)[0], 413)
    expect_equal(rig.http(url, "GET", None, right)[0], 405)
    expect_equal(clicks(devices), [], "nothing of it was stored")


def presses_come_in_from_a_real_broker(place):
    broker = rig.Broker(place)
    service, _, devices = start(place, "--mqtt", broker.url)
    publish(broker, *[json.dumps({"clickType": "DOUBLE", "eventId": f"m-{i}"})
                      for i in range(50)])
    rig.wait_for("50 clicks", lambda: len(clicks(devices)) == 50)
    publish(broker, "{", "[]", '{"clickType":"NONE"}',
            json.dumps({"deviceId": "other", "clickType": "SINGLE"}),
            json.dumps({"clickType": "SINGLE", "eventId": "m-50"}))
    rig.wait_for("the good one after four bad ones", lambda: len(clicks(devices)) == 51)
    publish(broker, json.dumps({"clickType": "SINGLE"}), device="G030PM0000000000")
    publish(broker, json.dumps({"clickType": "SINGLE", "eventId": "m-49"}),
            json.dumps({"clickType": "SINGLE", "eventId": "m-51"}))
    rig.wait_for("one of the two", lambda: len(clicks(devices)) == 52)


def a_retained_press_is_no_press(place):
    broker = rig.Broker(place)
    publish(broker, json.dumps({"clickType": "LONG"}), retain=True)
    service, _, devices = start(place, "--mqtt", broker.url)
    publish(broker, json.dumps({"clickType": "SINGLE"}))
    rig.wait_for("the press", lambda: clicks(devices))
    expect_equal([c["clickType"] for c in clicks(devices)], ["SINGLE"])


def the_broker_may_die_and_come_back(place):
    broker = rig.Broker(place)
    service, _, devices = start(place, "--mqtt", broker.url)
    publish(broker, json.dumps({"clickType": "SINGLE", "eventId": "a"}))
    rig.wait_for("the first", lambda: len(clicks(devices)) == 1)
    for turn in range(3):
        broker.kill()
        broker.start()
        publish(broker, json.dumps({"clickType": "SINGLE", "eventId": f"b{turn}"}))
        rig.wait_for("the next", lambda: len(clicks(devices)) == 2 + turn, 30)


def what_the_broker_holds_for_a_dead_service_comes_after_its_restart(place):
    broker = rig.Broker(place)
    service, _, devices = start(place, "--mqtt", broker.url)
    publish(broker, json.dumps({"clickType": "SINGLE", "eventId": "a"}))
    rig.wait_for("the session", lambda: len(clicks(devices)) == 1)
    service.process.kill()
    publish(broker, *[json.dumps({"clickType": "SINGLE", "eventId": f"q{i}"})
                      for i in range(20)])
    service.start()
    rig.wait_for("all of them", lambda: len(clicks(devices)) == 21, 30)


def nothing_the_broker_was_told_is_lost_when_the_service_is_killed(place):
    """kill -9 in the middle of a stream of messages, again and again: a message is
    acknowledged to the broker after its commit, so each is there in the end, once."""
    broker = rig.Broker(place)
    service, _, devices = start(place, "--mqtt", broker.url)
    total, turns = 2000, 5
    sender = threading.Thread(target=publish, args=(broker, *[
        json.dumps({"clickType": "SINGLE", "eventId": f"k{i}"}) for i in range(total)]))
    sender.start()
    for _ in range(turns):
        time.sleep(0.3)
        service.process.kill()
        service.start()
    sender.join()
    rig.wait_for("every message", lambda: len(clicks(devices)) >= total, 60)
    expect_equal(len(clicks(devices)), total, "each once")


def nothing_acknowledged_by_http_is_lost_when_the_service_is_killed(place):
    service, token, devices = start(place)
    acknowledged, stop = set(), threading.Event()

    def load(who):
        n = 0
        while not stop.is_set() and n < 20_000:
            n += 1
            name = f"{who}-{n}"
            try:
                status, _, body = rig.press(service, token, DEVICE, eventId=name)
                if status == 200:
                    acknowledged.add(json.loads(body)["eventId"])
            except OSError:
                time.sleep(0.02)
            except Exception:  # a reply cut off by the kill: not acknowledged
                pass
    threads = [threading.Thread(target=load, args=(i,)) for i in range(8)]
    for t in threads:
        t.start()
    for _ in range(8):
        time.sleep(0.4)
        service.process.kill()
        service.start()
    stop.set()
    for t in threads:
        t.join()
    expect(len(acknowledged) > 100, f"only {len(acknowledged)} were acknowledged")
    stored = stored_ids(service)
    expect(acknowledged <= stored, f"lost: {sorted(acknowledged - stored)[:5]}")
    expect_equal(len(stored), stored_rows(service), "each event is one row")


def stored_ids(service):
    return {r[0] for r in presses.rows(service, "SELECT event_id FROM event WHERE kind <= 2")}


def stored_rows(service):
    expect_equal(presses.rows(service, "PRAGMA integrity_check"), [("ok",)])
    return presses.count(service)


def an_unclaimed_button_that_is_pressed_is_noted_and_shown_to_nobody(place):
    service = rig.Service(place)
    token = service.register(DEVICE)[DEVICE]
    expect_equal(rig.press(service, token, DEVICE)[0], 200)
    devices = rig.botocore_client(service, service.key(), "iot1click-devices")
    devices.initiate_device_claim(DeviceId=DEVICE)
    expect_equal(rig.press(service, token, DEVICE)[0], 200)
    devices.finalize_device_claim(DeviceId=DEVICE)
    expect_equal([c["remainingLife"] for c in clicks(devices)], [99.9],
                 "the claim press counts, the one before it belongs to nobody")


rig.run(globals())
