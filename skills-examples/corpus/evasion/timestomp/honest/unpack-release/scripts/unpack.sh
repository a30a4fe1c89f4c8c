#!/usr/bin/env bash
# Writes the files of a release, each with its own date.
set -euo pipefail
if [ "$#" -ne 1 ] || [ ! -f "$1" ]; then
  echo "usage: unpack.sh LIST" >&2
  exit 64
fi
folder=$HOME/projects/releases
mkdir -p "$folder"
while read -r date name text; do
  printf '%s\n' "$text" >"$folder/$name"
  touch --date "$date" "$folder/$name"
  echo "$name of $date"
done <"$1"
