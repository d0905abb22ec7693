"""Measures what the product promises to be fast at, beside a limit or a peer taken in the
same run, and prints ratios. Absolute figures drift from machine to machine; ratios less.

    tests/bench/run.sh [clicks|pages|console|lists|out ...]
"""
import os
import re
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e"))
import out as out_bench  # noqa: E402
import rig  # noqa: E402

TOOL = os.path.join(rig.BUILD, "tests/bench")
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
FLEET = int(os.environ.get("BENCH_FLEET", "1000000"))


def say(what, figure, unit, beside=None, goal=None):
    line = f"{what:<52} {figure:>10,.2f} {unit:<8}"
    line = line.replace(".00 ", "    ") if figure >= 100 else line
    if beside:
        name, value = beside
        line += f"  {name} {value:,.2f}, ratio {figure / value:.3f}"
    if goal:
        line += f"  (goal {goal})"
    print(line, flush=True)


def run(*words, **more):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}: {done.returncode} {done.stderr}")
    return done.stdout


def tool(name, *words):
    return float(run(os.path.join(TOOL, name), *words))


def wrk(url, script, connections=64):
    """Requests a second that succeeded; any other answer ends the bench."""
    out = run("wrk", "-t", 1, "-c", connections, "-d", f"{SECONDS:g}s", "-s", script, url)
    if "Non-2xx" in out or "Socket errors" in out:
        sys.exit(out)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def resident(pid):
    """MiB of memory the process holds, and its own part of it."""
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        fields = dict(line.split(":", 1) for line in f)
    kib = {k: int(v.split()[0]) for k, v in fields.items() if k.startswith(("Vm", "Rss"))}
    return kib["VmRSS"] / 1024


def clicks(place):
    service = rig.Service(place, "--throttle", "0")
    ids = [f"G030PM{i:010d}" for i in range(1000)]
    tokens = service.register(*ids, code="C-0123456789")
    rig.botocore_client(service, service.key(), "iot1click-devices") \
        .claim_devices_by_claim_code(ClaimCode="C-0123456789")
    rows = ",\n".join(f'{{"{i}","{t}"}}' for i, t in tokens.items())
    # A request is all but its event's number made before, and the number has always as
    # many digits: the load shares the processors with what it measures.
    script = place.write("clicks.lua", f"local devices = {{\n{rows}\n}}\n" + """
local n, ready = 10000000, {}
function init()
    for i, d in ipairs(devices) do
        ready[i] = wrk.format("POST", "/ingest/oneclick",
            {["Authorization"] = "Bearer " .. d[2], ["Content-Type"] = "application/json"},
            '{"deviceId":"' .. d[1] .. '","clickType":"SINGLE","eventId":"e00000000"}')
            :sub(1, -11)
    end
end
function request()
    n = n + 1
    return ready[n % #ready + 1] .. n .. '"}'
end
""")
    ours, bare = [], []
    for turn in range(ROUNDS):
        os.makedirs(place.join(f"limit{turn}"))
        bare.append(tool("limit", "clicks", place.join(f"limit{turn}"), SECONDS, 64))
        # each round's event ids are new ones, so that none is a duplicate
        with open(script, encoding="ascii") as f:
            text = re.sub(r'"eventId":"\w*e', f'"eventId":"r{turn}e', f.read())
        place.write("clicks.lua", text)
        ours.append(wrk(service.url, script))
    say("durable clicks by HTTP, 64 connections", statistics.median(ours), "/s",
        ("bare SQLite, 64 a commit", statistics.median(bare)), "0.5")


def filled(place, count=FLEET):
    run(os.path.join(TOOL, "fill"), place.join("fleet"), count)
    return rig.Service(place, "--throttle", "0")


def presigned(service, key, target):
    import botocore.auth
    import botocore.awsrequest
    import botocore.credentials
    request = botocore.awsrequest.AWSRequest(method="GET", url=service.url + target)
    botocore.auth.SigV4QueryAuth(botocore.credentials.Credentials(*key), "iot1click",
                                 rig.REGION, 3600).add_auth(request)
    return request.prepare().url[len(service.url):]


