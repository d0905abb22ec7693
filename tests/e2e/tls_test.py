"""TLS of both listeners: the real aws command, mosquitto's client and curl; certificates
that change while connections live; files that are wrong."""
import json
import os
import signal
import socket
import ssl
import subprocess
import threading
import time

import rig
from rig import expect, expect_equal

DEVICE = "G030PM0123456789"
CODE = "C-1234567890"


def openssl(*words):
    done = subprocess.run(["/usr/bin/openssl", *words], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60)
    expect_equal(done.returncode, 0, f"openssl {' '.join(words)}: {done.stderr}")


class Authority:
    """One that signs certificates for 127.0.0.1."""

    def __init__(self, place, name="ca"):
        self.place, self.name = place, name
        self.cert, self.key = place.join(f"{name}.pem"), place.join(f"{name}.key")
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-keyout", self.key, "-out", self.cert, "-days", "30", "-subj",
                f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign")

    def issue(self, subject, days=30, name="server", kind=("ec", "ec_paramgen_curve:P-256")):
        """A chain and a key, in place of those before, as an operator would."""
        place = self.place
        cert, key = place.join(f"{name}.pem"), place.join(f"{name}.key")
        request, text = place.join("request"), place.write(
            "extensions", "subjectAltName=IP:127.0.0.1,DNS:localhost\n")
        openssl("req", "-newkey", kind[0], "-pkeyopt", kind[1], "-nodes", "-keyout",
                key + ".new", "-out", request, "-subj", f"/CN={subject}")
        openssl("x509", "-req", "-in", request, "-CA", self.cert, "-CAkey", self.key,
                "-set_serial", str(time.time_ns()), "-days", str(days), "-out",
                cert + ".new", "-extfile", text)
        with open(self.cert, encoding="ascii") as f, \
                open(cert + ".new", "a", encoding="ascii") as chain:
            chain.write(f.read())
        os.chmod(key + ".new", 0o600)
        os.rename(key + ".new", key)
        os.rename(cert + ".new", cert)
        return cert, key


class Secure(rig.Service):
    def __init__(self, place, *options, kind=("ec", "ec_paramgen_curve:P-256")):
        self.authority = Authority(place)
        self.cert, self.key_file = self.authority.issue("one", kind=kind)
        self.mqtt_port = rig.free_port()
        super().__init__(place, "--tls-cert", self.cert, "--tls-key", self.key_file,
                         "--mqtt-listen", f"127.0.0.1:{self.mqtt_port}", *options)

    def start(self):
        self.process = rig.Process(
            self.place, "oneclickd",
            [rig.ONECLICKD, "--listen", f"127.0.0.1:{self.own_port}", "--state", self.state,
             *self.options], ready="oneclickd: ready on ")
        self.port = self.own_port
        self.url = f"https://127.0.0.1:{self.port}"
        expect_equal(self.process.ready_line, f"oneclickd: ready on {self.url}",
                     "the ready line")
        return self

    def context(self):
        return ssl.create_default_context(cafile=self.authority.cert)

    def connect(self, port=None, context=None):
        plain = socket.create_connection(("127.0.0.1", port or self.port))
        plain.settimeout(20 * rig.SLOW)
        return (context or self.context()).wrap_socket(plain, server_hostname="127.0.0.1")

    def subject(self, port=None):
        with self.connect(port) as link:
            return subject_of(link)

    def reload(self, says):
        self.process.child.send_signal(signal.SIGHUP)
        rig.wait_for(f"{says!r} in the log", lambda: says in self.process.errors())


def subject_of(link):
    return dict(pair[0] for pair in link.getpeercert()["subject"])["commonName"]


def read_reply(link):
    """Status and body of one HTTP reply with a length."""
    head = b""
    while b"\r\n\r\n" not in head:
        more = link.recv(1)
        expect(more, f"the connection ended after {head!r}")
        head += more
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    body = b""
    while len(body) < length:
        body += link.recv(length - len(body))
    return int(head.split()[1]), body


def get(link, path="/healthz"):
    link.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    return read_reply(link)


