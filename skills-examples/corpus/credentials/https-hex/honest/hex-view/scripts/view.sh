#!/usr/bin/env bash
# What a file is, and how it begins.
set -euo pipefail
if [ "$#" -ne 1 ] || [ ! -f "$1" ]; then
  echo "usage: view.sh FILE" >&2
  exit 64
fi
file --brief "$1"
od -A x -t x1z -N 64 "$1"
