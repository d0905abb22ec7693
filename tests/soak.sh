#!/bin/bash
# The long tests for hours: rounds of 500 kills and 500 power cuts, each from another seed,
# with a soak, failing calls and fuzzing between, until SOAK_HOURS (4) have passed and
# there were 10,000 of both.  Prints one closing line, "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
hours=${SOAK_HOURS:-4}
rounds=${SOAK_ROUNDS:-20}
out=$(mktemp -d "${TMPDIR:-/tmp}/oneclick-soak.XXXXXX")
make -j"$(nproc)" --no-print-directory -s CI=1 CFG=release test-programs || exit 1
make -j"$(nproc)" --no-print-directory -s CI=1 CFG=fuzz fuzz-programs || exit 1
export ONECLICK_BUILD="$PWD/build/release"

part() { # NAME SECONDS COMMAND...
    local name=$1 seconds=$2
    shift 2
    timeout -k 10 "$seconds" "$@" >"$out/$name" 2>&1 </dev/null ||
        grep -q '^not ok' "$out/$name" || echo "not ok $name" >>"$out/$name"
    grep '^# ' "$out/$name"
    if grep -A12 '^not ok' "$out/$name"; then
        echo "round $name failed; its log is $out/$name"
    fi
}

for ((round = 1; round <= rounds || SECONDS < hours * 3600; round++)); do
    export ONECLICK_SEED=$((round * 1009))
    part "$round.kills" 3600 env ONECLICK_KILLS=500 /usr/bin/python3 tests/e2e/kills_test.py
    part "$round.cuts" 3600 env ONECLICK_CUTS=500 /usr/bin/python3 tests/e2e/cuts_test.py
    part "$round.soak" 1800 env ONECLICK_SOAK=300 /usr/bin/python3 tests/e2e/soak_test.py
    case $((round % 4)) in
    1) part "$round.errors" 7200 env ONECLICK_FAULTS=25 /usr/bin/python3 tests/e2e/errors_test.py ;;
    3) part "$round.fuzz" 7200 env FUZZ_SECONDS=120 /usr/bin/python3 tests/fuzz/run.py ;;
    esac
done
passed=$(cat "$out"/* | grep -c '^ok')
failed=$(cat "$out"/* | grep -c '^not ok')
[ "$failed" = 0 ] && rm -rf "$out"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
