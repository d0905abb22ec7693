"""Presses from a real broker, and what became of them: what the tests of ingest share."""
import http.client
import json
import os
import sqlite3
import subprocess

import botocore.auth
import botocore.awsrequest
import botocore.credentials

import rig
from rig import expect_equal


def publish(broker, topic, *payloads, retain=False, more=()):
    """By mosquitto's own client, QoS 1, one connection."""
    words = ["/usr/bin/mosquitto_pub", "-h", "127.0.0.1", "-p", str(broker.port), "-q", "1",
             "-i", "sender", "-t", topic, *more]
    words += ["-r"] if retain else []
    done = subprocess.run([*words, "-l"], input="".join(p + "\n" for p in payloads),
                          text=True, capture_output=True, timeout=60)
    expect_equal(done.returncode, 0, f"mosquitto_pub: {done.stderr}")


def start(place, *options, config=None):
    if config is not None:
        options = (*options, "--config", place.write("oneclick.yaml", config))
    service = rig.Service(place, *options)
    key = service.key()
    return service, key, rig.botocore_client(service, key, "iot1click-devices", retries=3)


def start_followed(place, *options, config=None):
    """With a broker, once the session there is made."""
    broker = rig.Broker(place)
    service, key, devices = start(place, "--mqtt", broker.url, *options, config=config)
    rig.wait_for("the subscription", lambda: "Subscribed" in service.process.errors())
    return broker, service, key, devices


def signed(service, key, path):
    """The headers of a signed GET."""
    request = botocore.awsrequest.AWSRequest(method="GET", url=service.url + path)
    botocore.auth.SigV4Auth(botocore.credentials.Credentials(*key), "iot1click",
                            rig.REGION).add_auth(request)
    return dict(request.prepare().headers)


def ask(service, key, path, status=200):
    """A signed GET beside the contract."""
    got, _, body = rig.http(service.url + path, headers=signed(service, key, path))
    expect_equal(got, status, body)
    return json.loads(body)


def ready(service, key):
    return ask(service, key, "/ready-devices")["devices"]


def rows(service, query, *values):
    """What is in the store, read beside the service."""
    name = [f for f in os.listdir(service.state) if f.endswith(".db")][0]
    with sqlite3.connect(f"file:{service.state}/{name}?mode=ro", uri=True) as db:
        return db.execute(query, values).fetchall()


def count(service):
    """Clicks in the log, whoever's."""
    return rows(service, "SELECT count(*) FROM event WHERE kind <= 2")[0][0]


def clicks(devices, device):
    """stdEvent of every click of the device."""
    pages = devices.get_paginator("list_device_events").paginate(
        DeviceId=device, FromTimeStamp="2020-01-01", ToTimeStamp="2100-01-01",
        PaginationConfig={"PageSize": 250})
    return [json.loads(e["StdEvent"]) for p in pages for e in p["Events"]]


class Stream:
    """The live stream, frame by frame."""

    def __init__(self, service, key):
        self.link = http.client.HTTPConnection("127.0.0.1", service.port,
                                               timeout=30 * rig.SLOW)
        self.link.request("GET", "/stream", headers=signed(service, key, "/stream"))
        self.got = self.link.getresponse()
        service.place.closing.append(self)

    def next(self):
        """(event, data)"""
        frame = {}
        while True:
            line = self.got.readline().decode().rstrip("\n")
            if not line and "data" in frame:
                return frame["event"], json.loads(frame["data"])
            if ": " in line and not line.startswith(":"):
                name, value = line.split(": ", 1)
                frame[name] = value
            if not line and self.got.isclosed():
                raise rig.Failed("the stream ended")

    def close(self):
        self.link.close()