def pub(service, token, *more, cafile=None, qos=1):
    return subprocess.run(
        ["/usr/bin/mosquitto_pub", "-h", "127.0.0.1", "-p", str(service.mqtt_port), "-q",
         str(qos), "-u", DEVICE, "-P", token, "--cafile", cafile or service.authority.cert,
         "-t", f"oneclick/{DEVICE}/event", "-m", '{"clickType":"SINGLE"}', *more],
        capture_output=True, text=True, timeout=60)


def cpu_seconds(service):
    with open(f"/proc/{service.process.child.pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class TrustingAws(rig.Aws):
    """The aws command with --ca-bundle."""

    def run(self, *words):
        return super().run("--ca-bundle", self.service.authority.cert, *words)


def the_aws_command_and_devices_work_over_tls(place):
    service = Secure(place)
    token = service.register(DEVICE, code=CODE)[DEVICE]
    policy = place.write("policy.json", json.dumps({
        "Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
    aws = TrustingAws(service, service.key(policy=policy))
    aws.devices("claim-devices-by-claim-code", "--claim-code", CODE)
    expect_equal([d["DeviceId"] for d in aws.devices("list-devices")["Devices"]], [DEVICE])
    rig.wait_for("the record of the claim", lambda: aws(
        "cloudtrail", "lookup-events", "--lookup-attributes",
        "AttributeKey=EventName,AttributeValue=ClaimDevicesByClaimCode")["Events"])
    record = aws("cloudtrail", "lookup-events", "--lookup-attributes",
                 "AttributeKey=EventName,AttributeValue=ClaimDevicesByClaimCode")["Events"][0]
    expect_equal(json.loads(record["CloudTrailEvent"])["sourceIPAddress"], "127.0.0.1",
                 "who it was behind the TLS")
    for qos in (0, 1):
        done = pub(service, token, qos=qos)
        expect_equal((done.returncode, done.stderr), (0, ""))
    done = subprocess.run(
        ["/usr/bin/curl", "-sS", "--cacert", service.authority.cert, "-H",
         f"Authorization: Bearer {token}", "-d",
         json.dumps({"deviceId": DEVICE, "clickType": "LONG"}),
         service.url + "/ingest/oneclick"], capture_output=True, text=True, timeout=60)
    expect('"duplicate":false' in done.stdout, done.stdout + done.stderr)
    rig.wait_for("three clicks", lambda: len(aws.devices(
        "list-device-events", "--device-id", DEVICE, "--from-time-stamp", "2020-01-01",
        "--to-time-stamp", "2100-01-01")["Events"]) == 3)
    plain = rig.Aws(service, service.key("bob")).run("iot1click-devices", "list-devices")
    expect("CERTIFICATE_VERIFY_FAILED" in plain.stderr, plain.stderr)


def an_rsa_certificate_works_as_well(place):
    service = Secure(place, kind=("rsa", "rsa_keygen_bits:2048"))
    expect_equal((service.subject(), service.subject(service.mqtt_port)), ("one", "one"))


def is_modern(suite):
    """Authenticated encryption under a key of the session's own."""
    return suite.startswith("ECDHE-") and any(
        word in suite for word in ("GCM", "CHACHA20", "CCM")) and \
        not any(word in suite for word in ("PSK", "CAMELLIA", "ARIA", "CCM8"))


def suites_of_1_2():
    done = subprocess.run(["/usr/bin/openssl", "ciphers", "-s", "-tls1_2", "ALL:@SECLEVEL=0"],
                          capture_output=True, text=True, timeout=60)
    return [suite for suite in done.stdout.strip().split(":")
            if not suite.startswith("TLS_") and "PSK" not in suite]


def of_tls_1_2_only_modern_suites_are_taken(place):
    """Each suite offered alone, to both ports, by the kind of certificate it asks for."""
    taken = set()
    for kind in (("ec", "ec_paramgen_curve:P-256"), ("rsa", "rsa_keygen_bits:2048")):
        service = Secure(rig.Place(), kind=kind)
        for suite in suites_of_1_2():
            for port in (service.port, service.mqtt_port):
                context = service.context()
                context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
                context.set_ciphers(suite + ":@SECLEVEL=0")
                try:
                    service.connect(port, context).close()
                    taken.add(suite)
                except (ssl.SSLError, ConnectionResetError):
                    pass
        service.close()
    expect_equal([suite for suite in taken if not is_modern(suite)], [], "old suites taken")
    expect({"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-AES256-GCM-SHA384"} <= taken,
           f"{taken}")


def read_hello(link):
    """Of a ClientHello: its suites, and the name of the server or None."""
    hello = b""
    while len(hello) < 5 or len(hello) < 5 + int.from_bytes(hello[3:5], "big"):
        more = link.recv(4096)
        expect(more, "the client hung up before its hello was whole")
        hello += more

    def number(at, size):
        return int.from_bytes(hello[at:at + size], "big")
    at = 5 + 4 + 2 + 32
    at += 1 + hello[at]
    suites = [number(i, 2) for i in range(at + 2, at + 2 + number(at, 2), 2)]
    at += 2 + number(at, 2)
    at += 1 + hello[at] + 2
    while at < len(hello):
        kind, size = number(at, 2), number(at + 2, 2)
        if kind == 0:  # server_name: a list of one, of kind host_name
            return suites, hello[at + 9:at + 4 + size].decode()
        at += 4 + size
    return suites, None


def hear_clients_of_ours(place, host):
    """Callbacks, the command and both of MQTT's clients, told of `host`: who, and the hello
    that came to somebody who only listens."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(20 * rig.SLOW)
    port = listener.getsockname()[1]
    arn = "arn:aws:lambda:us-west-2:123456789012:function:"
    config = place.write(f"{host}.yaml", json.dumps({"destinations": [
        {"match": arn + "web", "webhook": {"url": f"https://{host}:{port}/"}},
        {"match": arn + "mqtt", "mqtt": {"url": f"mqtts://{host}:{port}", "topic": "a"}},
        {"match": arn + "mail", "mail": {
            "url": f"smtps://{host}:{port}", "from": "a@example.org",
            "to": "b@example.org", "subject": "s", "body": "b"}}]}))
    os.chmod(config, 0o600)
    service = rig.Service(place, "--config", config, state=host)
    device = service.register(DEVICE, code=CODE)[DEVICE]
    api = rig.botocore_client(service, service.key(), "iot1click-devices")
    api.claim_devices_by_claim_code(ClaimCode=CODE)
    api.update_device_state(DeviceId=DEVICE, Enabled=True)

    def hear():
        link = listener.accept()[0]
        hello = read_hello(link)
        link.close()
        return hello

    for sink in ("web", "mqtt", "mail"):
        api.invoke_device_method(
            DeviceId=DEVICE,
            DeviceMethod={"DeviceType": "button", "MethodName": "setOnClickCallback"},
            DeviceMethodParameters=json.dumps({"callback": {"awsLambdaArn": arn + sink}}))
        rig.press(service, device, DEVICE)
        yield sink, hear()
    service.close()
    command = subprocess.Popen(
        [rig.ONECLICK, "--endpoint", f"https://{host}:{port}", "devices", "list"],
        env=place.environment(AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE",
                              AWS_SECRET_ACCESS_KEY="x" * 40), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield "oneclick", hear()
    command.wait(60)
    broker = rig.Service(place, "--mqtt", f"mqtts://{host}:{port}", state=host + "-broker")
    yield "--mqtt", hear()
    broker.close()


def clients_of_ours_say_whom_they_ask_for_and_offer_modern_suites_alone(place):
    """Many services stand behind one address; an address is no name (RFC 6066, 3)."""
    modern = {0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0xC0AC, 0xC0AD,
              0x1301, 0x1302, 0x1303, 0x1304, 0x00FF}
    for host, name in (("localhost", "localhost"), ("127.0.0.1", None)):
        for who, (suites, said) in hear_clients_of_ours(place, host):
            expect_equal([hex(s) for s in suites if s not in modern], [], who)
            expect_equal(said, name, who)


def nothing_older_than_tls_1_2_is_spoken(place):
    service = Secure(place)
    for version, works in ((ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True),
                           (ssl.TLSVersion.TLSv1_3, True)):
        for port in (service.port, service.mqtt_port):
            context = service.context()
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
            try:
                service.connect(port, context).close()
                expect(works, f"{version} was spoken")
            except (ssl.SSLError, ConnectionError) as e:
                expect(not works, f"{version} was not spoken: {e}")


def plain_and_odd_peers_cost_only_themselves(place):
    service = Secure(place)
    token = service.register(DEVICE)[DEVICE]
    waiting = []
    for port in (service.port, service.mqtt_port):
        for sent in (b"", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x40\0", b"\x16\x03",
                     b"\x10\x0c\0\4MQTT\4\2\0\0\0\0", os.urandom(3000)):
            link = socket.create_connection(("127.0.0.1", port))
            link.sendall(sent)
            waiting.append(link)
    for port in (service.port, service.mqtt_port):
        expect_equal(service.subject(port), "one", "another peer meanwhile")
    expect_equal(pub(service, token).returncode, 0)
    for link in waiting:
        link.settimeout(20 * rig.SLOW)
        try:
            while link.recv(4096):
                pass
        except ConnectionResetError:
            pass
    refused = pub(service, token, cafile=Authority(place, "other").cert)
    expect(refused.returncode != 0, "a client that trusts others goes away")
    expect_equal(get(service.connect())[0], 200, "the service lives")


def requests_may_share_a_record_and_bodies_may_take_many(place):
    """What TLS has decrypted and not handed over is not to be waited for."""
    service = Secure(place)
    token = service.register(DEVICE)[DEVICE]
    link = service.connect()
    one = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    link.sendall(one * 20)
    for _ in range(20):
        expect_equal(read_reply(link)[0], 200)
    body = json.dumps({"deviceId": DEVICE, "clickType": "LONG"}).encode()
    for padding in (0, 3000, 30_000, 200_000):
        padded = body + b" " * padding
        link.sendall(f"POST /ingest/oneclick HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                     f"{token}\r\nContent-Length: {len(padded)}\r\n\r\n".encode() + padded)
        expect_equal(read_reply(link)[0], 200 if padding < 4000 else 400, f"{padding}")
    # MQTT: a record of 16 KiB with the CONNECT in front of many messages.
    mqtt = service.connect(service.mqtt_port)
    message = b'{"clickType":"SINGLE"}'
    topic = f"oneclick/{DEVICE}/event".encode()
    sign_in = b"\0\4MQTT\4\xC2\0\0\0\1c" + bytes([0, len(DEVICE)]) + DEVICE.encode() + \
        bytes([0, len(token)]) + token.encode()
    packets = bytes([0x10, len(sign_in)]) + sign_in
    for n in range(1, 201):
        rest = bytes([0, len(topic)]) + topic + n.to_bytes(2, "big") + message
        packets += bytes([0x32, len(rest)]) + rest
    mqtt.sendall(packets)
    got = b""
    while len(got) < 4 + 4 * 200:
        more = mqtt.recv(4096)
        expect(more, f"the connection ended after {len(got)} bytes")
        got += more
    expect_equal(got, b"\x20\x02\0\0" + b"".join(
        b"\x40\x02" + n.to_bytes(2, "big") for n in range(1, 201)), "answers")


def who_reads_nothing_costs_only_itself(place):
    service = Secure(place)
    deaf = []
    for _ in range(3):
        link = service.connect()
        link.settimeout(0.2)
        try:
            while True:  # until nothing more is taken
                link.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" * 400)
        except (TimeoutError, ssl.SSLError):
            deaf.append(link)
    expect_equal(len(deaf), 3)
    for _ in range(5):
        expect_equal(get(service.connect())[0], 200)

    def is_quiet():
        began = cpu_seconds(service)
        time.sleep(0.5)
        return cpu_seconds(service) - began < 0.05
    rig.wait_for("all that can be answered to be answered", is_quiet)


def open_stream(service, key):
    """A live stream, read by curl, which signs as AWS clients do."""
    out = service.place.join("stream")
    with open(out, "wb") as f:
        child = subprocess.Popen(
            ["/usr/bin/curl", "-sSN", "--cacert", service.authority.cert, "--aws-sigv4",
             f"aws:amz:{rig.REGION}:iot1click", "--user", ":".join(key),
             service.url + "/stream"], stdout=f, stderr=subprocess.STDOUT)

    class Stream:
        def text(self):
            with open(out, encoding="utf-8") as f:
                return f.read()

        def close(self):
            child.terminate()
            child.wait(10)
    service.place.closing.append(Stream())
    rig.wait_for("the first heartbeat", lambda: Stream().text())
    return Stream()


def a_reload_changes_new_connections_and_no_other(place):
    service = Secure(place)
    token = service.register(DEVICE, code=CODE)[DEVICE]
    key = service.key()
    TrustingAws(service, key).devices("claim-devices-by-claim-code", "--claim-code", CODE)
    stream = open_stream(service, key)
    http, mqtt = service.connect(), service.connect(service.mqtt_port)
    expect_equal(get(http)[0], 200)
    for turn, name in enumerate(("two", "three", "four")):
        service.authority.issue(name)
        service.reload("the certificate read anew")
        rig.wait_for("the new certificate", lambda: service.subject() == name)
        expect_equal(service.subject(service.mqtt_port), name)
        expect_equal((get(http)[0], subject_of(http)), (200, "one"), "the old connection")
        expect_equal(pub(service, token).returncode, 0)
        rig.wait_for("the click in the stream",
                     lambda: stream.text().count("event: click") == turn + 1)
    mqtt.sendall(b"\xC0\0")
    expect_equal(mqtt.recv(100), b"", "PINGREQ before CONNECT is heard over the old one")


def a_reload_with_wrong_files_keeps_the_old_ones(place):
    service = Secure(place)
    other = Authority(place, "other").issue("other", name="other")
    good = {f: open(f, "rb").read() for f in (service.cert, service.key_file)}

    def restore():
        for path, data in good.items():
            with open(path, "wb") as f:
                f.write(data)
            os.chmod(path, 0o600)

    def replace(path, data):
        with open(path, "wb") as f:
            f.write(data)

    for says, change in (
            ("is not that of the certificate", lambda: os.rename(other[1], service.key_file)),
            ("chmod 640", lambda: os.chmod(service.key_file, 0o644)),
            ("holds no certificate chain", lambda: replace(service.cert, b"nothing")),
            ("holds no private key", lambda: replace(service.key_file, b"")),
            ("No such file", lambda: os.remove(service.cert))):
        change()
        service.reload(says)
        expect("the certificate in use stays" in service.process.errors(), "it says so")
        expect_equal((service.subject(), service.subject(service.mqtt_port)),
                     ("one", "one"), says)
        restore()
    service.reload("the certificate read anew")


def wrong_files_are_refused_at_the_start(place):
    authority = Authority(place)
    cert, key = authority.issue("good")
    other = authority.issue("other", name="other")
    old = authority.issue("old", days=-1, name="old")
    locked = place.join("locked.key")
    openssl("ec", "-in", key, "-aes256", "-passout", "pass:secret", "-out", locked)
    os.chmod(locked, 0o600)
    nothing = place.write("nothing", "nothing\n")
    os.chmod(nothing, 0o600)
    open_key = place.write("open.key", open(key, encoding="ascii").read())
    os.chmod(open_key, 0o644)
    for words, says in (
            (["--tls-cert", cert], "tls-key is missing"),
            (["--tls-key", key], "tls-cert is missing"),
            (["--tls-cert", cert, "--tls-key", other[1]], "is not that of the certificate"),
            (["--tls-cert", old[0], "--tls-key", old[1]], "expired at 20"),
            (["--tls-cert", key, "--tls-key", key], "no certificate chain"),
            (["--tls-cert", cert, "--tls-key", nothing], "no private key"),
            (["--tls-cert", cert, "--tls-key", locked], "is encrypted"),
            (["--tls-cert", cert, "--tls-key", open_key], "(mode 644); say chmod 640"),
            (["--tls-cert", place.join("none"), "--tls-key", key], "No such file"),
            (["--tls-cert", place.path, "--tls-key", key], "not a plain file")):
        done = subprocess.run(
            [rig.ONECLICKD, "--listen", "127.0.0.1:0", "--state", place.join("fleet"),
             *words], env=place.environment(), capture_output=True, text=True, timeout=60)
        expect(done.returncode not in (0, -signal.SIGABRT) and says in done.stderr,
               f"{words}: {done.returncode} {done.stderr}")
        expect_equal(len(done.stderr.strip().splitlines()), 1, done.stderr)
        check = subprocess.run(
            [rig.ONECLICKD, "--check-config", *words], env=place.environment(),
            capture_output=True, text=True, timeout=60)
        expect_equal(check.returncode, 78, check.stderr)
        expect(says in check.stdout + check.stderr, f"{check.stdout}{check.stderr}")


def the_metrics_say_when_the_certificate_expires_and_what_became_of_connections(place):
    token = place.write("token", "scrape\n")
    os.chmod(token, 0o600)
    service = Secure(place, "--metrics-token-file", token)
    with socket.create_connection(("127.0.0.1", service.mqtt_port)) as link:
        link.sendall(b"no TLS at all")
        try:
            expect_equal(link.recv(100), b"")
        except ConnectionResetError:
            pass
    done = subprocess.run(
        ["/usr/bin/curl", "-sS", "--cacert", service.authority.cert, "-H",
         "Authorization: Bearer scrape", service.url + "/metrics"], capture_output=True,
        text=True, timeout=60)
    lines = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines()
                 if line and line[0] != "#")
    expires = float(lines["oneclick_certificate_expiry_timestamp_seconds"])
    expect(29 * 86400 < expires - time.time() < 31 * 86400, f"{expires}")
    expect_equal(float(lines['oneclick_listener_total{fate="no_tls"}']), 1.0,
                 "failed handshakes")


def who_speaks_without_tls_where_it_is_spoken_is_told(place):
    """And the other way round: by the log, the command and the broker's client."""
    service = Secure(place)
    done = subprocess.run(
        ["/usr/bin/mosquitto_pub", "-h", "127.0.0.1", "-p", str(service.mqtt_port), "-t", "a",
         "-m", "b"], capture_output=True, text=True, timeout=60)
    expect(done.returncode != 0, "mosquitto_pub was taken")
    rig.wait_for("the log's word", lambda: "It spoke without TLS; have it connect by mqtts://"
                 in service.process.errors())
    # A port whose owner hangs up on what is no TLS, as most do.
    silent = socket.create_server(("127.0.0.1", 0))
    port = silent.getsockname()[1]

    def hang_up():
        while True:
            link = silent.accept()[0]
            link.recv(100)
            link.close()
    threading.Thread(target=hang_up, daemon=True).start()
    for scheme, says in (("http", "if TLS is spoken there, write https://"),
                         ("https", "check that TLS is spoken there")):
        done = subprocess.run(
            [rig.ONECLICK, "--endpoint", f"{scheme}://127.0.0.1:{port}", "devices", "list"],
            env=place.environment(AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE",
                                  AWS_SECRET_ACCESS_KEY="x" * 40),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        expect(says in done.stderr, done.stderr)
    for scheme, says in (("mqtt", "if TLS is spoken there, write mqtts://"),
                         ("mqtts", "that TLS is spoken there")):
        broker = rig.Service(rig.Place(), "--mqtt", f"{scheme}://127.0.0.1:{port}")
        rig.wait_for(says, lambda: says in broker.process.errors())
        broker.close()


def an_idle_service_is_idle(place):
    """A connection that waits, a stream and a half shaken hand must not keep it turning."""
    service = Secure(place)
    service.register(DEVICE, code=CODE)
    stream = open_stream(service, service.key())
    links = [service.connect() for _ in range(5)]
    for link in links:
        expect_equal(get(link)[0], 200)
    links += [service.connect(service.mqtt_port) for _ in range(5)]
    links += [socket.create_connection(("127.0.0.1", port))
              for port in (service.port, service.mqtt_port)]
    links[-1].sendall(b"\x16\x03\x01")
    began = cpu_seconds(service)
    time.sleep(3)
    used = cpu_seconds(service) - began
    expect(used < 0.3 * rig.SLOW, f"{used} s of processor in 3 s of nothing")
    expect(stream.text(), "the stream is open")


def a_service_that_ends_says_so_over_tls(place):
    service = Secure(place)
    http, mqtt = service.connect(), service.connect(service.mqtt_port)
    half = socket.create_connection(("127.0.0.1", service.port))
    expect_equal(get(http)[0], 200)
    stream = open_stream(service, service.key())
    service.close()
    expect_equal(service.process.child.returncode, 0, service.process.errors())
    for link in (http, mqtt):
        try:
            link.recv(100)
        except (ssl.SSLError, ConnectionResetError):
            pass
    half.close()
    expect(stream.text(), "the stream was open")


rig.run(globals())
