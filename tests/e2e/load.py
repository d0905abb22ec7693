"""Mixed load on one service: presses over HTTP, over its own MQTT listener and through a
broker, and changes over the API; each client keeps books, and survives the service."""
import http.client
import json
import random
import socket
import threading

import botocore.exceptions

import mqtt_packets
import rig
from books import Changes

CODE = "C-1234567890"
ARN = "arn:aws:lambda:us-west-2:123456789012:function:"
CLICKS = ("SINGLE", "DOUBLE", "LONG")


class Load:
    """Threads that work until `end`."""

    def __init__(self):
        self.over, self.threads = threading.Event(), []

    def start(self, work, *arguments):
        thread = threading.Thread(target=work, args=(self, *arguments), daemon=True)
        self.threads.append(thread)
        thread.start()

    def rest(self, seconds):
        self.over.wait(seconds)

    def end(self, seconds=30):
        self.over.set()
        for thread in self.threads:
            thread.join(seconds * rig.SLOW)
            rig.expect(not thread.is_alive(), f"{thread} did not end")


def name_devices(kind, count):
    return [f"G030PM{kind}{i:09d}" for i in range(count)]


def place_devices(service, key, placed, others=(), on_click="notify"):
    """Claims all, puts each of `placed` into a placement p0, p1, ... and enables all."""
    devices = rig.botocore_client(service, key, "iot1click-devices", 3)
    projects = rig.botocore_client(service, key, "iot1click-projects", 3)
    devices.claim_devices_by_claim_code(ClaimCode=CODE)
    projects.create_project(projectName="P", placementTemplate={
        "defaultAttributes": {"Room": "x"}, "deviceTemplates": {"b": {
            "deviceType": "button",
            "callbackOverrides": {"onClickCallback": ARN + on_click}}}})
    for i, device in enumerate(placed):
        projects.create_placement(projectName="P", placementName=f"p{i}",
                                  attributes={"Room": str(i)})
        projects.associate_device_with_placement(
            projectName="P", placementName=f"p{i}", deviceTemplateName="b", deviceId=device)
    for device in (*placed, *others):
        devices.update_device_state(DeviceId=device, Enabled=True)


# ---- presses ----------------------------------------------------------------------------

def press_by_http(load, books, service, device, token, pause):
    """One keep-alive client.  What got no answer is mostly sent again under its name."""
    link, sent_as, n = None, None, 0
    while not load.over.is_set():
        if sent_as is None or random.random() < .3:
            n += 1
            sent_as = f"h{n}"
        books.send(device, sent_as)
        try:
            if link is None:
                link = http.client.HTTPConnection("127.0.0.1", service.port,
                                                  timeout=15 * rig.SLOW)
                link.connect()
                link.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link.request("POST", "/ingest/oneclick", json.dumps(
                {"deviceId": device, "clickType": random.choice(CLICKS),
                 "eventId": sent_as}), {"Authorization": "Bearer " + token})
            got = link.getresponse()
            body = got.read()
            if got.status == 200:
                books.acknowledge(device, sent_as, json.loads(body)["eventId"])
                sent_as = None
            elif got.status not in (500, 503):
                books.problem(f"a press got {got.status} {body[:200]}")
        except (OSError, http.client.HTTPException, ValueError):
            link = None
            load.rest(.02)
        load.rest(random.random() * 2 * pause)
    if link:
        link.close()


class MqttLink:
    def __init__(self, port, user, password, client):
        self.link = socket.create_connection(("127.0.0.1", port), timeout=15 * rig.SLOW)
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.link.sendall(mqtt_packets.connect(user, password, client))
        if self.read(4) != b"\x20\x02\x00\x00":
            raise OSError("refused")

    def read(self, count):
        got = b""
        while len(got) < count:
            more = self.link.recv(count - len(got))
            if not more:
                raise OSError("closed")
            got += more
        return got

    def acknowledged(self):
        """The packet number of the next PUBACK."""
        got = self.read(4)
        if got[:2] != b"\x40\x02":
            raise OSError(f"{got!r} is no PUBACK")
        return int.from_bytes(got[2:], "big")


def press_by_mqtt(load, books, port, device, token, pause, window=8):
    """Eight under way at a time; after a lost link those again, marked as repetitions.
    Without a token the port is a broker's, and so is the acknowledgement."""
    topic, link, under_way, n = f"oneclick/{device}/event", None, {}, 0

    def publish(number, sent_as, again):
        link.link.sendall(mqtt_packets.publish(
            {"clickType": "SINGLE", "eventId": sent_as}, number, topic, dup=again))
    while not load.over.is_set():
        try:
            if link is None:
                link = MqttLink(port, device if token else None, token, f"load-{device}")
                for number, sent_as in under_way.items():
                    publish(number, sent_as, True)
            while len(under_way) < window:
                n += 1
                number, sent_as = n % 60000 + 1, f"m{n}"
                under_way[number] = sent_as
                books.send(device, sent_as)
                publish(number, sent_as, False)
            number = link.acknowledged()
            if number in under_way:
                books.acknowledge(device, under_way.pop(number))
            else:
                books.problem(f"a PUBACK of packet {number}, which is not under way")
            load.rest(pause)
        except OSError:
            link = None
            load.rest(.05)
    if link:
        link.link.close()


# ---- changes ----------------------------------------------------------------------------

def change_by_api(load, books, service, key, changes, pause):
    """Counts in its placement; makes others, and removes some of those again."""
    projects = rig.botocore_client(service, key, "iot1click-projects")

    def change(call, **words):
        reply = call(projectName="P", **words)
        changes.requests.append(reply["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"])
    while not load.over.is_set():
        try:
            changes.last += 1
            n = changes.last
            change(projects.update_placement, placementName=changes.placement,
                   attributes={"n": str(n)})
            changes.acked = n
            if n % 3 == 0:
                name = f"{changes.placement}-{n}"
                changes.made[name] = "unsure"
                change(projects.create_placement, placementName=name, attributes={})
                changes.made[name] = "made"
            if n % 9 == 0:
                name = random.choice([k for k, v in changes.made.items() if v == "made"])
                changes.made[name] = "unsure"
                change(projects.delete_placement, placementName=name)
                changes.made[name] = "removed"
        except (botocore.exceptions.BotoCoreError, IndexError):
            load.rest(.05)  # no answer, or nothing to remove yet
        except botocore.exceptions.ClientError as e:
            if e.response["ResponseMetadata"]["HTTPStatusCode"] not in (500, 503):
                books.problem(f"a change got {e}")
        load.rest(pause)


def add_changes(load, books, service, key, count, pause=.03):
    for k in range(count):
        changes = Changes(f"p{k}")
        books.changes.append(changes)
        load.start(change_by_api, books, service, key, changes, pause)
