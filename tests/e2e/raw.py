"""Requests signed as botocore signs them and sent as they are, byte for byte."""
import datetime
import http.client

import botocore.auth
import botocore.awsrequest
import botocore.credentials

import rig


def signed(service, key, method, target, body=b"", region=rig.REGION, query=False,
           at=None, expires=60, headers=None):
    """(target, headers, body) as botocore would send them."""
    credentials = botocore.credentials.Credentials(*key)
    request = botocore.awsrequest.AWSRequest(
        method=method, url=service.url + target, data=body,
        headers=dict(headers or {}, **({"Content-Type": "application/json"} if body else {})))
    real = botocore.auth.datetime
    if at is not None:
        class Fixed(datetime.datetime):
            @classmethod
            def utcnow(cls):
                return datetime.datetime.utcnow() + datetime.timedelta(seconds=at)
        botocore.auth.datetime = type("m", (), {"datetime": Fixed})
    try:
        signer = (botocore.auth.SigV4QueryAuth(credentials, "iot1click", region, expires)
                  if query else botocore.auth.SigV4Auth(credentials, "iot1click", region))
        signer.add_auth(request)
    finally:
        botocore.auth.datetime = real
    prepared = request.prepare()
    return prepared.url[len(service.url):], dict(prepared.headers), body


def send(service, method, target, headers, body=b""):
    link = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    try:
        link.putrequest(method, target, skip_host="host" in map(str.lower, headers),
                        skip_accept_encoding=True)
        for name, value in headers.items():
            if name.lower() != "content-length":
                link.putheader(name, value)
        if body or method in ("PUT", "POST"):
            link.putheader("Content-Length", str(len(body)))
        link.endheaders(body or None)
        got = link.getresponse()
        return got.status, got.getheader("x-amzn-ErrorType"), got.read().decode()
    finally:
        link.close()
