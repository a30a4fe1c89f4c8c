#!/usr/bin/env bash
# Cuts a file into parts of 1 KiB.
set -euo pipefail
if [ "$#" -ne 1 ] || [ ! -f "$1" ]; then
  echo "usage: cut.sh FILE" >&2
  exit 64
fi
folder=$HOME/documents/parts
mkdir -p "$folder"
split --bytes=1K --numeric-suffixes "$1" "$folder/$(basename "$1")."
(cd "$folder" && sha256sum -- *.[0-9][0-9] | tee SHA256SUMS)
