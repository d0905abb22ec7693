"""Callbacks at a real local Lambda runtime: serverless-offline from npm, which runs the
function under node and answers Invoke as Lambda does.  It needs node and npm, which Debian
has in several ways that exclude one another, so it is no part of `make check`; there a
recording server stands in, and botocore judges the signatures (tests/e2e/sinks_test.py)."""
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e"))
import rig  # noqa: E402
from rig import expect, expect_equal  # noqa: E402

VERSIONS = ("serverless@3.40.0", "serverless-offline@13.9.0")
RUNTIME = os.path.join(rig.HERE, "../../build/lambda-runtime")
DEVICE = "G030PM0123456789"
CODE = "C-1234567890"
ARN = "arn:aws:lambda:us-west-2:000000000000:function:office-dev-door"

HANDLER = """
const fs = require('fs');
exports.door = async (event) => {
	fs.appendFileSync('OUTPUT', JSON.stringify(event) + '\\n');
	if (event.placementInfo.attributes.fail && fs.readFileSync('OUTPUT').length < 1000)
		throw new Error('the door is stuck');
	return {};
};
"""
OFFICE = """
service: office
frameworkVersion: '3'
provider: {name: aws, runtime: nodejs18.x, region: us-west-2}
plugins: [serverless-offline]
functions: {door: {handler: handler.door}}
custom:
  serverless-offline: {httpPort: HTTP, lambdaPort: LAMBDA, websocketPort: SOCKET}
"""


def install():
    """Why there is no runtime, or None when there is one."""
    if not shutil.which("npm") or not shutil.which("node"):
        return "no npm and node on this machine"
    if os.path.exists(os.path.join(RUNTIME, "node_modules/serverless-offline")):
        return None
    fresh = RUNTIME + ".new"
    shutil.rmtree(fresh, ignore_errors=True)
    os.makedirs(fresh)
    done = subprocess.run(
        ["timeout", "300", "npm", "install", "--prefix", fresh, "--no-audit", "--no-fund",
         "--ignore-scripts", *VERSIONS], capture_output=True, text=True,
        stdin=subprocess.DEVNULL)
    if done.returncode == 124:
        return "npm did not install it within five minutes"
    if done.returncode != 0:
        return "npm could not install it: " + done.stderr.strip().splitlines()[-1]
    os.rename(fresh, RUNTIME)
    return None


class Runtime:
    """The runtime with one function, office-dev-door, that writes down what it gets."""

    def __init__(self, place):
        self.port, self.output = rig.free_port(), place.write("events", "")
        os.symlink(os.path.join(os.path.abspath(RUNTIME), "node_modules"),
                   place.join("node_modules"))
        place.write("handler.js", HANDLER.replace("OUTPUT", self.output))
        place.write("serverless.yml", OFFICE.replace("LAMBDA", str(self.port)).replace(
            "HTTP", str(rig.free_port())).replace("SOCKET", str(rig.free_port())))
        self.log = open(place.join("runtime.log"), "wb")
        self.child = subprocess.Popen(
            ["node", place.join("node_modules/.bin/serverless"), "offline"],
            cwd=place.path, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env=place.environment(SLS_TELEMETRY_DISABLED="1", SLS_NOTIFICATIONS_MODE="off",
                                  PATH=os.environ["PATH"], CI="1"))
        place.closing.append(self)
        self.url = f"http://127.0.0.1:{self.port}"
        rig.wait_for("the runtime", self.answers, 60)

    def answers(self):
        expect(self.child.poll() is None, "the runtime has ended")
        try:
            return rig.http(self.url + "/") and True
        except OSError:
            return False

    def events(self):
        with open(self.output, encoding="utf-8") as f:
            return [json.loads(line) for line in f]

    def wait(self, count):
        rig.wait_for(f"{count} events", lambda: len(self.events()) >= count, 20)
        return self.events()

    def close(self):
        self.child.terminate()
        try:
            self.child.wait(20)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.log.close()


def start(place, runtime, attributes, **more):
    config = place.write("oneclick.yaml", json.dumps({"destinations": [
        {"lambda": {"endpoint": runtime.url, **more}}]}))
    os.chmod(config, 0o600)
    service = rig.Service(place, "--config", config)
    token = service.register(DEVICE, code=CODE)[DEVICE]
    key = service.key()
    devices = rig.botocore_client(service, key, "iot1click-devices", 3)
    devices.claim_devices_by_claim_code(ClaimCode=CODE)
    devices.update_device_state(DeviceId=DEVICE, Enabled=True)
    projects = rig.botocore_client(service, key, "iot1click-projects", 3)
    projects.create_project(projectName="Doors", placementTemplate={"deviceTemplates": {
        "door": {"deviceType": "button", "callbackOverrides": {"onClickCallback": ARN}}}})
    projects.create_placement(
        projectName="Doors", placementName="front", attributes=attributes)
    projects.associate_device_with_placement(
        projectName="Doors", placementName="front", deviceTemplateName="door",
        deviceId=DEVICE)
    return service, token


def a_function_gets_the_event_of_a_press(place):
    runtime = Runtime(place)
    service, token = start(place, runtime, {"Room": "237"})
    rig.press(service, token, DEVICE, "LONG")
    event = runtime.wait(1)[0]
    expect_equal(event["deviceEvent"]["buttonClicked"]["clickType"], "LONG")
    expect_equal(event["placementInfo"]["attributes"], {"Room": "237"})
    expect_equal(event["placementInfo"]["devices"], {"door": DEVICE})


def a_function_that_throws_is_invoked_again_when_its_end_is_waited_for(place):
    runtime = Runtime(place)
    service, token = start(place, runtime, {"fail": "once"}, invocation="RequestResponse")
    rig.press(service, token, DEVICE)
    first, second = runtime.wait(2)[:2]
    expect_equal(first, second, "the repeat")


absent = install()
if absent:
    print(f"not ok a real Lambda runtime: {absent}")
    sys.exit(1)
rig.run(globals())
