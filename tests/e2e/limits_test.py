"""Every limit and state of the contract through botocore: the code, the status, and a
sentence that names what is wrong; and HTTP that is odd is refused at the gate."""
import json
import socket

import botocore.exceptions

import rig
from rig import expect, expect_equal

CODE = "C-1234567890"
DEVICE = "G030PM0123456789"


def start(place):
    # The same call twice within a second is meant here, and is the same bytes.
    service = rig.Service(place, "--no-replay-check")
    service.register(DEVICE, "G030PM0123456788", "G030PM0123456787", code=CODE)
    key = service.key()
    devices = rig.botocore_client(service, key, "iot1click-devices")
    projects = rig.botocore_client(service, key, "iot1click-projects")
    devices.claim_devices_by_claim_code(ClaimCode=CODE)
    return service, devices, projects


def refused(code, says, call, **words):
    try:
        call(**words)
    except botocore.exceptions.ClientError as e:
        got = e.response["Error"]
        expect_equal(got["Code"], code, f"{words}: {got}")
        expect(says in got["Message"], f"{words}: {got['Message']!r} lacks {says!r}")
        return got["Message"]
    raise rig.Failed(f"{words} was not refused")


INVALID, CONFLICT = "InvalidRequestException", "ResourceConflictException"
ABSENT = "ResourceNotFoundException"


def template(count=1, **one):
    return {"deviceTemplates": {f"t{i}": dict({"deviceType": "button"}, **one)
                                for i in range(count)}}


def names_and_lengths_are_limited_as_the_models_say(place):
    _, devices, projects = start(place)
    create = projects.create_project
    for name in ("a b", "a/b", "é", "a.b", "x" * 129):
        refused(INVALID, "projectName", create, projectName=name)
    create(projectName="x" * 128)
    refused(INVALID, "description", create, projectName="p", description="d" * 501)
    create(projectName="p", description="é" * 500, placementTemplate=template(5))
    refused(INVALID, "5", create, projectName="q", placementTemplate=template(6))
    refused(INVALID, "deviceType", create, projectName="q",
            placementTemplate=template(deviceType="sensor"))
    refused(INVALID, "callbackOverrides", create, projectName="q",
            placementTemplate=template(callbackOverrides={"onClickCallback": "x" * 201}))
    refused(INVALID, "defaultAttributes", create, projectName="q",
            placementTemplate={"defaultAttributes": {"a": "x" * 801}})
    refused(INVALID, "tags", create, projectName="q", tags={"aws:x": "y"})
    refused(INVALID, "tags", create, projectName="q", tags={"a b": "y"})
    refused(INVALID, "tags", create, projectName="q", tags={f"k{chr(97 + i // 26)}"
            f"{chr(97 + i % 26)}": "v" for i in range(51)})
    refused(INVALID, "attributes", projects.create_placement, projectName="p",
            placementName="l", attributes={"a": "x" * 801})
    projects.create_placement(projectName="p", placementName="l",
                              attributes={"a" * 128: "é" * 800})
    refused(INVALID, "maxResults", projects.list_projects, maxResults=251)
    refused(INVALID, "device ID", projects.associate_device_with_placement, projectName="p",
            placementName="l", deviceTemplateName="t0", deviceId="abc")


def things_that_are_not_there_or_there_already(place):
    _, devices, projects = start(place)
    refused(ABSENT, " p.", projects.describe_project, projectName="p")
    refused(ABSENT, " p.", projects.create_placement, projectName="p", placementName="l")
    refused(ABSENT, " p.", projects.list_placements, projectName="p")
    projects.create_project(projectName="p", placementTemplate=template(2))
    refused(CONFLICT, " p ", projects.create_project, projectName="p")
    refused(ABSENT, " l", projects.describe_placement, projectName="p", placementName="l")
    slot = dict(projectName="p", placementName="l", deviceTemplateName="t0")
    associate = projects.associate_device_with_placement
    refused(ABSENT, " l", associate, **slot, deviceId=DEVICE)
    projects.create_placement(projectName="p", placementName="l")
    refused(CONFLICT, " l", projects.create_placement, projectName="p", placementName="l")
    refused(ABSENT, "G030PM9999999999", associate, **slot, deviceId="G030PM9999999999")
    associate(**slot, deviceId=DEVICE)
    refused(CONFLICT, DEVICE, associate, **slot, deviceId="G030PM0123456788")
    refused(CONFLICT, "l", associate, **dict(slot, deviceTemplateName="t1"), deviceId=DEVICE)
    refused(INVALID, "l", projects.delete_project, projectName="p")
    refused(INVALID, DEVICE, projects.delete_placement, projectName="p", placementName="l")
    refused(INVALID, " l", devices.unclaim_device, DeviceId=DEVICE)


