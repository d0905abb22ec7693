"""MQTT 3.1.1 packets, byte by byte, for what a real client would not send."""
import json
import struct


def text(s):
    s = s if isinstance(s, bytes) else s.encode()
    return struct.pack(">H", len(s)) + s


def packet(first, body):
    length, n = b"", len(body)
    while True:
        length += bytes([n & 127 | (128 if n > 127 else 0)])
        n >>= 7
        if not n:
            return bytes([first]) + length + body


def connect(user=None, password=None, client="c", keepalive=0, flags=None, level=4):
    if flags is None:
        flags = 2 | (0x80 if user is not None else 0) | (0x40 if password is not None else 0)
    body = text("MQTT") + bytes([level, flags]) + struct.pack(">H", keepalive) + text(client)
    body += text(user) if user is not None else b""
    return packet(0x10, body + (text(password) if password is not None else b""))


def publish(payload, number, topic, dup=False):
    payload = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    first = 0x30 | (2 if number else 0) | (8 if dup else 0)
    return packet(first, text(topic) + (struct.pack(">H", number) if number else b"") +
                  payload)
