"""Behind Debian's nginx and haproxy: every operation, the live stream and presses; who asks
is whom a trusted proxy names, and nobody else is believed."""
import json
import os
import subprocess
import sys
import time

import fronts
import rig
from rig import expect, expect_equal

DEVICE, CODE = "G030PM0123456789", "C-1234567890"
PROXIES = ("nginx", "haproxy")
HERE = os.path.dirname(os.path.abspath(__file__))
# What goes through each of them; with ONECLICK_PROXIED=long, as in `make check-long`, more.
FILES = ("aws", "stream", "ingest")
if os.environ.get("ONECLICK_PROXIED") == "long":
    FILES += ("headless", "observe", "auth", "guide")


def run_through(kind, name):
    done = subprocess.run([sys.executable, os.path.join(HERE, name)], capture_output=True,
                          text=True, env=dict(os.environ, ONECLICK_FRONT=kind),
                          timeout=600 * rig.SLOW)
    expect(done.returncode == 0, f"{name} through {kind}:\n{done.stdout[-4000:]}"
                                 f"{done.stderr[-2000:]}")


def everything_goes_through_nginx(place):
    for name in FILES:
        run_through("nginx", name + "_test.py")


def everything_goes_through_haproxy(place):
    for name in FILES:
        run_through("haproxy", name + "_test.py")


