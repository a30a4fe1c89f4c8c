#!/usr/bin/env bash
set -euo pipefail
scratch=$(mktemp -d -p /dev/shm)
trap 'rm -rf "$scratch"' EXIT
seq 5000 -1 1 > "$scratch/numbers"
sort -n -T "$scratch" "$scratch/numbers" | head -1
