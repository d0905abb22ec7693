"""Signatures made by botocore, by header and by presigned query; each way of bending one
must be refused, whatever the route, and policies decide over all 29 operations."""
import json

import rig
from raw import send, signed
from rig import expect, expect_equal

DEVICE = "G030PM0123456789"


def start(place):
    service = rig.Service(place)
    service.register(DEVICE, code="C-1234567890")
    key = service.key()
    rig.botocore_client(service, key, "iot1click-devices").claim_devices_by_claim_code(
        ClaimCode="C-1234567890")
    return service, key


def signatures_by_header_and_by_presigned_query_are_accepted(place):
    service, key = start(place)
    for query in (False, True):
        target, headers, _ = signed(service, key, "GET", "/devices", query=query)
        status, _, body = send(service, "GET", target, headers)
        expect_equal((status, json.loads(body)["devices"][0]["deviceId"]), (200, DEVICE))
    arn = "arn%3Aaws%3Aiot1click%3Aus-west-2%3A000000000000%3Adevices%2F" + DEVICE
    body = json.dumps({"tags": {"a": "b"}}).encode()
    target, headers, _ = signed(service, key, "POST", "/tags/" + arn, body)
    expect_equal(send(service, "POST", target, headers, body)[0], 204)


def names_that_are_hard_to_encode_are_signed_as_botocore_signs_them(place):
    service, key = start(place)
    for name in ("a%20b", "%C3%A9", "a%2Fb", "%2525", "a%2Bb", "a+b", "~-_.", "%3A%40",
                 "a%27b%28c%29", "%E6%97%A5", "a%26b%3Dc", "%7Ba%7D"):
        for query in (False, True):
            target, headers, _ = signed(service, key, "GET", f"/projects/{name}", query=query)
            status, problem, body = send(service, "GET", target, headers)
            expect(problem in ("InvalidRequestException", "ResourceNotFoundException"),
                   f"{name}: the signature must pass: {status} {body}")
    for token in ("a b", "a/b+c=", "é", "a&b"):
        import urllib.parse
        target = "/projects?nextToken=" + urllib.parse.quote(token, safe="")
        target, headers, _ = signed(service, key, "GET", target)
        status, problem, body = send(service, "GET", target, headers)
        expect_equal((status, problem), (400, "InvalidRequestException"), body)


def every_bent_signature_is_refused(place):
    service, key = start(place)
    body = b'{"enabled": true}'
    path = f"/devices/{DEVICE}/state"

    def refused(what, status, problem, target, headers, content=body, method="PUT"):
        got = send(service, method, target, headers, content)
        expect_equal(got[:2], (status, problem), f"{what}: {got[2]}")

    def fresh(**words):
        return signed(service, key, "PUT", path, body, **words)[:2]

    bad = "InvalidSignatureException"
    target, headers = fresh()
    refused("another body", 403, bad, target, headers, b'{"enabled":false}')
    refused("another path", 403, bad, target.replace("789/", "788/"), headers)
    refused("another query", 403, bad, target + "?a=b", headers)
    refused("another method", 403, bad, f"/devices/{DEVICE}/methods", headers, method="POST")
    refused("another content type", 403, bad, target,
            dict(headers, **{"Content-Type": "text/plain"}))
    refused("an unsigned x-amz header", 403, bad, target, dict(headers, **{"X-Amz-Meta": "1"}))
    refused("no signature", 403, "MissingAuthenticationTokenException", target,
            {"Content-Type": "application/json"})
    flipped = headers["Authorization"][:-1] + (
        "0" if headers["Authorization"][-1] != "0" else "1")
    refused("a flipped digit", 403, bad, target, dict(headers, Authorization=flipped))
    refused("a basic header", 400, "IncompleteSignatureException", target,
            dict(headers, Authorization="Basic YTpi"))
    refused("half a header", 400, "IncompleteSignatureException", target,
            dict(headers, Authorization=headers["Authorization"].split(", Sig")[0]))
    refused("a session token", 403, "UnrecognizedClientException", *fresh(
        headers={"X-Amz-Security-Token": "abc"}))
    for seconds in (-16 * 60, 16 * 60):
        refused(f"a clock {seconds} s off", 403, bad, *fresh(at=seconds))
    refused("another region", 403, bad, *fresh(region="eu-west-1"))
    for query in (True,):
        target, headers = fresh(query=True)
        refused("a changed presigned body", 403, bad, target, headers, b"{}")
        refused("a presigned address of two hours ago", 403, bad,
                *fresh(query=True, at=-7200, expires=3600))
        refused("both kinds at once", 400, "IncompleteSignatureException", target,
                dict(headers, Authorization="AWS4-HMAC-SHA256 x"))
    got = rig.botocore_client(service, key, "iot1click-devices").describe_device(
        DeviceId=DEVICE)["DeviceDescription"]
    expect_equal(got["Enabled"], False, "nothing refused was done")


