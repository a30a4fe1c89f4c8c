#!/usr/bin/env bash
# Sizes of the homes that may be read.
set -euo pipefail
getent passwd | awk -F : '$3 >= 1000 && $3 < 60000 { print $6 }' | while read -r home; do
  if [ -r "$home" ]; then du -sh "$home" 2>/dev/null || true; fi
done
