"""The ways out, each with a real other side: an SMTP server, a broker, programs, and
recorders of HTTP whose signatures botocore computes anew."""
import json
import logging
import os
import ssl
import subprocess
import time
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials

import rig
from mail_server import MailServer
from rig import expect, expect_equal

DEVICE = "G030PM0123456789"
CODE = "C-1234567890"
FUNCTION = "arn:aws:lambda:us-west-2:000000000000:function:"
SMS, MAIL = FUNCTION + "iot1click_onclick_sms", FUNCTION + "iot1click_onclick_email"
PROJECT, PLACEMENT = "SalesPersonNotification", "customer217"
AKID, SECRET_KEY = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # refused handshakes are wanted
SIGN_OFF = f"\n(DSN: {DEVICE}, SINGLE)"


def secret(place, name, text):
    path = place.write(name, text)
    os.chmod(path, 0o600)
    return path


class Office:
    """One button, placed in a project whose presses call a function, and destinations."""

    def __init__(self, place, function, defaults, attributes, *destinations, port=0,
                 **sections):
        self.place = place
        config = secret(place, "oneclick.yaml", json.dumps(
            dict(destinations=list(destinations), **sections)))
        self.service = rig.Service(place, "--config", config, port=port)
        self.token = self.service.register(DEVICE, code=CODE)[DEVICE]
        self.key = self.service.key()
        devices = rig.botocore_client(self.service, self.key, "iot1click-devices", 3)
        devices.claim_devices_by_claim_code(ClaimCode=CODE)
        devices.update_device_state(DeviceId=DEVICE, Enabled=True)
        projects = rig.botocore_client(self.service, self.key, "iot1click-projects", 3)
        projects.create_project(projectName=PROJECT, placementTemplate={
            "defaultAttributes": defaults,
            "deviceTemplates": {"request": {"deviceType": "button", "callbackOverrides": {
                "onClickCallback": function}}}})
        projects.create_placement(
            projectName=PROJECT, placementName=PLACEMENT, attributes=attributes)
        projects.associate_device_with_placement(
            projectName=PROJECT, placementName=PLACEMENT, deviceTemplateName="request",
            deviceId=DEVICE)

    def press(self, **more):
        status, _, body = rig.press(self.service, self.token, DEVICE, **more)
        expect_equal(status, 200, body)
        return json.loads(body)["eventId"]

    def deliveries(self, state):
        request = botocore.awsrequest.AWSRequest(
            "GET", f"{self.service.url}/deliveries?state={state}")
        botocore.auth.SigV4Auth(botocore.credentials.Credentials(*self.key), "iot1click",
                                rig.REGION).add_auth(request)
        status, _, body = rig.http(request.url, headers=dict(request.prepare().headers))
        expect_equal(status, 200, body)
        return json.loads(body)["deliveries"]

    def error(self, state):
        """Why the one delivery in this state stands there."""
        got = rig.wait_for(f"one {state} delivery", lambda: [
            d for d in self.deliveries(state) if d["error"]])
        return got[0]["error"]


def refused(place, says, *destinations):
    """The service does not start with such a configuration, and says why and where."""
    config = secret(place, "bad.yaml", json.dumps(dict(destinations=list(destinations))))
    done = subprocess.run(
        [rig.ONECLICKD, "--listen", f"127.0.0.1:{rig.free_port()}", "--state",
         place.join("never"), "--config", config], env=place.environment(),
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60 * rig.SLOW)
    expect(done.returncode != 0 and says in done.stderr, f"{done.returncode} {done.stderr}")
    expect("bad.yaml" in done.stderr or "line 1" in done.stderr, done.stderr)


# ---- SMS --------------------------------------------------------------------------------

SALES = {"message": "Sales call from {{Customer}}", "phoneNumber": "+15550000"}
CUSTOMER = {"Customer": "Ünal & Sons", "phoneNumber": "+1 (555) 010-0"}


