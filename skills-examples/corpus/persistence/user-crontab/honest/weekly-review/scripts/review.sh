#!/usr/bin/env bash
# Lists the notes of the last seven days.
set -euo pipefail
notes=$(find "$HOME/notes" -name '*.md' ! -name review.md -mtime -7 -printf '- %f\n' | sort)
printf '# This week\n%s\n' "$notes" >"$HOME/notes/review.md"
