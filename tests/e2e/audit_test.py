"""Every request and every change has its record: those of strangers summed, none large,
none dropped without a word; and whoever changes, removes or cuts off records is found out."""
import contextlib
import errno
import json
import os
import pwd
import socket
import sqlite3
import subprocess
import time

import faults
import rig
from mail_server import MailServer
from rig import expect, expect_equal

DEVICE = "G030PM0123456789"


def records(service):
    with contextlib.closing(sqlite3.connect(
            f"file:{service.state}/oneclick.db?mode=ro", uri=True)) as db:
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


def every_change_of_the_operator_has_its_record(place):
    service = rig.Service(place)
    command, names = service.command, []
    key = command("key", "create", "--user", "bob", "--policy", "AWSIoT1ClickFullAccess")
    key_id = key.stdout.split("AWS_ACCESS_KEY_ID=")[1].split()[0]
    other = command("key", "rotate", key_id).stdout.split("AWS_ACCESS_KEY_ID=")[1].split()[0]
    command("key", "revoke", other)
    command("account", "create", "--account", "123456789012")
    command("user", "create", "eve", "--account", "123456789012", "--tags", "team=secret")
    command("user", "tag", "eve", "--account", "123456789012", "--set", "team=hidden")
    command("user", "policy", "eve", "--account", "123456789012", "--attach",
            "AWSIoT1ClickReadOnlyAccess")
    command("user", "delete", "eve", "--account", "123456789012")
    command("device", "register", DEVICE, "--claim-code", "C-1234567890")
    expect(command("user", "create", "bob", ok=False).returncode != 0, "twice")
    for words in (("key", "list"), ("user", "list"), ("account", "list"), ("audit", "verify")):
        command(*words)
    backup = place.join("fleet.backup")
    command("backup", backup)
    got = [r for r in records(service) if r["userIdentity"]["type"] == "Operator"]
    names = [r["eventName"] for r in got]
    expect_equal(names, [
        "CreateAccessKey", "RotateAccessKey", "RevokeAccessKey", "CreateAccount",
        "CreateUser", "TagUser", "PutUserPolicy", "DeleteUser", "RegisterDevice",
        "BackupStore"])
    expect_equal({(r["userIdentity"]["uid"], r["userIdentity"]["userName"]) for r in got},
                 {(os.getuid(), pwd.getpwuid(os.getuid()).pw_name)})
    expect_equal(got[0]["responseElements"], {"accessKeyId": key_id})
    expect_equal(got[4]["recipientAccountId"], "123456789012")
    for word in ("secret", "hidden", "C-1234567890"):
        expect(word not in json.dumps(got), f"{word} is in a record")
    service.process.close()
    command("restore", backup, "--replace")
    command("compact")
    names = [r["eventName"] for r in records(service)]
    expect_equal(names[-2:], ["RestoreStore", "CompactStore"])
    expect_equal((names.count("StartService"), names.count("UseAuditKey")), (1, 1))
    said = command("audit", "verify").stdout
    expect("signed from 1 on" in said, said)
    service.start()
    expect("were lost" not in service.process.errors(), service.process.errors())


def start_stop_and_reload_have_their_records(place):
    config = place.write("a.yaml", "claim-window: 10m\n")
    service = rig.Service(place, "--config", config)
    place.write("a.yaml", "claim-window: 20m\nprofiles: {}\n")
    service.process.child.send_signal(1)
    rig.wait_for("the reload's record", lambda: any(
        r["eventName"] == "ReloadSettings" for r in records(service)))
    service.process.close()
    got = {r["eventName"]: r for r in records(service)}
    expect_equal(got["ReloadSettings"]["requestParameters"]["changed"],
                 "claim-window, profiles")
    expect_equal(list(got), ["UseAuditKey", "StartService", "ReloadSettings", "StopService"])


def changes_are_as_many_as_their_records_after_a_kill(place):
    service = rig.Service(place)
    key = service.key()
    for round_ in range(3):
        client = rig.botocore_client(service, key, "iot1click-projects")
        for i in range(20):
            client.create_project(projectName=f"p{round_}-{i}")
        service.process.kill()
        service.start()
    with sqlite3.connect(f"file:{service.state}/oneclick.db?mode=ro", uri=True) as db:
        made = db.execute("SELECT count(*) FROM project").fetchone()[0]
    told = [r for r in records(service)
            if r["eventName"] == "CreateProject" and "errorCode" not in r]
    expect_equal((made, len(told)), (60, 60))
    service.command("audit", "verify")