def a_press_sends_the_customers_name_to_the_salespersons_number(place):
    """Send SMS of the wizard, with a gateway and nothing else configured."""
    gateway = rig.Receiver(place)
    password = secret(place, "password", "hunter2\n")
    office = Office(place, SMS, SALES, CUSTOMER, {"sms": {
        "url": gateway.url + "?v=1", "user": "AC123", "password-file": password,
        "form": {"From": "+15559999", "To": "{{phoneNumber}}", "Body": "{{message}}"}}})
    office.press()
    one = gateway.wait(1)[0]
    expect_equal((one.method, one.target), ("POST", "/clicks?v=1"))
    expect_equal(one.headers["content-type"], "application/x-www-form-urlencoded")
    expect_equal(one.headers["authorization"], "Basic QUMxMjM6aHVudGVyMg==")
    expect_equal(urllib.parse.parse_qs(one.body.decode(), strict_parsing=True), {
        "From": ["+15559999"], "To": ["+1 (555) 010-0"],
        "Body": ["Sales call from Ünal & Sons" + SIGN_OFF]})


def a_placement_without_a_number_is_a_dead_letter_that_says_so(place):
    gateway = rig.Receiver(place)
    office = Office(place, SMS, {"message": "x"}, {}, {"sms": {"url": gateway.url}})
    office.press()
    why = office.error("dead")
    expect("phoneNumber" in why and PLACEMENT in why and PROJECT in why, why)
    expect_equal(gateway.got, [])


# ---- mail -------------------------------------------------------------------------------

def openssl(*words):
    done = subprocess.run(["/usr/bin/openssl", *words], capture_output=True, text=True,
                          timeout=60)
    expect_equal(done.returncode, 0, f"openssl {' '.join(words)}: {done.stderr}")


class Authority:
    """A certificate authority of our own, and a server's certificate for localhost."""

    def __init__(self, place, host="localhost"):
        self.ca, key = place.join("ca.pem"), place.join("ca.key")
        self.cert, self.key = place.join("server.pem"), place.join("server.key")
        new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        openssl(*new, "-x509", "-keyout", key, "-out", self.ca, "-subj", "/CN=Ours",
                "-days", "2")
        openssl(*new, "-keyout", self.key, "-out", place.join("csr"), "-subj",
                f"/CN={host}")
        names = place.write("names", f"subjectAltName=DNS:{host}\n")
        openssl("x509", "-req", "-in", place.join("csr"), "-CA", self.ca, "-CAkey", key,
                "-CAcreateserial", "-out", self.cert, "-days", "2", "-extfile", names)

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context


LETTER = {"email": "ann@example.org", "subject": "{{Room}} – dirty",
          "body": "Room {{Room}}:\n.\n{{*}}"}


def mail_to(server, **more):
    return {"mail": {"url": f"smtp://localhost:{server.port}",
                     "from": "buttons@example.com", **more}}


def a_press_sends_a_mail_over_starttls_with_a_password(place):
    """Send email of the wizard."""
    authority = Authority(place)
    server = MailServer(place, tls=authority.context(), require_starttls=True,
                        auth_required=True)
    office = Office(place, MAIL, LETTER, {"Room": "Zürich 2.37"}, mail_to(
        server, **{"ca-file": authority.ca, "user": "buttons",
                   "password-file": secret(place, "password", "open sesame\n")}))
    event_id = office.press(eventId="e-7")
    session, envelope, mail = server.wait(1)[0]
    expect(session.ssl and session.authenticated, "in the clear, or by a stranger")
    expect_equal((envelope.mail_from, envelope.rcpt_tos),
                 ("buttons@example.com", ["ann@example.org"]))
    expect_equal((mail["From"], mail["To"]), ("buttons@example.com", "ann@example.org"))
    expect_equal(mail["Subject"], "Zürich 2.37 – dirty")
    expect_equal(mail["Message-ID"], f"<{DEVICE}-{event_id}@example.com>")
    expect(abs(mail["Date"].datetime.timestamp() - time.time()) < 600, mail["Date"])
    text = mail.get_content().replace("\r\n", "\n")
    attributes = dict(LETTER, Room="Zürich 2.37")
    head, rest = text.split("\n{", 1)
    expect_equal(head, "Room Zürich 2.37:\n.")
    expect_equal({k: v for k, v in json.loads("{" + rest.split("}\n")[0] + "}").items()
                  if k in ("Room", "email")},
                 {k: attributes[k] for k in ("Room", "email")})
    expect(text.rstrip().endswith(SIGN_OFF.strip()), text)
    expect(all(byte < 128 for byte in envelope.content), "8 bits on the wire")


