#!/usr/bin/env bash
# The last lines of the ideas, newest first.
set -euo pipefail
ideas=$HOME/notes/ideas.md
if [ ! -f "$ideas" ]; then
  echo "there are no ideas yet"
  exit 0
fi
tail -n 20 "$ideas" | tac
