#!/bin/bash
# The tests that take their time, within 40 minutes on two processors, and one closing
# line, "N passed, N failed".
#
#   tests/long.sh            all parts: what `make check-long` means
#   tests/long.sh NAME...    these parts
#
# A part that takes longer than it may is ended and has failed; one that failed keeps its
# log, and the path is printed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
out=$(mktemp -d "${TMPDIR:-/tmp}/oneclick-long.XXXXXX")
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export TSAN_OPTIONS=halt_on_error=1
jobs=$(nproc)

# NAME SECONDS BUILD COMMAND...; the build is the one whose programs are tested.  Those
# above the line take turns, because they measure how long an answer takes; those below
# share the processors.
parts() {
    cat <<'PARTS'
hostile-clients     600 release ONECLICK_HOSTILE=long e2e hostile_clients_test
hostile-service     600 release e2e hostile_test
proxies             900 release ONECLICK_PROXIED=long e2e proxy_test
silent-name-servers 300 release e2e names_test
----
kills               900 release ONECLICK_KILLS=200 e2e kills_test
cuts                900 release ONECLICK_CUTS=200 e2e cuts_test
errors             1500 release ONECLICK_FAULTS=4 e2e errors_test
stops               600 release ONECLICK_STOPS=20 e2e stops_test
stops-asan          900 asan    ONECLICK_STOPS=15 e2e stops_test
stops-tsan          900 tsan    ONECLICK_STOPS=15 e2e stops_test
soak                900 release ONECLICK_SOAK=480 e2e soak_test
terminal            900 release ONECLICK_FUZZ_BYTES=10000000 e2e terminal_input_test
fuzz               1200 fuzz    FUZZ_SECONDS=20 fuzz
PARTS
}

targets() { # BUILD: what is made for it
    case $1 in
    release | asan | tsan) echo "test-programs" ;;
    fuzz) echo "fuzz-programs" ;;
    esac
}

e2e() { # TEST
    [ -e "tests/e2e/$1.py" ] || { echo "# $1 is not in this tree"; return 0; }
    timeout -k 10 "$seconds" /usr/bin/python3 "tests/e2e/$1.py"
}

fuzz() {
    timeout -k 10 "$seconds" /usr/bin/python3 tests/fuzz/run.py
}

run_part() { # NAME SECONDS BUILD [VARIABLE=VALUE...] COMMAND...
    local name=$1 seconds=$2 began=$SECONDS status
    export ONECLICK_BUILD="$PWD/build/$3"
    shift 3
    while [[ $1 == *=* ]]; do
        export "${1?}"
        shift
    done
    "$@" >"$out/$name.log" 2>&1 </dev/null
    status=$?
    [ $status -eq 124 ] && echo "not ok $name took more than $seconds s" >>"$out/$name.log"
    if [ $status -ne 0 ] && ! grep -q '^not ok' "$out/$name.log"; then
        echo "not ok $name ended with $status" >>"$out/$name.log"
    fi
    if grep -q '^not ok' "$out/$name.log"; then
        grep -A12 '^not ok' "$out/$name.log"
        echo "$name failed after $((SECONDS - began)) s; its log is $out/$name.log"
    else
        grep '^# ' "$out/$name.log" | sed "s/^# /$name: /"
        echo "$name: $(grep -c '^ok' "$out/$name.log") passed, $((SECONDS - began)) s"
    fi
}
export -f run_part e2e fuzz
export out SECONDS

wanted() { # the parts that were asked for
    local word names=" $* "
    parts | while read -r word rest; do
        [ "$word" = ---- ] || [ $# = 0 ] || [[ $names == *" $word "* ]] || continue
        echo "$word $rest"
    done
}

for build in $(wanted "$@" | awk 'NF > 2 { print $3 }' | sort -u); do
    echo "building for $build"
    nice make -j"$jobs" --no-print-directory -s CI=1 CFG="$build" "$(targets "$build")" \
        >"$out/build-$build.log" 2>&1 || {
        tail -20 "$out/build-$build.log"
        echo "0 passed, 1 failed"
        exit 1
    }
done
wanted "$@" | sed '/^----/,$d' >"$out/alone"
wanted "$@" | sed '1,/^----/d' >"$out/together"
xargs -a "$out/alone" -P 1 -I{} bash -c 'run_part {}'
xargs -a "$out/together" -P "$jobs" -I{} bash -c 'run_part {}'
passed=$(cat "$out"/*.log | grep -c '^ok')
failed=$(cat "$out"/*.log | grep -c '^not ok')
[ "$failed" = 0 ] && rm -rf "$out"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
