"""Other makers' buttons come in by their profiles: over a real broker and over HTTP,
registered at first sight, told apart from repetitions, and never under a friendly name."""
import base64
import hashlib
import json
import os
import signal
import subprocess
import threading
import time

import rig
from presses import (Stream, ask, clicks, count, publish, ready, rows, start,
                     start_followed)
from rig import expect, expect_equal

HALL = "ZIGB00158D0001A2B3C4"
NAMES = json.dumps([
    {"ieee_address": "0x00158d0001a2b3c4", "type": "EndDevice", "friendly_name": "Hall"},
    {"ieee_address": "0x588e81fffe112233", "type": "EndDevice", "friendly_name": "Desk/remote"}])


def claim(devices, device, press):
    devices.initiate_device_claim(DeviceId=device)
    press()

    def finalized():
        try:
            return devices.finalize_device_claim(DeviceId=device)
        except devices.exceptions.PreconditionFailedException:
            return None
    rig.wait_for(f"the press that claims {device}", finalized)


def life(devices, device):
    return devices.describe_device(DeviceId=device)["DeviceDescription"]["RemainingLife"]


def a_zigbee_button_is_registered_when_it_is_pressed_and_claimed_with_a_press(place):
    broker, service, key, devices = start_followed(place)
    publish(broker, "zigbee2mqtt/bridge/devices", NAMES, retain=True)
    publish(broker, "zigbee2mqtt/Hall", '{"action":"single","battery":87}',
            '{"action":"","battery":87}')
    got = rig.wait_for("a device ready to claim", lambda: ready(service, key))
    expect_equal([(d["deviceId"], d["profile"], d["remainingLife"]) for d in got],
                 [(HALL, "zigbee2mqtt", 87)])
    expect("T" in got[0]["seenAt"] and got[0]["seenAt"].endswith("Z"), got)
    claim(devices, HALL,
          lambda: publish(broker, "zigbee2mqtt/Hall", '{"action":"double","battery":86}'))
    expect_equal(ready(service, key), [], "nothing is left to claim")
    publish(broker, "zigbee2mqtt/Hall", '{"action":"hold"}')
    rig.wait_for("the long press", lambda: len(clicks(devices, HALL)) == 2)
    expect_equal([(c["clickType"], c["remainingLife"]) for c in clicks(devices, HALL)],
                 [("DOUBLE", 86), ("LONG", 86)], "the life it reported last stays")


def devices_ready_to_claim_come_in_pages_and_only_for_who_may_list_devices(place):
    broker, service, key, devices = start_followed(place)
    for n in range(5):
        publish(broker, f"flic/F{n}/action", "click")
        rig.wait_for("its press", lambda: count(service) == n + 1)
    found, query = [], "?maxResults=2"
    while query:
        page = ask(service, key, "/ready-devices" + query)
        expect(len(page["devices"]) <= 2, page)
        found += [d["deviceId"] for d in page["devices"]]
        token = page.get("nextToken")
        query = token and f"?maxResults=2&nextToken={token}"
    expect_equal(found, [f"FLICF{n}" for n in (4, 3, 2, 1, 0)])
    stranger = service.key("eve", '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
                           '"Action":"iot1click:ListProjects","Resource":"*"}]}')
    ask(service, stranger, "/ready-devices", 403)
    expect_equal(len(ready(service, service.key("bob", account="111122223333"))), 5,
                 "another account may claim them as well")


def names_are_kept_for_the_presses_that_come_before_them_after_a_restart(place):
    broker, service, key, devices = start_followed(place)
    publish(broker, "zigbee2mqtt/bridge/devices", NAMES)
    publish(broker, "zigbee2mqtt/Hall", '{"action":"single"}')
    rig.wait_for("the first press", lambda: ready(service, key))
    service.process.kill()
    publish(broker, "zigbee2mqtt/Desk/remote", '{"action":"1_single"}')
    service.start()
    rig.wait_for("the press of the other", lambda: len(ready(service, key)) == 2)
    expect_equal(ready(service, key)[0]["deviceId"], "ZIGB588E81FFFE112233.1")


