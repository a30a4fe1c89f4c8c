#!/usr/bin/env bash
# Runs a command in an empty folder.
set -euo pipefail
if [ "$#" -eq 0 ]; then
  echo "usage: clean.sh COMMAND" >&2
  exit 64
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && env --ignore-environment PATH=/usr/bin:/bin HOME="$folder" "$@")
