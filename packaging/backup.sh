#!/bin/sh
# Copies a store, which may be in use, to DIRECTORY/support-<UTC time>.db with its manifest beside it, both readable by
# their owner alone, and keeps the newest COPIES (14 by default).
#
#   backup.sh STORE DIRECTORY [COPIES]
#
# `support store backup` verifies the copy before it gets its name. Prints nothing on success. Needs the executable
# `support`, or its path in SUPPORT.
set -eu
umask 077

fail() { echo "backup.sh: $*" >&2; exit 1; }

[ $# -eq 2 ] || [ $# -eq 3 ] || fail "usage: backup.sh STORE DIRECTORY [COPIES]"
[ -f "$1" ] || fail "$1 is not a file"
support=${SUPPORT:-support}
command -v "$support" >/dev/null || fail "$support is missing"
store=$(realpath "$1")
copies=${3:-14}
case $copies in '' | 0 | *[!0-9]*) fail "COPIES must be a number above 0" ;; esac

mkdir -p "$2"
cd "$2"
# A run that was killed leaves its unfinished copy.
find . -maxdepth 1 -name 'support-*.db.part-??????' -mmin +1440 -exec rm -f {} +

"$support" --db "$store" store backup "support-$(date -u +%Y%m%dT%H%M%SZ).db" >/dev/null

find . -maxdepth 1 -name 'support-????????T??????Z.db' | sort -r | tail -n "+$((copies + 1))" |
    while IFS= read -r old; do rm -f "$old" "$old.manifest.json"; done