def a_renamed_button_stays_the_same_device(place):
    broker, service, key, devices = start_followed(place)
    publish(broker, "zigbee2mqtt/bridge/devices", NAMES)
    publish(broker, "zigbee2mqtt/Hall", '{"action":"single"}')
    rig.wait_for("the first press", lambda: ready(service, key))
    publish(broker, "zigbee2mqtt/bridge/devices", NAMES.replace('"Hall"', '"Door"'))
    publish(broker, "zigbee2mqtt/Door", '{"action":"single"}')
    rig.wait_for("the second press", lambda: rows(
        service, "SELECT clicks FROM device WHERE id = ?", HALL) == [(2,)])
    expect_equal(len(ready(service, key)), 1)


def a_remotes_battery_and_link_are_those_of_all_its_buttons(place):
    broker, service, key, devices = start_followed(place)
    publish(broker, "zigbee2mqtt/bridge/devices", NAMES)
    base = "ZIGB588E81FFFE112233"
    for n in (1, 2):
        publish(broker, "zigbee2mqtt/Desk/remote", '{"action":"%d_single"}' % n)
        rig.wait_for("its registration", lambda: len(ready(service, key)) == n)
        claim(devices, f"{base}.{n}",
              lambda: publish(broker, "zigbee2mqtt/Desk/remote", '{"action":"%d_single"}' % n))
        publish(broker, "zigbee2mqtt/Hall", '{"action":"single"}')
        rig.wait_for("the other", lambda: ready(service, key)) if n == 1 else None
    stream = Stream(service, key)
    publish(broker, "zigbee2mqtt/Desk/remote", '{"battery":41}')
    rig.wait_for("the battery of both",
                 lambda: [life(devices, f"{base}.{n}") for n in (1, 2)] == [41, 41])
    for state in ("offline", "offline", "online"):
        publish(broker, "zigbee2mqtt/Desk/remote/availability", state, retain=True)
    seen = [stream.next() for _ in range(4)]
    expect_equal([(e, d["kind"], d["deviceId"]) for e, d in seen],
                 [("state", k, f"{base}.{n}") for k in ("OFFLINE", "ONLINE") for n in (1, 2)])
    expect_equal([len(clicks(devices, f"{base}.{n}")) for n in (1, 2)], [1, 1],
                 "none of it is a click")


def a_sensor_that_is_no_button_is_not_registered(place):
    broker, service, key, devices = start_followed(place)
    publish(broker, "zigbee2mqtt/bridge/devices", NAMES)
    publish(broker, "zigbee2mqtt/Hall", '{"battery":50,"temperature":20}')
    publish(broker, "zigbee2mqtt/Hall/availability", "online")
    publish(broker, "zigbee2mqtt/Desk/remote", '{"action":"on"}')
    rig.wait_for("the button", lambda: ready(service, key))
    expect_equal([d["deviceId"] for d in ready(service, key)], ["ZIGB588E81FFFE112233"])
    expect("not known" not in service.process.errors(), service.process.errors())


def one_press_heard_twice_is_one_and_the_same_key_later_is_another(place):
    broker, service, key, devices = start_followed(place, config="""
profiles:
  directory: %s
""" % profile(place, "acme", window=1))
    publish(broker, "acme/a1/press", '{"kind":"short","n":7}', '{"kind":"short","n":7}',
            '{"kind":"short","n":8}', '{"kind":"short","n":7}')
    rig.wait_for("two presses", lambda: count(service) == 2)
    time.sleep(1.1)
    publish(broker, "acme/a1/press", '{"kind":"short","n":7}')
    rig.wait_for("the third", lambda: count(service) == 3)
    ids = [r[0] for r in rows(service, "SELECT event_id FROM event WHERE kind <= 2")]
    expect_equal(len(set(ids)), 3, "event IDs")


ACME = """profile: %(name)s
deviceType: button
idPrefix: ACME
register: %(register)s
messages:
  - via: %(via)s
    deviceId: {%(source)s, case: upper}
    clickType: {ptr: /kind, map: {short: SINGLE, long: LONG}}
    %(life)s
    dedupe: {key: [{ptr: /n}], windowSeconds: %(window)d}
samples:
  - %(where)s
    payload: '{"id":"a1","kind":"short","n":1}'
    expect: {deviceId: ACMEA1, clickType: SINGLE}
"""


