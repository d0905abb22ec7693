"""The books that fault tests keep: what was sent, what was acknowledged, and whether the
service, however it was ended, still has all of the second and nothing beyond the first."""
import collections
import hashlib
import json
import os
import sqlite3
import threading

from rig import expect, expect_equal


def event_id(device, sent_as):
    """Of an event whose sender named it: the same for every repetition."""
    h = hashlib.sha256(f"{device}\nid {sent_as}".encode()).hexdigest()
    return f"{h[:8]}-{h[8:12]}-8{h[12:15]}-a{h[15:18]}-{h[18:30]}"


def read_store(state, query, *values):
    """Rows of the store in that directory, read beside whoever has it open."""
    link = sqlite3.connect(f"file:{os.path.join(state, 'oneclick.db')}?mode=ro", uri=True,
                           timeout=30)
    try:
        return link.execute(query, values).fetchall()
    finally:
        link.close()


class Changes:
    """Of one client of the API: a counter it writes into a placement, and placements it
    makes and removes.  `last` and the unsure states are what was sent without an answer."""

    def __init__(self, placement):
        self.placement = placement
        self.last = self.acked = 0
        self.made, self.requests = {}, []

    def copy(self):
        other = Changes(self.placement)
        other.last, other.acked, other.made = self.last, self.acked, dict(self.made)
        other.requests = list(self.requests)
        return other


class Books:
    def __init__(self):
        self.lock = threading.Lock()
        self.sent, self.acked = set(), set()   # of (device, event id)
        self.changes = []
        self.problems = []

    # ---- kept by the clients ----

    def send(self, device, sent_as):
        with self.lock:
            self.sent.add((device, event_id(device, sent_as)))

    def acknowledge(self, device, sent_as, got=None):
        wanted = event_id(device, sent_as)
        if got not in (None, wanted):
            self.problem(f"{sent_as} of {device} was {wanted} and became {got}")
        with self.lock:
            self.acked.add((device, wanted))

    def problem(self, sentence):
        with self.lock:
            self.problems.append(sentence)

    def snapshot(self):
        """(acknowledged presses, changes) as they are now."""
        with self.lock:
            return set(self.acked), [c.copy() for c in self.changes]

    # ---- looked at by the test ----

    def check_events(self, state, acked):
        """Every acknowledged press is stored once, and nothing that nobody sent."""
        rows = read_store(state, "SELECT d.id, e.event_id FROM event e JOIN device d"
                          " ON d.num = e.device WHERE e.kind <= 2")
        stored = set(rows)
        twice = [r for r, n in collections.Counter(rows).items() if n > 1]
        lost, ghosts = acked - stored, stored - self.sent
        expect(not twice, f"{len(twice)} events stand twice: {twice[:3]}")
        expect(not lost, f"{len(lost)} acknowledged presses are lost: {sorted(lost)[:3]}")
        expect(not ghosts, f"{len(ghosts)} events nobody sent: {sorted(ghosts)[:3]}")
        gaps = read_store(state, "SELECT device, count(*), max(seq) FROM event"
                          " GROUP BY device HAVING count(*) <> max(seq)")
        expect(not gaps, f"sequence numbers with gaps: {gaps[:3]}")
        return stored

    def check_changes(self, state, changes):
        """Every acknowledged change is there; one that got no answer may be."""
        for c, now in zip(changes, self.changes):
            (attributes,), = read_store(
                state, "SELECT attributes FROM placement WHERE name = ?", c.placement)
            value = int(json.loads(attributes).get("n", 0))
            expect(c.acked <= value <= now.last, f"{c.placement}: {value} is stored, "
                   f"{c.acked} was acknowledged, {now.last} was sent last")
            names = {r[0] for r in read_store(state, "SELECT name FROM placement")}
            for name, fate in c.made.items():
                if fate == "made" and now.made[name] == "made":
                    expect(name in names, f"the placement {name} is lost")
                if fate == "removed":
                    expect(name not in names, f"the placement {name} is back")

    def check_audit(self, state):
        """Each change has its record, and each record of a change its change."""
        records = [json.loads(r[0]) for r in read_store(
            state, "SELECT record FROM audit WHERE name IN"
            " ('CreatePlacement', 'DeletePlacement', 'UpdatePlacement')")]
        done = [r for r in records if "errorCode" not in r]
        known = {r["requestID"] for r in done}
        missing = [i for c in self.changes for i in c.requests if i not in known]
        expect(not missing, f"{len(missing)} acknowledged changes without a record")

        def names(event):
            return {r["requestParameters"]["placementName"] for r in done
                    if r["eventName"] == event}
        left = {r[0] for r in read_store(
            state, "SELECT name FROM placement")}
        expect_equal(left, names("CreatePlacement") - names("DeletePlacement"),
                     "placements that are there, against their records")
        return len(done)
