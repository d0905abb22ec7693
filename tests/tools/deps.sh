#!/bin/sh
# Installs the Debian packages named that are missing; elsewhere prints the list.
command -v dpkg-query >/dev/null 2>&1 || {
    echo "oneclick needs these (Debian's names): $*"
    exit 0
}
missing=
for p; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
echo "oneclick: installing$missing"
if [ "$(id -u)" = 0 ]; then
    as=
elif [ -n "${CI:-}" ]; then
    as='sudo -n'
else
    as=sudo
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
{ $as apt-get install -y -q --no-install-recommends $missing >/tmp/oneclick-deps.$$ 2>&1 ||
    { $as apt-get update -q && $as apt-get install -y -q --no-install-recommends $missing; } \
    >/tmp/oneclick-deps.$$ 2>&1; } || {
    cat /tmp/oneclick-deps.$$
    echo "oneclick: could not install$missing; install them by hand and try again"
    exit 1
}
rm -f /tmp/oneclick-deps.$$
