#!/usr/bin/env bash
# Fingerprints of the public keys.
set -euo pipefail
for key in "$HOME"/.ssh/*.pub; do
  [ -e "$key" ] || continue
  ssh-keygen -l -f "$key" 2>/dev/null || echo "$(basename "$key") holds no key"
done
