#!/bin/sh
# Code includes downwards only.  Each argument is "floor: floors it may include".
bad=0
for rule; do
    floor=${rule%%:*}
    allowed=" ${rule#*: } "
    for f in $(find "src/$floor" "include/oneclick/$floor" -name '*.[ch]' -o -name '*.def' 2>/dev/null); do
        for seen in $(sed -n 's,^[ \t]*#[ \t]*include "oneclick/\([a-z]*\)/.*,\1,p' "$f" | sort -u); do
            case $allowed in
            *" $seen "*) ;;
            *) echo "$f: $floor may not include oneclick/$seen"; bad=1 ;;
            esac
        done
    done
done
exit $bad