# ---- tampering ----

def a_trail(place):
    """A stopped service's store with a dozen records, and how to bring it back."""
    service = rig.Service(place)
    key = service.key()
    client = rig.botocore_client(service, key, "iot1click-projects")
    for i in range(8):
        client.create_project(projectName=f"p{i}")
    service.process.close()
    path = os.path.join(service.state, "oneclick.db")
    with open(path, "rb") as f:
        whole = f.read()
    with open(os.path.join(service.state, "audit.head"), encoding="utf-8") as f:
        head = f.read()

    def bring_back():
        for name in ("oneclick.db-wal", "oneclick.db-shm"):
            if os.path.exists(os.path.join(service.state, name)):
                os.unlink(os.path.join(service.state, name))
        with open(path, "wb") as f:
            f.write(whole)

    def change(*statements):
        with sqlite3.connect(path) as link:
            for statement in statements:
                link.execute(statement)
        link.close()
    return service, head, bring_back, change


def whoever_tampers_with_the_records_is_found_out(place):
    service, head, bring_back, change = a_trail(place)
    last = "(SELECT max(pos) FROM audit)"
    copy = "INSERT INTO audit SELECT {0}, at, account, name, record, hash, sig FROM audit " \
           "WHERE pos = {1}"
    for what, statements in {
        "changed": ["UPDATE audit SET record = replace(record, 'p3', 'p9') WHERE "
                    "record LIKE '%p3%'"],
        "another time": ["UPDATE audit SET at = at + 1 WHERE pos = 4"],
        "the first": ["DELETE FROM audit WHERE pos = 1"],
        "the first few": ["DELETE FROM audit WHERE pos < 5"],
        "one of the middle": ["DELETE FROM audit WHERE pos = 5"],
        "the last": [f"DELETE FROM audit WHERE pos = {last}"],
        "the last, and the end moved": [
            f"DELETE FROM audit WHERE pos = {last}",
            f"UPDATE audit_end SET pos = {last}, hash = (SELECT hash FROM audit WHERE pos "
            f"= {last}), sig = (SELECT sig FROM audit WHERE pos = {last}) "
            "WHERE side = 'last'"],
        "all": ["DELETE FROM audit"],
        "all, and the ends": ["DELETE FROM audit", "DELETE FROM audit_end"],
        "one put in": [copy.format(f"{last} + 1", 3)],
        "two swapped": ["UPDATE audit SET pos = -1 WHERE pos = 4",
                        "UPDATE audit SET pos = 4 WHERE pos = 5",
                        "UPDATE audit SET pos = 5 WHERE pos = -1"],
        "renumbered": ["DELETE FROM audit WHERE pos = 5",
                       "UPDATE audit SET pos = -pos WHERE pos > 5",
                       "UPDATE audit SET pos = -pos - 1 WHERE pos < 0"],
        "without hashes": ["UPDATE audit SET hash = NULL, sig = NULL WHERE pos = 1"],
        "a false mark of age": [
            "INSERT INTO audit_end SELECT 'first', pos, at, pos, hash, sig FROM audit "
            "WHERE pos = 4", "DELETE FROM audit WHERE pos <= 4"],
        "unsigned": ["UPDATE audit SET sig = NULL", "UPDATE audit_end SET sig = NULL"],
    }.items():
        change(*statements)
        done = service.command("audit", "verify", ok=False)
        expect(done.returncode == 1, f"{what}: {done.stdout}")
        bring_back()
    done = service.command("audit", "verify", "--against", head.strip())
    expect("still there" in done.stdout, done.stdout)


