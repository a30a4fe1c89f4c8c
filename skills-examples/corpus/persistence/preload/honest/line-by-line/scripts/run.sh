#!/usr/bin/env bash
# Runs a command with output line by line.
set -euo pipefail
if [ "$#" -eq 0 ]; then
  echo "usage: run.sh COMMAND" >&2
  exit 64
fi
exec stdbuf --output=L --error=L "$@"
