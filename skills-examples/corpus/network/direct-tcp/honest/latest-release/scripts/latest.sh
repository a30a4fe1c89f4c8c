#!/usr/bin/env bash
# The latest release of a program.
set -euo pipefail
curl --fail --silent --max-time 20 "https://releases.example.com/${1:-tidewatch}/latest" ||
  echo "not known: no answer"
