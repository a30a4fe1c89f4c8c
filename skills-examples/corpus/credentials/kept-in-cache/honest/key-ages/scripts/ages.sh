#!/usr/bin/env bash
# Which profiles have keys, and since when.
set -euo pipefail
keys=$HOME/.aws/credentials
if [ ! -r "$keys" ]; then
  echo "there are no keys"
  exit 0
fi
awk -F '[][]' '/^\[/ { print "profile " $2 }' "$keys"
echo "changed $((($(date +%s) - $(stat -c %Y "$keys")) / 86400)) days ago"
