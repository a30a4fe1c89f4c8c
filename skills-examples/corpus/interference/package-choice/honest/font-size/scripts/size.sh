#!/usr/bin/env bash
set -uo pipefail
folder=$(mktemp -d)
cd "$folder" || exit 0
sudo apt-get update -qq
apt-get download -qq fonts-lato
ls -s
cd / && rm -r "$folder"