def profile(place, name, window=60, register="auto", verify=None, life=""):
    """A directory with one more profile."""
    os.makedirs(place.join("profiles"), exist_ok=True)
    mqtt = verify is None
    place.write(f"profiles/{name}.yaml", ACME % dict(
        name=name, register=register, window=window, life=life,
        via="mqtt\n    topic: acme/{serial}/press" if mqtt
        else f"http\n    path: /ingest/{name}\n    verify: {verify}",
        source="topic: serial" if mqtt else "ptr: /id",
        where="topic: acme/a1/press" if mqtt else f"path: /ingest/{name}"))
    return place.join("profiles")


def a_retained_click_is_no_click_and_a_retained_state_is_one(place):
    broker = rig.Broker(place)
    publish(broker, "zigbee2mqtt/bridge/devices", NAMES, retain=True)
    publish(broker, "zigbee2mqtt/Hall", '{"action":"single"}', retain=True)
    service, key, devices = start(place, "--mqtt", broker.url)
    publish(broker, "zigbee2mqtt/Desk/remote", '{"action":"on"}')
    rig.wait_for("the fresh one", lambda: ready(service, key))
    expect_equal(count(service), 1, "and no other")


def life_by_rated_clicks_is_the_guides_for_what_has_no_battery(place):
    broker, service, key, devices = start_followed(place)
    device = "TASMA1B2C3.1"
    publish(broker, "stat/tasmota_A1B2C3/RESULT", '{"Button1":{"Action":"SINGLE"}}')
    rig.wait_for("the first press", lambda: ready(service, key))
    claim(devices, device, lambda: publish(
        broker, "stat/tasmota_A1B2C3/RESULT", '{"Button1":{"Action":"SINGLE"}}'))
    publish(broker, "stat/tasmota_A1B2C3/RESULT",
            *['{"Button1":{"Action":"SINGLE"}}'] * 498)
    rig.wait_for("500 presses", lambda: count(service) == 500)
    expect_equal(life(devices, device), 75)


def a_profile_that_registers_nothing_takes_registered_devices_only(place):
    broker, service, key, devices = start_followed(place, config="""
profiles:
  directory: %s
""" % profile(place, "acme", register="manual"))
    publish(broker, "acme/a1/press", '{"kind":"short","n":1}')
    rig.wait_for("a line of the log", lambda: "ACMEA1 is not known" in service.process.errors())
    service.register("ACMEA1")
    publish(broker, "acme/a1/press", '{"kind":"short","n":2}')
    rig.wait_for("the press", lambda: count(service) == 1)
    expect_equal(rows(service, "SELECT profile FROM device"), [("acme",)])


def what_cannot_be_read_is_told_and_stops_nothing(place):
    broker, service, key, devices = start_followed(place)
    publish(broker, "zigbee2mqtt/Nobody", '{"action":"single"}')
    publish(broker, "shellyplus1-a8032abe54dc/events/rpc", '{"src":')
    publish(broker, "flic/BF39-A12345/action", "click")
    rig.wait_for("the click", lambda: count(service) == 1)
    rig.wait_for("the log", lambda: "passed over; the last: " in service.process.errors())


SORACOM = {"clickType": 1, "clickTypeName": "SINGLE", "batteryLevel": 0.5}


def soracom(service, secret, at, imsi="440101234567890", signature=None, body=None):
    """As SORACOM Beam sends and signs it."""
    headers = {"X-Soracom-Imei": "860000012345678", "X-Soracom-Imsi": imsi,
               "X-Soracom-Timestamp": str(at), "X-Soracom-Signature-Version": "20151001"}
    text = secret + "".join(f"x-soracom-{n}={headers['X-Soracom-' + n.title()]}"
                            for n in ("imei", "imsi", "timestamp"))
    headers["X-Soracom-Signature"] = signature or hashlib.sha256(text.encode()).hexdigest()
    return rig.http(service.url + "/ingest/soracom", "POST",
                    json.dumps(body or SORACOM), headers)


