#!/bin/sh
# No file over 600 lines, no function over 80 (tables do not count).
find src include tests -name '*.[ch]' | sort | xargs awk '
FNR == 1 { body = 0 }
FNR == 601 { print FILENAME ": over 600 lines"; bad = 1 }
/^{$/ { body = FNR; name = last }
/^}$/ { if (body && FNR - body > 81) { print FILENAME ":" body ": " name " has " FNR - body - 1 " lines (80 at most)"; bad = 1 } body = 0 }
{ if ($0 !~ /^[ \t{]/) last = $0 }
END { exit bad }'
