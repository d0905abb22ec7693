"""The inputs of the fuzz targets, and all that fuzzing ever found, once more."""
import glob
import os
import subprocess

import rig
from rig import expect

FUZZ = os.path.join(rig.HERE, "../fuzz")


def what_fuzzing_found_stays_mended(place):
    sources = sorted(glob.glob(os.path.join(FUZZ, "*", "*.c")))
    expect(sources, "there are no fuzz targets")
    for source in sources:
        target = os.path.relpath(source, FUZZ)[:-len(".c")]
        inputs = [d for d in (os.path.join(FUZZ, kind, target)
                              for kind in ("corpus", "found")) if os.path.isdir(d)]
        expect(inputs, f"{target} has no corpus in tests/fuzz/corpus")
        done = subprocess.run([os.path.join(rig.BUILD, "tests/fuzz", target), *inputs],
                              env=place.environment(), capture_output=True, text=True,
                              timeout=60 * rig.SLOW, stdin=subprocess.DEVNULL)
        expect(done.returncode == 0, f"{target} ended with {done.returncode}: "
               f"{done.stderr[-2000:]}")


rig.run(globals())