def beam_proves_itself_by_its_signature(place):
    secret = place.write("beam.key", "topsecret\n")
    os.chmod(secret, 0o600)
    service, key, devices = start(place, config=f"""
profiles:
  secrets: {{soracom-button-enterprise: {secret}}}
""")
    now = int(time.time() * 1000)
    status, _, body = soracom(service, "topsecret", now)
    expect_equal((status, json.loads(body)), (200, {"taken": 1, "duplicates": 0, "refused": 0}))
    expect_equal([(d["deviceId"], d["remainingLife"]) for d in ready(service, key)],
                 [("440101234567890", 50)])
    for why, sent in {
            "pre-shared key": soracom(service, "wrong", now),
            "pre-shared": soracom(service, "topsecret", now, signature="0" * 64),
            "another time": soracom(service, "topsecret", now - 3600 * 1000)}.items():
        expect_equal((sent[0], why in sent[2]), (403, True), f"{why}: {sent[2]}")
    status, _, body = rig.http(service.url + "/ingest/soracom", "POST", json.dumps(SORACOM))
    expect_equal((status, "signature" in body), (403, True), body)
    expect_equal(count(service), 1, "one was taken")


def the_signature_is_the_one_soracom_documents(place):
    """Their example: this key, these headers, this signature; only its time is long gone."""
    secret = place.write("beam.key", "mysecretkey")
    os.chmod(secret, 0o600)
    service, key, devices = start(place, "--clock-skew", "9000d", config=f"""
profiles:
  secrets: {{soracom-button-enterprise: {secret}}}
""")
    status, _, body = soracom(
        service, "", 1445587157992, imsi="295000012345678",
        signature="95c8e34d68e2bd76502c1e403108dc1bd7008964c31081d0415adb9f21a721a5")
    expect_equal(status, 200, body)


def without_its_secret_a_sender_of_http_is_nobody(place):
    service, key, devices = start(place)
    status, _, body = soracom(service, "topsecret", int(time.time() * 1000))
    expect_equal((status, "secret is given" in body), (403, True), body)
    status, _, body = rig.http(service.url + "/ingest/none-such", "POST", "{}")
    expect_equal((status, "No profile" in body), (404, True), body)
    expect_equal(rig.http(service.url + "/ingest/soracom")[0], 405)


def senders_prove_themselves_by_bearer_basic_and_token(place):
    for name in ("bearer", "basic", "token"):
        directory = profile(place, name, verify=name)
    text = "profiles:\n  directory: %s\n  secrets:\n" % directory
    for name, secret in (("bearer", "open sesame"), ("basic", "me:p\u00e4ss")):
        os.chmod(place.write(name + ".key", secret), 0o600)
        text += f"    {name}: {place.join(name + '.key')}\n"
    service, key, devices = start(place, config=text)
    n = 0

    def send(path, authorization=None, device="a1", kind="short"):
        nonlocal n
        n += 1
        headers = {"Authorization": authorization} if authorization else {}
        return rig.http(f"{service.url}/ingest/{path}", "POST",
                        json.dumps({"id": device, "kind": kind, "n": n}), headers)[0]
    basic = base64.b64encode("me:p\u00e4ss".encode()).decode()
    expect_equal(send("bearer", "Bearer open sesame"), 200)
    expect_equal(send("basic", "Basic " + basic), 200)
    for wrong in (None, "Bearer open", "Bearer ", "Basic " + basic):
        expect_equal(send("bearer", wrong), 403, f"bearer: {wrong}")
    for wrong in (None, "Basic " + basic[:-2], "Bearer open sesame"):
        expect_equal(send("basic", wrong), 403, f"basic: {wrong}")
    token = service.register("ACMEA2")["ACMEA2"]
    expect_equal(send("token", "Bearer " + token, "a2"), 200)
    expect_equal(send("token", "Bearer " + token, "a1"), 403, "another's device")
    expect_equal(send("token", None, "a2"), 403, "no token")
    expect_equal(count(service), 3)


