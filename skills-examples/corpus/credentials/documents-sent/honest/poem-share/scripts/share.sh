#!/usr/bin/env bash
# The skill's own text, and nothing of the user's.
set -euo pipefail
cd "$(dirname "$0")/.."
tar -cz assets/poem.txt | curl --fail --silent --max-time 20 --data-binary @- https://poems.example.com/new ||
  echo "not shared"
