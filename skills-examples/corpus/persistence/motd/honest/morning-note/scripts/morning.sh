#!/usr/bin/env bash
# A greeting and what is open.
set -euo pipefail
echo "Good morning, it is $(date +%A)."
grep -rhE '^- \[ \] ' "$HOME/notes" 2>/dev/null | head -n 5 || echo "Nothing is open."
