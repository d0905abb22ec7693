"""The command line and the console against a service that means harm or is broken: they
end, say what is wrong, stay within their memory, and no byte of it reaches the terminal."""
import csv
import io
import json
import os
import re
import subprocess
import tempfile
import time

import rig
from console import Console, environment
from hostile_service import BEHAVIOURS, BROKEN_TEXTS, PAYLOADS, Hostile, honest, raw, send
from rig import expect, expect_equal

KEY = ("AKIAHOSTILE0000000001", "secret")
DONE, FAILED, UNREACHABLE = 0, 1, 69
MEMORY = (160 if rig.SLOW == 1 else 700) * 1024  # KiB; the sanitizers' own share is large

# How `devices list` ends, and what it says; what is not here is FAILED, "no 1-Click service".
ENDS = {
    "honest": (DONE, ""),
    "same token for ever": (FAILED, "circle"),
    "tokens in a circle of 7": (FAILED, "circle"),
    "a circle of 50 after 20": (FAILED, "circle"),
    "pages without end": (FAILED, "not ended after 5000 pages"),
    "a token that is a number": (FAILED, "nextToken is a whole number"),
    "a token of a megabyte": (FAILED, "longer than 16 KiB"),
    "silence": (UNREACHABLE, "No answer from"),
    "a byte of the body every half second": (UNREACHABLE, "No answer from"),
    "a byte of the head every half second": (UNREACHABLE, "No answer from"),
    "a body of blanks without end": (UNREACHABLE, "longer than 8 MiB"),
    "a chunked body without end": (UNREACHABLE, "longer than 8 MiB"),
    "100,000 devices in a page": (FAILED, "values"),
    "251 devices in a page": (FAILED, "251 devices in one page"),
    "a header of 10 MB": (UNREACHABLE, "longer than 64 KiB"),
    "headers without end": (UNREACHABLE, "longer than 64 KiB"),
    "100 Continue without end": (UNREACHABLE, "longer than 64 KiB"),
    "103 without end": (UNREACHABLE, "longer than 64 KiB"),
    "a trailer of 10 MB": (UNREACHABLE, "longer than 64 KiB"),
    "an error of 8 MB": (FAILED, "mmm"),
    "a name of 8 MB": (DONE, ""),
    "another type of JSON": (DONE, ""),
    "words for devices": (DONE, ""),
    "a list of nothing": (FAILED, "without the list"),
    "no list": (FAILED, "without the list"),
    "a map for a list": (FAILED, "without the list"),
    "a text": (FAILED, "without the list"),
    "100,000 keys": (FAILED, "values"),
    "nothing with 200": (FAILED, "without the list"),
    "204": (FAILED, "without the list"),
    "a redirect": (FAILED, "sends elsewhere (status 302, to http://127.0.0.1:9/devices)"),
    "a redirect to a file": (FAILED, "sends elsewhere"),
    "a redirect that hides": (FAILED, "sends elsewhere"),
    "a password asked for": (None, "401"),
    "a status of 999": (FAILED, "999"),
}
LINK = ("a status of 99999", "a status of words", "HTTP/0.9", "HTTP/7.1", "ICY", "SSH",
        "noise", "a TLS alert", "a length below nothing",
        "a chunk of 2^64", "a chunk of no length", "hung up at once", "hung up in the head",
        "hung up in the body", "another protocol", "two lengths")
SLOW_ONES = ("silence", "a byte of the body every half second",
             "a byte of the head every half second")


class Ran:
    """The command line; how long it took and how much memory."""

    def __init__(self, place, service, *words, seconds=120):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            began = time.monotonic()
            child = subprocess.Popen(
                [rig.ONECLICK, "--endpoint", service.url, *words], stdout=out, stderr=err,
                stdin=subprocess.DEVNULL, env=environment(place, key=KEY))
            self.took, self.memory = 0, 0
            try:
                rig.wait_for(f"the end of {' '.join(words)}",
                             lambda: self.ended(child), seconds)
            except rig.Failed:
                child.kill()
                child.wait()
                raise
            self.took = time.monotonic() - began
            out.seek(0), err.seek(0)
            self.stdout, self.stderr = out.read(), err.read().decode()

    def ended(self, child):
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            self.returncode = child.returncode = os.waitstatus_to_exitcode(status)
            self.memory = usage.ru_maxrss
        return pid


