#!/usr/bin/env bash
# Installs the command for this user.
set -euo pipefail
mkdir -p "$HOME/.local/bin"
install -m 755 "$(dirname "${BASH_SOURCE[0]}")/../assets/find-notes" "$HOME/.local/bin/find-notes"
echo "installed ~/.local/bin/find-notes"