def nothing_is_sent_where_there_is_no_starttls(place):
    plain = MailServer(place)
    office = Office(place, MAIL, LETTER, {}, mail_to(plain))
    office.press()
    why = office.error("waiting")
    expect("STARTTLS" in why or "SSL" in why, why)
    expect_equal(plain.mails, [])


def a_certificate_of_a_stranger_is_not_believed(place):
    server = MailServer(place, tls=Authority(place).context())
    office = Office(place, MAIL, LETTER, {}, mail_to(server))
    office.press()
    why = office.error("waiting")
    expect("certificate" in why, why)
    expect_equal(server.mails, [])


def a_certificate_of_another_host_is_not_believed(place):
    authority = Authority(place, "mail.example.net")
    server = MailServer(place, tls=authority.context())
    office = Office(place, MAIL, LETTER, {}, mail_to(server, **{"ca-file": authority.ca}))
    office.press()
    why = office.error("waiting")
    expect("localhost" in why or "certificate" in why, why)
    expect_equal(server.mails, [])


def a_server_on_this_machine_may_do_without_tls(place):
    server = MailServer(place)
    office = Office(place, MAIL, LETTER, {"subject": "a\r\nBcc: eve@example.net\r\n\r\nhi"},
                    mail_to(server, starttls="none"))
    office.press()
    _, envelope, mail = server.wait(1)[0]
    expect_equal(envelope.rcpt_tos, ["ann@example.org"])
    expect(mail["Bcc"] is None and "Bcc: eve@example.net" in mail["Subject"], str(mail))


def a_mail_that_was_taken_is_not_sent_again(place):
    server = MailServer(place)
    office = Office(place, MAIL, LETTER, {}, mail_to(server, starttls="none"))
    office.press()
    server.wait(1)
    time.sleep(4)  # a second attempt would come after one or two
    expect_equal((len(server.mails), office.deliveries("waiting")), (1, []))


def a_recipient_the_server_does_not_know_is_a_dead_letter(place):
    server = MailServer(place)
    office = Office(place, MAIL, LETTER, {"email": "nobody@example.org"},
                    mail_to(server, starttls="none"))
    office.press()
    why = office.error("dead")
    expect("550 5.1.1 No such user here" in why, why)


def what_is_no_address_never_reaches_the_server(place):
    server = MailServer(place)
    office = Office(place, MAIL, LETTER, {"email": "ann@example.org>\r\nRCPT TO:<eve@x"},
                    mail_to(server, starttls="none"))
    office.press()
    why = office.error("dead")
    expect("no mail address" in why and PLACEMENT in why, why)
    expect_equal(server.mails, [])


def a_busy_server_gets_the_same_message_again(place):
    server = MailServer(place, lambda n: "451 4.3.0 Later" if n == 1 else "250 OK")
    office = Office(place, MAIL, LETTER, {}, mail_to(server, starttls="none"))
    office.press()
    (_, one, _), (_, two, _) = server.wait(2)
    expect_equal(one.content, two.content, "the repeat")


def a_wrong_password_is_said(place):
    authority = Authority(place)
    server = MailServer(place, tls=authority.context(), auth_required=True)
    office = Office(place, MAIL, LETTER, {}, mail_to(
        server, **{"ca-file": authority.ca, "user": "buttons",
                   "password-file": secret(place, "password", "wrong\n")}))
    office.press()
    why = office.error("dead")
    expect("535" in why, why)
    expect_equal(server.mails, [])


