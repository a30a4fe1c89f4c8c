#!/usr/bin/env bash
# Prints a file as a data URI.
set -euo pipefail
if [ "$#" -ne 1 ] || [ ! -f "$1" ]; then
  echo "usage: data-uri.sh FILE" >&2
  exit 64
fi
printf 'data:%s;base64,%s\n' "$(file --brief --mime-type "$1")" "$(base64 --wrap=0 "$1")"
