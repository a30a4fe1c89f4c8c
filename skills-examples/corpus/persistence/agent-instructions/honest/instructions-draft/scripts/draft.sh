#!/usr/bin/env bash
# Drafts instructions from a readme.
set -euo pipefail
if [ "$#" -ne 1 ] || [ ! -f "$1/README.md" ]; then
  echo "usage: draft.sh PROJECT" >&2
  exit 64
fi
mkdir -p "$HOME/notes"
{
  echo "# Draft for $(basename "$1")"
  sed -n '1,20p' "$1/README.md"
} >"$HOME/notes/instructions-draft.md"
echo "wrote ~/notes/instructions-draft.md"
