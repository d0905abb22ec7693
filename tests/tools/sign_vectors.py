#!/usr/bin/python3
"""Writes tests/unit/api/sign_vectors.inc: requests as botocore signs them."""
import datetime
import hashlib
import sys

import botocore.auth
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.utils import percent_encode

NAMES = [
    "Rooms", "a b", "a+b", "a%b", "a%2Fb", "a/b", "a//b", "a:b", "a=b&c=d", "a?b#c",
    "tilde~dash-dot.under_", "*!'()", "caf\u00e9", "\u65e5\u672c\u8a9e", "\U0001f514",
    "e\u0301", "quote\"back\\slash", "<>[]{}|^`", "semi;comma,at@dollar$", "%00", "%zz",
    " lead and trail ", "tab\there", "\u202eright", "0", "-",
]
ARN = "arn:aws:iot1click:us-west-2:123456789012:projects/"
HOST = "projects.iot1click.us-west-2.amazonaws.com"
KEYS = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")


class Clock(datetime.datetime):
    @classmethod
    def utcnow(cls):
        return cls(2018, 5, 4, 23, 26, 33)


def encode(text):
    return percent_encode(text, safe="-._~")


def sign(auth, method, target, body="", headers=(), token=None):
    keys = Credentials(*KEYS, token)
    request = AWSRequest(method, "https://" + HOST + target, data=body)
    for name, value in headers:
        request.headers.add_header(name, value)
    signer = auth(keys, "iot1click", "us-west-2")
    signer.add_auth(request)
    rest = request.url.split("://", 1)[1][len(HOST):]
    path, mark, query = rest.partition("?")
    shown = [("Host", HOST)] + [
        (name, value) for name, value in request.headers.items() if name != "Authorization"]
    if "Authorization" in request.headers:
        signature = request.headers["Authorization"].rsplit("=", 1)[1]
    else:
        signature = query.rsplit("X-Amz-Signature=", 1)[1]
        # where it stands must not matter
        query = "X-Amz-Signature=" + signature + "&" + query.rsplit("&X-Amz-Sig", 1)[0]
    return method, path, query if mark else None, shown, body, signature


def vectors():
    for i, name in enumerate(NAMES):
        label = encode(name)
        token = "token/+==" if i % 3 == 0 else None
        yield sign(SigV4Auth, "GET", "/projects/" + label, token=token)
        yield sign(SigV4QueryAuth, "GET", "/projects/%s/placements/%s" % (label, label),
                   token=token)
        yield sign(SigV4Auth, "GET", "/projects?nextToken=%s&maxResults=7" % label)
        yield sign(SigV4Auth, "DELETE", "/tags/%s?tagKeys=%s&tagKeys=A&tagKeys=a-" % (
            encode(ARN + name), label))
    yield sign(SigV4QueryAuth, "GET", "/tags/" + encode(ARN + "a b"))
    yield sign(SigV4Auth, "PUT", "/devices/G030PM039134U3AT/state", '{"enabled": true}',
               [("Content-Type", "application/json")])
    yield sign(SigV4Auth, "GET", "/")
    yield sign(SigV4Auth, "GET", "")
    yield sign(SigV4Auth, "GET", "/p?a-=1&a=2&a=1&a1=0&A=9&b&c=")
    yield sign(SigV4Auth, "GET", "/p", headers=[
        ("X-Amz-Meta", "  inner   blanks\t here  "), ("My-List", "b"), ("my-list", " a "),
        ("MY-LIST", ""), ("Zeta", "z"), ("alpha", "a")])


def quote(text):
    if text is None:
        return "NULL"
    out, split = '"', False
    for byte in text.encode():
        c = chr(byte)
        if c in '"\\':
            out, split = out + "\\" + c, False
        elif 32 <= byte < 127:
            # a digit would go on with the octal escape before it
            out, split = out + ('""' if split and c.isdigit() else "") + c, False
        else:
            out, split = out + "\\%03o" % byte, True
    return out + '"'


def main():
    botocore.auth.datetime.datetime = Clock
    out = ["/* Written by tests/tools/sign_vectors.py; do not edit. */"]
    for method, path, query, headers, body, signature in vectors():
        out.append("{ %s,\n\t%s,\n\t%s," % (quote(method), quote(path), quote(query)))
        out.append("\t{ %s }," % ",\n\t\t".join(
            "{ %s, %s }" % (quote(name), quote(value)) for name, value in headers))
        out.append("\t%s,\n\t%s },"
                   % (quote(hashlib.sha256(body.encode()).hexdigest()), quote(signature)))
    sys.stdout.write("\n".join(out) + "\n")


main()
