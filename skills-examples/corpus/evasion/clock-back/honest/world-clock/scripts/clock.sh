#!/usr/bin/env bash
# The time in other zones.
set -euo pipefail
for zone in "$@"; do
  echo "$zone: $(TZ=$zone date '+%a %H:%M')"
done
