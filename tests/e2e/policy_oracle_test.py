"""Thousands of random policies and requests, decided by the service's own code and by an
evaluator written apart from it: the two must never differ."""
import json
import os
import random
import subprocess

import policy_oracle
import rig
from rig import expect, expect_equal

DECIDE = os.path.join(rig.BUILD, "tests/tools/decide")
DECISIONS = 40000
SEED = 20180504

ACTIONS = ["iot1click:ListDevices", "iot1click:DescribeDevice", "iot1click:TagResource",
           "iot1click:CreateProject", "cloudtrail:LookupEvents", "cloudwatch:ListMetrics"]
ACTION_WORDS = ACTIONS + ["*", "iot1click:*", "IOT1CLICK:list*", "iot1click:*Device?",
                          "iot1click:D*e", "cloudwatch:*", "cloudtrail:lookup?vents"]
BASE = "arn:aws:iot1click:us-west-2:000000000000:"
RESOURCES = ["*", BASE + "devices/G030PM0123456789", BASE + "devices/AA:BB",
             BASE + "projects/red", BASE + "projects/red-1", BASE + "projects/*",
             "arn:aws:iot1click:eu-west-1:111111111111:projects/red"]
RESOURCE_WORDS = RESOURCES[1:] + [
    "*", "arn:aws:iot1click:*:*:projects/*", "arn:aws:iot1click:us-*:*:projects/r?d*",
    "arn:aws:iot1click:us-*-2:0*0:*", "arn:aws:iot1click:*:projects/red", "arn:aws:iot1click",
    "arn:aws:iot1click:us-west-2", "arn:*:iot1click:*", "arn:aws:iot1click:*:*:*/*A*",
    "arn:aws:iot1click:us-west-?:????????????:devices/*", BASE + "projects/${aws:username}",
    BASE + "projects/${aws:PrincipalTag/team}*", BASE + "projects/${aws:PrincipalTag/x, 'red'}",
    BASE + "projects/${*}", "arn:aws:iot1click:*:${aws:PrincipalAccount}:projects/*",
    "arn:aws:iot1click:${aws:RequestedRegion}:*:projects/*", "arn:aws:iot1click:${*}:*:*",
    "arn:aws:iot1click:*:${aws:PrincipalAccount}", BASE + "${aws:PrincipalTag/team}*",
    "arn:${aws:username}:iot1click:*:*:*",
    "arn:aws:iot1click:us*west*:000000000000:devices/AA?BB", "arn:aws:iot1click:u*2:0*"]
TEXTS = ["red", "Red", "r*d", "r?d", "*", "", "blue", "red-1", "${aws:username}",
         "${aws:PrincipalTag/team}", "${*}", "${aws:PrincipalTag/x,'red'}", "é"]
ARNS = ["arn:aws:iam::000000000000:user/red", "arn:aws:iam::*:user/*",
        "arn:aws:iam:*:user/red:x", "arn:*:*:*:*:*", "arn:aws:i*m::0*0:*/r?d",
        "arn:aws:iam::000000000000:user/${aws:username}", "arn:aws:iam:::${aws:userid}"]
NUMBERS = ["0", "5", "5.0", "-1", "1e1", "10.5"]
MOMENTS = ["2018-05-04", "2018-05-04T00:00:00Z", "2018-05-04T02:00:00+02:00", "1525392000",
           "2018-05-03T23:59:59.999Z", "1525392001"]
NETS = ["10.0.0.0/8", "10.1.2.3", "10.1.2.3/31", "0.0.0.0/0", "::/0", "2001:db8::/33",
        "2001:db8::1", "10.1.2.3/15"]
ADDRESSES = ["10.1.2.3", "10.1.2.2", "10.0.2.3", "192.0.2.1", "2001:db8::1",
             "2001:db8:8000::1", "::ffff:10.1.2.3"]
BYTES = ["cmVk", "cmVkLTE=", "Ymx1ZQ==", "UmVk"]
VALUES = {
    "aws:username": TEXTS[:8], "aws:userid": ["red", "user/red"], "aws:UserAgent": TEXTS[:8],
    "aws:PrincipalTag/team": TEXTS[:8], "aws:PrincipalTag/x": TEXTS[:8],
    "aws:ResourceTag/room": TEXTS[:8], "aws:RequestTag/room": TEXTS[:8],
    "aws:TagKeys": TEXTS[:8], "aws:PrincipalArn": [ARNS[0], "arn:aws:iam::1:user/red:x", "red"],
    "aws:PrincipalAccount": ["000000000000", "111111111111"],
    "aws:EpochTime": NUMBERS + ["1525392000", "ten"], "aws:CurrentTime": MOMENTS + ["May"],
    "aws:SourceIp": ADDRESSES + ["local"], "aws:SecureTransport": ["true", "false"],
    "aws:RequestedRegion": ["us-west-2", "eu-west-1"]}
