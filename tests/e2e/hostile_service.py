"""A service that means harm, or is broken: what it answers is written byte by byte.

    /usr/bin/python3 tests/e2e/hostile_service.py [BEHAVIOUR [PORT]]

serves one by hand; without a word it lists them.  A behaviour is a function of the link and
the request; what it returns is whether the connection goes on.
"""
import gzip
import json
import socket
import sys
import threading
import time
import types
import urllib.parse

REGION = "us-west-2"
ARN = f"arn:aws:iot1click:{REGION}:123456789012:"
ID = "G030PM0000000001"

# What a text may be made of to do harm where it is shown, written down or read again.
PAYLOADS = {
    "colours": "\x1b[31mred\x1b[0m", "screen cleared": "\x1b[2J\x1b[H",
    "title": "\x1b]0;owned\x07", "title to ST": "\x1b]2;owned\x1b\\",
    "clipboard": "\x1b]52;c;b3duZWQ=\x07", "link": "\x1b]8;;http://evil/\x07x\x1b]8;;\x07",
    "DCS": "\x1bP$q\"p\x1b\\", "APC": "\x1b_Gi=1\x1b\\", "PM": "\x1b^pm\x1b\\",
    "SOS": "\x1bXsos\x1b\\", "reset": "\x1bc", "main screen": "\x1b[?1049l",
    "mouse on": "\x1b[?1003h", "report asked": "\x1b[6n\x1b[c\x1b]11;?\x07",
    "unended CSI": "\x1b[", "unended OSC": "\x1b]0;x", "bare ESC": "\x1b",
    "C1 CSI": "\x9b31m", "C1 OSC": "\x9d0;owned\x9c", "C1 DCS": "\x90q\x9c",
    "bell": "\a\a", "backspaces": "abc\b\b\bxyz", "carriage return": "good\rbad",
    "newlines": "a\nb\n\nc", "tabs": "a\tb", "form feed": "a\fb\vc", "DEL": "a\x7fb",
    "shift out": "\x0eqqq\x0f", "bidi override": "\u202etxt.exe\u202c",
    "bidi isolates": "\u2066a\u2067b\u2069\u2069", "bidi marks": "\u200e\u200f\u061c",
    "zero width": "a\u200bb\u200cc\u200dd\ufeffe", "soft hyphen": "a\u00adb",
    "fillers": "\u3164\uffa0\u115f\u1160", "tags": "\U000e0041\U000e007f",
    "private use": "\ue000\uf8ff\U000f0000", "noncharacters": "\ufdd0\ufffe\U0010ffff",
    "separators": "a\u2028b\u2029c", "combining": "a" + "\u0301" * 200,
    "wide": "\u4f1a\u8b70" * 50, "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "printf": "%s%n%x%999999d%1$s", "shell": "$(id);`id`&&id|id>x",
    "formula": "=cmd|'/C calc'!A1", "formula at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "formula plus": "+1+cmd|'/C calc'!A1", "formula minus": "-2+3", "quotes": "\"'`,;\t\"",
    "markup": "<script>alert(1)</script>", "template": "{{*}}${aws:username}#{7*7}",
    "paths": "../../../etc/passwd", "a word of 64 KiB": "W" * 65536,
    "64 KiB of words": "word " * 13107, "blanks": "   ", "nothing": "",
    "words of YAML": "yes", "null": "null", "digits": "012", "backslashes": "\\x1b\\n\\",
    "pasted": "\x1b[201~rm -rf\x1b[200~", "keys": "q\x03\x04\x1a\x11\x13",
    "replacement": "\ufffd\ufffd",
}
# What no JSON text may hold: the answer is refused as a whole.
BROKEN_TEXTS = {
    "raw ESC": b"\x1b[31m", "raw newline": b"a\nb", "raw NUL": b"a\0b",
    "NUL": b"a\\u0000b", "overlong slash": b"\xc0\xaf", "overlong NUL": b"\xc0\x80",
    "overlong ESC": b"\xe0\x80\x9b", "surrogate in UTF-8": b"\xed\xa0\x80",
    "beyond Unicode": b"\xf4\x90\x80\x80", "lone continuation": b"\x80\x9b31m",
    "cut letter": b"\xe2\x82", "Latin-1": b"caf\xe9", "half a pair": b"\\ud800",
    "pair turned round": b"\\udc00\\ud800", "half a pair at the end": b"x\\ud83d",
    "bad escape": b"\\x1b", "short escape": b"\\u12",
}


