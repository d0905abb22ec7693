"""The disk that a program under cut.so believes it writes to: what has surely arrived, and
what a power cut may still take, tear or reorder.

`read` follows the journal; `cut` writes one state that a cut at this moment may leave:

  contents   of what was not synced, any part survives, in sectors of 512 bytes and in any
             order: of two writes to a sector, either may be the last
  sizes      a change of size that was not synced may be undone
  names      of what was made, renamed or removed since the directory was synced, either the
             first few have happened or any
  -shm       garbage: it is shared memory that happens to lie in a file
"""
import os
import random
import struct

SECTOR = 512
RECORD = struct.Struct("=IIQQQ")


class File:
    def __init__(self, contents=b""):
        self.safe = bytearray(contents)
        self.loose = []  # (position in the journal, offset, data), data None: a new size

    @staticmethod
    def apply(image, offset, data):
        if data is None:
            del image[offset:]
            offset, data = max(offset, len(image)), b""
        if len(image) < offset:
            image.extend(bytes(offset - len(image)))
        image[offset:offset + len(data)] = data

    def sync(self, since):
        for position, offset, data in self.loose:
            if position < since:
                self.apply(self.safe, offset, data)
        self.loose = [w for w in self.loose if w[0] >= since]

    def survive(self, chance, rate):
        """An image after a cut: of what is loose, each sector survives at that rate."""
        image, sectors = bytearray(self.safe), []

        def spill():
            chance.shuffle(sectors)
            for offset, data in sectors:
                self.apply(image, offset, data)
            sectors.clear()
        for _, offset, data in self.loose:
            if data is None:
                if chance.random() < rate:
                    spill()
                    self.apply(image, offset, None)
                continue
            at = 0
            while at < len(data):
                n = min(SECTOR - (offset + at) % SECTOR, len(data) - at)
                if chance.random() < rate:
                    sectors.append((offset + at, data[at:at + n]))
                at += n
        spill()
        return image


class Disk:
    def __init__(self, directory, journal):
        self.safe_names, self.loose_names = {}, []  # loose: (position, action, names)
        for name in os.listdir(directory):
            with open(os.path.join(directory, name), "rb") as f:
                self.safe_names[name] = File(f.read())
        self.names, self.files = dict(self.safe_names), {}
        self.journal, self.position = open(journal, "rb"), 0

    def read(self, until):
        """Follows the journal up to the last whole record before `until`."""
        while self.position < until:
            head = self.journal.read(RECORD.size)
            if len(head) < RECORD.size:
                return
            what, length, file, offset, since = RECORD.unpack(head)
            self.follow(chr(what), self.journal.read(length), file, offset, since)
            self.position += RECORD.size + length

    def follow(self, what, data, file, offset, since):
        if what == "C":
            made = self.files[file] = self.names[data.decode()] = File()
            self.loose_names.append((self.position, "make", (data.decode(), made)))
        elif what == "O":
            self.files[file] = self.names[data.decode()]
        elif what == "W":
            self.files[file].loose.append((self.position, offset, data))
        elif what == "T":
            self.files[file].loose.append((self.position, offset, None))
        elif what == "S":
            self.files[file].sync(since)
        elif what == "U":
            self.names.pop(data.decode(), None)
            self.loose_names.append((self.position, "remove", (data.decode(),)))
        elif what == "R":
            old, new = data.decode().split("\n")
            self.names[new] = self.names.pop(old)
            self.loose_names.append((self.position, "rename", (old, new)))
        elif what == "D":
            self.list_names(data.decode(), since)

    @staticmethod
    def rename(names, action, words):
        if action == "make":
            names[words[0]] = words[1]
        elif action == "remove":
            names.pop(words[0], None)
        elif words[0] in names:
            names[words[1]] = names.pop(words[0])

    def list_names(self, directory, since):
        """A directory was synced: what happened to its names before has arrived."""
        kept = []
        for position, action, words in self.loose_names:
            if position < since and os.path.dirname(words[-1] if action == "rename"
                                                    else words[0]) == directory:
                self.rename(self.safe_names, action, words)
            else:
                kept.append((position, action, words))
        self.loose_names = kept

    def cut(self, seed, directory):
        """Writes one possible state to the fresh directory; how much was at risk."""
        chance = random.Random(seed)
        names, loose = dict(self.safe_names), self.loose_names
        if chance.random() < .5:
            loose = loose[:chance.randint(0, len(loose))]
        else:
            loose = [n for n in loose if chance.random() < .5]
        for _, action, words in loose:
            self.rename(names, action, words)
        rate, at_risk = chance.choice((0, .1, .5, .9, 1)), 0
        for name, file in names.items():
            at_risk += len(file.loose)
            image = file.survive(chance, rate)
            if name.endswith("-shm"):
                image = chance.randbytes(len(image))
            path = os.path.join(directory, name)
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            with open(path, "wb", opener=lambda p, f: os.open(p, f, 0o600)) as f:
                f.write(image)
        return at_risk

    def close(self):
        self.journal.close()
