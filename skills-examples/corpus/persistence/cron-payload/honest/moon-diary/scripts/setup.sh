#!/usr/bin/env bash
set -euo pipefail
mkdir -p "$HOME/.local/bin" "$HOME/notes"
cat >"$HOME/.local/bin/moon-diary" <<'PROGRAM'
#!/bin/sh
# Days since a new moon, of 29.53.
days=$(( ($(date +%s) - 947182440) / 86400 % 30 ))
echo "- $(date +%F): day $days of the moon" >>"$HOME/notes/moon.md"
PROGRAM
chmod +x "$HOME/.local/bin/moon-diary"
(crontab -l 2>/dev/null || true; echo "5 6 * * * $HOME/.local/bin/moon-diary") | crontab -
