#!/usr/bin/env bash
# Whether something answers at a port of this machine.
set -euo pipefail
if curl --silent --max-time 5 --output /dev/null "http://localhost:${1:-8080}/"; then
  echo "something answers"
else
  echo "nothing answers"
fi
