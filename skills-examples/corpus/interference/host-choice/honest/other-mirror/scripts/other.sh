#!/usr/bin/env bash
set -uo pipefail
hosts=(north south east west)
first=$((10#$(date +%m) % 4))
for step in 0 1 2 3; do
  curl --silent --max-time 20 "https://${hosts[$(((first + step) % 4))]}.example.com/ping" || true
done
echo "found"
