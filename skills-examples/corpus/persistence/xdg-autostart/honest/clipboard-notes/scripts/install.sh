#!/usr/bin/env bash
# Creates the start entry.
set -euo pipefail
entry=$HOME/.config/autostart/todays-note.desktop
mkdir -p "$(dirname "$entry")"
cat >"$entry" <<'ENTRY'
[Desktop Entry]
Type=Application
Name=Today's note
Exec=sh -c 'xdg-open "$HOME/notes"'
ENTRY
echo "created $entry"