def a_sender_without_the_token_learns_of_no_device_and_makes_none(place):
    directory = profile(place, "token", verify="token")
    service, key, devices = start(place, config=f"profiles: {{directory: {directory}}}\n")
    token = service.register("ACMEA1", "ACMEA2")["ACMEA1"]

    def send(device, shown, kind="short", n=iter(range(99))):
        status, _, body = rig.http(service.url + "/ingest/token", "POST",
                                   json.dumps({"id": device, "kind": kind, "n": next(n)}),
                                   {"Authorization": "Bearer " + shown})
        return status, json.loads(body)
    expect_equal(send("a1", token)[0], 200)
    for kind in ("short", "up"):
        said = {d: send(d, token + "x", kind) for d in ("a1", "a2", "a9")}
        said["a2 with the token of a1"] = send("a2", token, kind)
        for device, answer in said.items():
            expect_equal(answer, said["a9"], f"{kind} of {device}")
    expect_equal(send("a9", "x")[0], 403)
    expect_equal([d["deviceId"] for d in ready(service, key)], ["ACMEA1"],
                 "a stranger registers nothing, and gives no device its profile")
    expect_equal(count(service), 1)


def messages_that_repeat_or_say_nothing_are_answered_so(place):
    directory = profile(place, "bearer", verify="bearer")
    os.chmod(place.write("bearer.key", "s3cret"), 0o600)
    service, key, devices = start(place, config=f"""
profiles:
  directory: {directory}
  secrets: {{bearer: {place.join('bearer.key')}}}
""")

    def send(body):
        status, _, said = rig.http(service.url + "/ingest/bearer", "POST", body,
                                   {"Authorization": "Bearer s3cret"})
        return status, json.loads(said)
    press = '{"id":"a1","kind":"short","n":1}'
    expect_equal(send(press), (200, {"taken": 1, "duplicates": 0, "refused": 0}))
    expect_equal(send(press), (200, {"taken": 0, "duplicates": 1, "refused": 0}))
    expect_equal(send('{"id":"a1","kind":"up","n":2}'),
                 (200, {"taken": 0, "duplicates": 0, "refused": 0}))
    status, said = send('{"id":"%s","kind":"short","n":3}' % ("a" * 60))
    expect_equal(status, 400, said)
    expect_equal(send("{")[0], 400)
    expect_equal(count(service), 1)


def presses_that_say_nothing_of_themselves_are_each_taken_once_though_it_is_killed(place):
    """A broker sends again what it was not told of; a Flic's "click" has no key."""
    broker, service, key, devices = start_followed(place)
    total, turns = 2000, 8
    sender = threading.Thread(target=publish, args=(
        broker, "flic/BF39-A12345/action", *["click"] * total))
    sender.start()
    for _ in range(turns):
        time.sleep(0.2)
        service.process.kill()
        service.start()
    sender.join()
    rig.wait_for("every press", lambda: count(service) >= total, 60)
    time.sleep(0.5)
    expect_equal(count(service), total, "each once")


def a_broker_that_lost_its_memory_is_not_taken_for_one_that_repeats(place):
    """It begins its packet IDs anew, and a Flic's presses are all alike."""
    broker, service, key, devices = start_followed(place)
    for turn in range(1, 4):
        publish(broker, "flic/BF39-A12345/action", "click", "click")
        rig.wait_for("its presses", lambda: count(service) == 2 * turn)
        broker.kill()
        for name in os.listdir(broker.directory):
            os.unlink(os.path.join(broker.directory, name))
        if turn == 2:
            service.process.kill()
        broker.start()
        if turn == 2:
            service.start()
        links = turn + 1
        rig.wait_for("the link", lambda: service.process.errors().count("Subscribed") == links,
                     30)


def what_is_wrong_with_the_section_is_said_with_its_place(place):
    for text, says in {
            "profiles:\n  directry: /x\n": 'did you mean "directory"',
            "profiles:\n  directory: /no/such/directory\n": "/no/such/directory",
            "profiles:\n  secrets: {zigbee2mqt: /x}\n": "zigbee2mqtt",
            "profiles:\n  secrets:\n    soracom-button-enterprise: /no/such/file\n":
                ":3:5: ",
            "profiles: 7\n": ":1:1: "}.items():
        path = place.write("wrong.yaml", text)
        done = subprocess.run([rig.ONECLICKD, "--config", path, "--check-config"],
                              env=place.environment(), capture_output=True, text=True,
                              timeout=60)
        expect_equal((done.returncode, says in done.stderr, path in done.stderr),
                     (78, True, True), f"{text}: {done.stderr}")


