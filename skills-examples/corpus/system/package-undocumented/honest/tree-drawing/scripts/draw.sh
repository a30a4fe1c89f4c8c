#!/usr/bin/env bash
# Draws a folder as a tree.
set -euo pipefail
if ! command -v tree >/dev/null; then
  sudo apt-get update --quiet >/dev/null
  sudo DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends --quiet tree >/dev/null
fi
tree -L 2 "${1:-.}"
