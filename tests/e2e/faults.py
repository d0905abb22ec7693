"""The shims of tests/faults, preloaded into the programs a place starts."""
import mmap
import os
import struct

import rig

SHIMS = os.path.join(rig.BUILD, "tests/faults")
# In the order of `enum shim_call`.
CALLS = ("none", "write", "sync", "open", "read", "truncate", "map", "remove", "rename",
         "lock", "memory")
SHORT = 0  # in place of an errno: half of the bytes are written
EVER = 2 ** 62


def preload(environment, shim, **more):
    """The environment with a shim in it.  A sanitizer wants to be loaded first otherwise."""
    options = environment.get("ASAN_OPTIONS", "")
    return dict(environment, LD_PRELOAD=os.path.join(SHIMS, shim + ".so"),
                ASAN_OPTIONS="verify_asan_link_order=0:" + options, **more)


class Page:
    """What the shims fail.so and memory.so read and count in, while the program runs."""

    LAYOUT = struct.Struct("=iiqqqq")

    def __init__(self, place, directory):
        self.path, self.directory = place.join("fault-page"), directory
        with open(self.path, "wb") as f:
            f.write(bytes(self.LAYOUT.size))
        with open(self.path, "r+b") as f:
            self.memory = mmap.mmap(f.fileno(), self.LAYOUT.size)

    def fail(self, call, error=0, nth=0, length=1):
        """From now on, `length` calls from the n-th on fail; nth = 0 only counts."""
        self.LAYOUT.pack_into(self.memory, 0, CALLS.index(call), error, nth, length, 0, 0)

    def calm(self):
        """Nothing fails any more, and what was counted stays."""
        struct.pack_into("=i", self.memory, 0, 0)

    @property
    def seen(self):
        return self.LAYOUT.unpack_from(self.memory)[4]

    @property
    def failed(self):
        return self.LAYOUT.unpack_from(self.memory)[5]

    def environment(self, plain, call):
        """The environment `plain` with this page in it, for a program that is to meet
        failures of this family."""
        shim = "memory" if call == "memory" else "fail"
        return preload(plain, shim, FAULT_PAGE=self.path, FAULT_DIR=self.directory)