def heads_tell_a_cut_a_replaced_and_a_restored_store_apart(place):
    service, old, bring_back, change = a_trail(place)
    path = os.path.join(service.state, "oneclick.db")
    backup = place.join("old.backup")
    service.command("backup", backup)
    service.start()
    service.process.close()
    with open(os.path.join(service.state, "audit.head"), encoding="utf-8") as f:
        heads = place.write("heads", "noise\n" + old + "Dec 01 host oneclickd: " + f.read())

    def refused(*words):
        done = service.command("audit", "verify", *words, ok=False)
        expect_equal(done.returncode, 1, done.stdout)
        return done.stderr
    said = service.command("audit", "verify", "--against", heads).stdout
    expect("noted are still there" in said, said)
    bring_back()  # an older copy, by hand
    said = refused("--against", heads)
    expect("older state of the store" in said, said)
    os.unlink(os.path.join(service.state, "audit.head"))
    expect("older state" in refused("--against", heads), "without the head beside it")
    service.start()
    service.process.close()
    said = refused("--against", heads)
    expect("is not the one of the head" in said or "older state" in said, said)
    service.command("restore", backup, "--replace")
    service.start()
    service.key("carol")
    service.key("dave")
    service.process.close()
    said = refused("--against", heads)
    expect("older backup was restored" in said, said)
    service.command("audit", "verify")
    os.rename(service.state, service.state + ".gone")
    service.start()
    service.process.close()
    said = refused("--against", heads)
    expect("another store" in said and "replaced" in said, said)
    wrong = place.write("wrong", "nothing here\n")
    expect("no head in it" in refused("--against", wrong), "a file without heads")


def a_start_says_what_the_store_has_lost(place):
    service, head, bring_back, change = a_trail(place)
    service.start()
    service.process.close()
    bring_back()
    service.start()
    service.process.close()
    said = service.process.errors()
    expect("audit records were lost" in said and "records are missing" in said, said)
    lost = [r for r in records(service) if r["eventName"] == "LoseAuditRecords"]
    expect(len(lost) == 1 and "records are missing" in lost[0]["errorMessage"], f"{lost}")


def a_key_that_others_may_read_is_refused_and_a_lost_one_is_said(place):
    service = rig.Service(place)
    service.process.close()
    path = os.path.join(service.state, "audit.key")
    expect_equal(os.stat(path).st_mode & 0o777, 0o600)
    os.chmod(path, 0o644)
    done = service.command("key", "create", "--user", "x", "--policy",
                           "AWSIoT1ClickFullAccess", ok=False)
    expect(done.returncode != 0 and "others may read" in done.stderr, done.stderr)
    expect_equal(service.command("key", "list").stdout, "")
    os.unlink(path)
    done = service.command("audit", "verify")
    expect("signatures were not checked" in done.stderr, done.stderr)
    service.start()
    service.process.close()
    expect_equal([r["eventName"] for r in records(service)].count("UseAuditKey"), 2)
    said = service.command("audit", "verify").stdout
    expect("signed from 4 on" in said, said)


def heads_are_sent_to_the_journal_a_file_and_a_webhook(place):
    receiver = rig.Receiver(place)
    heads = place.join("heads")
    config = place.write("a.yaml", f"""
audit-head:
  - journal: true
  - file: {heads}
  - webhook: {{url: "{receiver.url}"}}
""")
    service = rig.Service(place, "--config", config)
    rig.wait_for("a head by webhook", lambda: receiver.got)
    service.key()
    service.process.close()
    with open(heads, encoding="utf-8") as f:
        lines = f.read().splitlines()
    expect_equal(len(lines), 2, "the first and the last")
    expect_equal([json.loads(one.body)["auditHead"] for one in receiver.got], lines)
    expect_equal(service.process.errors().count("audit-head position="), 2)
    service.command("audit", "verify", "--against", heads)
    service.command("audit", "verify", "--against", lines[0])


def a_head_is_mailed_with_or_without_words_of_ones_own(place):
    mails = MailServer(place)
    to = f'url: "smtp://127.0.0.1:{mails.port}", starttls: none, from: a@example.org, ' \
         'to: b@example.org'
    config = place.write("a.yaml", f"""
audit-head:
  - mail: {{{to}}}
  - mail: {{{to}, subject: "Head of {{{{auditHead}}}}"}}
""")
    service = rig.Service(place, "--config", config)
    subjects = sorted(str(mail["Subject"]) for _, _, mail in mails.wait(2))
    expect("Head of" in subjects[0] and subjects[1] != subjects[0], f"{subjects}")
    service.process.close()
    service.command("audit", "verify", "--against",
                    mails.mails[0][2].get_content().strip().splitlines()[-1])


