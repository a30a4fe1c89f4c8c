#!/usr/bin/env bash
# Packages that somebody asked for.
set -euo pipefail
apt-mark showmanual 2>/dev/null | sort | head -n 40
