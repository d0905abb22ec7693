"""Ends of the service while callbacks are under way: one that is told to end delivers nothing
twice, one that is killed no more than what was under way."""
import collections
import json
import os
import signal
import sqlite3
import subprocess
import threading
import time

import rig
from callbacks import ARN, DEVICE, OTHER, Fleet, webhook
from rig import expect, expect_equal

FAST = 200  # presses


class Pair:
    """A receiver that answers at once beside one that answers when it is let."""

    def __init__(self, place, *options, slow=None, **more):
        self.fast, self.slow = rig.Receiver(place), rig.Receiver(place)
        self.gate = threading.Event()
        self.slow.answer = lambda number, one: (self.gate.wait(120), 200)[1]
        self.fleet = Fleet(
            place, webhook(self.fast, ARN + "fast", {"secret-file": None}),
            webhook(self.slow, ARN + "slow", {"secret-file": None}, timeout="60s",
                    **(slow or {})),
            devices=(DEVICE, OTHER), functions=("fast", "slow"), options=options, **more)
        self.service = self.fleet.service
        place.closing.append(self)

    def close(self):
        self.gate.set()

    def press(self, slow=1):
        """Some to the slow one, which are older than all to the fast one."""
        late = [self.fleet.press(OTHER) for _ in range(slow)]
        self.slow.wait(1)
        self.fast.wait(len([self.fleet.press(DEVICE) for _ in range(FAST)]))
        return late

    def wait_filed(self, count):
        rig.wait_for(f"{count} rows, and the cursor beyond them", lambda: self.fleet.query(
            "SELECT (SELECT count(*) FROM delivery WHERE state = 0) = %d AND "
            "(SELECT pos FROM cursor WHERE consumer = 'dispatch') = "
            "(SELECT max(pos) FROM event)" % count)[0])

    def end(self):
        self.service.process.child.terminate()
        self.service.process.child.wait(60 * rig.SLOW)
        expect_equal(self.service.process.child.returncode, 0, self.service.process.errors())

    def restart(self):
        self.service.start()
        self.gate.set()
        self.fleet.wait_settled(30)

    def repeats(self, receiver):
        return [i for i, n in collections.Counter(receiver.ids()).items() if n > 1]


def a_graceful_end_waits_for_what_is_under_way_and_repeats_nothing(place):
    pair = Pair(place, "--stop-wait", "60s")
    late = pair.press()
    threading.Timer(1, pair.gate.set).start()
    pair.end()
    expect_equal(pair.slow.ids(200), late, "what was under way when it was told to end")
    pair.restart()
    expect_equal(pair.repeats(pair.fast) + pair.repeats(pair.slow), [], "repeated")
    expect_equal((len(pair.fast.ids()), len(pair.slow.ids())), (FAST, 1), "delivered")


def a_graceful_end_waits_no_longer_than_it_may(place):
    pair = Pair(place, "--stop-wait", "1s")
    late = pair.press(5)
    began = time.monotonic()
    pair.end()
    expect(time.monotonic() - began < 10 * rig.SLOW, "it ended in time")
    pair.restart()
    expect_equal(pair.repeats(pair.fast), [], "repeated by the fast one")
    expect_equal(sorted(set(pair.slow.ids())), sorted(late), "all were sent")


def what_is_settled_beyond_the_cursor_is_not_repeated_after_a_graceful_end(place):
    """No time to file anything while it runs: the end does."""
    pair = Pair(place, "--stop-wait", "1s")
    late = pair.press(30)  # most of them queue
    pair.end()
    pair.restart()
    expect_equal(pair.repeats(pair.fast), [], "repeated by the fast one")
    expect_equal(sorted(set(pair.slow.ids(200))), sorted(late), "all were answered")


def a_kill_repeats_what_was_under_way_alone(place):
    pair = Pair(place)
    late = pair.press(3)
    pair.wait_filed(3)
    pair.service.process.kill()
    pair.restart()
    expect_equal(pair.repeats(pair.fast), [], "repeated by the fast one")
    expect_equal(set(pair.slow.ids()), set(late), "what the slow one got")
    expect(len(pair.slow.ids()) <= 2 * len(late), "each repeated once at most")


def what_was_filed_is_not_read_again_from_the_log(place):
    """A kill between the row and the cursor, which an older callback holds back."""
    pair = Pair(place)
    pair.slow.answer = lambda number, one: 200 if pair.gate.is_set() else 500
    late = [pair.fleet.press(OTHER) for _ in range(3)]
    pair.wait_filed(3)
    pair.service.process.kill()
    with sqlite3.connect(os.path.join(pair.service.state, "oneclick.db")) as link:
        link.execute("UPDATE cursor SET pos = pos - 3 WHERE consumer = 'dispatch'")
    pair.gate.set()
    pair.restart()
    expect_equal(sorted(pair.slow.ids(200)), sorted(late), "each is delivered once")


