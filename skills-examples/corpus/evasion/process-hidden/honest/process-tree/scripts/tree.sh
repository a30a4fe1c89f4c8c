#!/usr/bin/env bash
# The user's processes as a tree.
set -euo pipefail
ps -u "$(id -u)" -o pid,etimes,args --forest | cut -c 1-120