def wanted_end(name):
    if name in LINK:
        return UNREACHABLE, "No answer from"
    return ENDS.get(name, (FAILED, "no 1-Click service"))


# A terminal acts on, or hides, none of what is left.
UNSAFE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069"
                    "\ufeff\u061c\ue000-\uf8ff\U000e0000-\U000e007f\U000f0000-\U0010ffff]")


def check_shown(text, what):
    bad = UNSAFE.search(text)
    expect(not bad, f"{what} shows {bad and bad.group()!r}: "
           f"{text[max(0, bad.start() - 40):bad.start() + 40] if bad else ''!r}")


def chunks(size):
    """The payloads, several in one text, as it comes; those of 64 KiB by themselves."""
    texts = [t for t in PAYLOADS.values() if len(t) < 1000]
    return [" ".join(texts[i:i + size]) for i in range(0, len(texts), size)] + [
        t for t in PAYLOADS.values() if len(t) >= 1000]


# ---- the command line ------------------------------------------------------------------------

def every_behaviour_ends_with_a_sentence(place):
    service = Hostile(place=place)
    for name, behaviour in BEHAVIOURS.items():
        if name in SLOW_ONES:
            continue
        service.behaviour = behaviour
        service.heads.clear()
        ran = Ran(place, service, "devices", "list", "--output", "json")
        status, says = wanted_end(name)
        expect(ran.returncode == status or status is None and ran.returncode in (1, 5),
               f"{name}: ended with {ran.returncode}: {ran.stderr[:300]}")
        expect(says in ran.stderr, f"{name}: says {ran.stderr[:300]!r}, not {says!r}")
        expect("emory" not in ran.stderr, f"{name}: {ran.stderr[:300]}")
        if status != DONE:
            expect_equal(ran.stderr.count("\n"), 1, f"{name}: lines of {ran.stderr!r}")
        check_shown(ran.stderr, name)
        expect(ran.memory < MEMORY, f"{name}: took {ran.memory} KiB")
        expect("accept-encoding" not in "\n".join(service.heads).lower(), "no compression")


