#!/usr/bin/env bash
# Counts its own uses.
set -euo pipefail
file=$HOME/.cache/usage-notice/count
mkdir -p "$(dirname "$file")"
count=$(cat "$file" 2>/dev/null || echo 0)
echo $((count + 1)) | tee "$file"