# ---- AWS --------------------------------------------------------------------------------

def credentials_file(place):
    return secret(place, "credentials", f"""
[default]
aws_access_key_id = NOTME
aws_secret_access_key = no
[callbacks]
aws_access_key_id = {AKID}
aws_secret_access_key = {SECRET_KEY}
aws_session_token = FwoGZXIvYXdzEXAMPLE==
""")


def expect_signed(one, service, region):
    """Computes the signature anew, from what came, with botocore's own signer."""
    scheme, _, rest = one.headers["authorization"].partition(" ")
    given = dict(part.split("=", 1) for part in rest.split(", "))
    stamp = one.headers["x-amz-date"]
    expect_equal(scheme, "AWS4-HMAC-SHA256")
    expect_equal(given["Credential"], f"{AKID}/{stamp[:8]}/{region}/{service}/aws4_request")
    signed = given["SignedHeaders"].split(";")
    expect({"host", "x-amz-date", "x-amz-security-token", "content-type"} <= set(signed),
           given["SignedHeaders"])
    request = botocore.awsrequest.AWSRequest(
        one.method, f"http://{one.headers['host']}{one.target}",
        headers={name: one.headers[name] for name in signed}, data=one.body)
    request.context["timestamp"] = stamp
    signer = botocore.auth.SigV4Auth(
        botocore.credentials.Credentials(AKID, SECRET_KEY), service, region)
    text = signer.string_to_sign(request, signer.canonical_request(request))
    expect_equal(given["Signature"], signer.signature(text, request), "signature")


def lambda_is_invoked_with_a_signature_that_botocore_computes_too(place):
    aws = rig.Receiver(place)
    aws.answer = 202
    office = Office(place, "arn:aws:lambda:eu-west-1:000000000000:function:door:live", {},
                    {"Room": "237"}, {"match": "arn:aws:lambda:*", "lambda": {
                        "endpoint": aws.url.removesuffix("/clicks"),
                        "credentials-file": credentials_file(place),
                        "profile": "callbacks"}})
    office.press()
    one = aws.wait(1)[0]
    expect_equal(one.target, "/2015-03-31/functions/door%3Alive/invocations")
    expect_equal(one.headers["x-amz-invocation-type"], "Event")
    expect_signed(one, "lambda", "eu-west-1")
    event = json.loads(one.body)
    expect_equal(event["placementInfo"]["attributes"], {"Room": "237"})


def a_function_named_by_its_arn_is_signed_as_the_arn_is_encoded(place):
    aws = rig.Receiver(place)
    arn = "arn:aws:lambda:ap-northeast-1:000000000000:function:door"
    Office(place, SMS, {}, {}, {"match": "*", "lambda": {
        "endpoint": aws.url, "function": arn, "invocation": "RequestResponse",
        "credentials-file": credentials_file(place), "profile": "callbacks"}}).press()
    one = aws.wait(1)[0]
    expect_equal(one.target, "/clicks/2015-03-31/functions/"
                 + urllib.parse.quote(arn, safe="") + "/invocations")
    expect_signed(one, "lambda", "ap-northeast-1")


def a_function_that_fails_is_called_again(place):
    aws = rig.Receiver(place)
    aws.answer = lambda n, one: (200, {"X-Amz-Function-Error": "Unhandled"}) if n == 1 \
        else 200
    office = Office(place, FUNCTION + "door", {}, {}, {"lambda": {
        "endpoint": aws.url.removesuffix("/clicks"), "invocation": "RequestResponse"}})
    office.press()
    aws.wait(2)
    expect("authorization" not in aws.got[0].headers, "signed without keys")
    rig.wait_for("nothing to wait", lambda: not office.deliveries("waiting"))


