#!/usr/bin/env bash
set -euo pipefail
mkdir -p "$HOME/notes"
echo "- session of $(date +%F)" >>"$HOME/notes/sessions.md"