def a_press_reaches_a_stream_behind_each_proxy_at_once(place):
    service = rig.Service(place)
    token = service.register(DEVICE, code=CODE)[DEVICE]
    key = service.key()
    rig.Aws(service, key).devices("claim-devices-by-claim-code", "--claim-code", CODE)
    for kind in PROXIES:
        front = fronts.Front(place, kind, service.own_port)
        follow = subprocess.Popen(
            [rig.ONECLICK, "--endpoint", front.url, "events", "follow", "--output", "json"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
            env=place.environment(AWS_ACCESS_KEY_ID=key[0], AWS_SECRET_ACCESS_KEY=key[1],
                                  AWS_DEFAULT_REGION=rig.REGION))
        os.set_blocking(follow.stdout.fileno(), False)
        seen = b""

        def heard():
            nonlocal seen
            expect_equal(rig.press(service, token, DEVICE)[0], 200)
            time.sleep(0.2)
            seen += follow.stdout.read() or b""
            return DEVICE.encode() in seen

        try:
            rig.wait_for(f"a press through {kind}", heard, seconds=15)
        finally:
            follow.terminate()
            follow.wait(30)
            front.close()


def addresses_of(service, aws):
    records = aws("cloudtrail", "lookup-events", "--lookup-attributes",
                  "AttributeKey=EventName,AttributeValue=ListDevices")["Events"]
    return {json.loads(r["CloudTrailEvent"])["sourceIPAddress"] for r in records}


def who_asks_is_whom_a_trusted_proxy_names(place):
    policy = place.write("policy.json", json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
    for kind in PROXIES:
        service = rig.Service(place, "--trusted-proxies", "127.0.0.1, 192.0.2.0/24",
                              state=f"fleet-{kind}")
        front = fronts.Front(place, kind, service.own_port, naming=True)
        aws = rig.Aws(service, service.key(policy=policy))
        import raw
        key = (aws.env["AWS_ACCESS_KEY_ID"], aws.env["AWS_SECRET_ACCESS_KEY"])
        service.url, service.port = front.url, front.port
        target, headers, _ = raw.signed(service, key, "GET", "/devices")
        # What the client says itself stands before what the proxy adds, and is not believed
        # beyond proxies that are trusted: 192.0.2.9 is one, so 198.51.100.7 asked it.
        headers["X-Forwarded-For"] = "203.0.113.1, 198.51.100.7, 192.0.2.9"
        headers["Forwarded"] = "for=203.0.113.2"
        expect_equal(raw.send(service, target=target, method="GET", headers=headers)[0], 200)
        rig.wait_for("its record", lambda: addresses_of(service, aws))
        expect_equal(addresses_of(service, aws), {"198.51.100.7"}, kind)
        front.close()
        service.close()


def nobody_else_is_believed(place):
    import raw
    policy = place.write("policy.json", json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
    service = rig.Service(place, "--trusted-proxies", "192.0.2.0/24")
    key = service.key(policy=policy)
    target, headers, _ = raw.signed(service, key, "GET", "/devices")
    headers["X-Forwarded-For"] = "203.0.113.1"
    headers["Forwarded"] = "for=203.0.113.2"
    expect_equal(raw.send(service, "GET", target, headers)[0], 200)
    aws = rig.Aws(service, key)
    rig.wait_for("its record", lambda: addresses_of(service, aws))
    expect_equal(addresses_of(service, aws), {"127.0.0.1"})


PREFIX = "proxy_set_header X-Forwarded-Prefix /click;"
BELOW = (("left on the path", "/click/", PREFIX),
         ("taken off the path", "/click/", "rewrite ^/click(/.*)$ $1 break; " + PREFIX))


def below_a_path_of_a_trusted_proxy_all_signatures_hold(place):
    service = rig.Service(place, "--trusted-proxies", "127.0.0.1")
    service.register(DEVICE, code=CODE)
    key = service.key()
    own, env = service.url, place.environment(
        AWS_ACCESS_KEY_ID=key[0], AWS_SECRET_ACCESS_KEY=key[1], AWS_DEFAULT_REGION=rig.REGION)
    rig.Aws(service, key).devices("claim-devices-by-claim-code", "--claim-code", CODE)
    arn = f"arn:aws:iot1click:us-west-2:000000000000:devices/{DEVICE}"
    for name, path, more in BELOW:
        front = fronts.Front(place, "nginx", service.own_port, path=path, more=more)
        service.url = front.url + "/click"
        aws = rig.Aws(service, key)
        expect_equal(len(aws.devices("list-devices")["Devices"]), 1, name)
        aws.devices("describe-device", "--device-id", DEVICE)
        if "left" in name:  # nginx decodes what it rewrites, and a signature has it as it was
            aws.devices("list-tags-for-resource", "--resource-arn", arn)
        done = subprocess.run(
            [rig.ONECLICK, "--endpoint", service.url, "devices", "list", "--output", "json"],
            env=env, capture_output=True, text=True, timeout=60 * rig.SLOW)
        expect(DEVICE in done.stdout, f"{name}: {done.stdout}{done.stderr}")
        front.close()
        service.url = own


def a_prefix_makes_no_other_request_of_a_signed_one(place):
    """A project may be called 'devices': /projects/devices, cut behind /projects."""
    import raw
    service = rig.Service(place, "--trusted-proxies", "127.0.0.1")
    key = service.key()
    target, headers, _ = raw.signed(service, key, "GET", "/projects/devices")
    headers["X-Forwarded-Prefix"] = "/projects"
    status, _, body = raw.send(service, "GET", "/devices", headers)
    expect_equal(status, 403, body)
    expect("X-Forwarded-Prefix" in body, body)


def a_prefix_of_anyone_else_counts_for_nothing(place):
    import raw
    service = rig.Service(place)
    target, headers, _ = raw.signed(service, service.key(), "GET", "/click/devices")
    headers["X-Forwarded-Prefix"] = "/click"
    status, _, body = raw.send(service, "GET", "/devices", headers)
    expect_equal(status, 403, body)


def a_proxy_without_a_word_opens_nothing(place):
    service = rig.Service(place)
    for kind in PROXIES:
        front = fronts.Front(place, kind, service.own_port)
        expect_equal(rig.http(front.url + "/metrics")[0], 403, kind)
        expect_equal(rig.http(front.url + "/healthz")[0], 200, kind)
        front.close()


rig.run(globals())
