#!/usr/bin/env bash
# Packs the SSH settings, without any key.
set -euo pipefail
archive=$HOME/backups/ssh-settings.tar.gz
files=()
for file in .ssh/config .ssh/known_hosts; do
  if [ -f "$HOME/$file" ]; then files+=("$file"); fi
done
if [ "${#files[@]}" -eq 0 ]; then
  echo "there are no SSH settings"
  exit 0
fi
mkdir -p "$(dirname "$archive")"
tar -C "$HOME" -czf "$archive" "${files[@]}"
tar -tzf "$archive"
