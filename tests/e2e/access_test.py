"""Who may do what: conditions as the aws command meets them, users and accounts, keys that
are changed without an outage, changes that are carried out once however often they are
sent, and a runaway script that is told to wait."""
import json
import os
import sqlite3
import subprocess
import threading
import time

import rig
from raw import send, signed
from rig import expect, expect_equal

DEVICE = "G030PM0123456789"
ACCOUNT = "000000000000"
OTHER = "111111111111"
BASE = f"arn:aws:iot1click:{rig.REGION}:{ACCOUNT}:"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action="iot1click:*", resource="*", **more):
    return dict({"Effect": "Allow", "Action": action, "Resource": resource}, **more)


def user(service, name, text, *more):
    """A user with this policy and a key that has none of its own."""
    path = service.place.write(name + ".json", text)
    service.command("user", "create", name, "--policy", path, *more)
    return key_of(service, name)


def key_of(service, name, *more):
    out = service.command("key", "create", "--user", name, *more).stdout
    return tuple(line.split("=", 1)[1] for line in out.splitlines())


def again(service, key):
    """What `aws` says with this key; refused(words) is the sentence of a denial."""
    return rig.Aws(service, key)


def records(service):
    with sqlite3.connect(f"file:{service.state}/oneclick.db?mode=ro", uri=True) as db:
        return [json.loads(r[0]) for r in db.execute("SELECT record FROM audit ORDER BY pos")]


def writes(service):
    """Of changes that were tried; what was only repeated is summed."""
    return [r for r in records(service)
            if not r["readOnly"] and "additionalEventData" not in r
            and r["eventType"] == "AwsApiCall"]


def projects(service, key):
    client = rig.botocore_client(service, key, "iot1click-projects")
    return sorted(p["projectName"] for p in client.list_projects()["projects"])


def code_of(call, **words):
    """The error code of a botocore call, None when it succeeds."""
    import botocore.exceptions
    try:
        call(**words)
    except botocore.exceptions.ClientError as e:
        return e.response["Error"]["Code"]
    return None


# ---- conditions ----

