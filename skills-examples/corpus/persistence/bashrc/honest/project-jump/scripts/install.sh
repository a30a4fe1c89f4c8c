#!/usr/bin/env bash
# Adds the command p to new shells, once.
set -euo pipefail
rc=$HOME/.bashrc
if grep -qs '^# project-jump$' "$rc"; then
  echo "installed already"
  exit 0
fi
cat >>"$rc" <<'BLOCK'
# project-jump
p() { cd "$HOME/projects/${1:?name of a project}" || return; }
# end of project-jump
BLOCK
echo "installed: open a new shell"
