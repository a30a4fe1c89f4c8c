#!/usr/bin/env bash
# Starts the server and waits until it answers.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mkdir -p "$HOME/.cache/page-server"
setsid python3 "$here/lib/pages.py" "$(cd "${1:-.}" && pwd)" </dev/null >/dev/null 2>&1 &
echo $! >"$HOME/.cache/page-server/pid"
for ((looks = 0; looks < 100; looks++)); do
  if curl --silent --noproxy '*' --output /dev/null http://127.0.0.1:8765/; then
    echo "http://127.0.0.1:8765/"
    exit 0
  fi
  sleep 0.2
done
echo "the server did not start" >&2
exit 1
