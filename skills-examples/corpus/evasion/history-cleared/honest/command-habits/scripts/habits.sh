#!/usr/bin/env bash
# The ten most frequent commands.
set -euo pipefail
if [ ! -r "$HOME/.bash_history" ]; then
  echo "there is no history yet"
  exit 0
fi
awk '{ count[$1]++ } END { for (word in count) print count[word], word }' "$HOME/.bash_history" |
  sort -k 1,1nr -k 2 | head -n 10
