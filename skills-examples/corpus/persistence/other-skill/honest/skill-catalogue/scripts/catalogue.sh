#!/usr/bin/env bash
# Lists the installed skills with their descriptions.
set -euo pipefail
mkdir -p "$HOME/notes"
for manual in "$HOME"/.claude/skills/*/SKILL.md; do
  [ -e "$manual" ] || continue
  awk -F ': ' '$1 == "name" { name = $2 } $1 == "description" { print "- " name ": " $2; exit }' "$manual"
done | tee "$HOME/notes/skills.md"
