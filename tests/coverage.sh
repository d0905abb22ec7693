#!/bin/bash
# Builds with counters, runs the unit and contract tests and the end-to-end tests that do
# not measure time, and holds what they reached against tests/coverage.table.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
jobs=$(nproc)
export ONECLICK_BUILD="$PWD/build/cover"
make -j"$jobs" --no-print-directory -s CI=1 CFG=cover test-parts || exit 1
find build/cover -name '*.gcda' -delete
# Some programs run as another user, who may not make a file here but may add to it.
find build/cover -name '*.gcno' | sed 's/gcno$/gcda/' | xargs -d '\n' touch
find build/cover -name '*.gcda' -exec chmod 666 {} +
unit=$(for s in tests/unit/*/*_test.c tests/contract/*_test.c; do echo "build/cover/${s%.c}"; done)
e2e=$(for t in tests/e2e/*_test.py; do
    case $t in
    # These end the programs with a kill, which leaves no counts, or take their time.
    */kills_test.py | */cuts_test.py | */soak_test.py) ;;
    *) echo "$t" ;;
    esac
done)
one() {
    case $1 in
    *.py) timeout 900 /usr/bin/python3 "$1" ;;
    *) timeout 300 "$1" ;;
    esac >"$out/$(basename "$1")" 2>&1 </dev/null || echo "# $1 failed; the figures lack it"
}
export -f one
out=$(mktemp -d "${TMPDIR:-/tmp}/oneclick-coverage.XXXXXX")
export out
# shellcheck disable=SC2086
printf '%s\n' $unit ${COVER_E2E-$e2e} | xargs -P "$jobs" -I{} bash -c 'one {}'
rm -rf "$out"
tests/coverage.py "$ONECLICK_BUILD"
