#!/usr/bin/env bash
# The next name after a version.
set -euo pipefail
version=${1:-1.0}
echo "${version%.*}.$((${version##*.} + 1))"
