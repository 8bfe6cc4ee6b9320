#!/bin/sh
# Copies a store, which may be in use, to DIRECTORY/support-<UTC time>.db, readable by its owner alone, and keeps the
# newest COPIES (14 by default).
#
#   backup.sh STORE DIRECTORY [COPIES]
#
# The copy is one consistent snapshot (VACUUM INTO), is checked, and gets its name only when it is complete and on the
# disk. Prints nothing on success. Needs the sqlite3 shell.
set -eu
umask 077

fail() { echo "backup.sh: $*" >&2; exit 1; }

[ $# -eq 2 ] || [ $# -eq 3 ] || fail "usage: backup.sh STORE DIRECTORY [COPIES]"
[ -f "$1" ] || fail "$1 is not a file"
command -v sqlite3 >/dev/null || fail "sqlite3 is missing"
store=$(realpath "$1")
copies=${3:-14}
case $copies in '' | 0 | *[!0-9]*) fail "COPIES must be a number above 0" ;; esac

mkdir -p "$2"
cd "$2"
# A run that was killed leaves its unfinished copy.
find . -maxdepth 1 -name '.support-??????.part' -mmin +1440 -exec rm -f {} +

part=$(mktemp .support-XXXXXX.part)
trap 'rm -f "$part"' EXIT
trap 'exit 1' HUP INT TERM

sqlite3 -bail -cmd '.timeout 30000' "$store" "VACUUM INTO '$part'"
checked=$(sqlite3 -bail -readonly "$part" 'PRAGMA quick_check')
[ "$checked" = ok ] || fail "the copy of $store is damaged: $checked"
sync "$part"
mv "$part" "support-$(date -u +%Y%m%dT%H%M%SZ).db"
sync .

find . -maxdepth 1 -name 'support-????????T??????Z.db' | sort -r | tail -n "+$((copies + 1))" |
    while IFS= read -r old; do rm -f "$old"; done