def an_update_changes_only_what_it_names(place):
    _, devices, projects = start(place)
    both = {"deviceTemplates": {n: {"deviceType": "button", "callbackOverrides": {
        "onClickCallback": "arn:aws:lambda:us-west-2:1:function:" + n}} for n in "ab"},
        "defaultAttributes": {"x": "1"}}
    projects.create_project(projectName="p", description="d", placementTemplate=both)
    projects.update_project(projectName="p", placementTemplate={"defaultAttributes":
                                                                {"x": "2", "y": "3"}})
    got = projects.describe_project(projectName="p")["project"]
    expect_equal((got["description"], got["placementTemplate"]),
                 ("d", dict(both, defaultAttributes={"x": "2", "y": "3"})))
    refused(INVALID, "c", projects.update_project, projectName="p", placementTemplate={
        "deviceTemplates": {n: {"deviceType": "button"} for n in "abc"}})
    projects.update_project(projectName="p", description="")
    expect_equal(projects.describe_project(projectName="p")["project"].get("description", ""),
                 "")
    projects.create_placement(projectName="p", placementName="l", attributes={"a": "1"})
    projects.update_placement(projectName="p", placementName="l",
                              attributes={"a": "", "b": "2"})
    expect_equal(projects.describe_placement(projectName="p", placementName="l")
                 ["placement"]["attributes"], {"b": "2"}, 'merged, "" clears a key')


def there_are_at_most_512_projects(place):
    _, _, projects = start(place)
    for i in range(512):
        projects.create_project(projectName=f"p{i}")
    refused(INVALID, "512", projects.create_project, projectName="one-more")
    projects.delete_project(projectName="p0")
    projects.create_project(projectName="one-more")


def claims_go_their_way_and_no_other(place):
    service, devices, _ = start(place)
    service.register("G030PM0000000001", "G030JF0000000000"[:4] + "XX0000000000")
    one = dict(DeviceId="G030PM0000000001")
    refused(ABSENT, "G030PM7777777777", devices.initiate_device_claim,
            DeviceId="G030PM7777777777")
    refused(CONFLICT, "", devices.finalize_device_claim, **one)
    refused(CONFLICT, DEVICE, devices.initiate_device_claim, DeviceId=DEVICE)
    devices.initiate_device_claim(**one)
    devices.initiate_device_claim(**one)
    refused("PreconditionFailedException", "ress", devices.finalize_device_claim, **one)
    other = rig.botocore_client(service, service.key("eve", account="111111111111"),
                                "iot1click-devices")
    refused(CONFLICT, "", other.initiate_device_claim, **one)
    refused(ABSENT, "", other.describe_device, DeviceId=DEVICE)
    refused(INVALID, "enabled", devices.update_device_state, DeviceId=DEVICE)
    done = service.command("device", "register", "G030JF0123456789", ok=False)
    expect(done.returncode != 0 and "G030JF" in done.stderr, "an old button is explained")


def tags_of_devices_and_projects(place):
    _, devices, projects = start(place)
    arn = "arn:aws:iot1click:us-west-2:000000000000:"
    refused(ABSENT, "", devices.list_tags_for_resource, ResourceArn=arn + "devices/none")
    refused(ABSENT, "", projects.list_tags_for_resource, resourceArn=arn + "projects/none")
    projects.create_project(projectName="p")
    many = {f"k{chr(97 + i // 26)}{chr(97 + i % 26)}": "v" for i in range(50)}
    projects.tag_resource(resourceArn=arn + "projects/p", tags=many)
    refused(INVALID, "50", projects.tag_resource, resourceArn=arn + "projects/p",
            tags={"more": "v"})
    projects.tag_resource(resourceArn=arn + "projects/p", tags={"kaa": "w"})
    expect_equal(projects.list_tags_for_resource(resourceArn=arn + "projects/p")["tags"],
                 dict(many, kaa="w"))
    for bad in ("arn:aws:iot1click:us-west-2:000000000000:rooms/x", "nonsense",
                "arn:aws:s3:::bucket"):
        refused(INVALID, "", devices.list_tags_for_resource, ResourceArn=bad)