def a_head_that_cannot_be_sent_is_told_of_and_stops_nothing(place):
    receiver = rig.Receiver(place)
    receiver.answer = 500
    os.mkfifo(place.join("fifo"))
    config = place.write("a.yaml", f"""
audit-head:
  - file: {place.path}
  - file: {place.join("fifo")}
  - file: {place.join("none/heads")}
  - webhook: {{url: "{receiver.url}"}}
  - mail: {{url: "smtp://127.0.0.1:{rig.free_port()}", from: a@b.de, to: c@d.de}}
  - file: {place.join("heads")}
""")
    service = rig.Service(place, "--config", config)
    rig.wait_for("five refusals", lambda: service.process.errors().count(
        "the head of the audit records was not sent to") == 5)
    for name in (place.path, "fifo", "none/heads", "webhook", "mail"):
        expect(f"{name}, and will be in 60 s" in service.process.errors(),
               service.process.errors())
    service.process.close()
    with open(place.join("heads"), encoding="utf-8") as f:
        expect_equal(len(f.read().splitlines()), 2, "where it can be written")


def where_heads_go_is_checked_line_by_line(place):
    for line, says in {
            "audit-head: 3": "a list of at most 8 items",
            "audit-head: [" + "{journal: true}, " * 9 + "]": "a list of at most 8 items",
            "audit-head:\n  - pigeon: true": "journal, file, mail and webhook",
            "audit-head:\n  - journal": "journal, file, mail and webhook",
            "audit-head:\n  - {journal: true, file: /x}": "journal, file, mail and webhook",
            "audit-head:\n  - journal: no": "takes true",
            "audit-head:\n  - file: heads": "absolute path",
            "audit-head:\n  - file: [/x]": "absolute path",
            "audit-head:\n  - mail: true": "",
            "audit-head:\n  - mail: {url: 'smtp://h'}": "from",
            "audit-head:\n  - webhook: {}": "url",
            "audit-head:": None}.items():
        done = subprocess.run(
            [rig.ONECLICKD, "--check-config", "--config", place.write("b.yaml", line + "\n")],
            env=place.environment(), capture_output=True, text=True)
        expect_equal(done.returncode, 0 if says is None else 78, line + done.stderr)
        expect(not says or says in done.stderr, f"{line}: {done.stderr}")


# ---- a full disk ----

class Full:
    """A place whose disk is full when it is told to be, for the programs started in it."""

    def __init__(self, place, state="fleet"):
        self.place, self.plain = place, place.environment
        self.page = faults.Page(place, place.join(state))
        place.environment = self.environment

    def environment(self, **more):
        return self.page.environment(self.plain(**more), "write")

    def fill(self):
        self.page.fail("write", errno.ENOSPC, 1, faults.EVER)

    def clear(self):
        self.page.calm()


def without_strict_what_cannot_be_written_is_held_and_written_later(place):
    disk = Full(place)
    service = rig.Service(place)
    key = service.key()
    client = rig.botocore_client(service, key, "iot1click-devices")
    disk.fill()
    for _ in range(20):
        client.list_devices()
    rig.wait_for("a word in the log",
                 lambda: "audit records cannot be written" in service.process.errors())
    time.sleep(2.5)
    expect_equal(service.process.errors().count("audit records cannot be written"), 1)
    disk.clear()
    rig.wait_for("the records of the reads", lambda: occurrences(
        service, "ListDevices", None) == 20)
    service.process.close()
    service.command("audit", "verify")


def with_strict_no_read_is_answered_without_its_record(place):
    disk = Full(place)
    service = rig.Service(place, "--audit", "strict")
    key = service.key()
    client = rig.botocore_client(service, key, "iot1click-devices")
    client.list_devices()
    disk.fill()
    for _ in range(3):
        try:
            client.list_devices()
            raise rig.Failed("it was answered")
        except client.exceptions.ClientError as refusal:
            expect_equal(refusal.response["Error"]["Code"], "ServiceUnavailableException")
            expect("audit record of this request cannot be written" in str(refusal),
                   str(refusal))
    disk.clear()
    rig.wait_for("an answer", lambda: answers(client))
    service.process.close()
    expect(occurrences(service, "ListDevices", "ServiceUnavailableException") >= 3,
           "the refusals have their records")
    service.command("audit", "verify")


def answers(client):
    try:
        client.list_devices()
        return True
    except client.exceptions.ClientError:
        time.sleep(0.2)
        return False


rig.run(globals())
