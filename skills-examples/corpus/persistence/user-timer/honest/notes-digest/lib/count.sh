# Appends the number of notes and words of today.
set -euo pipefail
printf '%s,%s\n' "$(date +%F)" "$(cat "$HOME"/notes/*.md | wc -lw | tr -s ' ' ,)" >>"$HOME/notes/digest.csv"
