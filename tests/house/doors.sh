#!/bin/sh
# Each foreign library is included in one room only.
bad=0
door() { # HEADER-PATTERN ROOM...
    pattern=$1; shift
    for f in $(grep -lE "^[ \t]*#[ \t]*include <($pattern)" -r src include); do
        ok=
        for room; do case $f in "$room"*) ok=1 ;; esac; done
        [ -n "$ok" ] || { echo "$f: <$pattern> may be included in $* only"; bad=1; }
    done
}
door 'uv\.h' src/base/
door 'openssl/' src/base/ src/net/mqtt_tls.c
door 'utf8proc\.h' src/base/
door 'json-c/|json\.h' src/data/
door 'yaml\.h' src/data/
door 'pcre2\.h' src/data/
door 'curl/' src/net/
door 'mosquitto\.h' src/net/
door 'gnutls/' src/net/
door 'ncurses|curses\.h|term\.h' src/ui/
door 'sqlite3\.h' src/store/sqlite/
exit $bad
