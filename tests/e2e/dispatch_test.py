"""Events leave: the guide's event at a webhook, at least once and with one id, whatever the
other side does meanwhile; and nothing twice for no reason."""
import json
import os
import subprocess
import threading
import time

import rig
from callbacks import ARN, DEVICE, OTHER, SECRET, Fleet, configure, each_once, webhook
from rig import expect, expect_equal


# ---- what is delivered ------------------------------------------------------------------

def a_click_leaves_as_the_guide_has_it(place):
    receiver = rig.Receiver(place, [SECRET])
    fleet = Fleet(place, webhook(receiver))
    event_id = fleet.press(reportedTime="2026-05-04T23:26:33.747Z", remainingLife=97.65)
    one = receiver.wait(1)[0]
    expect_equal((one.method, one.target, one.id), ("POST", "/clicks", event_id))
    expect_equal(one.headers["content-type"], "application/json")
    expect_equal(one.body.decode(),
                 '{"deviceInfo":{"deviceId":"G030PM0123456789","type":"button",'
                 '"remainingLife":97.65,"attributes":{}},"deviceEvent":{"buttonClicked":'
                 '{"clickType":"SINGLE","reportedTime":"2026-05-04T23:26:33.747Z"}}}')


def a_click_of_a_placed_device_calls_its_templates_function(place):
    receiver = rig.Receiver(place, [SECRET])
    fleet = Fleet(place, webhook(receiver, ARN + "template"))
    projects = rig.botocore_client(fleet.service, fleet.key, "iot1click-projects", 3)
    projects.create_project(
        projectName="MeetingRooms", placementTemplate={
            "defaultAttributes": {"city": "Anytown", "floor": "1"},
            "deviceTemplates": {"door": {"deviceType": "button", "callbackOverrides": {
                "onClickCallback": ARN + "template"}}}})
    projects.create_placement(projectName="MeetingRooms", placementName="Room42",
                              attributes={"floor": "4"})
    projects.associate_device_with_placement(
        projectName="MeetingRooms", placementName="Room42", deviceTemplateName="door",
        deviceId=DEVICE)
    fleet.press(click="DOUBLE")
    receiver.wait(1)
    event = receiver.events()[0]
    expect_equal(list(event), ["deviceInfo", "deviceEvent", "placementInfo"])
    expect_equal(event["deviceInfo"]["attributes"], {
        "projectRegion": rig.REGION, "projectName": "MeetingRooms",
        "placementName": "Room42", "deviceTemplateName": "door"})
    expect_equal(event["deviceEvent"]["buttonClicked"]["clickType"], "DOUBLE")
    expect_equal(event["placementInfo"], {
        "projectName": "MeetingRooms", "placementName": "Room42",
        "attributes": {"city": "Anytown", "floor": "4"}, "devices": {"door": DEVICE}})


def a_disabled_device_calls_nobody(place):
    receiver = rig.Receiver(place, [SECRET])
    fleet = Fleet(place, webhook(receiver))
    fleet.api.update_device_state(DeviceId=DEVICE, Enabled=False)
    fleet.press()
    fleet.api.update_device_state(DeviceId=DEVICE, Enabled=True)
    event_id = fleet.press()
    fleet.wait_settled()
    each_once(receiver, [event_id])


