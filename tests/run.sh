#!/bin/bash
# Runs the tests and prints one closing line, "N passed, N failed, N skipped", after the
# reasons of those that were skipped.
#
#   tests/run.sh              everything: what `make check` means
#   tests/run.sh unit|e2e     one kind;  tests/run.sh golden  only what has golden files
#
# The parts under test are built with ASan and UBSan; the programs are built once more as
# they are shipped, and read by clang, warnings being errors.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
kind=${1:-all}
export ONECLICK_BUILD="$PWD/build/asan"
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
out=$(mktemp -d /tmp/oneclick-check.XXXXXX)
jobs=$(nproc)
quiet() { # NAME COMMAND...: its output only if it fails
    local name=$1
    shift
    "$@" >"$out/$name.log" 2>&1
    settle "$name" $?
}

build() { # NAME ARGUMENT...: make, with a counter for its output
    local name=$1 total
    shift
    total=$(make -n "$@" 2>/dev/null | grep -cE 'echo "  (CC|LD) ')
    make -j"$jobs" --no-print-directory -s "$@" 2>&1 | tee "$out/$name.log" |
        count "$name" "$total"
    settle "$name" $?
}

settle() { # NAME STATUS
    if [ "$2" = 0 ]; then
        echo "ok $1" | tee -a "$out/tap"
    else
        cat "$out/$1.log"
        echo "not ok $1" | tee -a "$out/tap"
        return 1
    fi
}

count() { # NAME TOTAL: how far make is; a line that grows on a terminal, else each tenth
    awk -v name="$1" -v total="$2" -v terminal="$([ -t 1 ] && echo 1)" '
        /^  (CC|LD) / {
            done++
            if (terminal)
                printf "\r%s %d/%d ", name, done, total
            else if (int(done * 10 / total) > int((done - 1) * 10 / total))
                print name, done "/" total
            fflush()
        }
        END { if (terminal && done) printf "\r\033[K" }'
}

# TAP of all, a line "STATUS NAME" each; a skip carries its reason, which cmocka has no
# place for: there it stands in a comment before.
results() {
    awk '/^# skip: / { why = substr($0, 9) }
        /^(not )?ok .*# SKIP/ {
            name = $0
            sub(/^(not )?ok( [0-9]+)?( -)? /, "", name)
            if (name ~ /^# SKIP /)
                name = substr(name, 8) ": " why
            else
                sub(/ # SKIP /, ": ", name)
            print "skipped", name
            next
        }
        /^ok/ { print "passed" }
        /^not ok/ { print "failed" }' "$@"
}

one() { # A test program: its TAP, and a line of our own if it died without one
    local program=$1 log began=$SECONDS
    log=$out/$(echo "$program" | tr '/ ' '__').tap
    case $program in
    *.py) timeout 900 /usr/bin/python3 "$program" >"$log" 2>&1 ;;
    *) CMOCKA_MESSAGE_OUTPUT=TAP timeout 300 "$program" >"$log" 2>&1 ;;
    esac
    local status=$? took=$((SECONDS - began))
    if [ $status -ne 0 ] && ! results "$log" | grep -q '^failed'; then
        echo "not ok $program ended with $status" >>"$log"
    fi
    if results "$log" | grep -q '^failed'; then
        cat "$log"
    else
        echo "$program: $(results "$log" | grep -c '^passed') passed in $took s"
    fi
}
export -f one results
export out

units() { # without programs left from a source that is gone
    find build/asan/tests/unit build/asan/tests/contract -name '*_test' -type f 2>/dev/null |
        sort | while read -r b; do [ -e "${b#build/asan/}.c" ] && echo "$b"; done
}

end_to_end() { # what other files do once more, through proxies, is `make check-long`'s
    local left=/proxy_test
    [ "$kind" = e2e ] && left='^$'
    # The large ones first, which take longest, so that none is left alone at the end.
    find tests/e2e -name '*_test.py' -printf '%s %p\n' | sort -rn | cut -d' ' -f2 |
        grep -v "$left"
}

with_golden() {
    while read -r p; do
        s=${p#build/asan/}
        [ -e "$s.c" ] && s=$s.c
        grep -qi golden "$s" && echo "$p"
    done
}

# One more than there are processors: a test waits as often as it works.
run() { xargs -P $((jobs + 1)) -I{} bash -c 'one {}'; }

# What the end-to-end tests do not need is built and read while they wait.
build_rest() {
    quiet building-tests nice make -j"$jobs" --no-print-directory -s CI=1 CFG=asan test-parts
    quiet building-release nice make -j"$jobs" --no-print-directory -s CI=1 build
    quiet reading-with-clang nice make --no-print-directory -s CI=1 CFG=asan read-with-clang
    quiet the-house nice make -j"$jobs" --no-print-directory -s CFG=asan house
}

goal=test-parts
[ "$kind" = all ] && goal=test-programs
build building CI=1 CFG=asan $goal || {
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
}
case $kind in
unit) units | run ;;
e2e) end_to_end | run ;;
golden) { units; end_to_end; } | with_golden | run ;;
*)
    build_rest &
    end_to_end | grep -v /fuzz_replay_test | run
    wait
    { echo tests/e2e/fuzz_replay_test.py; units; } | run
    ;;
esac
cat "$out"/*.tap >>"$out/tap" 2>/dev/null
results "$out/tap" >"$out/results"
passed=$(grep -c '^passed' "$out/results")
failed=$(grep -c '^failed' "$out/results")
skipped=$(grep -c '^skipped' "$out/results")
grep '^skipped' "$out/results"
[ "$failed" = 0 ] && rm -rf "$out" || echo "logs are in $out"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