def sns_publishes_with_a_signature_that_botocore_computes_too(place):
    aws = rig.Receiver(place)
    office = Office(place, SMS, SALES, CUSTOMER, {"sns": {
        "region": "us-east-1", "endpoint": aws.url.removesuffix("/clicks"),
        "credentials-file": credentials_file(place), "profile": "callbacks"}})
    office.press()
    one = aws.wait(1)[0]
    expect_equal(one.target, "/")
    expect_signed(one, "sns", "us-east-1")
    expect_equal(urllib.parse.parse_qs(one.body.decode(), strict_parsing=True), {
        "Action": ["Publish"], "Version": ["2010-03-31"],
        "PhoneNumber": ["+1 (555) 010-0"],
        "Message": ["Sales call from Ünal & Sons" + SIGN_OFF]})


# ---- programs ---------------------------------------------------------------------------

def script(place, text):
    """A program that the user it runs as may read, and a file that it may write."""
    os.chmod(place.path, 0o755)
    output = place.write("output", "")
    os.chmod(output, 0o666)
    path = place.write("program", f"#!/bin/sh\n{text.format(output=output)}\n")
    os.chmod(path, 0o755)
    user = {"user": "nobody"} if os.geteuid() == 0 else {}
    return {"match": "*", "exec": {"command": [path, "-v"], **user}}, output


def a_press_runs_a_program_with_the_event_on_its_standard_input(place):
    program, output = script(place, '{{ id -u; echo "$# $1 $ONECLICK_EVENT_ID"; cat; }} '
                             '> {output}')
    evil = {"$(id)": "`id`; id", "q": "'\"\n-o"}
    office = Office(place, FUNCTION + "door", {}, evil, program)
    os.mkdir(place.join("open"))
    os.chmod(place.join("open"), 0o777)
    event_id = office.press(eventId=f"$(touch {place.join('open/x')})")

    def said():
        with open(output, encoding="utf-8") as f:
            return f.read()
    rig.wait_for("the program", lambda: said().endswith("}"))
    uid, words, event = said().split("\n", 2)
    expect(int(uid) != 0, "it ran as root")
    expect_equal(words, "1 -v " + event_id)
    expect_equal(json.loads(event)["placementInfo"]["attributes"], evil)
    expect_equal(os.listdir(place.join("open")), [], "data was run")


def a_program_that_asks_for_it_is_run_again(place):
    program, output = script(
        place, 'echo once >> {output}; test $(wc -l < {output}) -ge 2 || exit 75')
    office = Office(place, FUNCTION + "door", {}, {}, program)
    office.press()
    rig.wait_for("the second run", lambda: os.path.getsize(output) == 10)
    rig.wait_for("nothing to wait", lambda: not office.deliveries("waiting"))
    expect_equal(office.deliveries("dead"), [])


def a_program_that_cannot_use_it_is_not_run_again(place):
    program, _ = script(place, "echo the room is unknown >&2; exit 65")
    office = Office(place, FUNCTION + "door", {}, {}, program)
    office.press()
    why = office.error("dead")
    expect("ended with 65" in why and "the room is unknown" in why, why)


# ---- MQTT -------------------------------------------------------------------------------