def raw(service, text, seconds=5.0):
    """What comes back to these bytes, and whether the connection was closed."""
    with socket.create_connection(("127.0.0.1", service.port)) as s:
        s.settimeout(seconds * rig.SLOW)
        s.sendall(text if isinstance(text, bytes) else text.encode())
        got = b""
        try:
            while True:
                more = s.recv(65536)
                if not more:
                    return got.decode(errors="replace"), True
                got += more
        except TimeoutError:
            return got.decode(errors="replace"), False


def odd_http_is_refused_and_the_connection_closed(place):
    service = rig.Service(place)
    post = "POST /ingest/oneclick HTTP/1.1\r\nHost: x\r\n"
    for what, text in {
            "two lengths": post + "Content-Length: 3\r\nContent-Length: 5\r\n\r\nhello",
            "length and encoding": post + "Content-Length: 5\r\nTransfer-Encoding: chunked"
                                          "\r\n\r\n0\r\n\r\n",
            "two hosts": "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "no host": "GET /healthz HTTP/1.1\r\n\r\n",
            "a NUL in the path": "GET /devices/%00 HTTP/1.1\r\nHost: x\r\n\r\n",
            "dot segments": "GET /projects/a/../b HTTP/1.1\r\nHost: x\r\n\r\n",
            "coded dot segments": "GET /projects/%2e%2E/b HTTP/1.1\r\nHost: x\r\n\r\n",
            "an empty segment": "GET //devices HTTP/1.1\r\nHost: x\r\n\r\n",
            "a broken escape": "GET /devices/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
            "a blank after a name": "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A : 1\r\n\r\n",
            "two authorizations": "GET /devices HTTP/1.1\r\nHost: x\r\nAuthorization: a\r\n"
                                  "Authorization: b\r\n\r\n",
            "an odd method": "BREW /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            "another encoding": post + "Transfer-Encoding: gzip\r\n\r\n",
            "many headers": "GET /healthz HTTP/1.1\r\nHost: x\r\n" +
                            "".join(f"X-{i}: 1\r\n" for i in range(100)) + "\r\n",
            "a long target": "GET /" + "x" * 9000 + " HTTP/1.1\r\nHost: x\r\n\r\n",
            "no HTTP at all": "hello\r\n\r\n"}.items():
        got, closed = raw(service, text)
        status = got.split(" ", 2)[1] if " " in got else ""
        expect(closed and (status.startswith(("4", "501")) or not got),
               f"{what}: closed={closed} {got[:300]}")
        expect(got.count("HTTP/1.1 ") <= 1, f"{what}: one answer only: {got[:600]}")
    expect_equal(rig.http(service.url + "/healthz")[0], 200, "and it still serves")


def unknown_paths_and_wrong_methods_are_named(place):
    service = rig.Service(place)
    status, headers, body = rig.http(service.url + "/nothing")
    expect_equal((status, headers["x-amzn-errortype"]), (404, "UnknownOperationException"))
    expect("/nothing" in json.loads(body)["message"], body)
    status, headers, body = rig.http(service.url + "/devices", "DELETE")
    expect_equal(status, 405, body)
    expect("x-amzn-requestid" in headers, headers)


def a_peer_that_never_finishes_costs_only_itself(place):
    service = rig.Service(place)
    slow = []
    for _ in range(200):
        s = socket.create_connection(("127.0.0.1", service.port))
        s.sendall(b"POST /ingest/oneclick HTTP/1.1\r\nHost: x\r\nContent-Le")
        slow.append(s)
    expect_equal(rig.http(service.url + "/healthz", timeout=5)[0], 200)
    for s in slow:
        s.close()


rig.run(globals())