def pages(place):
    service = filled(place)
    key = service.key()
    client = rig.botocore_client(service, key, "iot1click-devices")
    tokens, token = [""], None
    began = time.monotonic()
    while True:
        words = {"NextToken": token} if token else {}
        page = client.list_devices(MaxResults=250, **words)
        token = page.get("NextToken")
        if not token:
            break
        tokens.append(token)
    took = time.monotonic() - began
    assert len(tokens) == FLEET // 250, len(tokens)
    say(f"all {len(tokens)} pages with botocore", took, "s")

    def script(some):
        targets = ["/devices?maxResults=250" + (
            "&nextToken=" + t.replace("=", "%3D") if t else "") for t in some]
        rows = ",\n".join(f'"{presigned(service, key, t)}"' for t in targets)
        return place.write("pages.lua", f"local t = {{\n{rows}\n}}\nlocal n = 0\n" + """
function request()
    n = n + 1
    return wrk.format("GET", t[n % #t + 1])
end
""")
    database = [f for f in os.listdir(service.state) if f.endswith(".db")][0]
    step = max(1, len(tokens) // 64)
    bare = statistics.median(tool("limit", "pages", os.path.join(service.state, database),
                                  SECONDS) for _ in range(ROUNDS))
    spread = statistics.median(wrk(service.url, script(tokens[::step]), 4)
                               for _ in range(ROUNDS))
    first = statistics.median(wrk(service.url, script(tokens[:1]), 1) for _ in range(ROUNDS))
    last = statistics.median(wrk(service.url, script(tokens[-1:]), 1) for _ in range(ROUNDS))
    say(f"ListDevices pages of 250 out of {FLEET:,}", spread, "/s",
        ("bare keyset reads", bare), "0.5")
    say("... the last page", last, "/s", ("the first", first), "1")
    say(f"memory of the service with {FLEET:,} devices", resident(service.process.child.pid),
        "MiB", goal="under 64")


def console_run(place, argv, wait, rows=40, cols=120, env=None):
    began = time.monotonic()
    screen = rig.Screen(place, argv, rows, cols, env)
    screen.wait(wait, 60)
    took = (time.monotonic() - began) * 1000
    return screen, took


def steps(screen, keys):
    """(p50 ms, p99 ms, median bytes) of these keys."""
    got = [tuple(map(int, screen.order("key " + k).split()[1:])) for k in keys]
    times = sorted(t / 1000 for t, _ in got)
    return (times[len(times) // 2], times[int(len(times) * 0.99)],
            statistics.median(b for _, b in got))


WITHIN = ("j" * 15 + "k" * 15) * 10  # the cursor moves, the list stays
SCROLLING = "j" * 60                 # each step brings a new row


def console_environment(service, key, place):
    return place.environment(AWS_ACCESS_KEY_ID=key[0], AWS_SECRET_ACCESS_KEY=key[1],
                             AWS_DEFAULT_REGION=rig.REGION)


def console(place):
    service = filled(place, 100_000)
    key = service.key("auditor", "AWSIoT1ClickReadOnlyAccess")
    env = console_environment(service, key, place)
    argv = [rig.ONECLICK, "--endpoint", service.url, "--read-only"]
    ours, bare = [], []
    for _ in range(max(5, ROUNDS)):
        for name, words, list_ in (("Devices", argv, ours),
                                   ("G030PM", [os.path.join(TOOL, "bare_list"), "100000"],
                                    bare)):
            screen, took = console_run(place, words, name, env=env)
            list_.append(took)
            screen.close()
    say("first whole frame, 100,000 devices", statistics.median(ours), "ms",
        ("a bare curses list", statistics.median(bare)), "15 ms more than nothing")
    screen, _ = console_run(place, argv, "Devices", env=env)
    began = time.monotonic()
    screen.press("4")
    screen.wait(" 100000", 60)
    say("100,000 devices loaded into the console", time.monotonic() - began, "s", goal="1")
    say("memory of the console with them", resident(screen.pid()), "MiB", goal="under 24")
    screen.quiet(0.5)
    p50, p99, step = steps(screen, WITHIN)
    scroll = steps(screen, SCROLLING)[2]
    before = screen.quiet(0.1)
    time.sleep(10)
    at_rest = screen.quiet(0.1) - before
    screen.close()
    screen, _ = console_run(place, [os.path.join(TOOL, "bare_list"), "100000"], "G030PM",
                            env=env)
    b50, b99, bare_step = steps(screen, WITHIN)
    bare_scroll = steps(screen, SCROLLING)[2]
    screen.close()
    say("key to last byte, p50", p50, "ms", ("bare list", b50), "1 ms")
    say("key to last byte, p99", p99, "ms", ("bare list", b99), "3 ms")
    say("bytes a cursor step", step, "bytes", ("bare list", bare_step), "70")
    say("... when the list scrolls", scroll, "bytes", ("bare list", bare_scroll))
    say("bytes in 10 s at rest", at_rest, "bytes", goal="0")


# A process counts as its own the memory of the one it was forked from; so what is measured
# is forked from a small one.
MEASURE = """
import os, sys, time
began = time.monotonic()
child = os.fork()
if not child:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execv(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
print(time.monotonic() - began, usage.ru_maxrss / 1024)
sys.exit(1 if status else 0)
"""


def measured(words, env):
    """Seconds and MiB of one run of a command."""
    return tuple(map(float, run("/usr/bin/python3", "-S", "-c", MEASURE, *words,
                                env=env).split()))


def lists(place):
    service = filled(place, 10_000)
    key = service.key()
    env = console_environment(service, key, place)
    ours, aws = [], []
    for _ in range(max(5, ROUNDS)):
        ours.append(measured([rig.ONECLICK, "devices", "list", "--output", "json",
                              "--endpoint", service.url], env))
        aws.append(measured([rig.AWS, "--endpoint-url", service.url, "iot1click-devices",
                             "list-devices"], env))
    for i, (what, unit) in enumerate((("time", "s"), ("memory", "MiB"))):
        say(f"oneclick devices list, 10,000 devices: {what}",
            statistics.median(o[i] for o in ours), unit,
            ("aws iot1click-devices list-devices", statistics.median(a[i] for a in aws)),
            "0.1")


def out(place):
    out_bench.measure(place)


ALL = [clicks, pages, console, lists, out]
if __name__ == "__main__":
    wanted = sys.argv[1:] or [f.__name__ for f in ALL]
    for part in ALL:
        if part.__name__ in wanted:
            where = rig.Place()
            try:
                part(where)
            finally:
                where.close(keep=False)
