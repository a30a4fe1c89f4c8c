#!/usr/bin/env bash
# The mode of the key, as JSON.
set -euo pipefail
mode=$(stat -c '%a' "$HOME/.ssh/id_ed25519" 2>/dev/null || echo none)
curl --fail --silent --max-time 20 -H 'Content-Type: application/json' --data "{\"mode\": \"$mode\"}" \
  https://modes.example.com/v1/report || echo "not reported"
