"""What a policy decides, said a second time: written from the text of AWS's IAM user guide
(policy evaluation logic, JSON policy elements, condition operators, variables), in another
language and by other means than the service's, so that a slip in one shows as a
difference.  Documents are taken to be well formed."""
import base64
import datetime
import ipaddress
import re

SEGMENTS = 6


class NoValue(Exception):
    """A variable has no value: the statement says nothing."""


def listed(x):
    return x if isinstance(x, list) else [x]


def said(x):
    return {True: "true", False: "false"}.get(x, x) if isinstance(x, bool) else str(x)


class Request:
    def __init__(self, action, resource, context):
        self.action, self.resource = action, resource
        self.context = {k.lower(): v for k, v in context.items()}

    def values(self, key):
        return self.context.get(key.lower(), [])


# ---- words with wildcards and variables: a list of characters, wildcards being tuples ----

def word(text, request, variables, wildcards=True):
    out, at = [], 0
    for found in re.finditer(r"\$\{([^}]*)\}", text) if variables else ():
        out += signs(text[at:found.start()], wildcards)
        out += list(value_of(found.group(1), request))
        at = found.end()
    return out + signs(text[at:], wildcards)


def signs(text, wildcards):
    return [(c,) if wildcards and c in "*?" else c for c in text]


def value_of(variable, request):
    if variable in ("*", "?", "$"):
        return variable
    key, comma, default = variable.partition(",")
    got = request.values(key.strip())
    if len(got) == 1 and got[0] != "":
        return got[0]
    if not comma:
        raise NoValue
    return default.strip()[1:-1]


def regex(letters, run=".*", one="."):
    return "".join({("*",): run, ("?",): one}.get(c) or re.escape(c) for c in letters)


def like(letters, text, fold=False):
    return re.fullmatch(regex(letters), text, re.S | (re.I if fold else 0)) is not None


# ---- ARNs: six segments, colons being those the document itself wrote ----

def literal(text):
    """Where no variable is filled in, one is its own letters."""
    out, at = [], 0
    for found in re.finditer(r"\$\{[^}]*\}", text):
        out += signs(text[at:found.start()], True) + list(found.group())
        at = found.end()
    return out + signs(text[at:], True)


