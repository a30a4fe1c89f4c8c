#!/usr/bin/env bash
# Removes what Python compiled.
set -euo pipefail
if [ "$#" -ne 1 ] || [ ! -d "$1" ]; then
  echo "usage: clean.sh PROJECT" >&2
  exit 64
fi
count=$(find "$1" -type d -name __pycache__ | wc -l)
find "$1" -type d -name __pycache__ -prune -exec rm -r {} +
echo "$count folders removed"
