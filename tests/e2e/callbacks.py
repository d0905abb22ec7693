"""What tests of callbacks stand on: a service with enabled devices, whose clicks call
functions that are webhooks."""
import json
import os
import signal
import sqlite3
import threading

import botocore.auth
import botocore.awsrequest
import botocore.credentials

import rig
from rig import expect_equal

DEVICE = "G030PM0123456789"
OTHER = "G030PM9876543210"
CODE = "C-1234567890"
ARN = "arn:aws:lambda:us-west-2:123456789012:function:"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def configure(place, *destinations, **sections):
    """The configuration file, in the YAML that JSON is."""
    secret = place.write("secret", SECRET + "\n")
    os.chmod(secret, 0o600)
    text = json.dumps(dict(destinations=list(destinations), **sections), indent=1)
    path = place.write("oneclick.yaml", text.replace("SECRET_FILE", secret))
    os.chmod(path, 0o600)
    return path


def webhook(receiver, match=ARN + "*", hook=None, **more):
    options = {"url": receiver.url, "secret-file": "SECRET_FILE", **(hook or {})}
    return dict(match=match, webhook={k: v for k, v in options.items() if v}, **more)


class Fleet:
    """A service with enabled devices whose clicks call functions."""

    def __init__(self, place, *destinations, devices=(DEVICE,), functions=("notify",),
                 options=(), port=0, **sections):
        self.place, self.devices = place, devices
        configure(place, *destinations, **sections)
        self.service = rig.Service(
            place, "--config", place.join("oneclick.yaml"), *options, port=port)
        self.tokens = self.service.register(*devices, code=CODE)
        self.key = self.service.key()
        self.api = rig.botocore_client(self.service, self.key, "iot1click-devices", 3)
        self.api.claim_devices_by_claim_code(ClaimCode=CODE)
        for i, device in enumerate(devices):
            self.api.update_device_state(DeviceId=device, Enabled=True)
            self.call_back(device, functions[i % len(functions)])

    def call_back(self, device, function, method="setOnClickCallback", **more):
        self.api.invoke_device_method(
            DeviceId=device, DeviceMethod={"DeviceType": "button", "MethodName": method},
            DeviceMethodParameters=json.dumps(dict(
                callback={"awsLambdaArn": ARN + function}, **more)))

    def press(self, device=None, click="SINGLE", **more):
        device = device or self.devices[0]
        status, _, body = rig.press(self.service, self.tokens[device], device, click, **more)
        expect_equal(status, 200, body)
        return json.loads(body)["eventId"]

    def press_many(self, count, threads=8):
        """Event ids of that many presses over all devices."""
        ids, lock = [], threading.Lock()

        def some(first):
            import http.client
            link = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)
            for n in range(first, count, threads):
                device = self.devices[n % len(self.devices)]
                link.request("POST", "/ingest/oneclick", json.dumps(
                    {"deviceId": device, "clickType": "SINGLE"}),
                    {"Authorization": "Bearer " + self.tokens[device]})
                answer = json.loads(link.getresponse().read())
                with lock:
                    ids.append(answer["eventId"])
            link.close()
        workers = [threading.Thread(target=some, args=(i,)) for i in range(threads)]
        for w in workers:
            w.start()
        for w in workers:
            w.join()
        expect_equal(len(ids), count, "presses taken")
        return ids

    def call(self, method, path, body=None, status=200):
        """A signed call beside the contract."""
        data = json.dumps(body) if body is not None else ""
        request = botocore.awsrequest.AWSRequest(
            method=method, url=self.service.url + path, data=data,
            headers={"Content-Type": "application/json"} if data else {})
        botocore.auth.SigV4Auth(botocore.credentials.Credentials(*self.key), "iot1click",
                                rig.REGION).add_auth(request)
        got, _, text = rig.http(self.service.url + path, method, data or None,
                                dict(request.prepare().headers))
        expect_equal(got, status, text)
        return json.loads(text)

    def deliveries(self, state=None):
        return self.call("GET", "/deliveries" + (f"?state={state}" if state else ""))[
            "deliveries"]

    def wait_dead(self, count=1):
        rig.wait_for(f"{count} dead letters",
                     lambda: len(self.deliveries("dead")) == count)
        return self.deliveries("dead")

    def replay(self, **which):
        return self.call("POST", "/deliveries/replay", which)["replayed"]

    def reload(self, *destinations, **sections):
        configure(self.place, *destinations, **sections)
        before = self.service.process.errors().count("read anew")
        os.kill(self.service.process.child.pid, signal.SIGHUP)
        rig.wait_for("the reload", lambda: self.service.process.errors().count(
            "read anew") > before)

    def query(self, sql):
        name = [f for f in os.listdir(self.service.state) if f.endswith(".db")][0]
        link = sqlite3.connect(f"file:{self.service.state}/{name}?mode=ro", uri=True)
        try:
            return link.execute(sql).fetchone()
        finally:
            link.close()

    def settled(self):
        """Nothing waits, and the cursor stands at the end of the log."""
        return self.query("SELECT (SELECT pos FROM cursor WHERE consumer = 'dispatch') = "
                          "(SELECT max(pos) FROM event) AND NOT EXISTS "
                          "(SELECT 1 FROM delivery WHERE state = 0)")[0]

    def wait_settled(self, seconds=10):
        rig.wait_for("all to be settled", self.settled, seconds)


def each_once(receiver, ids, status=200):
    got = receiver.ids(status)
    expect_equal(sorted(got), sorted(ids), "ids delivered")
