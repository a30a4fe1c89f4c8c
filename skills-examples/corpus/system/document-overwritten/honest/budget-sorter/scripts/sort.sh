#!/usr/bin/env bash
# Sorts the budget and keeps the old one.
set -euo pipefail
budget=$HOME/documents/budget-2024.csv
if [ ! -f "$budget" ]; then
  echo "there is no budget"
  exit 0
fi
cp "$budget" "$budget.bak"
{
  head -n 1 "$budget.bak"
  tail -n +2 "$budget.bak" | sort
} >"$budget"
echo "$(($(wc -l <"$budget") - 1)) rows sorted"
