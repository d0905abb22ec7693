"""Click to webhook: the service beside two plain forwarders and Node-RED, the load, the
broker and the receiver on the same two processors."""
import collections
import json
import os
import statistics
import subprocess
import time

import rig

TOOL = os.path.join(rig.BUILD, "tests/bench")
DEVICES = 1000
ARN = f"arn:aws:lambda:{rig.REGION}:000000000000:function:hook"
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "1"))
STARTS = 5


class Broker(rig.Broker):
    """One that does not hold the others up: nothing is kept, much may be under way."""

    def __init__(self, place):
        self.place, self.port = place, rig.free_port()
        self.config = place.write(f"broker-{self.port}.conf", f"""
listener {self.port} 127.0.0.1
allow_anonymous true
persistence false
max_inflight_messages 0
max_queued_messages 0
set_tcp_nodelay true
user root
""")
        self.url = f"mqtt://127.0.0.1:{self.port}"
        self.start()


def fields(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        rows = dict(line.split(":", 1) for line in f)
    return {k: int(v.split()[0]) / 1024 for k, v in rows.items() if k.startswith("Vm")}


class Rival:
    """Something between `port`, where clicks go in, and the hook's port."""
    name, pid, port, child = "", 0, 0, None
    tokens = {f"G030PM{i:010d}": "none" for i in range(DEVICES)}

    def start(self, place, kind, broker, hook):
        raise NotImplementedError

    def stop(self):
        if self.child:
            self.child.kill()
            self.child.wait()


class Forwarder(Rival):
    def __init__(self, syncs):
        self.syncs = syncs
        self.name = "forwarder that syncs" if syncs else "forwarder"

    def start(self, place, kind, broker, hook):
        words = [os.path.join(TOOL, "forward"), kind, str(self.port), str(hook)]
        if self.syncs:
            words.append(place.join("clicks.log"))
        self.child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self.child.stdout.readline()
        self.pid = self.child.pid
        time.sleep(0.3)


FLOW = [{"id": "t", "type": "tab", "label": "hook"},
        {"id": "b", "type": "mqtt-broker", "broker": "127.0.0.1", "clientid": "red",
         "autoConnect": True, "protocolVersion": "4", "keepalive": "60",
         "cleansession": True}]


class NodeRed(Rival):
    """From npm, doing the same job without storing anything."""
    name = "Node-RED"
    home = os.environ.get("BENCH_NODE_RED", os.path.expanduser("~/.cache/oneclick-bench"))

    @classmethod
    def is_there(cls):
        if not os.path.exists(cls.program()):
            subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent",
                            "--prefix", cls.home, "node-red@4"], capture_output=True)
        return os.path.exists(cls.program())

    @classmethod
    def program(cls):
        return os.path.join(cls.home, "node_modules/node-red/red.js")

    def start(self, place, kind, broker, hook):
        port = rig.free_port() if broker else self.port
        out = {"id": "o", "z": "t", "type": "http request", "method": "POST", "ret": "txt",
               "url": f"http://127.0.0.1:{hook}/hook", "persist": True, "wires": [[]]}
        flow = [*FLOW, out]
        flow[1] = dict(FLOW[1], port=str(broker.port if broker else 1))
        if kind == "mqtt":
            flow.append({"id": "i", "z": "t", "type": "mqtt in", "topic": "oneclick/+/event",
                         "qos": "1", "datatype": "utf8", "broker": "b", "wires": [["o"]]})
        else:
            del flow[1]
            flow += [{"id": "i", "z": "t", "type": "http in", "url": "/ingest/oneclick",
                      "method": "post", "wires": [["o", "r"]]},
                     {"id": "r", "z": "t", "type": "http response", "statusCode": "200",
                      "wires": []}]
        flows = place.write(f"flows-{port}.json", json.dumps(flow))
        settings = place.write(f"settings-{port}.js", (
            "module.exports = {uiPort: %d, uiHost: '127.0.0.1', flowFile: %s, "
            "httpAdminRoot: false, userDir: %s, logging: {console: {level: 'warn'}}}")
            % (port, json.dumps(flows), json.dumps(place.join("red"))))
        self.child = subprocess.Popen(["node", self.program(), "-s", settings],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.pid = self.child.pid
        rig.wait_for("Node-RED", lambda: self.answers(port), 30)
        time.sleep(2)

    @staticmethod
    def answers(port):
        try:
            return rig.http(f"http://127.0.0.1:{port}/", timeout=1)[0] > 0
        except OSError:
            return False


class OneClick(Rival):
    name, tokens = "oneclickd", None

    def start(self, place, kind, broker, hook):
        self.service = service = rig.Service(place, "--config", place.write(
            "hook.yaml", "throttle: 0\n" + "destinations:\n" + f"""\
  - match: {ARN}
    max-in-flight: 64
    webhook: {{url: "http://127.0.0.1:{hook}/hook"}}
"""), *(["--mqtt", broker.url] if broker else []), state=f"state-{hook}", port=0 if broker else self.port)
        self.pid = service.process.child.pid
        ids = [f"G030PM{i:010d}" for i in range(DEVICES)]
        self.tokens = service.register(*ids, code="C-0123456789")
        key = service.key()
        rig.botocore_client(service, key, "iot1click-devices").claim_devices_by_claim_code(
            ClaimCode="C-0123456789")
        self.place_devices(place, key, ids)
        time.sleep(0.5)

    def place_devices(self, place, key, ids):
        resources = {"P": {"Type": "AWS::IoT1Click::Project", "Properties": {
            "ProjectName": "Bench", "PlacementTemplate": {"DeviceTemplates": {"Button": {
                "DeviceType": "button", "CallbackOverrides": {"onClickCallback": ARN}}}}}}}
        for n, one in enumerate(ids):
            resources[f"L{n}"] = {"Type": "AWS::IoT1Click::Placement", "Properties": {
                "ProjectName": "Bench", "PlacementName": f"room-{n}",
                "Attributes": {"Room": str(n)}, "AssociatedDevices": {"Button": one}}}
            resources[f"D{n}"] = {"Type": "AWS::IoT1Click::Device", "Properties": {
                "DeviceId": one, "Enabled": True}}
        done = subprocess.run(
            [rig.ONECLICK, "apply", place.write("bench.json", json.dumps(
                {"Resources": resources}))], capture_output=True, text=True,
            env=place.environment(AWS_ENDPOINT_URL=self.service.url,
                                  AWS_ACCESS_KEY_ID=key[0], AWS_SECRET_ACCESS_KEY=key[1],
                                  AWS_DEFAULT_REGION=rig.REGION))
        rig.expect(done.returncode == 0, done.stderr + done.stdout[-2000:])

    def stop(self):
        self.service.close()
        self.tokens = None


def open_load(kind, port, hook, devices, rate):
    load = subprocess.Popen(
        [os.path.join(TOOL, "drive"), kind, str(port), str(hook), devices, str(rate),
         f"{SECONDS:g}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    load.stdout.readline()
    return load


class Run(collections.namedtuple(
        "Run", "sent received lost doubled speed p50 p99 memory")):
    """What came of one: clicks, clicks a second, milliseconds, MiB at the most."""


def drive(place, rival, kind, rate):
    broker = Broker(place) if kind == "mqtt" else None
    hook = rig.free_port()
    rival.port = broker.port if broker else rig.free_port()
    load = None
    try:
        if rival.tokens:
            load = open_load(kind, rival.port, hook, write_devices(place, rival), rate)
        rival.start(place, kind, broker, hook)
        if not load:
            load = open_load(kind, rival.port, hook, write_devices(place, rival), rate)
        load.stdin.write("go\n")
        load.stdin.flush()
        words = load.stdout.readline().split()
        rig.expect(len(words) == 7, f"{rival.name}: {words}")
        memory = fields(rival.pid)["VmHWM"]
    finally:
        rival.stop()
        if load:
            load.kill()
            load.wait()
        if broker:
            broker.close()
    return Run(*map(float, words), memory)


def write_devices(place, rival):
    return place.write("devices.txt",
                       "".join(f"{i} {t}\n" for i, t in rival.tokens.items()))


def rivals():
    """In the order they are run, over and over, so that drift falls on all of them."""
    found = [OneClick(), Forwarder(True), Forwarder(False)]
    return found + [NodeRed()] if NodeRed.is_there() else found


# ---- what is said of it ----

# kind, rate (0: as fast as it goes)
SCENARIOS = [(kind, rate) for kind in ("mqtt", "http") for rate in (100, 1000, 0)]


def say_run(rival, kind, rate, run):
    what = f"{kind}, {rate}/s" if rate else f"{kind}, as fast as it goes"
    print(f"{what:<28} {rival.name:<22} {run.speed:>9,.0f}/s  p50 {run.p50:>8.2f} "
          f"p99 {run.p99:>8.2f} ms  lost {run.lost:.0f} doubled {run.doubled:.0f} of "
          f"{run.sent:.0f}  {run.memory:.0f} MiB", flush=True)


def median(runs):
    return Run(*map(statistics.median, zip(*runs)))


def say_goal(what, figure, goal, holds):
    print(f"    {what:<50} {figure:>8.2f}  (goal {goal}: {'met' if holds else 'missed'})",
          flush=True)


def say_ratios(ours, theirs, rate):
    """Beside each other program of the same rounds."""
    for name, run in theirs.items():
        print(f"    oneclickd to {name:<22} rate {ours.speed / run.speed:>6.2f}  p50 "
              f"{ours.p50 / run.p50:>6.2f}  p99 {ours.p99 / run.p99:>6.2f}  memory "
              f"{ours.memory / run.memory:>6.2f}", flush=True)
    if rate == 1000:
        say_goal("p50, ms", ours.p50, "0.5", ours.p50 <= 0.5)
        say_goal("p99, ms", ours.p99, "1.5", ours.p99 <= 1.5)
    for name, goal in ((Forwarder(True).name, 0.5), (NodeRed.name, 5)) if not rate else ():
        if name in theirs:
            ratio = ours.speed / theirs[name].speed
            say_goal(f"rate to that of {name}", ratio, f"{goal:g}", ratio >= goal)
    say_goal("memory, MiB", ours.memory, "under 32", ours.memory < 32)
    say_goal("lost and doubled", ours.lost + ours.doubled, "none",
             ours.lost + ours.doubled == 0)


def measure_scenario(place, kind, rate):
    runs = collections.defaultdict(list)
    for _ in range(ROUNDS):
        for rival in rivals():
            run = drive(place, rival, kind, rate)
            say_run(rival, kind, rate, run)
            runs[rival.name].append(run)
    medians = {name: median(some) for name, some in runs.items()}
    ours = medians.pop(OneClick.name)
    # none is to be lost in any round, which a median would not show
    worst = [sum(r[i] for r in runs[OneClick.name]) for i in (2, 3)]
    say_ratios(ours._replace(lost=worst[0], doubled=worst[1]), medians, rate)


def start_once(place, rest):
    """Milliseconds until it says that it is ready, and MiB when it has then rested."""
    began = time.monotonic()
    child = subprocess.Popen(
        [rig.ONECLICKD, "--listen", f"127.0.0.1:{rig.free_port()}", "--state",
         place.join("idle")], stdout=subprocess.PIPE, env=place.environment(), text=True)
    line = child.stdout.readline()
    took = (time.monotonic() - began) * 1000
    time.sleep(rest)
    memory = fields(child.pid)["VmRSS"]
    child.terminate()
    child.wait()
    rig.expect("ready on" in line, line)
    return took, memory


def measure_start(place):
    starts = [start_once(place, 1 if n == 0 else 0) for n in range(STARTS)]
    ready = statistics.median(took for took, _ in starts)
    print(f"oneclickd alone, {STARTS} starts")
    say_goal("ready, ms after its start (median)", ready, "20", ready <= 20)
    say_goal("memory at rest, MiB (1 s after)", starts[0][1], "12", starts[0][1] <= 12)


def measure(place):
    measure_start(place)
    for kind, rate in SCENARIOS:
        measure_scenario(place, kind, rate)