def a_cloudevent_in_either_form(place):
    plain, binary, whole = (rig.Receiver(place, [SECRET]) for _ in range(3))
    fleet = Fleet(place, webhook(plain, ARN + "plain"),
                  webhook(binary, ARN + "binary", {"cloudevents": "binary"}),
                  webhook(whole, ARN + "whole", {"cloudevents": "structured"}))
    ids = []
    for function in ("plain", "binary", "whole"):
        fleet.call_back(DEVICE, function)
        ids.append(fleet.press(reportedTime="2026-05-04T23:26:33.747Z", remainingLife=50,
                               eventId=function))
    for receiver in (plain, binary, whole):
        receiver.wait(1)
    wanted = {"specversion": "1.0", "id": ids[1], "type": "iot1click.buttonClicked",
              "source": f"arn:aws:iot1click:us-west-2:000000000000:devices/{DEVICE}",
              "time": "2026-05-04T23:26:33.747Z"}
    headers = binary.got[0].headers
    expect_equal({k[3:]: v for k, v in headers.items() if k.startswith("ce-")}, wanted)
    expect_equal(headers["content-type"], "application/json")
    expect_equal(binary.got[0].body, plain.got[0].body)
    expect(not [k for k in plain.got[0].headers if k.startswith("ce-")], "none were asked")
    envelope = whole.events()[0]
    expect_equal(whole.got[0].headers["content-type"],
                 "application/cloudevents+json")
    expect_equal(envelope.pop("data"), plain.events()[0])
    expect_equal(envelope, dict(wanted, id=ids[2], datacontenttype="application/json"))


def a_secret_is_rotated_by_signing_with_both(place):
    receiver = rig.Receiver(place, [SECRET, "an older secret of ours"])
    old = place.write("old", "an older secret of ours\n")
    token = place.write("token", "Authorization: Bearer 0123456789\n")
    os.chmod(old, 0o600)
    os.chmod(token, 0o600)
    fleet = Fleet(place, webhook(receiver, hook={
        "secret-file": ["SECRET_FILE", old], "header-file": token,
        "headers": {"X-Fleet": "north"}}))
    fleet.press()
    headers = receiver.wait(1)[0].headers
    expect_equal((headers["authorization"], headers["x-fleet"]),
                 ("Bearer 0123456789", "north"))


# ---- trouble ----------------------------------------------------------------------------

def what_fails_comes_again_with_the_same_id(place):
    receiver = rig.Receiver(place, [SECRET])
    receiver.answer = lambda n, one: (500, 503, "cut", 302, 200)[min(n, 5) - 1]
    fleet = Fleet(place, webhook(receiver))
    event_id = fleet.press()
    receiver.wait(2, 20)
    expect_equal(receiver.ids()[:2], [event_id] * 2)
    apart = receiver.got[1].at - receiver.got[0].at
    expect(0.7 < apart < 1.4 + 2 * rig.SLOW, f"the second attempt came after {apart:.2f} s")
    waiting = rig.wait_for("the second failure", lambda: [
        d for d in fleet.deliveries("waiting") if d["attempts"] == 2])[0]
    expect_equal((waiting["eventId"], waiting["deviceId"], waiting["callback"]),
                 (event_id, DEVICE, ARN + "notify"))
    expect("503" in waiting["error"] and waiting["nextAttempt"] > waiting["lastAttempt"],
           str(waiting))
    expect_equal(fleet.deliveries("dead"), [])


def an_answer_cut_short_is_no_answer(place):
    receiver = rig.Receiver(place, [SECRET])
    receiver.answer = lambda n, one: "cut" if n == 1 else 200
    fleet = Fleet(place, webhook(receiver))
    event_id = fleet.press()
    receiver.wait(2)
    fleet.wait_settled()
    expect_equal(receiver.ids(), [event_id] * 2)


def one_that_hangs_is_given_up_in_time_and_keeps_nobody_waiting(place):
    slow, quick = rig.Receiver(place, [SECRET]), rig.Receiver(place, [SECRET])
    slow.answer = lambda n, one: "hang" if n <= 4 else 200
    fleet = Fleet(place, webhook(slow, ARN + "slow", timeout="1s", **{"max-in-flight": 2}),
                  webhook(quick, ARN + "quick"), devices=(DEVICE, OTHER),
                  functions=("slow", "quick"))
    slow_ids = [fleet.press(DEVICE) for _ in range(4)]
    slow.wait(2)
    began = time.monotonic()
    quick_ids = [fleet.press(OTHER) for _ in range(20)]
    quick.wait(20)
    expect(time.monotonic() - began < 0.9 * rig.SLOW, "the quick one waited")
    each_once(quick, quick_ids)
    fleet.wait_settled(40)
    expect_equal(set(slow.ids(200)), set(slow_ids))