def nothing_is_said_of_a_resource_before_the_signature(place):
    """Whatever the path names and the body holds, who has not signed hears that alone."""
    service, key = start(place)
    arn = "/tags/arn%3Aaws%3Aiot1click%3Aus-west-2%3A000000000000%3A"
    targets = [("GET", t) for t in (
        f"/devices/{DEVICE}", "/devices/G030PM9999999999", "/devices/x", "/projects/none",
        "/projects/%20", arn + "devices%2F" + DEVICE, arn + "devices%2FG030PM9999999999",
        arn + "projects%2Fnone", arn + "placements%2Fx", "/tags/nonsense", "/tags/%C3%A9",
        "/devices?maxResults=0", "/devices?nextToken=x", "/deliveries?maxResults=x",
        "/stream?project=none", f"/stream?deviceId={DEVICE}")]
    targets += [("POST", arn + "devices%2F" + DEVICE), ("POST", "/tags/nonsense"),
                ("PUT", f"/devices/{DEVICE}/state"), ("PUT", "/claims/C-1234567890"),
                ("PUT", "/claims/C-0000000000"), ("POST", "/projects"), ("POST", "/policy/simulate")]
    for method, target in targets:
        for body in ([b""] if method == "GET" else [b"", b"{", b"[]", b'{"x": 1}']):
            status, problem, said = send(service, method, target,
                                         {"Content-Type": "application/json"}, body)
            expect_equal((status, problem), (403, "MissingAuthenticationTokenException"),
                         f"{method} {target} {body}: {said}")
            signed_target, headers, _ = signed(service, (key[0], "x" * 40), method, target,
                                               body)
            status, problem, said = send(service, method, signed_target, headers, body)
            expect_equal((status, problem), (403, "InvalidSignatureException"),
                         f"{method} {target} {body}, signed with another secret: {said}")


def clocks_a_little_off_are_accepted(place):
    service, key = start(place)
    for seconds in (-14 * 60, 14 * 60):
        target, headers, _ = signed(service, key, "GET", "/devices", at=seconds)
        expect_equal(send(service, "GET", target, headers)[0], 200, f"{seconds} s off")


def policies_of_ones_own_decide_by_action_and_resource(place):
    service, key = start(place)
    document = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["iot1click:Describe*", "iot1click:l?stDevices",
                                       "iot1click:InitializeDeviceClaim",
                                       "iot1click:CreateProject"],
         "Resource": "*"},
        {"Effect": "Deny", "Action": "iot1click:DescribeProject",
         "Resource": "arn:aws:iot1click:*:*:projects/secret*"},
        {"Effect": "Deny", "Action": "iot1click:CreateProject",
         "Resource": "arn:aws:iot1click:us-west-2:000000000000:projects/x?"}]}
    path = place.write("policy.json", json.dumps(document))
    carol = service.key("carol", path)
    devices = rig.botocore_client(service, carol, "iot1click-devices")
    projects = rig.botocore_client(service, carol, "iot1click-projects")

    def denied(call, **words):
        try:
            call(**words)
        except Exception as e:
            return getattr(e, "response", {}).get("Error", {}).get("Code") == \
                "AccessDeniedException"
        return False
    expect(not denied(devices.describe_device, DeviceId=DEVICE), "Describe* allows")
    expect(not denied(devices.list_devices), "actions match in any case, with ?")
    expect(denied(devices.unclaim_device, DeviceId=DEVICE), "what no statement allows")
    expect(not denied(devices.initiate_device_claim, DeviceId=DEVICE),
           "the guide's own spelling grants")
    expect(not denied(projects.describe_project, projectName="open"), "not denied")
    expect(denied(projects.describe_project, projectName="secret-1"), "Deny wins")
    expect(not denied(projects.create_project, projectName="xyz"), "? is one character")
    expect(denied(projects.create_project, projectName="xy"), "the ARN of what is to be")


