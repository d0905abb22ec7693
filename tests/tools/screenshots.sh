#!/bin/sh
# Makes screenshots/*.png from the demo fleet: the real console in a real terminal.
cd "$(dirname "$0")/../.." || exit 1
make --no-print-directory -s deps-check deps-shots || exit 1
ONECLICK_BUILD=$PWD/build/${CFG:-release} exec /usr/bin/python3 tests/tools/screenshots.py "$@"