def what_is_slow_ends_within_its_time(place):
    services = []
    for name in SLOW_ONES:
        service = Hostile(BEHAVIOURS[name], place=place)
        services.append((name, service, time.monotonic(), subprocess.Popen(
            [rig.ONECLICK, "--endpoint", service.url, "devices", "list"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, env=environment(place, key=KEY))))
    for name, service, began, child in services:
        said = child.communicate(timeout=40 * rig.SLOW)[1]
        expect_equal(child.returncode, UNREACHABLE, f"{name}: {said}")
        expect("No answer from" in said, f"{name}: {said}")
        took = time.monotonic() - began
        expect(took < 35 + 5 * rig.SLOW, f"{name}: took {took:.0f} s")


def a_redirect_is_never_followed(place):
    other = Hostile(place=place)
    service = Hostile(lambda link, request: send(
        link, b"", "302 Found", Location=other.url + "/devices"), place=place)
    expect_equal(Ran(place, service, "devices", "list").returncode, FAILED)
    expect_equal(other.heads, [], "what the other one was asked")


def texts_that_are_none_are_refused_whole(place):
    service = Hostile(place=place)
    for name, text in BROKEN_TEXTS.items():
        body = b"{\"devices\":[{\"deviceId\":\"" + text + b"\"}]}"
        service.behaviour = lambda link, request: send(link, body)
        ran = Ran(place, service, "devices", "list", "--output", "text")
        expect_equal(ran.returncode, FAILED, f"{name}: {ran.stderr}")
        expect("no JSON" in ran.stderr, f"{name}: {ran.stderr}")
        check_shown(ran.stderr, name)


COMMANDS = ("devices list", "projects list", "placements list p", "device show D",
            "project show p", "placement show p r", "placement devices p r",
            "device events D", "device methods D", "tags list arn:aws:iot1click:us-west-2:123456789012:devices/D",
            "deliveries list")


def no_payload_reaches_the_terminal(place):
    """All of them at once, in every field, as lists of one page may hold them."""
    texts = list(PAYLOADS.values())
    expect(len(texts) >= 43, f"{len(texts)} payloads")
    joined = "|".join(t for t in texts if len(t) < 1000)
    service = Hostile(lambda link, request: honest(link, request, joined), place=place)
    for words in COMMANDS:
        for form in ("text", "csv", "table"):
            ran = Ran(place, service, *words.split(), "--output", form)
            expect_equal(ran.returncode, DONE, f"{words} {form}: {ran.stderr[:300]}")
            check_shown(ran.stdout.decode(), f"{words} {form}")
            if form == "csv":
                rows = list(csv.reader(io.StringIO(ran.stdout.decode(), newline="")))
                expect_equal(len({len(r) for r in rows}), 1, f"{words}: widths of rows")


def each_payload_is_one_cell_and_comes_back_in_json(place):
    service = Hostile(place=place)
    service.behaviour = lambda link, request: send(link, {"devices": [
        {"deviceId": name, "type": text, "enabled": False, "remainingLife": 1}
        for name, text in PAYLOADS.items()]})
    ran = Ran(place, service, "devices", "list", "--output", "json")
    got = {d["deviceId"]: d["type"] for d in json.loads(ran.stdout)}
    expect_equal(got, PAYLOADS, "the texts")
    ran = Ran(place, service, "devices", "list", "--output", "csv")
    rows = list(csv.reader(io.StringIO(ran.stdout.decode(), newline="")))
    expect_equal([r[0] for r in rows], ["deviceId", *PAYLOADS], "a row for each")
    check_shown(ran.stdout.decode(), "csv")


def errors_carry_no_payload(place):
    service = Hostile(place=place)
    for text in chunks(4):
        service.behaviour = lambda link, request: send(
            link, {"message": text, "__type": text}, "400 Bad Request")
        ran = Ran(place, service, "device", "show", "G030PM0000000001")
        expect_equal(ran.returncode, FAILED, f"{text[:80]!r}: {ran.stderr[:300]}")
        expect_equal(ran.stderr.count("\n"), 1, f"one line: {ran.stderr[:300]!r}")
        check_shown(ran.stderr, text[:80])


STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


def streams_that_are_none_are_not_hammered(place):
    answers = [raw(STREAM), raw(STREAM + b"<html>"), raw(STREAM + b"data: {}\n"),
               raw(STREAM + b"x" * 70000)]
    services = [Hostile(a, place=place) for a in answers]
    children = [subprocess.Popen(
        [rig.ONECLICK, "--endpoint", s.url, "events", "follow"], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env=environment(place, key=KEY)) for s in services]
    for service, child in zip(services, children):
        said = child.communicate(timeout=30 * rig.SLOW)[1]
        expect(child.returncode in (FAILED, UNREACHABLE, 2), f"{child.returncode} {said}")
        expect("stream" in said, said)
        expect_equal(len(service.heads), 1, "requests")


# ---- the console -----------------------------------------------------------------------------

def open_console(place, service, **more):
    return Console(place, "--endpoint", service.url, key=KEY, **more)


def leave(screen):
    screen.send("\\e\\e\\eqqqqqq")
    expect_equal(screen.end(20), "exit 0", "the end of the console")


ON_SCREEN = ("same token for ever", "a circle of 50 after 20", "pages without end", "silence",
             "a byte of the body every half second", "100,000 devices in a page",
             "a body of blanks without end", "a header of 10 MB",
             "100 Continue without end", "4,000,000 zeros", "a name of 8 MB",
             "gzip of 100 MB", "nothing with 200", "words for devices",
             "hung up in the body")


def the_console_answers_keys_whatever_the_service_does(place):
    for name in ON_SCREEN:
        service = Hostile(BEHAVIOURS[name])
        screen = open_console(place, service)
        screen.wait("Devices", 20)
        for _ in range(3):
            screen.send("?")
            screen.wait("keys of", 5)
            screen.send("\\e")
            screen.gone("keys of", 5)
            time.sleep(0.3)
        leave(screen)
        service.close()


def a_list_that_goes_round_is_said_on_the_screen(place):
    def circle(link, request):
        if request.path == "/devices":
            return BEHAVIOURS["tokens in a circle of 7"](link, request)
        return honest(link, request)
    service = Hostile(circle, place=place)
    screen = open_console(place, service, cols=160)
    screen.send("4")
    screen.wait("circle", 20)
    leave(screen)


def a_flood_of_events_leaves_the_keys_alive(place):
    def flood(link, request):
        if request.path != "/stream":
            return honest(link, request)
        link.sendall(STREAM)
        n = 0
        while True:
            n += 1
            data = {"kind": "click", "deviceId": f"D{n}", "projectName": "w" * 2000 + str(n),
                    "placementName": str(n), "remainingLife": 1e308}
            link.sendall(f"id: {n}\nevent: click\ndata: {json.dumps(data)}\n\n".encode())
    service = Hostile(flood, place=place)
    screen = open_console(place, service)
    screen.send("5")
    screen.wait("LIVE", 20)
    for _ in range(5):
        screen.send("?")
        screen.wait("keys of", 10)
        screen.send("\\e")
        screen.gone("keys of", 10)
    with open(f"/proc/{screen.pid()}/status", encoding="ascii") as f:
        resident = int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))
    expect(resident < MEMORY, f"{resident} KiB")
    leave(screen)