def a_policy_half_understood_is_refused_when_it_is_loaded(place):
    service = rig.Service(place)
    one = {"Effect": "Allow", "Action": "iot1click:*", "Resource": "*"}
    for what, statement in {
            "StringEqual": dict(one, Condition={"StringEqual": {"aws:username": "x"}}),
            "NotAction": dict(one, NotAction="iot1click:*"),
            "NotResource": dict(one, NotResource="*"),
            "Principal": dict(one, Principal="*"),
            "${": dict(one, Resource="arn:aws:iot1click:*:*:devices/${aws:username"),
            "Effect": dict(one, Effect="allow"),
            "Efect": {"Efect": "Allow", "Action": "*", "Resource": "*"},
            "Resource": dict(one, Resource="projects/Foo")}.items():
        path = place.write("policy.json", json.dumps(
            {"Version": "2012-10-17", "Statement": [statement]}))
        done = service.command("key", "create", "--user", "u", "--policy", path, ok=False)
        expect(done.returncode != 0 and what in done.stderr,
               f"{what}: {done.returncode} {done.stderr}")
    path = place.write("policy.json", '{"Statement": [], "Statement": []}')
    expect(service.command("key", "create", "--user", "u", "--policy", path,
                           ok=False).returncode != 0, "a key that stands twice")


def a_command_of_the_service_that_is_half_said_is_helped_on(place):
    service, key = start(place)
    for words in (["key"], ["key", "frobnicate"]):
        done = service.command(*words, ok=False)
        expect_equal((done.returncode, done.stderr), (
            2, "oneclickd: There are: key create, key list, key rotate, key revoke; --help tells more.\n"))


def every_request_is_in_the_audit_table_as_the_guide_has_it(place):
    import sqlite3
    service, key = start(place)
    devices = rig.botocore_client(service, key, "iot1click-devices")
    devices.describe_device(DeviceId=DEVICE)
    projects = rig.botocore_client(service, key, "iot1click-projects")
    projects.create_project(projectName="p", placementTemplate={
        "defaultAttributes": {"phone": "555-0100"}, "deviceTemplates": {
            "t": {"deviceType": "button"}}})
    reader = rig.botocore_client(service, service.key("bob", "AWSIoT1ClickReadOnlyAccess"),
                                 "iot1click-projects")
    try:
        reader.delete_project(projectName="p")
    except Exception:
        pass

    def records():
        files = [f for f in __import__("os").listdir(service.state) if f.endswith(".db")]
        with sqlite3.connect(f"file:{service.state}/{files[0]}?mode=ro", uri=True) as db:
            return [json.loads(r[0]) for r in
                    db.execute("SELECT record FROM audit ORDER BY pos")]
    got = rig.wait_for("four records", lambda: any(
        r["eventName"] == "DescribeDevice" for r in records()) and records())
    by = {r["eventName"]: r for r in got}
    by = {n: r for n, r in by.items() if r["eventType"] == "AwsApiCall"}
    expect_equal(set(by), {"ClaimDevicesByClaimCode", "DescribeDevice", "CreateProject",
                           "DeleteProject"})
    one = by["DescribeDevice"]
    expect_equal({k: one[k] for k in (
        "eventVersion", "eventSource", "awsRegion", "sourceIPAddress", "requestParameters",
        "responseElements", "readOnly", "eventType", "recipientAccountId")}, {
            "eventVersion": "1.05", "eventSource": "iot1click.amazonaws.com",
            "awsRegion": "us-west-2", "sourceIPAddress": "127.0.0.1",
            "requestParameters": {"deviceId": DEVICE}, "responseElements": None,
            "readOnly": True, "eventType": "AwsApiCall",
            "recipientAccountId": "000000000000"})
    expect_equal(one["userIdentity"], {
        "type": "IAMUser", "principalId": one["userIdentity"]["principalId"],
        "arn": "arn:aws:iam::000000000000:user/alice", "accountId": "000000000000",
        "accessKeyId": key[0], "userName": "alice"})
    made = by["CreateProject"]["requestParameters"]
    expect_equal(made["placementTemplate"]["defaultAttributes"], "****", "masked")
    expect("555-0100" not in json.dumps(got), "no attribute value is in any record")
    expect_equal(by["DeleteProject"].get("errorCode"), "AccessDeniedException")
    expect(not by["DeleteProject"]["readOnly"], "a delete is not read-only")
    for r in got:
        expect(key[1] not in json.dumps(r), "no secret is in any record")


rig.run(globals())
