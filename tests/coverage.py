#!/usr/bin/python3
"""The gate of coverage: what gcovr counted, against tests/coverage.table.

Lines are those the compiler made code for.  Branches are counted in our own source, each
way of each condition; left out are the ways that are no choice of ours: those that throw,
which C does not do but libraries' headers declare, those of an assert, which end the
program, those inside the macros of libraries, which stand where they are used, and the way
past all cases of a switch that has them all."""
import functools
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
TABLE = os.path.join(HERE, "coverage.table")
GCOVR = ["gcovr", "-r", ROOT, "-f", "src/", "--exclude-throw-branches",
         "--exclude-unreachable-branches",
         "--exclude-branches-by-pattern", r"\s*assert\(.*",
         "--gcov-ignore-parse-errors", "-j", str(os.cpu_count())]


# Statements of libraries' own: uthash and utlist, but for their loops, and curl's setters.
MACROS = re.compile(r"\b(?:HASH_(?!ITER)\w+|(?:DL|LL|CDL)_(?!\w*FOREACH)\w+|"
                    r"curl_(?:easy|multi|share)_(?:setopt|getinfo))\(")


def measure(build):
    if build.endswith(".json"):  # measured already
        with open(build, encoding="utf-8") as f:
            return json.load(f)["files"]
    done = subprocess.run([*GCOVR, os.path.join(build, "src"), "--json"],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"gcovr: {done.stderr}")
    return json.loads(done.stdout)["files"]


@functools.cache
def in_macros(name):
    """The numbers of this file's lines whose branches are a library's."""
    found, depth = set(), 0
    with open(os.path.join(ROOT, name), encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            use = None if depth else MACROS.search(line)
            if use or depth:
                found.add(number)
                rest = line[use.start():] if use else line
                depth = max(0, depth + rest.count("(") - rest.count(")"))
    return found


@functools.cache
def whole_switches(name):
    """The numbers of this file's switches without a default: over an enumeration, all of
    whose values stand there, as the compiler checks."""
    found, open_ones, depth = set(), [], 0
    with open(os.path.join(ROOT, name), encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if re.match(r"\s*switch \(", line):
                open_ones.append((number, depth))
                found.add(number)
            elif re.match(r"\s*default:", line) and open_ones:
                found.discard(open_ones[-1][0])
            depth += line.count("{") - line.count("}")
            while open_ones and "}" in line and depth <= open_ones[-1][1]:
                open_ones.pop()
    return found


def branches_of(file, line):
    number, branches = line["line_number"], line["branches"]
    if number in in_macros(file["file"]):
        return []
    # The way past all cases is the compiler's last.
    if number in whole_switches(file["file"]) and branches and branches[-1]["count"] == 0:
        return branches[:-1]
    return branches


def count(files):
    """[lines, lines run, branches, branches taken] of these files"""
    sums = [0, 0, 0, 0]
    for file in files:
        for line in file["lines"]:
            if line.get("gcovr/noncode"):
                continue
            sums[0] += 1
            sums[1] += line["count"] > 0
            branches = branches_of(file, line)
            sums[2] += len(branches)
            sums[3] += sum(b["count"] > 0 for b in branches)
    return sums


def percent(part, whole):
    return 100 * part / whole if whole else 100.0


def read_table():
    """Rows: what, its files, what is counted, what holds today, the goal."""
    with open(TABLE, encoding="utf-8") as f:
        for line in f:
            words = line.split("#")[0].split()
            if words:
                yield words[0], words[1].split(","), words[2], float(words[3]), float(words[4])


def is_in(name, patterns):
    return any(p == "all" or name == p or (p.endswith("*") and name.startswith(p[:-1]))
               for p in patterns)


def check(files):
    failed = 0
    for what, patterns, kind, holds, goal in read_table():
        chosen = [f for f in files if is_in(f["file"], patterns)]
        if not chosen:
            print(f"not ok coverage of {what}: no such files")
            failed += 1
            continue
        lines, run, branches, taken = count(chosen)
        got = percent(run, lines) if kind == "lines" else percent(taken, branches)
        good = got >= holds
        failed += not good
        print(f"{'ok' if good else 'not ok'} {kind} of {what}: {got:.1f} % "
              f"({holds:g} must hold, the goal is {goal:g})")
    return failed


def report(files, out):
    """What is not covered, file by file, the most first."""
    rows = []
    for file in files:
        lines, run, branches, taken = count([file])
        missed = [str(n["line_number"]) for n in file["lines"]
                  if not n.get("gcovr/noncode") and
                  (n["count"] == 0 or any(b["count"] == 0 for b in branches_of(file, n)))]
        rows.append((branches - taken + lines - run, file["file"], percent(run, lines),
                     percent(taken, branches), missed))
    for weight, name, of_lines, of_branches, missed in sorted(rows, reverse=True):
        print(f"{name}: lines {of_lines:.1f}, branches {of_branches:.1f}, {weight} missed: "
              f"{' '.join(missed)}", file=out)


def main():
    build = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else
                            os.path.join(ROOT, "build/cover"))
    files = measure(build)
    listing = os.path.join(os.path.dirname(build), "uncovered.txt")
    with open(listing, "w", encoding="utf-8") as out:
        report(files, out)
    failed = check(files)
    print(f"# what is not covered: {listing}")
    sys.exit(1 if failed else 0)


main()
