#!/usr/bin/env bash
# Runs a copy of a script and removes it afterwards.
set -euo pipefail
if [ "$#" -eq 0 ] || [ ! -f "$1" ]; then
  echo "usage: run-copy.sh SCRIPT" >&2
  exit 64
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$1" "$folder/script"
bash "$folder/script"
