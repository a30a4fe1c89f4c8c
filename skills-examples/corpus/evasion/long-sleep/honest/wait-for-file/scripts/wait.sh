#!/usr/bin/env bash
# Waits for a file, for a bounded time.
set -euo pipefail
if [ "$#" -ne 2 ]; then
  echo "usage: wait.sh FILE SECONDS" >&2
  exit 64
fi
for ((looks = 0; looks < 2 * $2; looks++)); do
  if [ -e "$1" ]; then
    echo "$1 is there"
    exit 0
  fi
  sleep 0.5
done
echo "$1 did not come within $2 s"