# What curses may send to this terminal; all else in the transcript is text, and safe.
SEQUENCE = re.compile(
    rb"\x1b\[[\d;]*[ABCDGHJKLMPSTXZbdfhlmnrt@`]|\x1b\[\?[\d;]*[hl]|\x1b[78=>MDc]|\x1b\[!p"
    rb"|\x1b\[=\d+u|\x1b\([0B]|\x1b\[>[\d;]*[a-z]|[\r\n\b\x0e\x0f]")


def every_pane_shows_payloads_as_text(place):
    for text in chunks(6):
        service = Hostile(lambda link, request: honest(link, request, text))
        screen = open_console(place, service, cols=120, rows=40)
        screen.wait("Devices", 20)
        for keys in ("4", "\\r", "\\e", "2", "\\r", "\\e", "3", "\\r", "\\e", "5", "6", "1"):
            screen.send(keys)
            screen.quiet(0.05)
        leave(screen)
        plain = SEQUENCE.sub(b"", screen.said())
        expect(b"\x1b" not in plain, f"{text[:80]!r}: an escape in {plain[:200]!r}")
        check_shown(plain.decode("utf-8"), text[:80])
        service.close()


def a_stopped_service_is_noticed(place):
    """Half open: the link is there, and nobody behind it."""
    service = rig.Service(place)
    key = service.key()
    screen = Console(place, service=service, key=key)
    screen.wait("LIVE", 20)
    os.kill(service.process.child.pid, 19)
    try:
        began = time.monotonic()
        screen.gone("LIVE", 25)
        expect(time.monotonic() - began < 20 + 5 * rig.SLOW, "LIVE for too long")
        screen.send("?")
        screen.wait("keys of", 5)
        screen.send("\\e")
    finally:
        os.kill(service.process.child.pid, 18)
    screen.wait("LIVE", 40)
    screen.leave()


rig.run(globals())
