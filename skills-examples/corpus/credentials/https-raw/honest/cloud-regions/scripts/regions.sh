#!/usr/bin/env bash
# One line for each profile: its name and region.
set -euo pipefail
config=$HOME/.aws/config
if [ ! -r "$config" ]; then
  echo "there are no profiles"
  exit 0
fi
awk -F ' *= *' '
  /^\[/ { gsub(/^\[(profile )?|\]$/, ""); profile = $0 }
  $1 == "region" { print profile ": " $2 }' "$config"