def an_address_decides(place):
    service = rig.Service(place)
    near = user(service, "near", document(allow(Condition={
        "IpAddress": {"aws:SourceIp": ["127.0.0.0/8", "::1"]}})))
    far = user(service, "far", document(allow(), {
        "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}))
    again(service, near).projects("list-projects")
    sentence = again(service, far).refused(
        "AccessDeniedException", "iot1click-projects", "list-projects")
    expect("statement 2 of its policy denies it" in sentence, sentence)


def tags_of_the_resource_and_of_the_user_decide(place):
    service = rig.Service(place)
    admin = again(service, service.key())
    admin.projects("create-project", "--project-name", "lobby", "--tags", "team=red")
    admin.projects("create-project", "--project-name", "attic", "--tags", "team=blue")
    admin.projects("create-project", "--project-name", "none")
    one = again(service, user(service, "rita", document(allow(Condition={
        "StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}})),
        "--tags", "team=red"))
    one.projects("describe-project", "--project-name", "lobby")
    for name in ("attic", "none", "unknown"):
        one.refused("AccessDeniedException", "iot1click-projects", "describe-project",
                    "--project-name", name)
    service.command("user", "tag", "rita", "--set", "team=blue")
    one.projects("describe-project", "--project-name", "attic")
    one.refused("AccessDeniedException", "iot1click-projects", "describe-project",
                "--project-name", "lobby")


def tags_of_the_request_decide(place):
    service = rig.Service(place)
    one = again(service, user(service, "tim", document(
        allow(["iot1click:CreateProject", "iot1click:TagResource", "iot1click:UntagResource"],
              Condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "room"]},
                         "StringEqualsIfExists": {"aws:RequestTag/team": "red"}}))))
    arn = BASE + "projects/"
    one.projects("create-project", "--project-name", "a", "--tags", "team=red,room=1")
    one.projects("create-project", "--project-name", "b")
    for tags in ("team=blue", "team=red,cost=1", "cost=1"):
        one.refused("AccessDeniedException", "iot1click-projects", "create-project",
                    "--project-name", "c", "--tags", tags)
    one.projects("tag-resource", "--resource-arn", arn + "b", "--tags", "room=2")
    one.projects("untag-resource", "--resource-arn", arn + "b", "--tag-keys", "room")
    one.refused("AccessDeniedException", "iot1click-projects", "untag-resource",
                "--resource-arn", arn + "b", "--tag-keys", "cost")


def a_user_has_a_folder_of_names_by_a_variable(place):
    service = rig.Service(place)
    text = document(allow("iot1click:*", BASE + "projects/${aws:username}-*"))
    for name, other in (("uma", "vic"), ("vic", "uma")):
        one = again(service, user(service, name, text))
        one.projects("create-project", "--project-name", name + "-1")
        one.refused("AccessDeniedException", "iot1click-projects", "describe-project",
                    "--project-name", other + "-1")


def time_and_transport_and_agent_decide(place):
    service = rig.Service(place)
    for name, condition, allowed in (
            ("past", {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, False),
            ("since", {"DateGreaterThan": {"aws:EpochTime": "1500000000"}}, True),
            ("tls", {"Bool": {"aws:SecureTransport": "true"}}, False),
            ("agent", {"StringLike": {"aws:UserAgent": "Botocore/*"}}, True),
            ("region", {"StringEquals": {"aws:RequestedRegion": rig.REGION}}, True),
            ("arn", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/arn"}}, True),
            ("who", {"StringEquals": {"aws:userid": ACCOUNT + ":who",
                                      "aws:PrincipalAccount": ACCOUNT}}, True)):
        client = rig.botocore_client(
            service, user(service, name, document(allow(Condition=condition))),
            "iot1click-projects")
        expect_equal(code_of(client.list_projects),
                     None if allowed else "AccessDeniedException", name)


def transport_decides_over_tls(place):
    cert, key_file = place.join("cert.pem"), place.join("key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-keyout", key_file, "-out", cert,
                    "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    text = document(allow(Condition={"Bool": {"aws:SecureTransport": "true"},
                                     "IpAddress": {"aws:SourceIp": "127.0.0.1"}}))
    service = rig.Service(place)
    key = user(service, "ann", text)
    again(service, key).refused("AccessDeniedException", "iot1click-projects",
                                "list-projects")
    service.process.close()
    rig.Process(place, "secure", [
        rig.ONECLICKD, "--listen", f"127.0.0.1:{service.port}", "--state", service.state,
        "--tls-cert", cert, "--tls-key", key_file], ready="oneclickd: ready on ")
    service.url = service.url.replace("http:", "https:")
    aws = again(service, key)
    aws.env["AWS_CA_BUNDLE"] = cert
    expect_equal(aws.projects("list-projects")["projects"], [])


def what_is_seldom_meant_is_told_when_it_is_said(place):
    service = rig.Service(place)
    path = place.write("all-but.json", document(
        {"Effect": "Allow", "NotAction": "iot1click:Unclaim*", "Resource": "*"}))
    for words in (["user", "create", "ann", "--policy", path],
                  ["key", "create", "--user", "bob", "--policy", path],
                  ["user", "policy", "ann", "--attach", path]):
        done = service.command(*words)
        expect("oneclickd: warning: all-but: Statement 1 allows all but" in done.stderr,
               done.stderr)


# ---- users and accounts ----

def two_accounts_see_nothing_of_each_other(place):
    service = rig.Service(place)
    service.register(DEVICE, code="C-1234567890")
    service.command("account", "create", "--account", OTHER, "--name", "Acme")
    mine = service.key("ann")
    theirs = service.key("ann", account=OTHER)
    clients = {k: {n: rig.botocore_client(service, k, "iot1click-" + n)
                   for n in ("devices", "projects")} for k in (mine, theirs)}
    clients[mine]["devices"].claim_devices_by_claim_code(ClaimCode="C-1234567890")
    clients[mine]["projects"].create_project(projectName="lobby")
    theirs_is = clients[theirs]
    expect_equal(theirs_is["devices"].list_devices()["Devices"], [])
    expect_equal(theirs_is["projects"].list_projects()["projects"], [])
    for call, words in (
            (theirs_is["devices"].describe_device, {"DeviceId": DEVICE}),
            (theirs_is["devices"].list_tags_for_resource,
             {"ResourceArn": BASE + "devices/" + DEVICE}),
            (theirs_is["projects"].describe_project, {"projectName": "lobby"}),
            (theirs_is["projects"].delete_project, {"projectName": "lobby"})):
        expect_equal(code_of(call, **words), "ResourceNotFoundException", str(words))
    theirs_is["projects"].create_project(projectName="lobby")
    expect_equal(projects(service, mine), ["lobby"])
    listed = service.command("account", "list").stdout.splitlines()
    expect_equal([line.split("\t")[:2] for line in listed], [[ACCOUNT, ""], [OTHER, "Acme"]])


def policies_belong_to_users_and_change_from_the_next_request_on(place):
    service = rig.Service(place)
    service.command("user", "create", "ann", "--tags", "team=red,room=1")
    key = key_of(service, "ann")
    client = rig.botocore_client(service, key, "iot1click-projects", retries=4)
    expect_equal(code_of(client.list_projects), "AccessDeniedException", "no policy yet")
    service.command("user", "policy", "ann", "--attach", "AWSIoT1ClickReadOnlyAccess")
    expect_equal(code_of(client.list_projects), None, "what reads")
    expect_equal(code_of(client.create_project, projectName="p"), "AccessDeniedException")
    path = place.write("make.json", document(allow("iot1click:CreateProject")))
    service.command("user", "policy", "ann", "--attach", path, "--as", "make")
    expect_equal(code_of(client.create_project, projectName="p"), None, "both together")
    deny = place.write("no.json", document(dict(allow("iot1click:List*"), Effect="Deny")))
    service.command("user", "policy", "ann", "--attach", deny)
    expect_equal(code_of(client.list_projects), "AccessDeniedException", "Deny wins")
    shown = json.loads(service.command("user", "show", "ann").stdout)
    expect_equal(shown["arn"], f"arn:aws:iam::{ACCOUNT}:user/ann")
    expect_equal(shown["tags"], {"team": "red", "room": "1"})
    expect_equal(list(shown["policies"]), ["AWSIoT1ClickReadOnlyAccess", "make", "no"])
    expect_equal([k["id"] for k in shown["keys"]], [key[0]])
    service.command("user", "policy", "ann", "--detach", "no")
    expect_equal(code_of(client.list_projects), None)
    own = key_of(service, "ann", "--policy", "AWSIoT1ClickFullAccess")
    expect_equal(code_of(rig.botocore_client(service, own, "iot1click-projects")
                         .delete_project, projectName="p"), None, "a key's own policy")


def a_change_of_policies_that_no_key_would_notice_is_refused(place):
    service = rig.Service(place)
    own = service.key("ann")
    for words in (["--attach", "AWSIoT1ClickReadOnlyAccess"], ["--detach", "x"]):
        done = service.command("user", "policy", "ann", *words, ok=False)
        expect_equal(done.returncode, 1, done.stdout)
        expect(f"This would change nothing: {own[0]}, all that user ann has in use, goes by a "
               "policy of its own" in done.stderr, done.stderr)
    plain = key_of(service, "ann")
    done = service.command("user", "policy", "ann", "--attach", "AWSIoT1ClickReadOnlyAccess")
    expect_equal(done.stderr, f"oneclickd: warning: {own[0]} of user ann still goes by a policy "
                 "of its own.\n")
    expect_equal(projects(service, plain), [])
    service.command("key", "revoke", own[0])
    done = service.command("user", "policy", "ann", "--detach", "AWSIoT1ClickReadOnlyAccess")
    expect_equal(done.stderr, "")
    done = service.command("user", "policy", "ann", "--detach", "x", "--as", "y", ok=False)
    expect_equal(done.returncode, 1)
    expect("--as names what --attach brings" in done.stderr, done.stderr)
    service.command("user", "tag", "ann", "--set", "a=1")
    for words, says in (
            (["policy", "ann", "--attach", "AWSIoT1ClickFullAccess", "--as", "y", "--detach",
              "y"], "name the same policy"),
            (["tag", "ann", "--set", "a=2", "--remove", "a"], "name the same tag")):
        done = service.command("user", *words, ok=False)
        expect_equal((done.returncode, says in done.stderr), (1, True), done.stderr)


def users_are_made_listed_and_forgotten(place):
    service = rig.Service(place)
    service.command("user", "create", "ann", "--policy", "AWSIoT1ClickFullAccess")
    service.command("user", "create", "ann", "--account", OTHER)
    expect("already has a user" in
           service.command("user", "create", "ann", ok=False).stderr, "twice")
    key = key_of(service, "ann")
    listed = [line.split("\t")[:3] for line in
              service.command("user", "list").stdout.splitlines()]
    expect_equal(listed, [[ACCOUNT, "ann", "AWSIoT1ClickFullAccess"], [OTHER, "ann", ""]])
    done = service.command("user", "delete", "ann", ok=False)
    expect(done.returncode == 1 and "revoke it first" in done.stderr, done.stderr)
    service.command("key", "revoke", key[0])
    service.command("user", "delete", "ann")
    expect("has no user" in service.command("user", "show", "ann", ok=False).stderr, "gone")
    for words, what in ((["user", "show"], "Which user"), (["user", "create", "a b"], "'a b'"),
                        (["user", "create", "x", "--tags", "team"], "KEY=VALUE"),
                        (["user", "policy", "x"], "--attach"),
                        (["user", "tag", "x"], "--set"),
                        (["user", "create", "x", "--policy", "Nonesuch"], "Nonesuch"),
                        (["key", "create", "--user", "nobody"], "--policy is missing"),
                        (["key", "rotate", "AKIANONE"], "AKIANONE"),
                        (["account", "create", "--account", OTHER], OTHER)):
        done = service.command(*words, ok=False)
        expect(done.returncode == 1 and what in done.stderr, f"{words}: {done.stderr}")


def a_key_is_rotated_without_an_outage(place):
    service = rig.Service(place)
    user(service, "ann", document(allow()))
    first = service.command("user", "show", "ann")
    old_id = json.loads(first.stdout)["keys"][0]["id"]
    service.command("key", "revoke", old_id)
    old = key_of(service, "ann")
    failed, stop, keys = [], threading.Event(), [old]

    def work():
        while not stop.is_set():
            client = rig.botocore_client(service, keys[-1], "iot1click-projects")
            code = code_of(client.list_projects)
            if code:
                failed.append(code)
    worker = threading.Thread(target=work)
    worker.start()
    out = service.command("key", "rotate", old[0]).stdout
    fresh = tuple(line.split("=", 1)[1] for line in out.splitlines())
    done = service.command("key", "rotate", fresh[0], ok=False)
    expect("has 2 access keys in use" in done.stderr, done.stderr)
    for key in (old, fresh):
        projects(service, key)
    keys.append(fresh)
    time.sleep(0.5)
    service.command("key", "revoke", old[0])
    time.sleep(0.3)
    stop.set()
    worker.join()
    expect_equal(failed, [], "refusals while the key changed")
    client = rig.botocore_client(service, old, "iot1click-projects")
    expect_equal(code_of(client.list_projects), "UnrecognizedClientException", "the old one")
    projects(service, fresh)


# ---- simulation ----

def a_simulation_says_what_would_be(place):
    service = rig.Service(place)
    admin = service.key("root", "AdministratorAccess")
    user(service, "ann", document(
        allow("iot1click:*", BASE + "projects/${aws:PrincipalTag/team}-*", Condition={
            "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        dict(allow("iot1click:DeleteProject"), Effect="Deny")), "--tags", "team=red")

    def ask(*words):
        done = subprocess.run(
            [rig.ONECLICK, "--endpoint", service.url, "--region", rig.REGION, "--output",
             "json", "policy", "simulate", *words], text=True, capture_output=True,
            env=place.environment(AWS_ACCESS_KEY_ID=admin[0],
                                  AWS_SECRET_ACCESS_KEY=admin[1]), timeout=60)
        return done.returncode, json.loads(done.stdout)["decision"] if done.stdout else \
            done.stderr
    red = BASE + "projects/red-1"
    near = "aws:SourceIp=10.1.2.3"
    expect_equal(ask("--user", "ann", "iot1click:DescribeProject", red, near), (0, "allowed"))
    expect_equal(ask("--user", "ann", "iot1click:DescribeProject", red), (5, "implicitDeny"))
    expect_equal(ask("--user", "ann", "iot1click:DescribeProject", BASE + "projects/blue-1",
                     near), (5, "implicitDeny"))
    expect_equal(ask("--user", "ann", "iot1click:DeleteProject", red, near),
                 (5, "explicitDeny"))
    path = place.write("draft.json", document(allow(Condition={
        "ForAllValues:StringLike": {"aws:TagKeys": ["a*", "b"]}})))
    expect_equal(ask(path, "iot1click:TagResource", red, "aws:TagKeys=ab", "aws:TagKeys=b"),
                 (0, "allowed"))
    expect_equal(ask(path, "iot1click:TagResource", red, "aws:TagKeys=ab", "aws:TagKeys=c"),
                 (5, "implicitDeny"))
    expect_equal(ask("--user", "ann", path, "iot1click:DeleteProject", red), (0, "allowed"))
    for words, status, what in (
            (["--user", "eve", "iot1click:ListDevices", "*"], 1, "eve"),
            (["--user", "ann", "iot1click:Press", "*"], 1, "iot1click:Press"),
            (["--user", "ann", "iot1click:ListDevices"], 2, "takes"),
            (["iot1click:ListDevices", "*"], 2, "Whom"),
            ([place.join("none.json"), "iot1click:ListDevices", "*"], 2, "none.json"),
            (["--user", "ann", "iot1click:ListDevices", "*", "x"], 2, "CONDITION=VALUE")):
        got = ask(*words)
        expect(got[0] == status and what in got[1], f"{words}: {got}")


def a_simulation_over_the_wire_takes_the_action_of_its_name(place):
    service = rig.Service(place)
    admin = service.key("root", "AdministratorAccess")
    rig.botocore_client(service, admin, "iot1click-projects").create_project(
        projectName="p", tags={"room": "hall"})
    body = json.dumps({"policies": [json.loads(document(allow(Condition={
        "StringEquals": {"aws:ResourceTag/room": "hall"}})))],
        "actions": ["iot1click:DescribeProject", "iot1click:DeleteProject"],
        "resources": [BASE + "projects/p", BASE + "projects/q"]}).encode()

    def ask(key, body=body):
        target, headers, _ = signed(service, key, "POST", "/policy/simulate", body)
        return send(service, "POST", target, headers, body)
    status, _, text = ask(admin)
    got = [(r["action"], r["resource"][-1], r["decision"]) for r in
           json.loads(text)["results"]]
    expect_equal((status, got), (200, [
        ("iot1click:DescribeProject", "p", "allowed"),
        ("iot1click:DeleteProject", "p", "allowed"),
        ("iot1click:DescribeProject", "q", "implicitDeny"),
        ("iot1click:DeleteProject", "q", "implicitDeny")]))
    expect_equal(ask(service.key("ann"))[:2], (403, "AccessDeniedException"))
    for bad, what in (({}, "actions"), ({"actions": ["x"]}, "'x'"), ({"action": []}, "actions"),
                      ({"actions": ["iot1click:ListDevices"]}, "Whom"),
                      ({"actions": ["iot1click:ListDevices"], "resources": ["p"]}, "'p'"),
                      ({"actions": ["iot1click:ListDevices"], "context": {"a:b": 1},
                        "user": "root"}, "a:b"),
                      ({"actions": ["iot1click:ListDevices"], "policies": ["{}"]},
                       "Statement")):
        status, problem, text = ask(admin, json.dumps(bad).encode())
        expect((status, problem) == (400, "InvalidRequestException") and what in text, text)
    expect_equal(projects(service, admin), ["p"], "nothing changed")


# ---- once only ----

def capture(service, key, method, target, body=None, query=False):
    """The bytes of a signed change, for sending them as often as one likes."""
    data = b"" if body is None else json.dumps(body).encode()
    target, headers, _ = signed(service, key, method, target, data, query=query)
    return method, target, headers, data


def replayed_changes_are_carried_out_once(place):
    service = rig.Service(place)
    key = service.key()
    made = [capture(service, key, "POST", "/projects", {"projectName": f"p{i:02}"})
            for i in range(25)]
    presigned = [capture(service, key, "DELETE", f"/projects/p{i:02}", query=True)
                 for i in range(15)]
    for bytes_ in made + presigned:
        expect_equal(send(service, *bytes_)[:2], (200, None))
    expect_equal(len(projects(service, key)), 10)
    audited = len(writes(service))
    expect_equal(send(service, *made[-1])[:2], (200, None), "the reply once more")
    expect_equal(len(writes(service)), audited, "nothing was done")
    rig.wait_for("a record that says what was repeated", lambda: any(
        r["eventName"] == "CreateProject" and r["additionalEventData"]["repeated"]
        for r in records(service) if "additionalEventData" in r))
    client = rig.botocore_client(service, key, "iot1click-projects", retries=4)
    for i in range(15, 25):
        client.delete_project(projectName=f"p{i:02}")
    client.create_project(projectName="p00", description="anew")
    time.sleep(5.2)
    refused = 0
    for _ in range(25):
        for bytes_ in made + presigned:
            status, problem, text = send(service, *bytes_)
            expect_equal((status, problem), (403, "InvalidSignatureException"), text)
            refused += 1
    expect("not carried out again" in text, text)
    expect_equal((refused, projects(service, key)), (1000, ["p00"]), "replays")
    service.process.close()
    service.start()
    for bytes_ in made[:3] + presigned[:3]:
        expect_equal(send(service, *bytes_)[0], 403, "after a restart")
    expect_equal(projects(service, key), ["p00"])


def without_the_check_the_same_bytes_are_carried_out_again(place):
    service = rig.Service(place, "--no-replay-check")
    key = service.key()
    bytes_ = capture(service, key, "POST", "/projects", {"projectName": "p"})
    expect_equal(send(service, *bytes_)[0], 200)
    expect_equal(send(service, *bytes_)[:2], (409, "ResourceConflictException"))


def reads_may_be_sent_again_as_often_as_one_likes(place):
    service = rig.Service(place)
    key = service.key()
    target, headers, _ = signed(service, key, "GET", "/projects")
    for i in range(20):
        expect_equal(send(service, "GET", target, headers)[0], 200)


def done_undone_and_done_again_within_a_second_is_done(place):
    """The first and the third request are the same bytes when they fall into one second;
    the client is asked to try again, and its next signature has another date."""
    service = rig.Service(place)
    key = service.key()
    client = rig.botocore_client(service, key, "iot1click-projects", retries=4)
    for i in range(6):
        client.create_project(projectName="p")
        client.delete_project(projectName="p")
    client.create_project(projectName="p")
    expect_equal(projects(service, key), ["p"])
    create = capture(service, key, "POST", "/projects", {"projectName": "x"})
    delete = capture(service, key, "DELETE", "/projects/x")
    for bytes_ in (create, delete):
        expect_equal(send(service, *bytes_)[0], 200)
    expect_equal(send(service, *create)[:2], (429, "TooManyRequestsException"))
    expect_equal(projects(service, key), ["p"])


def what_was_refused_is_refused_again_or_asked_for_anew(place):
    """A refusal is found out afresh; if it would be none now, nothing is done all the same."""
    service = rig.Service(place)
    key = service.key()
    update = capture(service, key, "PUT", "/projects/p", {"description": "d"})
    for _ in range(2):
        expect_equal(send(service, *update)[:2], (404, "ResourceNotFoundException"))
    client = rig.botocore_client(service, key, "iot1click-projects")
    client.create_project(projectName="p", description="first")
    expect_equal(send(service, *update)[:2], (429, "TooManyRequestsException"))
    expect_equal(client.describe_project(projectName="p")["project"]["description"], "first")


WRITES = [
    ("PUT", "/claims/C-1234567890", None), ("PUT", f"/devices/{DEVICE}/initiate-claim", None),
    ("PUT", f"/devices/{DEVICE}/finalize-claim", {}),
    ("PUT", f"/devices/{DEVICE}/state", {"enabled": True}),
    ("POST", f"/devices/{DEVICE}/methods", {
        "deviceMethod": {"deviceType": "button", "methodName": "getOnClickCallback"}}),
    ("PUT", f"/devices/{DEVICE}/unclaim", None),
    ("POST", "/projects", {"projectName": "p"}), ("PUT", "/projects/p", {"description": "d"}),
    ("POST", "/projects/p/placements", {"placementName": "q"}),
    ("PUT", "/projects/p/placements/q", {"attributes": {"a": "b"}}),
    ("PUT", "/projects/p/placements/q/devices/t", {"deviceId": DEVICE}),
    ("DELETE", "/projects/p/placements/q/devices/t", None),
    ("POST", "/tags/" + (BASE + "projects/p").replace(":", "%3A").replace("/", "%2F"),
     {"tags": {"a": "b"}}),
    ("DELETE", "/tags/" + (BASE + "projects/p").replace(":", "%3A").replace("/", "%2F") +
     "?tagKeys=a", None),
    ("DELETE", "/projects/p/placements/q", None), ("DELETE", "/projects/p", None)]


def every_change_answers_the_same_bytes_with_the_same_reply(place):
    """Refused ones too: what was refused is not tried a second time."""
    service = rig.Service(place)
    key = service.key()
    answers = []
    for method, path, body in WRITES:
        data = b"" if body is None else json.dumps(body).encode()
        target, headers, _ = signed(service, key, method, path, data)
        first = send(service, method, target, headers, data)
        audited = len(writes(service))
        expect_equal(send(service, method, target, headers, data), first, f"{method} {path}")
        expect_equal(len(writes(service)), audited, f"{method} {path}: records")
        answers.append(first[0])
    expect_equal(len(writes(service)), len(WRITES), "one record each")
    expect(200 in answers and 404 in answers, f"{answers}")


# ---- too often ----

def a_runaway_script_is_told_to_wait(place):
    service = rig.Service(place, "--throttle", "1")
    key, other = service.key(), service.key("eve", account=OTHER)
    target, headers, _ = signed(service, key, "GET", "/projects")
    got = [send(service, "GET", target, headers)[:2] for _ in range(3)]
    expect_equal(got, [(200, None)] * 2 + [(429, "TooManyRequestsException")])
    status, words, text = rig.http(service.url + target, headers=headers)
    expect_equal((status, words["retry-after"]), (429, "1"), text)
    expect("ListProjects more than 1 times a second" in text, text)
    target, headers, _ = signed(service, key, "GET", "/devices")
    expect_equal(send(service, "GET", target, headers)[0], 200, "another operation")
    projects(service, other)


def our_own_socket_is_not_held_back(place):
    rig.Process(place, "oneclickd", [
        rig.ONECLICKD, "--socket", place.join("socket"), "--state", place.join("own"),
        "--throttle", "1"], ready="oneclickd: ready on ")
    for i in range(20):
        done = subprocess.run(["curl", "-s", "--unix-socket", place.join("socket"), "-o",
                               "/dev/null", "-w", "%{http_code}", "http://local/projects"],
                              capture_output=True, text=True)
        expect_equal(done.stdout, "200", f"call {i}")


def the_aws_command_tries_again_when_it_is_told_to_wait(place):
    service = rig.Service(place, "--throttle", "1")
    key = service.key()
    target, headers, _ = signed(service, key, "GET", "/projects")
    stop = threading.Event()

    def flood():
        while not stop.is_set():
            send(service, "GET", target, headers)
    worker = threading.Thread(target=flood)
    worker.start()
    try:
        aws = rig.Aws(service, key)
        done = aws.run("iot1click-projects", "list-projects")
        aws.env["AWS_MAX_ATTEMPTS"] = "8"
        child = subprocess.Popen(
            [rig.AWS, "--debug", "--endpoint-url", service.url, "iot1click-projects",
             "list-projects"], env=aws.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True)
        time.sleep(2.0 * rig.SLOW)
    finally:
        stop.set()
        worker.join()
    out, err = child.communicate(timeout=60 * rig.SLOW)
    expect("TooManyRequestsException" in done.stderr, done.stderr)
    expect_equal(child.returncode, 0, err[-2000:])
    expect("TooManyRequestsException" in err, "it was told to wait at least once")
    expect_equal(json.loads(out)["projects"], [])


rig.run(globals())