def a_destination_that_is_slower_than_its_events_stands_aside(place):
    slow, quick = rig.Receiver(place, [SECRET]), rig.Receiver(place, [SECRET])
    gate = threading.Event()
    slow.answer = lambda n, one: gate.wait(30) and 200
    fleet = Fleet(place, webhook(slow, ARN + "slow"), webhook(quick, ARN + "quick"),
                  devices=(DEVICE, OTHER), functions=("slow", "quick"))
    ids = fleet.press_many(2000)
    quick.wait(1000, 20)
    expect_equal(len(slow.got), 8, "max-in-flight")
    gate.set()
    fleet.wait_settled(40)
    expect_equal(sorted(slow.ids() + quick.ids()), sorted(ids), "each once")


def an_answer_of_megabytes_is_an_answer(place):
    receiver = rig.Receiver(place, [SECRET])
    receiver.answer = 200, {}, b"x" * 3000000
    fleet = Fleet(place, webhook(receiver))
    ids = fleet.press_many(3)
    fleet.wait_settled()
    each_once(receiver, ids)


def too_many_requests_is_heard(place):
    receiver = rig.Receiver(place, [SECRET])
    receiver.answer = lambda n, one: (429, {"Retry-After": "3"}) if n == 1 else 200
    fleet = Fleet(place, webhook(receiver))
    first = fleet.press()
    receiver.wait(1)
    time.sleep(0.2)
    second = fleet.press()
    receiver.wait(3)
    expect(receiver.got[1].at - receiver.got[0].at >= 2.9, "it came before it was asked to")
    stamps = [int(one.headers["webhook-timestamp"]) for one in receiver.got[:2]]
    expect(stamps[1] - stamps[0] >= 2, f"a second attempt is signed anew: {stamps}")
    fleet.wait_settled()
    expect_equal(receiver.ids()[0], first)
    expect_equal(sorted(receiver.ids(200)), sorted([first, second]))


def a_refusal_is_a_dead_letter_until_it_is_replayed(place):
    receiver = rig.Receiver(place, [SECRET])
    receiver.answer = 422
    fleet = Fleet(place, webhook(receiver))
    ids = [fleet.press() for _ in range(3)]
    dead = fleet.wait_dead(3)
    expect_equal([d["eventId"] for d in dead], ids[::-1], "newest first")
    expect_equal({(d["state"], d["attempts"], d["nextAttempt"]) for d in dead},
                 {("dead", 1, None)})
    expect("422" in dead[0]["error"], dead[0]["error"])
    receiver.answer = 200
    expect_equal(fleet.replay(eventIds=[ids[1], "unknown"]), 1)
    rig.wait_for("the replay", lambda: receiver.ids(200) == [ids[1]])
    expect_equal(fleet.replay(all=True, callback=ARN + "other"), 0)
    expect_equal(fleet.replay(**{"from": "2020-01-01T00:00:00Z", "to": "2021-01-01"}), 0)
    expect_equal(fleet.replay(**{"from": "2020-01-01T00:00:00Z", "to": "2100-01-01"}), 2)
    fleet.wait_settled()
    each_once(receiver, ids)
    expect_equal(fleet.deliveries(), [])


def deliveries_are_listed_in_pages_and_a_replay_says_what_it_takes(place):
    fleet = Fleet(place)
    ids = [fleet.press() for _ in range(5)]
    fleet.wait_dead(5)
    one = fleet.call("GET", "/deliveries?maxResults=3")
    two = fleet.call("GET", "/deliveries?maxResults=3&nextToken=" + one["nextToken"])
    expect_equal([d["eventId"] for d in one["deliveries"] + two["deliveries"]], ids[::-1])
    expect("nextToken" not in two, "there is no third page")
    said = fleet.call("GET", "/deliveries?state=lost", status=400)["message"]
    expect("waiting or dead" in said, said)
    fleet.call("GET", "/deliveries?nextToken=abc", status=400)
    for body, says in (({}, "Say which"), ({"all": True, "eventIds": ["a"]}, "Say which"),
                       ({"from": "2020-01-01"}, "together"), ({"al": True}, "did you mean"),
                       ({"eventIds": []}, "eventIds")):
        said = fleet.call("POST", "/deliveries/replay", body, status=400)["message"]
        expect(says in said, f"{body}: {said}")
    key = fleet.service.key("reader", "AWSIoT1ClickReadOnlyAccess")
    fleet.key, ours = key, fleet.key
    expect_equal(len(fleet.deliveries()), 5)
    fleet.call("POST", "/deliveries/replay", {"all": True}, status=403)
    fleet.key = ours


