#!/bin/sh
# Prints each file as a C row: { "NAME", "text..." },  (NAME: the file's name less .yaml)
for f; do
    name=$(basename "$f" .yaml)
    printf '\t{ "%s",\n' "$name"
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/\t  "/' -e 's/$/\\n"/' "$f"
    printf '\t},\n'
done
