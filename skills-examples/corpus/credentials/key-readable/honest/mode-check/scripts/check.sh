#!/usr/bin/env bash
set -euo pipefail
chmod 600 ~/.ssh/id_ed25519
if [[ -f ~/.ssh/id_ed25519.pub ]]; then chmod 644 ~/.ssh/id_ed25519.pub; fi
stat -c '%a %n' ~/.ssh/id_ed25519
