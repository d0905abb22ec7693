#!/usr/bin/python3
"""Fuzzes every target for FUZZ_SECONDS (20), as many at once as there are processors.

What is found lies in build/fuzz/found/TARGET, with the log that tells what it is.  Once
mended, it goes to tests/fuzz/found/TARGET, where `make check` replays it for good."""
import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.abspath(os.path.join(HERE, "../../build/fuzz"))
SECONDS = int(os.environ.get("FUZZ_SECONDS", 20))
MEMORY = 2048  # MiB


def fuzz(target):
    """(whether nothing was found, what to say)"""
    work = os.path.join(BUILD, "corpus", target)
    found = os.path.join(BUILD, "found", target)
    for directory in (work, found):
        shutil.rmtree(directory, ignore_errors=True)
        os.makedirs(directory)
    seeds = [d for d in (os.path.join(HERE, kind, target) for kind in ("corpus", "found"))
             if os.path.isdir(d)]
    log = os.path.join(found, "log")
    with open(log, "wb") as out:
        try:
            status = subprocess.run(
                [os.path.join(BUILD, "tests/fuzz", target), work, *seeds,
                 f"-max_total_time={SECONDS}", "-timeout=10", f"-rss_limit_mb={MEMORY}",
                 f"-artifact_prefix={found}/", "-print_final_stats=1",
                 "-use_value_profile=1"],
                stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                timeout=SECONDS + 120).returncode
        except subprocess.TimeoutExpired:
            status = "no end in time"
    with open(log, encoding="utf-8", errors="replace") as said:
        text = said.read()
    runs = re.search(r"number_of_executed_units: (\d+)", text)
    count = int(runs.group(1)) if runs else 0
    if status == 0 and count > 0:
        return True, count, f"ok fuzz {target} ({count:,} runs)"
    return False, count, f"not ok fuzz {target}: {status}; it and its log are in {found}"


def main():
    wanted = sys.argv[1:]
    targets = sorted(os.path.relpath(f, HERE)[:-len(".c")]
                     for f in glob.glob(os.path.join(HERE, "*", "*.c")))
    targets = [t for t in targets if not wanted or t in wanted]
    failed = total = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for good, count, words in pool.map(fuzz, targets):
            failed += not good
            total += count
            print(words, flush=True)
    print(f"# {len(targets)} targets of {SECONDS} s, {total:,} runs, {failed} with findings")
    sys.exit(1 if failed or not targets else 0)


main()