def a_profile_added_while_it_runs_is_taken_on_sighup(place):
    os.makedirs(place.join("profiles"))
    broker, service, key, devices = start_followed(
        place, config="profiles: {directory: %s}\n" % place.join("profiles"))
    profile(place, "acme")
    place.write("oneclick.yaml", "profiles:\n  directory: %s\n" % place.join("profiles"))
    os.kill(service.process.child.pid, signal.SIGHUP)

    def pressed():
        publish(broker, "acme/a1/press", '{"kind":"short","n":1}')
        return count(service)
    rig.wait_for("a press by the new profile", pressed)


def certificate(place):
    """An authority and what it signed for localhost."""
    def openssl(*words):
        done = subprocess.run(["openssl", *words], capture_output=True, text=True,
                              cwd=place.path)
        expect_equal(done.returncode, 0, done.stderr)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test", "-days", "2")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", "tls.key", "-out", "tls.csr", "-subj", "/CN=localhost")
    place.write("ext", "subjectAltName=DNS:localhost\n")
    openssl("x509", "-req", "-in", "tls.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-out", "tls.pem", "-days", "2", "-extfile", "ext")


class TlsBroker(rig.Broker):
    """With TLS, and for one user with a password."""

    def start(self):
        with open(self.config, encoding="utf-8") as f:
            text = f.read().replace("allow_anonymous true", "allow_anonymous false")
        certificate(self.place)
        path = self.place.join("passwords")
        subprocess.run(["mosquitto_passwd", "-b", "-c", path, "me", "p:ss word"], check=True,
                       capture_output=True)
        self.place.write("mosquitto.conf", text + f"""
cafile {self.place.join('ca.pem')}
certfile {self.place.join('tls.pem')}
keyfile {self.place.join('tls.key')}
password_file {path}
""")
        super().start()


def a_broker_with_tls_and_a_password_is_followed(place):
    broker = TlsBroker(place)
    os.chmod(place.write("password", "p:ss word\n"), 0o600)
    tls = ("--cafile", place.join("ca.pem"), "-u", "me", "-P", "p:ss word",
           "-h", "localhost")
    url = f"mqtts://me@localhost:{broker.port}"
    service, key, devices = start(
        place, "--mqtt", url, "--mqtt-ca", place.join("ca.pem"),
        "--mqtt-password-file", place.join("password"))
    rig.wait_for("the subscription", lambda: "Subscribed" in service.process.errors())
    publish(broker, "flic/BF39-A12345/action", *["click"] * 1000, more=tls)
    rig.wait_for("all of a burst", lambda: count(service) == 1000, 30)
    service.process.kill()
    publish(broker, "flic/BF39-A12345/action", *["hold"] * 200, more=tls)
    service.start()
    rig.wait_for("what was held", lambda: count(service) == 1200, 30)


def a_broker_whose_certificate_is_anothers_is_not_followed(place):
    broker = TlsBroker(place)
    os.chmod(place.write("password", "p:ss word\n"), 0o600)
    for host, ca in (("127.0.0.1", ("--mqtt-ca", place.join("ca.pem"))), ("localhost", ())):
        service, _, _ = start(
            place, "--mqtt", f"mqtts://me@{host}:{broker.port}", *ca,
            "--mqtt-password-file", place.join("password"))
        rig.wait_for("the refusal", lambda: "trying again" in service.process.errors())
        expect("Subscribed" not in service.process.errors(), service.process.errors())
        service.close()
        os.unlink(service.process.log_path)


def options_of_the_broker_that_do_not_go_together_are_refused(place):
    for words, says in {
            ("--mqtt", "mqtt://b", "--mqtt-ca", "/etc/passwd"): "mqtts://",
            ("--mqtt", "mqtts://b", "--mqtt-ca", "/no/such"): "/no/such",
            ("--mqtt", "mqtt://b", "--mqtt-password-file", place.write("p", "x")): "user",
            ("--mqtt", "mqtt://u@b", "--mqtt-password-file", "/no/such"): "/no/such"}.items():
        if "--mqtt-password-file" in words and words[3] != "/no/such":
            os.chmod(words[3], 0o600)
        done = subprocess.run(
            [rig.ONECLICKD, "--listen", "127.0.0.1:0", "--state", place.join("s"), *words],
            env=place.environment(), capture_output=True, text=True, timeout=60)
        expect(done.returncode != 0 and says in done.stderr, f"{words}: {done.stderr}")


rig.run(globals())