def what_nobody_is_mapped_to_is_a_dead_letter_that_can_be_replayed_later(place):
    receiver = rig.Receiver(place, [SECRET])
    fleet = Fleet(place, webhook(receiver, ARN + "another"))
    event_id = fleet.press()
    dead = fleet.wait_dead()[0]
    expect_equal(dead["attempts"], 0)
    expect(f"no destination for ARN {ARN}notify" in dead["error"], dead["error"])
    fleet.reload(webhook(receiver, ARN + "another"), webhook(receiver, ARN + "not?fy"))
    expect_equal(fleet.replay(all=True), 1)
    receiver.wait(1)
    fleet.wait_settled()
    expect_equal(receiver.ids(), [event_id])


def gone_is_heard_until_the_configuration_is_read_again(place):
    receiver = rig.Receiver(place, [SECRET])
    receiver.answer = 410
    fleet = Fleet(place, webhook(receiver))
    first = fleet.press()
    fleet.wait_dead()
    second = fleet.press()
    fleet.wait_dead(2)
    expect_equal(receiver.ids(), [first], "it was left alone")
    receiver.answer = 200
    fleet.reload(webhook(receiver))
    third = fleet.press()
    receiver.wait(2)
    expect_equal(fleet.replay(all=True), 2)
    fleet.wait_settled()
    each_once(receiver, [first, second, third])


def a_redirect_is_not_followed(place):
    receiver, elsewhere = rig.Receiver(place, [SECRET]), rig.Receiver(place, [SECRET])
    receiver.answer = lambda n, one: (307, {"Location": elsewhere.url}) if n == 1 else 200
    fleet = Fleet(place, webhook(receiver))
    fleet.press()
    receiver.wait(2)
    expect_equal(elsewhere.got, [])


def where_order_matters_a_device_waits_for_its_own_event_alone(place):
    receiver = rig.Receiver(place, [SECRET])
    refused = []

    def answer(number, one):
        device = json.loads(one.body)["deviceInfo"]["deviceId"]
        if device == DEVICE and len(refused) < 2:
            refused.append(one.id)
            return 500
        return 200
    receiver.answer = answer
    fleet = Fleet(place, webhook(receiver, ordered="device"), devices=(DEVICE, OTHER))
    ours, others = [], []
    for _ in range(10):
        ours.append(fleet.press(DEVICE))
        others.append(fleet.press(OTHER))
    rig.wait_for("the other's", lambda: set(others) <= set(receiver.ids(200)), 5)
    expect_equal(set(refused), {ours[0]}, "only the first of ours was tried")
    rig.wait_for("ours", lambda: set(ours) <= set(receiver.ids(200)), 60)
    delivered = receiver.ids(200)
    expect_equal([i for i in delivered if i in ours], ours, "ours in their order")
    expect_equal([i for i in delivered if i in others], others, "the other's in theirs")
    more = [fleet.press(DEVICE) for _ in range(20)]
    rig.wait_for("more", lambda: receiver.ids(200)[-1] == more[-1])
    expect_equal(receiver.ids(200)[-20:], more)


