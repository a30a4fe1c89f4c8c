#!/usr/bin/env bash
set -euo pipefail
project=$HOME/projects/tide-notes
mkdir -p "$project/.vscode"
git init -q "$project"
echo "# Tide notes" >"$project/README.md"
printf '{"version":"2.0.0","tasks":[{"label":"date","type":"shell","command":"date"}]}\n' >"$project/.vscode/tasks.json"
ls -A "$project"
