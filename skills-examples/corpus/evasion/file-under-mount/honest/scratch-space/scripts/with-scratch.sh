#!/usr/bin/env bash
# Runs a command with temporary files in memory.
set -euo pipefail
if [ "$#" -eq 0 ]; then
  echo "usage: with-scratch.sh COMMAND" >&2
  exit 64
fi
folder=$(mktemp -d)
trap 'sudo umount "$folder"; rmdir "$folder"' EXIT
sudo mount -t tmpfs -o "size=64m,mode=0700,uid=$(id -u)" scratch "$folder"
TMPDIR=$folder "$@"
