"""Every request and every change has its record: those of strangers summed, none large,
none dropped without a word; and whoever changes, removes or cuts off records is found out."""
import json
import os
import socket
import sqlite3
import time

import rig
from rig import expect, expect_equal

DEVICE = "G030PM0123456789"


def records(service):
    with sqlite3.connect(f"file:{service.state}/oneclick.db?mode=ro", uri=True) as db:
        return [json.loads(r[0]) for r in db.execute("SELECT record FROM audit ORDER BY pos")]


def occurrences(service, name, error):
    """How many refusals of this kind the records tell of."""
    return sum(r.get("additionalEventData", {}).get("count", 1) for r in records(service)
               if r["eventName"] == name and r.get("errorCode") == error)


def raw(service, data):
    """Sends bytes on a connection of their own; the first line of the answer."""
    with socket.create_connection(("127.0.0.1", service.port)) as link:
        link.settimeout(20 * rig.SLOW)
        link.sendall(data)
        got = b""
        while b"\r\n" not in got:
            more = link.recv(4096)
            if not more:
                break
            got += more
        return got.split(b"\r\n")[0].decode()


def each_kind_of_refusal_has_its_record(place):
    service = rig.Service(place, "--throttle", "1")
    key = service.key()
    service.register(DEVICE)
    head = "Host: x\r\nConnection: close\r\n"
    for what, name, error, ask in (
        ("unsigned", "ListDevices", "MissingAuthenticationTokenException",
         lambda: rig.http(service.url + "/devices")),
        ("unsigned change", "CreateProject", "MissingAuthenticationTokenException",
         lambda: rig.http(service.url + "/projects", "POST", b'{"projectName": "p"}')),
        ("half signed", "ListProjects", "IncompleteSignatureException",
         lambda: rig.http(service.url + "/projects", headers={
             "Authorization": "AWS4-HMAC-SHA256 Credential=x"})),
        ("no such path", "UnknownOperation", "UnknownOperationException",
         lambda: rig.http(service.url + "/nothing/here")),
        ("wrong method", "UnknownOperation", "MethodNotAllowedException",
         lambda: rig.http(service.url + "/devices", "DELETE")),
        ("no such AWS operation", "UnknownOperation", "UnknownOperationException",
         lambda: rig.http(service.url + "/", "POST", b"{}", {
             "X-Amz-Target": "com.amazonaws.CloudTrail_20131101.Frobnicate"})),
        ("CloudTrail unsigned", "LookupEvents", "MissingAuthenticationTokenException",
         lambda: rig.http(service.url + "/", "POST", b"{}", {
             "X-Amz-Target": "com.amazonaws.CloudTrail_20131101.LookupEvents"})),
        ("CloudWatch unsigned", "ListMetrics", "MissingAuthenticationToken",
         lambda: rig.http(service.url + "/", "POST", b"Action=ListMetrics", {
             "Content-Type": "application/x-www-form-urlencoded"})),
        ("an extra unsigned", "ListRecords", "MissingAuthenticationTokenException",
         lambda: rig.http(service.url + "/records")),
        ("the stream unsigned", "StreamEvents", "MissingAuthenticationTokenException",
         lambda: rig.http(service.url + "/stream")),
        ("the stream by POST", "StreamEvents", "MethodNotAllowedException",
         lambda: rig.http(service.url + "/stream", "POST")),
        ("a press without a token", "IngestEvent", "MissingAuthenticationTokenException",
         lambda: rig.http(service.url + "/ingest/oneclick", "POST", b"{}")),
        ("a press with a wrong one", "IngestEvent", "ForbiddenException",
         lambda: rig.press(service, "wrong", DEVICE)),
        ("a press of no form", "IngestEvent", "InvalidRequestException",
         lambda: rig.http(service.url + "/ingest/oneclick", "POST", b"{",
                          {"Authorization": "Bearer x"})),
        ("smuggling", "UnreadableRequest", "InvalidRequestException",
         lambda: raw(service, f"POST /devices HTTP/1.1\r\n{head}Content-Length: 5\r\n"
                              "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode())),
        ("no host", "UnreadableRequest", "InvalidRequestException",
         lambda: raw(service, b"GET /devices HTTP/1.1\r\nConnection: close\r\n\r\n")),
        ("a method of no one's", "UnreadableRequest", "NotImplementedException",
         lambda: raw(service, f"BREW /devices HTTP/1.1\r\n{head}\r\n".encode())),
        ("a long body", "UnreadableRequest", "RequestEntityTooLargeException",
         lambda: raw(service, f"POST /projects HTTP/1.1\r\n{head}"
                              "Content-Length: 99999999\r\n\r\n".encode())),
        ("a long target", "UnreadableRequest", "RequestUriTooLongException",
         lambda: raw(service, f"GET /{'a' * 9000} HTTP/1.1\r\n{head}\r\n".encode())),
    ):
        before = occurrences(service, name, error)
        ask()
        rig.wait_for(f"the record of {what}",
                     lambda: occurrences(service, name, error) > before or
                     what in ("no host", "no such AWS operation"))
    client = rig.botocore_client(service, key, "iot1click-projects")
    throttled = 0
    for _ in range(8):
        try:
            client.list_projects()
        except client.exceptions.TooManyRequestsException:
            throttled += 1
    expect(throttled > 0, "none was too often")
    rig.wait_for("the record of throttled calls", lambda: occurrences(
        service, "ListProjects", "TooManyRequestsException"))
    service.process.close()
    expect_equal(occurrences(service, "ListProjects", "TooManyRequestsException"), throttled)
    expect_equal(occurrences(service, "UnreadableRequest", "InvalidRequestException"), 2)
    expect_equal(occurrences(service, "UnknownOperation", "UnknownOperationException"), 2)
    by = [r for r in records(service) if r.get("errorCode") == "TooManyRequestsException"]
    expect_equal({r["userIdentity"].get("userName") for r in by}, {"alice"}, "who it was")


def a_flood_of_strangers_costs_little_and_is_counted_exactly(place):
    service = rig.Service(place)
    head = "GET /devices HTTP/1.1\r\nHost: x\r\n" + "".join(
        f"X-Filler-{i}: {'f' * 950}\r\n" for i in range(6)) + \
        f"User-Agent: {'u' * 1200}\r\n\r\n"
    count, size = 10000, lambda: sum(
        os.path.getsize(os.path.join(service.state, name))
        for name in os.listdir(service.state) if name.startswith("oneclick.db"))
    before = size()
    for _ in range(100):
        with socket.create_connection(("127.0.0.1", service.port)) as link:
            link.settimeout(20 * rig.SLOW)
            link.sendall(head.encode() * (count // 100))
            got = b""
            while got.count(b"HTTP/1.1 403") < count // 100:
                more = link.recv(65536)
                expect(more, "the service hung up")
                got += more
    service.process.close()
    expect_equal(occurrences(service, "ListDevices", "MissingAuthenticationTokenException"),
                 count)
    cost = sum(len(json.dumps(r)) for r in records(service))
    expect(cost < 64 * 1024, f"{cost} bytes of records")
    expect(size() - before < 1024 * 1024, f"{size() - before} bytes of store")


rig.run(globals())
