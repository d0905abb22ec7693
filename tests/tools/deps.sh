#!/bin/bash
# Installs the Debian packages named that are missing, apt-get's own lines being the
# progress; who may not is told the one line to paste, and elsewhere than on Debian the list
# is printed.
set -u
command -v dpkg-query >/dev/null 2>&1 || {
    echo "oneclick needs these (Debian's names): $*"
    exit 0
}

missing=()
for package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
        missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as=()
[ "$(id -u)" = 0 ] || as=(sudo)
# Nobody is there to type a password where there is no terminal.
[ "$(id -u)" = 0 ] || { [ -t 0 ] && [ -z "${CI:-}" ]; } || as=(sudo -n)

give_up() {
    cat >&2 <<END
oneclick: $1. As root, say

    apt-get update && apt-get install -y --no-install-recommends ${missing[*]}

and then the same command as before.
END
    exit 1
}

update() { "${as[@]}" apt-get update -q; }
install() {
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
        --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}"
}

# Debian starts a daemon as soon as its package is there, unless /usr/sbin/policy-rc.d says
# otherwise. The tests run their own, on free ports, so what came just now is put to rest.
put_to_rest() {
    local daemon
    for daemon in mosquitto prometheus nginx haproxy; do
        [[ " ${missing[*]} " == *" $daemon "* ]] || continue
        service "$daemon" status >/dev/null 2>&1 || continue
        "${as[@]}" service "$daemon" stop
        [ -d /run/systemd/system ] && "${as[@]}" systemctl --quiet disable "$daemon"
        echo "oneclick: stopped $daemon, which Debian had just started; to have it again:" \
            "systemctl enable --now $daemon"
    done
}

[ ${#as[@]} = 0 ] || "${as[@]}" true 2>/dev/null ||
    give_up "these packages are missing, and installing them takes root or sudo"
echo "oneclick: installing ${missing[*]}"
# The lists of a fresh machine are empty, those of an old one name versions that are gone.
apt-get install -s "${missing[@]}" >/dev/null 2>&1 || update
install || { update && install; } || give_up "the packages could not be installed"
put_to_rest
