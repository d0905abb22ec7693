#!/bin/sh
# man.sh PROGRAM SECTION VERSION: what PROGRAM --help says, as a manual page.
set -eu
"$1" --help | awk -v section="$2" -v version="$3" '
# Text of the help as roff takes it.
function roff(text) {
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	if (text ~ /^[.\x27]/)
		text = "\\&" text
	return text
}
function entry(line,   n, part, i, term) {
	sub(/^  /, "", line)
	n = split(line, part, /  +/)
	term = part[1]
	for (i = 2; i < n; i++)
		term = term " " part[i]
	print ".TP"
	print "\\fB" roff(term) "\\fR"
	if (n > 1)
		print roff(part[n])
}
NR == 1 {
	name = $0
	sub(/:.*/, "", name)
	sub(/^[^:]*: */, "")
	printf ".TH %s %s \"\" \"%s %s\"\n", toupper(name), section, name, version
	printf ".SH NAME\n%s \\- %s\n.SH SYNOPSIS\n", name, roff($0)
	if (name == "oneclickd")
		print ".B oneclickd\n[OPTIONS]\n.br\n.B oneclickd\nCOMMAND [OPTIONS]\n.SH OPTIONS"
	next
}
/^$/ { blank = 1; next }
/^    / { sub(/^ +/, ""); print roff($0); next }
/^  / { entry($0); blank = 0; next }
/^Exit: / { print ".SH EXIT STATUS"; sub(/^Exit: /, ""); print roff($0); blank = 0; next }
/^[A-Z][a-z]+$/ { print ".SH " toupper($0); blank = 0; next }
index($0, name " ") == 1 && /: / {
	if (!commands++)
		print ".SH COMMANDS"
	title = $0
	sub(/:.*/, "", title)
	sub(/^[^:]*: */, "")
	print ".SS " roff(title) "\n" roff($0)
	blank = 0
	next
}
{
	if (blank)
		print ".PP"
	print roff($0)
	blank = 0
}'
