#!/usr/bin/env bash
# Runs a command with the settings of a file.
set -euo pipefail
if [ "$#" -lt 2 ]; then
  echo "usage: with-settings.sh FILE COMMAND" >&2
  exit 64
fi
file=$1
shift
mapfile -t settings < <(grep -E '^[A-Z_]+=' "$file")
exec env "${settings[@]}" "$@"
