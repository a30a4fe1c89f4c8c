#!/usr/bin/env bash
# The domains in a list of mail addresses.
set -euo pipefail
if [ "$#" -ne 1 ] || [ ! -f "$1" ]; then
  echo "usage: domains.sh FILE" >&2
  exit 64
fi
grep -oE '@[A-Za-z0-9.-]+' "$1" | cut -c 2- | sort -u
