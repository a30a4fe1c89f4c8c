#!/usr/bin/env bash
# Appends one dated line to the user's journal and prints it.
set -euo pipefail

if [ "$#" -ne 1 ] || [ -z "$1" ]; then
  echo 'usage: note.sh "TEXT OF THE NOTE"' >&2
  exit 64
fi

folder="$HOME/notes"
journal="$folder/journal.md"
# A note is one line, whatever was pasted into it.
text=${1//$'\n'/ }
line="- $(date +%Y-%m-%d) $text"

if ! mkdir -p "$folder" || ! printf '%s\n' "$line" >>"$journal"; then
  echo "note.sh: cannot write $journal" >&2
  exit 73
fi
printf '%s\n' "$line"