def head(status="200 OK", length=None, **more):
    lines = [f"HTTP/1.1 {status}"]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    more.setdefault("Content-Type", "application/json")
    lines += [f"{k.replace('_', '-')}: {v}" for k, v in more.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def send(link, body, status="200 OK", **more):
    if not isinstance(body, bytes):
        body = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    link.sendall(head(status, len(body), **more) + body)
    return True


# ---- an honest answer, to build on -----------------------------------------------------------

def device(n=1, text=None):
    """With `text` in every field that holds one, but what names the device."""
    t = text if text is not None else "x"
    return {"deviceId": f"G030PM{n:010d}", "type": t, "arn": ARN + f"devices/{n}" + t,
            "enabled": True, "remainingLife": 99.5, "tags": {t + "k": t},
            "attributes": {"projectName": t, "placementName": t, "deviceTemplateName": t}}


def project(text):
    return {"projectName": text or "p", "description": text, "arn": ARN + text,
            "createdDate": 1.5e9, "updatedDate": 1.5e9, "tags": {text: text},
            "placementTemplate": {
                "defaultAttributes": {text: text},
                "deviceTemplates": {text: {"deviceType": text,
                                           "callbackOverrides": {text: text}}}}}


def placement(text):
    return {"projectName": text or "p", "placementName": text or "r",
            "attributes": {text: text}, "createdDate": 1.5e9, "updatedDate": 1.5e9}


def event(text):
    return {"device": {"deviceId": text, "type": text},
            "stdEvent": json.dumps({"clickType": text, "reportedTime": text,
                                    "remainingLife": 50, "deviceId": text})}


def delivery(text):
    return {"state": text, "eventId": text or "e", "deviceId": text, "project": text,
            "placement": text, "callback": text, "error": text, "attempts": 3,
            "reportedTime": text, "nextAttempt": text, "lastAttempt": text}


def honest(link, request, text="x"):
    """All reads of the contract and those beside it, with `text` wherever one stands."""
    path = request.path
    parts = path.strip("/").split("/")
    if path == "/stream":
        return stream(link, [
            ("click", {"kind": "click", "deviceId": text, "at": text, "projectName": text,
                       "placementName": text, "deviceTemplateName": text}),
            ("state", {"kind": "claimed", **device(7, text)}),
            (text.split("\n")[0] or "x", {"x": text})])
    answers = {
        "/devices": {"devices": [device(n, text) for n in range(3)]},
        "/projects": {"projects": [project(text)]},
        "/ready-devices": {"devices": [{"deviceId": text, "profile": text}]},
        "/deliveries": {"deliveries": [delivery(text)]},
        "/records": {"records": [{"eventName": text, "userAgent": text}]},
    }
    if path in answers:
        body = answers[path]
    elif parts[0] == "devices" and parts[-1] == "events":
        body = {"events": [event(text)]}
    elif parts[0] == "devices" and parts[-1] == "methods":
        body = {"deviceMethods": [{"deviceType": text, "methodName": text}]}
    elif parts[0] == "devices":
        body = {"deviceDescription": device(1, text)}
    elif parts[0] == "tags":
        body = {"tags": {text: text}}
    elif parts[-1] == "placements":
        body = {"placements": [placement(text)]}
    elif len(parts) == 5:
        body = {"devices": {text: text}}
    elif len(parts) == 4:
        body = {"placement": placement(text)}
    else:
        body = {"project": project(text)}
    return send(link, body)


def stream(link, events=(), beat=5.0):
    link.sendall(head(Content_Type="text/event-stream") + b"id: 1\n:\n\n")
    for i, (kind, data) in enumerate(events):
        link.sendall(f"id: {i + 2}\nevent: {kind}\ndata: {json.dumps(data)}\n\n"
                     .encode("utf-8", "surrogatepass"))
    while True:
        time.sleep(beat)
        link.sendall(b"id: 1\n:\n\n")


# ---- what goes wrong -------------------------------------------------------------------------

def page(link, token, items=()):
    return send(link, {"devices": list(items), "nextToken": token})


def drip(link, text, wait=0.5):
    for i in range(len(text)):
        link.sendall(text[i:i + 1])
        time.sleep(wait)
    return False


def flood(link, begin, piece):
    link.sendall(begin)
    while True:
        link.sendall(piece)


def number_of(request):
    token = urllib.parse.parse_qs(request.query).get("nextToken", ["0"])[0]
    return int(token) if token.isdigit() else 0


def cut_at(n):
    def cut(link, request):
        body = json.dumps({"devices": [device()]}).encode()
        whole = head(length=len(body)) + body
        link.sendall(whole[:n])
        return False
    return cut


def body_of(body, **more):
    return lambda link, request: send(link, body, **more)


def raw(text):
    def answer(link, request):
        link.sendall(text)
        return False
    return answer


def silent(link, request):
    link.recv(1)
    return False


BEHAVIOURS = {
    "honest": honest,
    # lists that do not end
    "same token for ever": lambda l, r: page(l, "again", [device()]),
    "tokens in a circle of 7": lambda l, r: page(l, str((number_of(r) + 1) % 7)),
    "a circle of 50 after 20": lambda l, r: page(
        l, str(number_of(r) + 1 if number_of(r) < 69 else 20)),
    "pages without end": lambda l, r: page(l, str(number_of(r) + 1)),
    "a token that is a number": lambda l, r: page(l, 7),
    "a token of a megabyte": lambda l, r: page(l, "t" * 1000000),
    # too slow
    "silence": silent,
    "a byte of the body every half second": lambda l, r: (
        l.sendall(head(length=100000)), drip(l, b" " * 100000)),
    "a byte of the head every half second": lambda l, r: drip(l, head(length=2) + b"{}"),
    "a body of blanks without end": lambda l, r: flood(l, head(), b" " * 4096),
    "a chunked body without end": lambda l, r: flood(
        l, head(Transfer_Encoding="chunked"), b"400\r\n" + b"x" * 1024 + b"\r\n"),
    # too much
    "100,000 devices in a page": lambda l, r: page(
        l, None, [{"deviceId": f"G030PM{n:010d}"} for n in range(100000)]),
    "251 devices in a page": lambda l, r: page(l, None, [device(n) for n in range(251)]),
    "a header of 10 MB": lambda l, r: send(l, {}, X_Long="h" * 10000000),
    "headers without end": lambda l, r: flood(
        l, b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"h" * 1000 + b"\r\n"),
    "100 Continue without end": lambda l, r: flood(
        l, b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "103 without end": lambda l, r: flood(
        l, b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
    "a trailer of 10 MB": lambda l, r: l.sendall(
        head(Transfer_Encoding="chunked") + b"2\r\n{}\r\n0\r\nX: " + b"t" * 10000000),
    "an error of 8 MB": lambda l, r: send(
        l, {"message": "m" * 8000000}, "400 Bad Request"),
    # bombs
    "200,000 brackets": body_of(b"[" * 200000),
    "4,000,000 zeros": body_of(b"[" + b"0," * 4000000 + b"0]"),
    "a number of 100,000 digits": body_of(b"{\"devices\":" + b"9" * 100000 + b"}"),
    "a number beyond all": body_of(b"{\"devices\":[{\"remainingLife\":1e999}]}"),
    "a key twice": body_of(b"{\"devices\":[],\"devices\":[{\"deviceId\":\"A\"}]}"),
    "100,000 keys": body_of(json.dumps({f"k{i}": 0 for i in range(100000)}).encode()),
    "a name of 8 MB": body_of({"devices": [{"deviceId": "N" * 8000000}]}),
    "gzip of 100 MB": body_of(gzip.compress(b" " * 100000000), Content_Encoding="gzip"),
    "deflate nobody asked for": body_of(b"x\x9c\xab\xae\x05\x00\x01u\x00\xf9",
                                        Content_Encoding="deflate"),
    # not what it says it is
    "HTML": body_of(b"<html>Please log in</html>", Content_Type="text/html"),
    "nothing with 200": body_of(b""),
    "204": raw(head("204 No Content")),
    "another type of JSON": body_of({"devices": []}, Content_Type="text/plain"),
    "no list": body_of({}), "a list of nothing": body_of({"devices": None}),
    "a map for a list": body_of({"devices": {"a": 1}}),
    "words for devices": body_of({"devices": ["a", 1, None, [], {}]}),
    "a text": body_of(b"\"devices\""), "JSON and more": body_of(b"{\"devices\":[]} x"),
    "single quotes": body_of(b"{'devices':[]}"), "a BOM": body_of(b"\xef\xbb\xbf{}"),
    "UTF-16": body_of("{\"devices\":[]}".encode("utf-16")),
    "a status of 999": raw(b"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n"),
    "a status of 99999": raw(b"HTTP/1.1 99999 What\r\nContent-Length: 0\r\n\r\n"),
    "a status of words": raw(b"HTTP/1.1 OK fine\r\n\r\n{}"),
    "HTTP/0.9": raw(b"{\"devices\": []}"), "HTTP/7.1": raw(b"HTTP/7.1 200 OK\r\n\r\n{}"),
    "ICY": raw(b"ICY 200 OK\r\n\r\n{}"), "SSH": raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "noise": raw(bytes(range(256)) * 20), "a TLS alert": raw(b"\x15\x03\x03\0\x02\x02\x28"),
    "two lengths": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\n{}"),
    "a length below nothing": raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}"),
    "a length of 10^30": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1" + b"0" * 30 + b"\r\n\r\n{"),
    "a chunk of 2^64": raw(head(Transfer_Encoding="chunked") + b"ffffffffffffffff\r\n{"),
    "a chunk of no length": raw(head(Transfer_Encoding="chunked") + b"zz\r\n{}\r\n"),
    "hung up at once": raw(b""),
    "hung up in the head": raw(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "hung up in the body": cut_at(150),
    "a redirect": body_of(b"", status="302 Found", Location="http://127.0.0.1:9/devices"),
    "a redirect to a file": body_of(b"", status="301 Moved",
                                    Location="file:///etc/passwd"),
    "a redirect that hides": body_of(b"", status="307 Temporary",
                                     Location="http://x/\x1b[31m\u202e"),
    "a password asked for": body_of(b"{}", status="401 Unauthorized",
                                    WWW_Authenticate="Basic realm=\"x\""),
    "another protocol": raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n{}"),
}


class Hostile:
    """Serves one behaviour, which may be changed while it runs."""

    def __init__(self, behaviour=honest, port=0, place=None):
        self.behaviour, self.heads, self.links = behaviour, [], set()
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()
        if place:
            place.closing.append(self)

    def accept(self):
        while True:
            try:
                link, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.links.add(link)
            threading.Thread(target=self.serve, args=(link,), daemon=True).start()

    def serve(self, link):
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with link, link.makefile("rb") as reader:
                while self.take(link, reader):
                    pass
        except (OSError, ValueError):
            pass
        with self.lock:
            self.links.discard(link)

    def take(self, link, reader):
        lines = []
        while (line := reader.readline(65537).decode("latin-1")) not in ("\r\n", ""):
            lines.append(line.rstrip("\r\n"))
        if not line:
            return False
        method, target, _ = lines[0].split(" ")
        headers = {k.lower(): v.strip() for k, v in
                   (header.split(":", 1) for header in lines[1:])}
        reader.read(int(headers.get("content-length", 0)))
        at = urllib.parse.urlsplit(target)
        with self.lock:
            self.heads.append("\n".join(lines))
        return self.behaviour(link, types.SimpleNamespace(
            method=method, target=target, headers=headers, query=at.query,
            path=urllib.parse.unquote(at.path)))

    def close(self):
        for thing in [self.listener, *self.links]:
            try:
                thing.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.listener.close()


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in BEHAVIOURS:
        print("\n".join(BEHAVIOURS))
        sys.exit(2)
    serving = Hostile(BEHAVIOURS[sys.argv[1]], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print(serving.url, flush=True)
    threading.Event().wait()