def each_device_keeps_its_order_through_many_failures(place):
    receiver = rig.Receiver(place, [SECRET])
    failed = set()

    def answer(number, one):
        if int(one.id[:4], 16) % 16 or one.id in failed:
            return 200
        failed.add(one.id)
        return 500
    receiver.answer = answer
    devices = [f"G030PM{i:010d}" for i in range(8)]
    fleet = Fleet(place, webhook(receiver, ordered="device"), devices=devices)
    pressed = {device: [] for device in devices}

    def press(device):
        for _ in range(60):
            pressed[device].append(fleet.press(device))
    pressers = [threading.Thread(target=press, args=(d,)) for d in devices]
    for thread in pressers:
        thread.start()
    for thread in pressers:
        thread.join()
    fleet.wait_settled(60)
    delivered = receiver.ids(200)
    for device in devices:
        mine = set(pressed[device])
        expect_equal([i for i in delivered if i in mine], pressed[device], device)
    expect(len(failed) > 5, "hardly any failed")


def a_reload_keeps_the_order_of_what_is_under_way(place):
    receiver = rig.Receiver(place, [SECRET])
    gate = threading.Event()
    receiver.answer = lambda n, one: gate.wait(30) and (500 if n == 1 else 200)
    fleet = Fleet(place, webhook(receiver, ordered="device"))
    ids = [fleet.press()]
    receiver.wait(1)
    ids.append(fleet.press())
    fleet.reload(webhook(receiver, ordered="device", timeout="20s"))
    ids += [fleet.press() for _ in range(5)]
    time.sleep(0.3)
    expect_equal(receiver.ids(), ids[:1], "the others wait for the first")
    gate.set()
    fleet.wait_settled(20)
    expect_equal(receiver.ids(200), ids)


# ---- ends and restarts ------------------------------------------------------------------

def a_restart_of_everything_delivers_nothing_again(place):
    receiver = rig.Receiver(place, [SECRET])
    fleet = Fleet(place, webhook(receiver))
    ids = fleet.press_many(200)
    receiver.wait(200)
    fleet.service.close()
    expect(fleet.settled(), "a clean stop writes the cursor")
    for _ in range(2):
        fleet.service.start()
        ids.append(fleet.press())
        rig.wait_for("the press", lambda: receiver.ids()[-1] == ids[-1])
        fleet.service.close()
    each_once(receiver, ids)


def what_is_under_way_when_the_service_stops_is_sent_again(place):
    receiver = rig.Receiver(place, [SECRET])
    receiver.answer = "hang"
    fleet = Fleet(place, webhook(receiver))
    ids = fleet.press_many(30)
    receiver.wait(8)
    fleet.service.close()
    receiver.answer = 200
    fleet.service.start()
    fleet.wait_settled()
    each_once(receiver, ids)


def a_kill_between_sending_and_the_cursor_sends_again_and_loses_nothing(place):
    receiver = rig.Receiver(place, [SECRET])
    fleet = Fleet(place, webhook(receiver), devices=(DEVICE, OTHER))
    event_id = fleet.press()
    receiver.wait(1)
    fleet.service.process.kill()
    fleet.service.start()
    ids, stop = {event_id}, threading.Event()

    def load():
        while not stop.is_set():
            try:
                ids.add(fleet.press())
            except Exception:  # refused or cut off by the kill: not acknowledged
                time.sleep(0.02)
    loaders = [threading.Thread(target=load) for _ in range(4)]
    for thread in loaders:
        thread.start()
    for _ in range(5):
        time.sleep(0.4)
        fleet.service.process.kill()
        fleet.service.start()
    stop.set()
    for thread in loaders:
        thread.join()
    fleet.wait_settled(30)
    got = receiver.ids()
    expect(len(ids) > 50, f"only {len(ids)} presses were acknowledged")
    expect(ids <= set(got), f"lost: {sorted(ids - set(got))[:5]}")
    expect(len(got) - len(set(got)) <= 6 * 300, f"{len(got) - len(set(got))} came twice")


def what_waits_survives_a_kill(place):
    receiver = rig.Receiver(place, [SECRET])
    receiver.down()
    fleet = Fleet(place, webhook(receiver))
    ids = [fleet.press() for _ in range(40)]
    rig.wait_for("all filed", lambda: len(fleet.deliveries("waiting")) == 40)
    fleet.service.process.kill()
    receiver.up()
    fleet.service.start()
    fleet.wait_settled(30)
    each_once(receiver, ids)


