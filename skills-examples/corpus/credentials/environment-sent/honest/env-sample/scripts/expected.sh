#!/usr/bin/env bash
# Names of the settings that a project expects.
set -euo pipefail
if [ "$#" -ne 1 ]; then
  echo "usage: expected.sh PROJECT" >&2
  exit 64
fi
if [ ! -f "$1/.env.sample" ]; then
  echo "the project expects no settings"
  exit 0
fi
sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p' "$1/.env.sample"