def cut(text, variables):
    """The word's segments; a colon within ${...} or of a value does not divide."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        if variables and text.startswith("${", i):
            depth = 1
        elif c == "}":
            depth = 0
        elif c == ":" and not depth and len(parts) < SEGMENTS - 1:
            parts.append(text[start:i])
            start = i + 1
    return parts + [text[start:]]


def segments(text, request, variables):
    return [word(part, request, variables) for part in cut(text, variables)]


def resource_segments(text, request, variables):
    """Of a resource, only what follows the fifth colon has variables."""
    parts = cut(text, variables)
    return [literal(p) if variables and i < SEGMENTS - 1 else word(p, request, variables)
            for i, p in enumerate(parts)]


def segment_regex(letters, index, crosses):
    if index == SEGMENTS - 1:
        return regex(letters)
    tail = ""
    if crosses and letters and letters[-1] == ("*",):
        letters, tail = letters[:-1], ".*"
    return regex(letters, "[^:]*", "[^:]") + tail


def arn_matches(parts, text, crosses):
    pattern = ":".join(segment_regex(p, i, crosses) for i, p in enumerate(parts))
    return re.fullmatch(pattern, text, re.S) is not None


def resource_matches(text, request, variables):
    if text == "*":
        return True
    parts = resource_segments(text, request, variables)
    missing = SEGMENTS - len(parts)
    return arn_matches(parts, request.resource, True) or missing > 0 and arn_matches(
        parts + [[("*",)]] * missing, request.resource, True)


# ---- operators ----

def moment(text):
    if re.fullmatch(r"\d{1,12}", text):
        return float(text)
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            text += "T00:00:00Z"
        at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return at.timestamp() if at.tzinfo else None


def number(text):
    try:
        return float(text) if re.fullmatch(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", text) else None
    except ValueError:
        return None


def address(text):
    try:
        at = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(at, "ipv4_mapped", None) or at


def within(net, text):
    at, net = address(text), ipaddress.ip_network(net, strict=False)
    return at is not None and at.version == net.version and at in net


def ordered(read, test):
    def holds(wanted, got):
        a, b = read(got), read(wanted)
        return a is not None and b is not None and test(a, b)
    return holds


COMPARE = {"Equals": lambda a, b: a == b, "LessThan": lambda a, b: a < b,
           "LessThanEquals": lambda a, b: a <= b, "GreaterThan": lambda a, b: a > b,
           "GreaterThanEquals": lambda a, b: a >= b}


def matcher(name):
    """(negated, function(wanted text, got text, request, variables))"""
    for family, read in (("Numeric", number), ("Date", moment)):
        if name.startswith(family):
            rest = name[len(family):]
            negated = rest == "NotEquals"
            test = ordered(read, COMPARE["Equals" if negated else rest])
            return negated, lambda w, g, r, v: test(w, g)
    if name == "Bool":
        return False, lambda w, g, r, v: w.lower() == g.lower()
    if name == "BinaryEquals":
        return False, lambda w, g, r, v: base64.b64decode(w) == g.encode()
    if name.endswith("IpAddress"):
        return name.startswith("Not"), lambda w, g, r, v: within(w, g)
    negated, name = "Not" in name, name.replace("Not", "")
    if name.startswith("Arn"):
        return negated, lambda w, g, r, v: arn_matches(segments(w, r, v), g, False)
    fold, wild = name.endswith("IgnoreCase"), name == "StringLike"
    if wild:
        return negated, lambda w, g, r, v: like(word(w, r, v), g)
    return negated, lambda w, g, r, v: like(word(w, r, v, False), g, fold)


def test_holds(operator, key, wanted, request, variables):
    got, wanted = request.values(key), [said(w) for w in listed(wanted)]
    if operator == "Null":
        return ("true" if not got else "false") in [w.lower() for w in wanted]
    prefix, colon, name = operator.rpartition(":")
    if_exists = name.endswith("IfExists")
    name = name[:-len("IfExists")] if if_exists else name
    negated, matches = matcher(name)
    if not got:
        if if_exists or prefix == "ForAllValues":
            return True
        return negated and prefix != "ForAnyValue"

    def one(value):
        return negated != any(matches(w, value, request, variables) for w in wanted)
    if prefix == "ForAllValues":
        return all(one(v) for v in got)
    if prefix == "ForAnyValue":
        return any(one(v) for v in got)
    return all(one(v) for v in got) if negated else any(one(v) for v in got)


# ---- statements ----

def texts_in(statement, variables):
    for name in ("Resource", "NotResource"):
        for text in listed(statement.get(name, [])):
            yield from cut(text, variables)[SEGMENTS - 1:]
    for operator, keys in statement.get("Condition", {}).items():
        if "String" in operator or "Arn" in operator:
            for wanted in keys.values():
                yield from listed(wanted)


def applies(statement, request, variables):
    try:
        for text in texts_in(statement, variables):
            word(said(text), request, variables)
    except NoValue:
        return False
    named = any(like(signs(a, True), request.action, True) for a in listed(
        statement.get("Action", statement.get("NotAction"))))
    if named != ("Action" in statement):
        return False
    named = any(resource_matches(r, request, variables) for r in listed(
        statement.get("Resource", statement.get("NotResource"))))
    if named != ("Resource" in statement):
        return False
    return all(test_holds(operator, key, wanted, request, variables)
               for operator, keys in statement.get("Condition", {}).items()
               for key, wanted in keys.items())


def decide(policies, action, resource, context):
    request = Request(action, resource, context)
    effects = {s["Effect"] for p in policies for s in listed(p["Statement"])
               if applies(s, request, p.get("Version") == "2012-10-17")}
    if "Deny" in effects:
        return "explicitDeny"
    return "allowed" if "Allow" in effects else "implicitDeny"
