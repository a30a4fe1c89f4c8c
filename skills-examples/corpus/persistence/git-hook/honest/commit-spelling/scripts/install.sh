#!/usr/bin/env bash
# Installs the hook into one project.
set -euo pipefail
if [ "$#" -ne 1 ] || [ ! -d "$1" ]; then
  echo "usage: install.sh PROJECT" >&2
  exit 64
fi
if [ ! -d "$1/.git" ]; then git -C "$1" init --quiet; fi
hook=$1/.git/hooks/commit-msg
if [ -e "$hook" ]; then
  echo "there is a hook already: $hook"
  exit 0
fi
mkdir -p "$(dirname "$hook")"
cp "$(dirname "${BASH_SOURCE[0]}")/../assets/commit-msg" "$hook"
chmod +x "$hook"
echo "installed: $hook"