def what_queues_for_a_slow_one_holds_nothing_up(place):
    pair = Pair(place, slow={"max-in-flight": 2})
    late = pair.press(10)
    pair.wait_filed(10)
    pair.service.process.kill()
    pair.restart()
    expect_equal(pair.repeats(pair.fast), [], "repeated by the fast one")
    expect_equal(set(pair.slow.ids(200)), set(late), "what the slow one got")
    expect(len(pair.repeats(pair.slow)) <= 2, "only what was under way was repeated")


def order_is_kept_by_what_is_filed_under_way(place):
    pair = Pair(place, "--stop-wait", "1s", slow={"ordered": "device"})
    late = pair.press(6)
    rig.wait_for("rows", lambda: pair.fleet.query(
        "SELECT count(*) FROM delivery WHERE state = 0")[0] == 6)
    late += [pair.fleet.press(OTHER) for _ in range(4)]
    pair.end()
    pair.service.start()
    late += [pair.fleet.press(OTHER) for _ in range(4)]
    pair.gate.set()
    pair.fleet.wait_settled(30)
    answered = list(dict.fromkeys(pair.slow.ids(200)))
    expect_equal(answered, late, "the order of a device's presses")
    expect_equal(pair.repeats(pair.fast), [], "repeated by the fast one")


def an_outcome_that_comes_while_it_is_filed_counts_once(place):
    """Answers come about when the row is written, over and over."""
    pair = Pair(place)
    pair.slow.answer = lambda number, one: (time.sleep(0.2 + number % 20 / 100), 200)[1]
    ids = []
    for _ in range(60):
        ids.append(pair.fleet.press(OTHER))
        for _ in range(4):
            pair.fleet.press(DEVICE)
    pair.fleet.wait_settled(60)
    expect_equal(sorted(pair.slow.ids(200)), sorted(ids), "delivered")
    expect_equal(pair.repeats(pair.fast), [], "repeated by the fast one")


def who_asks_twice_is_in_a_hurry(place):
    pair = Pair(place, "--stop-wait", "1h")
    pair.press()
    child = pair.service.process.child
    child.terminate()
    try:
        child.wait(1)
        expect(False, "it did not wait for what is under way")
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGTERM)
    child.wait(20 * rig.SLOW)
    expect_equal(child.returncode, 0, pair.service.process.errors())


class Shell:
    """Commands of a shell, each on the private service it starts and ends."""

    def __init__(self, place, receiver, *options):
        self.place = place
        os.makedirs(place.join("config-home", "oneclick"), mode=0o700)
        path = place.write("config-home/oneclick/service.yaml", json.dumps({
            "stop-wait": "2s", "destinations": [
                {"match": ARN + "*", "webhook": {"url": receiver.url}, "timeout": "60s",
                 **dict(options)}]}))
        os.chmod(path, 0o600)
        for words in (["device", "register", DEVICE], ["claim", DEVICE],
                      ["press", DEVICE], ["claim", "finish", DEVICE],
                      ["device", "enable", DEVICE],
                      ["device", "invoke", DEVICE, "setOnClickCallback",
                       json.dumps({"callback": {"awsLambdaArn": ARN + "bell"}})]):
            self.run(*words)

    def run(self, *words):
        """What it writes to standard error."""
        done = subprocess.run([rig.ONECLICK, *words], env=self.place.environment(),
                              capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              timeout=120 * rig.SLOW)
        expect_equal(done.returncode, 0, f"{words}: {done.stdout}{done.stderr}")
        return done.stderr


def a_press_from_a_shell_is_sent_before_the_command_ends(place):
    receiver = rig.Receiver(place)
    shell = Shell(place, receiver)
    for count in range(1, 4):
        expect_equal(shell.run("press", DEVICE), "", "nothing is left")
        expect_equal(len(receiver.ids(200)), count, "callbacks when the command is back")


def a_press_from_a_shell_waits_where_order_matters_too(place):
    receiver = rig.Receiver(place)
    shell = Shell(place, receiver, ("ordered", "device"))
    for count in range(1, 4):
        expect_equal(shell.run("press", DEVICE), "", "nothing is left")
        expect_equal(len(receiver.ids(200)), count, "callbacks when the command is back")


def what_a_command_leaves_behind_is_said_and_sent_the_next_time(place):
    receiver = rig.Receiver(place)
    shell = Shell(place, receiver)
    receiver.answer = "hang"
    said = shell.run("press", DEVICE)
    expect("1 callback was not delivered; it waits in" in said, said)
    expect(place.join("state-home") in said, said)
    receiver.answer = 503
    said = shell.run("press", DEVICE)
    expect("2 callbacks were not delivered; they wait in" in said, said)
    receiver.answer = 200
    said = rig.wait_for("both", lambda: shell.run("devices", "list") == "" and
                        len(set(receiver.ids(200))) == 2, 30)


rig.run(globals())