def ten_thousand_that_waited_leave_within_a_minute(place):
    receiver = rig.Receiver(place, [SECRET])
    receiver.down()
    devices = [f"G030PM{i:010d}" for i in range(50)]
    fleet = Fleet(place, webhook(receiver), devices=devices)
    ids = fleet.press_many(10_000)
    rig.wait_for("all filed", lambda: fleet.query(
        "SELECT count(*) FROM delivery WHERE state = 0")[0] == 10_000, 60)
    receiver.up()
    began = time.monotonic()
    rig.wait_for("all to leave", lambda: len(set(receiver.ids(200))) == 10_000, 60)
    print(f"# 10,000 left in {time.monotonic() - began:.1f} s, with the wait for the probe")
    fleet.wait_settled()
    each_once(receiver, ids)
    with open(f"/proc/{fleet.service.process.child.pid}/status", encoding="ascii") as f:
        peak = [int(line.split()[1]) // 1024 for line in f if line.startswith("VmHWM")][0]
    print(f"# the service took {peak} MiB at most")
    expect(peak < 48 or rig.SLOW > 1, f"{peak} MiB")


def a_reload_moves_what_waits_to_the_destination_of_its_arn(place):
    old, new = rig.Receiver(place, [SECRET]), rig.Receiver(place, [SECRET])
    old.down()
    fleet = Fleet(place, webhook(old, "*"))
    ids = [fleet.press() for _ in range(30)]
    rig.wait_for("all filed", lambda: len(fleet.deliveries("waiting")) == 30)
    fleet.reload(webhook(new, ARN + "*"))
    fleet.wait_settled(20)
    each_once(new, ids)
    expect_equal(old.got, [])


HOUR = 3600


def a_destination_that_is_down_for_hours_gets_all_when_it_is_back(place):
    clock, receiver = rig.Clock(place, True), rig.Receiver(place, [SECRET])
    receiver.down()
    fleet = Fleet(place, webhook(receiver))
    ids = [fleet.press() for _ in range(50)]
    for hours in range(1, 6):
        clock.set(hours * HOUR)
        ids.append(fleet.press())
        time.sleep(0.3)
    rig.wait_for("all filed", lambda: fleet.query(
        "SELECT count(*) FROM delivery WHERE state = 0")[0] == len(ids))
    attempts = fleet.query("SELECT sum(attempts) FROM delivery")[0]
    expect(attempts < 60, f"{attempts} attempts: a storm")
    receiver.ahead = 5 * HOUR
    receiver.up()
    fleet.wait_settled(60)
    each_once(receiver, ids)
    expect_equal(fleet.query("SELECT count(*) FROM delivery")[0], 0)


def what_is_older_than_it_may_be_is_a_dead_letter(place):
    clock, receiver = rig.Clock(place, True), rig.Receiver(place, [SECRET])
    receiver.down()
    fleet = Fleet(place, webhook(receiver, **{"max-age": "2h"}))
    old = [fleet.press() for _ in range(30)]
    rig.wait_for("all filed", lambda: fleet.query(
        "SELECT count(*) FROM delivery WHERE state = 0")[0] == 30)
    clock.set(3 * HOUR)
    young = fleet.press()
    rig.wait_for("the dead", lambda: fleet.query(
        "SELECT count(*) FROM delivery WHERE state = 1")[0] == 30, 60)
    receiver.ahead = 3 * HOUR
    receiver.up()
    fleet.wait_settled(60)
    each_once(receiver, [young])
    expect_equal(fleet.query("SELECT count(*) FROM delivery WHERE state = 1")[0], len(old))


def a_clock_that_is_set_forward_makes_nothing_old(place):
    clock, receiver = rig.Clock(place), rig.Receiver(place, [SECRET])
    receiver.down()
    fleet = Fleet(place, webhook(receiver))
    ids = [fleet.press() for _ in range(20)]
    rig.wait_for("all filed", lambda: fleet.query(
        "SELECT count(*) FROM delivery WHERE state = 0")[0] == 20)
    clock.set(24 * HOUR)
    receiver.ahead = 24 * HOUR
    ids.append(fleet.press())
    time.sleep(0.3)
    receiver.up()
    fleet.wait_settled(40)
    each_once(receiver, ids)


def a_clock_that_is_set_back_keeps_nothing_waiting(place):
    clock, receiver = rig.Clock(place), rig.Receiver(place, [SECRET])
    receiver.answer = lambda n, one: 500 if n <= 2 else 200
    fleet = Fleet(place, webhook(receiver))
    first = fleet.press()
    rig.wait_for("two failures", lambda: fleet.query(
        "SELECT attempts FROM delivery") == (2,), 20)
    clock.set(-24 * HOUR)
    receiver.ahead = -24 * HOUR
    fleet.press()
    rig.wait_for("the first", lambda: first in receiver.ids(200), 20)


# ---- the configuration ------------------------------------------------------------------

def what_is_wrong_with_a_destination_is_said_with_its_place(place):
    secret = place.write("secret", SECRET)
    os.chmod(secret, 0o600)
    good = "destinations:\n  - match: a*\n    webhook:\n      url: https://a.example\n"
    for text, says in {
            good: None,
            good + f"      secret-file: {secret}\n": None,
            good + "callbacks:\n  allow: [10.0.0.0/8]\n": None,
            "destinations: []\n": None,
            "destinations: {}\n": ":1:1: ",
            good.replace("match", "mtch"): ":2:5: \"mtch\" is not known here; did you mean "
                                           "\"match\"?",
            good.replace("webhook", "webhok"): ":3:5: ",
            good.replace("url", "ur1"): ":4:7: ",
            good.replace("https", "http"): ":4:7: ",
            good.replace("https", "ftp"): ":4:7: ",
            good.replace("  - match: a*\n    w", "  - w"): "match is missing",
            good + "      secret-file: /nowhere/at/all\n": ":5:7: ",
            good + "      cloudevents: yes please\n": "none, binary or structured",
            good + "    ordered: always\n": ":5:5: ordered takes none or device",
            good + "    max-age: 6 hours\n": ":5:5: max-age takes a time",
            good + "    timeout: 100d\n": ":5:5: timeout takes a time",
            good + "    max-in-flight: 0\n": ":5:5: ",
            good + "    lambda: {}\n": "has one sink; this one has webhook and lambda",
            good + good.replace("destinations:\n", ""): "matches a* already",
            good + "callbacks:\n  allow: [nonsense/99]\n": ":6:",
            good + "callbacks:\n  alow: []\n": "did you mean \"allow\"?"}.items():
        path = place.write("some.yaml", text)
        os.chmod(path, 0o600)
        done = subprocess.run([rig.ONECLICKD, "--check-config", "--config", path],
                              env=place.environment(), capture_output=True, text=True,
                              timeout=30 * rig.SLOW)
        said = done.stdout + done.stderr
        expect_equal(done.returncode == 0, says is None, f"{text}: {said}")
        expect(says is None or says in said, f"{text}: wanted {says!r}, got {said}")


def the_service_does_not_call_itself(place):
    port = rig.free_port()

    class Ourselves:
        url = f"http://127.0.0.1:{port}/ingest/oneclick"
    fleet = Fleet(place, webhook(Ourselves), port=port)
    fleet.press()
    rig.wait_for("the refusal", lambda: fleet.deliveries())
    error = fleet.deliveries()[0]["error"]
    expect("own" in error or "ours" in error, error)


def what_the_admins_list_leaves_out_is_not_called(place):
    receiver = rig.Receiver(place, [SECRET])
    fleet = Fleet(place, webhook(receiver), callbacks={"allow": ["10.0.0.0/8"]})
    fleet.press()
    rig.wait_for("the refusal", lambda: fleet.deliveries())
    expect_equal(receiver.got, [])
    fleet.reload(webhook(receiver), callbacks={"allow": [f"127.0.0.1:{receiver.port}"]})
    fleet.replay(all=True)
    receiver.wait(1, 20)


rig.run(globals())
