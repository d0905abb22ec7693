"""The command line beside aws and boto3 in odd surroundings: clocks that are wrong, pages of
any size, addresses of IPv6 with TLS, words for read-only; and terminals of no size."""
import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import threading
import time

import botocore.exceptions

import console
import rig
from console import Console
from rig import expect, expect_equal

IDS = [f"G030PM{n:010d}" for n in range(1, 8)]
CODE = "C-1234567890"


def fleet(place, *options):
    service = rig.Service(place, *options)
    key = service.key()
    service.register(*IDS, code=CODE)
    console.run(place, "claim", CODE, service=service, key=key)
    return service, key


# ---- clocks ----------------------------------------------------------------------------------

def a_clock_that_is_wrong_is_told_with_both_times(place):
    service, key = fleet(place)
    clock = rig.Clock(place)
    for seconds in (-20 * 60, 20 * 60):
        clock.set(seconds)
        wrong = time.strftime("%Y%m%dT%H", time.gmtime(time.time() + seconds))
        right = time.strftime("%Y%m%dT%H", time.gmtime())
        for argv in ([rig.AWS, "--endpoint-url", service.url, "iot1click-devices",
                      "list-devices"],
                     [rig.ONECLICK, "--endpoint", service.url, "devices", "list"]):
            done = subprocess.run(argv, capture_output=True, text=True,
                                  stdin=subprocess.DEVNULL, timeout=60 * rig.SLOW,
                                  env=console.environment(place, key=key))
            expect(done.returncode != 0, f"{argv[0]}: {done.stdout}")
            said = done.stderr.replace("-", "").replace(":", "")
            expect(wrong in said and right in said,
                   f"{argv[0]}: both times ({wrong}, {right}): {done.stderr}")


# ---- pages -----------------------------------------------------------------------------------

def pages_of_any_size_bring_each_item_once(place):
    service, key = fleet(place)
    aws = rig.Aws(service, key)
    got = aws.devices("list-devices", "--page-size", "3")["Devices"]
    expect_equal(sorted(d["DeviceId"] for d in got), IDS, "by pages of 3")
    first = aws.devices("list-devices", "--page-size", "3", "--max-items", "2")
    rest = aws.devices("list-devices", "--page-size", "3", "--starting-token",
                       first["NextToken"])
    expect_equal(sorted(d["DeviceId"] for d in first["Devices"] + rest["Devices"]), IDS,
                 "in two parts")
    client = rig.botocore_client(service, key, "iot1click-devices")
    for size in (1, 2):
        pages = client.get_paginator("list_devices").paginate(
            PaginationConfig={"PageSize": size})
        expect_equal(sorted(d["DeviceId"] for p in pages for d in p["Devices"]), IDS,
                     f"by pages of {size}")
    try:
        client.list_devices(NextToken="bm90IG9uZSBvZiBvdXJz")
        raise rig.Failed("a token of nobody's was taken")
    except botocore.exceptions.ClientError as e:
        expect("first page" in str(e), str(e))


# ---- addresses -------------------------------------------------------------------------------

def an_address_of_ipv6_with_tls_works(place):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-keyout", place.join("key.pem"), "-out", place.join("cert.pem"),
                    "-subj", "/CN=here", "-addext", "subjectAltName=IP:::1"],
                   check=True, capture_output=True)
    port = rig.free_port()
    child = rig.Process(
        place, "oneclickd", [rig.ONECLICKD, "--listen", f"[::1]:{port}", "--state",
                             place.join("fleet"), "--tls-cert", place.join("cert.pem"),
                             "--tls-key", place.join("key.pem")], ready="ready on ")
    made = subprocess.run([rig.ONECLICKD, "key", "create", "--state", place.join("fleet"),
                           "--user", "a", "--policy", "AWSIoT1ClickFullAccess"], text=True,
                          capture_output=True, env=place.environment(), check=True).stdout
    keys = dict(line.split("=", 1) for line in made.splitlines() if "=" in line)
    for words, env in ((["--ca-file", place.join("cert.pem")], {}),
                       ([], {"AWS_CA_BUNDLE": place.join("cert.pem")})):
        done = subprocess.run(
            [rig.ONECLICK, "--endpoint", f"https://[::1]:{port}", *words, "devices", "list",
             "--output", "json"], capture_output=True, text=True, stdin=subprocess.DEVNULL,
            env=place.environment(**keys, **env), timeout=60 * rig.SLOW)
        expect_equal((done.returncode, done.stdout.strip()), (0, "[]"), done.stderr)
    child.close()


# ---- read-only -------------------------------------------------------------------------------

def no_word_for_read_only_is_taken_for_its_contrary(place):
    os.makedirs(place.join("config-home", "oneclick"))
    for word, holds in (("yes", None), ("on", None), ("1", None), ("\"true\"", None),
                        ("y", None), ("true", True), ("True", True), ("TRUE", True)):
        place.write("config-home/oneclick/config.yaml", f"read_only: {word}\n")
        done = subprocess.run([rig.ONECLICK, "--check-config"], capture_output=True,
                              text=True, env=place.environment(), timeout=20 * rig.SLOW)
        expect_equal(done.returncode, 0 if holds else 78, f"{word}: {done.stderr}")
    os.remove(place.join("config-home/oneclick/config.yaml"))
    for word in ("1", "true", "yes", "on", "off", "y", "n", "False ", "nein", "2"):
        done = subprocess.run(
            [rig.ONECLICK, "--endpoint", "http://127.0.0.1:1", "device", "enable", IDS[0]],
            capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=20 * rig.SLOW,
            env=place.environment(ONECLICK_READ_ONLY=word, AWS_ACCESS_KEY_ID="AKIA",
                                  AWS_SECRET_ACCESS_KEY="secret"))
        expect(done.returncode == 4 and "ONECLICK_READ_ONLY" in done.stderr,
               f"{word!r}: {done.returncode} {done.stderr}")


# ---- terminals -------------------------------------------------------------------------------

def a_terminal_that_was_held_goes_on(place):
    screen = Console(place, "--demo", "--demo-seed", "1", "--demo-still")
    screen.wait("The demo fleet is t", 60)
    screen.press("4")
    screen.quiet(0.2)
    row = screen.cursor()[0]
    screen.send("\\x13jjj")
    rig.wait_for("the cursor three rows down", lambda: screen.cursor()[0] == row + 3, 10)
    screen.leave()


rig.run(globals())