OPERATORS = {name: values for names, values in (
    (["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringLike",
      "StringNotEqualsIgnoreCase", "StringNotLike"], TEXTS),
    (["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals",
      "NumericGreaterThan", "NumericGreaterThanEquals"], NUMBERS + [5, 10.5]),
    (["DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals",
      "DateGreaterThan", "DateGreaterThanEquals"], MOMENTS),
    (["Bool"], ["true", "false", True, False]), (["BinaryEquals"], BYTES),
    (["IpAddress", "NotIpAddress"], NETS),
    (["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"], ARNS)) for name in names}
# What an operator mostly is asked of; sometimes it is another key.
FITTING = {"Numeric": "aws:EpochTime", "Date": "aws:CurrentTime", "Bool": "aws:SecureTransport",
           "IpAddress": "aws:SourceIp", "NotIp": "aws:SourceIp", "Arn": "aws:PrincipalArn"}


def some(rng, items, most):
    return [rng.choice(items) for _ in range(rng.randint(1, most))]


def one_or_some(rng, items):
    got = some(rng, items, 3)
    return got[0] if len(got) == 1 and rng.random() < 0.7 else got


def key_for(rng, operator):
    for start, key in FITTING.items():
        if operator.startswith(start) and rng.random() < 0.8:
            return key
    return rng.choice(list(VALUES))


def condition(rng):
    out = {}
    for _ in range(rng.choice((1, 1, 1, 2))):
        if rng.random() < 0.07:
            out["Null"] = {rng.choice(list(VALUES)): rng.choice(("true", "false", True))}
            continue
        operator = rng.choice(list(OPERATORS))
        prefix = rng.choice(("", "", "", "ForAllValues:", "ForAnyValue:"))
        keys = {key_for(rng, operator) if not prefix or rng.random() < 0.3 else "aws:TagKeys":
                one_or_some(rng, OPERATORS[operator]) for _ in range(rng.choice((1, 1, 2)))}
        out[prefix + operator + rng.choice(("", "", "", "IfExists"))] = keys
    return out


def statement(rng):
    out = {"Effect": rng.choice(("Allow", "Allow", "Allow", "Deny"))}
    words = ACTION_WORDS if rng.random() < 0.6 else ["*"]
    out[rng.choice(("Action",) * 5 + ("NotAction",))] = one_or_some(rng, words)
    words = RESOURCE_WORDS if rng.random() < 0.6 else ["*"]
    out[rng.choice(("Resource",) * 5 + ("NotResource",))] = one_or_some(rng, words)
    if rng.random() < 0.6:
        out["Condition"] = condition(rng)
    return out


def policy(rng):
    out = {"Statement": [statement(rng) for _ in range(rng.choice((1, 1, 2, 3)))]}
    version = rng.choice(("2012-10-17",) * 4 + ("2008-10-17", None))
    return dict(out, Version=version) if version else out


def question(rng):
    context = {}
    for key, values in VALUES.items():
        if rng.random() < 0.6:
            many = key == "aws:TagKeys"
            context[key] = [rng.choice(values) for _ in range(
                rng.randint(0, 3) if many else 1)]
    return {"policies": [policy(rng) for _ in range(rng.choice((1, 1, 2)))],
            "action": rng.choice(ACTIONS), "resource": rng.choice(RESOURCES),
            "context": context}


def ask(questions):
    done = subprocess.run([DECIDE], input="".join(json.dumps(q) + "\n" for q in questions),
                          capture_output=True, text=True, timeout=300 * rig.SLOW)
    expect_equal(done.returncode, 0, done.stderr[-2000:])
    return done.stdout.split(), done.stderr


def two_evaluators_never_differ(place):
    rng = random.Random(SEED)
    questions = [question(rng) for _ in range(DECISIONS)]
    answers, errors = ask(questions)
    expect_equal(len(answers), DECISIONS, "answers")
    counts = {}
    for asked, got in zip(questions, answers):
        wanted = policy_oracle.decide(**asked)
        counts[got] = counts.get(got, 0) + 1
        expect_equal(got, wanted, json.dumps(asked) + errors[-500:])
    for word in ("allowed", "explicitDeny", "implicitDeny"):
        expect(counts.get(word, 0) > DECISIONS / 20, f"too few are {word}: {counts}")
    expect(set(counts) == {"allowed", "explicitDeny", "implicitDeny"}, f"{counts}")


def a_planted_slip_would_be_seen(place):
    """The same run against an evaluator with one rule turned round must differ."""
    rng = random.Random(SEED)
    questions = [question(rng) for _ in range(3000)]
    answers, _ = ask(questions)
    real = policy_oracle.matcher
    for slip in ("StringNotLike", "NotIpAddress", "DateLessThan", "ArnLike"):
        def bent(name, slip=slip):
            negated, matches = real(name)
            return negated != (name == slip), matches
        policy_oracle.matcher = bent
        differ = sum(policy_oracle.decide(**q) != a for q, a in zip(questions, answers))
        policy_oracle.matcher = real
        expect(differ > 0, f"{slip} turned round makes no difference")


rig.run(globals())
