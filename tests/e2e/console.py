"""What the console's tests share: the console on a service of its own or on a rig.Service,
and the command line beside it, looking at the same service."""
import json
import subprocess

import rig
from rig import expect_equal

IDS = ["G030PM0000000001", "G030PM0000000002", "G030PM0000000003", "G030PM0000000004"]


class Console(rig.Screen):
    """The console in a terminal; without a service it starts one of its own."""

    def __init__(self, place, *options, service=None, key=None, rows=24, cols=80, before=(),
                 **env):
        self.env = environment(place, service, key, **env)
        super().__init__(place, [*before, rig.ONECLICK, *end_of(service), *options], rows,
                         cols, self.env)

    def press(self, keys, then=None):
        """Keys, one hand's pace: what they bring is there before the next ones go."""
        self.key(keys)
        return self.wait(then) if then else self

    def type(self, text):
        """Text as it stands; no escapes are read in it."""
        return self.press(text.replace("\\", "\\\\"))

    def command(self, text, then=None):
        self.press(":", ":").type(text)
        return self.press("\\r", then)

    def row_of(self, text):
        for row in self.rows():
            if text in row:
                return row
        raise rig.Failed(f"no row shows {text!r}:\n{self}")

    def cursor_row(self):
        return self.rows()[self.cursor()[0]]

    def seek(self, label, key="\\t"):
        """Goes from field to field until the cursor is in the row of this label."""
        self.quiet(0.03)
        for _ in range(40):
            if label in self.cursor_row():
                return self
            self.press(key)
        raise rig.Failed(f"no field {label!r} was reached:\n{self}")

    def fill(self, label, text):
        """Puts a text into the field of a form, whatever it held."""
        return self.seek(label).press("\\x15" + text)

    def leave(self):
        """By q, as often as it takes; the status must be 0."""
        self.send("qqqqqq")
        expect_equal(self.end(), "exit 0", "the end of the console")


def end_of(service):
    return ["--endpoint", service.url] if service else []


def environment(place, service=None, key=None, **env):
    if key:
        env.update(AWS_ACCESS_KEY_ID=key[0], AWS_SECRET_ACCESS_KEY=key[1])
    return place.environment(AWS_DEFAULT_REGION=rig.REGION, **env)


def run(place, *words, service=None, key=None, status=0):
    """The command line; what it printed."""
    done = subprocess.run([rig.ONECLICK, *end_of(service), *words],
                          env=environment(place, service, key), capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, timeout=60 * rig.SLOW)
    expect_equal(done.returncode, status, f"oneclick {' '.join(words)}: {done.stderr}")
    return done.stdout


def ask(place, *words, **more):
    """The command line's answer, as JSON read."""
    return json.loads(run(place, *words, "--output", "json", **more))
