#!/bin/bash
# Runs the tests and prints one closing line, "N passed, N failed".
#
#   tests/run.sh              everything: what `make check` means
#   tests/run.sh unit|e2e     one kind;  tests/run.sh golden  only what has golden files
#
# The parts under test are built with ASan and UBSan; the programs are built once more as
# they are shipped, with gcc and with clang, warnings being errors.
set -u
cd "$(dirname "$0")/.." || exit 1
kind=${1:-all}
export ONECLICK_BUILD="$PWD/build/asan"
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
out=$(mktemp -d /tmp/oneclick-check.XXXXXX)
jobs=$(nproc)
quiet() { # NAME COMMAND...: its output only if it fails
    local name=$1
    shift
    if "$@" >"$out/$name.log" 2>&1; then
        echo "ok $name" | tee -a "$out/tap"
    else
        cat "$out/$name.log"
        echo "not ok $name" | tee -a "$out/tap"
        return 1
    fi
}

one() { # A test program: its TAP, and a line of our own if it died without one
    local program=$1 log
    log=$out/$(echo "$program" | tr '/ ' '__').tap
    case $program in
    *.py) timeout 900 /usr/bin/python3 "$program" >"$log" 2>&1 ;;
    *) CMOCKA_MESSAGE_OUTPUT=TAP timeout 300 "$program" >"$log" 2>&1 ;;
    esac
    local status=$?
    if [ $status -ne 0 ] && ! grep -q '^not ok' "$log"; then
        echo "not ok $program ended with $status" >>"$log"
    fi
    if grep -q '^not ok' "$log"; then
        cat "$log"
    else
        echo "$program: $(grep -c '^ok' "$log") passed"
    fi
}
export -f one
export out

quiet building env CI=1 make -j"$jobs" --no-print-directory -s CFG=asan test-parts || {
    echo "0 passed, 1 failed"
    exit 1
}
if [ "$kind" = all ]; then
    quiet building-release env CI=1 make -j"$jobs" --no-print-directory -s build
    quiet building-with-clang env CI=1 make -j"$jobs" --no-print-directory -s CC=clang \
        BUILD=build/clang CFLAGS=-O0 build/clang/oneclick build/clang/oneclickd
    quiet the-house make --no-print-directory -s CFG=asan house
fi
unit=$(find build/asan/tests/unit build/asan/tests/contract -name '*_test' -type f 2>/dev/null |
    while read -r b; do [ -e "${b#build/asan/}.c" ] && echo "$b"; done | sort)
e2e=$(find tests/e2e -name '*_test.py' | sort)
case $kind in
unit) programs=$unit ;;
e2e) programs=$e2e ;;
golden) programs=$(echo "$unit $e2e" | tr ' ' '\n' | while read -r p; do
    s=${p#build/asan/}; [ -e "$s.c" ] && s=$s.c
    grep -qi golden "$s" && echo "$p"; done) ;;
*) programs="$unit $e2e" ;;
esac
# shellcheck disable=SC2086
printf '%s\n' $programs | xargs -P "$jobs" -I{} bash -c 'one {}'
cat "$out"/*.tap >>"$out/tap" 2>/dev/null
passed=$(grep -c '^ok' "$out/tap")
failed=$(grep -c '^not ok' "$out/tap")
[ "$failed" = 0 ] && rm -rf "$out" || echo "logs are in $out"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