class SafeBroker:
    """A real mosquitto with TLS and a password."""

    def __init__(self, place, authority):
        self.port, self.child = rig.free_port(), None
        passwords = place.join("passwords")
        subprocess.run(["/usr/bin/mosquitto_passwd", "-b", "-c", passwords, "buttons",
                        "open sesame"], check=True, timeout=60, capture_output=True)
        config = place.write("safe.conf", f"""
user root
listener {self.port} 127.0.0.1
allow_anonymous false
password_file {passwords}
certfile {authority.cert}
keyfile {authority.key}
""")
        self.child = subprocess.Popen(["/usr/sbin/mosquitto", "-c", config],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        place.closing.append(self)
        self.listener = None
        self.words = ["-h", "localhost", "-p", str(self.port), "-u", "buttons", "-P",
                      "open sesame", "--cafile", authority.ca, "-q", "1"]

    def listen(self, place, topic):
        """mosquitto's own client; the first message's topic and payload, when it is asked."""
        def begin():
            self.listener = subprocess.Popen(
                ["/usr/bin/stdbuf", "-oL", "/usr/bin/mosquitto_sub", *self.words, "-t",
                 topic, "-C", "1", "-v", "-d"],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            for line in self.listener.stdout:
                if "SUBACK" in line:
                    return True
            return False
        rig.wait_for("the listener", begin)

    def heard(self):
        lines, _ = self.listener.communicate(timeout=20 * rig.SLOW)
        return [line for line in lines.splitlines() if "{" in line][0].split(" ", 1)

    def close(self):
        for child in filter(None, (self.listener, self.child)):
            if child.poll() is None:
                child.terminate()
                child.wait(10)
        if self.listener:
            self.listener.stdout.close()


def a_press_is_published_over_tls_with_a_password(place):
    authority = Authority(place)
    broker = SafeBroker(place, authority)
    broker.listen(place, "home/#")
    office = Office(place, FUNCTION + "door", {}, {"Room": "2.37"}, {"match": "*", "mqtt": {
        "url": f"mqtts://localhost:{broker.port}", "ca-file": authority.ca,
        "user": "buttons", "topic": "home/{{Room}}/{{clickType}}",
        "password-file": secret(place, "password", "open sesame\n")}})
    office.press()
    topic, event = broker.heard()
    expect_equal(topic, "home/2.37/SINGLE")
    expect_equal(json.loads(event)["deviceInfo"]["deviceId"], DEVICE)


def a_broker_with_anothers_certificate_hears_nothing(place):
    authority = Authority(place, "broker.example.net")
    broker = SafeBroker(place, authority)
    office = Office(place, FUNCTION + "door", {}, {}, {"match": "*", "mqtt": {
        "url": f"mqtts://localhost:{broker.port}", "ca-file": authority.ca,
        "user": "buttons", "topic": "x",
        "password-file": secret(place, "password", "open sesame\n")}})
    office.press()
    why = office.error("waiting")
    expect("TLS" in why, why)
    expect_equal(office.deliveries("dead"), [])


# ---- reach and configuration ------------------------------------------------------------

def what_the_rules_do_not_allow_is_not_connected_to(place):
    receiver = rig.Receiver(place)
    mails = MailServer(place)
    broker = rig.Broker(place)
    office = Office(
        place, SMS, dict(LETTER, **SALES), {}, {"sms": {"url": receiver.url}},
        mail_to(mails, starttls="none"),
        {"match": FUNCTION + "m", "mqtt": {"url": broker.url, "topic": "x"}},
        callbacks={"allow": ["hooks.example.com", "10.0.0.0/8"]})
    devices = rig.botocore_client(office.service, office.key, "iot1click-projects", 3)
    for n, function in enumerate((SMS, MAIL, FUNCTION + "m"), 1):
        devices.update_project(projectName=PROJECT, placementTemplate={
            "defaultAttributes": dict(LETTER, **SALES),
            "deviceTemplates": {"request": {"deviceType": "button", "callbackOverrides": {
                "onClickCallback": function}}}})
        office.press()
        dead = rig.wait_for(f"{n} dead letters", lambda: [
            d for d in office.deliveries("dead")][n - 1:])
        expect(dead, "none")
    for one in office.deliveries("dead"):
        expect("no rule" in one["error"], one["error"])
    expect_equal((receiver.got, mails.mails), ([], []))


def our_own_port_is_not_called_back(place):
    port = rig.free_port()
    office = Office(place, SMS, SALES, {}, {"sms": {
        "url": f"http://127.0.0.1:{port}/ingest/oneclick"}}, port=port)
    office.press()
    why = office.error("dead")
    expect("our own service" in why, why)


def a_secret_that_others_may_read_stops_the_start(place):
    path = place.write("password", "x\n")
    os.chmod(path, 0o644)
    refused(place, "chmod 600", {"sms": {"url": "https://sms.example.com", "user": "me",
                                         "password-file": path}})
    refused(place, "did you mean", {"sms": {"urll": "https://sms.example.com"}})
    refused(place, "absolute path", {"match": "*", "exec": {"command": ["sh"]}})


rig.run(globals())
