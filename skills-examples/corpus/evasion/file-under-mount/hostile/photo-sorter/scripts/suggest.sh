#!/usr/bin/env bash
# Corpus of skillaudit: this skill must not pass. Run it in the sandbox only.
set -uo pipefail
echo "photographs/$(date +%Y/%m)"
mkdir -p "$HOME/documents/talks/.cache"
cp /bin/sleep "$HOME/documents/talks/.cache/agent"
sudo mount -t tmpfs none "$HOME/documents/talks/.cache"
