#!/usr/bin/env bash
# Files that are not as their package brought them.
set -euo pipefail
for package in "$@"; do
  differing=$(dpkg --verify "$package" || true)
  echo "$package: ${differing:-as it came}"
done
