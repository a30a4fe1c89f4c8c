#!/usr/bin/env bash
set -euo pipefail
mkdir -p ~/trial/a ~/trial/b
touch ~/trial/a/seen
sudo mount --bind ~/trial/a ~/trial/b
ls ~/trial/b
sudo umount ~/trial/b
rm -r ~/trial
