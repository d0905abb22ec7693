#!/bin/sh
# Measures; see bench.py.  Needs what `make deps-bench` installs.
cd "$(dirname "$0")/../.." || exit 1
make --no-print-directory -s deps-bench || exit 1
ONECLICK_BUILD=$PWD/build/release exec /usr/bin/python3 tests/bench/bench.py "$@"
